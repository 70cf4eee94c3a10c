//! The Parallel state.

use serde_json::Value;

use super::{Catcher, Flow, PathField, Retrier, State, Transition};

/// Runs several flows at once, each with the same input; the result is the array of their outputs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parallel {
    /// The flows.
    pub branches: Vec<Flow>,
    /// JSONPath: the template of the branches' input.
    pub parameters: Option<Value>,
    /// JSONata: the branches' input.
    pub arguments: Option<Value>,
    /// JSONPath: the template that reshapes the raw result.
    pub result_selector: Option<Value>,
    /// JSONPath: where the result goes in the input.
    pub result_path: PathField,
    /// Retriers, in the order they are tried.
    pub retry: Vec<Retrier>,
    /// Catchers, in the order they are tried.
    pub catch: Vec<Catcher>,
    /// Where it leads.
    pub transition: Transition,
}

impl Parallel {
    /// These flows at once, everything else absent.
    #[must_use]
    pub fn of(branches: impl IntoIterator<Item = Flow>) -> Self {
        Self {
            branches: branches.into_iter().collect(),
            ..Self::default()
        }
    }

    /// This as a state that leads to another.
    #[must_use]
    pub fn then(self, next: impl Into<String>) -> State {
        State::from(self).then(next)
    }
}
