//! The steps and workflows linked into this program.
//!
//! `#[step]` and `workflow!` register what they make. A crate that no code of the program mentions
//! is not linked at all, and its steps are unknown: `use my_steps as _;` in `main.rs` links it.

#[cfg(test)]
mod tests;

#[cfg(debug_assertions)]
use crate::Shape;
use crate::{StepMeta, WorkflowEntry};

/// A step's place in the registry. The macros submit it.
#[doc(hidden)]
#[derive(Debug)]
pub struct StepEntry(pub &'static StepMeta);

inventory::collect!(StepEntry);

/// Why the registry cannot be used, or does not know a name.
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
    /// Two workflows have one name.
    #[error(
        "two workflows are named `{name}`: at {first} and at {second}\n\
         help: give one of them another name: `workflow!(name = \"…\", …)`"
    )]
    DuplicateWorkflow {
        /// The name.
        name: &'static str,
        /// File and line of the one.
        first: String,
        /// File and line of the other.
        second: String,
    },
    /// No step has this name.
    #[error("no step is named `{name}`{}", advice(name, known, "steps"))]
    NoSuchStep {
        /// What was asked for.
        name: String,
        /// The names there are, sorted.
        known: Vec<&'static str>,
    },
    /// No workflow has this name.
    #[error("no workflow is named `{name}`{}", advice(name, known, "workflows"))]
    NoSuchWorkflow {
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
    let steps = inventory::iter::<StepEntry>
        .into_iter()
        .map(|entry| entry.0);
    sorted(
        steps.collect(),
        |step| (step.name, step.file, step.line),
        |name, first, second| Error::DuplicateStep {
            name,
            first,
            second,
        },
    )
}

/// The step of this name.
///
/// # Errors
///
/// [`Error::NoSuchStep`] lists the known names; [`Error::DuplicateStep`] as [`steps`].
pub fn step(name: &str) -> Result<&'static StepMeta, Error> {
    let steps = steps()?;
    let found = steps.iter().find(|step| step.name == name);
    found.copied().ok_or_else(|| Error::NoSuchStep {
        name: name.to_owned(),
        known: steps.iter().map(|step| step.name).collect(),
    })
}

/// The workflows linked into this program, sorted by name.
///
/// # Errors
///
/// [`Error::DuplicateWorkflow`] when two have one name: rename one.
pub fn workflows() -> Result<Vec<&'static WorkflowEntry>, Error> {
    let workflows = inventory::iter::<WorkflowEntry>.into_iter();
    sorted(
        workflows.collect(),
        |workflow| (workflow.name, workflow.file, workflow.line),
        |name, first, second| Error::DuplicateWorkflow {
            name,
            first,
            second,
        },
    )
}

/// The workflow of this name.
///
/// # Errors
///
/// [`Error::NoSuchWorkflow`] lists the known names; [`Error::DuplicateWorkflow`] as [`workflows`].
pub fn workflow(name: &str) -> Result<&'static WorkflowEntry, Error> {
    let workflows = workflows()?;
    let found = workflows.iter().find(|workflow| workflow.name == name);
    found.copied().ok_or_else(|| Error::NoSuchWorkflow {
        name: name.to_owned(),
        known: workflows.iter().map(|workflow| workflow.name).collect(),
    })
}

/// Asserts that the names in these shapes, and in those of every step, are those that serde asks for.
#[cfg(debug_assertions)]
pub(crate) fn assert_names(shapes: &[fn() -> Shape]) {
    static STEPS: std::sync::Once = std::sync::Once::new();
    let assert = |shape| {
        if let Err(differ) = crate::payload::check_shape(shape) {
            panic!("{differ}");
        }
    };
    shapes.iter().copied().for_each(assert);
    STEPS.call_once(|| {
        for StepEntry(step) in inventory::iter::<StepEntry> {
            step.params.iter().map(|param| param.shape).for_each(assert);
            assert(step.output);
        }
    });
}

/// Sorts by name, since inventory promises no order, and refuses what has the name of another.
fn sorted<T: Copy>(
    mut entries: Vec<T>,
    place: impl Fn(&T) -> (&'static str, &'static str, u32),
    duplicate: impl Fn(&'static str, String, String) -> Error,
) -> Result<Vec<T>, Error> {
    entries.sort_by_key(&place);
    for pair in entries.windows(2) {
        let ((name, file, line), (next, next_file, next_line)) = (place(&pair[0]), place(&pair[1]));
        if name == next {
            return Err(duplicate(
                name,
                format!("{file}:{line}"),
                format!("{next_file}:{next_line}"),
            ));
        }
    }
    Ok(entries)
}

/// The end of a "no such thing" message: the near miss, what is known, and how crates get lost.
fn advice(name: &str, known: &[&'static str], things: &str) -> String {
    let mut advice = String::new();
    if let Some(near) = near_miss(name, known) {
        advice.push_str(&format!("\nhelp: did you mean `{near}`?"));
    }
    let listed: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
    match listed.as_slice() {
        [] => advice.push_str(&format!("\nnote: this program has no {things}")),
        _ => advice.push_str(&format!("\nnote: its {things} are {}", listed.join(", "))),
    }
    advice.push_str(
        "\nhelp: a crate that no code mentions is not linked: write `use my_steps as _;` in `main.rs`",
    );
    advice
}

pub(crate) fn near_miss<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    // A third of the letters may be wrong; of a short word, one.
    let most = (name.chars().count() / 3).max(1);
    known
        .iter()
        .map(|known| (strsim::damerau_levenshtein(name, known), *known))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, known)| known)
}
