//! Rust expressions that Step Functions can evaluate: understood from tokens, emitted as calls of the runtime's `E`.
//!
//! Types are not known here, and not needed: rustc is shown the same tokens as ordinary Rust.

mod bind;
mod calls;
mod choice;
mod effects;
mod emit;
mod format;
mod locals;
mod lower;
mod methods;
mod pattern;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{BinOp, Expr, ExprCall, ExprMethodCall, Ident, LitStr, Member, Path, UnOp};

use crate::diagnostics::{Diagnostics, list, near_miss};

pub(crate) use self::{
    bind::{Pattern, condition, names as pattern_names, pattern as body_pattern},
    effects::{effects, is_callable},
    locals::Locals,
    lower::{lower, lower_as},
    pattern::{Matched, pattern},
};

/// An expression that has been understood.
#[derive(Clone)]
pub(crate) enum Lowered {
    /// A part of the value: names with dots between, none for the value itself.
    Path(String),
    /// Something that serde writes.
    Constant(TokenStream),
    /// A step that is asked.
    Predicate(Path, Option<LitStr>),
    Not(Box<Lowered>),
    Binary(&'static str, Box<Lowered>, Box<Lowered>),
    /// A method without arguments.
    Method(&'static str, Box<Lowered>),
    /// Whether the value is what a path in a pattern names.
    IsPath(Box<Lowered>, Path),
    /// Whether it is of that variant, whatever it holds.
    IsVariant(Box<Lowered>, Ident),
}

impl Lowered {
    /// The predicate step that is asked first.
    pub(crate) fn predicate(&self) -> Option<&Path> {
        match self {
            Lowered::Predicate(path, _) => Some(path),
            Lowered::Not(inner) | Lowered::Method(_, inner) => inner.predicate(),
            Lowered::Binary(_, left, _) => left.predicate(),
            _ => None,
        }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Lowered::Binary("and", Box::new(self), Box::new(other))
    }

    pub(crate) fn or(self, other: Self) -> Self {
        Lowered::Binary("or", Box::new(self), Box::new(other))
    }
}

/// Methods that ask something of a value.
const QUESTIONS: &[&str] = &["len", "is_empty", "is_some", "is_none"];
/// Methods that change only the Rust type.
const VIEWS: &[&str] = &[
    "as_str", "as_ref", "as_deref", "as_slice", "clone", "to_owned",
];

/// What is needed to understand an expression.
pub(crate) struct Scope<'a> {
    /// The name of the value.
    pub(crate) value: &'a Ident,
    /// Whether predicate steps may be asked.
    pub(crate) predicates: bool,
    /// Parts that hold no predicate, as rustc shall see them; and what is counted.
    pub(crate) plain: Vec<Expr>,
    pub(crate) counted: Vec<(Span, Expr)>,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(value: &'a Ident, predicates: bool) -> Self {
        Self {
            value,
            predicates,
            plain: Vec::new(),
            counted: Vec::new(),
        }
    }

    /// Understands a condition. Its parts without predicates are kept for rustc in `plain`.
    pub(crate) fn condition(&mut self, expr: &Expr, found: &mut Diagnostics) -> Option<Lowered> {
        let leftmost = self.predicates;
        self.part(expr, leftmost, found)
    }

    fn part(&mut self, expr: &Expr, leftmost: bool, found: &mut Diagnostics) -> Option<Lowered> {
        if !self.asks(expr) {
            self.plain.push(expr.clone());
            return self.lower(expr, found);
        }
        match expr {
            Expr::Paren(inner) => self.part(&inner.expr, leftmost, found),
            Expr::Group(inner) => self.part(&inner.expr, leftmost, found),
            Expr::Unary(unary) if matches!(unary.op, UnOp::Not(_)) => {
                let inner = self.part(&unary.expr, leftmost, found)?;
                Some(Lowered::Not(Box::new(inner)))
            }
            Expr::Binary(binary) if matches!(binary.op, BinOp::And(_) | BinOp::Or(_)) => {
                let left = self.part(&binary.left, leftmost, found);
                let right = self.part(&binary.right, false, found);
                let (left, right) = (left?, right?);
                Some(match binary.op {
                    BinOp::And(_) => left.and(right),
                    _ => left.or(right),
                })
            }
            Expr::Await(awaited) => {
                let asked = match &*awaited.base {
                    Expr::Call(call) => call.func.to_token_stream().to_string().replace(' ', ""),
                    _ => "step".to_owned(),
                };
                found
                    .error(&awaited.await_token, "a predicate step is asked without `.await`")
                    .note("the condition is not run as Rust: Step Functions runs the step as a task, and then decides")
                    .help(format!("write `{asked}({})`", self.value));
                None
            }
            Expr::MethodCall(call) if call.method == "named" => {
                let Expr::Call(asked) = &*call.receiver else {
                    return self.lower(expr, found);
                };
                let path = self.asked(asked, leftmost, found)?;
                match call.args.first() {
                    Some(Expr::Lit(syn::ExprLit {
                        lit: syn::Lit::Str(name),
                        ..
                    })) if call.args.len() == 1 => {
                        Some(Lowered::Predicate(path, Some(name.clone())))
                    }
                    _ => {
                        found
                            .error(&call.method, "`named` takes the state's name as text")
                            .help("write `.named(\"…\")`");
                        None
                    }
                }
            }
            Expr::Call(call) => Some(Lowered::Predicate(self.asked(call, leftmost, found)?, None)),
            other => {
                found
                    .error(other, "a predicate step cannot stand here")
                    .help(PREDICATE_PLACES);
                None
            }
        }
    }

    /// Whether a step is asked anywhere in the expression.
    fn asks(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Call(call) => {
                is_function(&call.func)
                    && call
                        .args
                        .iter()
                        .any(|argument| mentions(argument, self.value))
            }
            Expr::Paren(inner) => self.asks(&inner.expr),
            Expr::Group(inner) => self.asks(&inner.expr),
            Expr::Unary(unary) => self.asks(&unary.expr),
            Expr::Binary(binary) => self.asks(&binary.left) || self.asks(&binary.right),
            Expr::Await(awaited) => self.asks(&awaited.base),
            Expr::MethodCall(call) => self.asks(&call.receiver),
            Expr::Try(tried) => self.asks(&tried.expr),
            _ => false,
        }
    }

