//! Redriven executions: what had succeeded is kept, what had not is done again.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use sfn_engine::api::{
    CreateActivity, CreateStateMachine, DescribedExecution, GetActivityTask, ListExecutions,
    MapRunStatus, Page, RedriveExecution, SendTaskFailure, SendTaskSuccess, StartExecution,
    StopExecution, UpdateMapRun,
};
use sfn_engine::store::MemoryStore;
use sfn_engine::{
    BoxFuture, Engine, ExecutionStatus, Handle, LambdaError, LambdaHandler, LambdaInvocation,
    TestClock, TestIds,
};

/// An engine that can be started again, and a worker that fails at what it is told to.
struct World {
    clock: TestClock,
    store: MemoryStore,
    engine: Option<Handle>,
    /// How often the worker did what, by the task's input.
    done: HashMap<String, u32>,
    arn: String,
    starts: u64,
}

const ACTIVITY: &str = "arn:aws:states:us-east-1:123456789012:activity:a";

impl World {
    async fn start(definition: Value, input: Value) -> World {
        let mut world = World {
            clock: TestClock::manual(),
            store: MemoryStore::default(),
            engine: None,
            done: HashMap::new(),
            arn: String::new(),
            starts: 0,
        };
        world.restart();
        let engine = world.engine();
        engine
            .create_activity(CreateActivity::new("a"))
            .await
            .expect("made");
        let machine = CreateStateMachine::new("m", definition.to_string());
        let machine = engine.create_state_machine(machine).await.expect("valid");
        let start = StartExecution::new(machine.state_machine_arn)
            .name("e")
            .input(input.to_string());
        world.arn = engine
            .start_execution(start)
            .await
            .expect("it starts")
            .execution_arn;
        world
    }

    fn engine(&self) -> Handle {
        self.engine.clone().expect("it was started")
    }

    /// Ends the engine, and starts another that reads what the one before it wrote.
    fn restart(&mut self) {
        self.engine = None;
        self.starts += 1;
        let engine = Engine::builder()
            .clock(self.clock.clone())
            .ids(TestIds::new(self.starts))
            .store(self.store.clone())
            .start()
            .expect("the store can be read");
        self.engine = Some(engine);
    }

    /// Works until there is nothing to do: fails at the inputs in `failing`.
    async fn work(&mut self, failing: &[&str]) {
        let engine = self.engine();
        loop {
            let poll = engine.get_activity_task(GetActivityTask::new(ACTIVITY));
            let Ok(task) = tokio::time::timeout(Duration::from_millis(20), poll).await else {
                return;
            };
            let Some(task) = task.expect("asked") else {
                return;
            };
            *self.done.entry(task.input.to_string()).or_default() += 1;
            let reported = if failing.contains(&&*task.input) {
                let failure = SendTaskFailure::new(task.task_token, "Oops", "told to");
                engine.send_task_failure(failure).await
            } else {
                let done = format!("\"did {}\"", task.input.trim_matches('"'));
                engine
                    .send_task_success(SendTaskSuccess::new(task.task_token, done))
                    .await
            };
            reported.expect("the task was open");
        }
    }

    async fn redrive(&self) {
        let request = RedriveExecution {
            execution_arn: self.arn.clone(),
            client_token: None,
        };
        self.engine()
            .redrive_execution(request)
            .await
            .expect("redriven");
    }

    async fn describe(&self) -> DescribedExecution {
        self.engine()
            .describe_execution(&self.arn)
            .await
            .expect("it is there")
    }

    async fn types(&self) -> Vec<&'static str> {
        let events = self
            .engine()
            .events_since(&self.arn, 0)
            .await
            .expect("a history");
        for (index, event) in events.iter().enumerate() {
            assert_eq!(event.id, index as u64 + 1);
            assert!(event.previous_event_id < event.id, "{event:?}");
        }
        events.iter().map(|event| event.event_type()).collect()
    }

    /// How often the worker did what, since this was last asked.
    fn done(&mut self) -> Vec<(String, u32)> {
        let mut done: Vec<_> = self.done.drain().collect();
        done.sort();
        done
    }

    async fn check_output(&self, expected: Value) {
        let described = self.describe().await;
        let output: Option<Value> = described
            .output
            .as_deref()
            .map(|text| serde_json::from_str(text).expect("JSON"));
        assert_eq!(output, Some(expected), "{described:?}");
    }
}

