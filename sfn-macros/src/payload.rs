//! `#[derive(Payload)]`: serde's names, known to the macros.

mod case;
mod check;
mod expand;
mod parse;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::diagnostics::Diagnostics;

/// The implementation of `Payload`, or what stands against it.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let mut found = Diagnostics::default();
    let input = found.keep(syn::parse2::<DeriveInput>(item));
    let payload = input.and_then(|input| check::check(input, &mut found));
    let implementation = payload.map(|payload| expand::implementation(&payload));
    let errors = found.into_compile_errors();
    quote! { #implementation #errors }
}
