//! What a history tells of failures within branches and iterations: types and the events they follow, as they were
//! read off the service.

use serde_json::{Value, json};
use sfn_engine::history::HistoryEvent;

use crate::run;

/// `expected` holds a line an event: its type, and the event it follows.
async fn check(definition: Value, input: Value, expected: &str) {
    let (_, events) = run(definition, input).await;
    let told = |event: &HistoryEvent| {
        format!(
            "{} {} <- {}",
            event.id,
            event.event_type(),
            event.previous_event_id
        )
    };
    let told: Vec<String> = events.iter().map(told).collect();
    let expected: Vec<&str> = expected.lines().map(str::trim).collect();
    assert_eq!(told, expected);
}

fn parallel(branch: Value, more: Value) -> Value {
    let mut state = json!({ "Type": "Parallel", "Branches": [branch], "End": true });
    let members = state.as_object_mut().expect("it was made as an object");
    members.extend(more.as_object().cloned().unwrap_or_default());
    let mut states = json!({ "P": state });
    if !states["P"]["Catch"].is_null() {
        states["Done"] = json!({ "Type": "Pass", "End": true });
    }
    json!({ "StartAt": "P", "States": states })
}

fn branch(state: Value) -> Value {
    json!({ "StartAt": "S", "States": { "S": state } })
}

#[tokio::test]
async fn what_cannot_be_caught_ends_the_execution_from_where_it_stands() {
    let definition = json!({ "StartAt": "P", "States": { "P": {
        "Type": "Parallel", "End": true,
        "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "Done" }],
        "Branches": [
            { "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 9, "End": true } } },
            { "StartAt": "M", "States": { "M": {
                "Type": "Map", "End": true,
                "ItemProcessor": { "StartAt": "S", "States": {
                    "S": { "Type": "Pass", "Parameters": { "m.$": "$.nope" }, "End": true }
                } }
            } } }
        ]
    }, "Done": { "Type": "Pass", "End": true } } });
    let expected = "1 ExecutionStarted <- 0
        2 ParallelStateEntered <- 0
        3 ParallelStateStarted <- 2
        4 WaitStateEntered <- 3
        5 MapStateEntered <- 3
        6 MapStateStarted <- 5
        7 MapIterationStarted <- 6
        8 PassStateEntered <- 7
        9 ExecutionFailed <- 8";
    check(definition, json!([{ "x": 1 }]), expected).await;
}

#[tokio::test]
async fn an_output_that_fails_behind_its_branches_follows_that_they_succeeded() {
    let definition = parallel(
        branch(json!({ "Type": "Pass", "End": true })),
        json!({ "ResultSelector": { "m.$": "$.nope" } }),
    );
    let expected = "1 ExecutionStarted <- 0
        2 ParallelStateEntered <- 0
        3 ParallelStateStarted <- 2
        4 PassStateEntered <- 3
        5 PassStateExited <- 4
        6 ParallelStateSucceeded <- 5
        7 ExecutionFailed <- 6";
    check(definition, json!({}), expected).await;
}

#[tokio::test]
async fn a_catcher_whose_expression_fails_fails_the_state_once_more() {
    let mut definition = parallel(
        branch(json!({ "Type": "Fail", "Error": "MyError", "Cause": "why" })),
        json!({ "Catch": [
            { "ErrorEquals": ["Other"], "Next": "Done" },
            { "ErrorEquals": ["States.ALL"], "Output": { "v": "{% $states.input.missing %}" }, "Next": "Done" }
        ] }),
    );
    definition["QueryLanguage"] = "JSONata".into();
    let expected = "1 ExecutionStarted <- 0
        2 ParallelStateEntered <- 0
        3 ParallelStateStarted <- 2
        4 FailStateEntered <- 3
        5 ParallelStateFailed <- 4
        6 EvaluationFailed <- 4
        7 ParallelStateFailed <- 6
        8 ExecutionFailed <- 7";
    check(definition, json!({}), expected).await;
}

#[tokio::test]
async fn a_retried_parallel_starts_again_behind_what_failed() {
    let definition = parallel(
        branch(json!({ "Type": "Fail", "Error": "MyError", "Cause": "why" })),
        json!({ "Retry": [{ "ErrorEquals": ["States.ALL"], "MaxAttempts": 1, "IntervalSeconds": 0 }] }),
    );
    let expected = "1 ExecutionStarted <- 0
        2 ParallelStateEntered <- 0
        3 ParallelStateStarted <- 2
        4 FailStateEntered <- 3
        5 ParallelStateStarted <- 4
        6 FailStateEntered <- 5
        7 ParallelStateFailed <- 6
        8 ExecutionFailed <- 7";
    check(definition, json!({}), expected).await;
}