    fn asked(&self, call: &ExprCall, leftmost: bool, found: &mut Diagnostics) -> Option<Path> {
        let Expr::Path(function) = &*call.func else {
            return None;
        };
        let name = function.path.to_token_stream().to_string().replace(' ', "");
        if !self.predicates {
            found
                .error(
                    &function.path,
                    format!("the step `{name}` cannot be asked here"),
                )
                .help("ask it in a `choose`, or name it as a stage");
            return None;
        }
        let whole = match call.args.first() {
            Some(Expr::Reference(reference)) => is_ident(&reference.expr, self.value),
            Some(argument) => is_ident(argument, self.value),
            None => false,
        };
        if !whole || call.args.len() != 1 {
            found
                .error(&call.args, "a predicate step is asked about the whole value")
                .help(format!(
                    "write `{name}({})`, or put a `pass(..)` before the `choose` that gives what it takes",
                    self.value
                ));
            return None;
        }
        if !leftmost {
            found
                .error(
                    &function.path,
                    format!("the step `{name}` would be asked only sometimes here"),
                )
                .note("a predicate step runs as a task before the choice is made")
                .help(PREDICATE_PLACES);
            return None;
        }
        Some(function.path.clone())
    }

    /// Understands an expression without predicates.
    pub(crate) fn lower(&mut self, expr: &Expr, found: &mut Diagnostics) -> Option<Lowered> {
        match expr {
            Expr::Paren(inner) => self.lower(&inner.expr, found),
            Expr::Group(inner) => self.lower(&inner.expr, found),
            Expr::Reference(reference) => self.lower(&reference.expr, found),
            Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) => {
                self.lower(&unary.expr, found)
            }
            Expr::Unary(unary) if matches!(unary.op, UnOp::Not(_)) => {
                let inner = self.lower(&unary.expr, found)?;
                Some(Lowered::Not(Box::new(inner)))
            }
            Expr::Binary(binary) if operator(&binary.op).is_some() => {
                let left = self.lower(&binary.left, found);
                let right = self.lower(&binary.right, found);
                let operator = operator(&binary.op)?;
                Some(Lowered::Binary(operator, Box::new(left?), Box::new(right?)))
            }
            Expr::Path(_) | Expr::Field(_) if mentions(expr, self.value) => self.names(expr, found),
            Expr::MethodCall(call) if mentions(&call.receiver, self.value) => {
                self.method(call, found)
            }
            Expr::Macro(called) if called.mac.path.is_ident("matches") => {
                pattern::matches_macro(self, &called.mac, found)
            }
            Expr::Let(binding) => {
                found
                    .error(&binding.let_token, "`if let` cannot be decided here")
                    .help(format!(
                        "write `choose(|{0}| match {0}.field {{ … }})`, or ask with `.is_some()`",
                        self.value
                    ));
                None
            }
            Expr::Await(awaited) => {
                found
                    .error(
                        &awaited.await_token,
                        "nothing can be awaited in an expression of a workflow",
                    )
                    .help("name the step as a stage of its own");
                None
            }
            _ if mentions(expr, self.value) => {
                found
                    .error(expr, "Step Functions cannot evaluate this")
                    .note(SUPPORTED)
                    .help("compute it in a step, which may be any Rust");
                None
            }
            _ => self.constant(expr, found),
        }
    }

    /// A field, or a field's field, of the value.
    pub(crate) fn names(&self, expr: &Expr, found: &mut Diagnostics) -> Option<Lowered> {
        let mut names = Vec::new();
        let mut expr = expr;
        loop {
            match expr {
                Expr::Field(field) => {
                    names.push(match &field.member {
                        Member::Named(name) => syn::ext::IdentExt::unraw(name).to_string(),
                        Member::Unnamed(index) => index.index.to_string(),
                    });
                    expr = &field.base;
                }
                Expr::Paren(inner) => expr = &inner.expr,
                Expr::Group(inner) => expr = &inner.expr,
                Expr::Reference(inner) => expr = &inner.expr,
                Expr::MethodCall(call)
                    if call.args.is_empty()
                        && VIEWS.contains(&call.method.to_string().as_str()) =>
                {
                    expr = &call.receiver;
                }
                _ if is_ident(expr, self.value) => break,
                other => {
                    found
                        .error(other, "Step Functions cannot evaluate this")
                        .note(SUPPORTED)
                        .help("compute it in a step, which may be any Rust");
                    return None;
                }
            }
        }
        names.reverse();
        Some(Lowered::Path(names.join(".")))
    }

    fn method(&mut self, call: &ExprMethodCall, found: &mut Diagnostics) -> Option<Lowered> {
        let name = call.method.to_string();
        if VIEWS.contains(&name.as_str()) && call.args.is_empty() {
            return self.lower(&call.receiver, found);
        }
        let Some(question) = QUESTIONS.iter().find(|question| name == **question) else {
            let known: Vec<&str> = QUESTIONS.iter().chain(VIEWS).copied().collect();
            let error = found.error(
                &call.method,
                format!("`.{name}(..)` cannot run inside Step Functions"),
            );
            if let Some(near) = near_miss(&name, known.iter().copied()) {
                error.help(format!("did you mean `{near}`?"));
            }
            error
                .note(format!("the methods here are {}", list(&known)))
                .help("compute it in a step, which may be any Rust");
            return None;
        };
        if *question == "len" {
            self.counted
                .push((call.method.span(), (*call.receiver).clone()));
        }
        let receiver = self.lower(&call.receiver, found)?;
        Some(Lowered::Method(question, Box::new(receiver)))
    }

    /// Something that does not depend on the value: it is worked out when the definition is written.
    fn constant(&self, expr: &Expr, found: &mut Diagnostics) -> Option<Lowered> {
        if is_constant(expr) {
            return Some(Lowered::Constant(wide(expr)));
        }
        if let Expr::Call(call) = expr
            && is_function(&call.func)
        {
            let name = call.func.to_token_stream().to_string().replace(' ', "");
            found
                .error(&call.func, format!("`{name}(..)` is asked about nothing"))
                .help(format!(
                    "a predicate step takes the value: `{name}({})`; a constant stands without parentheses",
                    self.value
                ));
            return None;
        }
        found
            .error(expr, "Step Functions cannot evaluate this")
            .note(SUPPORTED)
            .help("compute it in a step, which may be any Rust");
        None
    }
}

