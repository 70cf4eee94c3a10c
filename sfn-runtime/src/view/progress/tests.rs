use expect_test::{Expect, expect};

use super::*;
use crate::view::{Story, history_of_a_bad_evening};

/// How each of these states stands after each of these many events.
#[track_caller]
fn check(events: &[HistoryEvent], states: &[&str], expected: Expect) {
    let mut text = String::new();
    let progress = Progress::replay(events);
    for name in states {
        let state = progress.state(name);
        text.push_str(&format!("{name}: {:?}", state.status()));
        if let Some(note) = state.note() {
            text.push_str(&format!(" ({note})"));
        }
        text.push('\n');
    }
    text.push_str(&format!("{:?}", progress.status()));
    if let Some(state) = progress.failing_state() {
        text.push_str(&format!(" in {state}"));
    }
    text.push('\n');
    expected.assert_eq(&text);
}

#[test]
fn a_caught_error_is_orange_and_what_it_led_to_red() {
    check(
        &history_of_a_bad_evening(),
        &[
            "Base",
            "dough",
            "Each ingredient",
            "prepare",
            "bake",
            "Apologise",
            "Rest",
        ],
        expect![[r#"
            Base: Succeeded
            dough: Succeeded
            Each ingredient: Succeeded (2/2 items)
            prepare: Succeeded
            bake: Caught (Oven.Cold, 2 attempts)
            Apologise: Failed (NoPizza)
            Rest: NotStarted
            Failed in Apologise
        "#]],
    );
}

#[test]
fn between_two_attempts_a_state_is_running() {
    let events = history_of_a_bad_evening();
    let failed = events
        .iter()
        .position(|event| event.kind == "ActivityFailed");
    let progress = Progress::replay(&events[..=failed.expect("the oven refuses once")]);
    let bake = progress.state("bake");
    assert_eq!(
        (bake.status(), bake.retrying, bake.attempts),
        (Status::Running, 1, 1)
    );
    assert_eq!(
        bake.error,
        Some(("Oven.Busy".to_owned(), "the oven is taken".to_owned()))
    );
}

#[test]
fn siblings_of_a_failure_are_stopped() {
    let mut story = Story::default();
    story.plain(0, "ExecutionStarted");
    let both = story.state(0, "ParallelStateEntered", "both");
    let both = story.plain(both, "ParallelStateStarted");
    let left = story.state(both, "TaskStateEntered", "left");
    let right = story.state(both, "TaskStateEntered", "right");
    let left = story.plain(left, "LambdaFunctionScheduled");
    story.plain(right, "LambdaFunctionScheduled");
    let left = story.error(left, "LambdaFunctionFailed", "Oops", "");
    story.plain(left, "TaskStateAborted");
    story.plain(left, "ParallelStateFailed");
    let states = ["both", "left", "right"];
    story.error(left, "ExecutionFailed", "Oops", "");
    check(
        &story.events(),
        &states,
        expect![[r#"
        both: Failed (Oops)
        left: Failed (Oops)
        right: Failed (stopped)
        Failed in left
    "#]],
    );
}

#[test]
fn a_container_tried_again_begins_anew() {
    let mut story = Story::default();
    story.plain(0, "ExecutionStarted");
    let map = story.state(0, "MapStateEntered", "each");
    let map = story.after(map, "MapStateStarted", |event| event.length = Some(2));
    let first = story.iteration(map, "Started", "each", 0);
    let second = story.iteration(map, "Started", "each", 1);
    story.task(first, "work", 10);
    let work = story.state(second, "TaskStateEntered", "work");
    let work = story.plain(work, "ActivityScheduled");
    let failed = story.error(work, "ActivityFailed", "Oops", "");
    story.iteration(failed, "Failed", "each", 1);
    let again = story.after(failed, "MapStateStarted", |event| event.length = Some(2));
    let first = story.iteration(again, "Started", "each", 0);
    story.task(first, "work", 10);
    check(
        &story.events(),
        &["each", "work"],
        expect![[r#"
        each: Running (0/2 items, 2 attempts)
        work: Succeeded
        Running
    "#]],
    );
}

#[test]
fn a_loop_counts_its_passes() {
    let mut story = Story::default();
    story.plain(0, "ExecutionStarted");
    let mut last = 0;
    for _ in 0..3 {
        last = story.task(last, "look", 5);
    }
    check(
        &story.events(),
        &["look"],
        expect![[r#"
        look: Succeeded (3 passes)
        Running
    "#]],
    );
}

#[test]
fn a_container_without_a_failure_event_of_its_own_may_be_caught() {
    let mut story = Story::default();
    story.plain(0, "ExecutionStarted");
    let both = story.state(0, "ParallelStateEntered", "both");
    let both = story.plain(both, "ParallelStateStarted");
    let fail = story.state(both, "FailStateEntered", "no");
    story.plain(fail, "ParallelStateFailed");
    let both = story.state(fail, "ParallelStateExited", "both");
    let end = story.state(both, "SucceedStateEntered", "yes");
    let end = story.state(end, "SucceedStateExited", "yes");
    story.plain(end, "ExecutionSucceeded");
    check(
        &story.events(),
        &["both", "no", "yes"],
        expect![[r#"
        both: Caught
        no: Failed
        yes: Succeeded
        Succeeded
    "#]],
    );
}

#[test]
fn an_evaluation_that_fails_is_the_states_failure() {
    let mut story = Story::default();
    story.plain(0, "ExecutionStarted");
    let wait = story.state(0, "WaitStateEntered", "rest");
    let failed = story.after(wait, "EvaluationFailed", |event| {
        event.state = Some("rest".to_owned());
        event.error = Some("States.QueryEvaluationError".to_owned());
    });
    story.error(
        failed,
        "ExecutionFailed",
        "States.QueryEvaluationError",
        "no such field",
    );
    check(
        &story.events(),
        &["rest"],
        expect![[r#"
        rest: Failed (States.QueryEvaluationError)
        Failed in rest
    "#]],
    );
}

#[test]
fn a_stopped_execution_stops_its_states() {
    let mut story = Story::default();
    story.plain(0, "ExecutionStarted");
    story.state(0, "WaitStateEntered", "rest");
    story.error(0, "ExecutionAborted", "", "");
    check(
        &story.events(),
        &["rest"],
        expect![[r#"
        rest: Failed (stopped)
        Aborted
    "#]],
    );
}

/// Whatever a history says, in whatever order, it is taken in.
#[test]
fn broken_histories_do_no_harm() {
    let events = history_of_a_bad_evening();
    for skip in 0..events.len() {
        let mut progress = Progress::default();
        for event in events.iter().skip(skip).chain(events.iter().rev()) {
            progress.apply(event);
            let _ = crate::view::line(&progress, event, crate::view::Look::PLAIN);
        }
        let _ = progress.state("bake").note();
    }
}
