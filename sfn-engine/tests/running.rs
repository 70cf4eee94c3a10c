//! Machines run to their end, with time moved by hand and workers in the test's own hands.

use std::time::Duration;

use serde_json::{Value, json};
use sfn_engine::api::{
    CreateActivity, CreateStateMachine, CreateStateMachineAlias, DescribedExecution,
    GetActivityTask, GetExecutionHistory, PublishStateMachineVersion, RedriveExecution,
    RoutingItem, SendTaskFailure, SendTaskSuccess, StartExecution, StopExecution,
    UpdateStateMachine,
};
use sfn_engine::history::{EventDetails, HistoryEvent};
use sfn_engine::mock::MockConfig;
use sfn_engine::{
    BoxFuture, Clock, Engine, ExecutionStatus, Handle, IntegrationCall, Integrations, LambdaError,
    LambdaHandler, LambdaInvocation, Reply, Response, TestClock, TestIds,
};

fn engine(clock: &TestClock) -> Handle {
    Engine::builder()
        .clock(clock.clone())
        .ids(TestIds::default())
        .start()
        .expect("there is a runtime")
}

async fn start(engine: &Handle, definition: &Value, input: Value) -> String {
    let machine = CreateStateMachine::new("m", definition.to_string());
    let machine = engine
        .create_state_machine(machine)
        .await
        .expect("a valid definition");
    let request = StartExecution::new(machine.state_machine_arn)
        .name("e")
        .input(input.to_string());
    engine
        .start_execution(request)
        .await
        .expect("it starts")
        .execution_arn
}

async fn events(engine: &Handle, arn: &str) -> Vec<HistoryEvent> {
    engine
        .events_since(arn, 0)
        .await
        .expect("there is a history")
}

async fn types(engine: &Handle, arn: &str) -> Vec<&'static str> {
    events(engine, arn)
        .await
        .iter()
        .map(HistoryEvent::event_type)
        .collect()
}

/// Runs a machine without tasks; a clock that jumps.
async fn run(definition: Value, input: Value) -> (DescribedExecution, Vec<HistoryEvent>) {
    let engine = engine(&TestClock::auto());
    let arn = start(&engine, &definition, input).await;
    let described = engine.wait(&arn).await.expect("it ends");
    (described, events(&engine, &arn).await)
}

#[track_caller]
fn check_output(described: &DescribedExecution, expected: Value) {
    let output: Option<Value> = described
        .output
        .as_deref()
        .map(|text| serde_json::from_str(text).expect("JSON"));
    assert_eq!(output, Some(expected), "{described:?}");
}

