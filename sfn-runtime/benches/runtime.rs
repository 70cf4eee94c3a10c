//! How fast a workflow runs in process, as its author sees it: `cargo bench -p sfn-runtime --bench runtime`, or a part of it
//! with ` -- map` or ` -- durable`.
//!
//! Everything is on the way: typed values to JSON and back, the client, the embedded engine, the worker, the step's
//! function. Each figure is the best of some runs, since other programs on the machine only ever slow it down.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]

use std::{
    future::Future,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use sfn_runtime::{
    Client, Workers, Workflow, flow::Flow, here, local::LocalOptions, run_here, step, workflow,
};

const RUNS: usize = 5;

#[step]
async fn echo(number: i64) -> i64 {
    number
}

#[step]
fn blocking_echo(number: i64) -> i64 {
    number
}

static ONE: Workflow<i64, i64> = workflow!(name = "one", echo);

static ONE_BLOCKING: Workflow<i64, i64> = workflow!(name = "one-blocking", blocking_echo);

static TEN: Workflow<i64, i64> = workflow!(
    name = "ten",
    echo,
    echo.named("2"),
    echo.named("3"),
    echo.named("4"),
    echo.named("5"),
    echo.named("6"),
    echo.named("7"),
    echo.named("8"),
    echo.named("9"),
    echo.named("10"),
);

/// As many steps as the peer's invocations have, with which this is compared.
static HUNDRED: Workflow<i64, i64> = Workflow::new("hundred", |flow| {
    let mut flow: Flow<i64> = flow.then::<echo>();
    for number in 2..=HUNDRED_STEPS {
        flow = flow.then::<echo>().named(number.to_string());
    }
    flow
});

const HUNDRED_STEPS: u32 = 100;

static ITEMS: Workflow<Vec<i64>, Vec<i64>> = workflow!(name = "items", map(echo));

async fn kitchen(options: LocalOptions) -> (Client, Workers) {
    let client = Client::local(options).expect("there is a runtime, and the folder is free");
    for workflow in [
        client.ensure(&ONE).await,
        client.ensure(&ONE_BLOCKING).await,
        client.ensure(&TEN).await,
        client.ensure(&HUNDRED).await,
        client.ensure(&ITEMS).await,
    ] {
        workflow.expect("the machine is created");
    }
    let steps = [
        here::<echo>().concurrency(64),
        here::<blocking_echo>().concurrency(16),
    ];
    let workers = run_here(&client, steps)
        .await
        .expect("the steps can be served");
    (client, workers)
}

/// The best time of one of `count` things done by `work`, each time on an engine of its own.
async fn best<F: Future<Output = ()>>(count: u32, work: impl Fn(Client) -> F) -> Duration {
    let mut took = Duration::MAX;
    for _ in 0..RUNS {
        let (client, workers) = kitchen(LocalOptions::new()).await;
        let begun = Instant::now();
        work(client).await;
        took = took.min(begun.elapsed());
        workers.stop_now().await;
    }
    took / count
}

/// One execution after the other.
async fn one_by_one(workflow: &'static Workflow<i64, i64>, expected: i64) -> Duration {
    const COUNT: u32 = 2_000;
    best(COUNT, |client| async move {
        for _ in 0..COUNT {
            let output = workflow.run(&client, 1).await.expect("it succeeds");
            assert_eq!(output, expected);
        }
    })
    .await
}

/// Some rounds of that many executions at once.
async fn at_once(client: Client, workflow: &'static Workflow<i64, i64>, rounds: u32, open: u32) {
    let runs: Vec<_> = (0..open)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                for _ in 0..rounds {
                    workflow.run(&client, 1).await.expect("it succeeds");
                }
            })
        })
        .collect();
    for run in runs {
        run.await.expect("no panic");
    }
}

/// Steps per second when everything is on disk before it counts: executions of a hundred steps, `open` at once.
async fn durable_steps(open: u32) -> f64 {
    const LASTING: Duration = Duration::from_secs(3);
    // Beside the build, where the disk is the one that people work on.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("durable-{}-{open}", std::process::id()));
    let (client, workers) = kitchen(LocalOptions::new().data_dir(&folder)).await;
    let (begun, ended) = (Instant::now(), Arc::new(AtomicU32::new(0)));
    let runs: Vec<_> = (0..open)
        .map(|_| {
            let (client, ended) = (client.clone(), Arc::clone(&ended));
            tokio::spawn(async move {
                while begun.elapsed() < LASTING {
                    HUNDRED.run(&client, 1).await.expect("it succeeds");
                    ended.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for run in runs {
        run.await.expect("no panic");
    }
    let steps = f64::from(ended.load(Ordering::Relaxed) * HUNDRED_STEPS);
    let rate = steps / begun.elapsed().as_secs_f64();
    workers.stop_now().await;
    drop(client);
    // The engine lets go of its folder when the last of it is dropped, which may be in a task that is just ending.
    while std::fs::remove_dir_all(&folder).is_err() {
        tokio::task::yield_now().await;
    }
    rate
}

async fn map() {
    let items: Vec<i64> = (0..1000).collect();
    let map = best(1, |client| {
        let items = items.clone();
        async move {
            let output = ITEMS
                .run(&client, items.clone())
                .await
                .expect("it succeeds");
            assert_eq!(output, items);
        }
    })
    .await;
    println!("map of 1,000 items over a step           {map:>10.2?}");
}

async fn durable() {
    for open in [1, 16, 64, 256] {
        let rate = durable_steps(open).await;
        println!("durable steps, {open:>3} executions at once    {rate:>10.0} /s");
    }
}

fn rate(each: Duration) -> String {
    format!("{:>10.0} /s", 1.0 / each.as_secs_f64())
}

#[tokio::main]
async fn main() {
    // `cargo test` runs benchmarks to see that they work; that is what compiling them shows already.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    for part in std::env::args() {
        match part.as_str() {
            "map" => return map().await,
            "durable" => return durable().await,
            _ => {}
        }
    }
    let one = one_by_one(&ONE, 1).await;
    println!(
        "one step, start to end                   {one:>10.2?}   {}",
        rate(one)
    );
    let blocking = one_by_one(&ONE_BLOCKING, 1).await;
    println!(
        "the same, step not async                 {blocking:>10.2?}   {}",
        rate(blocking)
    );
    let ten = one_by_one(&TEN, 1).await;
    println!(
        "each further step                        {:>10.2?}",
        ten.saturating_sub(one) / 9
    );
    let many = best(5_000, |client| at_once(client, &ONE, 50, 100)).await;
    println!(
        "one step, 100 executions at once         {many:>10.2?}   {}",
        rate(many)
    );
    map().await;
    durable().await;
}
