//! The definitions beside the examples, and the pictures in their pages, are what the examples print: a change of one
//! shows in review.
//!
//! `SFN_BLESS=1 cargo test -p sfn-tests --test examples definitions` writes them anew.

use std::fs;

use crate::program::run;

#[track_caller]
fn check(example: &str, workflow: &str) {
    let root = crate::root();
    let path = root
        .join("examples")
        .join(example)
        .join(format!("{workflow}.asl.json"));
    let ended = run(example, &root, &["asl", workflow]);
    assert!(ended.success, "{}", ended.stderr);
    if std::env::var_os("SFN_BLESS").is_some() {
        fs::write(&path, &ended.stdout).expect("the definition can be written");
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        golden == ended.stdout,
        "{} is not what `asl {workflow}` prints; see this file's head.\n{}",
        path.display(),
        ended.stdout
    );
}

#[test]
fn every_workflow_of_the_examples_has_its_definition_beside_it() {
    check("pizza", "make-pizza");
    check("pizza", "tutorial-pizza");
    check("credit", "credit");
    check("earthquakes", "earthquakes");
    check("festival", "driest-month");
    check("festival", "book-festival");
    check("festival", "festival");
    check("order", "process-order");
    check("process-batch", "campaign");
    check("process-batch", "process-batch");
}

/// The picture of `workflow` in the example's README stands in the block behind `<!-- graph WORKFLOW -->`.
#[track_caller]
fn check_picture(example: &str, workflow: &str) {
    let root = crate::root();
    let path = root.join("examples").join(example).join("README.md");
    let page = fs::read_to_string(&path).expect("each example has its page");
    let ended = run(example, &root, &["graph", workflow]);
    assert!(ended.success, "{}", ended.stderr);
    let mark = format!("<!-- graph {workflow} -->\n\n```mermaid\n");
    let start = page.find(&mark).map(|at| at + mark.len());
    let start = start.unwrap_or_else(|| panic!("{} has no `{mark}`", path.display()));
    let end = start + page[start..].find("```\n").expect("the block ends");
    if std::env::var_os("SFN_BLESS").is_some() {
        let new = format!("{}{}{}", &page[..start], ended.stdout, &page[end..]);
        fs::write(&path, new).expect("the page can be written");
    } else {
        assert_eq!(page[start..end], ended.stdout, "{}", path.display());
    }
}

#[test]
fn every_page_has_the_picture_of_its_workflows() {
    check_picture("pizza", "make-pizza");
    check_picture("pizza", "tutorial-pizza");
    check_picture("credit", "credit");
    check_picture("earthquakes", "earthquakes");
    check_picture("festival", "driest-month");
    check_picture("festival", "book-festival");
    check_picture("festival", "festival");
    check_picture("order", "process-order");
    check_picture("process-batch", "campaign");
    check_picture("process-batch", "process-batch");
}

#[test]
fn the_retrier_of_the_credit_is_the_one_of_the_documents() {
    let path = crate::root().join("examples/credit/credit.asl.json");
    let text = fs::read_to_string(path).expect("the definition is in the repository");
    let machine: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let state = &machine["States"]["Get credit limit"];
    assert_eq!(
        state["Retry"][0],
        serde_json::json!({
            "ErrorEquals": [
                "Lambda.ServiceException",
                "Lambda.AWSLambdaException",
                "Lambda.SdkClientException",
                "Lambda.TooManyRequestsException"
            ],
            "IntervalSeconds": 2,
            "MaxAttempts": 6,
            "BackoffRate": 2.0
        })
    );
    assert_eq!(state["Next"], "Credit applied >= 5000?");
}
