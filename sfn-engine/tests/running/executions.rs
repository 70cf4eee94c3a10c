//! Executions as the API has them: started, stopped, redriven, watched, listed.

use std::time::Duration;

use serde_json::json;
use sfn_engine::api::{
    CreateActivity, CreateStateMachine, CreateStateMachineAlias, GetActivityTask,
    GetExecutionHistory, PublishStateMachineVersion, RedriveExecution, RoutingItem,
    SendTaskFailure, SendTaskSuccess, StartExecution, StopExecution, UpdateStateMachine,
};
use sfn_engine::{ExecutionStatus, TestClock};

use crate::{check_output, engine, start, types};

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
