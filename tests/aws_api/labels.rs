//! ARNs of distributed Maps within state machines (`…:stateMachine:machine/label`), and the Map Runs behind them.

use serde_json::{Value, json};

use crate::server::{Server, text};

const MAP: &str = r#"{"StartAt":"M","States":{"M":{"Type":"Map","Label":"each","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}}}"#;
const PROCESSOR: &str = r#"{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}"#;

/// The definition whose children are standard executions.
fn standard() -> String {
    MAP.replace("EXPRESS", "STANDARD")
}

#[test]
fn a_labelled_arn_can_only_be_described() {
    let server = Server::start();
    let arn = server.machine("m", MAP);
    let labelled = format!("{arn}/each");
    let described = server.ok(
        "DescribeStateMachine",
        json!({ "stateMachineArn": labelled }),
    );
    assert_eq!(described["stateMachineArn"], labelled);
    assert_eq!(described["name"], "m/each");
    assert_eq!(described["label"], "each");
    assert_eq!(described["type"], "EXPRESS");
    assert_eq!(described["definition"], PROCESSOR);
    let unknown = json!({ "stateMachineArn": format!("{arn}/other") });
    let (code, _) = server.refused("DescribeStateMachine", unknown);
    assert_eq!(code, "StateMachineDoesNotExist");

    let check = |operation: &str, more: Value| {
        let mut body = json!({ "stateMachineArn": labelled });
        let members = body.as_object_mut().expect("an object");
        members.extend(more.as_object().expect("an object").clone());
        let reply = server.call(operation, &body);
        assert_eq!(reply.status, 400, "{operation}: {}", reply.body);
        assert_eq!(reply.error().0, "ValidationException", "{operation}");
        assert_eq!(
            reply.body["reason"], "API_DOES_NOT_SUPPORT_LABELED_ARNS",
            "{operation}"
        );
    };
    check("StartExecution", json!({}));
    check("StartSyncExecution", json!({}));
    check("UpdateStateMachine", json!({ "definition": MAP }));
    check("DeleteStateMachine", json!({}));
    check("PublishStateMachineVersion", json!({}));
    check("ListStateMachineVersions", json!({}));
    check("ListExecutions", json!({}));
}

#[test]
fn children_of_a_map_run_belong_to_the_labelled_machine() {
    let server = Server::start();
    let arn = server.machine("m", &standard());
    let start = json!({ "stateMachineArn": arn, "input": "[1,2]" });
    let execution = text(&server.ok("StartExecution", start)["executionArn"]);
    assert_eq!(server.ended(&execution)["status"], "SUCCEEDED");
    let runs = server.ok("ListMapRuns", json!({ "executionArn": execution }));
    let run = &runs["mapRuns"][0];
    assert_eq!(run["stateMachineArn"], format!("{arn}/each"));
    let children = server.ok("ListExecutions", json!({ "mapRunArn": run["mapRunArn"] }));
    let child = &children["executions"][0];
    assert_eq!(child["stateMachineArn"], format!("{arn}/each"));
    assert!(
        text(&child["executionArn"]).contains(":execution:m/each:"),
        "{child}"
    );
    let body = json!({ "executionArn": child["executionArn"] });
    let machine = server.ok("DescribeStateMachineForExecution", body);
    assert_eq!(machine["stateMachineArn"], format!("{arn}/each"));
    assert_eq!(machine["label"], "each");
    assert_eq!(machine["mapRunArn"], run["mapRunArn"]);
    assert_eq!(
        machine["definition"],
        PROCESSOR.replace("EXPRESS", "STANDARD")
    );

    let done = json!({ "mapRunArn": run["mapRunArn"], "maxConcurrency": 1 });
    let reply = server.call("UpdateMapRun", &done);
    assert_eq!(reply.error().0, "ValidationException");
    assert_eq!(reply.body["reason"], "CANNOT_UPDATE_COMPLETED_MAP_RUN");
}
