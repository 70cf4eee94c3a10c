//! The macros of sfn: `#[step]`, `workflow!`, `#[workflow_test]`, and the derives `Payload` and `StepError`.
//!
//! They are documented where they are re-exported, in `sfn-runtime`.

mod diagnostics;
mod duration;
mod expr;
mod options;
mod payload;
mod retry;
mod root;
#[cfg(test)]
mod snapshot;
mod state_machine;
mod step;
mod step_error;
mod tolerate;
mod workflow;
mod workflow_test;

use proc_macro::TokenStream;

#[allow(
    missing_docs,
    reason = "documented where it is re-exported, so that its examples compile"
)]
#[proc_macro_attribute]
pub fn step(args: TokenStream, item: TokenStream) -> TokenStream {
    step::expand(args.into(), item.into()).into()
}

#[allow(
    missing_docs,
    reason = "documented where it is re-exported, so that its examples compile"
)]
#[proc_macro_attribute]
pub fn state_machine(args: TokenStream, item: TokenStream) -> TokenStream {
    state_machine::expand(args.into(), item.into()).into()
}

#[allow(
    missing_docs,
    reason = "documented where it is re-exported, so that its examples compile"
)]
#[proc_macro_derive(Payload, attributes(payload, serde))]
pub fn payload(item: TokenStream) -> TokenStream {
    payload::expand(item.into()).into()
}

#[allow(
    missing_docs,
    reason = "documented where it is re-exported, so that its examples compile"
)]
#[proc_macro_derive(StepError, attributes(step_error))]
pub fn step_error(item: TokenStream) -> TokenStream {
    step_error::expand(item.into()).into()
}

#[allow(
    missing_docs,
    reason = "documented where it is re-exported, so that its examples compile"
)]
#[proc_macro]
#[doc(hidden)]
pub fn both_ways(input: TokenStream) -> TokenStream {
    expr::both_ways(input.into()).into()
}

#[allow(
    missing_docs,
    reason = "documented where it is re-exported, so that its examples compile"
)]
#[proc_macro]
pub fn workflow(input: TokenStream) -> TokenStream {
    workflow::workflow(input.into()).into()
}

#[allow(
    missing_docs,
    reason = "documented where it is re-exported, so that its examples compile"
)]
#[proc_macro]
pub fn fragment(input: TokenStream) -> TokenStream {
    workflow::fragment(input.into()).into()
}

#[allow(
    missing_docs,
    reason = "documented where it is re-exported, so that its examples compile"
)]
#[proc_macro_attribute]
pub fn workflow_test(args: TokenStream, item: TokenStream) -> TokenStream {
    workflow_test::expand(args.into(), item.into()).into()
}
