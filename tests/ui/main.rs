//! What the macros refuse, and what they must accept.
//!
//! The messages are compared whole. After a change on purpose, write them anew with `TRYBUILD=overwrite`, and read
//! each: it stands on the user's own token, says what is wrong in the user's words, and shows a way out.

mod pass;

#[track_caller]
fn check(cases: &str) {
    trybuild::TestCases::new().compile_fail(cases);
}

#[test]
fn step() {
    check("ui/step/*.rs");
}

#[test]
fn payload() {
    check("ui/payload/*.rs");
}

#[test]
fn step_error() {
    check("ui/step_error/*.rs");
}

#[test]
fn workflow() {
    check("ui/workflow/*.rs");
}

#[test]
fn expressions() {
    check("ui/expressions/*.rs");
}

#[test]
fn state_machine() {
    check("ui/state_machine/*.rs");
}

#[test]
fn workflow_test() {
    check("ui/workflow_test/*.rs");
}
