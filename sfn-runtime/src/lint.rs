//! Advice about workflows that knows their steps: what their definitions alone do not show.
//!
//! The faults that AWS minds, and those that any definition may have, are `sfn-asl`'s. Here is what follows from the
//! errors that steps declare. A lint is one function; its code is stable, and `explain` prints its page.

mod code;
#[cfg(test)]
mod tests;

use sfn_asl::{Catcher, Flow, Kind, OrExpression, Place, Retrier, State, StateMachine, Task};

use crate::{
    Failure, StepMeta,
    flow::{CompileError, Definition, SamplePlaces, activity_name},
    graph::span,
};

pub(crate) use code::Code;

/// The app's name in definitions that are only looked at.
const APP: &str = "app";

/// From how many seconds on a timeout is long to wait for a worker that is gone.
const LONG: u64 = 15 * 60;

/// The names of failures that come from mistakes in the program.
const BUGS: [&str; 4] = [
    Failure::PANIC,
    Failure::BAD_INPUT,
    Failure::BAD_OUTPUT,
    Failure::TOO_LARGE,
];

/// One piece of advice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lint {
    pub(crate) code: Code,
    pub(crate) place: Place,
    pub(crate) message: String,
    pub(crate) help: String,
}

/// A state of a step, with what stands around it.
struct Subject<'a> {
    name: &'a str,
    state: &'a State,
    task: &'a Task,
    step: &'static StepMeta,
    place: &'a Place,
    /// The catchers of the states around it.
    around: &'a [&'a Catcher],
}

