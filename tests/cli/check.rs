use expect_test::expect;

use crate::screen::{call, file, text};

#[test]
fn nothing_is_wrong() {
    call(&["check"]).check(expect![[r#"
        exit 0
        --- stdout
        9 workflows, 9 steps: nothing to complain about, 12 notes (`--notes` shows them)
    "#]]);
}

#[test]
fn the_configuration_is_looked_at() {
    let path = file("check.toml", "[steps.greet]\nconcurency = 2\n");
    call(&["check", "--config", text(&path)]).check(expect![[r#"
        exit 3
        --- stdout
        error: FOLDER/check.toml:2:1: unknown key `concurency`
        help: did you mean `concurrency`? the keys of a step are `run`, `concurrency`, `timeout`, `memory`, `max_concurrency`, `storage`, `architecture`, `log_retention`, `role`, `policy`, `subnets`, `security_groups`, `environment`, `tags`
        9 workflows, 9 steps: 1 error, 12 notes (`--notes` shows them)
    "#]]);
}

#[test]
fn each_mistake_of_the_configuration_counts() {
    let path = file("check-two.toml", "[step]\n[steps]\nconcurrency = 0\n");
    call(&["check", "--config", text(&path)]).check(expect![[r#"
        exit 3
        --- stdout
        error: FOLDER/check-two.toml:1:2: unknown key `step`
        help: did you mean `steps`? the keys are `app`, `steps`, `workflows`, `deploy`, `env`
        error: FOLDER/check-two.toml:3:15: `concurrency` is a number from 1 to 1000, not `0`
        9 workflows, 9 steps: 2 errors, 12 notes (`--notes` shows them)
    "#]]);
}

#[test]
fn providers_are_looked_at() {
    call(&["check"])
        .variable("FIXTURE_WITHOUT_GREETING", "1")
        .check(expect![[r#"
            exit 3
            --- stdout
            error: step `greet` asks for `greeting: cli_fixture::Greeting`, which nobody provides
            help: give one at start-up: `sfn_runtime::app().provide(greeting)`
            9 workflows, 9 steps: 1 error, 12 notes (`--notes` shows them)
        "#]]);
}

#[test]
fn findings_as_json() {
    call(&["check", "--json"])
        .variable("FIXTURE_WITHOUT_GREETING", "1")
        .check(expect![[r#"
            exit 3
            --- stdout
            [
              {
                "workflow": null,
                "source": null,
                "severity": "error",
                "code": null,
                "place": null,
                "message": "step `greet` asks for `greeting: cli_fixture::Greeting`, which nobody provides",
                "help": "give one at start-up: `sfn_runtime::app().provide(greeting)`"
              }
            ]
        "#]]);
}

#[test]
fn a_code_is_explained() {
    let output = call(&["explain", "SFN-A101"]).output();
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("A state that nothing leads to."));
}

#[test]
fn an_unknown_code_is_refused() {
    call(&["explain", "SFN-X1"]).check(expect![[r#"
        exit 2
        --- stderr
        error: there is no code `SFN-X1`
        help: `explain` without a code lists them all
    "#]]);
}

#[test]
fn a_code_that_is_nearly_one_is_told() {
    call(&["explain", "sfn-a101x"]).check(expect![[r#"
        exit 2
        --- stderr
        error: there is no code `sfn-a101x`
        help: did you mean `SFN-A101`?
        help: `explain` without a code lists them all
    "#]]);
}

#[test]
fn without_a_code_all_are_listed() {
    let output = call(&["explain"]).output();
    assert_eq!(output.status.code(), Some(0));
    let listed = String::from_utf8(output.stdout).expect("the list is UTF-8");
    assert!(
        listed.contains("\nSFN-A101  A state that nothing leads to.\n"),
        "{listed}"
    );
}

#[test]
fn notes_are_shown_when_they_are_asked_for() {
    let output = call(&["check", "--notes"]).output();
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        text.contains("note[SFN-L201]: nothing catches `Trouble.Never` of `fail_for_good`"),
        "{text}"
    );
    assert!(
        text.ends_with("nothing to complain about, 12 notes\n"),
        "{text}"
    );
}

#[test]
fn a_lint_is_explained() {
    let output = call(&["explain", "sfn-l201"]).output();
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("An error that nothing"));
}
