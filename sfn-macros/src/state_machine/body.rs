//! The body as calls that record it.
//!
//! A statement becomes calls of the runtime's `flow::Body`, in the order in which Rust evaluates it. What it yields is an
//! expression, tokens of type `E<Checked>`, which the next statements use. Effects within an expression stand before it.

mod binding;
mod branch;
mod call;
mod called;
mod caught;
mod hoist;
mod join;
mod looping;
mod options;
mod raise;
mod value;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{BinOp, Block, Expr, ExprMacro, Pat, Stmt, Type, ext::IdentExt, parse_quote};

pub(super) use self::called::{Special, is_option, special};
use self::looping::Loop;
use super::{check::Machine, words};
use crate::{
    diagnostics::{Diagnostics, first_token},
    expr::{Locals, pattern_names},
    step::line_of,
};

/// The recorder's name in what is written. No user's name begins so.
pub(super) fn body_ident() -> Ident {
    Ident::new("__body", Span::mixed_site())
}

/// The recorder's variable for a name of the source; see [`Locals::bind`].
pub(super) fn recorded(name: &Ident) -> Ident {
    Locals::default().bind(name, false)
}

/// The statements that record a body whose parameters are bound.
pub(super) fn record(machine: &Machine, block: &Block, found: &mut Diagnostics) -> TokenStream {
    let root = machine.root.to_token_stream();
    let mut recorder = Recorder {
        root: &root,
        found,
        locals: Locals::default(),
        caught: vec![Vec::new()],
        loops: Vec::new(),
        temporaries: 0,
        keeps_results: false,
        output: &machine.output,
        gives_option: is_option_type(&machine.output),
        returns: value_type(&machine.output),
        wanted: None,
        types: vec![Vec::new()],
    };
    let mut out = TokenStream::new();
    for param in &machine.params {
        let ident = recorder.locals.bind(&param.ident, param.mutable);
        if param.mutable {
            let name = param.ident.unraw().to_string();
            let value = quote! { #ident };
            recorder.declare(&ident, &name, &value, &mut out);
        }
    }
    recorder.block(block, Mode::End, &mut out);
    out
}

/// The methods that make a list or a text longer.
const GROWS: &[&str] = &["push", "push_str", "extend"];

/// What becomes of the value of a block.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    /// It is used.
    Value,
    /// It is not.
    Nothing,
    /// The flow ends with it.
    End,
}

/// A name that stands for an error, or might.
#[derive(Clone, Copy, PartialEq)]
enum Caught {
    No,
    Yes,
    /// A part of one: another error, or its data. Only types would tell.
    Perhaps,
}

struct Recorder<'a> {
    root: &'a TokenStream,
    found: &'a mut Diagnostics,
    locals: Locals,
    /// Which of the names in scope are errors.
    caught: Vec<Vec<(String, Caught)>>,
    loops: Vec<Loop>,
    temporaries: usize,
    /// Whether a `return` gives its `Result` as a value, as in a branch whose errors stop nobody else.
    keeps_results: bool,
    /// What the function returns.
    output: &'a TokenStream,
    /// Whether a `?` ends the flow with `None`.
    gives_option: bool,
    /// The type that the flow ends with when it goes well, where it is written.
    returns: Option<Type>,
    /// The type of the value that a block or an arm is to give, where it is written.
    wanted: Option<Type>,
    /// The types that the source gives to names in scope.
    types: Vec<Vec<(String, Type)>>,
}

