//! Expressions whose value is used.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{
    Expr, Pat, Token, Type,
    ext::IdentExt,
    parse::Parser,
    parse_quote,
    punctuated::Punctuated,
    spanned::Spanned,
    visit_mut::{self, VisitMut},
};

use super::{Caught, Mode, Recorder, assigning, body_ident, caught};
use crate::expr::{effects, lower, lower_as};

impl Recorder<'_> {
    /// An expression whose value is used; its effects are recorded in `out`.
    pub(super) fn value(&mut self, expr: &Expr, out: &mut TokenStream) -> TokenStream {
        self.value_as(expr, None, out)
    }

    pub(super) fn value_as(
        &mut self,
        expr: &Expr,
        ty: Option<&Type>,
        out: &mut TokenStream,
    ) -> TokenStream {
        if !self.acts(expr) && !self.looks_at_errors(expr) {
            return self.pure(expr, ty);
        }
        if let Expr::Block(_) | Expr::If(_) | Expr::Match(_) = expr {
            let around = std::mem::replace(&mut self.wanted, ty.cloned());
            let value = self.decided(expr, ty, out);
            self.wanted = around;
            return value;
        }
        self.decided(expr, ty, out)
    }

    /// Whether an expression is a choice between errors, which no expression of a state can make.
    pub(super) fn looks_at_errors(&self, expr: &Expr) -> bool {
        let named = |pat: &Pat| caught::names_errors(pat);
        match expr {
            Expr::Paren(inner) => self.looks_at_errors(&inner.expr),
            Expr::Match(choice) => choice.arms.iter().any(|arm| named(&arm.pat)),
            Expr::If(choice) => match &*choice.cond {
                Expr::Let(binding) => named(&binding.pat),
                _ => false,
            },
            _ => false,
        }
    }

    /// An expression that is recorded as more than an expression.
    pub(super) fn decided(
        &mut self,
        expr: &Expr,
        ty: Option<&Type>,
        out: &mut TokenStream,
    ) -> TokenStream {
        match expr {
            Expr::Paren(inner) => self.value_as(&inner.expr, ty, out),
            Expr::Group(inner) => self.value_as(&inner.expr, ty, out),
            Expr::Block(block) => match &block.label {
                Some(label) => self.labelled(block, label, out),
                None => {
                    let mut inner = TokenStream::new();
                    let value = self.block(&block.block, Mode::Value, &mut inner);
                    self.keep(quote! { { #inner #value } }, out)
                }
            },
            Expr::If(branches) => {
                let mut inner = TokenStream::new();
                let value = self.branching(branches, Mode::Value, &mut inner);
                self.keep(quote! { { #inner #value } }, out)
            }
            Expr::Match(arms) => {
                let value = self.arms(arms, Mode::Value, out);
                self.keep(value, out)
            }
            Expr::Loop(looped) => self.endless(looped, out),
            Expr::While(looped) => {
                self.while_(looped, out);
                self.unit()
            }
            Expr::ForLoop(looped) => {
                self.for_(looped, out);
                self.unit()
            }
            Expr::Return(returned) => {
                match &returned.expr {
                    Some(value) => self.end(value, out),
                    None => {
                        let body = body_ident();
                        out.extend(quote! { #body.return_(::core::option::Option::None); });
                    }
                }
                self.unit()
            }
            Expr::Break(broken) => {
                self.break_(broken, out);
                self.unit()
            }
            Expr::Continue(continued) => {
                self.continue_(continued, out);
                self.unit()
            }
            Expr::Assign(assigned) => {
                self.assign(&assigned.left, &assigned.right, None, out);
                self.unit()
            }
            Expr::Binary(binary) if assigning(&binary.op).is_some() => {
                self.assign(&binary.left, &binary.right, Some(&binary.op), out);
                self.unit()
            }
            Expr::Macro(called) => self.macro_call(expr, &called.mac, ty, out),
            Expr::Try(tried) => self.tried(tried, ty, out),
            Expr::Await(_) | Expr::Call(_) | Expr::MethodCall(_) => self.call_value(expr, ty, out),
            Expr::Async(block) => {
                self.found
                    .refuse(&block.async_token, "SFN0106", "an `async` block cannot stand here")
                    .note("in a state machine it is a branch of `join!`, or what `map_concurrent` does")
                    .help("write its statements here, without the block");
                self.unit()
            }
            other => self.hoisted(other, ty, out),
        }
    }

    /// Whether an expression must be recorded as more than an expression.
    pub(super) fn acts(&self, expr: &Expr) -> bool {
        effects(expr)
    }

    /// Keeps a value that was recorded in a variable of the written code.
    pub(super) fn keep(&mut self, value: TokenStream, out: &mut TokenStream) -> TokenStream {
        let name = self.temporary();
        out.extend(quote! { let #name = #value; });
        quote! { #name.clone() }
    }

    /// An expression that one state evaluates.
    pub(super) fn pure(&mut self, expr: &Expr, ty: Option<&Type>) -> TokenStream {
        let mut parts = ErrorParts {
            recorder: self,
            bindings: TokenStream::new(),
        };
        let mut asked = expr.clone();
        parts.visit_expr_mut(&mut asked);
        let bindings = parts.bindings;
        if !bindings.is_empty() {
            let value = self.pure(&asked, ty);
            return quote! { { #bindings #value } };
        }
        if let Some(name) = self.mentions_error(expr) {
            self.found
                .refuse(&name, "SFN0304", format!("the error `{name}` is no value of a state machine"))
                .note("Step Functions knows an error by its name and its data; its Rust value stayed in the step")
                .help(format!("match it: `Err(ShipError::Late {{ days }}) => …`, or pass it on: `Err({name}.into())`"));
            return self.unit();
        }
        let lowered = match ty {
            Some(_) => lower_as(expr, ty, &self.locals, self.root, self.found),
            None => lower(expr, &self.locals, self.root, self.found),
        };
        lowered.unwrap_or_else(|| self.unit())
    }

    /// A name in the expression that is an error, if there is one.
    pub(super) fn mentions_error(&self, expr: &Expr) -> Option<Ident> {
        self.names_in(expr)
            .into_iter()
            .find(|name| self.is_caught(name) == Caught::Yes)
    }
}

/// Puts names in the place of fields of errors, `failure.error`.
struct ErrorParts<'a, 'r> {
    recorder: &'a mut Recorder<'r>,
    bindings: TokenStream,
}

impl VisitMut for ErrorParts<'_, '_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if let Expr::Macro(called) = expr
            && (called.mac.path.is_ident("format") || called.mac.path.is_ident("vec"))
        {
            let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
            if let Ok(mut arguments) = parser.parse2(called.mac.tokens.clone()) {
                for argument in &mut arguments {
                    self.visit_expr_mut(argument);
                }
                called.mac.tokens = arguments.to_token_stream();
            }
            return;
        }
        let Expr::Field(field) = expr else { return };
        let Some(error) = self.recorder.error_named(&field.base) else {
            return;
        };
        let member = match &field.member {
            syn::Member::Named(name) => name.unraw().to_string(),
            syn::Member::Unnamed(index) => index.index.to_string(),
        };
        let name = format_ident!("__part{}", self.recorder.temporaries, span = field.span());
        self.recorder.temporaries += 1;
        let ident = self.recorder.locals.bind(&name, false);
        let results = self.recorder.results();
        self.bindings
            .extend(quote! { let #ident = #results::field_of(&#error, #member); });
        *expr = parse_quote! { #name };
    }
}
