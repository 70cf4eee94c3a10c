//! The command line: one file a command, and what they share.

mod answer;
mod args;
mod asl;
mod check;
mod cost;
mod exit;
mod explain;
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

use crate::app::App;
use problem::Problem;
use program::Program;

/// Reads the command line and does what it says.
pub(crate) async fn main(app: App, arguments: Vec<OsString>) -> Exit {
    let outcome = match args::parse(&app, &arguments) {
        Ok(asked) => {
            logs::start(asked.verbosity);
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
        args::Command::History(options) => history::history(options).await,
        args::Command::Answer(options) => answer::answer(options).await,
        args::Command::Work(options) => work::work(&program, options).await,
        args::Command::Explain { code } => explain::explain(code.as_deref()),
    }
}
