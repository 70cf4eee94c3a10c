//! An engine goes on where the one before it was, wherever that one was stopped.

#[path = "support/failing_at.rs"]
mod failing_at;

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use serde_json::{Value, json};
use sfn_engine::api::{
    CreateActivity, CreateStateMachine, GetActivityTask, Page, SendTaskSuccess, StartExecution,
};
use sfn_engine::history::HistoryEvent;
use sfn_engine::store::{Kept, MemoryStore, Store};
use sfn_engine::{Engine, Error, ExecutionStatus, Handle, TestClock, TestIds};

use failing_at::FailingAt;

fn engine(clock: &TestClock, store: impl Store, seed: u64) -> Handle {
    Engine::builder()
        .clock(clock.clone())
        .ids(TestIds::new(seed))
        .store(store)
        .start()
        .expect("there is a runtime, and the store can be read")
}

/// A machine with everything that can be half done.
fn definition(activity: &str) -> String {
    let task = json!({
        "Type": "Task", "Resource": activity, "TimeoutSeconds": 60, "Retry": [{ "ErrorEquals": ["States.Timeout"] }],
        "End": true
    });
    json!({
        "StartAt": "Set",
        "States": {
            "Set": { "Type": "Pass", "Assign": { "by": 10 }, "Next": "Both" },
            "Both": {
                "Type": "Parallel",
                "Branches": [
                    { "StartAt": "Rest", "States": { "Rest": { "Type": "Wait", "Seconds": 30, "End": true } } },
                    { "StartAt": "Each", "States": { "Each": {
                        "Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 2,
                        "ItemProcessor": { "StartAt": "Work", "States": { "Work": task } }, "End": true
                    } } }
                ],
                "ResultPath": "$.done", "Next": "Spread"
            },
            "Spread": {
                "Type": "Map", "ItemsPath": "$.items", "ResultPath": "$.spread",
                "ItemProcessor": {
                    "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
                    "StartAt": "Pause", "States": { "Pause": { "Type": "Wait", "Seconds": 5, "End": true } }
                },
                "Next": "Use"
            },
            "Use": {
                "Type": "Pass",
                "Parameters": { "by.$": "$by", "worked.$": "$.done[1]", "spread.$": "$.spread" },
                "End": true
            }
        }
    })
    .to_string()
}

/// What the machine gives, whatever happened on the way.
fn expected() -> Value {
    json!({ "by": 10, "worked": ["w1", "w2", "w3"], "spread": [1, 2, 3] })
}