fn pairs(expected: &[(&str, u32)]) -> Vec<(String, u32)> {
    expected
        .iter()
        .map(|(input, count)| (format!("\"{input}\""), *count))
        .collect()
}

/// One branch that iterates over a Parallel, and one that only waits.
fn nested() -> Value {
    let task = |field: &str| {
        json!({
            "QueryLanguage": "JSONata", "Type": "Task", "Resource": ACTIVITY,
            "Arguments": format!("{{% $mine & '-{field}' %}}"), "End": true
        })
    };
    json!({
        "StartAt": "Both",
        "States": { "Both": {
            "Type": "Parallel",
            "Branches": [
                { "StartAt": "Each", "States": { "Each": {
                    "Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 2,
                    "ItemProcessor": { "StartAt": "Name", "States": {
                        "Name": { "QueryLanguage": "JSONata", "Type": "Pass",
                                  "Assign": { "mine": "{% $states.input %}" }, "Next": "Fork" },
                        "Fork": { "Type": "Parallel", "End": true, "Branches": [
                            { "StartAt": "L", "States": { "L": task("l") } },
                            { "StartAt": "R", "States": { "R": task("r") } }
                        ] }
                    } },
                    "End": true
                } } },
                { "StartAt": "Rest", "States": { "Rest": { "Type": "Wait", "Seconds": 30, "End": true } } }
            ],
            "End": true
        } }
    })
}

#[tokio::test]
async fn what_succeeded_within_branches_and_iterations_is_kept() {
    for restarts in [false, true] {
        let mut world = World::start(nested(), json!({ "items": ["x", "y", "z"] })).await;
        world.work(&["\"y-r\""]).await;
        assert_eq!(world.describe().await.status, ExecutionStatus::Failed);
        let before = world.done();
        assert!(before.contains(&("\"y-r\"".to_owned(), 1)), "{before:?}");
        // It fails again, and so does nobody else.
        if restarts {
            world.restart();
        }
        world.redrive().await;
        world.work(&["\"y-r\""]).await;
        let again = world.done();
        assert_eq!(world.describe().await.status, ExecutionStatus::Failed);
        let mut all: HashMap<String, u32> = HashMap::new();
        for (input, count) in before.iter().chain(&again) {
            *all.entry(input.clone()).or_default() += count;
        }
        if restarts {
            world.restart();
        }
        world.redrive().await;
        if restarts {
            world.restart();
        }
        world.work(&[]).await;
        for (input, count) in world.done() {
            *all.entry(input).or_default() += count;
        }
        world.clock.advance(Duration::from_secs(30));
        let engine = world.engine();
        engine.wait(&world.arn).await.expect("it ends");
        let did = |name: &str| json!([format!("did {name}-l"), format!("did {name}-r")]);
        let types = world.types().await;
        let output: Value = serde_json::from_str(
            world
                .describe()
                .await
                .output
                .as_deref()
                .unwrap_or_else(|| panic!("{types:?}")),
        )
        .expect("JSON");
        assert_eq!(output[0], json!([did("x"), did("y"), did("z")]));
        assert_eq!(world.describe().await.redrive_count, 2);
        // Each side was done once; only `y-r` failed twice before.
        assert_eq!(all["\"y-r\""], 3);
        for done in ["\"x-l\"", "\"x-r\"", "\"y-l\"", "\"z-l\"", "\"z-r\""] {
            assert_eq!(all[done], 1, "{all:?}");
        }
        let count = |wanted: &str| types.iter().filter(|name| **name == wanted).count();
        assert_eq!(count("ExecutionRedriven"), 2);
        // What was entered is not entered again.
        assert_eq!(count("ParallelStateEntered"), 1 + 3, "{types:?}");
        assert_eq!(count("MapStateStarted"), 1);
    }
}

