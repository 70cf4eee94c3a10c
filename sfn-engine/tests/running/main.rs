//! Machines run to their end, with time moved by hand and workers in the test's own hands.

mod activities;
mod children;
mod executions;
mod failures;
mod integrations;
mod states;

use serde_json::Value;
use sfn_engine::api::{CreateStateMachine, DescribedExecution, StartExecution};
use sfn_engine::history::HistoryEvent;
use sfn_engine::{Engine, ExecutionStatus, Handle, TestClock, TestIds};

pub(crate) fn engine(clock: &TestClock) -> Handle {
    Engine::builder()
        .clock(clock.clone())
        .ids(TestIds::default())
        .start()
        .expect("there is a runtime")
}

pub(crate) async fn start(engine: &Handle, definition: &Value, input: Value) -> String {
    let machine = CreateStateMachine::new("m", definition.to_string());
    let machine = engine
        .create_state_machine(machine)
        .await
        .expect("a valid definition");
    let request = StartExecution::new(machine.state_machine_arn)
        .name("e")
        .input(input.to_string());
    engine
        .start_execution(request)
        .await
        .expect("it starts")
        .execution_arn
}

pub(crate) async fn events(engine: &Handle, arn: &str) -> Vec<HistoryEvent> {
    engine
        .events_since(arn, 0)
        .await
        .expect("there is a history")
}

pub(crate) async fn types(engine: &Handle, arn: &str) -> Vec<&'static str> {
    events(engine, arn)
        .await
        .iter()
        .map(HistoryEvent::event_type)
        .collect()
}

/// Runs a machine without tasks; a clock that jumps.
pub(crate) async fn run(
    definition: Value,
    input: Value,
) -> (DescribedExecution, Vec<HistoryEvent>) {
    let engine = engine(&TestClock::auto());
    let arn = start(&engine, &definition, input).await;
    let described = engine.wait(&arn).await.expect("it ends");
    (described, events(&engine, &arn).await)
}

#[track_caller]
pub(crate) fn check_output(described: &DescribedExecution, expected: Value) {
    let output: Option<Value> = described
        .output
        .as_deref()
        .map(|text| serde_json::from_str(text).expect("JSON"));
    assert_eq!(output, Some(expected), "{described:?}");
}

#[track_caller]
pub(crate) fn check_failure(described: &DescribedExecution, error: &str, cause: &str) {
    assert_eq!(described.status, ExecutionStatus::Failed, "{described:?}");
    assert_eq!(
        (described.error.as_deref(), described.cause.as_deref()),
        (Some(error), Some(cause))
    );
}
