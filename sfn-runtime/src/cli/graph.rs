//! `graph`: a workflow, or an execution of one, as a picture.

use std::path::PathBuf;

use sfn_asl::StateMachine;

use super::{Exit, output, problem::Problem, program::Program, record::Record, work::Address};
use crate::{graph::Graph, view::Progress};

/// What `graph` was asked for.
#[derive(Debug)]
pub(super) struct Options {
    pub(super) workflow: Option<String>,
    pub(super) format: Format,
    pub(super) execution: Option<String>,
    pub(super) history: Option<PathBuf>,
    pub(super) file: Option<PathBuf>,
    pub(super) service: Address,
}

/// The picture's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Mermaid,
    Dot,
    Svg,
}

/// Draws it.
pub(super) async fn graph(program: &Program, options: Options) -> Result<Exit, Problem> {
    let mut run = None;
    let mut recorded = None;
    if let Some(path) = &options.history {
        let record = Record::read(path)?;
        run = Some(Progress::replay(&record.events));
        recorded = Some((record.workflow.clone(), definition(&record)?));
    } else if let Some(arn) = &options.execution {
        let events = options.service.client().await?.history(arn).await?;
        run = Some(Progress::replay(&events));
    }
    let (title, machine) = match (&options.workflow, recorded) {
        // The definition that ran is the one whose states have a colour.
        (Some(name), Some((workflow, machine))) if *name == workflow => (workflow, machine),
        (Some(name), Some((workflow, _))) => {
            return Err(Problem::usage(format!(
                "the history is one of `{workflow}`, not of `{name}`"
            )));
        }
        (None, Some(recorded)) => recorded,
        (Some(name), None) => {
            let workflow = program.workflow(name)?;
            (workflow.name.to_owned(), program.sample(workflow)?)
        }
        (None, None) => return Err(Problem::usage("name a workflow, or a history")),
    };
    let graph = Graph::of(&title, &machine);
    let picture = match options.format {
        Format::Mermaid => graph.mermaid(run.as_ref()),
        Format::Dot => graph.dot(run.as_ref()),
        Format::Svg => graph.svg(run.as_ref()),
    };
    match &options.file {
        None => output::text(&picture)?,
        Some(path) => std::fs::write(path, picture).map_err(|error| {
            Problem::usage(format!(
                "the picture cannot be written to `{}`: {error}",
                path.display()
            ))
        })?,
    }
    Ok(Exit::Ok)
}

fn definition(record: &Record) -> Result<StateMachine, Problem> {
    let (machine, _) = sfn_asl::from_value(&record.definition);
    machine.ok_or_else(|| Problem::usage("the history's definition is no state machine"))
}