#[track_caller]
fn check_failure(described: &DescribedExecution, error: &str, cause: &str) {
    assert_eq!(described.status, ExecutionStatus::Failed, "{described:?}");
    assert_eq!(
        (described.error.as_deref(), described.cause.as_deref()),
        (Some(error), Some(cause))
    );
}

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
async fn a_worker_does_an_activitys_task() {
    let clock = TestClock::manual();
    let engine = engine(&clock);
    let activity = engine
        .create_activity(CreateActivity::new("bake"))
        .await
        .expect("made")
        .activity_arn;
    let definition = json!({
        "QueryLanguage": "JSONata",
        "StartAt": "Bake",
        "States": { "Bake": {
            "Type": "Task", "Resource": activity, "Arguments": { "pizza": "{% $states.input.p %}" },
            "TimeoutSeconds": 300, "HeartbeatSeconds": 30, "End": true
        } }
    });
    let arn = start(&engine, &definition, json!({ "p": "margherita" })).await;
    let task = engine
        .get_activity_task(GetActivityTask::new(&activity).worker_name("oven"))
        .await
        .expect("the activity is there")
        .expect("there is a task");
    assert_eq!(&*task.input, r#"{"pizza":"margherita"}"#);
    // Each heartbeat buys another thirty seconds.
    for _ in 0..5 {
        clock.advance(Duration::from_secs(20));
        engine
            .send_task_heartbeat(&task.task_token)
            .await
            .expect("the task is open");
    }
    engine
        .send_task_success(SendTaskSuccess::new(&task.task_token, r#"{"hot":true}"#))
        .await
        .expect("taken");
    check_output(
        &engine.wait(&arn).await.expect("it ends"),
        json!({ "hot": true }),
    );
    let late = engine
        .send_task_success(SendTaskSuccess::new(&task.task_token, "1"))
        .await;
    assert_eq!(late.expect_err("the task is over").code(), "TaskTimedOut");
    assert_eq!(
        types(&engine, &arn).await,
        [
            "ExecutionStarted",
            "TaskStateEntered",
            "ActivityScheduled",
            "ActivityStarted",
            "ActivitySucceeded",
            "TaskStateExited",
            "ExecutionSucceeded"
        ]
    );
}

#[tokio::test]
async fn silent_and_slow_workers_are_given_up_and_retried() {
    let clock = TestClock::manual();
    let engine = engine(&clock);
    let activity = engine
        .create_activity(CreateActivity::new("a"))
        .await
        .expect("made")
        .activity_arn;
    let definition = json!({
        "QueryLanguage": "JSONata",
        "StartAt": "T",
        "States": { "T": {
            "Type": "Task", "Resource": activity, "TimeoutSeconds": 60, "HeartbeatSeconds": 10,
            "Retry": [{ "ErrorEquals": ["States.HeartbeatTimeout"], "IntervalSeconds": 3, "MaxAttempts": 1 }],
            "Catch": [{ "ErrorEquals": ["States.Timeout"], "Next": "Caught" }],
            "End": true
        }, "Caught": { "Type": "Succeed" } }
    });
    let arn = start(&engine, &definition, json!({})).await;
    let poll = GetActivityTask::new(&activity);
    engine
        .get_activity_task(poll.clone())
        .await
        .expect("asked")
        .expect("a task");
    clock.advance(Duration::from_secs(13));
    // The retry comes three seconds after the missed heartbeat.
    engine
        .get_activity_task(poll)
        .await
        .expect("asked")
        .expect("a task");
    clock.advance(Duration::from_secs(10));
    let described = engine.wait(&arn).await.expect("it ends");
    check_output(
        &described,
        json!({ "Error": "States.Timeout", "Cause": "" }),
    );
}

#[tokio::test]
async fn a_failure_is_retried_with_backoff_then_caught() {
    let clock = TestClock::auto();
    let engine = engine(&clock);
    let activity = engine
        .create_activity(CreateActivity::new("a"))
        .await
        .expect("made")
        .activity_arn;
    let definition = json!({
        "StartAt": "T",
        "States": { "T": {
            "Type": "Task", "Resource": activity,
            "Retry": [{ "ErrorEquals": ["Busy"], "IntervalSeconds": 10, "MaxAttempts": 2, "BackoffRate": 3.0 }],
            "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Caught" }],
            "End": true
        }, "Caught": { "Type": "Pass", "End": true } }
    });
    let arn = start(&engine, &definition, json!({ "order": 1 })).await;
    let mut at = Vec::new();
    for _ in 0..3 {
        let task = engine
            .get_activity_task(GetActivityTask::new(&activity))
            .await
            .expect("asked")
            .expect("a task");
        at.push(clock.now().since(TestClock::START).as_secs());
        engine
            .send_task_failure(SendTaskFailure::new(task.task_token, "Busy", "full"))
            .await
            .expect("taken");
    }
    let described = engine.wait(&arn).await.expect("it ends");
    check_output(
        &described,
        json!({ "order": 1, "error": { "Error": "Busy", "Cause": "full" } }),
    );
    assert_eq!(at, [0, 10, 40]);
}

#[tokio::test]
async fn an_abandoned_poll_loses_no_task() {
    let engine = engine(&TestClock::manual());
    let activity = engine
        .create_activity(CreateActivity::new("a"))
        .await
        .expect("made")
        .activity_arn;
    let definition = json!({ "StartAt": "T", "States": { "T": { "Type": "Task", "Resource": activity, "End": true } } });
    let poll = GetActivityTask::new(&activity);
    // A poll that waits, is woken, and is dropped before it can take anything.
    let mut abandoned = Box::pin(engine.get_activity_task(poll.clone()));
    assert!(futures_poll(&mut abandoned).await.is_none());
    start(&engine, &definition, json!({})).await;
    drop(abandoned);
    assert!(
        engine
            .get_activity_task(poll)
            .await
            .expect("asked")
            .is_some()
    );
}

/// Polls a future once.
async fn futures_poll<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(match std::pin::Pin::new(&mut *future).poll(context) {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        })
    })
    .await
}

