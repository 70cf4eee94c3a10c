//! `TestState`.

use serde_json::{Value, json};
use sfn_engine::{Answer, IntegrationCall, Integrations, Response};

use crate::server::{Server, text};

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

/// Answers for every service: with what it was asked.
struct Echo;

impl Integrations for Echo {
    fn call(&self, call: &IntegrationCall) -> Option<Response> {
        let answer = match (&*call.service, &*call.action) {
            ("http", _) => r#"{"StatusCode":200,"StatusText":"OK","Headers":{"x":["1"]},"ResponseBody":{"b":2}}"#.to_owned(),
            _ => format!(r#"{{"{}":{}}}"#, call.action, call.input),
        };
        Some(Response::Now(Answer::Success(answer).into()))
    }
}

const ROLE: &str = "arn:aws:iam::123456789012:role/r";

#[test]
fn a_task_without_a_mock_is_asked_of_whoever_answers_for_the_service() {
    let server = Server::with(|builder| builder.integrations(Echo));
    let state = json!({
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage",
        "Parameters": { "QueueUrl": "q", "MessageBody.$": "$.m" }, "Next": "Other"
    });
    let body =
        json!({ "definition": state.to_string(), "roleArn": ROLE, "input": r#"{"m":"hello"}"# });
    let tested = server.ok("TestState", body);
    assert_eq!(tested["status"], "SUCCEEDED", "{tested}");
    assert_eq!(tested["nextState"], "Other");
    let output: Value = serde_json::from_str(&text(&tested["output"])).expect("JSON");
    let asked = json!({ "QueueUrl": "q", "MessageBody": "hello" });
    assert_eq!(output, json!({ "sendMessage": asked }));

    let alone = Server::start();
    let body = json!({ "definition": state.to_string(), "roleArn": ROLE, "input": r#"{"m":1}"# });
    let tested = alone.ok("TestState", body);
    assert_eq!(tested["error"], "States.TaskFailed");
    assert!(
        text(&tested["cause"]).contains("--service-endpoint"),
        "{tested}"
    );
}

#[test]
fn an_execution_is_really_started() {
    let server = Server::start();
    let machine = server.machine("m", crate::server::PASS);
    let state = json!({
        "Type": "Task", "Resource": "arn:aws:states:::states:startExecution", "End": true,
        "Parameters": { "StateMachineArn": machine, "Name": "n", "Input": { "a": 1 } }
    });
    let body = json!({ "definition": state.to_string(), "roleArn": ROLE });
    let tested = server.ok("TestState", body);
    let output: Value = serde_json::from_str(&text(&tested["output"])).expect("JSON");
    let ended = server.ended(&text(&output["ExecutionArn"]));
    assert_eq!(ended["output"], r#"{"a":1}"#);
}

#[test]
fn an_http_task_is_traced() {
    let server = Server::with(|builder| builder.integrations(Echo));
    let state = json!({
        "Type": "Task", "Resource": "arn:aws:states:::http:invoke", "End": true,
        "Parameters": {
            "ApiEndpoint": "https://example.com/a", "Method": "GET",
            "Authentication": { "ConnectionArn": "arn:aws:events:us-east-1:123456789012:connection/c/1" },
            "QueryParameters": { "q": "1" }
        }
    });
    let test = |level: &str| {
        let definition = state.to_string();
        let body = json!({ "definition": definition, "roleArn": ROLE, "inspectionLevel": level });
        server.ok("TestState", body)["inspectionData"].clone()
    };
    let traced = test("TRACE");
    assert_eq!(traced["request"]["url"], "https://example.com/a?q=1");
    assert_eq!(traced["request"]["method"], "GET");
    assert_eq!(traced["response"]["statusCode"], "200");
    assert_eq!(traced["response"]["body"], r#"{"b":2}"#);
    assert_eq!(test("DEBUG").get("request"), None);
}

#[test]
fn what_a_reader_would_read_is_given_as_it_stands_in_the_object() {
    let server = Server::start();
    let test = |config: Value, data: &str, more: Value| {
        let mut state = json!({
            "Type": "Map",
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": config,
                "Parameters": { "Bucket": "b", "Key": "k" }
            },
            "ItemProcessor": {
                "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
                "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true } }
            },
            "End": true
        });
        let members = state.as_object_mut().expect("an object");
        members.extend(more.as_object().expect("an object").clone());
        let body = json!({
            "definition": state.to_string(), "roleArn": ROLE, "inspectionLevel": "DEBUG",
            "mock": { "result": "[]" }, "stateConfiguration": { "mapItemReaderData": data }
        });
        server.ok("TestState", body)
    };
    let csv = json!({ "InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "MaxItems": 3 });
    let more = json!({
        "ItemBatcher": { "MaxItemsPerBatch": 2, "BatchInput": { "all": true } },
        "ItemSelector": { "n.$": "$$.Map.Item.Value.n" }
    });
    let tested = test(csv, "n,m\n1,a\n2,b\n3,c\n4,d\n", more);
    let data = &tested["inspectionData"];
    assert_eq!(
        data["afterItemSelector"],
        r#"[{"n":"1"},{"n":"2"},{"n":"3"}]"#
    );
    assert_eq!(
        data["afterItemBatcher"],
        r#"[{"BatchInput":{"all":true},"Items":[{"n":"1"},{"n":"2"}]},{"BatchInput":{"all":true},"Items":[{"n":"3"}]}]"#
    );
    let pointed = json!({ "InputType": "JSON", "ItemsPointer": "/a" });
    let tested = test(pointed, r#"{"a":[1,2]}"#, json!({}));
    assert_eq!(tested["inspectionData"]["afterItemsPointer"], "[1,2]");
    let twice = json!({ "InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW" });
    let tested = test(twice, "n,n\n1,2\n", json!({}));
    assert_eq!(tested["error"], "States.ItemReaderFailed");
    assert_eq!(tested["cause"], "CSV headers cannot contain duplicates.");
}

#[test]
fn what_cannot_be_configured_is_refused() {
    let server = Server::start();
    let map = r#"{"Type":"Map","ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}"#;
    let check = |more: Value| {
        let mut body = json!({ "definition": map, "input": "[]", "mock": { "errorOutput": { "error": "E" } } });
        let members = body.as_object_mut().expect("an object");
        members.extend(more.as_object().expect("an object").clone());
        let (code, message) = server.refused("TestState", body);
        assert_eq!(code, "ValidationException", "{more}: {message}");
    };
    check(json!({ "stateConfiguration": { "errorCausedByState": "Q" } }));
    check(json!({ "stateConfiguration": { "mapItemReaderData": "no JSON" } }));
    check(json!({ "revealSecrets": true }));
}
