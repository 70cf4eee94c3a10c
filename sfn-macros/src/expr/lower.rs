//! Pure expressions as calls of the runtime, which writes them as JSONata.
//!
//! Types are not known here. The runtime knows the shape of every value when the definition is built, and chooses the
//! JSONata by it; rustc has checked the same tokens as ordinary Rust. So what arrives in the runtime is well-typed, or
//! rustc has said so, and one mistake is one error.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{
    BinOp, Block, Expr, ExprClosure, Lit, Member, Pat, Path, Stmt, Type, UnOp, spanned::Spanned,
};

use super::{Locals, effects::is_lower};
use crate::{
    diagnostics::{Diagnostics, first_token},
    step::line_of,
};

/// An expression without effects, as tokens of type `E<Checked>`; none where it was refused.
///
/// `root` is the runtime's path.
pub(crate) fn lower(
    expr: &Expr,
    locals: &Locals,
    root: &TokenStream,
    found: &mut Diagnostics,
) -> Option<TokenStream> {
    lower_as(expr, None, locals, root, found)
}

/// The same, where the binding says the type: `let names: Vec<_> = ….collect()`.
pub(crate) fn lower_as(
    expr: &Expr,
    ty: Option<&Type>,
    locals: &Locals,
    root: &TokenStream,
    found: &mut Diagnostics,
) -> Option<TokenStream> {
    let mut lowering = Lowering {
        locals: locals.clone(),
        root,
        expected: ty.cloned(),
    };
    let written = lowering.lower(expr, found)?;
    // `line!()` would be that of the attribute.
    let line = line_of(expr.span());
    Some(quote! { #written.at_line(#line) })
}

/// The way down an expression.
pub(super) struct Lowering<'a> {
    pub(super) locals: Locals,
    pub(super) root: &'a TokenStream,
    /// The type that the whole expression is known to have.
    pub(super) expected: Option<Type>,
}

impl Lowering<'_> {
    pub(super) fn ops(&self) -> TokenStream {
        let root = self.root;
        quote! { #root::flow::ops }
    }

    pub(super) fn ident(&self, name: &str) -> Ident {
        Ident::new(name, Span::mixed_site())
    }

    /// In place of what rustc refuses: nothing more is said of it.
    pub(super) fn broken(&self) -> TokenStream {
        let ops = self.ops();
        quote! { #ops::broken() }
    }

    pub(super) fn last(&self, path: &Path) -> String {
        path.segments
            .last()
            .map(|last| syn::ext::IdentExt::unraw(&last.ident).to_string())
            .unwrap_or_default()
    }

    /// A value that is worked out when the definition is built, with the shape of its type.
    pub(super) fn known(&self, value: &TokenStream) -> TokenStream {
        let root = self.root;
        quote! {
            {
                #[allow(unused_imports)]
                use #root::flow::ops::{ShapeOfAny as _, ShapeOfPayload as _};
                #root::flow::ops::known(&#value, (&&#root::flow::ops::Probe::of(&#value)).shape())
            }
        }
    }

    pub(super) fn all<'e>(
        &mut self,
        exprs: impl Iterator<Item = &'e Expr>,
        found: &mut Diagnostics,
    ) -> Option<Vec<TokenStream>> {
        // All are looked at, so that all mistakes are shown.
        let lowered: Vec<_> = exprs.map(|expr| self.lower(expr, found)).collect();
        lowered.into_iter().collect()
    }

    pub(super) fn lower(&mut self, expr: &Expr, found: &mut Diagnostics) -> Option<TokenStream> {
        let ops = self.ops();
        // Only a whole expression, not a part of it, has the type that the binding says.
        let expected = self.expected.take();
        match expr {
            Expr::Paren(inner) => {
                self.expected = expected;
                self.lower(&inner.expr, found)
            }
            Expr::Group(inner) => {
                self.expected = expected;
                self.lower(&inner.expr, found)
            }
            Expr::Reference(inner) => {
                if let Some(mutability) = &inner.mutability {
                    found
                        .refuse(
                            mutability,
                            "SFN0210",
                            "nothing can be changed through a reference here",
                        )
                        .note("a value in a state machine is changed by assigning a new one")
                        .help("write `name = …`, or make it a `#[step]`");
                    return None;
                }
                self.lower(&inner.expr, found)
            }
            Expr::Unary(unary) => {
                let inner = self.lower(&unary.expr, found)?;
                match unary.op {
                    UnOp::Not(_) => Some(quote! { #ops::not(#inner) }),
                    UnOp::Neg(_) => Some(quote! { #ops::negate(#inner) }),
                    _ => Some(inner),
                }
            }
            Expr::Binary(binary) => {
                let left = self.lower(&binary.left, found);
                let right = self.lower(&binary.right, found);
                let Some(name) = operator(&binary.op) else {
                    let sign = binary.op.to_token_stream().to_string();
                    if super::effects::assigns(&binary.op) {
                        refuse_assignment(&binary.op, found);
                    } else {
                        found
                            .refuse(
                                &binary.op,
                                "SFN0201",
                                format!("`{sign}` cannot run inside Step Functions"),
                            )
                            .note("JSONata has no operations on bits")
                            .help("make it a `#[step]`");
                    }
                    return None;
                };
                let (name, left, right) = (self.ident(name), left?, right?);
                Some(quote! { #ops::#name(#left, #right) })
            }
            Expr::Lit(literal) => self.literal(&literal.lit, found),
            Expr::Path(path) => Some(self.path(path)),
            Expr::Field(field) => {
                let base = self.lower(&field.base, found)?;
                let name = match &field.member {
                    Member::Named(name) => syn::ext::IdentExt::unraw(name).to_string(),
                    Member::Unnamed(index) => index.index.to_string(),
                };
                Some(quote! { #ops::field(#base, #name) })
            }
            Expr::Index(index) => {
                if let Expr::Range(range) = &*index.index {
                    found
                        .refuse(
                            range,
                            "SFN0217",
                            "a part of a list or text cannot be cut out by a range",
                        )
                        .note("Rust panics where a range is too long, and JSONata gives less")
                        .help("write `.iter().skip(..).take(..)`, or make it a `#[step]`");
                    return None;
                }
                let base = self.lower(&index.expr, found);
                let at = self.lower(&index.index, found);
                let (base, at) = (base?, at?);
                Some(quote! { #ops::index(#base, #at) })
            }
            Expr::MethodCall(call) => {
                self.expected = expected;
                self.method(call, found)
            }
            Expr::Call(call) => self.call(call, found),
            Expr::Macro(called) => self.macro_call(&called.mac, found),
            Expr::Cast(cast) => {
                let inner = self.lower(&cast.expr, found)?;
                let (ty, root) = (&cast.ty, self.root);
                Some(quote! { #ops::cast(#inner, <#ty as #root::Payload>::shape()) })
            }
            Expr::Tuple(tuple) => {
                let items = self.all(tuple.elems.iter(), found)?;
                Some(quote! { #ops::tuple(::std::vec![#(#items),*]) })
            }
            Expr::Array(array) => {
                let items = self.all(array.elems.iter(), found)?;
                Some(quote! { #ops::list(::std::vec![#(#items),*]) })
            }
            Expr::Struct(value) => self.structure(value, found),
            Expr::If(branches) => self.branches(branches, expected, found),
            Expr::Match(arms) => self.arms(arms, expected, found),
            Expr::Block(block) if block.label.is_none() => {
                self.expected = expected;
                self.block(&block.block, found)
            }
            Expr::Range(range) => {
                let (Some(start), Some(end)) = (&range.start, &range.end) else {
                    found
                        .refuse(range, "SFN0217", "a range without two ends is no list")
                        .help("write both ends: `0..n`");
                    return None;
                };
                let start = self.lower(start, found);
                let end = self.lower(end, found);
                let (start, end) = (start?, end?);
                let closed = matches!(range.limits, syn::RangeLimits::Closed(_));
                Some(quote! { #ops::range(#start, #end, #closed) })
            }
            other => {
                refuse(other, found);
                None
            }
        }
    }

    fn path(&mut self, path: &syn::ExprPath) -> TokenStream {
        if path.qself.is_none()
            && let Some(name) = path.path.get_ident()
        {
            if let Some(local) = self.locals.get(name) {
                let ident = &local.ident;
                return quote! { #ident.clone() };
            }
            if name == "None" {
                let ops = self.ops();
                return quote! { #ops::none() };
            }
        }
        self.known(&quote! { #path })
    }

    fn literal(&self, literal: &Lit, found: &mut Diagnostics) -> Option<TokenStream> {
        let ops = self.ops();
        Some(match literal {
            Lit::Str(text) => quote! { #ops::text(#text) },
            Lit::Char(letter) => {
                let text = letter.value().to_string();
                quote! { #ops::text(#text) }
            }
            Lit::Bool(value) => quote! { #ops::boolean(#value) },
            Lit::Int(number) if matches!(number.suffix(), "f32" | "f64") => {
                let value: f64 = number.base10_digits().parse().ok()?;
                quote! { #ops::fraction(#value) }
            }
            Lit::Int(number) => {
                let suffix = number.suffix();
                match number.base10_parse::<u64>() {
                    Ok(value) => quote! { #ops::whole(#value, #suffix) },
                    Err(_) => {
                        found
                            .refuse(
                                number,
                                "SFN0216",
                                "a number this large cannot stand in an expression",
                            )
                            .note("JSONata counts in doubles, and would round it")
                            .help("keep it in a step");
                        return None;
                    }
                }
            }
            Lit::Float(number) => {
                let value: f64 = number.base10_digits().parse().ok()?;
                quote! { #ops::fraction(#value) }
            }
            other => {
                found
                    .refuse(other, "SFN0216", "this literal has no JSON")
                    .help("write a number, a text, a character or a truth value");
                return None;
            }
        })
    }

    fn structure(
        &mut self,
        value: &syn::ExprStruct,
        found: &mut Diagnostics,
    ) -> Option<TokenStream> {
        let ops = self.ops();
        let mut fields = Vec::new();
        for field in &value.fields {
            fields.push((member(&field.member), self.lower(&field.expr, found)));
        }
        let base = value.rest.as_ref().map(|rest| self.lower(rest, found));
        let base = match base {
            Some(base) => {
                let base = base?;
                quote! { ::core::option::Option::Some(#base) }
            }
            None => quote! { ::core::option::Option::None },
        };
        let fields = fields
            .into_iter()
            .map(|(name, value)| value.map(|value| quote! { (#name, #value) }))
            .collect::<Option<Vec<_>>>()?;
        let path = &value.path;
        let nevers = value.fields.iter().map(|field| {
            let member = &field.member;
            quote! { #member: #ops::never() }
        });
        let rest = value.rest.as_ref().map(|_| quote! { ..#ops::never() });
        let last = self.last(path);
        Some(quote! {
            #ops::structure(#ops::shape_of(|| #path { #(#nevers,)* #rest }), #last, ::std::vec![#(#fields),*], #base)
        })
    }

    pub(super) fn block(&mut self, block: &Block, found: &mut Diagnostics) -> Option<TokenStream> {
        let expected = self.expected.take();
        self.locals.push();
        let written = self.statements(&block.stmts, expected, found);
        self.locals.pop();
        written
    }

    fn statements(
        &mut self,
        statements: &[Stmt],
        expected: Option<Type>,
        found: &mut Diagnostics,
    ) -> Option<TokenStream> {
        let ops = self.ops();
        let Some((first, rest)) = statements.split_first() else {
            return Some(quote! { #ops::unit() });
        };
        match first {
            Stmt::Expr(last, None) if rest.is_empty() => {
                self.expected = expected;
                self.lower(last, found)
            }
            Stmt::Macro(last) if rest.is_empty() => self.macro_call(&last.mac, found),
            Stmt::Local(local)
                if local
                    .init
                    .as_ref()
                    .is_some_and(|init| init.diverge.is_none()) =>
            {
                let init = local.init.as_ref()?;
                let (pattern, ty) = match &local.pat {
                    Pat::Type(typed) => (&*typed.pat, Some((*typed.ty).clone())),
                    other => (other, None),
                };
                self.expected = ty;
                let value = self.lower(&init.expr, found);
                self.expected = None;
                if let Pat::Ident(name) = pattern
                    && let Some(mutability) = &name.mutability
                {
                    found
                        .refuse(
                            mutability,
                            "SFN0210",
                            "a variable that changes cannot stand within an expression",
                        )
                        .note("an expression is one formula")
                        .help("use `.fold(..)`, or let it be a statement of the body");
                    return None;
                }
                let name = self.ident("__bound");
                let bindings = self.irrefutable(pattern, &quote! { #name.clone() }, found);
                let rest = self.statements(rest, expected, found);
                let (value, bindings, rest) = (value?, bindings?, rest?);
                let hint = match pattern {
                    Pat::Ident(name) => syn::ext::IdentExt::unraw(&name.ident).to_string(),
                    _ => "it".to_owned(),
                };
                Some(quote! { #ops::bind(#hint, #value, |#name| { #bindings #rest }) })
            }
            other => {
                if let Stmt::Expr(Expr::Assign(assigned), _) = other {
                    refuse_assignment(&assigned.eq_token, found);
                } else if let Stmt::Expr(Expr::Binary(binary), _) = other
                    && super::effects::assigns(&binary.op)
                {
                    refuse_assignment(&binary.op, found);
                } else {
                    found
                        .refuse(&first_token(other), "SFN0212", "this statement cannot stand within an expression")
                        .note("an expression is one formula: here it may hold `let`s, and its value at the end")
                        .help("let it be a statement of the body, or make it a `#[step]`");
                }
                None
            }
        }
    }
}

pub(super) fn member(member: &Member) -> String {
    match member {
        Member::Named(name) => syn::ext::IdentExt::unraw(name).to_string(),
        Member::Unnamed(index) => index.index.to_string(),
    }
}

/// A path as people write it.
pub(super) fn path_text(path: &Path) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}

fn operator(op: &BinOp) -> Option<&'static str> {
    Some(match op {
        BinOp::Add(_) => "add",
        BinOp::Sub(_) => "subtract",
        BinOp::Mul(_) => "multiply",
        BinOp::Div(_) => "divide",
        BinOp::Rem(_) => "remainder",
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

fn refuse_assignment(at: &dyn ToTokens, found: &mut Diagnostics) {
    found
        .refuse(
            at,
            "SFN0210",
            "nothing can be assigned within an expression",
        )
        .note("an expression is one formula")
        .help("use `.fold(..)`, or let it be a statement of the body");
}

/// Says why an expression is none of those that Step Functions can evaluate.
fn refuse(expr: &Expr, found: &mut Diagnostics) {
    match expr {
        Expr::Await(awaited) => {
            found
                .refuse(
                    &awaited.await_token,
                    "SFN0211",
                    "nothing can be awaited within this expression",
                )
                .note("what is awaited is a state of its own, and this is evaluated within one")
                .help("await it in a `let` before");
        }
        Expr::Try(tried) => {
            found
                .refuse(
                    &tried.question_token,
                    "SFN0211",
                    "`?` cannot stand within this expression",
                )
                .note("it would leave the workflow, and this is evaluated within one state")
                .help("use it in a `let` before, or `match` the value");
        }
        Expr::Closure(ExprClosure { or1_token, .. }) => {
            found
                .refuse(or1_token, "SFN0206", "a closure is no value of a workflow")
                .note("values are JSON")
                .help("write it where it is used, as an argument of a method");
        }
        Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => {
            found
                .refuse(
                    &first_token(expr),
                    "SFN0211",
                    "this expression cannot be left from within",
                )
                .help("make it a statement: `if … { return …; }`");
        }
        Expr::Assign(assigned) => refuse_assignment(&assigned.eq_token, found),
        Expr::Repeat(repeated) => {
            found
                .refuse(&repeated.semi_token, "SFN0218", "`[item; n]` cannot run inside Step Functions")
                .help("name the items one by one, or collect them: `(0..n).map(|_| item).collect::<Vec<_>>()`");
        }
        Expr::Let(binding) => {
            found
                .refuse(
                    &binding.let_token,
                    "SFN0212",
                    "`let` stands only in the condition of an `if` or `while`",
                )
                .help("write `matches!(value, pattern)`");
        }
        Expr::Unsafe(block) => {
            found
                .refuse(
                    &block.unsafe_token,
                    "SFN0201",
                    "`unsafe` cannot run inside Step Functions",
                )
                .help("make it a `#[step]`");
        }
        other => {
            found
                .refuse(&first_token(other), "SFN0201", "this expression cannot run inside Step Functions")
                .note("Step Functions evaluates a closed list of expressions; the guide has it under \"Expressions\"")
                .help("make it a `#[step]`, which may be any Rust");
        }
    }
}

/// Whether a name begins in upper case, as constants and variants do.
pub(super) fn is_upper(path: &Path) -> bool {
    !is_lower(path)
}
