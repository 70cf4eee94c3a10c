//! What a step is told of where it is, and what it tells.

use serde_json::{Value, json};

use super::StepContext;
use crate::{Failure, TaskInput};

fn envelope(execution: &str, attempt: u32, input: Value) -> Value {
    json!({
        "input": input,
        "context": {
            "execution": execution,
            "name": "order-1",
            "state": "bake",
            "attempt": attempt,
            "started": "2026-11-21T08:00:00.000Z",
        },
    })
}

fn context(envelope: Value) -> StepContext {
    TaskInput::from_envelope(envelope)
        .expect("it is an envelope")
        .context
}

#[test]
fn the_envelope_says_where_the_step_is() {
    let task = TaskInput::from_envelope(envelope("arn:1", 2, json!({"n": 1}))).expect("it is one");
    assert_eq!(task.input, json!({"n": 1}));
    let context = task.context;
    assert_eq!(context.execution_arn, "arn:1");
    assert_eq!(context.execution_name, "order-1");
    assert_eq!(context.state, "bake");
    // Two retries before it.
    assert_eq!(context.attempt, 3);
    assert_eq!(context.started, "2026-11-21T08:00:00.000Z");
}

#[test]
fn an_input_without_envelope_is_refused() {
    for input in [json!(null), json!([1]), json!({"n": 1})] {
        let failure = TaskInput::from_envelope(input).expect_err("there is no `input` in it");
        assert_eq!(failure.error, Failure::BAD_INPUT);
    }
}

#[test]
fn the_idempotency_key_is_that_of_the_work_not_of_the_attempt() {
    let key =
        |execution, attempt, input| context(envelope(execution, attempt, input)).idempotency_key();
    let first = key("arn:1", 0, json!({"n": 1}));
    assert_eq!(first, key("arn:1", 5, json!({"n": 1})));
    assert_ne!(first, key("arn:2", 0, json!({"n": 1})));
    assert_ne!(first, key("arn:1", 0, json!({"n": 2})));
    // Services keep it, so it must not change with a version of ours.
    assert_eq!(first, "order-1:bake:9f00570ff4869925");
}

#[tokio::test]
async fn a_cancelled_step_hears_of_it_however_late_it_asks() {
    let context = StepContext::new("arn", "name", "state");
    assert!(!context.is_cancelled());
    let listening = tokio::spawn({
        let context = context.clone();
        async move { context.cancelled().await }
    });
    tokio::task::yield_now().await;
    context.control().cancel();
    listening.await.expect("it ends");
    context.cancelled().await;
    assert!(context.is_cancelled());
}

#[tokio::test]
async fn a_heartbeat_asked_for_early_is_kept() {
    let context = StepContext::new("arn", "name", "state");
    let control = context.control();
    context.heartbeat();
    context.heartbeat();
    control.heartbeat_asked().await;
    let second = control.heartbeat_asked();
    tokio::select! {
        biased;
        () = second => panic!("two calls in quick succession are one"),
        () = std::future::ready(()) => {}
    }
}

#[test]
fn nested_executions_know_the_first() {
    #[track_caller]
    fn check(name: &str, root: &str) {
        assert_eq!(StepContext::new("arn", name, "bake").root_name(), root);
    }
    /// The name that a machine gives to one that it calls.
    fn nested(name: &str) -> String {
        let kept: String = name.chars().take(43).collect();
        format!("{kept}-0b9a2c1d-1f2e-4a3b-8c4d-5e6f7a8b9c0d")
    }
    for root in [
        "a",
        "order-7",
        "a-name-that-has-thirty-one-chars",
        "0b9a2c1d-1f2e-4a3b-8c4d-5e6f7a8b9c0d",
        "a-name-of-just-forty-characters-and-no-m",
    ] {
        check(root, root);
        let mut name = root.to_owned();
        for _ in 0..4 {
            name = nested(&name);
            check(&name, root);
        }
    }
    let long = "x".repeat(80);
    check(&nested(&long), &long[..43]);
    check(
        "order-0b9a2c1d-1f2e-1a3b-8c4d-5e6f7a8b9c0d",
        "order-0b9a2c1d-1f2e-1a3b-8c4d-5e6f7a8b9c0d",
    );
}