#[tokio::test]
async fn a_redriven_task_is_scheduled_without_being_entered_again() {
    let definition = json!({
        "StartAt": "Each",
        "States": { "Each": {
            "Type": "Map", "MaxConcurrency": 1,
            "ItemProcessor": { "StartAt": "T", "States": {
                "T": { "Type": "Task", "Resource": ACTIVITY, "End": true }
            } },
            "End": true
        } }
    });
    let mut world = World::start(definition, json!(["x", "y", "z"])).await;
    world.work(&["\"y\""]).await;
    assert_eq!(world.done(), pairs(&[("x", 1), ("y", 1)]));
    world.redrive().await;
    world.work(&[]).await;
    assert_eq!(world.done(), pairs(&[("y", 1), ("z", 1)]));
    world.check_output(json!(["did x", "did y", "did z"])).await;
    let types = world.types().await;
    let at = types
        .iter()
        .position(|name| *name == "ExecutionRedriven")
        .expect("redriven");
    assert_eq!(
        types[at - 1..at + 6],
        [
            "ExecutionFailed",
            "ExecutionRedriven",
            "MapIterationStarted",
            "ActivityScheduled",
            "ActivityStarted",
            "ActivitySucceeded",
            "TaskStateExited",
        ],
        "{types:?}"
    );
}

#[tokio::test]
async fn retries_and_the_machines_timeout_begin_anew() {
    let definition = json!({
        "StartAt": "T", "TimeoutSeconds": 100,
        "States": { "T": {
            "Type": "Task", "Resource": ACTIVITY,
            "Retry": [{ "ErrorEquals": ["Oops"], "MaxAttempts": 1, "IntervalSeconds": 10 }],
            "End": true
        } }
    });
    let mut world = World::start(definition, json!("x")).await;
    for _ in 0..2 {
        world.work(&["\"x\""]).await;
        world.clock.advance(Duration::from_secs(10));
        world.work(&["\"x\""]).await;
        assert_eq!(world.done(), pairs(&[("x", 2)]));
        assert_eq!(world.describe().await.status, ExecutionStatus::Failed);
        world.clock.advance(Duration::from_secs(85));
        world.redrive().await;
    }
    world.clock.advance(Duration::from_secs(99));
    tokio::task::yield_now().await;
    assert_eq!(world.describe().await.status, ExecutionStatus::Running);
    world.clock.advance(Duration::from_secs(1));
    let ended = world.engine().wait(&world.arn).await.expect("it ends");
    assert_eq!(ended.status, ExecutionStatus::TimedOut);
    world.redrive().await;
    world.work(&[]).await;
    world.check_output(json!("did x")).await;
    assert_eq!(world.describe().await.redrive_count, 3);
}

#[tokio::test]
async fn a_stopped_execution_goes_on_in_all_its_branches() {
    let branch = |name: &str| {
        json!({ "StartAt": name, "States": { name: {
            "QueryLanguage": "JSONata", "Type": "Task", "Resource": ACTIVITY, "Arguments": name, "End": true
        } } })
    };
    let definition = json!({
        "StartAt": "P",
        "States": { "P": { "Type": "Parallel", "Branches": [branch("a"), branch("b")], "End": true } }
    });
    let mut world = World::start(definition, json!({})).await;
    let engine = world.engine();
    let task = engine
        .get_activity_task(GetActivityTask::new(ACTIVITY))
        .await
        .expect("asked")
        .expect("a task");
    engine
        .send_task_success(SendTaskSuccess::new(task.task_token, "1"))
        .await
        .expect("taken");
    let stop = StopExecution {
        execution_arn: world.arn.clone(),
        error: None,
        cause: None,
    };
    engine.stop_execution(stop).await.expect("stopped");
    drop(engine);
    world.restart();
    world.redrive().await;
    world.work(&[]).await;
    assert_eq!(world.done(), pairs(&[("b", 1)]));
    world.check_output(json!([1, "did b"])).await;
}

