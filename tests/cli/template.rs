//! What `cargo sfn new` writes: it was compiled as `cli-template`, and this is its story.

use expect_test::expect;

use crate::screen::{call_of, screen};

#[test]
fn a_new_project_tells_its_story() {
    let output = call_of(env!("CARGO_BIN_EXE_cli-template"), &[])
        .variable("RUST_LOG", "off")
        .output();
    assert_eq!(output.status.code(), Some(0), "{}", screen(&output));
    expect![[r#"
        {
          "greetings": [
            "Hello, Ada!",
            "Hello, Grace!",
            "Hello, Margaret!"
          ]
        }
    "#]]
    .assert_eq(&String::from_utf8_lossy(&output.stdout));
}

#[test]
fn its_failure_is_the_one_it_promises() {
    let output = call_of(
        env!("CARGO_BIN_EXE_cli-template"),
        &[
            "run",
            "greet-guests",
            "-i",
            r#"{"names": []}"#,
            "--view",
            "none",
        ],
    );
    output.check(expect![[r#"
        exit 1
        --- stderr
        error: `greet-guests` failed in state `NobodyCame` with `NobodyCame`: the list of guests is empty
    "#]]);
}
