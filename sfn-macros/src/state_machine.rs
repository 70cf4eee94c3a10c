//! `#[state_machine]`: a function whose body becomes states.
//!
//! The function is emitted twice: as ordinary Rust, which rustc checks and a plain call runs ([`shadow`]), and as calls that
//! record it ([`body`]), from which the runtime writes the states.

mod body;
mod check;
mod expand;
mod parse;
mod shadow;
#[cfg(test)]
mod tests;
mod words;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{ItemFn, parse::Parser};

use crate::diagnostics::Diagnostics;

/// The function as ordinary Rust, and beside it the state machine.
pub(crate) fn expand(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut found = Diagnostics::default();
    let args = (|input: syn::parse::ParseStream<'_>| Ok(parse::Args::read(input, &mut found)))
        .parse2(args);
    let args = found.keep(args);
    let function = match parse::function(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            found.syntax(&error);
            let errors = found.into_compile_errors();
            // Editors complete in what they are given.
            return quote! { #item #errors };
        }
    };
    let machine = args.map(|args| check::check(args, &function, &mut found));
    let Some(machine) = machine else {
        let errors = found.into_compile_errors();
        return quote! { #function #errors };
    };
    let record = body::record(&machine, &function.block, &mut found);
    let plain = plain(&machine, &function, &found);
    let beside = if found.is_empty() {
        expand::machine(&machine, &record)
    } else {
        expand::broken(&machine)
    };
    let errors = found.into_compile_errors();
    quote! { #plain #beside #errors }
}

/// The ordinary function, also where the states cannot be written.
fn plain(machine: &check::Machine, function: &ItemFn, found: &Diagnostics) -> TokenStream {
    shadow::function(machine, function, found.is_empty())
}
