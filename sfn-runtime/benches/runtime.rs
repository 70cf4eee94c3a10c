//! How fast a workflow runs in process, as its author sees it: `cargo bench -p sfn-runtime --bench runtime`.
//!
//! Everything is on the way: typed values to JSON and back, the client, the embedded engine, the worker, the step's
//! function. Each figure is the best of some runs, since other programs on the machine only ever slow it down.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]

use std::{
    future::Future,
    time::{Duration, Instant},
};

use sfn_runtime::{Client, Workers, Workflow, here, local::LocalOptions, run_here, step, workflow};

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

static ITEMS: Workflow<Vec<i64>, Vec<i64>> = workflow!(name = "items", map(echo));

async fn kitchen() -> (Client, Workers) {
    let client = Client::local(LocalOptions::new()).expect("there is a runtime");
    for workflow in [
        client.ensure(&ONE).await,
        client.ensure(&ONE_BLOCKING).await,
        client.ensure(&TEN).await,
        client.ensure(&ITEMS).await,
    ] {
        workflow.expect("the machine is created");
    }
    let steps = [
        here::<echo>().concurrency(16),
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
        let (client, workers) = kitchen().await;
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

/// A hundred executions at once, some rounds of them.
async fn hundred_at_once(workflow: &'static Workflow<i64, i64>) -> Duration {
    const ROUNDS: u32 = 50;
    best(ROUNDS * 100, |client| async move {
        for _ in 0..ROUNDS {
            let runs: Vec<_> = (0..100)
                .map(|_| {
                    let client = client.clone();
                    tokio::spawn(async move { workflow.run(&client, 1).await })
                })
                .collect();
            for run in runs {
                run.await.expect("no panic").expect("it succeeds");
            }
        }
    })
    .await
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
    let many = hundred_at_once(&ONE).await;
    println!(
        "one step, 100 executions at once         {many:>10.2?}   {}",
        rate(many)
    );
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
