//! What a worker does when its service is slow, forgetful or gone.

use std::time::Duration;

use serde_json::{Value, json};
#[cfg(unix)]
use sfn_runtime::Shutdown;
use sfn_runtime::{
    Health, Providers, Served, WorkError, Workers, Workflow,
    flow::{Flow, SamplePlaces},
    here, run_here,
    service::ErrorKind,
};
use tokio::time::{Instant, advance};

use crate::{
    double::{Call, Double, Fault, Said},
    kitchen::*,
};

pub(crate) fn providers(kitchen: &Kitchen) -> Providers {
    let mut providers = Providers::default();
    providers.insert(kitchen.clone());
    providers
}

pub(crate) async fn serve(double: &Double, kitchen: &Kitchen, step: Served) -> Workers {
    run_here(&double.client(), [step])
        .providing(providers(kitchen))
        .named("cook-1")
        .await
        .expect("the workers start")
}

/// Lets everything that is ready run. Time stands still.
pub(crate) async fn settle() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

/// Serves `step` to one task, and gives what its worker said.
async fn one(step: Served, input: Value) -> Said {
    let (double, kitchen) = (Double::new(), Kitchen::closed());
    double.task("t", input);
    let workers = serve(&double, &kitchen, step).await;
    let said = double.said("t").await;
    workers.stop().await;
    assert_eq!(double.abandoned_polls(), 0);
    said
}

