//! `answer`, where nobody waits. Where somebody does, see the suite `examples`.
#![cfg(unix)]

use expect_test::expect;

use crate::screen::{call, folder, text};

#[test]
fn nothing_runs_here() {
    let empty = folder().join("nothing-runs");
    call(&["answer", "AAAA", "--output", "true"])
        .variable("XDG_RUNTIME_DIR", text(&empty))
        .check(expect![[r#"
            exit 5
            --- stderr
            error: no workflow runs here, so no task waits for an answer
            help: answer while `run` is at work, with the token as its step had it
            note: for a task on AWS, enable the feature `aws` of `sfn-runtime`: `cargo add sfn-runtime --features aws`
        "#]]);
}

#[test]
fn the_answer_must_be_json() {
    call(&["answer", "AAAA", "--output", "yes"]).check(expect![[r#"
        exit 2
        --- stderr
        error: `--output` is not JSON: expected a value at line 1, column 1
          yes
          ^
        help: a text needs its quotes: '"yes"'
    "#]]);
}

#[test]
fn a_service_that_is_named_is_asked_alone() {
    call(&[
        "answer",
        "AAAA",
        "--output",
        "true",
        "--endpoint",
        "http://127.0.0.1:1",
    ])
    .check(expect![[r#"
        exit 3
        --- stderr
        error: this program was built without AWS, so it cannot reach Step Functions at http://127.0.0.1:1
        help: enable the feature `aws` of `sfn-runtime`: `cargo add sfn-runtime --features aws`
    "#]]);
}
