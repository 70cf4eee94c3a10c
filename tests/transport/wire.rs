//! What a worker does over HTTP when AWS is slow, busy or gone: through the AWS SDK, against an address that does as it is
//! told. The clock is the test's.

use std::time::Duration;

use serde_json::json;
use sfn_runtime::{Providers, Served, Workers, here, run_here};
use tokio::time::Instant;

use crate::{
    endpoint::{Endpoint, Fault},
    kitchen::*,
};

const POLL: &str = "GetActivityTask";
const SUCCESS: &str = "SendTaskSuccess";
const FAILURE: &str = "SendTaskFailure";
const HEARTBEAT: &str = "SendTaskHeartbeat";
const THROTTLED: Fault = Fault::Refused(400, "ThrottlingException");

async fn serve(endpoint: &Endpoint, kitchen: &Kitchen, step: Served) -> Workers {
    let mut providers = Providers::default();
    providers.insert(kitchen.clone());
    run_here(&endpoint.client().await, [step])
        .providing(providers)
        .named("cook-1")
        .await
        .expect("the workers start")
}

/// Serves `double`, and gives what was said of a task that doubles 21.
async fn doubled(endpoint: &Endpoint) -> Workers {
    let workers = serve(endpoint, &Kitchen::closed(), here::<double>()).await;
    endpoint.task("t", json!({ "number": 21 }));
    let (operation, body) = endpoint.said("t").await;
    assert_eq!(operation, SUCCESS);
    assert_eq!(body["output"], "42");
    workers
}

#[tokio::test(start_paused = true)]
async fn a_poll_may_take_longer_than_a_minute() {
    let endpoint = Endpoint::listen().await;
    endpoint.plan(POLL, [Fault::Late(Duration::from_secs(65))]);
    let begun = Instant::now();
    let workers = doubled(&endpoint).await;
    assert!(begun.elapsed() >= Duration::from_secs(65));
    let polls = endpoint.calls(POLL, 1).await;
    assert_eq!(polls[0].body["workerName"], "cook-1");
    let activity = polls[0].body["activityArn"].as_str().unwrap_or_default();
    assert!(
        activity.starts_with("arn:aws:states:us-east-1:123456789012:activity:"),
        "{activity}"
    );
    assert_eq!(endpoint.abandoned(), 0);
    workers.stop_now().await;
}

/// A network that has swallowed the connection must not keep a slot for ever.
#[tokio::test(start_paused = true)]
async fn a_poll_that_is_never_answered_is_given_up_in_the_end() {
    let endpoint = Endpoint::listen().await;
    endpoint.plan(POLL, [Fault::Late(Duration::from_secs(3_600))]);
    let begun = Instant::now();
    let workers = serve(&endpoint, &Kitchen::closed(), here::<double>()).await;
    endpoint.calls(POLL, 2).await;
    let given_up = begun.elapsed().as_secs();
    assert!((65..90).contains(&given_up), "{given_up} s");
    endpoint.task("t", json!({ "number": 1 }));
    endpoint.said("t").await;
    workers.stop_now().await;
}

#[tokio::test(start_paused = true)]
async fn polls_that_are_throttled_come_back_later_and_later() {
    let endpoint = Endpoint::listen().await;
    endpoint.plan(POLL, [THROTTLED; 6]);
    let workers = doubled(&endpoint).await;
    let polls = endpoint.calls(POLL, 7).await;
    let pauses: Vec<Duration> = polls
        .windows(2)
        .take(6)
        .map(|pair| pair[1].at - pair[0].at)
        .collect();
    // 0.2 s, doubled each time, and at least by half: the SDK does not try again by itself.
    for (pause, times) in pauses.iter().zip(0..) {
        let whole = Duration::from_millis(200) * 2_u32.pow(times);
        assert!(*pause >= whole / 2, "{pauses:?}");
        assert!(*pause <= whole + Duration::from_millis(100), "{pauses:?}");
    }
    workers.stop_now().await;
}

#[tokio::test(start_paused = true)]
async fn a_poll_whose_connection_breaks_is_asked_again() {
    let endpoint = Endpoint::listen().await;
    let broken = [Fault::Refused(503, "ServiceUnavailable"), Fault::Lost];
    endpoint.plan(POLL, broken);
    // What was handed out as the connection broke is lost until its time-out.
    endpoint.task("lost", json!({ "number": 1 }));
    let workers = serve(&endpoint, &Kitchen::closed(), here::<double>()).await;
    endpoint.calls(POLL, 3).await;
    endpoint.task("t", json!({ "number": 2 }));
    endpoint.said("t").await;
    assert!(endpoint.nothing_said("lost"));
    workers.stop_now().await;
}

