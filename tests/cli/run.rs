use expect_test::expect;

use crate::screen::{call, file, text};

const GUEST: &str = r#"{"name": "Ada", "times": 2, "mood": "glad"}"#;

#[test]
fn the_output_alone_is_on_standard_output() {
    call(&["run", "greet", "--input", GUEST]).check(expect![[r#"
        exit 0
        --- stdout
        "Hello, Ada! Hello, Ada!"
        --- stderr
        TIME ◐ execution · started
        TIME ◐ greet · entered
        TIME ✔ greet · done in TIME
        TIME ✔ execution · succeeded
    "#]]);
}

#[test]
fn without_a_view_there_is_nothing_but_the_output() {
    call(&["run", "greet", "-i", GUEST, "--view", "none"]).check(expect![[r#"
        exit 0
        --- stdout
        "Hello, Ada! Hello, Ada!"
    "#]]);
}

#[test]
fn the_input_may_be_a_file() {
    let path = file("guest.json", GUEST);
    let argument = format!("@{}", text(&path));
    call(&["run", "greet", "-i", &argument, "--view", "none"]).check(expect![[r#"
        exit 0
        --- stdout
        "Hello, Ada! Hello, Ada!"
    "#]]);
}

#[test]
fn the_input_may_come_from_standard_input() {
    call(&["run", "greet", "-i", "-", "--view", "none"])
        .reading(GUEST)
        .check(expect![[r#"
            exit 0
            --- stdout
            "Hello, Ada! Hello, Ada!"
        "#]]);
}

#[test]
fn the_result_as_an_object() {
    call(&[
        "run", "greet", "-i", GUEST, "--json", "--view", "none", "--name", "ada-1",
    ])
    .check(expect![[r#"
        exit 0
        --- stdout
        {
          "execution": "arn:aws:states:us-east-1:123456789012:execution:greet:ada-1",
          "workflow": "greet",
          "status": "SUCCEEDED",
          "started": "WHEN",
          "stopped": "WHEN",
          "output": "Hello, Ada! Hello, Ada!"
        }
    "#]]);
}

#[test]
fn a_failure_names_the_state_the_error_and_the_cause() {
    call(&["run", "fail", "-i", "\"x\"", "--view", "none"]).check(expect![[r#"
        exit 1
        --- stderr
        error: `fail` failed in state `fail_for_good` with `Trouble.Never`: the oven is cold
        and will stay so
    "#]]);
}

#[test]
fn a_failure_as_an_object() {
    call(&["run", "fail", "-i", "\"x\"", "--json", "--view", "none"]).check(expect![[r#"
        exit 1
        --- stdout
        {
          "execution": "arn:aws:states:us-east-1:123456789012:execution:fail:UUID",
          "workflow": "fail",
          "status": "FAILED",
          "started": "WHEN",
          "stopped": "WHEN",
          "error": "Trouble.Never",
          "cause": "the oven is cold\nand will stay so",
          "state": "fail_for_good"
        }
        --- stderr
        error: `fail` failed in state `fail_for_good` with `Trouble.Never`: the oven is cold
        and will stay so
    "#]]);
}

#[test]
fn retries_say_why_and_waits_are_skipped() {
    call(&["run", "come-round", "-i", "\"x\"", "--skip-waits"])
        // When a log comes among the events is left to chance.
        .variable("RUST_LOG", "off")
        .check(expect![[r#"
        exit 0
        --- stdout
        "x"
        --- stderr
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
fn a_caught_error_is_no_failure() {
    call(&["run", "catch", "-i", "\"x\""]).check(expect![[r#"
        exit 0
        --- stdout
        "x, nevertheless"
        --- stderr
        TIME ◐ execution · started
        TIME ◐ fail_for_good · entered
        TIME ✘ fail_for_good · attempt 1 failed: Trouble.Never: the oven is cold and will stay so
        TIME ▲ fail_for_good · error caught after TIME
        TIME ◐ make_the_best_of_it · entered
        TIME ✔ make_the_best_of_it · done in TIME
        TIME ✔ execution · succeeded
    "#]]);
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
    .check(expect![[r#"
        exit 124
        --- stderr
        error: `be-late` took longer than its workflow allows
    "#]]);
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
    call(&["run", "gret"]).check(expect![[r#"
        exit 2
        --- stderr
        error: no workflow is named `gret`
        help: did you mean `greet`?
        note: its workflows are `be-late`, `block-long`, `catch`, `come-round`, `double-all`, `fail`, `greet`, `panic`, `work-long`
        help: a crate that no code mentions is not linked: write `use my_steps as _;` in `main.rs`
    "#]]);
}

#[test]
fn malformed_json_is_pointed_at() {
    call(&["run", "greet", "-i", r#"{"name": "Ada" "times": 2}"#]).check(expect![[r#"
        exit 2
        --- stderr
        error: `--input` is not JSON: expected `,` or `}` at line 1, column 16
          {"name": "Ada" "times": 2}
                         ^
    "#]]);
}

#[test]
fn malformed_json_in_a_file_names_the_file() {
    let path = file(
        "broken.json",
        "{\n  \"name\": \"Ada\",\n  \"times\": 2,\n}\n",
    );
    let argument = format!("@{}", text(&path));
    call(&["run", "greet", "-i", &argument]).check(expect![[r#"
        exit 2
        --- stderr
        error: `FOLDER/broken.json` is not JSON: trailing comma at line 4, column 1
          }
          ^
    "#]]);
}

#[test]
fn a_missing_file_is_named() {
    call(&["run", "greet", "-i", "@nowhere.json"]).check(expect![[r#"
        exit 2
        --- stderr
        error: the input `nowhere.json` cannot be read: No such file or directory (os error 2)
    "#]]);
}

#[test]
fn an_input_of_the_wrong_type_names_the_field() {
    call(&[
        "run",
        "greet",
        "-i",
        r#"{"name": "Ada", "times": "two", "mood": "glad"}"#,
    ])
    .check(expect![[r#"
        exit 2
        --- stderr
        error: the input does not fit `greet`: `times`: expected a whole number from 0 to 255, found the text "two"
        help: an input looks like `{"name":"…","times":0,"mood":"glad"}`
    "#]]);
}

#[test]
fn a_missing_field_is_named() {
    call(&["run", "greet", "-i", r#"{"name": "Ada"}"#]).check(expect![[r#"
        exit 2
        --- stderr
        error: the input does not fit `greet`: missing field `times`
        help: an input looks like `{"name":"…","times":0,"mood":"glad"}`
    "#]]);
}

#[test]
fn without_input_a_sample_is_shown() {
    call(&["run", "greet"]).check(expect![[r#"
        exit 2
        --- stderr
        error: the input does not fit `greet`: missing field `name`
        help: an input looks like `{"name":"…","times":0,"mood":"glad"}`
    "#]]);
}

#[test]
fn an_unknown_variant_lists_the_known() {
    call(&[
        "run",
        "greet",
        "-i",
        r#"{"name": "Ada", "times": 2, "mood": "sad"}"#,
    ])
    .check(expect![[r#"
        exit 2
        --- stderr
        error: the input does not fit `greet`: `mood`: unknown variant `sad`, expected `glad` or `grumpy`
        help: an input looks like `{"name":"…","times":0,"mood":"glad"}`
    "#]]);
}

#[test]
fn an_unknown_key_of_the_configuration_is_refused() {
    let path = file("unknown-key.toml", "[steps.greet]\nconcurency = 2\n");
    call(&["run", "greet", "-i", GUEST, "--config", text(&path)]).check(expect![[r#"
        exit 3
        --- stderr
        error: FOLDER/unknown-key.toml:2:1: unknown key `concurency`
        help: did you mean `concurrency`? the keys of a step are `run`, `concurrency`, `timeout`, `memory`, `max_concurrency`, `storage`, `architecture`, `log_retention`, `role`, `policy`, `subnets`, `security_groups`, `environment`, `tags`
    "#]]);
}

#[test]
fn an_unknown_step_of_the_configuration_is_refused() {
    let path = file("unknown-step.toml", "[steps.gret]\nconcurrency = 2\n");
    call(&["run", "greet", "-i", GUEST, "--config", text(&path)]).check(expect![[r#"
        exit 3
        --- stderr
        error: FOLDER/unknown-step.toml:1:8: no step is named `gret`
        help: did you mean `greet`? the steps are `add`, `block_long`, `come_round`, `double`, `fail_for_good`, `greet`, `make_the_best_of_it`, `panic_at_once`, `work_long`
    "#]]);
}

#[test]
fn a_step_on_lambda_is_refused_before_anything_runs() {
    let path = file("lambda.toml", "[steps.greet]\nrun = \"lambda\"\n");
    call(&["run", "greet", "-i", GUEST, "--config", text(&path)]).check(expect![[r#"
        exit 3
        --- stderr
        error: step `greet` runs on Lambda (FOLDER/lambda.toml:2:7), and this program can run steps only here
        help: set `run = "here"` there, or the variable `SFN_STEPS__GREET__RUN=here`
    "#]]);
}

#[test]
fn what_nobody_provides_is_told_before_anything_runs() {
    call(&["run", "greet", "-i", GUEST])
        .variable("FIXTURE_WITHOUT_GREETING", "1")
        .check(expect![[r#"
            exit 3
            --- stderr
            error: step `greet` asks for `greeting: cli_fixture::Greeting`, which nobody provides
            help: give one at start-up: `sfn_runtime::app().provide(greeting)`
        "#]]);
}

#[test]
fn a_bad_name_is_refused() {
    call(&[
        "run", "greet", "-i", GUEST, "--name", "a/b", "--view", "none",
    ])
    .check(expect![[r#"
        exit 2
        --- stderr
        error: the execution could not be started: Invalid Name: 'a/b'
    "#]]);
}

#[test]
fn what_steps_log_is_shown_and_can_be_silenced() {
    let told = |level: Option<&str>| {
        let mut run = call(&[
            "run",
            "come-round",
            "-i",
            "\"x\"",
            "--skip-waits",
            "--view",
            "none",
        ]);
        if let Some(level) = level {
            run = run.variable("RUST_LOG", level);
        }
        String::from_utf8(run.output().stderr).expect("UTF-8")
    };
    assert_eq!(
        told(None),
        " INFO come_round, attempt 3: came round at attempt 3\n"
    );
    assert!(!told(Some("warn")).contains("came round"));
    assert_eq!(told(Some("off")), "");
    let doubtful = told(Some("cli_fixture=loud"));
    assert!(
        doubtful.contains("`RUST_LOG` is not understood"),
        "{doubtful}"
    );
}
