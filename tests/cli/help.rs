use expect_test::expect;

use crate::screen::call;

#[test]
fn without_a_command_there_is_help_and_no_success() {
    call(&[]).check(expect![[""]]);
}

#[test]
fn help_is_an_answer() {
    let output = call(&["--help"]).output();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty());
}

#[test]
fn each_command_has_help() {
    for command in [
        "run", "list", "check", "asl", "graph", "history", "work", "explain",
    ] {
        let output = call(&[command, "--help"]).output();
        assert_eq!(output.status.code(), Some(0), "{command}");
        let text = String::from_utf8(output.stdout).expect("help is UTF-8");
        assert!(
            text.contains(&format!("Usage: cli-fixture {command}")),
            "{text}"
        );
    }
}

#[test]
fn help_on_run() {
    call(&["run", "--help"]).check(expect![[""]]);
}

#[test]
fn the_version_is_the_programs() {
    call(&["--version"]).check(expect![[""]]);
}

#[test]
fn an_unknown_command_has_its_near_miss() {
    call(&["lits"]).check(expect![[""]]);
}

#[test]
fn an_unknown_option_has_its_near_miss() {
    call(&["run", "greet", "--skip-wait"]).check(expect![[""]]);
}

#[test]
fn an_unknown_format_lists_the_known() {
    call(&["graph", "greet", "--format", "png"]).check(expect![[""]]);
}
