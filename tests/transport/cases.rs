//! One list of cases for every transport.

use std::time::Duration;

use serde_json::{Value, json};
use sfn_runtime::{
    Change, Client, Kind, Providers, RunError, Served, StartError, Workers, Workflow,
    flow::{Definition, Flow, Retry},
    here, run_here,
    service::{ErrorKind, ExecutionStatus, HistoryEvent},
};

use crate::{kitchen::*, suite::World};

/// How long a real service may take for what it does at once.
const PATIENCE: Duration = Duration::from_secs(30);

fn doubled_twice(flow: Flow<u32>) -> Flow<u32> {
    flow.then::<double>().then::<double>().named("again").end()
}

fn failing(flow: Flow<String>) -> Flow<u32> {
    flow.then::<fail_as>().named("Oven, hot").end()
}

fn sliced(flow: Flow<Pizza>) -> Flow<Pizza> {
    flow.then::<slice>().end()
}

fn doors(flow: Flow<Vec<u32>>) -> Flow<Vec<u32>> {
    flow.map_all(|number| number.then::<wait_for_door>()).end()
}

fn one_door(flow: Flow<u32>) -> Flow<u32> {
    flow.then::<wait_for_door>()
        .retry(
            Retry::retryable()
                .max_attempts(2)
                .interval(Duration::from_secs(1)),
        )
        .end()
}

fn in_sight(flow: Flow<u32>) -> Flow<u32> {
    flow.then::<fall_silent>().end()
}

fn flaky(flow: Flow<u32>) -> Flow<u32> {
    flow.then::<fail_twice>().end()
}

fn too_much(flow: Flow<usize>) -> Flow<String> {
    flow.then::<bake_far_too_much>().end()
}

/// The workflow of that name, in the client's service; the workers for `steps`.
async fn set_up(
    client: &Client,
    workflow: impl Into<Definition>,
    kitchen: &Kitchen,
    steps: impl IntoIterator<Item = Served>,
) -> Workers {
    client.ensure(workflow).await.expect("the service takes it");
    let mut providers = Providers::default();
    providers.insert(kitchen.clone());
    let workers = run_here(client, steps).providing(providers);
    workers.named("cook-1").await.expect("the workers start")
}

