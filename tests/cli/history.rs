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
    call(&["history", text(&path)]).check_table(expect![[r#"
        exit 0
        --- stdout
        id  at  state  event  took  error
        1  TIME  ExecutionStarted
        2  TIME  fail_for_good  TaskStateEntered
        3  TIME  fail_for_good  ActivityScheduled
        4  TIME  fail_for_good  ActivityStarted
        5  TIME  fail_for_good  ActivityFailed  Trouble.Never: the oven is cold and will stay so
        6  TIME  ExecutionFailed  TIME  Trouble.Never: the oven is cold and will stay so
    "#]]);
}

#[test]
fn a_line_a_state() {
    let path = recorded("states.json", "come-round");
    call(&["history", text(&path), "--states"]).check_table(expect![[r#"
        exit 0
        --- stdout
        state  status  runs  attempts  took  error
        come_round  succeeded  1  3  TIME  Trouble.Soon
        wait 2 minutes  succeeded  1  1  TIME
    "#]]);
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
    call(&["graph", "--history", text(&path)]).check(expect![[r#"
        exit 0
        --- stdout
        flowchart TD
            start((" "))
            s0["fail_for_good<br/><small>Trouble.Never</small>"]:::caught
            s1["make_the_best_of_it"]:::ok
            s0 -.->|"Trouble.Never"| s1
            start --> s0
            finish(((" ")))
            s0 --> finish
            s1 --> finish
            classDef idle fill:#ffffff,stroke:#6b7280,color:#111827
            classDef running fill:#dbeafe,stroke:#2563eb,color:#111827
            classDef ok fill:#dcfce7,stroke:#16a34a,color:#111827
            classDef failed fill:#fee2e2,stroke:#dc2626,color:#111827
            classDef caught fill:#ffedd5,stroke:#ea580c,color:#111827
    "#]]);
}

#[test]
fn a_history_of_another_workflow_is_refused() {
    let path = recorded("other.json", "catch");
    call(&["graph", "fail", "--history", text(&path)]).check(expect![[r#"
        exit 2
        --- stderr
        error: the history is one of `catch`, not of `fail`
    "#]]);
}

#[test]
fn a_file_that_is_no_history() {
    let path = file("no-history.json", "[1, 2]");
    call(&["history", text(&path)]).check(expect![[r#"
        exit 2
        --- stderr
        error: `FOLDER/no-history.json` is no history of `run --save-history`: invalid type: integer `1`, expected a string at line 1 column 2
    "#]]);
}

#[test]
fn a_file_that_is_not_there() {
    call(&["history", "nowhere.json"]).check(expect![[r#"
        exit 2
        --- stderr
        error: the history `nowhere.json` cannot be read: No such file or directory (os error 2)
        help: name a file of `run --save-history`, or an execution on AWS: its ARN, or `WORKFLOW/NAME`
    "#]]);
}
