//! Effects within expressions: each is recorded before, and a name stands in its place.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{
    BinOp, Expr, ExprMacro, Macro, Token, Type, parse::Parser, parse_quote, parse_quote_spanned,
    punctuated::Punctuated, spanned::Spanned,
};

use super::{Recorder, body_ident, first_token, given};
use crate::{expr::effects, state_machine::words};

impl Recorder<'_> {
    /// An expression with effects inside: each is recorded before, in the order of evaluation.
    pub(super) fn hoisted(
        &mut self,
        expr: &Expr,
        ty: Option<&Type>,
        out: &mut TokenStream,
    ) -> TokenStream {
        // The right side runs only sometimes.
        if let Expr::Binary(binary) = expr
            && matches!(binary.op, BinOp::And(_) | BinOp::Or(_))
            && self.acts(&binary.right)
        {
            let (left, right, at) = (&binary.left, &binary.right, binary.op.span());
            let chosen: Expr = match binary.op {
                BinOp::And(_) => {
                    parse_quote_spanned! {at=> if #left { #right } else { false } }
                }
                _ => parse_quote_spanned! {at=> if #left { true } else { #right } },
            };
            return self.value(&chosen, out);
        }
        if let Expr::Macro(called) = expr {
            return self.hoisted_macro(called, ty, out);
        }
        let mut expr = expr.clone();
        let parts: Vec<&mut Expr> = match &mut expr {
            Expr::Binary(binary) => vec![&mut *binary.left, &mut *binary.right],
            Expr::Unary(unary) => vec![&mut *unary.expr],
            Expr::Reference(reference) => vec![&mut *reference.expr],
            Expr::Field(field) => vec![&mut *field.base],
            Expr::Cast(cast) => vec![&mut *cast.expr],
            Expr::Index(index) => vec![&mut *index.expr, &mut *index.index],
            Expr::Call(call) => call.args.iter_mut().collect(),
            Expr::MethodCall(call) => std::iter::once(&mut *call.receiver)
                .chain(call.args.iter_mut())
                .collect(),
            Expr::Tuple(tuple) => tuple.elems.iter_mut().collect(),
            Expr::Array(array) => array.elems.iter_mut().collect(),
            Expr::Struct(value) => value
                .fields
                .iter_mut()
                .map(|field| &mut field.expr)
                .chain(value.rest.as_deref_mut())
                .collect(),
            Expr::Range(range) => range
                .start
                .as_deref_mut()
                .into_iter()
                .chain(range.end.as_deref_mut())
                .collect(),
            other => {
                self.found
                    .refuse(
                        &first_token(other),
                        "SFN0104",
                        "this expression cannot hold a call of a step",
                    )
                    .note("a call is a state of its own")
                    .help("call it in a `let` before");
                return self.unit();
            }
        };
        self.hoist(parts, out);
        self.pure(&expr, ty)
    }

    /// `vec![…]` and `format!(…)` with effects in their arguments.
    fn hoisted_macro(
        &mut self,
        called: &ExprMacro,
        ty: Option<&Type>,
        out: &mut TokenStream,
    ) -> TokenStream {
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        let Ok(mut arguments) = parser.parse2(called.mac.tokens.clone()) else {
            // `vec![item; n]`, which is refused.
            return self.pure(&Expr::Macro(called.clone()), ty);
        };
        let parts = arguments.iter_mut().map(|argument| match argument {
            // `name = value`
            Expr::Assign(named) => &mut *named.right,
            other => other,
        });
        let parts = parts.collect();
        self.hoist(parts, out);
        let mut called = called.clone();
        called.mac.tokens = arguments.to_token_stream();
        self.pure(&Expr::Macro(called), ty)
    }

    /// Records the effects within parts of an expression, and puts names in their places.
    fn hoist(&mut self, parts: Vec<&mut Expr>, out: &mut TokenStream) {
        // What stands behind the last effect is evaluated after it, so it may stay where it is.
        let last = parts.iter().rposition(|part| effects(part)).unwrap_or(0);
        for (index, part) in parts.into_iter().enumerate() {
            let acts = effects(part);
            if index > last || !acts && !self.reads_mutable(part) {
                continue;
            }
            let value = match &*part {
                // `&step(x).await?`
                Expr::Reference(inner) if acts => self.value(&inner.expr, out),
                other => self.value(other, out),
            };
            let name = format_ident!("__hoisted{}", self.temporaries, span = part.span());
            self.temporaries += 1;
            let ident = self.locals.bind(&name, false);
            let value = match acts {
                true => value,
                // A later effect may assign to what is read here.
                false => {
                    let body = body_ident();
                    quote! { #body.bind("value", #value) }
                }
            };
            out.extend(quote! { let #ident = #value; });
            *part = parse_quote! { #name };
        }
    }

    pub(super) fn macro_call(
        &mut self,
        expr: &Expr,
        called: &Macro,
        ty: Option<&Type>,
        out: &mut TokenStream,
    ) -> TokenStream {
        let name = called
            .path
            .segments
            .last()
            .map(|last| last.ident.to_string())
            .unwrap_or_default();
        match name.as_str() {
            "vec" | "format" => return self.hoisted(expr, ty, out),
            "ensure" | "bail" => self.ensure(called, &name, out),
            "join" | "try_join" => {
                self.found
                    .refuse(&called.path, "SFN0107", format!("this `{name}!` is not awaited"))
                    .help(format!("write `{name}!(…).await`, or `{name}!(…).await?` to stop at the first error"));
            }
            _ => {
                self.found
                    .refuse(
                        &called.path,
                        "SFN0104",
                        format!("`{name}!` cannot hold a call of a step"),
                    )
                    .note("a call is a state of its own")
                    .help("call it in a `let` before");
            }
        }
        self.unit()
    }

    fn ensure(&mut self, called: &Macro, name: &str, out: &mut TokenStream) {
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        let arguments = match parser.parse2(called.tokens.clone()) {
            Ok(arguments) => arguments,
            Err(error) => return self.found.syntax(&error),
        };
        let arguments: Vec<_> = arguments.into_iter().collect();
        match (name, arguments.as_slice()) {
            ("bail", [error]) => {
                self.at(called.path.span(), out);
                self.raise(error, out);
            }
            ("ensure", [holds, error]) => {
                let mut inner = TokenStream::new();
                self.at(called.path.span(), out);
                let label = words::text(holds.to_token_stream());
                let test = self.value(holds, out);
                self.at(called.path.span(), &mut inner);
                self.raise(error, &mut inner);
                let (ops, body, some) = (self.ops(), body_ident(), given(&inner, None));
                out.extend(quote! {
                    let _ = #body
                        .choose(::core::option::Option::None)
                        .when(#label, #test, |#body| ::core::option::Option::None)
                        .otherwise(|#body| #some)
                        .join();
                });
                let _ = ops;
            }
            ("bail", _) => {
                self.found
                    .error(&called.path, "`bail!` takes one error")
                    .help("write `bail!(OrderError::Rejected)`");
            }
            _ => {
                self.found
                    .error(&called.path, "`ensure!` takes what must hold, and an error")
                    .help("write `ensure!(verdict.ok, OrderError::Rejected)`");
            }
        }
    }
}
