use expect_test::expect;

use crate::screen::{call, file, text};

#[test]
fn workflows_and_steps() {
    call(&["list"]).check(expect![[r#"
        exit 0
        --- stdout
        workflows
          be-late     String → String      tests/cli/fixture.rs:LINE
          block-long  String → String      tests/cli/fixture.rs:LINE
          catch       String → String      tests/cli/fixture.rs:LINE
          come-round  String → String      tests/cli/fixture.rs:LINE
          double-all  [integer] → integer  tests/cli/fixture.rs:LINE
          fail        String → String      tests/cli/fixture.rs:LINE
          greet       Guest → String       tests/cli/fixture.rs:LINE
          panic       String → String      tests/cli/fixture.rs:LINE
          work-long   String → String      tests/cli/fixture.rs:LINE
        steps
          add                  here ×1                            Adds all numbers.
          block_long           here ×1                            Works and cannot be stopped.
          come_round           here ×1  retry 5× on Trouble.Soon  Succeeds at the third attempt.
          double               here ×1                            Doubles a number.
          fail_for_good        here ×1                            Fails for good.
          greet                here ×1  at most TIME                Greets a guest.
          make_the_best_of_it  here ×1                            Makes the best of an error.
          panic_at_once        here ×1                            Breaks its own promise.
          work_long            here ×1                            Works until it is stopped.
    "#]]);
}

#[test]
fn where_steps_run_is_told() {
    let path = file(
        "list.toml",
        "[steps]\nconcurrency = 3\n\n[steps.greet]\nrun = \"lambda\"\n",
    );
    let output = call(&["list", "--config", text(&path)]).output();
    let told = String::from_utf8(output.stdout).expect("UTF-8");
    let row = |name: &str| {
        told.lines()
            .find(|line| line.trim_start().starts_with(name))
            .map(str::to_owned)
    };
    assert!(
        row("double ").is_some_and(|row| row.contains("here ×3")),
        "{told}"
    );
    assert!(told.contains("lambda"), "{told}");
}

#[test]
fn all_that_is_known_as_json() {
    let output = call(&["list", "--json"]).output();
    let all: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let steps = all["steps"].as_array().expect("steps are a list");
    let step = steps
        .iter()
        .find(|step| step["name"] == "come_round")
        .expect("it is listed");
    expect![[r#"
        {
          "name": "come_round",
          "function": "cli_fixture::come_round",
          "doc": "Succeeds at the third attempt.",
          "runs": "here",
          "concurrency": 1,
          "parameters": [
            "word"
          ],
          "injected": [
            "context"
          ],
          "errors": [
            "Trouble.Soon",
            "Trouble.Never"
          ],
          "retries": [
            {
              "on": [
                "Trouble.Soon"
              ],
              "interval_seconds": 20,
              "max_attempts": 5,
              "backoff": 2.0
            }
          ],
          "timeout_seconds": null,
          "heartbeat_seconds": null,
          "file": "tests/cli/fixture.rs"
        }"#]]
    .assert_eq(&format!("{:#}", without_place(step)));
}

fn without_place(step: &serde_json::Value) -> serde_json::Value {
    let mut step = step.clone();
    step.as_object_mut()
        .expect("a step is an object")
        .remove("line");
    step
}
