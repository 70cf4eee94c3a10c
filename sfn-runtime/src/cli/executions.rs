//! `start`, `status`, `stop`, `redrive` and `list NAME`: executions on AWS, or wherever its protocol is spoken.

use serde_json::{Value, json};

use super::{Exit, input, output, problem::Problem, program::Program, work::Address};
use crate::{
    Client,
    service::{ErrorKind, ExecutionDescription, ExecutionStatus, ExecutionSummary, TaskFailure},
    view::{Look, Status, elapsed, one_line},
};

/// What `start` was asked for.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) workflow: String,
    pub(super) input: Option<String>,
    pub(super) name: Option<String>,
    /// Waits for its end.
    pub(super) wait: bool,
    pub(super) json: bool,
    pub(super) service: Address,
}

/// What a command on one execution was asked for.
#[derive(Debug)]
pub(super) struct One {
    /// Its ARN, or `WORKFLOW/NAME`.
    pub(super) execution: String,
    pub(super) error: Option<String>,
    pub(super) cause: Option<String>,
    pub(super) json: bool,
    pub(super) service: Address,
}

/// What `list NAME` was asked for.
#[derive(Debug)]
pub(super) struct List {
    pub(super) workflow: String,
    pub(super) status: Option<ExecutionStatus>,
    pub(super) limit: usize,
    pub(super) json: bool,
    pub(super) service: Address,
}

/// Starts an execution, through the alias where there is one.
pub(super) async fn start(program: &Program, options: Start) -> Result<Exit, Problem> {
    let workflow = program.workflow(&options.workflow)?;
    let input = input::read(options.input.as_deref())?;
    input::check(workflow, &input)?;
    let client = client(program, &options.service).await?;
    let location = client.service().location().await?;
    let machine = location.machine(&client.placement().machine_name(workflow.name));
    // What `deploy` made is started through its alias, so that all of a deployment counts at once.
    let live = format!("{machine}:{}", crate::deploy::LIVE);
    let begin = |machine: &str| {
        let start = client.start(machine, &input);
        match &options.name {
            Some(name) => start.named(name),
            None => start,
        }
    };
    let handle = match begin(&live).await {
        Err(error) if error.is_missing() => begin(&machine).await?,
        other => other?,
    };
    if options.wait {
        let ended = client
            .service()
            .wait_closed(handle.arn().to_owned())
            .await?;
        show(&ended, options.json)?;
        return Ok(exit(ended.status));
    }
    if options.json {
        output::json(&json!({ "execution": handle.arn() }))?;
    } else {
        output::line(handle.arn())?;
    }
    Ok(Exit::Ok)
}

/// Shows how an execution stands.
pub(super) async fn status(program: &Program, options: One) -> Result<Exit, Problem> {
    let client = client(program, &options.service).await?;
    let arn = arn(&client, &options.execution).await?;
    show(&client.describe(&arn).await?, options.json)?;
    Ok(Exit::Ok)
}

/// Stops an execution.
pub(super) async fn stop(program: &Program, options: One) -> Result<Exit, Problem> {
    let client = client(program, &options.service).await?;
    let arn = arn(&client, &options.execution).await?;
    let reason = TaskFailure {
        error: options.error,
        cause: options.cause,
    };
    client.stop(&arn, reason).await?;
    show(&client.describe(&arn).await?, options.json)?;
    Ok(Exit::Ok)
}

/// Runs an execution that ended badly again, from where it failed.
pub(super) async fn redrive(program: &Program, options: One) -> Result<Exit, Problem> {
    let client = client(program, &options.service).await?;
    let arn = arn(&client, &options.execution).await?;
    client.redrive(&arn).await?;
    show(&client.describe(&arn).await?, options.json)?;
    Ok(Exit::Ok)
}

/// Lists the executions of a workflow.
pub(super) async fn list(program: &Program, options: List) -> Result<Exit, Problem> {
    let workflow = program.workflow(&options.workflow)?;
    let client = client(program, &options.service).await?;
    let all = client
        .list(workflow.name, options.status, options.limit)
        .await?;
    if options.json {
        let all: Vec<Value> = all.iter().map(summary).collect();
        output::json(&all)?;
        return Ok(Exit::Ok);
    }
    output::text(&table(&all, Look::of_stdout()))?;
    Ok(Exit::Ok)
}

