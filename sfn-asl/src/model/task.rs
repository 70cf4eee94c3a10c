//! The Task state.

use serde_json::Value;

use super::{Catcher, OrExpression, PathField, Retrier, State, Transition};

/// Has work done: by a Lambda function, an activity, another service.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Task {
    /// The ARN of what does the work.
    pub resource: String,
    /// JSONPath: the template of the task's input.
    pub parameters: Option<Value>,
    /// JSONata: the task's input.
    pub arguments: Option<Value>,
    /// The role to assume for this task: an object with `RoleArn` (or, in JSONPath, `RoleArn.$`).
    pub credentials: Option<Value>,
    /// How long the task may take, in seconds.
    pub timeout_seconds: Option<OrExpression<u64>>,
    /// JSONPath: where the input says how long the task may take.
    pub timeout_seconds_path: Option<String>,
    /// How long the task may be silent, in seconds.
    pub heartbeat_seconds: Option<OrExpression<u64>>,
    /// JSONPath: where the input says how long the task may be silent.
    pub heartbeat_seconds_path: Option<String>,
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

impl Task {
    /// A task done by that resource, everything else absent.
    #[must_use]
    pub fn new(resource: impl Into<String>) -> Self {
        Self {
            resource: resource.into(),
            ..Self::default()
        }
    }

    /// This task as a state that leads to another.
    #[must_use]
    pub fn then(self, next: impl Into<String>) -> State {
        State::from(self).then(next)
    }
}
