//! How many tasks a worker does in a second, and what it costs while it has none: `bench/run worker` starts it beside an
//! `sfn-server`. The worker is the one that users run, over the AWS SDK, with a step that does nothing.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark measures real time, and names executions after it"
)]

use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use clap::{Arg, ArgMatches, Command, value_parser};
use serde_json::json;
use sfn_runtime::{Client, Workflow, aws::AwsOptions, here, run_here, step, workflow};
use tokio::time::{Instant, sleep};

/// How many items an execution has: enough that its own start and end cost nothing beside them.
const ITEMS: u32 = 1_000;

/// How many executions are at work at once. A map has forty items at work, so that there are always more tasks than slots.
const AT_ONCE: usize = 16;

/// How long it runs before it is measured.
const WARM_UP: Duration = Duration::from_secs(1);

static DONE: AtomicU64 = AtomicU64::new(0);

/// Does nothing, and counts that.
#[step]
async fn nothing(item: u32) -> u32 {
    DONE.fetch_add(1, Relaxed);
    item
}

static MANY: Workflow<Vec<u32>, Vec<u32>> = workflow!(name = "bench-worker", map(nothing));

fn arguments() -> ArgMatches {
    let number = |name: &'static str, default: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .default_value(default)
            .value_parser(value_parser!(u32))
            .help(help)
    };
    Command::new("bench-worker")
        .about("Tasks a second of a worker over the AWS SDK, and its processor time while it waits")
        .arg(
            Arg::new("endpoint")
                .required(true)
                .help("where the server is, with its scheme"),
        )
        .arg(number(
            "concurrency",
            "16",
            "how many tasks it works on at once",
        ))
        .arg(number("secs", "3", "how long the measurement lasts"))
        .arg(
            Arg::new("idle")
                .long("idle")
                .action(clap::ArgAction::SetTrue)
                .help("Gives it no task"),
        )
        .get_matches()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let matches = arguments();
    let endpoint: &String = matches.get_one("endpoint").expect("it is required");
    let concurrency: u32 = *matches.get_one("concurrency").expect("it has a default");
    let secs: u32 = *matches.get_one("secs").expect("it has a default");
    let options = AwsOptions::new()
        .endpoint(endpoint)
        .region("us-east-1")
        .account("123456789012")
        .credentials("test", "test")
        .role("arn:aws:iam::123456789012:role/bench");
    let client = Client::aws(options).await?;
    client.ensure(&MANY).await?;
    let step = here::<nothing>().concurrency(usize::try_from(concurrency)?);
    let _workers = run_here(&client, [step]).await?;
    let idle = matches.get_flag("idle");
    if !idle {
        for _ in 0..AT_ONCE {
            tokio::spawn(keep_busy(client.clone()));
        }
    }
    sleep(WARM_UP).await;
    let (begun, before, processor) = (Instant::now(), DONE.load(Relaxed), processor_seconds()?);
    sleep(Duration::from_secs(u64::from(secs))).await;
    let took = begun.elapsed().as_secs_f64();
    let processor = processor_seconds()? - processor;
    let tasks = DONE.load(Relaxed) - before;
    let share = 100.0 * processor / took;
    let mut figures = json!({
        "concurrency": concurrency,
        "worker_cpu_percent": (share * 100.0).round() / 100.0,
    });
    if !idle {
        figures["tasks_per_s"] = json!((tasks as f64 / took).round());
        figures["worker_cpu_ms_each"] =
            json!((processor * 1e6 / tasks.max(1) as f64).round() / 1e3);
    }
    println!("{figures}");
    // Its polls would keep it for up to a minute, and nobody misses their tasks.
    std::process::exit(0);
}

/// One execution after the other.
async fn keep_busy(client: Client) {
    let items: Vec<u32> = (0..ITEMS).collect();
    loop {
        if let Err(error) = MANY.run(&client, items.clone()).await {
            println!("{}", json!({ "error": error.to_string() }));
            return;
        }
    }
}

/// Processor time of this process so far, where the system tells it as Linux does.
fn processor_seconds() -> Result<f64, Box<dyn std::error::Error>> {
    /// Linux counts in hundredths of a second, on every machine that Rust runs on.
    const TICKS: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').ok_or("no such line is known")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let of = |index: usize| fields.get(index).and_then(|text| text.parse::<f64>().ok());
    Ok((of(11).unwrap_or_default() + of(12).unwrap_or_default()) / TICKS)
}