#[tokio::test]
async fn a_map_run_goes_on_with_the_children_that_did_not_succeed() {
    for restarts in [false, true] {
        let definition = json!({
            "StartAt": "M",
            "States": { "M": {
                "Type": "Map", "MaxConcurrency": 1,
                "ItemProcessor": {
                    "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
                    "StartAt": "T", "States": {
                        "T": { "Type": "Task", "Resource": ACTIVITY, "End": true }
                    }
                },
                "End": true
            } }
        });
        let mut world = World::start(definition, json!(["x", "y", "z"])).await;
        world.work(&["\"y\""]).await;
        assert_eq!(world.done(), pairs(&[("x", 1), ("y", 1)]));
        assert_eq!(world.describe().await.status, ExecutionStatus::Failed);
        if restarts {
            world.restart();
        }
        world.redrive().await;
        if restarts {
            world.restart();
        }
        world.work(&[]).await;
        assert_eq!(world.done(), pairs(&[("y", 1), ("z", 1)]));
        world.check_output(json!(["did x", "did y", "did z"])).await;
        let types = world.types().await;
        assert_eq!(
            types[types.len() - 6..],
            [
                "ExecutionRedriven",
                "MapRunRedriven",
                "MapRunSucceeded",
                "MapStateSucceeded",
                "MapStateExited",
                "ExecutionSucceeded"
            ],
            "{types:?}"
        );
        if restarts {
            world.restart();
        }
        let engine = world.engine();
        let runs = engine
            .list_map_runs(&world.arn, Page::default())
            .await
            .expect("listed");
        assert_eq!(runs.items.len(), 1);
        let run = engine
            .describe_map_run(&runs.items[0].map_run_arn)
            .await
            .expect("it is there");
        assert_eq!(
            (run.status, run.redrive_count),
            (MapRunStatus::Succeeded, 1)
        );
        assert_eq!((run.item_counts.succeeded, run.item_counts.failed), (3, 0));
        let children = engine
            .list_executions(ListExecutions {
                map_run_arn: Some(run.map_run_arn),
                ..ListExecutions::default()
            })
            .await
            .expect("listed");
        let redriven: Vec<u32> = children
            .items
            .iter()
            .map(|child| child.redrive_count)
            .collect();
        assert_eq!(redriven.iter().sum::<u32>(), 1, "{redriven:?}");
    }
}

#[tokio::test]
async fn children_wait_for_their_turn_to_run_again() {
    let definition = json!({
        "StartAt": "M",
        "States": { "M": {
            "Type": "Map", "ToleratedFailureCount": 1,
            "ItemProcessor": {
                "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
                "StartAt": "T", "States": { "T": { "Type": "Task", "Resource": ACTIVITY, "End": true } }
            },
            "End": true
        } }
    });
    let mut world = World::start(definition, json!(["x", "y"])).await;
    let engine = world.engine();
    let runs = engine.list_map_runs(&world.arn, Page::default()).await;
    let run = runs.expect("listed").items[0].map_run_arn.clone();
    let update = UpdateMapRun {
        map_run_arn: run.clone(),
        max_concurrency: Some(1),
        ..UpdateMapRun::default()
    };
    engine
        .update_map_run(update.clone())
        .await
        .expect("it runs");
    world.work(&["\"x\"", "\"y\""]).await;
    let over = engine.update_map_run(update).await;
    assert_eq!(over.expect_err("it is over").code(), "ValidationException");
    world.redrive().await;
    let described = engine.describe_map_run(&run).await.expect("known");
    assert_eq!(described.execution_counts.running, 1);
    assert_eq!(described.execution_counts.pending_redrive, 1);
    assert_eq!(described.item_counts.pending_redrive, 1);
    assert_eq!(described.execution_counts.failures_not_redrivable, 0);
    let list = ListExecutions {
        map_run_arn: Some(run.clone()),
        status_filter: Some(ExecutionStatus::PendingRedrive),
        ..ListExecutions::default()
    };
    let waiting = engine.list_executions(list).await.expect("listed").items;
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].status, ExecutionStatus::PendingRedrive);
    let child = engine.describe_execution(&waiting[0].execution_arn).await;
    assert_eq!(
        child.expect("known").status,
        ExecutionStatus::PendingRedrive
    );
    world.work(&[]).await;
    let described = engine.describe_map_run(&run).await.expect("known");
    assert_eq!(described.execution_counts.pending_redrive, 0);
    assert_eq!(described.execution_counts.succeeded, 2);
    world.check_output(json!(["did x", "did y"])).await;
}

