//! The application for credit on an engine whose time is moved by hand.

use credit::{
    bureau::{Application, Bureau, get_credit_limit},
    desk::{Decider, approve, ask_an_officer},
    machine::CREDIT,
};
use sfn_runtime::{Providers, RunError, Workers, here};

use crate::world::World;

fn bank(refusals: u32) -> World {
    let mut providers = Providers::default();
    providers.insert(Bureau::busy(refusals));
    World::new(providers)
}

async fn open(world: &World) -> Workers {
    world
        .serve([
            here::<get_credit_limit>(),
            here::<approve>(),
            here::<ask_an_officer>(),
        ])
        .await
}

fn application(applied: u32) -> Application {
    Application {
        applicant: "Ada".to_owned(),
        applied,
        income: 2000,
    }
}

async fn check(applied: u32, decider: Decider, decided_in: &str, granted: u32) {
    let world = bank(0);
    let _workers = open(&world).await;
    let mut run = world.start(&CREDIT, application(applied)).await;
    run.until_the_end().await;
    assert_eq!(
        run.entered(),
        ["Get credit limit", "Credit applied >= 5000?", decided_in]
    );
    let decision = run.handle.wait().await.expect("it is decided");
    assert_eq!((decision.decided_by, decision.granted), (decider, granted));
}

#[tokio::test(start_paused = true)]
async fn five_thousand_is_where_the_officer_comes_in() {
    check(4999, Decider::Rule, "Auto-approve limit", 4999).await;
    check(5000, Decider::Officer, "Wait for human approval", 5000).await;
    check(12_001, Decider::Officer, "Wait for human approval", 0).await;
}

#[tokio::test(start_paused = true)]
async fn the_retrier_doubles_its_pauses_six_times() {
    let world = bank(6);
    let _workers = open(&world).await;
    let mut run = world.start(&CREDIT, application(100)).await;
    for (failures, seconds) in (1..).zip([2, 4, 8, 16, 32, 64]) {
        run.until("ActivityFailed", failures).await;
        world.pass(seconds);
    }
    run.until_the_end().await;
    assert_eq!(run.pauses("ActivityFailed"), [2, 4, 8, 16, 32, 64]);
    assert_eq!(run.handle.wait().await.expect("it is decided").granted, 100);
}

#[tokio::test(start_paused = true)]
async fn the_seventh_refusal_ends_it() {
    let world = bank(7);
    let _workers = open(&world).await;
    let mut run = world.start(&CREDIT, application(100)).await;
    for failures in 1..=6 {
        run.until("ActivityFailed", failures).await;
        world.pass(64);
    }
    run.until_the_end().await;
    assert_eq!(run.count("ActivityScheduled"), 7);
    failed(run.handle.wait().await, "Lambda.TooManyRequestsException");
}

#[tokio::test(start_paused = true)]
async fn an_unknown_applicant_is_not_asked_for_twice() {
    let world = bank(0);
    let _workers = open(&world).await;
    let nobody = Application {
        applicant: String::new(),
        ..application(100)
    };
    let mut run = world.start(&CREDIT, nobody).await;
    run.until_the_end().await;
    assert_eq!(run.count("ActivityScheduled"), 1);
    failed(run.handle.wait().await, "UnknownApplicant");
}

#[track_caller]
fn failed<O: std::fmt::Debug>(result: Result<O, RunError>, expected: &str) {
    match result {
        Err(RunError::Failed { state, error, .. }) => {
            assert_eq!(
                (state.as_deref(), error.as_str()),
                (Some("Get credit limit"), expected)
            );
        }
        other => panic!("it should fail with `{expected}`, and gives {other:?}"),
    }
}