type Check = fn(&Subject<'_>, &mut Vec<Lint>);

const CHECKS: &[Check] = &[
    retries_bugs,
    retries_for_good,
    retries_task_failed,
    unhandled,
    no_timeout,
    long_silence,
];

/// All advice about a workflow.
///
/// # Errors
///
/// When it cannot be compiled.
pub(crate) fn lint(workflow: &Definition) -> Result<Vec<Lint>, CompileError> {
    let machine = workflow.compile(&SamplePlaces::new(APP))?;
    Ok(lints(&machine, &workflow.steps()?))
}

fn lints(machine: &StateMachine, steps: &[&'static StepMeta]) -> Vec<Lint> {
    let mut found = Vec::new();
    visit(
        &machine.flow,
        &Place::root(),
        &mut Vec::new(),
        steps,
        &mut found,
    );
    found
}

fn visit<'a>(
    flow: &'a Flow,
    at: &Place,
    around: &mut Vec<&'a Catcher>,
    steps: &[&'static StepMeta],
    found: &mut Vec<Lint>,
) {
    for (name, state) in &flow.states {
        let place = at.then("States").then(name.as_str());
        if let Kind::Task(task) = &state.kind
            && let Some(step) = steps
                .iter()
                .find(|step| task.resource.ends_with(&activity_name(APP, step)))
        {
            let subject = Subject {
                name,
                state,
                task,
                step,
                place: &place,
                around,
            };
            for check in CHECKS {
                check(&subject, found);
            }
        }
        let outside = around.len();
        around.extend(state.catch());
        for (at, inner) in state.flows(&place) {
            visit(inner, &at, around, steps, found);
        }
        around.truncate(outside);
    }
}

impl Subject<'_> {
    fn retriers(&self) -> impl Iterator<Item = (Place, &Retrier)> {
        let at = self.place.then("Retry");
        let retriers = self.state.retry().iter().enumerate();
        retriers
            .filter(|(_, retrier)| retrier.attempts() > 0)
            .map(move |(index, retrier)| (at.then(index), retrier))
    }

    fn is_caught(&self, error: &str) -> bool {
        let own = self.state.catch().iter();
        own.chain(self.around.iter().copied()).any(|catcher| {
            catcher
                .error_equals
                .iter()
                .any(|name| name == error || name == "States.ALL" || name == "States.TaskFailed")
        })
    }
}

fn quoted(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// Retriers that name mistakes of the program.
fn retries_bugs(subject: &Subject<'_>, found: &mut Vec<Lint>) {
    for (place, retrier) in subject.retriers() {
        let bugs: Vec<&str> = retrier
            .error_equals
            .iter()
            .map(String::as_str)
            .filter(|name| BUGS.contains(name))
            .collect();
        if !bugs.is_empty() {
            found.push(Lint {
                code: Code::RetriesBugs,
                place,
                message: format!(
                    "`{}` is tried again after {}, which the next attempt will meet as well",
                    subject.name,
                    quoted(&bugs)
                ),
                help: "leave it out: a mistake of the program does not pass with time".to_owned(),
            });
        }
    }
}

/// Retriers that name errors of which the step says that they do not pass.
fn retries_for_good(subject: &Subject<'_>, found: &mut Vec<Lint>) {
    for (place, retrier) in subject.retriers() {
        let lasting: Vec<&str> = subject
            .step
            .errors
            .iter()
            .filter(|error| !error.retryable)
            .map(|error| error.name)
            .filter(|error| retrier.error_equals.iter().any(|name| name == error))
            .collect();
        if !lasting.is_empty() {
            found.push(Lint {
                code: Code::RetriesForGood,
                place,
                message: format!(
                    "`{}` is tried again after {}, which is declared `retryable = false`",
                    subject.name,
                    quoted(&lasting)
                ),
                help: "leave it out, or let the error be retryable".to_owned(),
            });
        }
    }
}

/// Retriers of whatever goes wrong in a task, mistakes of the program among it.
fn retries_task_failed(subject: &Subject<'_>, found: &mut Vec<Lint>) {
    for (place, retrier) in subject.retriers() {
        if retrier
            .error_equals
            .iter()
            .any(|name| name == "States.TaskFailed")
        {
            found.push(Lint {
                code: Code::RetriesTaskFailed,
                place,
                message: format!(
                    "`{}` is tried again after every failure, panics and unreadable inputs among them",
                    subject.name
                ),
                help: "name the errors that may pass; a step that returns `Failure` declares none".to_owned(),
            });
        }
    }
}

/// Errors for which the workflow does nothing.
fn unhandled(subject: &Subject<'_>, found: &mut Vec<Lint>) {
    let lasting: Vec<&str> = subject
        .step
        .errors
        .iter()
        .filter(|error| !error.retryable && !subject.is_caught(error.name))
        .map(|error| error.name)
        .collect();
    if lasting.is_empty() {
        return;
    }
    found.push(Lint {
        code: Code::UnhandledError,
        place: subject.place.clone(),
        message: format!(
            "nothing catches {} of `{}`: the execution fails with it",
            quoted(&lasting),
            subject.name
        ),
        help: "catch it where the step is used, if something can be done about it".to_owned(),
    });
}

/// Attempts that nothing ends.
fn no_timeout(subject: &Subject<'_>, found: &mut Vec<Lint>) {
    let task = subject.task;
    let ends = task.timeout_seconds.is_some()
        || task.timeout_seconds_path.is_some()
        || task.heartbeat_seconds.is_some()
        || task.heartbeat_seconds_path.is_some();
    if !ends {
        found.push(Lint {
            code: Code::NoTimeout,
            place: subject.place.clone(),
            message: format!(
                "an attempt of `{}` may take as long as the workflow: a worker that dies with it is not noticed",
                subject.name
            ),
            help: format!(
                "give the step `timeout = \"…\"`, or `heartbeat = \"…\"`: {}:{}",
                subject.step.file, subject.step.line
            ),
        });
    }
}

/// Long attempts of which nobody knows whether they are alive.
fn long_silence(subject: &Subject<'_>, found: &mut Vec<Lint>) {
    let task = subject.task;
    if let Some(OrExpression::Value(timeout)) = task.timeout_seconds
        && timeout > LONG
        && task.heartbeat_seconds.is_none()
        && task.heartbeat_seconds_path.is_none()
    {
        found.push(Lint {
            code: Code::LongSilence,
            place: subject.place.clone(),
            message: format!(
                "a worker that dies with `{}` is noticed after {}",
                subject.name,
                span(timeout)
            ),
            help: "give the step `heartbeat = \"1m\"`; workers send heartbeats by themselves"
                .to_owned(),
        });
    }
}
