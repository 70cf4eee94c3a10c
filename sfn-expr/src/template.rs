//! Payload templates of JSONPath states: `Parameters`, `ResultSelector`, `ItemSelector`, `Assign` and their like.
//!
//! A member whose name ends in `.$` is evaluated and loses the suffix; everything else is copied.
//!
//! ```
//! use serde_json::json;
//! use sfn_expr::{Environment, Scope, template::Template};
//!
//! # struct Fixed;
//! # impl Environment for Fixed {
//! #     fn now_millis(&mut self) -> i64 { 0 }
//! #     fn random(&mut self) -> f64 { 0.5 }
//! #     fn uuid(&mut self) -> String { "00000000-0000-4000-8000-000000000000".to_owned() }
//! # }
//! let template = Template::parse(&json!({"size": 3, "who.$": "$.user.name"}))?;
//! let (input, context) = (json!({"user": {"name": "Ada"}}), json!({}));
//! let value = template.evaluate(&Scope::new(&input, &context), &mut Fixed)?;
//! assert_eq!(value, json!({"size": 3, "who": "Ada"}));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::intrinsic::{self, Call};
use crate::path::{self, Path, Root};
use crate::tree::{Leaf, Place, Tree};
use crate::{Environment, Scope};

/// What may stand as the value of a `.$` member: a path or a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// A path into the data, the context object or a variable.
    Path(Path),
    /// A call of an intrinsic function.
    Call(Call),
}

/// Why a text is neither a path nor a call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QueryParseError {
    /// It looks like a path.
    #[error("not a path: {0}")]
    Path(path::ParseError),
    /// It looks like a call.
    #[error("not a call: {0}")]
    Call(intrinsic::ParseError),
}

/// Why a query has no value. The text is the one Step Functions shows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// The path found nothing.
    #[error(
        "The JSONPath '{path}' specified for the field '{field}' could not be found in the input '{input}'"
    )]
    Path {
        /// The path.
        path: String,
        /// The field that has it, with its `.$`.
        field: String,
        /// The JSON text of `$`.
        input: String,
        /// What went wrong with the path.
        source: Box<path::Error>,
    },
    /// The path starts at the data, and the data is null.
    #[error("Unable to apply Path transformation to null or empty input.")]
    NullInput,
    /// The call failed.
    #[error(transparent)]
    Call(intrinsic::Error),
}

impl QueryError {
    /// The error name that a `Catch` sees: `States.Runtime` or `States.IntrinsicFailure`.
    pub fn name(&self) -> &'static str {
        match self {
            QueryError::Path { .. } | QueryError::NullInput => "States.Runtime",
            QueryError::Call(error) => error.name(),
        }
    }
}

impl Query {
    /// Parses a path (`$…`) or a call (`States.…`).
    ///
    /// # Errors
    ///
    /// When it is neither.
    pub fn parse(text: &str) -> Result<Query, QueryParseError> {
        if Call::is_call(text) {
            Call::parse(text)
                .map(Query::Call)
                .map_err(QueryParseError::Call)
        } else {
            Path::parse(text)
                .map(Query::Path)
                .map_err(QueryParseError::Path)
        }
    }

    /// The text this was parsed from.
    pub fn as_str(&self) -> &str {
        match self {
            Query::Path(path) => path.as_str(),
            Query::Call(call) => call.as_str(),
        }
    }

    /// Every path in it.
    pub fn paths(&self) -> Vec<&Path> {
        match self {
            Query::Path(path) => vec![path],
            Query::Call(call) => call.paths(),
        }
    }

    /// Its value. `field` is the name of the field it stands in, for the error's text: `ErrorPath`, `value.$`.
    ///
    /// # Errors
    ///
    /// When a path finds nothing or a call fails.
    pub fn evaluate<'a>(
        &self,
        field: &str,
        scope: &Scope<'a>,
        env: &mut dyn Environment,
    ) -> Result<Cow<'a, Value>, QueryError> {
        match self {
            Query::Path(path) if *path.root() == Root::Input && scope.input.is_null() => {
                Err(QueryError::NullInput)
            }
            Query::Path(path) => path.evaluate(scope).map_err(|source| QueryError::Path {
                path: path.to_string(),
                field: field.to_owned(),
                input: scope.input.to_string(),
                source: Box::new(source),
            }),
            Query::Call(call) => call
                .evaluate(scope, env)
                .map(Cow::Owned)
                .map_err(QueryError::Call),
        }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A payload template, parsed once and evaluated many times. Cheap to clone.
#[derive(Clone)]
pub struct Template(Arc<Tree<Query>>);

/// Why a value is no payload template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "The value for the field '{field}' must be a valid JSONPath or a valid intrinsic function call"
)]
pub struct ParseError {
    /// Where the member stands: a JSON pointer from the template's root.
    pub pointer: String,
    /// The member's name, with its `.$`.
    pub field: String,
    /// What is wrong with its value; `None` when it is not even a string.
    #[source]
    pub reason: Option<QueryParseError>,
}

impl Template {
    /// Parses a template.
    ///
    /// # Errors
    ///
    /// When a member whose name ends in `.$` holds neither a path nor a call; the first such one is told.
    pub fn parse(value: &Value) -> Result<Template, ParseError> {
        Tree::parse(value).map(|tree| Template(Arc::new(tree)))
    }

    /// Everything that is wrong with a template.
    pub fn check(value: &Value) -> Vec<ParseError> {
        Tree::<Query>::read(value).1
    }

    /// Whether it evaluates nothing.
    pub fn is_constant(&self) -> bool {
        self.0.is_constant()
    }

    /// Each query in it with its field's name and JSON pointer, in order.
    pub fn queries(&self) -> Vec<(String, &Query)> {
        self.0.leaves()
    }

    /// Its value in `scope`.
    ///
    /// # Errors
    ///
    /// When a path finds nothing or a call fails.
    pub fn evaluate(
        &self,
        scope: &Scope<'_>,
        env: &mut dyn Environment,
    ) -> Result<Value, QueryError> {
        self.0.evaluate(&mut |query: &Query, place: &Place<'_>| {
            match query.evaluate(place.member(), scope, env) {
                Ok(value) => Ok(value.into_owned()),
                // As measured: an item behind an array's end is null here, while it is missing everywhere else.
                Err(QueryError::Path { .. })
                    if matches!(query, Query::Path(path) if path.is_past_end(scope)) =>
                {
                    Ok(Value::Null)
                }
                Err(error) => Err(error),
            }
        })
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Template").field(&self.queries()).finish()
    }
}

/// The members whose names end so are evaluated.
const SUFFIX: &str = ".$";

impl Leaf for Query {
    type Error = ParseError;

    fn read(
        member: Option<&str>,
        value: &Value,
        pointer: &str,
    ) -> Option<Result<Self, ParseError>> {
        let field = member.filter(|name| name.ends_with(SUFFIX))?;
        let reason = match value.as_str().map(Query::parse) {
            Some(Ok(query)) => return Some(Ok(query)),
            Some(Err(reason)) => Some(reason),
            None => None,
        };
        Some(Err(ParseError {
            pointer: pointer.to_owned(),
            field: field.to_owned(),
            reason,
        }))
    }

    fn name(member: &str) -> &str {
        member.strip_suffix(SUFFIX).unwrap_or(member)
    }
}

#[cfg(test)]
mod tests;
