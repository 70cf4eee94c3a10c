use expect_test::expect;

use crate::screen::call;

#[test]
fn without_arguments_a_program_tells_its_story() {
    call(&[])
        .variable("FIXTURE_STORY", "come-round")
        .variable("RUST_LOG", "off")
        .check(expect![[r#"
            exit 0
            --- stdout
            "once"
            --- stderr
            $ cli-fixture run come-round --skip-waits --input '"once"'
            TIME ◐ execution · started
            TIME ◐ come_round · entered
            TIME ✘ come_round · attempt 1 failed: Trouble.Soon: not yet
            TIME ◐ come_round · attempt 2
            TIME ✘ come_round · attempt 2 failed: Trouble.Soon: not yet
            TIME ◐ come_round · attempt 3
            TIME ✔ come_round · done in TIME
            TIME ◐ wait 2 minutes · entered
            TIME ✔ wait 2 minutes · done in TIME
            TIME ✔ execution · succeeded
        "#]]);
}

#[test]
fn a_story_that_fails_has_its_exit_code() {
    call(&[])
        .variable("FIXTURE_STORY", "fail")
        .check(expect![[r#"
            exit 1
            --- stderr
            $ cli-fixture run fail --skip-waits --input '"once"'
            TIME ◐ execution · started
            TIME ◐ fail_for_good · entered
            TIME ✘ fail_for_good · attempt 1 failed: Trouble.Never: the oven is cold and will stay so
            TIME ✘ execution · failed: Trouble.Never: the oven is cold and will stay so
            error: `fail` failed in state `fail_for_good` with `Trouble.Never`: the oven is cold
            and will stay so
        "#]]);
}

#[test]
fn with_arguments_the_story_is_not_told() {
    let output = call(&["explain", "SFN-A101"])
        .variable("FIXTURE_STORY", "come-round")
        .output();
    assert!(output.stderr.is_empty());
}
