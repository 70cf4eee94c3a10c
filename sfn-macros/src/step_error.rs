//! `#[derive(StepError)]`: a stable name for each error of a step.

mod check;
mod expand;
mod parse;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::diagnostics::Diagnostics;

/// The implementation of `StepError`, or what stands against it.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let mut found = Diagnostics::default();
    let input = found.keep(syn::parse2::<DeriveInput>(item));
    let error = input.and_then(|input| check::check(input, &mut found));
    let implementation = error.map(|error| expand::implementation(&error));
    let errors = found.into_compile_errors();
    quote! { #implementation #errors }
}
