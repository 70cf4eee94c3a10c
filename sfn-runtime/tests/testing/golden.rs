//! Histories of executions that have been, replayed.

use expect_test::{Expect, expect};
use serde_json::{Value, json};
use sfn_runtime::{
    Workflow, hours, minutes,
    testing::{Golden, GoldenError, Test, fault, mock},
    workflow, workflow_test,
};

use crate::kitchen::{
    NAMED, Order, OvenError, PIZZA, bake, make_dough, needs_a_name, order_elsewhere, prepare, serve,
};

/// The history of an execution in which much happens, as `history --json` prints it.
async fn history() -> Value {
    let test = Test::local();
    test.fault(fault("bake").attempt(1).times_out());
    test.fault(fault("bake").attempt(2).fails(OvenError::Busy));
    test.mock(mock::<prepare>().answers(|topping| format!("<{topping}>")));
    let execution = test.run(&PIZZA, Order::of(30)).await;
    assert_eq!(execution.attempts("bake"), 3);
    serde_json::to_value(execution.history()).expect("events are JSON")
}

#[workflow_test]
async fn the_same_definition_goes_the_same_way(test: Test) {
    let history = history().await;
    let golden = Golden::read(&history.to_string()).expect("a history");
    assert_eq!(test.replay(&PIZZA, &golden).await, Ok(()));
    // As a file of `run --save-history`, and the other way round.
    let mut reversed = history.as_array().expect("a list").clone();
    reversed.reverse();
    let file = json!({ "workflow": "pizza", "events": reversed });
    let golden = Golden::read(&file.to_string()).expect("a history");
    assert_eq!(test.replay(&PIZZA, &golden).await, Ok(()));
}

static SLOWER: Workflow<Order, String> = workflow!(
    name = "pizza",
    parallel(make_dough, map(|order| &order.toppings, prepare)),
    bake.catch(on(OvenError::Burnt), order_elsewhere),
    wait(hours(1)),
    serve,
);

static NO_RETRIES: Workflow<Order, String> = workflow!(
    name = "pizza",
    parallel(make_dough, map(|order| &order.toppings, prepare)),
    bake.retry(on(Timeout), interval = "10m", max_attempts = 0)
        .catch(on(Timeout), order_elsewhere),
    serve,
);

async fn parts(workflow: &Workflow<Order, String>, path_only: bool, expected: Expect) {
    let test = Test::local();
    let mut golden = Golden::read(&history().await.to_string()).expect("a history");
    if path_only {
        golden = golden.path_only();
    }
    let parted = test
        .replay(workflow, &golden)
        .await
        .expect_err("it goes another way");
    expected.assert_eq(&parted.to_string());
}

