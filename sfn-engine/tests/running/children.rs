//! Executions that others start.

use serde_json::json;
use sfn_engine::api::{CreateStateMachine, StopExecution};
use sfn_engine::history::HistoryEvent;
use sfn_engine::{ExecutionStatus, TestClock};

use crate::{check_output, engine, run, start, types};

#[tokio::test]
async fn a_distributed_map_runs_its_children_as_executions() {
    let definition = json!({
        "StartAt": "M",
        "States": { "M": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "ItemBatcher": { "MaxItemsPerBatch": 2 },
            "ItemProcessor": {
                "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
                "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 5, "End": true } }
            },
            "End": true
        } }
    });
    let (described, events) = run(definition, json!({ "items": [1, 2, 3] })).await;
    check_output(&described, json!([{ "Items": [1, 2] }, { "Items": [3] }]));
    let types: Vec<_> = events.iter().map(HistoryEvent::event_type).collect();
    assert_eq!(
        types,
        [
            "ExecutionStarted",
            "MapStateEntered",
            "MapStateStarted",
            "MapRunStarted",
            "MapRunSucceeded",
            "MapStateSucceeded",
            "MapStateExited",
            "ExecutionSucceeded"
        ]
    );
}

#[tokio::test]
async fn an_execution_waits_for_the_one_it_started() {
    let engine = engine(&TestClock::auto());
    let inner = json!({ "StartAt": "W", "States": {
        "W": { "Type": "Wait", "Seconds": 60, "Next": "P" },
        "P": { "Type": "Pass", "Parameters": { "doubled.$": "States.MathAdd($.n, $.n)" }, "End": true }
    } });
    let inner = CreateStateMachine::new("inner", inner.to_string());
    let inner = engine
        .create_state_machine(inner)
        .await
        .expect("valid")
        .state_machine_arn;
    let definition = json!({
        "StartAt": "Call",
        "States": { "Call": {
            "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
            "Parameters": { "StateMachineArn": inner, "Input": { "n.$": "$.n" } },
            "OutputPath": "$.Output", "End": true
        } }
    });
    let arn = start(&engine, &definition, json!({ "n": 21 })).await;
    check_output(
        &engine.wait(&arn).await.expect("it ends"),
        json!({ "doubled": 42 }),
    );
    assert_eq!(
        types(&engine, &arn).await[2..],
        [
            "TaskScheduled",
            "TaskStarted",
            "TaskSubmitted",
            "TaskSucceeded",
            "TaskStateExited",
            "ExecutionSucceeded"
        ]
    );
}

#[tokio::test]
async fn a_stopped_execution_takes_the_one_it_waits_for_with_it() {
    let engine = engine(&TestClock::manual());
    let inner = json!({ "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 60, "End": true } } });
    let inner = CreateStateMachine::new("inner", inner.to_string());
    let inner = engine
        .create_state_machine(inner)
        .await
        .expect("valid")
        .state_machine_arn;
    let definition = json!({ "StartAt": "Call", "States": { "Call": {
        "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync",
        "Parameters": { "StateMachineArn": inner, "Name": "child" }, "End": true
    } } });
    let arn = start(&engine, &definition, json!({})).await;
    engine
        .stop_execution(StopExecution::new(&arn))
        .await
        .expect("stopped");
    let child = inner.replace(":stateMachine:", ":execution:") + ":child";
    let child = engine
        .describe_execution(&child)
        .await
        .expect("it was started");
    assert_eq!(child.status, ExecutionStatus::Aborted);
}
