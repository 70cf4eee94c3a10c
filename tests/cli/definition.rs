//! `asl` and `graph`.

use expect_test::expect;

use crate::screen::{call, folder, text};

#[test]
fn asl_is_what_step_functions_takes() {
    call(&["asl", "fail"]).check(expect![[""]]);
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
    call(&["graph", "catch"]).check(expect![[""]]);
}

#[test]
fn graph_in_dot() {
    call(&["graph", "double-all", "-f", "dot"]).check(expect![[""]]);
}

#[test]
fn graph_as_a_file() {
    let path = folder().join("catch.svg");
    call(&["graph", "catch", "-f", "svg", "-o", text(&path)]).check(expect![[""]]);
    let svg = std::fs::read_to_string(&path).expect("it was written");
    assert!(
        svg.starts_with("<svg ") && svg.contains("make_the_best_of_it"),
        "{svg}"
    );
}

#[test]
fn a_picture_that_cannot_be_written() {
    call(&["graph", "catch", "-o", "no/such/folder.svg"]).check(expect![[""]]);
}

#[test]
fn a_graph_of_nothing_is_refused() {
    call(&["graph"]).check(expect![[""]]);
}

#[test]
fn an_execution_on_aws_needs_the_feature() {
    call(&[
        "graph",
        "catch",
        "--execution",
        "arn:aws:states:eu-west-1:123456789012:execution:a:b",
    ])
    .check(expect![[""]]);
}
