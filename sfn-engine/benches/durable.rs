//! How fast the engine is when everything is on disk before it counts: `cargo bench -p sfn-engine --bench durable [-- DIR]`.
//!
//! The disk decides, so its own rate (a small append and a flush, one after the other) is measured in between, and figures
//! are given as multiples of it.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use sfn_engine::api::{CreateStateMachine, Page, StartExecution};
use sfn_engine::{BoxFuture, Engine, Handle, LambdaError, LambdaHandler, LambdaInvocation};

/// How long each figure is measured.
const SPAN: Duration = Duration::from_secs(4);

/// How many steps an execution has.
const STEPS: u32 = 10;

/// How many executions are in the archive for the figures on starting.
const CLOSED: u32 = 100_000;

struct Echo;

impl LambdaHandler for Echo {
    fn invoke(&self, call: LambdaInvocation) -> Option<BoxFuture<Result<String, LambdaError>>> {
        Some(Box::pin(async move { Ok(call.payload.to_string()) }))
    }
}

fn states(state: &Value) -> Value {
    let states: Map<String, Value> = (0..STEPS)
        .map(|n| {
            let mut state = state.clone();
            if n + 1 < STEPS {
                state["Next"] = json!(format!("S{}", n + 1));
            } else {
                state["End"] = json!(true);
            }
            (format!("S{n}"), state)
        })
        .collect();
    json!({ "StartAt": "S0", "States": states })
}

fn engine(folder: &Path) -> Handle {
    let builder = Engine::builder().lambda(Echo).data_dir(folder);
    builder.start().expect("the folder can be used")
}

async fn machine(engine: &Handle, name: &str, state: Value) -> String {
    let machine = CreateStateMachine::new(name, states(&state).to_string());
    let made = engine.create_state_machine(machine).await;
    made.expect("a valid definition").state_machine_arn
}

/// Flushes a second, one small append after the other.
fn flushes(folder: &Path) -> f64 {
    let path = folder.join("flushes");
    let mut file = fs::File::create(&path).expect("the folder can be written");
    let (begin, mut count) = (Instant::now(), 0);
    while begin.elapsed() < Duration::from_secs(2) {
        file.write_all(&[b'x'; 300]).expect("it can be written");
        file.sync_data().expect("it can be flushed");
        count += 1;
    }
    let rate = f64::from(count) / begin.elapsed().as_secs_f64();
    fs::remove_file(path).expect("it can be removed");
    rate
}

/// Executions a second that start and end, so many of them at once.
async fn executions(engine: &Handle, machine: &str, at_once: usize) -> f64 {
    let (begin, ended) = (Instant::now(), Arc::new(AtomicU32::new(0)));
    let clients: Vec<_> = (0..at_once)
        .map(|_| {
            let (engine, ended, machine) = (engine.clone(), ended.clone(), machine.to_owned());
            tokio::spawn(async move {
                while begin.elapsed() < SPAN {
                    let started = engine.start_execution(StartExecution::new(&machine)).await;
                    let arn = started.expect("it starts").execution_arn;
                    engine.wait(&arn).await.expect("it ends");
                    ended.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for client in clients {
        client.await.expect("no client panics");
    }
    f64::from(ended.load(Ordering::Relaxed)) / begin.elapsed().as_secs_f64()
}

fn size(folder: &Path) -> u64 {
    fs::read_dir(folder)
        .expect("the folder can be read")
        .map(|entry| entry.expect("the folder can be read"))
        .map(|entry| entry.metadata().map_or(0, |data| data.len()))
        .sum()
}

/// Resident memory of this process, in MiB; `None` where the system does not tell.
fn memory() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024.0)
}

async fn start_up(folder: &Path) -> Duration {
    let begin = Instant::now();
    let engine = engine(folder);
    let machines = engine.list_state_machines(Page::first()).await;
    machines.expect("it answers");
    begin.elapsed()
}

#[tokio::main]
async fn main() {
    let root = std::env::args().skip(1).find(|arg| !arg.starts_with('-'));
    let root = root.map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")), PathBuf::from);
    let folder = root.join(format!("durable-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the folder can be made");

    println!(
        "start to first answer, empty folder: {:?}",
        start_up(&folder).await
    );
    if let Some(memory) = memory() {
        println!("memory with an idle engine: {memory:.1} MiB");
    }

    let engine = engine(&folder);
    let step = json!({ "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:echo" });
    let steps = machine(&engine, "steps", step).await;
    let passes = machine(&engine, "passes", json!({ "Type": "Pass" })).await;
    for at_once in [1, 16, 64] {
        let before = flushes(&folder);
        let stepping = executions(&engine, &steps, at_once).await * f64::from(STEPS);
        let passing = executions(&engine, &passes, at_once).await;
        let disk = f64::midpoint(before, flushes(&folder));
        println!(
            "{at_once:>3} at once: {stepping:>8.0} steps/s = {:>6.1} x the disk; {passing:>8.0} executions/s of {STEPS} \
             Pass states = {:>6.1} x the disk; disk {disk:.0} flushes/s",
            stepping / disk,
            passing / disk,
        );
    }

    let begin = Instant::now();
    let clients: Vec<_> = (0..500)
        .map(|_| {
            let (engine, passes) = (engine.clone(), passes.clone());
            tokio::spawn(async move {
                for _ in 0..CLOSED / 500 {
                    let started = engine.start_execution(StartExecution::new(&passes)).await;
                    started.expect("it starts");
                }
            })
        })
        .collect();
    for client in clients {
        client.await.expect("no client panics");
    }
    println!(
        "{CLOSED} executions of {STEPS} Pass states, 500 at once: {:?}",
        begin.elapsed()
    );
    println!("on disk: {:.1} MiB", size(&folder) as f64 / 1024.0 / 1024.0);
    let begin = Instant::now();
    engine.compact().await.expect("the store works");
    println!("compacted in {:?}", begin.elapsed());
    println!("on disk: {:.1} MiB", size(&folder) as f64 / 1024.0 / 1024.0);
    if let Some(memory) = memory() {
        println!("memory: {memory:.1} MiB");
    }
    drop(engine);
    let took = start_up(&folder).await;
    println!("start to first answer, all of them in the archive: {took:?}");
    fs::remove_dir_all(folder).expect("it can be removed");
}
