//! `TestState`.

use serde_json::{Value, json};

use crate::server::Server;

const TASK: &str = r#"{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Payload.$":"$"},"ResultSelector":{"p.$":"$.Payload"},"ResultPath":"$.r","Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":2,"MaxAttempts":2}],"Catch":[{"ErrorEquals":["Burnt"],"Next":"Clean"}],"Next":"Serve"}"#;

fn tested(mut request: Value) -> Value {
    request["definition"] = json!(TASK);
    Server::start().ok("TestState", request)
}

#[test]
fn the_data_of_each_stage_is_told() {
    let tested = tested(json!({
        "input": "{\"n\":1}",
        "inspectionLevel": "DEBUG",
        "mock": { "result": "{\"Payload\":7,\"StatusCode\":200}" },
    }));
    assert_eq!(
        tested,
        json!({
            "status": "SUCCEEDED",
            "output": "{\"n\":1,\"r\":{\"p\":7}}",
            "nextState": "Serve",
            "inspectionData": {
                "input": "{\"n\":1}",
                "afterInputPath": "{\"n\":1}",
                "afterParameters": "{\"FunctionName\":\"f\",\"Payload\":{\"n\":1}}",
                "result": "{\"Payload\":7,\"StatusCode\":200}",
                "afterResultSelector": "{\"p\":7}",
                "afterResultPath": "{\"n\":1,\"r\":{\"p\":7}}",
            },
        })
    );
}

#[track_caller]
fn check_error(error: &str, retries: u32, status: &str, details: Value) {
    let tested = tested(json!({
        "inspectionLevel": "DEBUG",
        "stateConfiguration": { "retrierRetryCount": retries },
        "mock": { "errorOutput": { "error": error, "cause": "why" } },
    }));
    assert_eq!(tested["status"], status, "{tested}");
    assert_eq!(
        tested["inspectionData"]
            .get("errorDetails")
            .unwrap_or(&Value::Null),
        &details
    );
    assert_eq!(
        (tested["error"].clone(), tested["cause"].clone()),
        (json!(error), json!("why"))
    );
}

#[test]
fn errors_are_retried_caught_or_final() {
    check_error(
        "Busy",
        0,
        "RETRIABLE",
        json!({ "retryIndex": 0, "retryBackoffIntervalSeconds": 2 }),
    );
    check_error(
        "Busy",
        1,
        "RETRIABLE",
        json!({ "retryIndex": 0, "retryBackoffIntervalSeconds": 4 }),
    );
    check_error("Busy", 2, "FAILED", json!({ "retryIndex": 0 }));
    check_error("Burnt", 0, "CAUGHT_ERROR", json!({ "catchIndex": 0 }));
    check_error("Else", 0, "FAILED", Value::Null);
}

#[test]
fn requests_that_make_no_sense_are_refused() {
    let server = Server::start();
    let check = |request: Value, code: &str, message: &str| {
        assert_eq!(
            server.refused("TestState", request),
            (code.to_owned(), message.to_owned())
        );
    };
    let mock = json!({ "result": "{}" });
    check(
        json!({ "definition": r#"{"Type":"Pass","End":true}"#, "mock": mock }),
        "ValidationException",
        "State type 'Pass' is not supported when a mock is specified",
    );
    check(
        json!({ "definition": TASK }),
        "ValidationException",
        "RoleArn must be specified when testing a Task state",
    );
    check(
        json!({ "definition": TASK, "mock": { "result": "{}", "errorOutput": {} } }),
        "ValidationException",
        "A test mock should have only one of the following fields: [result, errorOutput].",
    );
    check(
        json!({ "definition": TASK, "mock": { "result": "{\"StatusCode\":\"x\"}" } }),
        "ValidationException",
        "Mock result schema validation error: Field 'StatusCode' must be a number",
    );
    check(
        json!({ "definition": crate::server::PASS, "stateName": "Z" }),
        "ValidationException",
        "State not found in definition",
    );
}

#[test]
fn variables_are_found_and_set() {
    let definition = r#"{"Type":"Pass","QueryLanguage":"JSONata","Assign":{"y":"{% $x + 1 %}"},"Output":"{% $x %}","End":true}"#;
    let request =
        json!({ "definition": definition, "variables": "{\"x\":1}", "inspectionLevel": "TRACE" });
    let tested = Server::start().ok("TestState", request);
    assert_eq!(tested["output"], "1");
    assert_eq!(tested["inspectionData"]["variables"], "{\"x\":1,\"y\":2}");
}
