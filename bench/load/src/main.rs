//! Load on anything that speaks the Step Functions API: `bench/run` starts it, once for each server.
//!
//! One thread and one connection for each execution in flight, so that on two cores the server keeps one to itself.
//! Each case prints one line of JSON; a case that a server cannot run prints its error, and the rest goes on.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark measures real time, and names executions after it"
)]

mod activity;
mod cases;
mod connection;
mod disk;
mod machines;

use std::time::Duration;

use clap::{Arg, Command, value_parser};
use serde_json::{Value, json};

use cases::Load;

/// How long one case may take before it counts as one that the server cannot run.
const CASE_LIMIT: Duration = Duration::from_secs(90);

fn command() -> Command {
    let number = |name: &'static str, default: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .default_value(default)
            .value_parser(value_parser!(u32))
            .help(help)
    };
    Command::new("bench-load")
        .about("Load on anything that speaks the Step Functions API")
        .subcommand_required(true)
        .subcommand(
            Command::new("api")
                .about("Runs cases against an endpoint")
                .arg(
                    Arg::new("endpoint")
                        .required(true)
                        .help("host:port, plain HTTP"),
                )
                .arg(
                    Arg::new("cases")
                        .long("cases")
                        .value_delimiter(',')
                        .default_value("pass,chain,long-chain,map,round-trip,tasks"),
                )
                .arg(number("secs", "3", "how long each measurement lasts"))
                .arg(number(
                    "in-flight",
                    "16",
                    "executions, or handlers of a worker, at once",
                ))
                .arg(number("backlog", "20000", "tasks that wait for the worker")),
        )
        .subcommand(
            Command::new("disk")
                .about("Counts the writes of 4 KiB that reach the disk in a second, one after the other")
                .arg(Arg::new("folder").required(true))
                .arg(number("secs", "3", "how long it lasts")),
        )
}

fn seconds(matches: &clap::ArgMatches) -> Duration {
    let secs: u32 = *matches.get_one("secs").expect("it has a default");
    Duration::from_secs(u64::from(secs))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let matches = command().get_matches();
    match matches.subcommand() {
        Some(("disk", matches)) => {
            let folder: &String = matches.get_one("folder").expect("it is required");
            let rate = disk::writes_per_second(folder.as_ref(), seconds(matches))?;
            println!(
                "{}",
                json!({ "case": "disk", "writes_per_s": rate.round() })
            );
        }
        Some(("api", matches)) => {
            let endpoint: &String = matches.get_one("endpoint").expect("it is required");
            let load = Load {
                endpoint: endpoint.trim_start_matches("http://").to_owned(),
                lasting: seconds(matches),
                in_flight: *matches.get_one("in-flight").expect("it has a default"),
                backlog: *matches.get_one("backlog").expect("it has a default"),
            };
            let cases = matches.get_many::<String>("cases");
            for case in cases.expect("it has a default") {
                println!("{}", report(case, &load).await);
            }
        }
        _ => unreachable!("clap knows these two"),
    }
    Ok(())
}

/// One case's figures, or why it has none.
async fn report(case: &str, load: &Load) -> Value {
    let run = async {
        match case {
            "pass" => load.pass().await,
            "chain" => load.chain(100).await,
            "long-chain" => load.chain(10_000).await,
            "map" => load.map().await,
            "round-trip" => load.round_trip().await,
            "fill" => load.fill().await,
            "tasks" => load.tasks().await,
            "steps" => load.steps(100).await,
            other => Err(format!("there is no case `{other}`").into()),
        }
    };
    let mut figures = match tokio::time::timeout(CASE_LIMIT, run).await {
        Ok(Ok(figures)) => figures,
        Ok(Err(error)) => json!({ "error": error.to_string() }),
        Err(_) => json!({ "error": format!("not done in {CASE_LIMIT:?}") }),
    };
    figures["case"] = json!(case);
    figures["in_flight"] = json!(load.in_flight);
    figures
}
