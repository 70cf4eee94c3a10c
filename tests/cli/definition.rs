//! `asl` and `graph`.

use expect_test::expect;

use crate::screen::{call, folder, text};

#[test]
fn asl_is_what_step_functions_takes() {
    call(&["asl", "fail"]).check(expect![[r#"
        exit 0
        --- stdout
        {
          "QueryLanguage": "JSONata",
          "TimeoutSeconds": 31536000,
          "StartAt": "fail_for_good",
          "States": {
            "fail_for_good": {
              "Type": "Task",
              "Comment": "Fails for good.",
              "Resource": "arn:aws:states:us-east-1:123456789012:activity:cli-fixture-fail_for_good-1479c525",
              "Arguments": {
                "input": {
                  "word": "{% $states.input %}"
                },
                "context": {
                  "execution": "{% $states.context.Execution.Id %}",
                  "name": "{% $states.context.Execution.Name %}",
                  "state": "{% $states.context.State.Name %}",
                  "attempt": "{% $states.context.State.RetryCount %}",
                  "started": "{% $states.context.Execution.StartTime %}"
                }
              },
              "End": true
            }
          }
        }
    "#]]);
}

#[test]
fn compact_asl_is_one_line_of_the_same() {
    let pretty = call(&["asl", "catch"]).output().stdout;
    let compact = call(&["asl", "catch", "--compact"]).output().stdout;
    assert_eq!(compact.iter().filter(|byte| **byte == b'\n').count(), 1);
    let read =
        |text: &[u8]| -> serde_json::Value { serde_json::from_slice(text).expect("it is JSON") };
    assert_eq!(read(&pretty), read(&compact));
}

#[test]
fn graph_in_mermaid() {
    call(&["graph", "catch"]).check(expect![[r#"
        exit 0
        --- stdout
        flowchart TD
            start((" "))
            s0["fail_for_good"]
            s1["make_the_best_of_it"]
            s0 -.->|"Trouble.Never"| s1
            start --> s0
            finish(((" ")))
            s0 --> finish
            s1 --> finish
    "#]]);
}

#[test]
fn graph_in_dot() {
    call(&["graph", "double-all", "-f", "dot"]).check(expect![[r#"
        exit 0
        --- stdout
        digraph "double-all" {
          compound=true; rankdir=TB; fontname="sans-serif";
          node [shape=box style="rounded,filled" fillcolor=white fontname="sans-serif"];
          edge [fontname="sans-serif" fontsize=10];
          subgraph cluster_s0 {
            label="map"; style=rounded;
            s1 [label="double"];
          }
          s2 [label="add"];
          s1 -> s2 [ltail=cluster_s0];
          start [shape=circle label="" width=0.2 fillcolor=black];
          start -> s1 [lhead=cluster_s0];
          finish [shape=doublecircle label="" width=0.2 fillcolor=black];
          s2 -> finish;
        }
    "#]]);
}

#[test]
fn graph_as_a_file() {
    let path = folder().join("catch.svg");
    call(&["graph", "catch", "-f", "svg", "-o", text(&path)]).check(expect![[r#"
        exit 0
    "#]]);
    let svg = std::fs::read_to_string(&path).expect("it was written");
    assert!(
        svg.starts_with("<svg ") && svg.contains("make_the_best_of_it"),
        "{svg}"
    );
}

#[test]
fn a_picture_that_cannot_be_written() {
    call(&["graph", "catch", "-o", "no/such/folder.svg"]).check(expect![[r#"
        exit 2
        --- stderr
        error: the picture cannot be written to `no/such/folder.svg`: No such file or directory (os error 2)
    "#]]);
}

#[test]
fn a_graph_of_nothing_is_refused() {
    call(&["graph"]).check(expect![[r#"
        exit 2
        --- stderr
        error: `graph` needs the name of a workflow
        note: its workflows are `be-late`, `block-long`, `catch`, `come-round`, `double-all`, `fail`, `greet`, `panic`, `work-long`
        help: say `cli-fixture graph be-late`
    "#]]);
}

#[test]
#[cfg(not(feature = "aws"))]
fn an_execution_on_aws_needs_the_feature() {
    call(&[
        "graph",
        "catch",
        "--execution",
        "arn:aws:states:eu-west-1:123456789012:execution:a:b",
    ])
    .check(expect![[r#"
        exit 3
        --- stderr
        error: this program was built without AWS, so it cannot reach Step Functions
        help: enable the feature `aws` of `sfn-runtime`: `cargo add sfn-runtime --features aws`
    "#]]);
}
