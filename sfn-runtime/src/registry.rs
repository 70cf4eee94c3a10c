//! The steps and workflows linked into this program.
//!
//! `#[step]` and `workflow!` register what they make. A crate that no code of the program mentions
//! is not linked at all, and its steps are unknown: `use my_steps as _;` in `main.rs` links it.

use crate::StepMeta;

/// A step's place in the registry. The macros submit it.
#[doc(hidden)]
#[derive(Debug)]
pub struct StepEntry(pub &'static StepMeta);

inventory::collect!(StepEntry);

/// Why the registry cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Two steps have one name.
    #[error(
        "two steps are named `{name}`: at {first} and at {second}\n\
         help: give one of them a name of its own: `#[step(name = \"…\")]`"
    )]
    DuplicateStep {
        /// The name.
        name: &'static str,
        /// File and line of the one.
        first: String,
        /// File and line of the other.
        second: String,
    },
    /// No step has this name.
    #[error("no step is named `{name}`{}", known_names(known, "steps"))]
    NoSuchStep {
        /// What was asked for.
        name: String,
        /// The names there are, sorted.
        known: Vec<&'static str>,
    },
}

/// The steps linked into this program, sorted by name.
///
/// # Errors
///
/// [`Error::DuplicateStep`] when two have one name: rename one.
pub fn steps() -> Result<Vec<&'static StepMeta>, Error> {
    sorted(
        inventory::iter::<StepEntry>
            .into_iter()
            .map(|entry| entry.0)
            .collect(),
    )
}

/// The step of this name.
///
/// # Errors
///
/// [`Error::NoSuchStep`] lists the known names; [`Error::DuplicateStep`] as [`steps`].
pub fn step(name: &str) -> Result<&'static StepMeta, Error> {
    let steps = steps()?;
    match steps.iter().find(|step| step.name == name) {
        Some(step) => Ok(step),
        None => Err(Error::NoSuchStep {
            name: name.to_owned(),
            known: steps.iter().map(|step| step.name).collect(),
        }),
    }
}

fn sorted(mut steps: Vec<&'static StepMeta>) -> Result<Vec<&'static StepMeta>, Error> {
    steps.sort_by_key(|step| (step.name, step.file, step.line));
    match steps.windows(2).find(|pair| pair[0].name == pair[1].name) {
        Some(pair) => Err(Error::DuplicateStep {
            name: pair[0].name,
            first: place(pair[0]),
            second: place(pair[1]),
        }),
        None => Ok(steps),
    }
}

fn place(step: &StepMeta) -> String {
    format!("{}:{}", step.file, step.line)
}

/// The end of a "no such thing" message: the near miss, what is known, and how crates get lost.
pub(crate) fn known_names(known: &[&'static str], things: &str) -> String {
    if known.is_empty() {
        return format!(
            "\nnote: this program has no {things}\n\
             help: a crate that no code mentions is not linked: add `use my_steps as _;` to `main.rs`"
        );
    }
    let listed: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
    format!(
        "\nnote: the {things} are {}\n\
         help: a crate that no code mentions is not linked: add `use my_steps as _;` to `main.rs`",
        listed.join(", ")
    )
}
