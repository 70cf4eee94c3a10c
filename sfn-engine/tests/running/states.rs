//! What states do, each to the end of its machine.

use std::time::Duration;

use serde_json::json;
use sfn_engine::history::HistoryEvent;
use sfn_engine::{ExecutionStatus, TestClock};

use crate::{check_failure, check_output, engine, run, start};

#[tokio::test]
async fn a_pass_in_each_language() {
    let definition = json!({
        "StartAt": "A",
        "States": {
            "A": { "Type": "Pass", "Parameters": { "n.$": "$.n" }, "ResultPath": "$.copy", "Next": "B" },
            "B": { "Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.copy.n + 1 %}", "End": true }
        }
    });
    let (described, _) = run(definition, json!({ "n": 1 })).await;
    check_output(&described, json!(2));
}

#[tokio::test]
async fn a_wait_of_thirty_days_takes_no_time() {
    let definition = json!({
        "StartAt": "Rest",
        "States": { "Rest": { "Type": "Wait", "Seconds": 2_592_000, "End": true } }
    });
    let (described, _) = run(definition, json!({})).await;
    let took = described
        .stop_date
        .expect("it ended")
        .since(described.start_date);
    assert_eq!(took, Duration::from_secs(2_592_000));
}

#[tokio::test]
async fn a_manual_clock_ends_waits_at_their_own_time() {
    let clock = TestClock::manual();
    let engine = engine(&clock);
    let definition = json!({
        "StartAt": "A",
        "States": {
            "A": { "Type": "Wait", "Seconds": 10, "Next": "B" },
            "B": { "Type": "Wait", "Seconds": 10, "End": true }
        }
    });
    let arn = start(&engine, &definition, json!({})).await;
    clock.advance(Duration::from_secs(25));
    let described = engine.wait(&arn).await.expect("it ends");
    assert_eq!(
        described.stop_date,
        Some(described.start_date + Duration::from_secs(20))
    );
}

#[tokio::test]
async fn a_choice_and_its_default() {
    let definition = json!({
        "QueryLanguage": "JSONata",
        "StartAt": "C",
        "States": {
            "C": {
                "Type": "Choice",
                "Choices": [{ "Condition": "{% $states.input.n > 5 %}", "Next": "Big" }],
                "Default": "Small"
            },
            "Big": { "Type": "Succeed", "Output": "big" },
            "Small": { "Type": "Fail", "Error": "TooSmall", "Cause": "{% 'only ' & $string($states.input.n) %}" }
        }
    });
    let (described, _) = run(definition.clone(), json!({ "n": 6 })).await;
    check_output(&described, json!("big"));
    let (described, _) = run(definition, json!({ "n": 4 })).await;
    check_failure(&described, "TooSmall", "only 4");
}

#[tokio::test]
async fn branches_and_iterations_keep_their_order_and_see_outer_variables() {
    let definition = json!({
        "QueryLanguage": "JSONata",
        "StartAt": "Set",
        "States": {
            "Set": { "Type": "Pass", "Assign": { "by": 10 }, "Next": "Fork" },
            "Fork": {
                "Type": "Parallel",
                "Branches": [
                    { "StartAt": "L", "States": { "L": { "Type": "Wait", "Seconds": 5, "End": true } } },
                    { "StartAt": "M", "States": { "M": {
                        "Type": "Map",
                        "Items": "{% $states.input.items %}",
                        "ItemSelector": { "v": "{% $states.context.Map.Item.Value %}", "i": "{% $states.context.Map.Item.Index %}" },
                        "ItemProcessor": { "StartAt": "T", "States": { "T": {
                            "Type": "Pass", "Output": "{% $states.input.v * $by + $states.input.i %}", "End": true
                        } } },
                        "End": true
                    } } }
                ],
                "Output": "{% $states.result[1] %}",
                "End": true
            }
        }
    });
    let (described, _) = run(definition, json!({ "items": [3, 1, 2] })).await;
    check_output(&described, json!([30, 11, 22]));
}

#[tokio::test]
async fn the_machines_timeout_ends_it_wherever_it_is() {
    let definition = json!({
        "StartAt": "W", "TimeoutSeconds": 5,
        "States": { "W": { "Type": "Wait", "Seconds": 100, "End": true } }
    });
    let (described, events) = run(definition, json!({})).await;
    assert_eq!(described.status, ExecutionStatus::TimedOut);
    assert_eq!((described.error, described.cause), (None, None));
    let last = events.last().expect("a history");
    assert_eq!(
        (last.event_type(), last.previous_event_id),
        ("ExecutionTimedOut", 0)
    );
}

#[tokio::test]
async fn a_failed_branch_stops_the_others() {
    let definition = json!({
        "StartAt": "P",
        "States": { "P": {
            "Type": "Parallel",
            "Branches": [
                { "StartAt": "Slow", "States": { "Slow": { "Type": "Wait", "Seconds": 100, "End": true } } },
                { "StartAt": "Bad", "States": { "Bad": { "Type": "Fail", "Error": "Oops", "Cause": "why" } } }
            ],
            "End": true
        } }
    });
    let (described, events) = run(definition, json!({})).await;
    check_failure(&described, "Oops", "why");
    let types: Vec<_> = events.iter().map(HistoryEvent::event_type).collect();
    assert_eq!(
        types,
        [
            "ExecutionStarted",
            "ParallelStateEntered",
            "ParallelStateStarted",
            "WaitStateEntered",
            "FailStateEntered",
            "WaitStateAborted",
            "ParallelStateFailed",
            "ExecutionFailed"
        ]
    );
}

#[tokio::test]
async fn a_history_that_is_full_fails_the_execution() {
    let definition = json!({ "StartAt": "A", "States": {
        "A": { "Type": "Choice", "Choices": [{ "Variable": "$.stop", "IsPresent": true, "Next": "B" }], "Default": "A" },
        "B": { "Type": "Succeed" }
    } });
    let (described, events) = run(definition, json!({})).await;
    check_failure(
        &described,
        "States.Runtime",
        "The execution reached the maximum number of history events (25000).",
    );
    assert_eq!(events.len(), 25_000);
}

#[tokio::test]
async fn an_output_that_is_too_large_fails_the_execution() {
    let definition = json!({
        "QueryLanguage": "JSONata",
        "StartAt": "A",
        "States": { "A": { "Type": "Pass", "Output": "{% $join($map([1..300], function($i) { $pad('', 1000, 'x') })) %}", "End": true } }
    });
    let (described, _) = run(definition, json!({})).await;
    check_failure(
        &described,
        "States.DataLimitExceeded",
        "The state/task 'A' returned a result with a size exceeding the maximum number of bytes service limit.",
    );
}