const PREDICATE_PLACES: &str =
    "let it stand alone, negated, or on the left of `&&` and `||`: `is_ready(it) && it.size > 3`";
const SUPPORTED: &str = "understood are fields of the value, literals, constants, variants, comparisons, `&&`, `||`, `!`, `.len()`, `.is_empty()`, `.is_some()` and `.is_none()`";

fn operator(op: &BinOp) -> Option<&'static str> {
    Some(match op {
        BinOp::And(_) => "and",
        BinOp::Or(_) => "or",
        BinOp::Eq(_) => "equals",
        BinOp::Ne(_) => "differs",
        BinOp::Lt(_) => "less_than",
        BinOp::Le(_) => "at_most",
        BinOp::Gt(_) => "more_than",
        BinOp::Ge(_) => "at_least",
        _ => return None,
    })
}

/// Whether the expression is the name and nothing else.
pub(crate) fn is_ident(expr: &Expr, name: &Ident) -> bool {
    match expr {
        Expr::Path(path) => path.path.is_ident(name),
        Expr::Paren(inner) => is_ident(&inner.expr, name),
        _ => false,
    }
}

/// Whether the tokens name the value.
pub(crate) fn mentions(expr: &impl ToTokens, name: &Ident) -> bool {
    fn within(tokens: TokenStream, name: &Ident) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(ident) => ident == *name,
            TokenTree::Group(group) => within(group.stream(), name),
            _ => false,
        })
    }
    within(expr.to_token_stream(), name)
}

