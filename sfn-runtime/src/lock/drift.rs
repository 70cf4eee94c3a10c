//! What a change means for executions in flight, and for those who start them.

use std::{collections::BTreeSet, fmt};

use serde::Serialize;

use super::{Lock, LockedStep, LockedWorkflow, form};

/// What a change means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Drift {
    /// Executions in flight, or those who start executions, may fail by it.
    Breaking,
    /// Nothing that runs or calls can mind.
    Additive,
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Breaking => "breaking",
            Self::Additive => "additive",
        })
    }
}

/// One change, and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// What it means.
    pub drift: Drift,
    /// What has changed.
    pub message: String,
    /// A way out, where it breaks something.
    pub help: Option<String>,
}

impl Change {
    fn additive(message: impl Into<String>) -> Self {
        Self {
            drift: Drift::Additive,
            message: message.into(),
            help: None,
        }
    }

    fn breaking(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            drift: Drift::Breaking,
            message: message.into(),
            help: Some(help.into()),
        }
    }
}

pub(super) fn changes(before: &Lock, now: &Lock) -> Vec<Change> {
    let mut changes = Vec::new();
    steps(before, now, &mut changes);
    workflows(before, now, &mut changes);
    // Stable: what belongs together stays together.
    changes.sort_by_key(|change| change.drift);
    changes
}

fn steps(before: &Lock, now: &Lock, changes: &mut Vec<Change>) {
    let mut renamed = BTreeSet::new();
    for (name, step) in &before.steps {
        if let Some(same) = now.steps.get(name) {
            self::step(name, step, same, before, changes);
            continue;
        }
        let heir = now.steps.iter().find(|(_, new)| new.aliases.contains(name));
        match heir {
            Some((new_name, new)) => {
                renamed.insert(new_name.as_str());
                changes.push(Change::additive(format!(
                    "step `{name}` is renamed to `{new_name}`, and answers to its old name"
                )));
                self::step(new_name, step, new, before, changes);
            }
            None => {
                let likely = now.steps.iter().find(|(new_name, new)| {
                    !before.steps.contains_key(*new_name) && new.schema == step.schema
                });
                let help = match likely {
                    Some((new_name, _)) => format!(
                        "if it is `{new_name}` now, let that answer to the old name as well: `#[step(alias = \"{name}\")]`"
                    ),
                    None => "keep it until no execution needs it, or let another step answer to its name: \
                             `#[step(alias = \"…\")]`"
                        .to_owned(),
                };
                let used: Vec<String> = before
                    .workflows
                    .iter()
                    .filter(|(_, workflow)| workflow.steps.contains(name))
                    .map(|(workflow, _)| format!("`{workflow}`"))
                    .collect();
                changes.push(match used.as_slice() {
                    [] => Change::additive(format!("step `{name}`, which no workflow used, is gone")),
                    used => Change::breaking(
                        format!(
                            "step `{name}` is gone: executions of {} that have it before them wait for it in vain",
                            used.join(", ")
                        ),
                        help,
                    ),
                });
            }
        }
    }
    for name in now.steps.keys() {
        if !before.steps.contains_key(name) && !renamed.contains(name.as_str()) {
            changes.push(Change::additive(format!("step `{name}` is new")));
        }
    }
}

fn step(name: &str, before: &LockedStep, now: &LockedStep, lock: &Lock, changes: &mut Vec<Change>) {
    if before.schema != now.schema {
        // The activity's name ends with the schema's mark: what runs already asks for the old one.
        let what = match (
            form::understands(&now.input, &before.input),
            form::understands(&before.output, &now.output),
        ) {
            (Err(what), _) => format!("takes other JSON: {what}"),
            (_, Err(what)) => format!("gives other JSON: {what}"),
            _ => "has another schema".to_owned(),
        };
        changes.push(Change::breaking(
            format!("step `{name}` {what}; executions in flight ask for it as it was"),
            "let workers of the old version run until no execution needs them, or give the new form to a step of another name",
        ));
    }
    for error in before.errors.difference(&now.errors) {
        let handled: Vec<String> = lock
            .workflows
            .iter()
            .filter(|(_, workflow)| {
                workflow.steps.contains(name) && workflow.handles.contains(error)
            })
            .map(|(workflow, _)| format!("`{workflow}`"))
            .collect();
        let gone = format!("step `{name}` no longer raises `{error}`");
        changes.push(match handled.as_slice() {
            [] => Change::additive(gone),
            handled => Change::breaking(
                format!(
                    "{gone}, which executions of {} in flight retry or catch",
                    handled.join(", ")
                ),
                format!("if the error has another name now, keep the old one: `#[step_error(name = \"{error}\")]`"),
            ),
        });
    }
    for error in now.errors.difference(&before.errors) {
        changes.push(Change::additive(format!(
            "step `{name}` raises `{error}`, which executions in flight do not know"
        )));
    }
}

fn workflows(before: &Lock, now: &Lock, changes: &mut Vec<Change>) {
    for (name, workflow) in &before.workflows {
        match now.workflows.get(name) {
            Some(same) => self::workflow(name, workflow, same, changes),
            None => changes.push(Change::breaking(
                format!("workflow `{name}` is gone: nobody can start it any more"),
                "if it was renamed, keep its name: `workflow!(name = \"…\", …)`",
            )),
        }
    }
    for name in now.workflows.keys() {
        if !before.workflows.contains_key(name) {
            changes.push(Change::additive(format!("workflow `{name}` is new")));
        }
    }
}

fn workflow(name: &str, before: &LockedWorkflow, now: &LockedWorkflow, changes: &mut Vec<Change>) {
    if before.kind != now.kind {
        changes.push(Change::breaking(
            format!(
                "workflow `{name}` was {} and is {}, which no state machine can become",
                before.kind, now.kind
            ),
            "give it another name",
        ));
    }
    if before.input != now.input {
        changes.push(match form::understands(&now.input, &before.input) {
            Ok(()) => Change::additive(format!(
                "workflow `{name}` takes more inputs than before"
            )),
            Err(what) => Change::breaking(
                format!(
                    "workflow `{name}` refuses inputs that it took: {what}; schedules and callers still send them"
                ),
                "make new fields optional (`#[serde(default)]`), or change those who start it first",
            ),
        });
    }
    if before.output != now.output {
        changes.push(match form::understands(&before.output, &now.output) {
            Ok(()) => Change::additive(format!("workflow `{name}` gives more than before")),
            Err(what) => Change::breaking(
                format!("workflow `{name}` gives what those who wait for it may not read: {what}"),
                "change those who read it first",
            ),
        });
    }
    if before.states != now.states {
        let of = |states: Vec<&String>, what: &str| {
            let names: Vec<String> = states.iter().map(|state| format!("`{state}`")).collect();
            (!names.is_empty()).then(|| format!("{what} {}", names.join(", ")))
        };
        let gone = before
            .states
            .keys()
            .filter(|state| !now.states.contains_key(*state));
        let new = now
            .states
            .keys()
            .filter(|state| !before.states.contains_key(*state));
        let other = now.states.iter().filter(|(state, mark)| {
            before
                .states
                .get(*state)
                .is_some_and(|before| before != *mark)
        });
        let parts: Vec<String> = [
            of(new.collect(), "new are"),
            of(gone.collect(), "gone are"),
            of(other.map(|(state, _)| state).collect(), "changed are"),
        ]
        .into_iter()
        .flatten()
        .collect();
        changes.push(Change::additive(format!(
            "workflow `{name}` has other states: {}; executions in flight keep theirs",
            parts.join("; ")
        )));
    }
}
