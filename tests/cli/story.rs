use expect_test::expect;

use crate::screen::call;

#[test]
fn without_arguments_a_program_tells_its_story() {
    call(&[])
        .variable("FIXTURE_STORY", "come-round")
        .check(expect![[""]]);
}

#[test]
fn a_story_that_fails_has_its_exit_code() {
    call(&[])
        .variable("FIXTURE_STORY", "fail")
        .check(expect![[""]]);
}

#[test]
fn with_arguments_the_story_is_not_told() {
    let output = call(&["explain", "SFN-A101"])
        .variable("FIXTURE_STORY", "come-round")
        .output();
    assert!(output.stderr.is_empty());
}
