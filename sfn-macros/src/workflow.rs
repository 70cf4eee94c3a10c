//! `workflow!` and `fragment!`: pipelines of steps as expressions.

mod check;
mod choose;
mod expand;
mod options;
mod parse;
mod repair;
mod stage;
mod verbs;

use proc_macro2::TokenStream;

use crate::{diagnostics::Diagnostics, root::Root};

/// `workflow!(name = "…", stage, …)`: the value of a `static`.
pub(crate) fn workflow(input: TokenStream) -> TokenStream {
    expand(input, parse::Form::Workflow)
}

/// `fragment!(stage, …)`: stages to include in workflows.
pub(crate) fn fragment(input: TokenStream) -> TokenStream {
    expand(input, parse::Form::Fragment)
}

fn expand(input: TokenStream, form: parse::Form) -> TokenStream {
    let mut found = Diagnostics::default();
    let written = parse::parse(input, form, &mut found);
    let head = check::head(&written, form, &mut found);
    let stages = check::stages(&written.stages, &mut found);
    check::names(&stages, &mut found);
    // What was written is expanded even when it is wrong: editors complete in it, and `static`s keep their types.
    let checked = found.is_empty();
    let errors = found.into_compile_errors();
    match form {
        parse::Form::Workflow => expand::workflow(&head, &stages, checked, &errors),
        parse::Form::Fragment => expand::fragment(&head, &stages, checked, &errors),
    }
}

/// The runtime's path, as tokens.
fn root(root: &Root) -> TokenStream {
    quote::quote! { #root }
}
