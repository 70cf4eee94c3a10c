//! JSONPath in the dialect Step Functions speaks, which is Jayway's.
//!
//! A [`Path`] is parsed once and evaluated without copying whenever it picks one value:
//!
//! ```
//! use serde_json::json;
//! use sfn_expr::{Scope, path::Path};
//!
//! let input = json!({"order": {"lines": [{"sku": "a", "n": 1}, {"sku": "b", "n": 7}]}});
//! let context = json!({});
//! let scope = Scope::new(&input, &context);
//!
//! let path = Path::parse("$.order.lines[?(@.n > 5)].sku")?;
//! assert!(!path.is_definite());
//! assert_eq!(*path.evaluate(&scope)?, json!(["b"]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A [`ReferencePath`] is the small subset that names one place: fields and single indexes.
//! `ResultPath` is one; it can be written through.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::Scope;

mod evaluate;
mod filter;
mod function;
mod parse;
mod reference;

pub use parse::ParseError;
pub use reference::{ReferencePath, SetError};

use evaluate::Missing;
use filter::Filter;
use function::Function;

/// A parsed path, cheap to clone and to evaluate many times.
#[derive(Clone)]
pub struct Path(Arc<Parsed>);

struct Parsed {
    text: String,
    root: Root,
    steps: Vec<Step>,
    /// Whether it can pick at most one value.
    definite: bool,
}

/// Where a path starts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Root {
    /// `$`, the data.
    Input,
    /// `$$`, the context object.
    Context,
    /// `$name`, a variable; the name is without the `$`.
    Variable(String),
}

/// One step of a path.
#[derive(Debug, Clone)]
enum Step {
    Name(String),
    Names(Vec<String>),
    Index(i64),
    Indexes(Vec<i64>),
    Slice {
        from: Option<i64>,
        to: Option<i64>,
    },
    Wildcard,
    /// `..`: the next step is applied to the value here and to everything below it.
    Descend,
    Filter(Filter),
    Function(Function),
}

/// Why a path has no value.
///
/// The text is the one Step Functions shows, as in
/// `Invalid path '$.x' : No results for path: $['x']`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The last step found nothing.
    #[error("No results for path: {path}")]
    NoResults {
        /// The whole path, each step in brackets.
        path: String,
    },
    /// A field on the way does not exist.
    #[error("Missing property in path {path}")]
    MissingProperty {
        /// The path as far as the missing field, each step in brackets.
        path: String,
    },
    /// A field was asked of something that has none.
    #[error(
        "Expected to find an object with property ['{property}'] in path {path} but found '{found}'. \
         This is not a json object according to the JsonProvider: \
         'com.jayway.jsonpath.spi.json.JsonSmartJsonProvider'."
    )]
    NotAnObject {
        /// The field.
        property: String,
        /// Where it was asked for.
        path: String,
        /// The Java class that Step Functions names for what was there.
        found: &'static str,
    },
    /// An index or a slice was asked of something that is no array.
    #[error("Filter: {step} can only be applied to arrays. Current context is: {found}")]
    NotAnArray {
        /// The step and what follows it, each in brackets.
        step: String,
        /// What was there.
        found: String,
    },
    /// An index was asked of null.
    #[error("The path {path} is null")]
    Null {
        /// Where the null stood.
        path: String,
    },
    /// A filter was asked of something that is neither an object nor an array.
    #[error("Filter: {step} can not be applied to primitives. Current context is: {found}")]
    FilterOnPrimitive {
        /// The filter and what follows it, each step in brackets.
        step: String,
        /// What was there.
        found: String,
    },
    /// A function such as `.sum()` cannot be computed here.
    #[error("{reason}")]
    Function {
        /// Why.
        reason: String,
    },
    /// The path starts at a variable nobody assigned.
    #[error("Variable '{name}' is not defined")]
    UndefinedVariable {
        /// The variable, without its `$`.
        name: String,
    },
}

impl Path {
    /// Parses `text`, which starts with `$`, `$$` or `$name`.
    ///
    /// # Errors
    ///
    /// When it is not a path; the error says where.
    pub fn parse(text: &str) -> Result<Path, ParseError> {
        parse::path(text).map(|parsed| Path(Arc::new(parsed)))
    }

    /// The text this was parsed from.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// Where it starts.
    pub fn root(&self) -> &Root {
        &self.0.root
    }

    /// Whether it picks at most one value.
    ///
    /// A definite path without a match is an error; an indefinite one gives an array, empty if need be.
    pub fn is_definite(&self) -> bool {
        self.0.definite
    }

    /// Whether it is a Reference Path: only fields and single, non-negative indexes.
    pub fn is_reference(&self) -> bool {
        self.0.steps.iter().all(|step| match step {
            Step::Name(_) => true,
            Step::Index(index) => *index >= 0,
            _ => false,
        })
    }

    /// Whether it stands for its root alone: `$`, `$$` or `$name`.
    pub fn is_root(&self) -> bool {
        self.0.steps.is_empty()
    }

    /// Whether it ends in a function such as `.length()`.
    pub fn has_function(&self) -> bool {
        self.0
            .steps
            .iter()
            .any(|step| matches!(step, Step::Function(_)))
    }