/// A path that begins no constructor: its last name is in lower case.
fn is_function(expr: &Expr) -> bool {
    match expr {
        Expr::Path(path) => path.path.segments.last().is_some_and(|last| {
            let name = syn::ext::IdentExt::unraw(&last.ident).to_string();
            name.starts_with(|c: char| !c.is_uppercase())
        }),
        _ => false,
    }
}

fn is_constant(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) | Expr::Path(_) => true,
        Expr::Unary(unary) => is_constant(&unary.expr),
        Expr::Binary(binary) => is_constant(&binary.left) && is_constant(&binary.right),
        Expr::Paren(inner) => is_constant(&inner.expr),
        Expr::Group(inner) => is_constant(&inner.expr),
        Expr::Reference(inner) => is_constant(&inner.expr),
        Expr::Cast(cast) => is_constant(&cast.expr),
        Expr::Field(field) => is_constant(&field.base),
        Expr::Tuple(tuple) => tuple.elems.iter().all(is_constant),
        Expr::Array(array) => array.elems.iter().all(is_constant),
        Expr::Struct(value) => value.fields.iter().all(|field| is_constant(&field.expr)),
        Expr::Call(call) => !is_function(&call.func) && call.args.iter().all(is_constant),
        Expr::MethodCall(call) => is_constant(&call.receiver) && call.args.iter().all(is_constant),
        _ => false,
    }
}

/// A literal number without a type could be too large for the `i32` that rustc would take it for.
fn wide(expr: &Expr) -> TokenStream {
    match expr {
        // Of which type it would be cannot be seen here; its JSON is null, like that of `()`.
        Expr::Path(path) if path.path.is_ident("None") => quote::quote! { () },
        Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Int(number),
            ..
        }) if number.suffix().is_empty() => match number.base10_parse::<u64>() {
            Ok(value) => {
                let mut wide = proc_macro2::Literal::u64_suffixed(value);
                wide.set_span(number.span());
                wide.into_token_stream()
            }
            Err(_) => number.to_token_stream(),
        },
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => match &*unary.expr {
            Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Int(number),
                ..
            }) if number.suffix().is_empty() => match number.base10_parse::<i64>() {
                Ok(value) => {
                    let mut wide = proc_macro2::Literal::i64_suffixed(value);
                    wide.set_span(number.span());
                    quote::quote! { -#wide }
                }
                Err(_) => expr.to_token_stream(),
            },
            _ => expr.to_token_stream(),
        },
        Expr::Paren(inner) => wide(&inner.expr),
        _ => expr.to_token_stream(),
    }
}

/// The name that a closure gives its only parameter.
pub(crate) fn parameter(closure: &syn::ExprClosure) -> Option<(&Ident, Option<&syn::Type>)> {
    let [input] = &closure.inputs.iter().collect::<Vec<_>>()[..] else {
        return None;
    };
    match input {
        syn::Pat::Ident(name) if name.subpat.is_none() => Some((&name.ident, None)),
        syn::Pat::Type(typed) => match &*typed.pat {
            syn::Pat::Ident(name) if name.subpat.is_none() => Some((&name.ident, Some(&*typed.ty))),
            _ => None,
        },
        _ => None,
    }
}

/// The span of an expression's first token, in the hygiene of generated code.
pub(crate) fn mixed(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}

/// `|a: A, b: B| expression`: the same expression twice, as a closure, and as a function that records it with its
/// parameters as the variables `$a` and `$b`. For the tests that compare the two.
pub(crate) fn both_ways(input: TokenStream) -> TokenStream {
    let mut found = Diagnostics::default();
    let root = quote::quote! { ::sfn_runtime };
    let recorded = found
        .keep(syn::parse2::<syn::ExprClosure>(input.clone()))
        .and_then(|closure| {
            let mut locals = Locals::default();
            let mut places = TokenStream::new();
            for input in &closure.inputs {
                let syn::Pat::Type(typed) = input else {
                    found.error(input, "the parameter needs a type");
                    continue;
                };
                let (syn::Pat::Ident(name), ty) = (&*typed.pat, &typed.ty) else {
                    found.error(&typed.pat, "the parameter needs a name");
                    continue;
                };
                let text = name.ident.to_string();
                let ident = locals.bind(&name.ident, false);
                places.extend(quote::quote! {
                    #[allow(unused_variables)]
                    let #ident = #root::flow::ops::place(#text, <#ty as #root::Payload>::shape());
                });
            }
            let written = lower(&closure.body, &locals, &root, &mut found)?;
            Some(quote::quote! { #places #written })
        });
    let errors = found.into_compile_errors();
    let recorded = recorded
        .filter(|_| errors.is_empty())
        .unwrap_or_else(|| quote::quote! { #root::flow::ops::broken() });
    quote::quote! { { #errors (#input, || { #recorded }) } }
}