fn failure(error: &str, cause: &str) -> Said {
    Said::Failure {
        error: error.to_owned(),
        cause: cause.to_owned(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_result_is_reported() {
    assert_eq!(
        one(here::<double>(), json!({ "number": 21 })).await,
        Said::Success(json!(42))
    );
}

#[tokio::test(start_paused = true)]
async fn a_typed_error_is_reported_by_its_name() {
    let said = one(here::<fail_as>(), json!({ "how": "busy" })).await;
    assert_eq!(said, failure("OvenError.Busy", "the oven is taken"));
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_a_named_failure() {
    let said = one(here::<fail_as>(), json!({ "how": "bang" })).await;
    assert_eq!(said, failure("Sfn.Panic", "the oven exploded"));
}

#[tokio::test(start_paused = true)]
async fn an_input_of_the_wrong_type_names_the_parameter() {
    let Said::Failure { error, cause } = one(here::<double>(), json!({ "number": "x" })).await
    else {
        panic!("it is a failure");
    };
    assert_eq!(error, "Sfn.BadInput");
    assert_eq!(
        cause,
        "parameter `number`: expected a whole number from 0 to 4294967295, found the text \"x\""
    );
}

#[tokio::test(start_paused = true)]
async fn a_task_without_an_envelope_is_bad_input() {
    let (double, kitchen) = (Double::new(), Kitchen::closed());
    double.raw_task("not ours", r#"{"number": 1}"#);
    double.raw_task("no json", "{");
    let workers = serve(&double, &kitchen, here::<double>()).await;
    for token in ["not ours", "no json"] {
        let Said::Failure { error, .. } = double.said(token).await else {
            panic!("it is a failure");
        };
        assert_eq!(error, "Sfn.BadInput");
    }
    workers.stop().await;
}

#[tokio::test(start_paused = true)]
async fn an_output_that_is_too_large_is_not_even_sent() {
    let limit = 262_144;
    // Two quotes stand around the text.
    let said = one(here::<bake_far_too_much>(), json!({ "bytes": limit - 2 })).await;
    assert!(matches!(said, Said::Success(_)));
    let said = one(here::<bake_far_too_much>(), json!({ "bytes": limit - 1 })).await;
    let Said::Failure { error, cause } = said else {
        panic!("it is a failure");
    };
    assert_eq!(error, "Sfn.TooLarge");
    assert!(cause.contains("262145 bytes"), "{cause}");
}

#[tokio::test(start_paused = true)]
async fn no_more_run_at_once_than_may_and_no_more_polls_wait_than_can_be_served() {
    let (double, kitchen) = (Double::new(), Kitchen::closed());
    for number in 0..7 {
        double.task(&number.to_string(), json!({ "number": number }));
    }
    let workers = serve(&double, &kitchen, here::<wait_for_door>().concurrency(3)).await;
    settle().await;
    assert_eq!(
        (kitchen.running(), double.polls()),
        (3, 0),
        "all slots work, so nobody asks"
    );
    kitchen.open(5);
    settle().await;
    assert_eq!(
        (kitchen.running(), double.polls()),
        (2, 1),
        "one slot is free, and asks"
    );
    kitchen.open(2);
    for number in 0..7 {
        assert_eq!(
            double.said(&number.to_string()).await,
            Said::Success(json!(number))
        );
    }
    workers.stop().await;
    assert_eq!(kitchen.most(), 3);
    assert!(double.most_polls() <= 3, "{}", double.most_polls());
    assert_eq!(double.workers(), ["cook-1"]);
}

#[tokio::test(start_paused = true)]
async fn a_large_pool_does_not_open_a_poll_for_every_slot() {
    let (double, kitchen) = (Double::new(), Kitchen::closed());
    let workers = serve(&double, &kitchen, here::<wait_for_door>().concurrency(500)).await;
    settle().await;
    assert_eq!(double.most_polls(), 16);
    for number in 0..500 {
        double.task(&number.to_string(), json!({ "number": number }));
    }
    while kitchen.running() < 500 {
        settle().await;
    }
    kitchen.open(500);
    workers.stop().await;
    assert_eq!(kitchen.begun(), 500);
}

#[tokio::test(start_paused = true)]
async fn steps_that_block_run_side_by_side() {
    let (double, kitchen) = (Double::new(), Kitchen::closed());
    for number in 0..3 {
        double.task(&number.to_string(), json!({ "number": number }));
    }
    let workers = serve(&double, &kitchen, here::<block>().concurrency(3)).await;
    // The test's own thread goes on: the blocked ones are others.
    while kitchen.running() < 3 {
        tokio::task::yield_now().await;
    }
    kitchen.open(3);
    for number in 0..3 {
        assert_eq!(
            double.said(&number.to_string()).await,
            Said::Success(json!(number))
        );
    }
    workers.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_drain_waits_for_open_polls_and_finishes_what_they_bring() {
    let (double, kitchen) = (Double::new().holding_polls(), Kitchen::closed());
    let workers = serve(&double, &kitchen, here::<wait_for_door>().concurrency(2)).await;
    settle().await;
    assert_eq!(double.polls(), 2);
    let stopping = tokio::spawn(workers.stop());
    settle().await;
    assert_eq!(
        double.polls(),
        2,
        "a poll given up might have been answered already"
    );
    double.task("late", json!({ "number": 1 }));
    settle().await;
    assert_eq!((kitchen.running(), double.polls()), (1, 1));
    kitchen.open(1);
    assert_eq!(double.said("late").await, Said::Success(json!(1)));
    let before = Instant::now();
    stopping.await.expect("it stops");
    assert!(
        before.elapsed() <= Duration::from_secs(60),
        "{:?}",
        before.elapsed()
    );
    assert_eq!(double.abandoned_polls(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_drain_is_quick_where_polls_can_be_released() {
    let (double, kitchen) = (Double::new(), Kitchen::closed());
    let workers = serve(&double, &kitchen, here::<wait_for_door>().concurrency(4)).await;
    settle().await;
    let before = Instant::now();
    workers.stop().await;
    assert_eq!(before.elapsed(), Duration::ZERO);
    assert_eq!(double.abandoned_polls(), 0);
}

#[tokio::test(start_paused = true)]
async fn dropped_workers_drain() {
    let (double, kitchen) = (Double::new(), Kitchen::closed());
    double.task("t", json!({ "number": 1 }));
    let workers = serve(&double, &kitchen, here::<wait_for_door>()).await;
    settle().await;
    drop(workers);
    kitchen.open(1);
    assert_eq!(double.said("t").await, Said::Success(json!(1)));
    settle().await;
    assert_eq!(double.polls(), 0, "nobody asks for more");
}

#[tokio::test(start_paused = true)]
async fn stopping_at_once_gives_back_what_is_not_finished() {
    let (double, kitchen) = (Double::new(), Kitchen::closed());
    double.task("t", json!({ "number": 1 }));
    let workers = serve(&double, &kitchen, here::<wait_for_door>()).await;
    settle().await;
    assert_eq!(kitchen.running(), 1);
    let stopper = workers.stopper();
    let stopping = tokio::spawn(workers.stop());
    settle().await;
    assert!(double.nothing_said("t"), "the first stop drains");
    stopper.now();
    stopping.await.expect("it stops");
    assert_eq!(kitchen.running(), 0, "the step was dropped");
    assert_eq!(
        double.said("t").await,
        failure(
            "Sfn.WorkerStopped",
            "the worker stopped before step `wait_for_door` had ended"
        ),
    );
}

#[tokio::test(start_paused = true)]
async fn stopping_at_once_does_not_wait_for_a_service_that_is_gone() {
    let (double, kitchen) = (Double::new(), Kitchen::closed());
    double.plan(Call::Failure, [Fault::Silence]);
    double.task("t", json!({ "number": 1 }));
    let workers = serve(&double, &kitchen, here::<wait_for_door>()).await;
    settle().await;
    let before = Instant::now();
    workers.stop_now().await;
    assert!(
        before.elapsed() <= Duration::from_secs(6),
        "{:?}",
        before.elapsed()
    );
}

/// Sends this very process a signal. Whoever has called `Shutdown::listen` survives it.
#[cfg(unix)]
fn signal(name: &str) {
    let process = std::process::id().to_string();
    let sent = std::process::Command::new("kill")
        .args([name, &process])
        .status();
    assert!(sent.expect("there is a `kill`").success());
}

#[cfg(unix)]
#[tokio::test]
async fn the_first_signal_drains_and_the_second_stops_at_once() {
    let (double, kitchen) = (Double::new(), Kitchen::closed());
    let mut shutdown = Shutdown::listen().expect("signals can be heard");
    for number in 0..2 {
        double.task(&number.to_string(), json!({ "number": number }));
    }
    let workers = serve(&double, &kitchen, here::<wait_for_door>().concurrency(3)).await;
    while (kitchen.running(), double.polls()) != (2, 1) {
        tokio::task::yield_now().await;
    }
    let working = tokio::spawn(async move { workers.run_until(&mut shutdown).await });
    signal("-TERM");
    while double.polls() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(kitchen.running(), 2, "what is at hand goes on");
    kitchen.open(1);
    while kitchen.running() == 2 {
        tokio::task::yield_now().await;
    }
    signal("-INT");
    working.await.expect("it ends");
    let said = [double.said("0").await, double.said("1").await];
    assert_eq!(
        said.iter()
            .filter(|said| matches!(said, Said::Success(_)))
            .count(),
        1
    );
    let stopped =
        |said: &&Said| matches!(said, Said::Failure { error, .. } if error == "Sfn.WorkerStopped");
    assert_eq!(said.iter().filter(stopped).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn heartbeats_come_well_within_the_interval_until_the_end() {
    let (double, kitchen) = (Double::new(), Kitchen::closed());
    double.task("t", json!({ "number": 1 }));
    let workers = serve(&double, &kitchen, here::<wait_in_sight>()).await;
    settle().await;
    let begun = Instant::now();
    for _ in 0..120 {
        advance(Duration::from_secs(1)).await;
        settle().await;
    }
    kitchen.open(1);
    assert_eq!(double.said("t").await, Said::Success(json!(1)));
    let mut last = begun;
    for beat in double.beats("t") {
        assert!(
            beat - last <= Duration::from_secs(15),
            "half of the interval at most"
        );
        last = beat;
    }
    assert!(begun + Duration::from_secs(120) - last <= Duration::from_secs(15));
    let before = double.calls(Call::Heartbeat);
    advance(Duration::from_secs(120)).await;
    settle().await;
    assert_eq!(
        double.calls(Call::Heartbeat),
        before,
        "a task that ended needs no heartbeat"
    );
    workers.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_that_stands_only_at_the_use_is_kept_too() {
    let used: fn(Flow<u32>) -> Flow<u32> = |flow| {
        let stage = flow.then::<wait_for_door>();
        stage.heartbeat(Duration::from_secs(9)).end()
    };
    let machine = Workflow::new("at-use", used).definition();
    let machine = machine
        .compile(&SamplePlaces::new("suite"))
        .expect("it is sound")
        .to_value();
    let sent = &machine["States"]["wait_for_door"]["Arguments"]["context"]["heartbeat"];
    assert_eq!(sent, 9);

    let (double, kitchen) = (Double::new(), Kitchen::closed());
    let context =
        json!({ "execution": "e", "name": "e", "state": "s", "attempt": 0, "heartbeat": sent });
    double.raw_task(
        "t",
        &json!({ "input": { "number": 1 }, "context": context }).to_string(),
    );
    let workers = serve(&double, &kitchen, here::<wait_for_door>()).await;
    settle().await;
    for _ in 0..9 {
        advance(Duration::from_secs(1)).await;
        settle().await;
    }
    assert!(double.beats("t").len() >= 2, "{:?}", double.beats("t"));
    kitchen.open(1);
    workers.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_that_fails_is_sent_again_in_time() {
    let (double, kitchen) = (Double::new(), Kitchen::closed());
    let refused = [ErrorKind::Throttled, ErrorKind::Unreachable].map(Fault::Refused);
    double.plan(Call::Heartbeat, refused);
    double.task("t", json!({ "number": 1 }));
    let workers = serve(&double, &kitchen, here::<wait_in_sight>()).await;
    settle().await;
    let begun = Instant::now();
    for _ in 0..30 {
        advance(Duration::from_secs(1)).await;
        settle().await;
    }
    let beats = double.beats("t");
    assert!(
        beats
            .first()
            .is_some_and(|beat| *beat - begun < Duration::from_secs(30)),
        "one arrived within the interval: {beats:?}"
    );
    kitchen.open(1);
    workers.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_step_learns_that_nobody_waits_for_it_any_more() {
    let (double, kitchen) = (Double::new(), Kitchen::closed());
    double.task("t", json!({ "number": 1 }));
    let workers = serve(&double, &kitchen, here::<wait_in_sight>()).await;
    settle().await;
    double.end("t");
    advance(Duration::from_secs(15)).await;
    settle().await;
    assert_eq!(kitchen.cancelled(), 1);
    assert_eq!(kitchen.running(), 0);
    workers.stop().await;
    assert!(double.nothing_said("t"));
    assert_eq!(
        double.calls(Call::Success),
        0,
        "a result that nobody waits for is not sent"
    );
}

#[tokio::test(start_paused = true)]
async fn a_step_is_ended_when_its_time_is_over() {
    let used: fn(Flow<u32>) -> Flow<u32> = |flow| {
        flow.then::<wait_for_door>()
            .timeout(Duration::from_secs(9))
            .end()
    };
    let machine = Workflow::new("at-use", used).definition();
    let machine = machine
        .compile(&SamplePlaces::new("suite"))
        .expect("it is sound")
        .to_value();
    let sent = &machine["States"]["wait_for_door"]["Arguments"]["context"]["timeout"];
    assert_eq!(sent, 9);

    let (double, kitchen) = (Double::new(), Kitchen::closed());
    let context =
        json!({ "execution": "e", "name": "e", "state": "s", "attempt": 0, "timeout": sent });
    // This one does not listen to its context.
    double.raw_task(
        "t",
        &json!({ "input": { "number": 1 }, "context": context }).to_string(),
    );
    let workers = serve(&double, &kitchen, here::<wait_for_door>()).await;
    settle().await;
    advance(Duration::from_secs(8)).await;
    settle().await;
    assert_eq!(kitchen.running(), 1);
    // Past the limit, and past the time in which a step may tidy up.
    for seconds in [2, 11] {
        advance(Duration::from_secs(seconds)).await;
        settle().await;
    }
    assert_eq!(kitchen.running(), 0, "it was told, and then dropped");
    double.task("next", json!({ "number": 2 }));
    kitchen.open(1);
    assert_eq!(double.said("next").await, Said::Success(json!(2)));
    workers.stop().await;
    assert!(double.nothing_said("t"), "the service has ended the task");
}

#[tokio::test(start_paused = true)]
async fn a_step_may_ask_for_heartbeats_by_itself() {
    let (double, kitchen) = (Double::new(), Kitchen::closed());
    double.task("t", json!({}));
    let workers = serve(&double, &kitchen, here::<beat_by_itself>()).await;
    assert_eq!(double.said("t").await, Said::Success(json!(6)));
    let beats = double.beats("t");
    assert!(
        (6..=8).contains(&beats.len()),
        "ten at once are one: {}",
        beats.len()
    );
    for pair in beats.windows(2) {
        assert!(pair[1] - pair[0] >= Duration::from_secs(1));
    }
    workers.stop().await;
}

/// Serves a task that succeeds, with faults in the way of its report.
async fn reported_despite(faults: &[Fault]) -> Double {
    let (double, kitchen) = (Double::new(), Kitchen::closed());
    double.plan(Call::Success, faults.iter().copied());
    double.task("t", json!({ "number": 4 }));
    let workers = serve(&double, &kitchen, here::<double>()).await;
    double.said("t").await;
    workers.stop().await;
    double
}

#[tokio::test(start_paused = true)]
async fn a_report_is_repeated_until_it_arrives() {
    let kinds = [
        ErrorKind::Throttled,
        ErrorKind::Internal,
        ErrorKind::Unreachable,
        ErrorKind::AccessDenied,
        ErrorKind::Throttled,
    ];
    let faults = kinds.map(Fault::Refused);
    let double = reported_despite(&faults).await;
    assert_eq!(double.said("t").await, Said::Success(json!(8)));
    assert_eq!(double.calls(Call::Success), kinds.len() + 1);
}

#[tokio::test(start_paused = true)]
async fn a_report_whose_answer_is_lost_counts_once() {
    let double = reported_despite(&[Fault::AnswerLost]).await;
    assert_eq!(double.said("t").await, Said::Success(json!(8)));
    assert_eq!(double.calls(Call::Success), 2);
    assert_eq!(double.calls(Call::Failure), 0);
}

#[tokio::test(start_paused = true)]
async fn a_final_refusal_of_a_report_is_final() {
    for kind in [
        ErrorKind::InvalidToken,
        ErrorKind::TaskDoesNotExist,
        ErrorKind::TaskTimedOut,
    ] {
        let (double, kitchen) = (Double::new(), Kitchen::closed());
        double.plan(Call::Success, [Fault::Refused(kind)]);
        double.task("refused", json!({ "number": 4 }));
        double.task("next", json!({ "number": 5 }));
        let workers = serve(&double, &kitchen, here::<double>()).await;
        assert_eq!(double.said("next").await, Said::Success(json!(10)));
        workers.stop().await;
        assert!(double.nothing_said("refused"));
        assert_eq!(double.calls(Call::Success), 2, "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_report_that_is_refused_again_and_again_is_given_up() {
    let (double, kitchen) = (Double::new(), Kitchen::closed());
    double.plan(Call::Success, [Fault::Refused(ErrorKind::AccessDenied); 13]);
    double.task("refused", json!({ "number": 4 }));
    double.task("next", json!({ "number": 5 }));
    let workers = serve(&double, &kitchen, here::<double>()).await;
    assert_eq!(double.said("next").await, Said::Success(json!(10)));
    workers.stop().await;
    assert!(double.nothing_said("refused"));
    assert_eq!(double.calls(Call::Success), 14);
}

#[tokio::test(start_paused = true)]
async fn an_output_that_is_refused_becomes_a_failure() {
    let double = reported_despite(&[Fault::Refused(ErrorKind::InvalidOutput)]).await;
    let Said::Failure { error, .. } = double.said("t").await else {
        panic!("it is a failure");
    };
    assert_eq!(error, "Sfn.BadOutput");
}

#[tokio::test(start_paused = true)]
async fn heartbeats_go_on_while_a_report_is_on_its_way() {
    let (double, kitchen) = (Double::new(), Kitchen::closed());
    double.plan(Call::Success, [Fault::Refused(ErrorKind::Unreachable); 12]);
    double.task("t", json!({ "number": 1 }));
    kitchen.open(1);
    let workers = serve(&double, &kitchen, here::<wait_in_sight>()).await;
    let begun = Instant::now();
    assert_eq!(double.said("t").await, Said::Success(json!(1)));
    let took = begun.elapsed();
    assert!(
        took > Duration::from_secs(30),
        "the report took long: {took:?}"
    );
    assert!(double.beats("t").len() >= 2);
    workers.stop().await;
}

#[tokio::test(start_paused = true)]
async fn polls_that_fail_are_repeated_with_growing_pauses() {
    let (double, kitchen) = (Double::new(), Kitchen::closed());
    let kinds = [
        ErrorKind::Unreachable,
        ErrorKind::Throttled,
        ErrorKind::NotFound,
        ErrorKind::AccessDenied,
        ErrorKind::LimitExceeded,
    ];
    double.plan(Call::Poll, kinds.map(Fault::Refused));
    double.task("t", json!({ "number": 3 }));
    let begun = Instant::now();
    let workers = serve(&double, &kitchen, here::<double>()).await;
    assert_eq!(double.said("t").await, Said::Success(json!(6)));
    let took = begun.elapsed();
    // 0.2, 0.4, 0.8, 1.6 and 3.2 seconds, each at least by half.
    assert!(took >= Duration::from_millis(3_100), "{took:?}");
    assert!(took <= Duration::from_millis(6_300), "{took:?}");
    workers.stop().await;
    assert_eq!(double.abandoned_polls(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_empty_poll_is_followed_by_the_next() {
    let (double, kitchen) = (Double::new(), Kitchen::closed());
    let workers = serve(&double, &kitchen, here::<double>()).await;
    settle().await;
    for minutes in 1..=3 {
        advance(Duration::from_secs(60)).await;
        settle().await;
        assert_eq!((double.calls(Call::Poll), double.polls()), (minutes + 1, 1));
    }
    workers.stop().await;
}

#[tokio::test]
async fn what_cannot_be_served_is_said_at_once() {
    async fn refused(steps: impl IntoIterator<Item = Served>) -> WorkError {
        let workers = run_here(&Double::new().client(), steps).await;
        workers.expect_err("it is refused")
    }
    assert_eq!(
        refused([here::<double>().concurrency(0)]).await.to_string(),
        "step `double` cannot run 0 at a time\nhelp: choose between 1 and 1000"
    );
    assert_eq!(
        refused([here::<double>(), here::<double>()])
            .await
            .to_string(),
        "step `double` is served twice\nhelp: name it once, with the concurrency it should have"
    );
    let error = refused([here::<wait_for_door>()]).await;
    assert!(matches!(error, WorkError::MissingProvider(_)), "{error}");
}

#[tokio::test(start_paused = true)]
async fn workers_of_several_processes_share_the_tasks() {
    let (double, kitchen) = (Double::new(), Kitchen::closed());
    for number in 0..12 {
        double.task(&format!("t{number}"), json!({ "number": number }));
    }
    let mut workers = Vec::new();
    for name in ["cook-1", "cook-2", "cook-3"] {
        let step = here::<wait_for_door>().concurrency(2);
        let started = run_here(&double.client(), [step])
            .providing(providers(&kitchen))
            .named(name)
            .await;
        workers.push(started.expect("the workers start"));
    }
    settle().await;
    assert_eq!(kitchen.running(), 6, "each takes what it has room for");
    assert_eq!(double.workers().len(), 3);
    kitchen.open(12);
    for number in 0..12 {
        let said = double.said(&format!("t{number}")).await;
        assert_eq!(said, Said::Success(json!(number)));
    }
    assert_eq!(kitchen.begun(), 12, "none runs twice");
    for workers in workers {
        workers.stop().await;
    }
    assert_eq!(double.abandoned_polls(), 0);
}

#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn a_drain_ends_at_its_deadline() {
    let (double, kitchen) = (Double::new(), Kitchen::closed());
    double.task("t", json!({ "number": 1 }));
    let mut shutdown = Shutdown::listen().expect("signals can be listened to");
    let workers = serve(&double, &kitchen, here::<wait_for_door>()).await;
    let workers = workers.draining_within(Duration::from_secs(25));
    settle().await;
    assert_eq!(kitchen.running(), 1);
    workers.stopper().drain();
    let begun = Instant::now();
    let (monitor, ended) = (workers.monitor(), workers.run_until(&mut shutdown));
    assert_eq!(monitor.health(), Health::Stopping);
    ended.await;
    assert_eq!(begun.elapsed(), Duration::from_secs(25));
    let said = double.said("t").await;
    assert!(
        matches!(&said, Said::Failure { error, .. } if error == "Sfn.WorkerStopped"),
        "{said:?}"
    );
    let figures = monitor.prometheus();
    let line = "sfn_tasks_total{step=\"wait_for_door\",outcome=\"given_back\"} 1\n";
    assert!(figures.contains(line), "{figures}");
}
