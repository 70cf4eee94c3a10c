use expect_test::expect;

use crate::screen::{call, file, folder, text};

/// Runs a workflow and keeps its history in a file.
fn recorded(name: &str, workflow: &str) -> std::path::PathBuf {
    let path = folder().join(name);
    let output = call(&[
        "run",
        workflow,
        "-i",
        "\"x\"",
        "--skip-waits",
        "--view",
        "none",
        "--save-history",
        text(&path),
    ])
    .output();
    assert!(path.exists(), "{}", String::from_utf8_lossy(&output.stderr));
    path
}

#[test]
fn a_line_an_event() {
    let path = recorded("events.json", "fail");
    call(&["history", text(&path)]).check(expect![[""]]);
}

#[test]
fn a_line_a_state() {
    let path = recorded("states.json", "come-round");
    call(&["history", text(&path), "--states"]).check(expect![[""]]);
}

#[test]
fn for_spreadsheets() {
    let path = recorded("csv.json", "fail");
    let output = call(&["history", text(&path), "--csv"]).output();
    let table = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(
        table
            .lines()
            .any(|line| line.contains("ActivityFailed") && line.contains("Trouble.Never")),
        "{table}"
    );
}

#[test]
fn for_programs() {
    let path = recorded("json.json", "catch");
    let output = call(&["history", text(&path), "--json"]).output();
    let events: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(events[0]["type"], "ExecutionStarted");
}

#[test]
fn a_run_is_drawn_in_its_colours() {
    let path = recorded("graph.json", "catch");
    call(&["graph", "--history", text(&path)]).check(expect![[""]]);
}

#[test]
fn a_history_of_another_workflow_is_refused() {
    let path = recorded("other.json", "catch");
    call(&["graph", "fail", "--history", text(&path)]).check(expect![[""]]);
}

#[test]
fn a_file_that_is_no_history() {
    let path = file("no-history.json", "[1, 2]");
    call(&["history", text(&path)]).check(expect![[""]]);
}

#[test]
fn a_file_that_is_not_there() {
    call(&["history", "nowhere.json"]).check(expect![[""]]);
}
