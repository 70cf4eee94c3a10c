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

use serde_json::{Map, Value};

use crate::intrinsic::{self, Call};
use crate::path::{self, Path, Root};
use crate::{Environment, Scope, pointer};

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
pub struct Template(Arc<Node>);

enum Node {
    /// Nothing below is evaluated.
    Constant(Value),
    Object(Vec<Member>),
    Array(Vec<Node>),
}

enum Member {
    Plain(String, Node),
    /// The name as written, with its `.$`.
    Query(String, Query),
}

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
        let mut errors = Vec::new();
        let node = node(value, "", &mut errors);
        match errors.into_iter().next() {
            None => Ok(Template(Arc::new(node))),
            Some(error) => Err(error),
        }
    }

    /// Everything that is wrong with a template.
    pub fn check(value: &Value) -> Vec<ParseError> {
        let mut errors = Vec::new();
        node(value, "", &mut errors);
        errors
    }

    /// Whether it evaluates nothing.
    pub fn is_constant(&self) -> bool {
        matches!(&*self.0, Node::Constant(_))
    }

    /// Each query in it with its field's name and JSON pointer, in order.
    pub fn queries(&self) -> Vec<(String, &Query)> {
        let mut queries = Vec::new();
        collect(&self.0, "", &mut queries);
        queries
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
        evaluate(&self.0, scope, env)
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Template").field(&self.queries()).finish()
    }
}

fn node(value: &Value, pointer: &str, errors: &mut Vec<ParseError>) -> Node {
    match value {
        Value::Object(members) => {
            let mut nodes = Vec::with_capacity(members.len());
            let mut constant = true;
            for (name, member) in members {
                let at = pointer::member(pointer, name);
                if !name.ends_with(".$") {
                    let child = node(member, &at, errors);
                    constant &= matches!(child, Node::Constant(_));
                    nodes.push(Member::Plain(name.clone(), child));
                    continue;
                }
                constant = false;
                let reason = match member.as_str().map(Query::parse) {
                    Some(Ok(query)) => {
                        nodes.push(Member::Query(name.clone(), query));
                        continue;
                    }
                    Some(Err(reason)) => Some(reason),
                    None => None,
                };
                errors.push(ParseError {
                    pointer: at,
                    field: name.clone(),
                    reason,
                });
            }
            if constant {
                Node::Constant(value.clone())
            } else {
                Node::Object(nodes)
            }
        }
        Value::Array(items) => {
            let nodes: Vec<Node> = items
                .iter()
                .enumerate()
                .map(|(i, item)| node(item, &pointer::item(pointer, i), errors))
                .collect();
            if nodes.iter().all(|node| matches!(node, Node::Constant(_))) {
                Node::Constant(value.clone())
            } else {
                Node::Array(nodes)
            }
        }
        scalar => Node::Constant(scalar.clone()),
    }
}

fn collect<'t>(node: &'t Node, pointer: &str, queries: &mut Vec<(String, &'t Query)>) {
    match node {
        Node::Constant(_) => {}
        Node::Array(nodes) => {
            for (i, node) in nodes.iter().enumerate() {
                collect(node, &pointer::item(pointer, i), queries);
            }
        }
        Node::Object(members) => {
            for member in members {
                match member {
                    Member::Plain(name, node) => {
                        collect(node, &pointer::member(pointer, name), queries)
                    }
                    Member::Query(name, query) => {
                        queries.push((pointer::member(pointer, name), query))
                    }
                }
            }
        }
    }
}

fn evaluate(
    node: &Node,
    scope: &Scope<'_>,
    env: &mut dyn Environment,
) -> Result<Value, QueryError> {
    match node {
        Node::Constant(value) => Ok(value.clone()),
        Node::Array(nodes) => nodes
            .iter()
            .map(|node| evaluate(node, scope, env))
            .collect(),
        Node::Object(members) => {
            let mut object = Map::with_capacity(members.len());
            for member in members {
                match member {
                    Member::Plain(name, node) => {
                        object.insert(name.clone(), evaluate(node, scope, env)?);
                    }
                    Member::Query(name, query) => {
                        let value = query.evaluate(name, scope, env)?.into_owned();
                        let name = name.strip_suffix(".$").unwrap_or(name);
                        object.insert(name.to_owned(), value);
                    }
                }
            }
            Ok(Value::Object(object))
        }
    }
}

#[cfg(test)]
mod tests;
