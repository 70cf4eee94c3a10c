//! `check`: everything that can be wrong, without running anything.

use serde_json::{Value, json};
use sfn_asl::{Diagnostic, ExecutionType, Severity};

use super::{
    Exit, output,
    problem::Problem,
    program::{Program, steps_of},
};
use crate::{
    Kind, StepMeta, WorkflowEntry, placement, registry,
    view::{Look, Status},
};

/// One finding.
struct Finding {
    workflow: Option<&'static str>,
    /// The source file and line of the workflow.
    source: Option<String>,
    severity: Severity,
    code: Option<String>,
    place: Option<String>,
    message: String,
    help: Option<String>,
    /// What the finding is about decides the exit code.
    exit: Exit,
}

/// Shows all that is wrong.
pub(super) fn check(program: &Program, as_json: bool) -> Result<Exit, Problem> {
    let mut findings = Vec::new();
    let steps = found(registry::steps().map_err(Problem::from), &mut findings).unwrap_or_default();
    let workflows =
        found(registry::workflows().map_err(Problem::from), &mut findings).unwrap_or_default();
    placed(program, &steps, &mut findings);
    providers(program, &steps, &mut findings);
    for workflow in &workflows {
        self::workflow(program, workflow, &mut findings);
    }
    let exit = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| finding.exit)
        .max_by_key(|exit| exit.code())
        .unwrap_or(Exit::Ok);
    if as_json {
        output::json(&findings.iter().map(Finding::object).collect::<Vec<_>>())?;
        return Ok(exit);
    }
    let look = Look::of_stdout();
    for finding in &findings {
        output::text(&finding.text(look))?;
    }
    let things = format!(
        "{}, {}",
        count(workflows.len(), "workflow"),
        count(steps.len(), "step")
    );
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .count();
    let warnings = findings.len() - errors;
    output::line(&match (errors, warnings) {
        (0, 0) => format!("{things}: nothing to complain about"),
        (0, warnings) => format!("{things}: {}", count(warnings, "warning")),
        (errors, 0) => format!("{things}: {}", count(errors, "error")),
        (errors, warnings) => {
            format!(
                "{things}: {}, {}",
                count(errors, "error"),
                count(warnings, "warning")
            )
        }
    })?;
    Ok(exit)
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
            severity: Severity::Error,
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
            severity: diagnostic.severity,
            code: Some(diagnostic.code.to_string()),
            place: Some(diagnostic.place.to_string()),
            message: diagnostic.message.clone(),
            help: diagnostic.help.clone(),
            exit: Exit::Definition,
        }
    }

    fn text(&self, look: Look) -> String {
        let status = match self.severity {
            Severity::Error => Status::Failed,
            Severity::Warning => Status::Caught,
        };
        let code = self
            .code
            .as_ref()
            .map_or_else(String::new, |code| format!("[{code}]"));
        let head = look.status(status, &format!("{}{code}:", self.severity));
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
            "severity": self.severity.to_string(),
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
