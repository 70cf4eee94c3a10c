//! Fields that may hold queries.

use std::sync::Arc;

use serde_json::Value;
use sfn_expr::jsonata::{Bindings, Failure, Template};
use sfn_expr::path::Path;
use sfn_expr::{Context, Environment, Variables};

use super::{CompileError, TextQuery};

/// A field of a JSONata state: expressions at its leaves, all else literal.
#[derive(Debug)]
pub(crate) struct Jsonata {
    /// The field's name, as errors show it: `Output`, `Choices[1]/Condition`.
    location: Box<str>,
    template: Template,
}

/// A field's expression had no value, or not the right one.
#[derive(Debug)]
pub(crate) struct JsonataError {
    pub(crate) location: String,
    pub(crate) message: String,
}

/// What an expression sees.
pub(crate) struct States<'a> {
    pub(crate) input: &'a Value,
    pub(crate) result: Option<&'a Value>,
    pub(crate) error_output: Option<&'a Value>,
    pub(crate) context: &'a dyn Context,
    pub(crate) variables: &'a dyn Variables,
}

/// Which value a field wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Boolean,
    /// A number without a fraction.
    Integer,
    Number,
    String,
    Array,
}

impl Shape {
    fn name(self) -> &'static str {
        match self {
            Shape::Boolean => "boolean",
            Shape::Integer => "integer",
            Shape::Number => "number",
            Shape::String => "string",
            Shape::Array => "array",
        }
    }

    fn fits(self, value: &Value) -> bool {
        match self {
            Shape::Boolean => value.is_boolean(),
            Shape::Integer => {
                value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|n| n.fract() == 0.0)
            }
            Shape::Number => value.is_number(),
            Shape::String => value.is_string(),
            Shape::Array => value.is_array(),
        }
    }
}

impl Jsonata {
    pub(crate) fn compile(value: &Value, location: &str) -> Result<Jsonata, CompileError> {
        let template = Template::parse(value).map_err(|error| CompileError {
            message: format!("{error} at {location}{}", error.pointer),
        })?;
        Ok(Jsonata {
            location: location.into(),
            template,
        })
    }

    pub(crate) fn evaluate(
        &self,
        states: &States<'_>,
        env: &mut dyn Environment,
    ) -> Result<Value, JsonataError> {
        let bindings = Bindings {
            input: states.input,
            result: states.result,
            error_output: states.error_output,
            context: states.context,
            variables: states.variables,
        };
        self.template
            .evaluate(&self.location, &bindings, env)
            .map_err(|Failure { cause, location }| JsonataError {
                location,
                message: cause,
            })
    }

    /// The value, when the field may have it.
    pub(crate) fn expect_shape(&self, value: Value, shape: Shape) -> Result<Value, JsonataError> {
        if shape.fits(&value) {
            return Ok(value);
        }
        let actual = match &value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let location = &self.location;
        let subject = match self.template.as_expression() {
            Some(expression) => format!(
                "The JSONata expression '{expression}' specified for the field '{location}'"
            ),
            None => format!("The value specified for the field '{location}'"),
        };
        Err(JsonataError {
            location: location.to_string(),
            message: format!(
                "{subject} returned an unexpected result type. Expected '{}', but was '{actual}' for value: {value}",
                shape.name()
            ),
        })
    }
}

/// A number: written out, somewhere in the data, or computed.
#[derive(Debug)]
pub(crate) enum Scalar<T> {
    Absent,
    Value(T),
    Path(Path),
    Jsonata(Jsonata),
}

/// A text: written out, somewhere in the data, or computed.
#[derive(Debug)]
pub(crate) enum Text {
    Absent,
    Value(Arc<str>),
    Query(TextQuery),
    Jsonata(Jsonata),
}
