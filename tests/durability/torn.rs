//! A write fails, is torn, or is not heard of: the n-th one, for every n of a scenario.

use std::sync::{Mutex, Weak};
use std::time::Duration;

use sfn_engine::api::StartExecution;
use sfn_engine::{Engine, Error, ExecutionStatus, Handle, TestClock, TestIds};
use sfn_tests::random::Random;
use tokio::task::JoinHandle;

use crate::Folder;
use crate::doubles::{Fault, Faulty};
use crate::load::{
    Functions, INPUT, KINDS, check_history, doers, kind_of, machine_arn, set_up, work,
};

/// What was acknowledged, and to whom.
#[derive(Default)]
struct Acknowledged {
    started: Vec<String>,
    done: Vec<(String, String)>,
}

fn arn_of(name: &str) -> String {
    format!(
        "{}:{name}",
        machine_arn(kind_of(name)).replace(":stateMachine:", ":execution:")
    )
}

/// Starts one execution of each kind, does its tasks, moves time, and tidies up in between, until all are over.
async fn drive(
    engine: &Handle,
    clock: &TestClock,
    acknowledged: &mut Acknowledged,
) -> Result<(), Error> {
    set_up(engine).await?;
    let random = Mutex::new(Random::new(1));
    for kind in KINDS {
        let name = format!("{}-0", kind.name);
        if acknowledged.started.contains(&name) {
            continue;
        }
        let start = StartExecution::new(machine_arn(kind))
            .name(&name)
            .input(INPUT);
        match engine.start_execution(start).await {
            // It was kept, though the one before was not told so.
            Ok(_) | Err(Error::ExecutionAlreadyExists(_)) => acknowledged.started.push(name),
            Err(error) => return Err(error),
        }
    }
    for round in 0.. {
        assert!(round < 1000, "it does not end");
        if round % 4 == 1 {
            engine.compact().await?;
        }
        let mut open = 0;
        for name in &acknowledged.started {
            let described = engine.describe_execution(&arn_of(name)).await?;
            let over = described.status == ExecutionStatus::Succeeded;
            assert!(
                over || described.status == ExecutionStatus::Running,
                "{described:?}"
            );
            open += usize::from(!over);
        }
        if open == 0 {
            return Ok(());
        }
        let moment = Duration::from_millis(1);
        match tokio::time::timeout(moment, work(engine, &random, "w")).await {
            Ok(done) => acknowledged.done.extend(done?),
            // Nothing to do for a worker: time goes on.
            Err(_) => clock.advance(Duration::from_secs(1)),
        }
    }
    Ok(())
}

/// An engine, who sends tokens back to it, and what is there for as long as its folder is taken.
type Opened = (Handle, JoinHandle<Result<(), Error>>, Weak<()>);

fn engine(clock: &TestClock, folder: &Folder, fault: Fault, n: usize, seed: u64) -> Opened {
    let functions = Functions::new();
    let store = Faulty::open(folder.0.clone(), fault, n);
    let taken = store.while_open();
    let engine = Engine::builder()
        .clock(clock.clone())
        .ids(TestIds::new(seed))
        .lambda(functions.clone())
        .own_workers()
        .store(store)
        .start()
        .expect("what the one before left can be read");
    let sender = tokio::spawn(functions.send_back(engine.clone()));
    (engine, sender, taken)
}

async fn check(fault: Fault) {
    let mut failures = 0;
    for n in 0.. {
        let (clock, folder) = (TestClock::manual(), Folder::new());
        let mut acknowledged = Acknowledged::default();
        let (first, sender, taken) = engine(&clock, &folder, fault, n, 1);
        let driven = drive(&first, &clock, &mut acknowledged).await;
        let ended = driven.is_ok();
        if let Err(error) = &driven {
            assert!(
                matches!(error, Error::Store(_)),
                "after {n} writes: {error}"
            );
            failures += 1;
        }
        close(first, sender, &taken).await;
        let sound = usize::MAX - 1;
        let (second, sender, taken) = engine(&clock, &folder, Fault::Fails, sound, 2);
        let redriven = drive(&second, &clock, &mut acknowledged).await;
        redriven.expect("the second store does not fail");
        for name in &acknowledged.started {
            let history = second.events_since(&arn_of(name), 0).await;
            let history = history.expect("it is there");
            check_history(name, &history);
            let doers = doers(&history);
            for (_, by) in acknowledged.done.iter().filter(|(of, _)| of == name) {
                let times = doers.iter().filter(|doer| *doer == by).count();
                assert_eq!(times, 1, "{by} of {name}, after {n} writes");
            }
        }
        close(second, sender, &taken).await;
        if ended {
            break;
        }
    }
    assert!(failures > 30, "only {failures} writes");
}

/// Ends an engine: it is gone when nobody holds it any more.
async fn close(engine: Handle, sender: JoinHandle<Result<(), Error>>, taken: &Weak<()>) {
    drop(engine);
    sender.abort();
    // It was told to end, or it had ended as the store failed.
    let _ = sender.await;
    // A thread of the engine's may still be tidying up; it holds the engine until it is done.
    while taken.strong_count() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn whichever_write_fails_the_next_engine_goes_on() {
    check(Fault::Fails).await;
}

#[tokio::test]
async fn whichever_write_is_torn_the_next_engine_goes_on() {
    check(Fault::Tears).await;
}

#[tokio::test]
async fn whichever_write_is_not_heard_of_the_next_engine_goes_on() {
    check(Fault::Lies).await;
}
