use expect_test::expect;

use crate::screen::{call, file, text};

const GUEST: &str = r#"{"name": "Ada", "times": 2, "mood": "glad"}"#;

#[test]
fn the_output_alone_is_on_standard_output() {
    call(&["run", "greet", "--input", GUEST]).check(expect![[""]]);
}

#[test]
fn without_a_view_there_is_nothing_but_the_output() {
    call(&["run", "greet", "-i", GUEST, "--view", "none"]).check(expect![[""]]);
}

#[test]
fn the_input_may_be_a_file() {
    let path = file("guest.json", GUEST);
    let argument = format!("@{}", text(&path));
    call(&["run", "greet", "-i", &argument, "--view", "none"]).check(expect![[""]]);
}

#[test]
fn the_input_may_come_from_standard_input() {
    call(&["run", "greet", "-i", "-", "--view", "none"])
        .reading(GUEST)
        .check(expect![[""]]);
}

#[test]
fn the_result_as_an_object() {
    call(&[
        "run", "greet", "-i", GUEST, "--json", "--view", "none", "--name", "ada-1",
    ])
    .check(expect![[""]]);
}

#[test]
fn a_failure_names_the_state_the_error_and_the_cause() {
    call(&["run", "fail", "-i", "\"x\"", "--view", "none"]).check(expect![[""]]);
}

#[test]
fn a_failure_as_an_object() {
    call(&["run", "fail", "-i", "\"x\"", "--json", "--view", "none"]).check(expect![[""]]);
}

#[test]
fn retries_say_why_and_waits_are_skipped() {
    call(&["run", "come-round", "-i", "\"x\"", "--skip-waits"]).check(expect![[""]]);
}

#[test]
fn a_caught_error_is_no_failure() {
    call(&["run", "catch", "-i", "\"x\""]).check(expect![[""]]);
}

#[test]
fn a_panic_is_a_failure_with_a_name() {
    let output = call(&["run", "panic", "-i", "\"x\"", "--view", "none"]).output();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(
        told.contains("error: `panic` failed in state `panic_at_once` with `Sfn.Panic`"),
        "{told}"
    );
    assert!(!told.contains("stack backtrace"), "{told}");
}

#[test]
fn an_execution_that_takes_too_long_has_a_code_of_its_own() {
    call(&[
        "run",
        "be-late",
        "-i",
        "\"x\"",
        "--skip-waits",
        "--view",
        "none",
    ])
    .check(expect![[""]]);
}

#[test]
fn a_map_runs_its_items() {
    let output = call(&["run", "double-all", "-i", "[1, 2, 3]"]).output();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "12\n");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("map · 3 items"), "{told}");
    assert!(told.contains("map[2] › double · entered"), "{told}");
}

#[test]
fn events_are_lines_of_json() {
    let output = call(&["run", "greet", "-i", GUEST, "--events", "--view", "none"]).output();
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is JSON"))
        .collect();
    assert_eq!(lines[0]["type"], "ExecutionStarted");
    let last = lines.last().expect("there are lines");
    assert_eq!(
        (&last["status"], &last["output"]),
        (&"SUCCEEDED".into(), &"Hello, Ada! Hello, Ada!".into())
    );
}

#[test]
fn an_unknown_workflow_lists_the_known() {
    call(&["run", "gret"]).check(expect![[""]]);
}

#[test]
fn malformed_json_is_pointed_at() {
    call(&["run", "greet", "-i", r#"{"name": "Ada" "times": 2}"#]).check(expect![[""]]);
}

#[test]
fn malformed_json_in_a_file_names_the_file() {
    let path = file(
        "broken.json",
        "{\n  \"name\": \"Ada\",\n  \"times\": 2,\n}\n",
    );
    let argument = format!("@{}", text(&path));
    call(&["run", "greet", "-i", &argument]).check(expect![[""]]);
}

#[test]
fn a_missing_file_is_named() {
    call(&["run", "greet", "-i", "@nowhere.json"]).check(expect![[""]]);
}

#[test]
fn an_input_of_the_wrong_type_names_the_field() {
    call(&[
        "run",
        "greet",
        "-i",
        r#"{"name": "Ada", "times": "two", "mood": "glad"}"#,
    ])
    .check(expect![[""]]);
}

#[test]
fn a_missing_field_is_named() {
    call(&["run", "greet", "-i", r#"{"name": "Ada"}"#]).check(expect![[""]]);
}

#[test]
fn without_input_a_sample_is_shown() {
    call(&["run", "greet"]).check(expect![[""]]);
}

#[test]
fn an_unknown_variant_lists_the_known() {
    call(&[
        "run",
        "greet",
        "-i",
        r#"{"name": "Ada", "times": 2, "mood": "sad"}"#,
    ])
    .check(expect![[""]]);
}

#[test]
fn an_unknown_key_of_the_configuration_is_refused() {
    let path = file("unknown-key.toml", "[steps.greet]\nconcurency = 2\n");
    call(&["run", "greet", "-i", GUEST, "--config", text(&path)]).check(expect![[""]]);
}

#[test]
fn an_unknown_step_of_the_configuration_is_refused() {
    let path = file("unknown-step.toml", "[steps.gret]\nconcurrency = 2\n");
    call(&["run", "greet", "-i", GUEST, "--config", text(&path)]).check(expect![[""]]);
}

#[test]
fn a_step_on_lambda_is_refused_before_anything_runs() {
    let path = file("lambda.toml", "[steps.greet]\nrun = \"lambda\"\n");
    call(&["run", "greet", "-i", GUEST, "--config", text(&path)]).check(expect![[""]]);
}

#[test]
fn what_nobody_provides_is_told_before_anything_runs() {
    call(&["run", "greet", "-i", GUEST])
        .variable("FIXTURE_WITHOUT_GREETING", "1")
        .check(expect![[""]]);
}

#[test]
fn a_bad_name_is_refused() {
    call(&[
        "run", "greet", "-i", GUEST, "--name", "a/b", "--view", "none",
    ])
    .check(expect![[""]]);
}
