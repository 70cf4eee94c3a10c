//! How fast the engine is in process: `cargo bench -p sfn-engine`.
//!
//! Each figure is the best of some runs, since other programs on the machine only ever slow it down.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use sfn_engine::api::{
    CreateActivity, CreateStateMachine, GetActivityTask, SendTaskSuccess, StartExecution,
};
use sfn_engine::execution::{About, Execution, Signal, Surroundings, advance};
use sfn_engine::{Engine, Handle, Json, Program, TestIds, Timestamp};

const RUNS: usize = 5;

struct NoActivities;

impl Surroundings for NoActivities {
    fn activity_exists(&self, _arn: &str) -> bool {
        false
    }
}

fn best(mut run: impl FnMut() -> Duration) -> Duration {
    (0..RUNS).map(|_| run()).min().expect("there are runs")
}

fn per_second(count: u32, took: Duration) -> String {
    format!("{:>12.0} /s", f64::from(count) / took.as_secs_f64())
}

fn chain(states: u32) -> serde_json::Value {
    let states: serde_json::Map<String, serde_json::Value> = (0..states)
        .map(|n| {
            let mut state = json!({ "Type": "Pass" });
            if n + 1 < states {
                state["Next"] = json!(format!("S{}", n + 1))
            } else {
                state["End"] = json!(true)
            }
            (format!("S{n}"), state)
        })
        .collect();
    json!({ "StartAt": "S0", "States": states })
}

fn about(input: &Json) -> Arc<About> {
    Arc::new(About {
        number: 0,
        arn: "arn:aws:states:us-east-1:123456789012:execution:m:e".into(),
        name: "e".into(),
        machine_arn: "arn:aws:states:us-east-1:123456789012:stateMachine:m".into(),
        machine_name: "m".into(),
        role_arn: "arn:aws:iam::123456789012:role/r".into(),
        region: "us-east-1".into(),
        input: input.clone(),
        started: Timestamp::from_millis(0),
        express: false,
        start_at: None,
        item: None,
        seed: 0,
    })
}

/// The core alone: a chain of Pass states.
fn transitions(input: serde_json::Value) -> String {
    const STATES: u32 = 10_000;
    let program = Arc::new(
        Program::compile(chain(STATES).to_string(), sfn_asl::ExecutionType::Standard)
            .expect("a valid definition"),
    );
    let input = Json::parse(input.to_string()).expect("JSON");
    let took = best(|| {
        let start = Instant::now();
        let mut execution = Execution::new(program.clone(), about(&input));
        advance(
            &mut execution,
            Signal::Started,
            Timestamp::from_millis(0),
            &NoActivities,
        );
        let took = start.elapsed();
        assert!(execution.status().is_over());
        black_box(execution);
        took
    });
    per_second(STATES, took)
}

fn engine() -> Handle {
    Engine::builder()
        .ids(TestIds::default())
        .start()
        .expect("there is a runtime")
}

async fn machine(engine: &Handle, definition: &serde_json::Value) -> String {
    let machine = CreateStateMachine::new("m", definition.to_string());
    engine
        .create_state_machine(machine)
        .await
        .expect("a valid definition")
        .state_machine_arn
}

/// Whole executions over the operations: start, one Pass state, wait for the end.
async fn executions() -> String {
    const COUNT: u32 = 100_000;
    let mut took = Duration::MAX;
    for _ in 0..RUNS {
        let engine = engine();
        let arn = machine(&engine, &chain(1)).await;
        let start = Instant::now();
        for _ in 0..COUNT {
            let started = engine
                .start_execution(StartExecution::new(&arn))
                .await
                .expect("it starts");
            black_box(engine.wait(&started.execution_arn).await.expect("it ends"));
        }
        took = took.min(start.elapsed());
    }
    per_second(COUNT, took)
}