#[workflow_test]
async fn another_state_is_where_the_way_parts() {
    parts(
        &SLOWER,
        false,
        expect![[r#"
        event 40, state `wait 30 days`: the way parts here
          history `wait 30 days` entered "300 g with <basil>, <tomato>"
          now     `wait 1 hour` entered "300 g with <basil>, <tomato>""#]],
    )
    .await;
    parts(
        &SLOWER,
        true,
        expect![[r#"
        event 40, state `wait 30 days`: the way parts here
          history `wait 30 days` entered "300 g with <basil>, <tomato>"
          now     `wait 1 hour` entered "300 g with <basil>, <tomato>""#]],
    )
    .await;
}

#[workflow_test]
async fn another_retrier_is_where_the_way_parts() {
    parts(&NO_RETRIES, false, expect![[r#"
        event 35, state `bake`: the way parts here
          history `bake` failed: OvenError.Busy: the oven is busy
          now     `bake` left {"input":[300,["<basil>","<tomato>"]],"error":{"name":"States.Timeout","cause":""}}"#]]).await;
}

/// What `aws stepfunctions get-execution-history` prints, of a step on Lambda.
fn from_aws(output: &str) -> String {
    let sent = json!({ "FunctionName": "arn:aws:lambda:eu-central-1:111122223333:function:pizza:7",
        "Payload": { "input": { "pizza": "one" }, "context": { "execution": "arn" } } });
    let answer = json!({ "ExecutedVersion": "7", "Payload": "one for Ada", "StatusCode": 200 });
    json!({ "events": [
        { "timestamp": "2026-03-01T10:00:00.000000+00:00", "type": "ExecutionStarted", "id": 1, "previousEventId": 0,
          "executionStartedEventDetails": { "input": "\"one\"", "roleArn": "arn:aws:iam::111122223333:role/r" } },
        { "timestamp": 1_772_359_200.123, "type": "WaitStateEntered", "id": 2, "previousEventId": 0,
          "stateEnteredEventDetails": { "name": "wait 1 minute", "input": "\"one\"" } },
        { "timestamp": 1_772_359_260.123, "type": "WaitStateExited", "id": 3, "previousEventId": 2,
          "stateExitedEventDetails": { "name": "wait 1 minute", "output": "\"one\"" } },
        { "timestamp": 1_772_359_260.123, "type": "TaskStateEntered", "id": 4, "previousEventId": 3,
          "stateEnteredEventDetails": { "name": "needs_a_name", "input": "\"one\"" } },
        { "timestamp": 1_772_359_260.123, "type": "TaskScheduled", "id": 5, "previousEventId": 4,
          "taskScheduledEventDetails": { "resourceType": "lambda", "resource": "invoke", "region": "eu-central-1", "parameters": sent.to_string() } },
        { "timestamp": 1_772_359_260.123, "type": "TaskStarted", "id": 6, "previousEventId": 5,
          "taskStartedEventDetails": { "resourceType": "lambda", "resource": "invoke" } },
        { "timestamp": 1_772_359_261.123, "type": "TaskSucceeded", "id": 7, "previousEventId": 6,
          "taskSucceededEventDetails": { "resourceType": "lambda", "resource": "invoke", "output": answer.to_string() } },
        { "timestamp": 1_772_359_261.123, "type": "TaskStateExited", "id": 8, "previousEventId": 7,
          "stateExitedEventDetails": { "name": "needs_a_name", "output": output } },
        { "timestamp": 1_772_359_261.123, "type": "ExecutionSucceeded", "id": 9, "previousEventId": 8,
          "executionSucceededEventDetails": { "output": output } }
    ] })
    .to_string()
}

#[workflow_test]
async fn what_aws_gives_is_replayed(test: Test) {
    let golden = Golden::read(&from_aws("\"one for Ada\"")).expect("a history");
    assert_eq!(golden.input(), json!("one"));
    assert_eq!(test.replay(&NAMED, &golden).await, Ok(()));
    let other = Golden::read(&from_aws("\"something else\"")).expect("a history");
    let parted = test
        .replay(&NAMED, &other)
        .await
        .expect_err("another output");
    expect![[r#"
        event 8, state `needs_a_name`: the way parts here
          history `needs_a_name` left "something else"
          now     `needs_a_name` left "one for Ada""#]]
    .assert_eq(&parted.to_string());
    let _ = (needs_a_name("x".to_owned(), "y".to_owned()), minutes(1));
}

#[test]
fn what_is_no_history_is_refused() {
    let refused = |text: &str| Golden::read(text).expect_err("no history").to_string();
    assert_eq!(refused("{"), "the history is not JSON");
    assert!(refused("{}").starts_with("this is no history: it has no `events`"));
    assert!(refused("[{}]").starts_with("this is no history: an event has no `id`"));
    assert!(refused("[]").starts_with("this is no history: it has no events"));
    let late = r#"[{ "id": 2, "type": "TaskStateEntered" }]"#;
    assert!(refused(late).contains("does not begin with `ExecutionStarted`"));
    let running = r#"[{ "id": 1, "type": "ExecutionStarted" }]"#;
    let error = Golden::read(running).expect_err("it has not ended");
    assert!(matches!(error, GoldenError::NotEnded { kind } if kind == "ExecutionStarted"));
}
