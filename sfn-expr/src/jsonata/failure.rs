//! `States.QueryEvaluationError` with the text Step Functions shows.

use serde_json::Value;

use super::{EvalError, Expression};

/// A failed evaluation of the expression in one field: `States.QueryEvaluationError`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{cause}")]
pub struct Failure {
    /// The cause as Step Functions shows it, without the sentence that names the state.
    pub cause: String,
    /// The place in the state, such as `Output/a/b[0]`.
    pub location: String,
}

/// The type of a JSON value, as the texts name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the types of JSON need no explanation")]
pub enum ValueType {
    Array,
    Boolean,
    Null,
    Number,
    Object,
    String,
}

impl ValueType {
    /// The type of `value`.
    pub fn of(value: &Value) -> ValueType {
        match value {
            Value::Null => ValueType::Null,
            Value::Bool(_) => ValueType::Boolean,
            Value::Number(_) => ValueType::Number,
            Value::String(_) => ValueType::String,
            Value::Array(_) => ValueType::Array,
            Value::Object(_) => ValueType::Object,
        }
    }

    /// Its name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            ValueType::Array => "array",
            ValueType::Boolean => "boolean",
            ValueType::Null => "null",
            ValueType::Number => "number",
            ValueType::Object => "object",
            ValueType::String => "string",
        }
    }
}

impl Failure {
    /// The error name of every such failure.
    pub const ERROR: &'static str = "States.QueryEvaluationError";

    /// The value is undefined.
    pub fn undefined(expression: &Expression, field: &str) -> Failure {
        Failure::new(
            field,
            format!(
                "{} returned nothing (undefined).",
                subject(expression, field)
            ),
        )
    }

    /// The value has another type than the field wants.
    pub fn unexpected_type(
        expression: &Expression,
        field: &str,
        expected: ValueType,
        value: &Value,
    ) -> Failure {
        Failure::new(
            field,
            format!(
                "{} returned an unexpected result type. Expected '{}', but was '{}' for value: {value}",
                subject(expression, field),
                expected.name(),
                ValueType::of(value).name(),
            ),
        )
    }

    /// The evaluation failed.
    pub fn thrown(expression: &Expression, field: &str, error: &EvalError) -> Failure {
        let subject = subject(expression, field);
        let cause = match error {
            EvalError::Function => format!("{subject} returned an unsupported result type."),
            EvalError::Thrown { .. } => {
                format!("{subject} threw an error during evaluation. {error}")
            }
            EvalError::Limit { .. } => {
                format!("{subject} threw an error during evaluation: {error}")
            }
        };
        Failure::new(field, cause)
    }

    fn new(field: &str, cause: String) -> Failure {
        Failure {
            cause,
            location: field.to_owned(),
        }
    }
}

fn subject(expression: &Expression, field: &str) -> String {
    format!("The JSONata expression '{expression}' specified for the field '{field}'")
}