/// Waits for what the code on another task does.
async fn until(what: &str, mut done: impl FnMut() -> bool) {
    let wait = async {
        while !done() {
            tokio::task::yield_now().await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, wait).await;
    assert!(waited.is_ok(), "{what} did not happen");
}

fn kinds(events: &[HistoryEvent]) -> Vec<&str> {
    events.iter().map(|event| event.kind.as_str()).collect()
}

pub(crate) async fn a_workflow_runs_to_its_typed_output(world: World) {
    static SLICE: Workflow<Pizza, Pizza> = Workflow::new("t-typed", sliced);
    let workers = set_up(&world.client, &SLICE, &Kitchen::closed(), [here::<slice>()]).await;
    let pizza = Pizza {
        name: "Quattro stagioni, „d'Ischia“ 🍕".to_owned(),
        slices: 7,
    };
    let sliced = SLICE
        .run(&world.client, pizza.clone())
        .await
        .expect("it succeeds");
    assert_eq!(sliced, Pizza { slices: 8, ..pizza });
    world.finish(workers).await;
}

pub(crate) async fn an_untyped_run_gives_json(world: World) {
    static DOUBLE: Workflow<u32, u32> = Workflow::new("t-untyped", doubled_twice);
    let workers = set_up(
        &world.client,
        &DOUBLE,
        &Kitchen::closed(),
        [here::<double>()],
    )
    .await;
    let output: Value = world
        .client
        .run("t-untyped", &5)
        .await
        .expect("it succeeds");
    assert_eq!(output, json!(20));
    world.finish(workers).await;
}

pub(crate) async fn a_failure_has_its_error_and_its_cause(world: World) {
    static FAIL: Workflow<String, u32> = Workflow::new("t-failing", failing);
    let workers = set_up(
        &world.client,
        &FAIL,
        &Kitchen::closed(),
        [here::<fail_as>()],
    )
    .await;
    let failed = FAIL.run(&world.client, "cold".to_owned()).await;
    let Err(RunError::Failed {
        error,
        cause,
        execution,
        ..
    }) = failed
    else {
        panic!("it is a failure: {failed:?}");
    };
    assert_eq!((&*error, &*cause), ("OvenError.Cold", "the oven is cold"));
    assert!(
        execution.starts_with("arn:aws:states:us-east-1:"),
        "{execution}"
    );
    world.finish(workers).await;
}

pub(crate) async fn a_failure_names_its_state(world: World) {
    static FAIL: Workflow<String, u32> = Workflow::new("t-failing-state", failing);
    let workers = set_up(
        &world.client,
        &FAIL,
        &Kitchen::closed(),
        [here::<fail_as>()],
    )
    .await;
    let failed = FAIL
        .run(&world.client, "cold".to_owned())
        .await
        .expect_err("it fails");
    assert_eq!(
        failed.to_string(),
        "state `Oven, hot` failed with `OvenError.Cold`: the oven is cold"
    );
    world.finish(workers).await;
}

pub(crate) async fn an_output_of_another_type_is_said_so(world: World) {
    fn wrong(flow: Flow<u32>) -> Flow<u32> {
        flow.then::<double>().end()
    }
    static DOUBLE: Workflow<u32, u32> = Workflow::new("t-other-type", wrong);
    let workers = set_up(
        &world.client,
        &DOUBLE,
        &Kitchen::closed(),
        [here::<double>()],
    )
    .await;
    // The program that waits has another idea of the workflow than the one that deployed it.
    static THEIRS: Workflow<usize, String> = Workflow::new("t-other-type", too_much);
    let started = THEIRS.start(&world.client, 1).await.expect("it starts");
    let error = started.wait().await.expect_err("a number is no text");
    assert!(matches!(&error, RunError::BadOutput { execution, .. } if execution == started.arn()));
    world.finish(workers).await;
}

pub(crate) async fn a_stopped_execution_says_why(world: World) {
    static DOOR: Workflow<u32, u32> = Workflow::new("t-stopped", one_door);
    let kitchen = Kitchen::closed();
    let workers = set_up(&world.client, &DOOR, &kitchen, [here::<wait_for_door>()]).await;
    let execution = DOOR.start(&world.client, 1).await.expect("it starts");
    until("the step's begin", || kitchen.running() == 1).await;
    execution
        .stop("Guest.Left", "nobody is hungry")
        .await
        .expect("it stops");
    let described = execution.closed().await.expect("it is known");
    assert_eq!(described.status, ExecutionStatus::Aborted);
    let error = execution.wait().await.expect_err("it has no output");
    assert_eq!(
        error.to_string(),
        "the execution was stopped with `Guest.Left`: nobody is hungry"
    );
    kitchen.open(1);
    world.finish(workers).await;
}

pub(crate) async fn an_unknown_machine_is_named(world: World) {
    let error = world
        .client
        .start("t-nowhere", &1)
        .await
        .expect_err("there is none");
    assert!(matches!(&error, StartError::NoSuchMachine { machine } if machine == "t-nowhere"));
    assert_eq!(
        error.to_string(),
        "state machine `t-nowhere` does not exist"
    );
    let arn = world
        .client
        .service()
        .location()
        .await
        .expect("it is known");
    let arn = arn.execution("t-nowhere", "nothing");
    let error = world
        .client
        .describe(&arn)
        .await
        .expect_err("there is none");
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

pub(crate) async fn the_same_start_twice_is_one_execution(world: World) {
    static DOOR: Workflow<u32, u32> = Workflow::new("t-same-start", one_door);
    let kitchen = Kitchen::closed();
    let workers = set_up(&world.client, &DOOR, &kitchen, [here::<wait_for_door>()]).await;
    let first = DOOR
        .start(&world.client, 1)
        .named("order-17")
        .await
        .expect("it starts");
    let second = DOOR
        .start(&world.client, 1)
        .named("order-17")
        .await
        .expect("it runs");
    assert_eq!(first.arn(), second.arn());
    assert_eq!(first.name(), "order-17");
    let error = DOOR.start(&world.client, 2).named("order-17").await;
    assert!(matches!(error, Err(StartError::NameTaken { name }) if name == "order-17"));
    kitchen.open(1);
    assert_eq!(second.wait().await.expect("it succeeds"), 1);
    world.finish(workers).await;
}

pub(crate) async fn a_name_is_taken_after_the_end(world: World) {
    static DOUBLE: Workflow<u32, u32> = Workflow::new("t-taken", doubled_twice);
    let workers = set_up(
        &world.client,
        &DOUBLE,
        &Kitchen::closed(),
        [here::<double>()],
    )
    .await;
    let name = format!("order-{}", std::process::id());
    assert_eq!(
        DOUBLE
            .run(&world.client, 3)
            .named(&*name)
            .await
            .expect("it succeeds"),
        12
    );
    let error = DOUBLE
        .run(&world.client, 3)
        .named(&*name)
        .await
        .expect_err("it has ended");
    assert_eq!(
        error.to_string(),
        format!("there is an execution named `{name}` already")
    );
    world.finish(workers).await;
}

pub(crate) async fn an_input_that_is_too_large_is_not_sent(world: World) {
    let error = world
        .client
        .start("t-large", &"x".repeat(262_143))
        .await
        .expect_err("too large");
    assert!(
        matches!(error, StartError::TooLarge { bytes: 262_145 }),
        "{error}"
    );
}

pub(crate) async fn executions_are_listed_newest_first(world: World) {
    static DOUBLE: Workflow<u32, u32> = Workflow::new("t-list", doubled_twice);
    let workers = set_up(
        &world.client,
        &DOUBLE,
        &Kitchen::closed(),
        [here::<double>()],
    )
    .await;
    let mut names = Vec::new();
    for number in 0..3 {
        let name = format!("list-{}-{number}", std::process::id());
        DOUBLE
            .run(&world.client, number)
            .named(&*name)
            .await
            .expect("it succeeds");
        names.insert(0, name);
    }
    let listed = world
        .client
        .list("t-list", None, 2)
        .await
        .expect("they are listed");
    assert_eq!(listed.len(), 2);
    let listed = world
        .client
        .list("t-list", Some(ExecutionStatus::Succeeded), 3)
        .await;
    let listed = listed.expect("they are listed");
    let mut found: Vec<_> = listed.iter().map(|line| line.name.clone()).collect();
    // Executions of one second have no order on every service.
    found.sort();
    names.sort();
    assert_eq!(found, names);
    assert!(listed.iter().all(|line| line.stopped >= Some(line.started)));
    let none = world
        .client
        .list("t-list", Some(ExecutionStatus::Aborted), 10)
        .await;
    assert_eq!(none.expect("an empty list"), []);
    world.finish(workers).await;
}

pub(crate) async fn a_history_is_the_same_read_and_watched(world: World) {
    static DOUBLE: Workflow<u32, u32> = Workflow::new("t-history", doubled_twice);
    let workers = set_up(
        &world.client,
        &DOUBLE,
        &Kitchen::closed(),
        [here::<double>()],
    )
    .await;
    let execution = DOUBLE.start(&world.client, 3).await.expect("it starts");
    let mut watch = execution.watch();
    let mut watched = Vec::new();
    while let Some(event) = watch.next().await.expect("it is known") {
        watched.push(event);
    }
    let read = execution.history().await.expect("it is known");
    assert_eq!(watched, read);
    let ids: Vec<_> = read.iter().map(|event| event.id).collect();
    assert_eq!(ids, (1..=read.len() as u64).collect::<Vec<_>>());
    let states: Vec<_> = read.iter().filter(|event| event.enters_state()).collect();
    let names: Vec<_> = states
        .iter()
        .filter_map(|event| event.state.as_deref())
        .collect();
    assert_eq!(names, ["double", "again"]);
    assert_eq!(states[1].input.as_deref(), Some("6"));
    let last = read.last().expect("there are events");
    assert!(last.closes_execution());
    assert_eq!(last.output.as_deref(), Some("12"));
    world.finish(workers).await;
}

pub(crate) async fn a_history_tells_of_activities(world: World) {
    static DOUBLE: Workflow<u32, u32> = Workflow::new("t-activities", doubled_twice);
    let workers = set_up(
        &world.client,
        &DOUBLE,
        &Kitchen::closed(),
        [here::<double>()],
    )
    .await;
    let execution = DOUBLE.start(&world.client, 3).await.expect("it starts");
    assert_eq!(execution.wait().await.expect("it succeeds"), 12);
    let read = execution.history().await.expect("it is known");
    assert_eq!(
        kinds(&read),
        [
            "ExecutionStarted",
            "TaskStateEntered",
            "ActivityScheduled",
            "ActivityStarted",
            "ActivitySucceeded",
            "TaskStateExited",
            "TaskStateEntered",
            "ActivityScheduled",
            "ActivityStarted",
            "ActivitySucceeded",
            "TaskStateExited",
            "ExecutionSucceeded",
        ]
    );
    assert_eq!(read[3].worker.as_deref(), Some("cook-1"));
    assert_eq!(read[4].output.as_deref(), Some("6"));
    world.finish(workers).await;
}

pub(crate) async fn ensuring_twice_changes_nothing(world: World) {
    static DOUBLE: Workflow<u32, u32> = Workflow::new("t-ensured", doubled_twice);
    world
        .client
        .ensure(&DOUBLE)
        .await
        .expect("the service takes it");
    let again = world
        .client
        .ensure(&DOUBLE)
        .await
        .expect("the service knows it");
    assert_eq!(again.change, Change::Unchanged);
    assert_eq!(again.activities.len(), 1, "both states use one step");
    assert!(
        again.arn.ends_with(":stateMachine:t-ensured"),
        "{}",
        again.arn
    );
}

pub(crate) async fn a_changed_workflow_is_updated(world: World) {
    static OLD: Workflow<u32, u32> = Workflow::new("t-changed", doubled_twice);
    static NEW: Workflow<u32, u32> = Workflow::new("t-changed", |flow| flow.then::<double>().end());
    let workers = set_up(&world.client, &OLD, &Kitchen::closed(), [here::<double>()]).await;
    assert_eq!(OLD.run(&world.client, 1).await.expect("it succeeds"), 4);
    let updated = world
        .client
        .ensure(&NEW)
        .await
        .expect("the service takes it");
    assert_eq!(updated.change, Change::Updated);
    assert_eq!(NEW.run(&world.client, 1).await.expect("it succeeds"), 2);
    let machine = world.client.service().describe_machine(updated.arn).await;
    assert_eq!(machine.expect("it is known").kind, Kind::Standard);
    world.finish(workers).await;
}

pub(crate) async fn a_failed_attempt_is_retried(world: World) {
    static FLAKY: Workflow<u32, u32> = Workflow::new("t-retried", flaky);
    let kitchen = Kitchen::closed();
    let workers = set_up(&world.client, &FLAKY, &kitchen, [here::<fail_twice>()]).await;
    assert_eq!(FLAKY.run(&world.client, 9).await.expect("it succeeds"), 9);
    assert_eq!(kitchen.attempts(), [1, 2, 3]);
    world.finish(workers).await;
}

pub(crate) async fn a_panic_fails_the_execution_by_name(world: World) {
    static FAIL: Workflow<String, u32> = Workflow::new("t-panic", failing);
    let workers = set_up(
        &world.client,
        &FAIL,
        &Kitchen::closed(),
        [here::<fail_as>()],
    )
    .await;
    let failed = FAIL
        .run(&world.client, "bang".to_owned())
        .await
        .expect_err("it fails");
    let RunError::Failed { error, cause, .. } = failed else {
        panic!("it is a failure: {failed:?}");
    };
    assert_eq!((&*error, &*cause), ("Sfn.Panic", "the oven exploded"));
    world.finish(workers).await;
}

pub(crate) async fn a_result_that_is_too_large_fails_by_name(world: World) {
    static MUCH: Workflow<usize, String> = Workflow::new("t-too-large", too_much);
    let workers = set_up(
        &world.client,
        &MUCH,
        &Kitchen::closed(),
        [here::<bake_far_too_much>()],
    )
    .await;
    let failed = MUCH
        .run(&world.client, 300_000)
        .await
        .expect_err("it fails");
    assert!(matches!(failed, RunError::Failed { error, .. } if error == "Sfn.TooLarge"));
    world.finish(workers).await;
}

pub(crate) async fn no_more_run_at_once_than_may(world: World) {
    static DOORS: Workflow<Vec<u32>, Vec<u32>> = Workflow::new("t-bound", doors);
    let kitchen = Kitchen::closed();
    let steps = [here::<wait_for_door>().concurrency(3)];
    let workers = set_up(&world.client, &DOORS, &kitchen, steps).await;
    let numbers: Vec<u32> = (0..10).collect();
    let execution = DOORS
        .start(&world.client, numbers.clone())
        .await
        .expect("it starts");
    until("three running steps", || kitchen.running() == 3).await;
    kitchen.open(10);
    assert_eq!(execution.wait().await.expect("it succeeds"), numbers);
    assert_eq!((kitchen.most(), kitchen.begun()), (3, 10));
    world.finish(workers).await;
}

pub(crate) async fn a_drained_worker_finishes_what_it_has(world: World) {
    static DOOR: Workflow<u32, u32> = Workflow::new("t-drained", one_door);
    let kitchen = Kitchen::closed();
    // One slot, taken: no poll is open, so a drain need not wait for one.
    let workers = set_up(&world.client, &DOOR, &kitchen, [here::<wait_for_door>()]).await;
    let first = DOOR.start(&world.client, 1).await.expect("it starts");
    until("the step's begin", || kitchen.running() == 1).await;
    let second = DOOR.start(&world.client, 2).await.expect("it starts");
    // Told before the slot is free again.
    workers.stopper().drain();
    kitchen.open(1);
    assert_eq!(first.wait().await.expect("it succeeds"), 1);
    workers.stop().await;
    assert_eq!(kitchen.begun(), 1, "no task is taken after the drain began");
    let status = second.describe().await.expect("it is known").status;
    assert_eq!(status, ExecutionStatus::Running);
    second.stop("", "").await.expect("it stops");
}

pub(crate) async fn a_task_that_was_given_back_goes_to_another_worker(world: World) {
    static DOOR: Workflow<u32, u32> = Workflow::new("t-given-back", one_door);
    let kitchen = Kitchen::closed();
    let workers = set_up(&world.client, &DOOR, &kitchen, [here::<wait_for_door>()]).await;
    let execution = DOOR.start(&world.client, 1).await.expect("it starts");
    until("the step's begin", || kitchen.running() == 1).await;
    workers.stop_now().await;
    assert_eq!(kitchen.running(), 0);
    let others = set_up(&world.client, &DOOR, &kitchen, [here::<wait_for_door>()]).await;
    kitchen.open(1);
    assert_eq!(execution.wait().await.expect("it succeeds"), 1);
    assert_eq!(kitchen.begun(), 2);
    let history = execution.history().await.expect("it is known");
    let errors = history.iter().filter_map(|event| event.error.as_deref());
    assert_eq!(errors.collect::<Vec<_>>(), ["Sfn.WorkerStopped"]);
    world.finish(others).await;
}

pub(crate) async fn a_silent_step_is_stopped_and_retried(world: World) {
    static SILENT: Workflow<u32, u32> = Workflow::new("t-silent", in_sight);
    world
        .client
        .ensure(&SILENT)
        .await
        .expect("the service takes it");
    let execution = SILENT.start(&world.client, 1).await.expect("it starts");
    // A worker that takes the task and dies: nobody sends heartbeats.
    let arn = &world
        .client
        .ensure(&SILENT)
        .await
        .expect("it is known")
        .activities[0];
    let service = world.client.service();
    let task = service
        .get_activity_task(arn.clone(), "dead".to_owned())
        .await;
    let task = task.expect("the service answers").expect("there is a task");
    world.pass(Duration::from_secs(3)).await;
    let kitchen = Kitchen::closed();
    let workers = set_up(&world.client, &SILENT, &kitchen, [here::<fall_silent>()]).await;
    assert_eq!(execution.wait().await.expect("it succeeds"), 1);
    assert_eq!(kitchen.attempts(), [2]);
    let late = service.send_task_success(task.token, "1".to_owned()).await;
    assert_eq!(
        late.expect_err("it is too late").kind(),
        ErrorKind::TaskTimedOut
    );
    world.finish(workers).await;
}
