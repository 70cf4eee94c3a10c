//! `list`: the workflows and the steps of this program.

use serde_json::{Value, json};

use super::{Exit, output, problem::Problem, program::Program};
use crate::{
    Kind, RetryMeta, Shape, StepMeta, WorkflowEntry,
    graph::span,
    placement::{Placement, Runs},
    registry,
    view::Look,
};

/// Shows the workflows and the steps.
pub(super) fn list(program: &Program, as_json: bool) -> Result<Exit, Problem> {
    let workflows = registry::workflows()?;
    let steps = registry::steps()?;
    let placement = program.placement()?;
    if as_json {
        output::json(&json!({
            "app": placement.app(),
            "workflows": workflows.iter().map(|workflow| workflow_object(workflow)).collect::<Vec<_>>(),
            "steps": steps.iter().map(|step| step_object(step, &placement)).collect::<Vec<_>>(),
        }))?;
        return Ok(Exit::Ok);
    }
    let look = Look::of_stdout();
    if workflows.is_empty() && steps.is_empty() {
        return Err(Problem::usage("this program has no workflows and no steps").help(
            "a crate that no code mentions is not linked: add `use my_steps as _;` to `main.rs`",
        ));
    }
    output::line(&look.bold("workflows"))?;
    let rows: Vec<Vec<String>> = workflows
        .iter()
        .map(|workflow| {
            let definition = (workflow.define)();
            vec![
                workflow.name.to_owned(),
                format!(
                    "{} → {}",
                    type_name(&(definition.input)()),
                    type_name(&(definition.output)())
                ),
                look.dim(&about(&definition.comment, workflow)),
            ]
        })
        .collect();
    output::text(&output::table(&rows, 2))?;
    output::line(&look.bold("steps"))?;
    let rows: Vec<Vec<String>> = steps
        .iter()
        .map(|step| {
            vec![
                step.name.to_owned(),
                place(step, &placement),
                limits(step),
                look.dim(first_line(step.doc)),
            ]
        })
        .collect();
    output::text(&output::table(&rows, 2))?;
    Ok(Exit::Ok)
}

/// What is said of a workflow. A comment on its `static` is rustdoc's alone: no macro sees it, so the place must do.
fn about(comment: &str, workflow: &WorkflowEntry) -> String {
    match first_line(comment) {
        "" => format!("{}:{}", workflow.file, workflow.line),
        line => line.to_owned(),
    }
}

fn first_line(text: &str) -> &str {
    text.trim().lines().next().unwrap_or_default().trim_end()
}

/// A shape as its Rust type is written, as far as it is known.
fn type_name(shape: &Shape) -> String {
    match shape {
        Shape::Null => "()".to_owned(),
        Shape::Boolean => "bool".to_owned(),
        Shape::Integer(_) => "integer".to_owned(),
        Shape::Number | Shape::Single => "number".to_owned(),
        Shape::String => "String".to_owned(),
        Shape::List(item) | Shape::Set(item) => format!("[{}]", type_name(&item())),
        Shape::Tuple(items) => {
            let items: Vec<String> = items.iter().map(|item| type_name(&item())).collect();
            format!("({})", items.join(", "))
        }
        Shape::ListOf(item) => format!("[{}]", type_name(item)),
        Shape::TupleOf(items) => {
            let items: Vec<String> = items.iter().map(type_name).collect();
            format!("({})", items.join(", "))
        }
        Shape::OptionOf(value) => format!("{}?", type_name(value)),
        Shape::Map(value) => format!("{{{}}}", type_name(&value())),
        Shape::Option(value) => format!("{}?", type_name(&value())),
        Shape::Struct { name, .. } | Shape::Enum { name, .. } | Shape::Transparent { name, .. } => {
            (*name).to_owned()
        }
        Shape::Any => "any".to_owned(),
    }
}

fn place(step: &StepMeta, placement: &Placement) -> String {
    match placement.runs(step) {
        Runs::Here => format!("here ×{}", placement.concurrency(step)),
        Runs::Lambda => "lambda".to_owned(),
    }
}

/// What bounds an attempt, and what follows a failed one.
fn limits(step: &StepMeta) -> String {
    let mut parts: Vec<String> = step.retries.iter().map(retry).collect();
    let most = |what: &str, limit: std::time::Duration| format!("{what} {}", span(limit.as_secs()));
    parts.extend(step.timeout.map(|timeout| most("at most", timeout)));
    parts.extend(step.heartbeat.map(|silence| most("heartbeat", silence)));
    parts.join(", ")
}

fn retry(retry: &RetryMeta) -> String {
    let names = (retry.on)();
    let names: Vec<&str> = names
        .iter()
        .map(|name| name.strip_prefix("States.").unwrap_or(name))
        .collect();
    let names = match names.len() {
        ..=2 => names.join(", "),
        many => format!("{many} errors"),
    };
    format!("retry {}× on {names}", retry.max_attempts)
}

fn workflow_object(workflow: &WorkflowEntry) -> Value {
    let definition = (workflow.define)();
    json!({
        "name": workflow.name,
        "comment": definition.comment,
        "kind": match definition.kind { Kind::Standard => "STANDARD", Kind::Express => "EXPRESS" },
        "file": workflow.file,
        "line": workflow.line,
    })
}

fn step_object(step: &StepMeta, placement: &Placement) -> Value {
    let seconds = |span: Option<std::time::Duration>| span.map(|span| span.as_secs());
    json!({
        "name": step.name,
        "function": format!("{}::{}", step.module, step.ident),
        "doc": step.doc,
        "runs": match placement.runs(step) { Runs::Here => "here", Runs::Lambda => "lambda" },
        "concurrency": placement.concurrency(step),
        "parameters": step.params.iter().map(|param| param.name).collect::<Vec<_>>(),
        "injected": step.injects.iter().map(|inject| inject.name).collect::<Vec<_>>(),
        "errors": step.errors.iter().map(|error| error.name).collect::<Vec<_>>(),
        "retries": step.retries.iter().map(|retry| json!({
            "on": (retry.on)(),
            "interval_seconds": retry.interval.as_secs(),
            "max_attempts": retry.max_attempts,
            "backoff": retry.backoff,
        })).collect::<Vec<_>>(),
        "timeout_seconds": seconds(step.timeout),
        "heartbeat_seconds": seconds(step.heartbeat),
        "file": step.file,
        "line": step.line,
    })
}
