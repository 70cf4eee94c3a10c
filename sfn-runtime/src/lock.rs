//! `sfn.lock`: what a program's workflows and steps promise, written down so that a change shows in review.
//!
//! The file holds, for each step, what it takes, gives and raises, and for each workflow what it takes and gives, what
//! errors it handles, and a mark of each state. It is made by the program alone: no account, no placement and no source
//! lines are in it, so it is the same everywhere. `lock` writes it, `check` compares with it, `check --locked` fails when
//! anything differs.
//!
//! An execution keeps the definition that it was started with, but not the code of its steps. So what breaks executions
//! in flight is not a new definition; it is a step that no longer answers to its name, takes other JSON, or fails with
//! names that nobody catches.

mod drift;
mod form;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sfn_asl::{Flow, Kind as StateKind, StateMachine};

use crate::{
    Kind, StepMeta,
    flow::{CompileError, Definition, MachineMeta, Place, Places, Unplaced, activity_name},
    payload::Fnv,
};

pub use drift::{Change, Drift};

/// The name of the file.
pub const FILE: &str = "sfn.lock";

/// The version of the form that is written here.
const VERSION: u32 = 1;

/// What the file begins with, for those who open it.
const NOTE: &str = "Written by `lock`. Commit it, and review its changes: they are changes of what workflows promise.";

/// What a program's workflows and steps promise.
///
/// A file of a newer version is refused; unknown fields of the same one are left aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    #[serde(default)]
    note: String,
    version: u32,
    /// By name.
    #[serde(default)]
    steps: BTreeMap<String, LockedStep>,
    /// By name.
    #[serde(default)]
    workflows: BTreeMap<String, LockedWorkflow>,
}

/// What a step promises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct LockedStep {
    /// The names that it answers to besides its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<String>,
    /// The forms of its parameters.
    input: Value,
    /// The form of what it gives.
    output: Value,
    /// The names of the errors that it raises.
    errors: BTreeSet<String>,
    /// The mark that its activity's name ends with.
    schema: String,
}

/// What a workflow promises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct LockedWorkflow {
    kind: String,
    input: Value,
    output: Value,
    /// The steps that it runs.
    steps: BTreeSet<String>,
    /// The error names that its retriers and catchers name.
    handles: BTreeSet<String>,
    /// Each state: its type and a mark of all that is written in it.
    states: BTreeMap<String, String>,
}

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// It is not what `lock` writes.
    #[error(
        "it is not a lock file: {0}\nhelp: take the version of your last commit, or remove it and write it anew with `lock`"
    )]
    Malformed(serde_json::Error),
    /// It is of a later version.
    #[error(
        "it is of version {found}, and this program knows {VERSION}\nhelp: update `sfn-runtime`"
    )]
    Newer {
        /// Its version.
        found: u32,
    },
}

impl Lock {
    /// What these steps and workflows promise.
    ///
    /// # Errors
    ///
    /// When a workflow cannot be compiled.
    pub fn of(steps: &[&'static StepMeta], workflows: &[Definition]) -> Result<Self, CompileError> {
        let mut lock = Self {
            note: NOTE.to_owned(),
            version: VERSION,
            steps: BTreeMap::new(),
            workflows: BTreeMap::new(),
        };
        for step in steps {
            lock.steps
                .insert(step.name.to_owned(), LockedStep::of(step));
        }
        for workflow in workflows {
            let locked = LockedWorkflow::of(workflow)?;
            lock.workflows.insert(workflow.name.clone(), locked);
        }
        Ok(lock)
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// See [`LockError`].
    pub fn read(text: &str) -> Result<Self, LockError> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        let Version { version } = serde_json::from_str(text).map_err(LockError::Malformed)?;
        if version > VERSION {
            return Err(LockError::Newer { found: version });
        }
        serde_json::from_str(text).map_err(LockError::Malformed)
    }

    /// The text of the file: JSON, the same for the same promises.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text =
            serde_json::to_string_pretty(self).expect("a lock has text keys and no numbers at all");
        text.push('\n');
        text
    }

    /// What has changed since this was written, the worst first.
    #[must_use]
    pub fn changes_to(&self, now: &Self) -> Vec<Change> {
        drift::changes(self, now)
    }
}