#[tokio::test]
async fn a_poll_without_tasks_ends_after_sixty_seconds() {
    let clock = TestClock::manual();
    let engine = engine(&clock);
    let activity = engine
        .create_activity(CreateActivity::new("a"))
        .await
        .expect("made")
        .activity_arn;
    let mut poll = Box::pin(engine.get_activity_task(GetActivityTask::new(&activity)));
    assert!(futures_poll(&mut poll).await.is_none());
    clock.advance(Duration::from_secs(60));
    assert_eq!(poll.await.expect("asked"), None);
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
async fn stopping_ends_an_execution_once() {
    let engine = engine(&TestClock::manual());
    let definition = json!({ "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 100, "End": true } } });
    let arn = start(&engine, &definition, json!({})).await;
    let stop = StopExecution {
        error: Some("Enough".to_owned()),
        ..StopExecution::new(&arn)
    };
    engine.stop_execution(stop).await.expect("stopped");
    engine
        .stop_execution(StopExecution::new(&arn))
        .await
        .expect("stopping twice is no error");
    let described = engine.describe_execution(&arn).await.expect("known");
    assert_eq!(described.status, ExecutionStatus::Aborted);
    assert_eq!(described.error.as_deref(), Some("Enough"));
    assert_eq!(
        types(&engine, &arn).await,
        ["ExecutionStarted", "WaitStateEntered", "ExecutionAborted"]
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

#[tokio::test]
async fn histories_are_paged_in_both_orders() {
    let engine = engine(&TestClock::auto());
    let definition = json!({ "StartAt": "A", "States": { "A": { "Type": "Pass", "End": true } } });
    let arn = start(&engine, &definition, json!({})).await;
    engine.wait(&arn).await.expect("it ends");
    for (reverse, expected) in [(false, [1, 2, 3, 4]), (true, [4, 3, 2, 1])] {
        let mut request = GetExecutionHistory {
            reverse_order: reverse,
            ..GetExecutionHistory::new(&arn)
        };
        request.page.max_results = 3;
        let first = engine
            .get_execution_history(request.clone())
            .await
            .expect("a page");
        request.page.next_token = first.next_token;
        let second = engine.get_execution_history(request).await.expect("a page");
        let ids: Vec<_> = first
            .items
            .iter()
            .chain(&second.items)
            .map(|event| event.id)
            .collect();
        assert_eq!(ids, expected);
        assert_eq!(second.next_token, None);
    }
}

#[tokio::test]
async fn the_same_start_twice_is_one_execution() {
    let engine = engine(&TestClock::manual());
    let definition = json!({ "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 100, "End": true } } });
    let arn = start(&engine, &definition, json!({ "a": 1 })).await;
    assert_eq!(start(&engine, &definition, json!({ "a": 1 })).await, arn);
    let machine = engine
        .describe_execution(&arn)
        .await
        .expect("known")
        .state_machine_arn;
    let other = StartExecution::new(machine).name("e").input("{}");
    let refused = engine
        .start_execution(other)
        .await
        .expect_err("another input");
    assert_eq!(refused.code(), "ExecutionAlreadyExists");
}

#[tokio::test]
async fn a_distributed_map_runs_its_children_as_executions() {
    let definition = json!({
        "StartAt": "M",
        "States": { "M": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "ItemBatcher": { "MaxItemsPerBatch": 2 },
            "ItemProcessor": {
                "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
                "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 5, "End": true } }
            },
            "End": true
        } }
    });
    let (described, events) = run(definition, json!({ "items": [1, 2, 3] })).await;
    check_output(&described, json!([{ "Items": [1, 2] }, { "Items": [3] }]));
    let types: Vec<_> = events.iter().map(HistoryEvent::event_type).collect();
    assert_eq!(
        types,
        [
            "ExecutionStarted",
            "MapStateEntered",
            "MapStateStarted",
            "MapRunStarted",
            "MapRunSucceeded",
            "MapStateSucceeded",
            "MapStateExited",
            "ExecutionSucceeded"
        ]
    );
}

#[tokio::test]
async fn a_redriven_execution_goes_on_where_it_failed() {
    let engine = engine(&TestClock::auto());
    let activity = engine
        .create_activity(CreateActivity::new("a"))
        .await
        .expect("made")
        .activity_arn;
    let definition = json!({
        "StartAt": "Set",
        "States": {
            "Set": { "Type": "Pass", "Assign": { "kept": 7 }, "Next": "T" },
            "T": { "Type": "Task", "Resource": activity, "Next": "Use" },
            "Use": { "Type": "Pass", "Parameters": { "kept.$": "$kept" }, "End": true }
        }
    });
    let arn = start(&engine, &definition, json!({})).await;
    let poll = GetActivityTask::new(&activity);
    let task = engine
        .get_activity_task(poll.clone())
        .await
        .expect("asked")
        .expect("a task");
    engine
        .send_task_failure(SendTaskFailure::new(task.task_token, "Oops", ""))
        .await
        .expect("taken");
    let described = engine.wait(&arn).await.expect("it ends");
    assert_eq!(described.redrive_status.as_str(), "REDRIVABLE");

    let redrive = RedriveExecution {
        execution_arn: arn.clone(),
        client_token: None,
    };
    engine
        .redrive_execution(redrive.clone())
        .await
        .expect("redriven");
    let task = engine
        .get_activity_task(poll)
        .await
        .expect("asked")
        .expect("the task is there again");
    engine
        .send_task_success(SendTaskSuccess::new(task.task_token, "1"))
        .await
        .expect("taken");
    let described = engine.wait(&arn).await.expect("it ends");
    check_output(&described, json!({ "kept": 7 }));
    assert_eq!(described.redrive_count, 1);
    let types = types(&engine, &arn).await;
    assert_eq!(
        types[8..11],
        ["ExecutionRedriven", "ActivityScheduled", "ActivityStarted"],
        "{types:?}"
    );
    let refused = engine
        .redrive_execution(redrive)
        .await
        .expect_err("it is over well");
    assert_eq!(
        refused.to_string(),
        "Execution is SUCCEEDED and cannot be redriven"
    );
}

#[tokio::test]
async fn versions_stay_what_they_were_and_aliases_lead_to_them() {
    let engine = engine(&TestClock::auto());
    let definition = |n: u32| {
        json!({ "StartAt": "A", "States": { "A": { "Type": "Pass", "Result": n, "End": true } } })
            .to_string()
    };
    let create = CreateStateMachine {
        publish: true,
        ..CreateStateMachine::new("m", definition(1))
    };
    let made = engine.create_state_machine(create).await.expect("made");
    let version = made.state_machine_version_arn.expect("published");
    let update = UpdateStateMachine {
        state_machine_arn: made.state_machine_arn.clone(),
        definition: Some(definition(2)),
        ..UpdateStateMachine::default()
    };
    engine.update_state_machine(update).await.expect("updated");
    let alias = CreateStateMachineAlias {
        name: "live".to_owned(),
        routing: vec![RoutingItem {
            state_machine_version_arn: version.clone(),
            weight: 100,
        }],
        ..CreateStateMachineAlias::default()
    };
    let alias = engine
        .create_state_machine_alias(alias)
        .await
        .expect("made")
        .state_machine_alias_arn;
    for (arn, expected) in [(&made.state_machine_arn, 2), (&version, 1), (&alias, 1)] {
        let started = engine
            .start_execution(StartExecution::new(arn))
            .await
            .expect("it starts");
        let described = engine.wait(&started.execution_arn).await.expect("it ends");
        check_output(&described, json!(expected));
        assert_eq!(described.state_machine_alias_arn.is_some(), *arn == alias);
    }
    let refused = engine
        .delete_state_machine_version(&version)
        .await
        .expect_err("the alias leads to it");
    assert_eq!(
        refused.to_string(),
        "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: \
         [live]"
    );
    engine
        .delete_state_machine_alias(&alias)
        .await
        .expect("deleted");
    engine
        .delete_state_machine_version(&version)
        .await
        .expect("deleted");
    let published = PublishStateMachineVersion {
        state_machine_arn: made.state_machine_arn.clone(),
        ..PublishStateMachineVersion::default()
    };
    let published = engine
        .publish_state_machine_version(published)
        .await
        .expect("published");
    // Numbers are not given out again.
    assert_eq!(
        published.state_machine_version_arn,
        format!("{}:2", made.state_machine_arn)
    );
}

#[tokio::test]
async fn an_execution_waits_for_the_one_it_started() {
    let engine = engine(&TestClock::auto());
    let inner = json!({ "StartAt": "W", "States": {
        "W": { "Type": "Wait", "Seconds": 60, "Next": "P" },
        "P": { "Type": "Pass", "Parameters": { "doubled.$": "States.MathAdd($.n, $.n)" }, "End": true }
    } });
    let inner = CreateStateMachine::new("inner", inner.to_string());
    let inner = engine
        .create_state_machine(inner)
        .await
        .expect("valid")
        .state_machine_arn;
    let definition = json!({
        "StartAt": "Call",
        "States": { "Call": {
            "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
            "Parameters": { "StateMachineArn": inner, "Input": { "n.$": "$.n" } },
            "OutputPath": "$.Output", "End": true
        } }
    });
    let arn = start(&engine, &definition, json!({ "n": 21 })).await;
    check_output(
        &engine.wait(&arn).await.expect("it ends"),
        json!({ "doubled": 42 }),
    );
    assert_eq!(
        types(&engine, &arn).await[2..],
        [
            "TaskScheduled",
            "TaskStarted",
            "TaskSubmitted",
            "TaskSucceeded",
            "TaskStateExited",
            "ExecutionSucceeded"
        ]
    );
}

/// A function that adds one, and fails for anything that is no number.
struct Plus;

impl LambdaHandler for Plus {
    fn invoke(&self, call: LambdaInvocation) -> Option<BoxFuture<Result<String, LambdaError>>> {
        if !call.function.ends_with("plus") {
            return None;
        }
        Some(Box::pin(async move {
            match call.payload.parse::<i64>() {
                Ok(n) => Ok((n + 1).to_string()),
                Err(_) => Err(LambdaError::Function {
                    payload: r#"{"errorType":"NoNumber","errorMessage":"a number is wanted"}"#
                        .to_owned(),
                }),
            }
        }))
    }
}

async fn with_lambda(state: Value, input: Value) -> (DescribedExecution, Vec<&'static str>) {
    let engine = Engine::builder()
        .clock(TestClock::auto())
        .lambda(Plus)
        .start()
        .expect("a runtime");
    let definition = json!({ "StartAt": "T", "States": { "T": state } });
    let arn = start(&engine, &definition, input).await;
    (
        engine.wait(&arn).await.expect("it ends"),
        types(&engine, &arn).await,
    )
}

#[tokio::test]
async fn lambda_functions_are_called_in_both_forms() {
    let direct = json!({
        "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:plus", "End": true
    });
    let (described, types) = with_lambda(direct.clone(), json!(1)).await;
    check_output(&described, json!(2));
    assert_eq!(
        types[2..5],
        [
            "LambdaFunctionScheduled",
            "LambdaFunctionStarted",
            "LambdaFunctionSucceeded"
        ]
    );
    let (described, _) = with_lambda(direct, json!("x")).await;
    check_failure(
        &described,
        "NoNumber",
        r#"{"errorType":"NoNumber","errorMessage":"a number is wanted"}"#,
    );
    let invoke = json!({
        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": { "FunctionName": "plus", "Payload.$": "$" }, "OutputPath": "$.Payload", "End": true
    });
    let (described, types) = with_lambda(invoke, json!(1)).await;
    check_output(&described, json!(2));
    assert_eq!(
        types[2..5],
        ["TaskScheduled", "TaskStarted", "TaskSucceeded"]
    );
}

#[tokio::test]
async fn a_task_nobody_does_says_how_to_mock_it() {
    let definition = json!({
        "StartAt": "T",
        "States": { "T": { "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": { "TopicArn": "t", "Message": "m" }, "End": true } }
    });
    let (described, _) = run(definition, json!({})).await;
    assert_eq!(described.error.as_deref(), Some("States.TaskFailed"));
    let cause = described.cause.expect("there is a cause");
    assert!(cause.contains("help: mock it"), "{cause}");
}

#[tokio::test]
async fn a_mocked_service_answers_call_after_call() {
    let mocks = json!({
        "StateMachines": { "m": { "TestCases": { "Flaky": { "T": "Flaky" } } } },
        "MockedResponses": { "Flaky": {
            "0": { "Throw": { "Error": "Busy", "Cause": "later" } },
            "1-2": { "Return": { "MessageId": "1" } }
        } }
    });
    let engine = Engine::builder()
        .clock(TestClock::auto())
        .integrations(MockConfig::parse(&mocks.to_string()).expect("a valid file"))
        .start()
        .expect("a runtime");
    let definition = json!({
        "StartAt": "T",
        "States": { "T": {
            "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": { "TopicArn": "t", "Message": "m" },
            "Retry": [{ "ErrorEquals": ["Busy"] }], "End": true
        } }
    });
    let machine = CreateStateMachine::new("m", definition.to_string());
    let machine = engine
        .create_state_machine(machine)
        .await
        .expect("valid")
        .state_machine_arn;
    let request = StartExecution::new(format!("{machine}#Flaky"));
    let started = engine.start_execution(request).await.expect("it starts");
    check_output(
        &engine.wait(&started.execution_arn).await.expect("it ends"),
        json!({ "MessageId": "1" }),
    );
}

#[tokio::test]
async fn a_token_sent_back_ends_a_task() {
    let mocks = json!({ "StateMachines": {}, "MockedResponses": {} });
    let engine = Engine::builder()
        .clock(TestClock::auto())
        .integrations(MockConfig::parse(&mocks.to_string()).expect("a valid file"))
        .integrations(Mailbox)
        .start()
        .expect("a runtime");
    let definition = json!({
        "StartAt": "T",
        "States": { "T": {
            "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": { "QueueUrl": "q", "MessageBody": { "token.$": "$$.Task.Token" } }, "End": true
        } }
    });
    let arn = start(&engine, &definition, json!({})).await;
    let events = events(&engine, &arn).await;
    let EventDetails::TaskScheduled { parameters, .. } = &events[2].details else {
        panic!("{events:?}")
    };
    let parameters: Value = serde_json::from_str(parameters).expect("JSON");
    let token = parameters["MessageBody"]["token"]
        .as_str()
        .expect("the token is in the message");
    engine
        .send_task_success(SendTaskSuccess::new(token, "\"approved\""))
        .await
        .expect("the task waits");
    check_output(
        &engine.wait(&arn).await.expect("it ends"),
        json!("approved"),
    );
    assert_eq!(events[4].event_type(), "TaskSubmitted");
}

/// Takes every message.
struct Mailbox;

impl Integrations for Mailbox {
    fn call(&self, _call: &IntegrationCall) -> Option<Response> {
        Some(Response::Now(Reply {
            submitted: Some(r#"{"MessageId":"1"}"#.to_owned()),
            end: None,
        }))
    }
}

#[tokio::test]
async fn an_express_machine_is_waited_for_and_billed() {
    let engine = engine(&TestClock::auto());
    let definition =
        json!({ "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 1, "End": true } } });
    let machine = CreateStateMachine::new("x", definition.to_string()).express();
    let machine = engine
        .create_state_machine(machine)
        .await
        .expect("valid")
        .state_machine_arn;
    let ended = engine
        .start_sync_execution(StartExecution::new(&machine))
        .await
        .expect("it runs");
    assert_eq!(ended.billing.billed_duration_in_milliseconds, 1000);
    let arn = &ended.execution.execution_arn;
    let refused = engine
        .describe_execution(arn)
        .await
        .expect_err("express executions are not described");
    assert_eq!(
        refused.to_string(),
        "Invalid Arn: 'Resource type not valid in this context: express'"
    );
}

#[tokio::test]
async fn a_watcher_sees_an_execution_grow_and_end() {
    let clock = TestClock::manual();
    let engine = engine(&clock);
    let definition =
        json!({ "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 1, "End": true } } });
    let arn = start(&engine, &definition, json!({})).await;
    let mut progress = engine.subscribe(&arn).await.expect("known");
    assert_eq!(progress.borrow_and_update().events, 2);
    clock.advance(Duration::from_secs(1));
    progress.changed().await.expect("it moves");
    let seen = *progress.borrow_and_update();
    assert_eq!((seen.events, seen.status), (4, ExecutionStatus::Succeeded));
    assert!(
        progress.changed().await.is_err(),
        "nothing comes after the end"
    );
    assert_eq!(engine.events_since(&arn, 2).await.expect("known").len(), 2);
}

#[tokio::test]
async fn a_mocked_call_that_could_not_be_made_never_started() {
    let mocks = json!({
        "StateMachines": { "m": { "TestCases": { "Refused": { "T": "Refused" } } } },
        "MockedResponses": { "Refused": {
            "0": { "Throw": { "Error": "No", "Cause": "never" }, "Event": "LambdaFunctionScheduleFailed" }
        } }
    });
    let engine = Engine::builder()
        .clock(TestClock::auto())
        .integrations(MockConfig::parse(&mocks.to_string()).expect("a valid file"))
        .start()
        .expect("a runtime");
    let definition = json!({ "StartAt": "T", "States": { "T": {
        "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": true
    } } });
    let machine = CreateStateMachine::new("m", definition.to_string());
    let machine = engine
        .create_state_machine(machine)
        .await
        .expect("valid")
        .state_machine_arn;
    let request = StartExecution::new(format!("{machine}#Refused"));
    let started = engine.start_execution(request).await.expect("it starts");
    check_failure(
        &engine.wait(&started.execution_arn).await.expect("it ends"),
        "No",
        "never",
    );
    assert_eq!(
        types(&engine, &started.execution_arn).await[2..],
        [
            "LambdaFunctionScheduled",
            "LambdaFunctionScheduleFailed",
            "ExecutionFailed"
        ]
    );
}

#[tokio::test]
async fn a_stopped_execution_takes_the_one_it_waits_for_with_it() {
    let engine = engine(&TestClock::manual());
    let inner = json!({ "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 60, "End": true } } });
    let inner = CreateStateMachine::new("inner", inner.to_string());
    let inner = engine
        .create_state_machine(inner)
        .await
        .expect("valid")
        .state_machine_arn;
    let definition = json!({ "StartAt": "Call", "States": { "Call": {
        "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync",
        "Parameters": { "StateMachineArn": inner, "Name": "child" }, "End": true
    } } });
    let arn = start(&engine, &definition, json!({})).await;
    engine
        .stop_execution(StopExecution::new(&arn))
        .await
        .expect("stopped");
    let child = inner.replace(":stateMachine:", ":execution:") + ":child";
    let child = engine
        .describe_execution(&child)
        .await
        .expect("it was started");
    assert_eq!(child.status, ExecutionStatus::Aborted);
}
