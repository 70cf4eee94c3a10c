//! `.tolerate(3)` and `.tolerate("5%")`: how many items of a distributed map may fail.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, ExprMethodCall, Lit, spanned::Spanned};

use crate::diagnostics::Diagnostics;

/// How many items may fail.
#[derive(Clone, Copy)]
pub(crate) enum Failures {
    Items(u32),
    Percent(f64),
}

impl Failures {
    /// The runtime's value.
    pub(crate) fn tokens(self, root: &TokenStream) -> TokenStream {
        match self {
            Failures::Items(items) => quote! { #root::flow::Tolerated::Items(#items) },
            Failures::Percent(part) => quote! { #root::flow::Tolerated::Percent(#part) },
        }
    }
}

/// What stands in the parentheses: `3`, or `"5%"`.
pub(crate) fn tolerated(call: &ExprMethodCall, found: &mut Diagnostics) -> Option<Failures> {
    let read = match (call.args.first(), call.args.len()) {
        (Some(Expr::Lit(literal)), 1) => match &literal.lit {
            Lit::Int(number) => number.base10_parse().ok().map(Failures::Items),
            Lit::Str(text) => text
                .value()
                .strip_suffix('%')
                .and_then(|part| part.parse::<f64>().ok())
                .filter(|part| (0.0..=100.0).contains(part))
                .map(Failures::Percent),
            _ => None,
        },
        _ => None,
    };
    if read.is_none() {
        let span = match call.args.is_empty() {
            true => call.method.span(),
            false => call.args.span(),
        };
        found
            .error_at(span, "`tolerate` takes how many items may fail")
            .help("write `.tolerate(3)`, or `.tolerate(\"5%\")`");
    }
    read
}