/// A client for the program's own placement.
pub(super) async fn client(program: &Program, address: &Address) -> Result<Client, Problem> {
    let placement = program.placement()?;
    let region = placement.deploy().region.clone();
    let client = address.or_region(region).client().await?;
    Ok(client.placed(placement))
}

/// The ARN of an execution that is named by it, or as `WORKFLOW/NAME`.
pub(super) async fn arn(client: &Client, execution: &str) -> Result<String, Problem> {
    if execution.starts_with("arn:") {
        return Ok(execution.to_owned());
    }
    match execution.split_once('/') {
        Some((workflow, name)) if !name.is_empty() => {
            crate::registry::workflow(workflow)?;
            let location = client.service().location().await?;
            let machine = client.placement().machine_name(workflow);
            Ok(location.execution(&machine, name))
        }
        _ => Err(Problem::usage(format!("`{execution}` is no execution"))
            .help("name it by its ARN, or as `WORKFLOW/NAME`; `list WORKFLOW` shows them")),
    }
}

fn exit(status: ExecutionStatus) -> Exit {
    match status {
        ExecutionStatus::Succeeded => Exit::Ok,
        ExecutionStatus::TimedOut => Exit::TimedOut,
        ExecutionStatus::Aborted => Exit::Stopped,
        _ => Exit::Failed,
    }
}

fn colour(status: ExecutionStatus) -> Status {
    match status {
        ExecutionStatus::Running => Status::Running,
        ExecutionStatus::Succeeded => Status::Succeeded,
        ExecutionStatus::PendingRedrive => Status::NotStarted,
        _ => Status::Failed,
    }
}

fn show(found: &ExecutionDescription, as_json: bool) -> Result<(), Problem> {
    let text = |text: &Option<String>| {
        text.as_ref()
            .map(|text| serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.clone())))
    };
    if as_json {
        return output::json(&json!({
            "execution": found.arn,
            "machine": found.machine,
            "status": found.status,
            "started": found.started.to_string(),
            "stopped": found.stopped.map(|at| at.to_string()),
            "input": text(&found.input),
            "output": text(&found.output),
            "error": found.error,
            "cause": found.cause,
        }));
    }
    let look = Look::of_stdout();
    let status = look.status(colour(found.status), found.status.as_str());
    let mut rows = vec![
        vec!["execution".to_owned(), found.arn.clone()],
        vec!["status".to_owned(), status],
        vec!["started".to_owned(), found.started.to_string()],
    ];
    if let Some(stopped) = found.stopped {
        let took = stopped.as_millis() - found.started.as_millis();
        let line = format!("{stopped} (after {})", elapsed(took));
        rows.push(vec!["stopped".to_owned(), line]);
    }
    let parts = [
        ("input", &found.input),
        ("output", &found.output),
        ("error", &found.error),
        ("cause", &found.cause),
    ];
    for (name, part) in parts {
        if let Some(part) = part {
            rows.push(vec![name.to_owned(), one_line(part)]);
        }
    }
    output::text(&output::table(&rows, 0))
}

fn summary(found: &ExecutionSummary) -> Value {
    json!({
        "execution": found.arn,
        "name": found.name,
        "status": found.status,
        "started": found.started.to_string(),
        "stopped": found.stopped.map(|at| at.to_string()),
    })
}

fn table(all: &[ExecutionSummary], look: Look) -> String {
    let mut rows = vec![
        ["name", "status", "started", "took"]
            .map(|head| look.bold(head))
            .to_vec(),
    ];
    for found in all {
        let took = found
            .stopped
            .map(|stopped| elapsed(stopped.as_millis() - found.started.as_millis()));
        rows.push(vec![
            found.name.clone(),
            look.status(colour(found.status), found.status.as_str()),
            found.started.to_string(),
            took.unwrap_or_default(),
        ]);
    }
    output::table(&rows, 0)
}

impl crate::StartError {
    /// Whether there is no such state machine, or no such alias of it.
    fn is_missing(&self) -> bool {
        match self {
            Self::NoSuchMachine { .. } => true,
            Self::Service(error) => error.kind() == ErrorKind::NotFound,
            _ => false,
        }
    }
}
