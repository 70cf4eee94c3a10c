//! `check`: everything that can be wrong, without running anything.

use serde_json::{Value, json};
use sfn_asl::{Diagnostic, ExecutionType, Severity};

use super::{
    Exit, lock, output,
    problem::Problem,
    program::{Program, steps_of},
};
use crate::{
    Kind, StepMeta, WorkflowEntry,
    lint::{self, Lint},
    lock::{Change, Drift},
    placement, registry,
    view::{Look, Status},
};

/// What `check` was asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Options {
    pub(super) json: bool,
    /// Whether a change since the lock was written is a failure.
    pub(super) locked: bool,
    /// Whether notes are shown.
    pub(super) notes: bool,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Error,
    Warning,
    /// Good to know; nothing need be done.
    Note,
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One finding.
struct Finding {
    workflow: Option<&'static str>,
    /// The source file and line of the workflow.
    source: Option<String>,
    level: Level,
    code: Option<String>,
    place: Option<String>,
    message: String,
    help: Option<String>,
    /// What the finding is about decides the exit code.
    exit: Exit,
}

/// Shows all that is wrong.
pub(super) fn check(program: &Program, options: Options) -> Result<Exit, Problem> {
    let mut findings = Vec::new();
    let steps = found(registry::steps().map_err(Problem::from), &mut findings).unwrap_or_default();
    let workflows =
        found(registry::workflows().map_err(Problem::from), &mut findings).unwrap_or_default();
    placed(program, &steps, &mut findings);
    providers(program, &steps, &mut findings);
    for workflow in &workflows {
        self::workflow(program, workflow, &mut findings);
    }
    let faulty = findings.iter().any(|finding| finding.level == Level::Error);
    // What cannot be compiled cannot be compared; it is told already.
    let changes = match faulty {
        true => None,
        false => found(lock::changes(program), &mut findings).flatten(),
    };
    let notes = of(&findings, Level::Note);
    if !options.notes {
        findings.retain(|finding| finding.level != Level::Note);
    }
    let mut exit = findings
        .iter()
        .filter(|finding| finding.level == Level::Error)
        .map(|finding| finding.exit)
        .max_by_key(|exit| exit.code())
        .unwrap_or(Exit::Ok);
    if options.locked
        && exit == Exit::Ok
        && changes.as_ref().is_none_or(|changes| !changes.is_empty())
    {
        exit = Exit::Unmet;
    }
    if options.json {
        let changed = changes.iter().flatten().map(changed_object);
        let all: Vec<Value> = findings
            .iter()
            .map(Finding::object)
            .chain(changed)
            .collect();
        output::json(&all)?;
        return Ok(exit);
    }
    let look = Look::of_stdout();
    for finding in &findings {
        output::text(&finding.text(look))?;
    }
    for change in changes.iter().flatten() {
        output::text(&lock::text(change, look))?;
    }
    let (errors, warnings) = (of(&findings, Level::Error), of(&findings, Level::Warning));
    let mut said = Vec::new();
    match (errors, warnings) {
        (0, 0) => said.push("nothing to complain about".to_owned()),
        (0, warnings) => said.push(count(warnings, "warning")),
        (errors, 0) => said.push(count(errors, "error")),
        (errors, warnings) => {
            said.push(count(errors, "error"));
            said.push(count(warnings, "warning"));
        }
    }
    match (notes, options.notes) {
        (0, _) => {}
        (notes, true) => said.push(count(notes, "note")),
        (notes, false) => said.push(format!("{} (`--notes` shows them)", count(notes, "note"))),
    }
    output::line(&format!(
        "{}, {}: {}",
        count(workflows.len(), "workflow"),
        count(steps.len(), "step"),
        said.join(", ")
    ))?;
    locked(program, changes.as_deref(), options.locked, faulty)?;
    Ok(exit)
}

/// What is said of the lock.
fn locked(
    program: &Program,
    changes: Option<&[Change]>,
    asked: bool,
    faulty: bool,
) -> Result<(), Problem> {
    let file = lock::file(program);
    let file = file.display();
    match changes {
        Some([]) => output::line(&format!("`{file}`: unchanged")),
        Some(changes) => {
            let of = |drift| {
                changes
                    .iter()
                    .filter(|change| change.drift == drift)
                    .count()
            };
            let said: Vec<String> = [Drift::Breaking, Drift::Additive]
                .into_iter()
                .map(|drift| (of(drift), drift))
                .filter(|(count, _)| *count > 0)
                .map(|(count, drift)| format!("{count} {drift}"))
                .collect();
            let changes = if changes.len() == 1 {
                "change"
            } else {
                "changes"
            };
            output::line(&format!(
                "`{file}`: {} {changes}; `lock` writes them down",
                said.join(", ")
            ))
        }
        None if asked && !faulty => {
            output::line(&format!("`{file}`: there is none; `lock` writes it"))
        }
        None => Ok(()),
    }
}

fn changed_object(change: &Change) -> Value {
    json!({
        "workflow": null,
        "source": null,
        "severity": change.drift.to_string(),
        "code": null,
        "place": null,
        "message": change.message,
        "help": change.help,
    })
}

