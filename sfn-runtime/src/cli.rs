//! The command line: one file a command, and what they share.

#[cfg(feature = "deploy")]
mod account;
mod answer;
mod args;
mod asl;
mod check;
mod cost;
#[cfg(feature = "deploy")]
mod deploy;
#[cfg(feature = "deploy")]
mod destroy;
#[cfg(feature = "deploy")]
mod drain;
mod executions;
mod exit;
mod explain;
#[cfg_attr(
    not(any(feature = "local", feature = "aws")),
    allow(
        dead_code,
        reason = "a program for Lambda alone has no use for it, and is smaller without"
    )
)]
mod export;
#[cfg(feature = "local")]
mod follow;
mod graph;
mod history;
mod input;
#[cfg(feature = "local")]
mod interrupt;
mod list;
mod lock;
mod logs;
#[cfg(all(unix, feature = "local"))]
mod mailbox;
mod output;
mod problem;
mod program;
mod record;
mod run;
#[cfg(feature = "local")]
mod skipping;
mod work;

use std::ffi::OsString;

pub use exit::Exit;

use tracing_subscriber::filter::LevelFilter;

use crate::app::App;
use problem::Problem;
use program::Program;

/// Reads the command line and does what it says.
pub(crate) async fn main(app: App, arguments: Vec<OsString>) -> Exit {
    let outcome = match args::parse(&app, &arguments) {
        Ok(asked) => {
            // What goes wrong on the way a view shows by itself; `work` has none.
            let quiet = match asked.command {
                args::Command::Work(_) => LevelFilter::WARN,
                _ => LevelFilter::ERROR,
            };
            logs::start(asked.verbosity, quiet, &asked.name);
            obey(app, asked).await
        }
        Err(exit) => return exit,
    };
    match outcome {
        Ok(exit) => exit,
        Err(problem) => problem.report(),
    }
}

async fn obey(app: App, asked: args::Asked) -> Result<Exit, Problem> {
    let program = Program::new(app, asked.name, asked.config, asked.env);
    match asked.command {
        args::Command::Story => run::stories(&program).await,
        args::Command::Run(options) => run::run(&program, options).await,
        args::Command::List { json } => list::list(&program, json),
        args::Command::Check(options) => check::check(&program, options),
        args::Command::Lock(options) => lock::lock(&program, &options),
        args::Command::Cost(options) => cost::cost(&program, &options),
        args::Command::Asl { workflow, compact } => asl::asl(&program, &workflow, compact),
        args::Command::Graph(options) => graph::graph(&program, options).await,
        args::Command::Answer(options) => answer::answer(options).await,
        args::Command::History(options) => history::history(&program, options).await,
        args::Command::Work(options) => work::work(&program, options).await,
        args::Command::Start(options) => executions::start(&program, options).await,
        args::Command::Status(options) => executions::status(&program, options).await,
        args::Command::Stop(options) => executions::stop(&program, options).await,
        args::Command::Redrive(options) => executions::redrive(&program, options).await,
        args::Command::Executions(options) => executions::list(&program, options).await,
        #[cfg(feature = "deploy")]
        args::Command::Plan(options) => deploy::plan(&program, options).await,
        #[cfg(feature = "deploy")]
        args::Command::Deploy(options) => deploy::deploy(&program, options).await,
        #[cfg(feature = "deploy")]
        args::Command::Drain(options) => drain::drain(&program, options).await,
        #[cfg(feature = "deploy")]
        args::Command::Destroy(options) => destroy::destroy(&program, options).await,
        #[cfg(not(feature = "deploy"))]
        args::Command::Plan(_)
        | args::Command::Deploy(_)
        | args::Command::Drain(_)
        | args::Command::Destroy(_) => Err(Problem::new(
            Exit::Configuration,
            "this program was built without the feature `deploy`",
        )
        .help("run it as `cargo run --features deploy -- COMMAND`, with `deploy = [\"sfn-runtime/deploy\"]` in `[features]`")),
        #[cfg(any(feature = "local", feature = "aws"))]
        args::Command::Export(options) => export::export(&program, &options),
        #[cfg(not(any(feature = "local", feature = "aws")))]
        args::Command::Export(_) => Err(Problem::new(
            Exit::Configuration,
            "this program was built for its Lambda functions, and exports nothing",
        )
        .help("build it with the feature `local`, which is the default")),
        args::Command::Explain { code } => explain::explain(code.as_deref()),
    }
}
