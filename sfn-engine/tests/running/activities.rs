//! Activities, with the worker in the hands of the test.

use std::time::Duration;

use serde_json::json;
use sfn_engine::api::{CreateActivity, GetActivityTask, SendTaskFailure, SendTaskSuccess};
use sfn_engine::{Clock, TestClock};

use crate::{check_output, engine, start, types};

#[tokio::test]
async fn a_worker_does_an_activitys_task() {
    let clock = TestClock::manual();
    let engine = engine(&clock);
    let activity = engine
        .create_activity(CreateActivity::new("bake"))
        .await
        .expect("made")
        .activity_arn;
    let definition = json!({
        "QueryLanguage": "JSONata",
        "StartAt": "Bake",
        "States": { "Bake": {
            "Type": "Task", "Resource": activity, "Arguments": { "pizza": "{% $states.input.p %}" },
            "TimeoutSeconds": 300, "HeartbeatSeconds": 30, "End": true
        } }
    });
    let arn = start(&engine, &definition, json!({ "p": "margherita" })).await;
    let task = engine
        .get_activity_task(GetActivityTask::new(&activity).worker_name("oven"))
        .await
        .expect("the activity is there")
        .expect("there is a task");
    assert_eq!(&*task.input, r#"{"pizza":"margherita"}"#);
    // Each heartbeat buys another thirty seconds.
    for _ in 0..5 {
        clock.advance(Duration::from_secs(20));
        engine
            .send_task_heartbeat(&task.task_token)
            .await
            .expect("the task is open");
    }
    engine
        .send_task_success(SendTaskSuccess::new(&task.task_token, r#"{"hot":true}"#))
        .await
        .expect("taken");
    check_output(
        &engine.wait(&arn).await.expect("it ends"),
        json!({ "hot": true }),
    );
    let late = engine
        .send_task_success(SendTaskSuccess::new(&task.task_token, "1"))
        .await;
    assert_eq!(late.expect_err("the task is over").code(), "TaskTimedOut");
    assert_eq!(
        types(&engine, &arn).await,
        [
            "ExecutionStarted",
            "TaskStateEntered",
            "ActivityScheduled",
            "ActivityStarted",
            "ActivitySucceeded",
            "TaskStateExited",
            "ExecutionSucceeded"
        ]
    );
}

#[tokio::test]
async fn silent_and_slow_workers_are_given_up_and_retried() {
    let clock = TestClock::manual();
    let engine = engine(&clock);
    let activity = engine
        .create_activity(CreateActivity::new("a"))
        .await
        .expect("made")
        .activity_arn;
    let definition = json!({
        "QueryLanguage": "JSONata",
        "StartAt": "T",
        "States": { "T": {
            "Type": "Task", "Resource": activity, "TimeoutSeconds": 60, "HeartbeatSeconds": 10,
            "Retry": [{ "ErrorEquals": ["States.HeartbeatTimeout"], "IntervalSeconds": 3, "MaxAttempts": 1 }],
            "Catch": [{ "ErrorEquals": ["States.Timeout"], "Next": "Caught" }],
            "End": true
        }, "Caught": { "Type": "Succeed" } }
    });
    let arn = start(&engine, &definition, json!({})).await;
    let poll = GetActivityTask::new(&activity);
    engine
        .get_activity_task(poll.clone())
        .await
        .expect("asked")
        .expect("a task");
    clock.advance(Duration::from_secs(13));
    // The retry comes three seconds after the missed heartbeat.
    engine
        .get_activity_task(poll)
        .await
        .expect("asked")
        .expect("a task");
    clock.advance(Duration::from_secs(10));
    let described = engine.wait(&arn).await.expect("it ends");
    check_output(
        &described,
        json!({ "Error": "States.Timeout", "Cause": "" }),
    );
}

#[tokio::test]
async fn a_failure_is_retried_with_backoff_then_caught() {
    let clock = TestClock::auto();
    let engine = engine(&clock);
    let activity = engine
        .create_activity(CreateActivity::new("a"))
        .await
        .expect("made")
        .activity_arn;
    let definition = json!({
        "StartAt": "T",
        "States": { "T": {
            "Type": "Task", "Resource": activity,
            "Retry": [{ "ErrorEquals": ["Busy"], "IntervalSeconds": 10, "MaxAttempts": 2, "BackoffRate": 3.0 }],
            "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Caught" }],
            "End": true
        }, "Caught": { "Type": "Pass", "End": true } }
    });
    let arn = start(&engine, &definition, json!({ "order": 1 })).await;
    let mut at = Vec::new();
    for _ in 0..3 {
        let task = engine
            .get_activity_task(GetActivityTask::new(&activity))
            .await
            .expect("asked")
            .expect("a task");
        at.push(clock.now().since(TestClock::START).as_secs());
        engine
            .send_task_failure(SendTaskFailure::new(task.task_token, "Busy", "full"))
            .await
            .expect("taken");
    }
    let described = engine.wait(&arn).await.expect("it ends");
    check_output(
        &described,
        json!({ "order": 1, "error": { "Error": "Busy", "Cause": "full" } }),
    );
    assert_eq!(at, [0, 10, 40]);
}

#[tokio::test]
async fn an_abandoned_poll_loses_no_task() {
    let engine = engine(&TestClock::manual());
    let activity = engine
        .create_activity(CreateActivity::new("a"))
        .await
        .expect("made")
        .activity_arn;
    let definition = json!({ "StartAt": "T", "States": { "T": { "Type": "Task", "Resource": activity, "End": true } } });
    let poll = GetActivityTask::new(&activity);
    // A poll that waits, is woken, and is dropped before it can take anything.
    let mut abandoned = Box::pin(engine.get_activity_task(poll.clone()));
    assert!(futures_poll(&mut abandoned).await.is_none());
    start(&engine, &definition, json!({})).await;
    drop(abandoned);
    assert!(
        engine
            .get_activity_task(poll)
            .await
            .expect("asked")
            .is_some()
    );
}

/// Polls a future once.
async fn futures_poll<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(match std::pin::Pin::new(&mut *future).poll(context) {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        })
    })
    .await
}

#[tokio::test]
async fn a_poll_without_tasks_ends_after_sixty_seconds() {
    let clock = TestClock::manual();
    let engine = engine(&clock);
    let activity = engine
        .create_activity(CreateActivity::new("a"))
        .await
        .expect("made")
        .activity_arn;
    let mut poll = Box::pin(engine.get_activity_task(GetActivityTask::new(&activity)));
    assert!(futures_poll(&mut poll).await.is_none());
    clock.advance(Duration::from_secs(60));
    assert_eq!(poll.await.expect("asked"), None);
}