/// Does what a client and a worker do until the execution is over, or the store fails.
async fn drive(engine: &Handle, clock: &TestClock) -> Result<Value, Error> {
    let activity = engine
        .create_activity(CreateActivity::new("work"))
        .await?
        .activity_arn;
    let machine = CreateStateMachine::new("m", definition(&activity));
    let machine = engine
        .create_state_machine(machine)
        .await?
        .state_machine_arn;
    let start = StartExecution::new(&machine)
        .name("e")
        .input(r#"{"items":[1,2,3]}"#);
    let arn = format!("{}:e", machine.replace(":stateMachine:", ":execution:"));
    match engine.start_execution(start).await {
        // It had ended before the store failed.
        Err(Error::ExecutionAlreadyExists(_)) => {}
        started => assert_eq!(started?.execution_arn, arn),
    }
    loop {
        let described = engine.describe_execution(&arn).await?;
        if let Some(output) = described.output {
            return Ok(serde_json::from_str(&output).expect("JSON"));
        }
        assert_eq!(described.status, ExecutionStatus::Running, "{described:?}");
        let poll = engine.get_activity_task(GetActivityTask::new(&activity));
        // Nothing to do for the worker: time goes on.
        let Ok(task) = tokio::time::timeout(Duration::from_millis(2), poll).await else {
            clock.advance(Duration::from_secs(10));
            tokio::task::yield_now().await;
            continue;
        };
        if let Some(task) = task? {
            let done = SendTaskSuccess::new(task.task_token, format!("\"w{}\"", task.input));
            match engine.send_task_success(done).await {
                Err(Error::TaskTimedOut) => {}
                sent => sent?,
            }
        }
    }
}

async fn events(engine: &Handle) -> Vec<HistoryEvent> {
    let arn = "arn:aws:states:us-east-1:123456789012:execution:m:e";
    engine
        .events_since(arn, 0)
        .await
        .expect("there is a history")
}

/// Whether a history is whole: numbers without a gap, causes before effects, one end.
#[track_caller]
fn check_history(events: &[HistoryEvent]) {
    for (index, event) in events.iter().enumerate() {
        assert_eq!(event.id, index as u64 + 1);
        assert!(event.previous_event_id < event.id, "{event:?}");
    }
    let count = |name: &str| {
        events
            .iter()
            .filter(|event| event.event_type() == name)
            .count()
    };
    assert_eq!(count("ExecutionSucceeded"), 1);
    assert_eq!(count("MapIterationSucceeded"), 3);
    assert_eq!(count("ActivitySucceeded"), 3);
    assert_eq!(count("WaitStateExited"), 1);
    assert_eq!(count("MapRunStarted"), 1);
}

/// How many frames a store has.
fn frames(store: &MemoryStore) -> usize {
    let mut frames = 0;
    store
        .load(&mut |kept| {
            frames += usize::from(matches!(kept, Kept::Frame(_)));
            Ok(())
        })
        .expect("readable");
    frames
}

#[tokio::test]
async fn whenever_the_store_fails_the_next_engine_finishes_the_work() {
    let mut failures = 0;
    for n in 0.. {
        let (clock, memory) = (TestClock::manual(), MemoryStore::default());
        let failing = FailingAt {
            inner: memory.clone(),
            left: Arc::new(AtomicUsize::new(n)),
        };
        let first = engine(&clock, failing, 1);
        let output = match drive(&first, &clock).await {
            Ok(output) => output,
            Err(Error::Store(_)) => {
                failures += 1;
                drop(first);
                let second = engine(&clock, memory, 2);
                // Tasks whose token was lost with the first engine run into their timeout.
                clock.advance(Duration::from_secs(61));
                let output = drive(&second, &clock)
                    .await
                    .expect("the second store does not fail");
                check_history(&events(&second).await);
                assert_eq!(output, expected(), "after {n} writes");
                continue;
            }
            Err(other) => panic!("after {n} writes: {other}"),
        };
        assert_eq!(output, expected());
        check_history(&events(&first).await);
        break;
    }
    assert!(failures > 8, "only {failures} writes");
}

#[tokio::test]
async fn nothing_changes_by_being_stopped_when_nothing_is_going_on() {
    let (clock, memory) = (TestClock::manual(), MemoryStore::default());
    let first = engine(&clock, memory.clone(), 1);
    drive(&first, &clock)
        .await
        .expect("the store does not fail");
    let before = events(&first).await;
    drop(first);
    let written = frames(&memory);
    let second = engine(&clock, memory.clone(), 2);
    assert_eq!(events(&second).await, before);
    assert_eq!(frames(&memory), written, "reading writes nothing");
    let machines = second
        .list_state_machines(Page::first())
        .await
        .expect("a list");
    assert_eq!(machines.items.len(), 1);
}

#[tokio::test]
async fn a_call_that_was_refused_by_the_store_is_not_answered() {
    let (clock, memory) = (TestClock::manual(), MemoryStore::default());
    let failing = FailingAt {
        inner: memory,
        left: Arc::new(AtomicUsize::new(0)),
    };
    let engine = engine(&clock, failing, 1);
    let refused = engine
        .create_activity(CreateActivity::new("a"))
        .await
        .expect_err("it is not written");
    assert_eq!(refused.code(), "InternalFailure");
    let refused = engine
        .list_activities(Page::first())
        .await
        .expect_err("nor is it told of");
    assert_eq!(refused.code(), "InternalFailure");
}

#[tokio::test]
async fn one_write_tells_that_a_task_is_done_and_who_has_the_next_one() {
    let (clock, memory) = (TestClock::manual(), MemoryStore::default());
    let engine = engine(&clock, memory.clone(), 1);
    let activity = engine.create_activity(CreateActivity::new("a")).await;
    let activity = activity.expect("made").activity_arn;
    let definition = json!({
        "StartAt": "A",
        "States": {
            "A": { "Type": "Task", "Resource": activity, "Next": "B" },
            "B": { "Type": "Task", "Resource": activity, "End": true }
        }
    });
    let machine = CreateStateMachine::new("m", definition.to_string());
    let machine = engine.create_state_machine(machine).await;
    let start = StartExecution::new(machine.expect("valid").state_machine_arn);
    engine.start_execution(start).await.expect("it starts");
    let poll = GetActivityTask::new(&activity);
    let first = engine.get_activity_task(poll.clone()).await;
    let first = first.expect("asked").expect("there is a task");
    let mut second = std::pin::pin!(engine.get_activity_task(poll));
    let waits = std::future::poll_fn(|context| {
        std::task::Poll::Ready(second.as_mut().poll(context).is_pending())
    });
    assert!(waits.await, "the first task is not done");
    let before = frames(&memory);
    let done = SendTaskSuccess::new(first.task_token, "1");
    engine.send_task_success(done).await.expect("it is open");
    let second = second.await.expect("asked").expect("there is a task");
    assert_eq!(second.input.as_ref(), "1");
    assert_eq!(frames(&memory), before + 1);
}
