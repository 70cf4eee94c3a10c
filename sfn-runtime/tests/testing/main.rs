//! The testing kit, tested by itself.

mod body;
mod golden;
mod guide;
mod kitchen;
mod refused;
mod replaced;

use expect_test::expect;
use sfn_runtime::{
    days, hours, minutes,
    service::ExecutionStatus,
    testing::{Test, coverage, fault, mock},
    workflow_test,
};

use kitchen::{NAMED, Order, OvenError, PIZZA, bake, make_dough, needs_a_name, order_elsewhere};

#[workflow_test]
async fn thirty_days_pass_at_once(test: Test) {
    let execution = test.run(&PIZZA, Order::of(30)).await;
    assert_eq!(execution.output(), "300 g with BASIL, TOMATO, at attempt 1");
    assert_eq!(execution.took(), days(30));
    execution.assert_path([
        "parallel",
        "make_dough",
        "map toppings",
        "prepare",
        "prepare",
        "bake",
        "wait 30 days",
        "it == nothing?",
        "serve",
    ]);
    execution.assert_visited(["make_dough", "bake", "serve"]);
    execution.assert_not_visited(["order_elsewhere"]);
    assert!(execution.visited("bake") && !execution.visited("TooMuch"));
}

#[workflow_test]
async fn the_story_is_the_same_each_time(test: Test) {
    test.fault(fault("bake").attempt(1).fails(OvenError::Busy));
    let execution = test.run(&PIZZA, Order::of(1)).await;
    expect![[r#"
        started {"size":1,"toppings":["basil","tomato"]}
        parallel entered {"size":1,"toppings":["basil","tomato"]}
        make_dough entered {"size":1,"toppings":["basil","tomato"]}
        map toppings entered {"size":1,"toppings":["basil","tomato"]}
        map toppings[0] started
        map toppings[1] started
        map toppings[0] > prepare entered "basil"
        map toppings[1] > prepare entered "tomato"
        make_dough left 10
        map toppings[0] > prepare left "BASIL"
        map toppings[0] succeeded
        map toppings[1] > prepare left "TOMATO"
        map toppings[1] succeeded
        map toppings left ["BASIL","TOMATO"]
        parallel left [10,["BASIL","TOMATO"]]
        bake entered [10,["BASIL","TOMATO"]]
        bake failed: OvenError.Busy: the oven is busy
        bake left "10 g with BASIL, TOMATO"
        wait 30 days entered "10 g with BASIL, TOMATO"
        wait 30 days left "10 g with BASIL, TOMATO"
        it == nothing? entered "10 g with BASIL, TOMATO"
        it == nothing? left "10 g with BASIL, TOMATO"
        serve entered "10 g with BASIL, TOMATO"
        serve left "10 g with BASIL, TOMATO, at attempt 1"
        succeeded "10 g with BASIL, TOMATO, at attempt 1"
    "#]]
    .assert_eq(&execution.story());
    for _ in 0..5 {
        let again = Test::local();
        again.fault(fault("bake").attempt(1).fails(OvenError::Busy));
        let other = again.run(&PIZZA, Order::of(1)).await;
        assert_eq!(other.story(), execution.story());
    }
}

#[workflow_test]
async fn faults_hit_states_at_attempts(test: Test) {
    test.fault(fault("bake").attempt(1).fails(OvenError::Busy));
    test.fault(fault("bake").attempt(2).times_out());
    let execution = test.run(&PIZZA, Order::of(30)).await;
    assert_eq!(execution.status(), ExecutionStatus::Succeeded);
    assert_eq!(execution.attempts("bake"), 3);
    // 10 and 20 minutes between the attempts, and an hour for the one that timed out.
    assert_eq!(execution.took(), days(30) + minutes(30) + hours(1));
}

#[workflow_test]
async fn silence_is_a_timeout_of_its_own(test: Test) {
    test.fault(fault("bake").falls_silent());
    let execution = test.run(&PIZZA, Order::of(30)).await;
    // As AWS names it.
    assert_eq!(execution.failure().error, "States.Timeout");
    assert_eq!(execution.took(), minutes(3 + 10 + 20));
    assert_eq!(execution.failing_state(), Some("bake"));
}

#[workflow_test]
async fn a_panic_and_a_lost_worker_end_it(test: Test) {
    test.fault(fault("make_dough").panics());
    let execution = test.run(&PIZZA, Order::of(30)).await;
    assert_eq!(execution.failure().error, "Sfn.Panic");
    let test = Test::local();
    test.fault(fault("prepare").loses_worker());
    let execution = test.run(&PIZZA, Order::of(30)).await;
    assert_eq!(execution.failure().error, "Sfn.WorkerStopped");
}

#[workflow_test]
async fn errors_are_caught_and_compared(test: Test) {
    let burnt = || OvenError::Burnt { minutes: 40 };
    test.mock(mock::<bake>().fails(burnt()));
    let caught = test.run(&PIZZA, Order::of(30)).await;
    assert_eq!(caught.output(), "from elsewhere, at attempt 1");
    test.mock(mock::<order_elsewhere>().panics("closed"));
    let failed = test.run(&PIZZA, Order::of(30)).await;
    assert_eq!(failed.failure().error, "Sfn.Panic");

    let test = Test::local();
    test.mock(mock::<bake>().fails(OvenError::Busy));
    let busy = test.run(&PIZZA, Order::of(30)).await;
    busy.assert_failed_with(&OvenError::Busy);
}

#[workflow_test]
async fn a_replaced_step_asks_for_nothing(test: Test) -> Result<(), std::io::Error> {
    test.mock(mock::<needs_a_name>().answers(|pizza| pizza + " for Ada"));
    let execution = test.run(&NAMED, "one".to_owned()).await;
    assert_eq!(execution.output(), "one for Ada");
    Ok(())
}

#[workflow_test]
async fn what_steps_ask_for_is_provided(test: Test) {
    test.provide("Grace".to_owned());
    let execution = test.run(&NAMED, "one".to_owned()).await;
    assert_eq!(execution.output(), "one for Grace");
}

#[workflow_test]
async fn time_stands_still_when_it_is_held(test: Test) {
    test.mock(mock::<needs_a_name>().returns("done".to_owned()));
    let clock = test.clock();
    let begun = clock.millis();
    clock.hold();
    let running = test.start(&NAMED, "one".to_owned()).await;
    for _ in 0..500 {
        tokio::task::yield_now().await;
    }
    assert_eq!(clock.millis(), begun);
    clock.advance(minutes(2)).await;
    let execution = running.ended().await;
    assert_eq!(execution.took(), minutes(1));
}

#[workflow_test]
async fn an_execution_can_be_stopped(test: Test) {
    test.mock(mock::<needs_a_name>().returns(String::new()));
    test.clock().hold();
    let running = test.start(&NAMED, "one".to_owned()).await;
    running
        .handle()
        .stop("Enough", "closing time")
        .await
        .expect("it is stopped");
    let execution = running.ended().await;
    assert_eq!(execution.status(), ExecutionStatus::Aborted);
    assert_eq!(execution.failure().error, "Enough");
}

#[workflow_test]
async fn every_error_of_every_step_is_tried(test: Test) {
    let exhausted = test
        .exhaust(&PIZZA, Order::of(30))
        .sample(OvenError::Burnt { minutes: 40 })
        .await;
    exhausted.assert_declared();
    expect![[r#"
        make_dough       Sfn.Panic                fails with it
        prepare          Sfn.Panic                fails with it
        bake             OvenError.Busy           fails with it
        bake             OvenError.Burnt          succeeds
        bake             States.Timeout           fails with it
        bake             States.HeartbeatTimeout  fails with it
        bake             Sfn.Panic                fails with it
        order_elsewhere  Sfn.Panic                fails with it, when `bake` fails with OvenError.Burnt
        serve            Sfn.Panic                fails with it
    "#]]
    .assert_eq(&exhausted.to_string());
    let unhandled: Vec<_> = exhausted.unhandled().map(|ending| &*ending.error).collect();
    assert!(unhandled.contains(&"OvenError.Busy"));
}

#[workflow_test]
async fn coverage_counts_what_was_reached(test: Test) {
    test.fault(fault("bake").attempt(1).fails(OvenError::Busy));
    test.run(&PIZZA, Order::of(30)).await;
    test.mock(mock::<bake>().fails(OvenError::Burnt { minutes: 1 }));
    test.run(&PIZZA, Order::of(30)).await;
    let all = coverage::so_far();
    let pizza = all
        .iter()
        .find(|coverage| coverage.workflow == "pizza")
        .expect("it ran");
    assert_eq!(pizza.of(coverage::Part::State).1, 10);
    assert_eq!(pizza.of(coverage::Part::Retrier), (1, 1));
    assert_eq!(pizza.of(coverage::Part::Catcher), (1, 1));
    assert_eq!(pizza.of(coverage::Part::Arm), (1, 2));
    let _ = make_dough(Order::of(1)).await;
}
