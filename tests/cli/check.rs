use expect_test::expect;

use crate::screen::{call, file, text};

#[test]
fn nothing_is_wrong() {
    call(&["check"]).check(expect![[""]]);
}

#[test]
fn the_configuration_is_looked_at() {
    let path = file("check.toml", "[steps.greet]\nconcurency = 2\n");
    call(&["check", "--config", text(&path)]).check(expect![[""]]);
}

#[test]
fn providers_are_looked_at() {
    call(&["check"])
        .variable("FIXTURE_WITHOUT_GREETING", "1")
        .check(expect![[""]]);
}

#[test]
fn findings_as_json() {
    call(&["check", "--json"])
        .variable("FIXTURE_WITHOUT_GREETING", "1")
        .check(expect![[""]]);
}

#[test]
fn a_code_is_explained() {
    let output = call(&["explain", "SFN-A101"]).output();
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("A state that nothing leads to."));
}

#[test]
fn an_unknown_code_is_refused() {
    call(&["explain", "SFN-X1"]).check(expect![[""]]);
}
