//! Executions that are over, in the archive: told of as before, redriven, and forgotten in the end.

use std::time::Duration;

use serde_json::json;
use sfn_engine::api::{
    CreateStateMachine, CreateStateMachineAlias, ListExecutions, Page, PublishStateMachineVersion,
    RedriveExecution, RoutingItem, StartExecution, StopExecution, UpdateStateMachine,
};
use sfn_engine::store::{FileStore, MemoryStore, Retention, Store};
use sfn_engine::{Clock, Engine, Error, ExecutionStatus, Handle, TestClock, TestIds};

use crate::Folder;

const MACHINE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:m";

fn engine(clock: &TestClock, store: &MemoryStore, retention: Retention) -> Handle {
    engine_over(clock, store.clone(), retention)
}

fn engine_over(clock: &TestClock, store: impl Store, retention: Retention) -> Handle {
    let builder = Engine::builder()
        .clock(clock.clone())
        .ids(TestIds::default());
    let builder = builder.store(store).retention(retention);
    builder.start().expect("there is a runtime")
}

/// An engine over a folder, once the one before it has let go of it.
fn engine_in(clock: &TestClock, folder: &Folder) -> Handle {
    let store = loop {
        match FileStore::open(&folder.0) {
            Err(sfn_engine::store::Error::Locked { .. }) => std::thread::yield_now(),
            opened => break opened.expect("the folder can be used"),
        }
    };
    engine_over(clock, store, Retention::default())
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

/// The names in a list by each way of choosing, page by page.
async fn lists(engine: &Handle) -> Vec<Vec<String>> {
    let of = |arn: String| ListExecutions {
        state_machine_arn: Some(arn),
        page: Page {
            max_results: 2,
            next_token: None,
        },
        ..ListExecutions::default()
    };
    let mut requests = vec![
        of(MACHINE.to_owned()),
        of(format!("{MACHINE}:1")),
        of(format!("{MACHINE}:live")),
    ];
    for status in [ExecutionStatus::Succeeded, ExecutionStatus::Aborted] {
        requests.push(ListExecutions {
            status_filter: Some(status),
            ..of(MACHINE.to_owned())
        });
    }
    for redriven in [true, false] {
        requests.push(ListExecutions {
            redriven: Some(redriven),
            ..of(MACHINE.to_owned())
        });
    }
    let mut lists = Vec::new();
    for mut request in requests {
        let mut list = Vec::new();
        loop {
            let page = engine.list_executions(request.clone()).await;
            let page = page.expect("a list");
            list.extend(page.items.iter().map(|item| format!("{item:?}")));
            request.page.next_token = page.next_token;
            if request.page.next_token.is_none() {
                break;
            }
        }
        lists.push(list);
    }
    lists
}

/// Executions by machine, version and alias; ended, stopped and redriven.
async fn several(engine: &Handle, clock: &TestClock) {
    machine(engine, json!({ "Type": "Wait", "Seconds": 5, "End": true })).await;
    let publish = PublishStateMachineVersion {
        state_machine_arn: MACHINE.to_owned(),
        ..PublishStateMachineVersion::default()
    };
    let version = engine.publish_state_machine_version(publish).await;
    let version = version.expect("it is published").state_machine_version_arn;
    let alias = CreateStateMachineAlias {
        name: "live".to_owned(),
        description: None,
        routing: vec![RoutingItem {
            state_machine_version_arn: version.clone(),
            weight: 100,
        }],
    };
    let alias = engine.create_state_machine_alias(alias).await;
    let alias = alias.expect("it is made").state_machine_alias_arn;
    let mut arns = Vec::new();
    for (count, arn) in (0..).zip([MACHINE, &version, &alias, MACHINE, &version]) {
        let start = StartExecution::new(arn).name(format!("e{count}"));
        let started = engine.start_execution(start).await.expect("it starts");
        arns.push(started.execution_arn);
    }
    for arn in &arns[3..] {
        let stop = StopExecution {
            execution_arn: arn.clone(),
            ..StopExecution::default()
        };
        engine.stop_execution(stop).await.expect("it is stopped");
    }
    let redrive = RedriveExecution {
        execution_arn: arns[4].clone(),
        client_token: None,
    };
    let redriven = engine.redrive_execution(redrive).await;
    redriven.expect("it can be redriven");
    clock.set(clock.now() + Duration::from_secs(5));
    for arn in &arns {
        engine.wait(arn).await.expect("it ends");
    }
}

#[tokio::test]
async fn lists_are_the_same_from_the_archive_whatever_became_of_its_index() {
    let (clock, folder) = (TestClock::manual(), Folder::new());
    let first = engine_in(&clock, &folder);
    several(&first, &clock).await;
    let before = lists(&first).await;
    let counts: Vec<usize> = before.iter().map(Vec::len).collect();
    // What is started by an alias is started by the version this leads to.
    assert_eq!(counts, [5, 3, 1, 4, 1, 1, 4]);
    first.compact().await.expect("the store works");
    assert_eq!(lists(&first).await, before);
    drop(first);
    let index = folder.0.join("index-00000001.bin");
    let whole = {
        // The next start finds it as it was written.
        let engine = engine_in(&clock, &folder);
        assert_eq!(lists(&engine).await, before);
        std::fs::read(&index).expect("there is one")
    };
    let mut flipped = whole.clone();
    flipped[100] ^= 1;
    let torn = whole[..whole.len() / 2].to_vec();
    for damaged in [Vec::new(), torn, flipped, vec![0; whole.len()]] {
        std::fs::write(&index, damaged).expect("it can be written");
        let engine = engine_in(&clock, &folder);
        assert_eq!(lists(&engine).await, before);
        drop(engine);
        let mended = std::fs::read(&index).expect("there is one");
        assert_eq!(mended, whole, "it is written anew");
    }
    std::fs::remove_file(&index).expect("it can be removed");
    assert_eq!(lists(&engine_in(&clock, &folder)).await, before);
    assert_eq!(std::fs::read(&index).expect("there is one"), whole);
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