impl LockedStep {
    fn of(step: &StepMeta) -> Self {
        let input = step
            .params
            .iter()
            .map(|param| (param.name.to_owned(), form::of(&(param.shape)())))
            .collect();
        let name = activity_name("", step);
        let schema = name.rsplit('-').next().unwrap_or_default().to_owned();
        Self {
            aliases: step
                .aliases
                .iter()
                .map(|alias| (*alias).to_owned())
                .collect(),
            input: Value::Object(input),
            output: form::of(&(step.output)()),
            errors: step
                .errors
                .iter()
                .map(|error| error.name.to_owned())
                .collect(),
            schema,
        }
    }
}

impl LockedWorkflow {
    fn of(workflow: &Definition) -> Result<Self, CompileError> {
        let mut machine = workflow.compile(&Anywhere(workflow.kind))?;
        let steps = workflow.steps()?;
        without_comments(&mut machine.flow);
        let mut handles = BTreeSet::new();
        for visit in machine.walk() {
            let retried = visit
                .state
                .retry()
                .iter()
                .flat_map(|retrier| &retrier.error_equals);
            let caught = visit
                .state
                .catch()
                .iter()
                .flat_map(|catcher| &catcher.error_equals);
            handles.extend(retried.chain(caught).cloned());
        }
        Ok(Self {
            kind: match workflow.kind {
                Kind::Standard => "standard",
                Kind::Express => "express",
            }
            .to_owned(),
            input: form::of(&(workflow.input)()),
            output: form::of(&(workflow.output)()),
            steps: steps.iter().map(|step| step.name.to_owned()).collect(),
            handles,
            states: states(&machine),
        })
    }
}

/// Each state with its type and its mark; states within others are marked by themselves.
fn states(machine: &StateMachine) -> BTreeMap<String, String> {
    let value = machine.to_value();
    let mut states = BTreeMap::new();
    for visit in machine.walk() {
        let mut state = value
            .pointer(&visit.place.to_string())
            .cloned()
            .unwrap_or_default();
        for flow in ["ItemProcessor", "Iterator"] {
            if let Some(flow) = state.get_mut(flow).and_then(Value::as_object_mut) {
                flow.remove("States");
            }
        }
        for branch in state
            .get_mut("Branches")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            if let Some(branch) = branch.as_object_mut() {
                branch.remove("States");
            }
        }
        let mut mark = Fnv::new();
        mark.write_text(&state.to_string());
        let mark = mark.finish();
        let kind = visit.state.state_type();
        states.insert(
            visit.name.to_owned(),
            format!("{kind} {:08x}", (mark >> 32) as u32 ^ mark as u32),
        );
    }
    states
}

/// What people read may change at any time; and it has the source's lines.
fn without_comments(flow: &mut Flow) {
    flow.comment = None;
    for state in flow.states.values_mut() {
        state.comment = None;
        match &mut state.kind {
            StateKind::Choice(choice) => {
                choice
                    .choices
                    .iter_mut()
                    .for_each(|rule| rule.comment = None);
            }
            StateKind::Parallel(parallel) => {
                parallel.branches.iter_mut().for_each(without_comments);
            }
            StateKind::Map(map) => without_comments(&mut map.item_processor.flow),
            _ => {}
        }
    }
}

/// Places every step where its workflow may use it, under names that no account has a part in.
struct Anywhere(Kind);

impl Places for Anywhere {
    fn place(&self, step: &'static StepMeta) -> Result<Place, Unplaced> {
        Ok(match self.0 {
            Kind::Standard => Place::Activity {
                arn: format!(
                    "arn:aws:states:us-east-1:123456789012:activity:{}",
                    activity_name("app", step)
                ),
            },
            Kind::Express => Place::Lambda {
                function: format!(
                    "arn:aws:lambda:us-east-1:123456789012:function:app-{}:1",
                    step.name
                ),
            },
        })
    }

    fn machine(&self, machine: &'static MachineMeta) -> Result<String, Unplaced> {
        let name = machine.name;
        Ok(format!(
            "arn:aws:states:us-east-1:123456789012:stateMachine:{name}"
        ))
    }
}