    /// The value it picks in `scope`: borrowed where it is a part of the data, owned where it was put together.
    ///
    /// # Errors
    ///
    /// When nothing is there, or a step does not fit what is there. The error's text is the part
    /// after the colon; [`invalid_path`] puts the rest in front.
    pub fn evaluate<'a>(&self, scope: &Scope<'a>) -> Result<Cow<'a, Value>, Error> {
        let steps = &self.0.steps[..];
        match &self.0.root {
            Root::Input => evaluate::run(self, steps, scope.input, Missing::IsNothing),
            Root::Context => match steps {
                // One member can be had without building the whole object.
                [Step::Name(name), rest @ ..] => match scope.context.member(name) {
                    Some(member) => evaluate::run(self, rest, member, Missing::IsNothing),
                    None => Err(evaluate::absent(self, name, rest)),
                },
                _ => evaluate::run(self, steps, scope.context.value(), Missing::IsNothing),
            },
            Root::Variable(name) => match scope.variables.get(name) {
                Some(value) => evaluate::run(self, steps, value, Missing::IsNothing),
                None => Err(Error::UndefinedVariable { name: name.clone() }),
            },
        }
    }

    /// Whether it ends in the index of an item that an array, which is there, does not have.
    pub(crate) fn is_past_end(&self, scope: &Scope<'_>) -> bool {
        let Some((Step::Index(index), way)) = self.0.steps.split_last() else {
            return false;
        };
        let mut here = match &self.0.root {
            Root::Input => scope.input,
            Root::Context => scope.context.value(),
            Root::Variable(name) => match scope.variables.get(name) {
                Some(value) => value,
                None => return false,
            },
        };
        for step in way {
            let found = match (step, here) {
                (Step::Name(name), Value::Object(members)) => members.get(name),
                (Step::Index(index), Value::Array(items)) => evaluate::at(items, *index),
                _ => None,
            };
            match found {
                Some(found) => here = found,
                None => return false,
            }
        }
        here.as_array()
            .is_some_and(|items| evaluate::at(items, *index).is_none())
    }

    /// The value it picks in `document`, wherever it says it starts.
    ///
    /// # Errors
    ///
    /// As [`evaluate`](Path::evaluate).
    pub fn evaluate_in<'a>(&self, document: &'a Value) -> Result<Cow<'a, Value>, Error> {
        evaluate::run(self, &self.0.steps, document, Missing::IsNothing)
    }

    /// The function that is applied to all results at once: the last step of a path that begins with `..`.
    fn over_all(&self) -> Option<&Function> {
        match &self.0.steps[..] {
            [Step::Descend, .., Step::Function(function)] => Some(function),
            _ => None,
        }
    }

    /// The steps with each in brackets, as the error texts show them.
    fn compiled(&self) -> String {
        let mut text = String::from("$");
        for step in &self.0.steps {
            use fmt::Write as _;
            write!(text, "{step}").expect("writing to a string succeeds");
        }
        text
    }
}

/// The sentence Step Functions makes of a failing `InputPath`, `OutputPath` and the like.
///
/// ```
/// use sfn_expr::path::{Path, invalid_path};
///
/// let path = Path::parse("$.a")?;
/// let error = path.evaluate_in(&serde_json::json!({})).unwrap_err();
/// assert_eq!(invalid_path(&path, &error), "Invalid path '$.a' : No results for path: $['a']");
/// # Ok::<(), sfn_expr::path::ParseError>(())
/// ```
pub fn invalid_path(path: &Path, error: &Error) -> String {
    format!("Invalid path '{path}' : {error}")
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text)
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Path({:?})", self.0.text)
    }
}

impl PartialEq for Path {
    fn eq(&self, other: &Path) -> bool {
        self.0.text == other.0.text
    }
}

impl Eq for Path {}

impl std::str::FromStr for Path {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Path, ParseError> {
        Path::parse(text)
    }
}

/// As Jayway writes a compiled step.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Name(name) => write!(f, "['{name}']"),
            Step::Names(names) => {
                f.write_str("[")?;
                for (i, name) in names.iter().enumerate() {
                    write!(f, "{}'{name}'", if i == 0 { "" } else { "," })?;
                }
                f.write_str("]")
            }
            Step::Index(index) => write!(f, "[{index}]"),
            Step::Indexes(indexes) => {
                f.write_str("[")?;
                for (i, index) in indexes.iter().enumerate() {
                    write!(f, "{}{index}", if i == 0 { "" } else { "," })?;
                }
                f.write_str("]")
            }
            Step::Slice { from, to } => {
                f.write_str("[")?;
                from.map_or(Ok(()), |from| write!(f, "{from}"))?;
                f.write_str(":")?;
                to.map_or(Ok(()), |to| write!(f, "{to}"))?;
                f.write_str("]")
            }
            Step::Wildcard => f.write_str("[*]"),
            Step::Descend => f.write_str(".."),
            Step::Filter(_) => f.write_str("[?]"),
            Step::Function(function) => write!(f, ".{function}"),
        }
    }
}

#[cfg(test)]
mod tests;
