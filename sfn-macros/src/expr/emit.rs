//! Understood expressions as calls of the runtime.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::{Lowered, mixed};

impl Lowered {
    /// An expression of type `E<_>`. `value` is the variable that holds the `E` of the value.
    pub(crate) fn emit(&self, root: &TokenStream, value: &Ident) -> TokenStream {
        match self {
            Lowered::Path(names) => quote! { #value.path(#names) },
            Lowered::Constant(constant) => quote! { #root::flow::constant(&(#constant)) },
            Lowered::Predicate(path, name) => {
                let holds = Ident::new("holds", mixed(path.span()));
                let asked = quote_spanned! {mixed(path.span())=>
                    #value.#holds::<<#path as #root::flow::Itself>::This>()
                };
                match name {
                    Some(name) => quote! { #asked.named(#name) },
                    None => asked,
                }
            }
            Lowered::Not(inner) => {
                let inner = inner.truth(root, value);
                quote! { #inner.not() }
            }
            Lowered::Binary(operator @ ("and" | "or"), left, right) => {
                let operator = Ident::new(operator, Span::mixed_site());
                let (left, right) = (left.truth(root, value), right.truth(root, value));
                quote! { #left.#operator(#right) }
            }
            Lowered::Binary(operator, left, right) => {
                let operator = Ident::new(operator, Span::mixed_site());
                let (left, right) = (left.emit(root, value), right.emit(root, value));
                quote! { #left.#operator(#right) }
            }
            Lowered::Method(method, receiver) => {
                let method = Ident::new(method, Span::mixed_site());
                let receiver = receiver.emit(root, value);
                quote! { #receiver.#method() }
            }
            Lowered::IsPath(subject, path) => {
                let last = path.segments.last().map(|last| last.ident.to_string());
                let subject = subject.emit(root, value);
                quote! { #subject.is_path(#last, || #path) }
            }
            Lowered::IsVariant(subject, variant) => {
                let variant = variant.to_string();
                let subject = subject.emit(root, value);
                quote! { #subject.is_variant(#variant) }
            }
        }
    }

    /// An expression of type `E<bool>`.
    pub(crate) fn truth(&self, root: &TokenStream, value: &Ident) -> TokenStream {
        let emitted = self.emit(root, value);
        match self {
            Lowered::Path(_) | Lowered::Constant(_) => quote! { #emitted.truth() },
            _ => emitted,
        }
    }
}
