//! Names: `let` and patterns.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Expr, Local, Pat, ext::IdentExt};

use super::{Caught, Recorder, body_ident, is_upper, variable};
use crate::expr::{self, pattern_names};

impl Recorder<'_> {
    pub(super) fn local(&mut self, local: &Local, out: &mut TokenStream) {
        let (pat, ty) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty)),
            other => (other, None),
        };
        let Some(init) = &local.init else {
            self.found
                .refuse(
                    &local.let_token,
                    "SFN0101",
                    "a `let` of a state machine needs its value",
                )
                .note("a variable of a state machine is made by the state that knows its value")
                .help("give it its value here: `let x = if … { … } else { … };`");
            self.bind_unknown(pat);
            return;
        };
        if let Some((_, diverge)) = &init.diverge {
            return self.let_else(pat, &init.expr, diverge, out);
        }
        let value = self.value_as(&init.expr, ty, out);
        self.bind_pattern(pat, value, &init.expr, out);
        self.note_type(pat, ty);
    }

    /// Binds names whose value was refused, so that nothing more is said of them.
    pub(super) fn bind_unknown(&mut self, pat: &Pat) {
        for name in pattern_names(pat) {
            self.locals.bind(&name, true);
            self.mark(&name, Caught::Perhaps);
        }
    }

    /// `let mut`: the variable, and the expression that reads it.
    pub(super) fn declare(
        &mut self,
        ident: &Ident,
        name: &str,
        value: &TokenStream,
        out: &mut TokenStream,
    ) {
        let (body, variable) = (body_ident(), variable(ident));
        out.extend(quote! {
            let #variable = #body.declare_mut(#name, #value);
            let #ident = #variable.get();
        });
    }

    /// Binds the names of a pattern that always matches.
    pub(super) fn bind_pattern(
        &mut self,
        pat: &Pat,
        value: TokenStream,
        of: &Expr,
        out: &mut TokenStream,
    ) {
        let body = body_ident();
        match pat {
            Pat::Wild(_) => {
                out.extend(quote! { let _ = #value; });
            }
            Pat::Paren(inner) => self.bind_pattern(&inner.pat, value, of, out),
            Pat::Ident(name) if name.subpat.is_none() && !is_upper(&name.ident) => {
                let text = name.ident.unraw().to_string();
                let mutable = name.mutability.is_some();
                let ident = self.locals.bind(&name.ident, mutable);
                self.mark(&name.ident, Caught::No);
                if mutable {
                    self.declare(&ident, &text, &value, out);
                } else {
                    out.extend(quote! { let #ident = #body.bind(#text, #value); });
                }
            }
            other => {
                let whole = self.temporary();
                // What may change later is kept as it is now.
                let value = match self.reads_mutable(of) {
                    true => quote! { #body.bind("value", #value) },
                    false => value,
                };
                out.extend(quote! { let #whole = #value; });
                let matched = expr::body_pattern(
                    other,
                    &quote! { #whole.clone() },
                    &mut self.locals,
                    self.root,
                    self.found,
                );
                let Some(matched) = matched else {
                    return self.bind_unknown(other);
                };
                out.extend(matched.bindings);
                self.keep_names(other, out);
            }
        }
    }

    /// Makes variables of the names that a pattern has bound to expressions.
    pub(super) fn keep_names(&mut self, pat: &Pat, out: &mut TokenStream) {
        let body = body_ident();
        for name in pattern_names(pat) {
            let Some(local) = self.locals.get(&name) else {
                continue;
            };
            let (ident, mutable) = (local.ident.clone(), local.mutable);
            self.mark(&name, Caught::No);
            let text = name.unraw().to_string();
            if mutable {
                let value = quote! { #ident };
                self.declare(&ident, &text, &value, out);
            } else {
                out.extend(quote! { let #ident = #body.bind(#text, #ident); });
            }
        }
    }
}