#[tokio::test(start_paused = true)]
async fn reports_outlast_throttling_failures_and_lost_connections() {
    for faults in [
        vec![THROTTLED; 8],
        vec![Fault::Refused(500, "InternalFailure"); 8],
        vec![Fault::Refused(400, "ExpiredTokenException"); 3],
        vec![Fault::Refused(400, "UnrecognizedClientException"); 3],
        vec![Fault::Late(Duration::from_secs(120)); 2],
    ] {
        let endpoint = Endpoint::listen().await;
        endpoint.plan(SUCCESS, faults);
        let workers = doubled(&endpoint).await;
        assert_eq!(endpoint.called(FAILURE), 0);
        workers.stop_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_report_whose_answer_is_lost_counts_once() {
    let endpoint = Endpoint::listen().await;
    endpoint.plan(SUCCESS, [Fault::Lost]);
    let workers = doubled(&endpoint).await;
    endpoint.calls(SUCCESS, 2).await;
    endpoint.task("next", json!({ "number": 1 }));
    endpoint.said("next").await;
    assert_eq!((endpoint.called(SUCCESS), endpoint.called(FAILURE)), (3, 0));
    workers.stop_now().await;
}

#[tokio::test(start_paused = true)]
async fn a_token_that_has_expired_is_let_go() {
    for code in ["TaskTimedOut", "InvalidToken", "TaskDoesNotExist"] {
        let endpoint = Endpoint::listen().await;
        endpoint.plan(SUCCESS, [Fault::Refused(400, code)]);
        endpoint.task("expired", json!({ "number": 1 }));
        let workers = doubled(&endpoint).await;
        assert!(endpoint.nothing_said("expired"));
        assert_eq!(
            (endpoint.called(SUCCESS), endpoint.called(FAILURE)),
            (2, 0),
            "{code}"
        );
        workers.stop_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_that_is_refused_for_good_ends_the_step() {
    let (endpoint, kitchen) = (Endpoint::listen().await, Kitchen::closed());
    endpoint.task("t", json!({ "number": 1 }));
    let workers = serve(&endpoint, &kitchen, here::<wait_in_sight>()).await;
    endpoint.calls(HEARTBEAT, 2).await;
    endpoint.end("t");
    endpoint.calls(HEARTBEAT, 3).await;
    // The slot is free again: its step has ended.
    endpoint.calls(POLL, 2).await;
    assert_eq!((kitchen.cancelled(), kitchen.running()), (1, 0));
    assert_eq!((endpoint.called(SUCCESS), endpoint.called(FAILURE)), (0, 0));
    workers.stop_now().await;
}

#[tokio::test(start_paused = true)]
async fn a_large_pool_keeps_sixteen_polls_open() {
    let (endpoint, kitchen) = (Endpoint::listen().await, Kitchen::closed());
    let step = here::<wait_for_door>().concurrency(100);
    let workers = serve(&endpoint, &kitchen, step).await;
    endpoint.polls(16).await;
    for number in 0..100 {
        endpoint.task(&number.to_string(), json!({ "number": number }));
    }
    kitchen.open(100);
    for number in 0..100 {
        endpoint.said(&number.to_string()).await;
    }
    assert_eq!(endpoint.most_polls(), 16);
    workers.stop_now().await;
}

#[tokio::test(start_paused = true)]
async fn a_drain_gives_up_no_poll_and_does_what_they_bring() {
    let (endpoint, kitchen) = (Endpoint::listen().await, Kitchen::closed());
    let step = here::<wait_for_door>().concurrency(4);
    let workers = serve(&endpoint, &kitchen, step).await;
    endpoint.polls(4).await;
    let begun = Instant::now();
    let stopping = tokio::spawn(workers.stop());
    endpoint.task("late", json!({ "number": 1 }));
    endpoint.polls(3).await;
    kitchen.open(1);
    endpoint.said("late").await;
    stopping.await.expect("it stops");
    assert!(
        begun.elapsed() <= Duration::from_secs(61),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(endpoint.abandoned(), 0);
    assert_eq!(endpoint.called(POLL), 4);
}

/// Each takes what it has room for, whatever the others do.
#[tokio::test(start_paused = true)]
async fn several_workers_share_the_tasks() {
    let (endpoint, kitchen) = (Endpoint::listen().await, Kitchen::closed());
    let step = || here::<wait_for_door>().concurrency(2);
    let one = serve(&endpoint, &kitchen, step()).await;
    let other = serve(&endpoint, &kitchen, step()).await;
    endpoint.polls(4).await;
    for number in 0..12 {
        endpoint.task(&number.to_string(), json!({ "number": number }));
    }
    kitchen.open(12);
    for number in 0..12 {
        endpoint.said(&number.to_string()).await;
    }
    assert_eq!(kitchen.begun(), 12, "none runs twice");
    assert!(kitchen.most() <= 4);
    one.stop_now().await;
    other.stop_now().await;
}