impl Recorder<'_> {
    fn ops(&self) -> TokenStream {
        let root = self.root;
        quote! { #root::flow::ops }
    }

    fn results(&self) -> TokenStream {
        let root = self.root;
        quote! { #root::flow::results }
    }

    /// The errors that the function may end with, as tokens.
    fn own_errors(&self) -> TokenStream {
        let (root, output) = (self.root, self.output);
        quote! { <<#output as #root::Outcome>::Err as #root::StepError>::ERRORS }
    }

    /// In place of a value that is refused or is none.
    fn unit(&self) -> TokenStream {
        let ops = self.ops();
        quote! { #ops::unit() }
    }

    fn temporary(&mut self) -> Ident {
        self.temporaries += 1;
        Ident::new(&format!("__value{}", self.temporaries), Span::mixed_site())
    }

    fn push(&mut self) {
        self.locals.push();
        self.caught.push(Vec::new());
        self.types.push(Vec::new());
    }

    fn pop(&mut self) {
        self.locals.pop();
        self.caught.pop();
        self.types.pop();
    }

    fn mark(&mut self, name: &Ident, caught: Caught) {
        let name = name.unraw().to_string();
        if let Some(scope) = self.caught.last_mut() {
            scope.push((name, caught));
        }
    }

    /// The type that the source gives to a name. Another name of the same text has none until it is given one.
    fn type_of(&self, name: &Ident) -> Option<Type> {
        let name = name.unraw().to_string();
        let mut names = self.types.iter().rev().flat_map(|scope| scope.iter().rev());
        names
            .find(|(known, _)| *known == name)
            .map(|(_, ty)| ty.clone())
    }

    fn note_type(&mut self, pat: &Pat, ty: Option<&Type>) {
        for name in pattern_names(pat) {
            let ty = ty.filter(|_| matches!(pat, Pat::Ident(_)));
            let ty = ty.cloned().unwrap_or_else(|| parse_quote! { _ });
            if let Some(scope) = self.types.last_mut() {
                scope.push((name.unraw().to_string(), ty));
            }
        }
    }

    /// Whether a name stands for an error.
    fn is_caught(&self, name: &Ident) -> Caught {
        let name = name.unraw().to_string();
        let mut names = self
            .caught
            .iter()
            .rev()
            .flat_map(|scope| scope.iter().rev());
        names
            .find(|(known, _)| *known == name)
            .map_or(Caught::No, |(_, caught)| *caught)
    }

    /// Says where the next state comes from.
    fn at(&self, span: Span, out: &mut TokenStream) {
        let (body, line) = (body_ident(), line_of(span));
        out.extend(quote! { #body.at(#line); });
    }

    /// The statements of a block; its value in [`Mode::Value`].
    fn block(&mut self, block: &Block, mode: Mode, out: &mut TokenStream) -> Option<TokenStream> {
        self.push();
        let wanted = self.wanted.take();
        let mut value = None;
        let count = block.stmts.len();
        let mut ended = false;
        for (index, statement) in block.stmts.iter().enumerate() {
            let last = index + 1 == count;
            match statement {
                Stmt::Local(local) => self.local(local, out),
                // What they name is named in the expressions, too.
                Stmt::Item(item) => match item {
                    syn::Item::Fn(function) => {
                        self.found
                            .refuse(
                                &function.sig.fn_token,
                                "SFN0102",
                                "a function within a state machine's body",
                            )
                            .note("the body is written as states; a function beside it stays one")
                            .help("move it out of the body");
                    }
                    other => out.extend(other.to_token_stream()),
                },
                Stmt::Expr(expr, None) if last => {
                    ended = true;
                    match mode {
                        Mode::Value => value = Some(self.value_as(expr, wanted.as_ref(), out)),
                        Mode::Nothing => self.statement(expr, out),
                        Mode::End => self.end(expr, out),
                    }
                }
                Stmt::Expr(expr, _) => self.statement(expr, out),
                Stmt::Macro(called) => {
                    let expr = Expr::Macro(ExprMacro {
                        attrs: Vec::new(),
                        mac: called.mac.clone(),
                    });
                    if last && called.semi_token.is_none() {
                        ended = true;
                        match mode {
                            Mode::Value => value = Some(self.value(&expr, out)),
                            Mode::Nothing => self.statement(&expr, out),
                            Mode::End => self.end(&expr, out),
                        }
                    } else {
                        self.statement(&expr, out);
                    }
                }
            }
        }
        if mode == Mode::End && !ended {
            let body = body_ident();
            out.extend(quote! { #body.return_(::core::option::Option::None); });
        }
        self.pop();
        self.wanted = wanted;
        match mode {
            Mode::Value => Some(value.unwrap_or_else(|| self.unit())),
            Mode::Nothing | Mode::End => None,
        }
    }

    /// A block as the body of a closure that gives what an arm gives: `{ …; Some(value) }`.
    fn arm(&mut self, block: &Block, mode: Mode) -> TokenStream {
        let mut out = TokenStream::new();
        let value = self.block(block, mode, &mut out);
        given(&out, value)
    }

    /// The same for an expression, which is often a block.
    fn arm_expr(&mut self, expr: &Expr, mode: Mode) -> TokenStream {
        let mut out = TokenStream::new();
        let value = match expr {
            Expr::Block(block) if block.label.is_none() => self.block(&block.block, mode, &mut out),
            other => match mode {
                Mode::Value => {
                    let wanted = self.wanted.take();
                    let value = self.value_as(other, wanted.as_ref(), &mut out);
                    self.wanted = wanted;
                    Some(value)
                }
                Mode::Nothing => {
                    self.statement(other, &mut out);
                    None
                }
                Mode::End => {
                    self.end(other, &mut out);
                    None
                }
            },
        };
        given(&out, value)
    }

    /// Whether an expression reads a variable that is assigned again.
    fn reads_mutable(&self, expr: &Expr) -> bool {
        self.names_in(expr)
            .iter()
            .any(|name| self.locals.get(name).is_some_and(|local| local.mutable))
    }

    /// Whether an expression reads any variable.
    fn reads_any(&self, expr: &Expr) -> bool {
        self.names_in(expr)
            .iter()
            .any(|name| self.locals.get(name).is_some())
    }

    fn names_in(&self, expr: &Expr) -> Vec<Ident> {
        let mut names = Vec::new();
        words_in(expr.to_token_stream(), &mut names);
        names
    }

    /// An expression as a statement: its value is dropped.
    fn statement(&mut self, expr: &Expr, out: &mut TokenStream) {
        match expr {
            Expr::Paren(inner) => self.statement(&inner.expr, out),
            Expr::Group(inner) => self.statement(&inner.expr, out),
            Expr::If(branches) => self.branches(branches, Mode::Nothing, out),
            Expr::Match(arms) => {
                let value = self.arms(arms, Mode::Nothing, out);
                out.extend(quote! { let _ = #value; });
            }
            Expr::Block(block) if block.label.is_none() => {
                let mut inner = TokenStream::new();
                self.block(&block.block, Mode::Nothing, &mut inner);
                out.extend(quote! { { #inner } });
            }
            Expr::Assign(assigned) => self.assign(&assigned.left, &assigned.right, None, out),
            Expr::Binary(binary) if assigning(&binary.op).is_some() => {
                self.assign(&binary.left, &binary.right, Some(&binary.op), out);
            }
            Expr::MethodCall(call) if self.grows(call) => {
                let value = self.value(&call.args[0], out);
                let (ops, body) = (self.ops(), body_ident());
                let Some(ident) = self.assignable(&call.receiver) else {
                    return;
                };
                let variable = variable(&ident);
                let more = match call.method.to_string().as_str() {
                    "push" => quote! { #ops::push(#ident.clone(), #value) },
                    "push_str" => quote! { #ops::add(#ident.clone(), #value) },
                    _ => quote! { #ops::chain(#ident.clone(), #value) },
                };
                out.extend(quote! { #body.set(&#variable, #more); });
            }
            other => {
                let value = self.value(other, out);
                out.extend(quote! { let _ = #value; });
            }
        }
    }

    /// `list.push(x)` and its like on a variable.
    fn grows(&self, call: &syn::ExprMethodCall) -> bool {
        GROWS.contains(&call.method.to_string().as_str())
            && call.args.len() == 1
            && matches!(&*call.receiver, Expr::Path(path) if path
                .path
                .get_ident()
                .and_then(|name| self.locals.get(name))
                .is_some_and(|local| local.mutable))
    }

    fn assign(&mut self, left: &Expr, right: &Expr, op: Option<&BinOp>, out: &mut TokenStream) {
        let ty = match (left, op) {
            (Expr::Path(path), None) => path.path.get_ident().and_then(|name| self.type_of(name)),
            _ => None,
        };
        let value = self.value_as(right, ty.as_ref(), out);
        if let Expr::Infer(_) = left {
            out.extend(quote! { let _ = #value; });
            return;
        }
        let Some(ident) = self.assignable(left) else {
            return;
        };
        let (ops, body, variable) = (self.ops(), body_ident(), variable(&ident));
        let value = match op {
            None => value,
            Some(op) => {
                let Some(name) = assigning(op) else { return };
                if name.is_empty() {
                    self.found
                        .refuse(op, "SFN0201", "Step Functions knows no operations on bits")
                        .help("make it a `#[step]`");
                    return;
                }
                let name = Ident::new(name, Span::mixed_site());
                quote! { #ops::#name(#ident.clone(), #value) }
            }
        };
        out.extend(quote! { #body.set(&#variable, #value); });
    }

    /// The variable that an assignment is to; refuses whatever else stands there.
    fn assignable(&mut self, left: &Expr) -> Option<Ident> {
        match left {
            Expr::Path(path) => {
                let name = path.path.get_ident()?;
                // That it is not `mut`, or not there, is rustc's to say.
                let local = self.locals.get(name).filter(|local| local.mutable)?;
                Some(local.ident.clone())
            }
            Expr::Paren(inner) => self.assignable(&inner.expr),
            Expr::Field(field) => {
                let name = words::text(field.base.to_token_stream());
                let member = field.member.to_token_stream();
                self.found
                    .refuse(
                        &field.member,
                        "SFN0103",
                        "a part of a value cannot be assigned",
                    )
                    .note("a state makes whole values")
                    .help(format!(
                        "make a new one: `{name} = T {{ {member}: …, ..{name} }};`"
                    ));
                None
            }
            other => {
                self.found
                    .refuse(
                        &first_token(other),
                        "SFN0103",
                        "only a variable can be assigned",
                    )
                    .note("a state makes whole values")
                    .help("assign the whole value, or make it in a `#[step]`");
                None
            }
        }
    }
}

/// `{ …; Some(value) }`, as an arm's closure gives it.
fn given(out: &TokenStream, value: Option<TokenStream>) -> TokenStream {
    let value = match value {
        Some(value) => quote! { ::core::option::Option::Some(#value) },
        None => quote! { ::core::option::Option::None },
    };
    quote! { { #out #value } }
}

/// The variable behind a name that may be assigned.
fn variable(ident: &Ident) -> Ident {
    format_ident!("__variable_{}", ident.unraw(), span = Span::mixed_site())
}

/// The function that `+=` and its like apply; empty for those that there are none for.
fn assigning(op: &BinOp) -> Option<&'static str> {
    Some(match op {
        BinOp::AddAssign(_) => "add",
        BinOp::SubAssign(_) => "subtract",
        BinOp::MulAssign(_) => "multiply",
        BinOp::DivAssign(_) => "divide",
        BinOp::RemAssign(_) => "remainder",
        BinOp::BitXorAssign(_)
        | BinOp::BitAndAssign(_)
        | BinOp::BitOrAssign(_)
        | BinOp::ShlAssign(_)
        | BinOp::ShrAssign(_) => "",
        _ => return None,
    })
}

/// Whether a function gives an `Option`, as it is written.
fn is_option_type(output: &TokenStream) -> bool {
    let last = |ty: Type| match ty {
        Type::Path(path) => path.path.segments.into_iter().next_back(),
        _ => None,
    };
    syn::parse2(output.clone())
        .ok()
        .and_then(last)
        .is_some_and(|last| last.ident == "Option")
}

/// The type that a function gives when it goes well: of a `Result` what stands in it.
fn value_type(output: &TokenStream) -> Option<Type> {
    let ty: Type = syn::parse2(output.clone()).ok()?;
    let Type::Path(path) = &ty else {
        return Some(ty);
    };
    match path.path.segments.last() {
        Some(last) if last.ident == "Result" => match &last.arguments {
            syn::PathArguments::AngleBracketed(given) => match given.args.first() {
                Some(syn::GenericArgument::Type(value)) => Some(value.clone()),
                _ => None,
            },
            _ => None,
        },
        _ => Some(ty),
    }
}

fn is_upper(name: &Ident) -> bool {
    name.unraw().to_string().starts_with(char::is_uppercase)
}

/// Every word in the tokens, those behind a dot excepted.
fn words_in(tokens: TokenStream, words: &mut Vec<Ident>) {
    let mut after_dot = false;
    for token in tokens {
        match token {
            proc_macro2::TokenTree::Ident(word) => {
                if !after_dot {
                    words.push(word);
                }
                after_dot = false;
            }
            proc_macro2::TokenTree::Group(group) => {
                words_in(group.stream(), words);
                after_dot = false;
            }
            // `a.b` has one dot, `..a` more.
            proc_macro2::TokenTree::Punct(punct) => {
                after_dot = punct.as_char() == '.' && !after_dot;
            }
            proc_macro2::TokenTree::Literal(literal) => {
                captured_in(&literal, words);
                after_dot = false;
            }
        }
    }
}

/// The names that a text captures, if it is that of a `format!`: `"{name} is {age:>3}"`.
fn captured_in(literal: &proc_macro2::Literal, words: &mut Vec<Ident>) {
    let text = literal.to_string();
    if !text.ends_with(['"', '#']) {
        return;
    }
    for part in text.replace("{{", "").split('{').skip(1) {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let name = part.split(|c| !is_part(c)).next().unwrap_or_default();
        if let Ok(mut name) = syn::parse_str::<Ident>(name) {
            name.set_span(literal.span());
            words.push(name);
        }
    }
}