fn of(findings: &[Finding], level: Level) -> usize {
    findings
        .iter()
        .filter(|finding| finding.level == level)
        .count()
}

fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// Keeps what is right, and notes what is not.
fn found<T>(result: Result<T, Problem>, findings: &mut Vec<Finding>) -> Option<T> {
    result
        .map_err(|problem| findings.push(Finding::of(problem, None)))
        .ok()
}

/// Each mistake of the configuration counts by itself.
fn placed(program: &Program, steps: &[&'static StepMeta], findings: &mut Vec<Finding>) {
    match program.placement_of(steps) {
        Err(placement::Error::Mistakes(mistakes)) => {
            let problems = mistakes
                .iter()
                .map(|mistake| Problem::new(Exit::Configuration, mistake.to_string()));
            findings.extend(problems.map(|problem| Finding::of(problem, None)));
        }
        other => {
            found(other.map_err(Problem::from), findings);
        }
    }
}

/// A step whose needs nobody provides fails at its first task; all of them are told.
fn providers(program: &Program, steps: &[&'static StepMeta], findings: &mut Vec<Finding>) {
    for &step in steps {
        found(
            program.providers.check(&[step]).map_err(Problem::from),
            findings,
        );
    }
}

fn workflow(program: &Program, workflow: &WorkflowEntry, findings: &mut Vec<Finding>) {
    let definition = (workflow.define)();
    let compiled = steps_of(&definition).and_then(|_| program.sample(workflow));
    match compiled {
        Err(problem) => findings.push(Finding::of(problem, Some(workflow))),
        Ok(machine) => {
            let text = machine.to_string_pretty();
            let kind = match definition.kind {
                Kind::Standard => ExecutionType::Standard,
                Kind::Express => ExecutionType::Express,
            };
            let (_, diagnostics) = sfn_asl::check_text(&text, kind);
            findings.extend(
                diagnostics
                    .iter()
                    .map(|diagnostic| Finding::diagnosed(diagnostic, workflow)),
            );
            if let Ok(lints) = lint::lint(&definition) {
                findings.extend(lints.iter().map(|lint| Finding::linted(lint, workflow)));
            }
        }
    }
}

impl Finding {
    fn of(problem: Problem, workflow: Option<&WorkflowEntry>) -> Self {
        let (exit, text) = problem.into_parts();
        let (message, help) = match text.split_once("\nhelp: ") {
            Some((message, help)) => (message.to_owned(), Some(help.to_owned())),
            None => (text, None),
        };
        Self {
            workflow: workflow.map(|workflow| workflow.name),
            source: workflow.map(source),
            level: Level::Error,
            code: None,
            place: None,
            message,
            help,
            exit,
        }
    }

    fn diagnosed(diagnostic: &Diagnostic, workflow: &WorkflowEntry) -> Self {
        Self {
            workflow: Some(workflow.name),
            source: Some(source(workflow)),
            level: match diagnostic.severity {
                Severity::Error => Level::Error,
                Severity::Warning => Level::Warning,
            },
            code: Some(diagnostic.code.to_string()),
            place: Some(diagnostic.place.to_string()),
            message: diagnostic.message.clone(),
            help: diagnostic.help.clone(),
            exit: Exit::Definition,
        }
    }

    fn linted(lint: &Lint, workflow: &WorkflowEntry) -> Self {
        Self {
            workflow: Some(workflow.name),
            source: Some(source(workflow)),
            level: match lint.code.is_warning() {
                true => Level::Warning,
                false => Level::Note,
            },
            code: Some(lint.code.to_string()),
            place: Some(lint.place.to_string()),
            message: lint.message.clone(),
            help: Some(lint.help.clone()),
            exit: Exit::Definition,
        }
    }

    fn text(&self, look: Look) -> String {
        let status = match self.level {
            Level::Error => Status::Failed,
            Level::Warning => Status::Caught,
            Level::Note => Status::Running,
        };
        let code = self
            .code
            .as_ref()
            .map_or_else(String::new, |code| format!("[{code}]"));
        let head = look.status(status, &format!("{}{code}:", self.level.word()));
        let mut text = format!("{head} {}\n", self.message);
        if let (Some(workflow), Some(source)) = (self.workflow, &self.source) {
            let place = self.place.as_deref().filter(|place| !place.is_empty());
            let place = place.map_or_else(String::new, |place| format!(" at {place}"));
            text.push_str(&look.dim(&format!("  in `{workflow}`{place} ({source})")));
            text.push('\n');
        }
        if let Some(help) = &self.help {
            text.push_str(&format!("{} {help}\n", look.bold("help:")));
        }
        text
    }

    fn object(&self) -> Value {
        json!({
            "workflow": self.workflow,
            "source": self.source,
            "severity": self.level.word(),
            "code": self.code,
            "place": self.place,
            "message": self.message,
            "help": self.help,
        })
    }
}

fn source(workflow: &WorkflowEntry) -> String {
    format!("{}:{}", workflow.file, workflow.line)
}