async fn map_of(items: usize, jsonata: bool) -> Duration {
    let state = if jsonata {
        json!({
            "Type": "Map", "QueryLanguage": "JSONata", "Items": "{% $states.input.items %}",
            "ItemProcessor": { "StartAt": "P", "States": {
                "P": { "Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.n + 1 %}", "End": true }
            } },
            "End": true
        })
    } else {
        json!({
            "Type": "Map", "ItemsPath": "$.items",
            "ItemProcessor": { "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true } } },
            "End": true
        })
    };
    let definition = json!({ "StartAt": "M", "States": { "M": state } });
    let items: Vec<_> = (0..items).map(|n| json!({ "n": n })).collect();
    let input = json!({ "items": items }).to_string();
    let mut took = Duration::MAX;
    for _ in 0..RUNS {
        let engine = engine();
        let arn = machine(&engine, &definition).await;
        let start = Instant::now();
        let request = StartExecution::new(&arn).input(input.clone());
        let started = engine.start_execution(request).await.expect("it starts");
        let ended = engine.wait(&started.execution_arn).await.expect("it ends");
        took = took.min(start.elapsed());
        assert!(ended.output.is_some(), "{ended:?}");
    }
    took
}

/// Executions of one activity task each, `open` of them at once, done by 16 workers.
async fn tasks(open: u32, count: u32) -> Duration {
    let mut took = Duration::MAX;
    for _ in 0..RUNS {
        let engine = engine();
        let activity = engine
            .create_activity(CreateActivity::new("a"))
            .await
            .expect("made")
            .activity_arn;
        let definition = json!({
            "StartAt": "T",
            "States": { "T": { "Type": "Task", "Resource": activity, "TimeoutSeconds": 60, "End": true } }
        });
        let arn = machine(&engine, &definition).await;
        let start = Instant::now();
        let workers: Vec<_> = (0..16)
            .map(|_| {
                let (engine, poll) = (engine.clone(), GetActivityTask::new(&activity));
                tokio::spawn(async move {
                    while let Ok(Some(task)) = engine.get_activity_task(poll.clone()).await {
                        let done = SendTaskSuccess::new(task.task_token, "{}");
                        engine
                            .send_task_success(done)
                            .await
                            .expect("the task is open");
                    }
                })
            })
            .collect();
        let clients: Vec<_> = (0..open)
            .map(|_| {
                let (engine, arn) = (engine.clone(), arn.clone());
                tokio::spawn(async move {
                    for _ in 0..count / open {
                        let started = engine
                            .start_execution(StartExecution::new(&arn))
                            .await
                            .expect("it starts");
                        engine.wait(&started.execution_arn).await.expect("it ends");
                    }
                })
            })
            .collect();
        for client in clients {
            client.await.expect("a client does not panic");
        }
        took = took.min(start.elapsed());
        for worker in workers {
            worker.abort();
        }
    }
    took
}

/// The time per transition while many executions are open.
async fn with_open(open: u32) -> String {
    let engine = engine();
    let waiting = json!({ "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 86400, "End": true } } });
    let request = CreateStateMachine::new("waiting", waiting.to_string());
    let waiting = engine
        .create_state_machine(request)
        .await
        .expect("valid")
        .state_machine_arn;
    for _ in 0..open {
        engine
            .start_execution(StartExecution::new(&waiting))
            .await
            .expect("it starts");
    }
    let arn = machine(&engine, &chain(100)).await;
    let mut took = Duration::MAX;
    for _ in 0..RUNS {
        let start = Instant::now();
        for _ in 0..100 {
            engine
                .start_execution(StartExecution::new(&arn))
                .await
                .expect("it starts");
        }
        took = took.min(start.elapsed());
    }
    format!("{:>9.0} ns", took.as_secs_f64() * 1e9 / 10_000.0)
}

fn main() {
    // `cargo test` runs benchmarks to see that they work; that is what compiling them shows already.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    println!(
        "Pass transitions, small input            {}",
        transitions(json!({ "n": 1 }))
    );
    let large = json!({ "text": "x".repeat(100_000) });
    println!(
        "Pass transitions, 100 KB input           {}",
        transitions(large)
    );
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        println!(
            "executions of one Pass, start to end     {}",
            executions().await
        );
        println!(
            "inline Map of 1,000 items                {:>12.2?}",
            map_of(1000, false).await
        );
        println!(
            "the same in JSONata                      {:>12.2?}",
            map_of(1000, true).await
        );
        let took = tasks(1, 1000).await;
        println!(
            "activity task, start to end, one by one  {:>12.2?}",
            took / 1000
        );
        let took = tasks(100, 20_000).await;
        println!(
            "activity tasks, 100 executions at once   {}",
            per_second(20_000, took)
        );
        for open in [10, 100, 1000, 10_000] {
            println!(
                "transition with {open:>6} open executions   {}",
                with_open(open).await
            );
        }
    });
}
