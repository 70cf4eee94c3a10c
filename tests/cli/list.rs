use expect_test::expect;

use crate::screen::{call, file, text};

#[test]
fn workflows_and_steps() {
    call(&["list"]).check(expect![[""]]);
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
    expect![[""]].assert_eq(&format!("{:#}", without_place(step)));
}

fn without_place(step: &serde_json::Value) -> serde_json::Value {
    let mut step = step.clone();
    step.as_object_mut()
        .expect("a step is an object")
        .remove("line");
    step
}
