//! Executions that are over, in the archive: told of as before, redriven, and forgotten in the end.

use std::time::Duration;

use serde_json::json;
use sfn_engine::api::{
    CreateStateMachine, ListExecutions, Page, RedriveExecution, StartExecution, UpdateStateMachine,
};
use sfn_engine::store::{MemoryStore, Retention, Store};
use sfn_engine::{Clock, Engine, Error, ExecutionStatus, Handle, TestClock, TestIds};

const MACHINE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:m";

fn engine(clock: &TestClock, store: &MemoryStore, retention: Retention) -> Handle {
    let builder = Engine::builder()
        .clock(clock.clone())
        .ids(TestIds::default());
    let builder = builder.store(store.clone()).retention(retention);
    builder.start().expect("there is a runtime")
}

async fn machine(engine: &Handle, state: serde_json::Value) {
    let definition = json!({ "StartAt": "A", "States": { "A": state } });
    let machine = CreateStateMachine::new("m", definition.to_string());
    engine
        .create_state_machine(machine)
        .await
        .expect("a valid definition");
}

async fn run(engine: &Handle, name: &str) -> String {
    let start = StartExecution::new(MACHINE).name(name).input(r#"{"a": 1}"#);
    let started = engine.start_execution(start).await.expect("it starts");
    engine.wait(&started.execution_arn).await.expect("it ends");
    started.execution_arn
}

/// All that can be asked about an execution, as text.
async fn told(engine: &Handle, arn: &str) -> String {
    let described = engine.describe_execution(arn).await.expect("it is there");
    let machine = engine.describe_state_machine_for_execution(arn).await;
    let events = engine.events_since(arn, 0).await.expect("it is there");
    format!(
        "{described:#?}\n{:#?}\n{events:#?}",
        machine.expect("it is there")
    )
}

async fn names(engine: &Handle) -> Vec<String> {
    let request = ListExecutions {
        state_machine_arn: Some(MACHINE.to_owned()),
        page: Page::first(),
        ..ListExecutions::default()
    };
    let listed = engine.list_executions(request).await.expect("a list");
    listed.items.into_iter().map(|item| item.name).collect()
}

#[tokio::test]
async fn nothing_that_is_told_changes_in_the_archive_or_by_a_restart() {
    let (clock, store) = (TestClock::auto(), MemoryStore::new());
    let first = engine(&clock, &store, Retention::default());
    machine(&first, json!({ "Type": "Wait", "Seconds": 5, "End": true })).await;
    let arn = run(&first, "e").await;
    run(&first, "f").await;
    // What the machine was when the execution started is kept, too.
    let definition = r#"{"StartAt":"B","States":{"B":{"Type":"Succeed"}}}"#;
    let update = UpdateStateMachine {
        state_machine_arn: MACHINE.to_owned(),
        definition: Some(definition.to_owned()),
        ..UpdateStateMachine::default()
    };
    first
        .update_state_machine(update)
        .await
        .expect("it is changed");
    let before = told(&first, &arn).await;
    first.compact().await.expect("the store works");
    assert_eq!(store.parts().iter().map(|part| part.count).sum::<u64>(), 2);
    assert_eq!(told(&first, &arn).await, before);
    assert_eq!(names(&first).await, ["f", "e"]);
    drop(first);
    let second = engine(&clock, &store, Retention::default());
    assert_eq!(told(&second, &arn).await, before);
    assert_eq!(names(&second).await, ["f", "e"]);
    second.compact().await.expect("the store works");
    assert_eq!(told(&second, &arn).await, before);
    let again = StartExecution::new(MACHINE).name("e").input(r#"{"a": 1}"#);
    let refused = second
        .start_execution(again)
        .await
        .expect_err("its name is taken");
    assert_eq!(refused.code(), "ExecutionAlreadyExists");
}

#[tokio::test]
async fn an_execution_is_redriven_from_the_archive() {
    let (clock, store) = (TestClock::auto(), MemoryStore::new());
    let first = engine(&clock, &store, Retention::default());
    machine(&first, json!({ "Type": "Fail", "Error": "E" })).await;
    let arn = run(&first, "e").await;
    first.compact().await.expect("the store works");
    let redrive = RedriveExecution {
        execution_arn: arn.clone(),
        client_token: None,
    };
    first
        .redrive_execution(redrive)
        .await
        .expect("it can be redriven");
    let described = first.wait(&arn).await.expect("it ends");
    assert_eq!(
        (described.redrive_count, described.status),
        (1, ExecutionStatus::Failed)
    );
    let before = told(&first, &arn).await;
    drop(first);
    for _ in 0..2 {
        let second = engine(&clock, &store, Retention::default());
        assert_eq!(told(&second, &arn).await, before);
        second.compact().await.expect("the store works");
        assert_eq!(told(&second, &arn).await, before);
        assert_eq!(names(&second).await, ["e"]);
    }
}

#[tokio::test]
async fn what_is_over_for_too_long_is_forgotten() {
    let (clock, store) = (TestClock::auto(), MemoryStore::new());
    let keep = Retention {
        age: Duration::from_hours(24),
        ..Retention::default()
    };
    let first = engine(&clock, &store, keep);
    machine(&first, json!({ "Type": "Succeed" })).await;
    // More than one part of the archive: the youngest one stays whatever its age.
    for count in 0..1100 {
        run(&first, &format!("e{count}")).await;
    }
    first.compact().await.expect("the store works");
    assert_eq!(store.parts().len(), 2);
    clock.set(clock.now() + Duration::from_hours(25));
    run(&first, "late").await;
    first.compact().await.expect("the store works");
    assert_eq!(store.parts().len(), 1);
    let old = MACHINE.replace(":stateMachine:", ":execution:") + ":e0";
    let refused = first
        .describe_execution(&old)
        .await
        .expect_err("it is forgotten");
    assert!(
        matches!(refused, Error::ExecutionDoesNotExist(_)),
        "{refused}"
    );
    let names = names(&first).await;
    assert_eq!(names.first().map(String::as_str), Some("late"));
    drop(first);
    let second = engine(&clock, &store, keep);
    let refused = second
        .describe_execution(&old)
        .await
        .expect_err("it is forgotten");
    assert!(
        matches!(refused, Error::ExecutionDoesNotExist(_)),
        "{refused}"
    );
    run(&second, "e0").await;
}

#[tokio::test]
async fn the_journal_does_not_grow_with_what_is_over() {
    let (clock, store) = (TestClock::auto(), MemoryStore::new());
    let first = engine(&clock, &store, Retention::default());
    machine(&first, json!({ "Type": "Pass", "End": true })).await;
    let mut sizes = Vec::new();
    for round in 0..3 {
        for count in 0..50 {
            run(&first, &format!("e{round}-{count}")).await;
        }
        first.compact().await.expect("the store works");
        let mut size = 0;
        let frames = store.load(&mut |kept| {
            if let sfn_engine::store::Kept::Frame(frame) = kept {
                size += frame.len();
            }
            Ok(())
        });
        frames.expect("it can be read");
        sizes.push(size);
    }
    assert!(sizes[2] < sizes[0] + 100, "{sizes:?}");
}