/// Fails until it is told that all is well, and counts how often it was called.
struct Moody {
    well: Arc<AtomicBool>,
    calls: Arc<AtomicU32>,
}

impl LambdaHandler for Moody {
    fn invoke(&self, call: LambdaInvocation) -> Option<BoxFuture<Result<String, LambdaError>>> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let well = self.well.load(Ordering::Relaxed) || &*call.payload != "2";
        let answer = if well {
            Ok(call.payload.to_string())
        } else {
            Err(LambdaError::Function {
                payload: r#"{"errorType":"Moody","errorMessage":"not today"}"#.to_owned(),
            })
        };
        Some(Box::pin(async move { answer }))
    }
}

#[tokio::test]
async fn express_children_that_did_not_succeed_are_started_again() {
    let (well, calls) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicU32::new(0)),
    );
    let engine = Engine::builder()
        .clock(TestClock::auto())
        .lambda(Moody {
            well: well.clone(),
            calls: calls.clone(),
        })
        .start()
        .expect("a runtime");
    let definition = json!({
        "StartAt": "M",
        "States": { "M": {
            "Type": "Map", "MaxConcurrency": 1,
            "ItemProcessor": {
                "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS" },
                "StartAt": "T", "States": { "T": {
                    "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:moody", "End": true
                } }
            },
            "End": true
        } }
    });
    let machine = CreateStateMachine::new("m", definition.to_string());
    let machine = engine.create_state_machine(machine).await.expect("valid");
    let start = StartExecution::new(machine.state_machine_arn).input("[1,2,3]");
    let arn = engine
        .start_execution(start)
        .await
        .expect("it starts")
        .execution_arn;
    let failed = engine.wait(&arn).await.expect("it ends");
    assert_eq!(failed.status, ExecutionStatus::Failed);
    assert_eq!(calls.swap(0, Ordering::Relaxed), 2);
    well.store(true, Ordering::Relaxed);
    let redrive = RedriveExecution {
        execution_arn: arn.clone(),
        client_token: None,
    };
    engine.redrive_execution(redrive).await.expect("redriven");
    let ended = engine.wait(&arn).await.expect("it ends");
    assert_eq!(ended.output.as_deref(), Some("[1,2,3]"));
    assert_eq!(calls.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn the_same_token_redrives_once_and_refusals_say_why() {
    let definition = json!({
        "StartAt": "T",
        "States": { "T": { "Type": "Task", "Resource": ACTIVITY, "End": true } }
    });
    let mut world = World::start(definition, json!("x")).await;
    let request = |token: &str| RedriveExecution {
        execution_arn: world.arn.clone(),
        client_token: Some(token.to_owned()),
    };
    let (one, two) = (request("one"), request("two"));
    let refusal = |world: &World, request: RedriveExecution| {
        let engine = world.engine();
        async move {
            let refused = engine.redrive_execution(request).await.expect_err("no");
            assert_eq!(refused.code(), "ExecutionNotRedrivable");
            refused.to_string()
        }
    };
    assert_eq!(
        refusal(&world, one.clone()).await,
        "Execution is RUNNING and cannot be redriven"
    );
    world.work(&["\"x\""]).await;
    let first = world.engine().redrive_execution(one.clone()).await;
    let first = first.expect("redriven");
    world.clock.advance(Duration::from_secs(60));
    world.work(&["\"x\""]).await;
    let second = world.engine().redrive_execution(two.clone()).await;
    assert_ne!(second.expect("redriven"), first);
    world.restart();
    let again = world.engine().redrive_execution(one.clone()).await;
    assert_eq!(again.expect("nothing new"), first);
    assert_eq!(world.describe().await.redrive_count, 2);
    world.work(&["\"x\""]).await;
    world.clock.advance(Duration::from_secs(15 * 24 * 60 * 60));
    assert_eq!(
        refusal(&world, one).await,
        "Execution redrivable period exceeded"
    );
    let described = world.describe().await;
    assert_eq!(described.redrive_status.as_str(), "NOT_REDRIVABLE");
}
