//! The Pass state.

use serde_json::Value;

use super::{PathField, State, Transition};

/// Passes its input on, perhaps reshaped. In JSONata the reshaping is the state's `Output`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pass {
    /// JSONPath: the result, taken literally; it beats `parameters`.
    pub result: Option<Value>,
    /// JSONPath: the template of the result.
    pub parameters: Option<Value>,
    /// JSONPath: where the result goes in the input.
    pub result_path: PathField,
    /// Where it leads.
    pub transition: Transition,
}

impl Pass {
    /// This as a state that leads to another.
    #[must_use]
    pub fn then(self, next: impl Into<String>) -> State {
        State::from(self).then(next)
    }
}
