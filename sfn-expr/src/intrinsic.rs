//! The intrinsic functions of JSONPath states.
//!
//! ```
//! use serde_json::json;
//! use sfn_expr::{Environment, Scope, intrinsic::Call};
//!
//! # struct Fixed;
//! # impl Environment for Fixed {
//! #     fn now_millis(&mut self) -> i64 { 0 }
//! #     fn random(&mut self) -> f64 { 0.5 }
//! #     fn uuid(&mut self) -> String { "00000000-0000-4000-8000-000000000000".to_owned() }
//! # }
//! let input = json!({"name": "Ada", "n": 2});
//! let context = json!({});
//! let call = Call::parse("States.Format('{} has {}', $.name, States.MathAdd($.n, 1))")?;
//! let value = call.evaluate(&Scope::new(&input, &context), &mut Fixed)?;
//! assert_eq!(value, json!("Ada has 3"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::path::{self, Path};
use crate::{Environment, Scope};

mod evaluate;
mod format;
mod parse;

pub use parse::ParseError;

/// How many calls one field may hold, nested ones counted.
pub const MAX_CALLS: usize = 10;

/// A parsed call of an intrinsic function, cheap to clone and to evaluate many times.
#[derive(Clone)]
pub struct Call(Arc<Parsed>);

struct Parsed {
    text: String,
    function: Function,
    arguments: Vec<Argument>,
}

/// One argument of a call.
enum Argument {
    /// A string literal, with its backslashes: what they mean depends on the function.
    Text(String),
    /// A number, `true`, `false` or `null`.
    Literal(Value),
    Path(Path),
    Call(Call),
}

/// The intrinsic functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[expect(
    missing_docs,
    reason = "each is named as in the States Language, whose documentation explains it"
)]
pub enum Function {
    Array,
    ArrayContains,
    ArrayGetItem,
    ArrayLength,
    ArrayPartition,
    ArrayRange,
    ArrayUnique,
    Base64Decode,
    Base64Encode,
    Format,
    Hash,
    JsonMerge,
    JsonToString,
    MathAdd,
    MathRandom,
    StringSplit,
    StringToJson,
    Uuid,
}

impl Function {
    /// All of them, sorted by name.
    pub const ALL: [Function; 18] = [
        Function::Array,
        Function::ArrayContains,
        Function::ArrayGetItem,
        Function::ArrayLength,
        Function::ArrayPartition,
        Function::ArrayRange,
        Function::ArrayUnique,
        Function::Base64Decode,
        Function::Base64Encode,
        Function::Format,
        Function::Hash,
        Function::JsonMerge,
        Function::JsonToString,
        Function::MathAdd,
        Function::MathRandom,
        Function::StringSplit,
        Function::StringToJson,
        Function::Uuid,
    ];

    /// Its full name, such as `States.ArrayLength`.
    pub fn name(self) -> &'static str {
        match self {
            Function::Array => "States.Array",
            Function::ArrayContains => "States.ArrayContains",
            Function::ArrayGetItem => "States.ArrayGetItem",
            Function::ArrayLength => "States.ArrayLength",
            Function::ArrayPartition => "States.ArrayPartition",
            Function::ArrayRange => "States.ArrayRange",
            Function::ArrayUnique => "States.ArrayUnique",
            Function::Base64Decode => "States.Base64Decode",
            Function::Base64Encode => "States.Base64Encode",
            Function::Format => "States.Format",
            Function::Hash => "States.Hash",
            Function::JsonMerge => "States.JsonMerge",
            Function::JsonToString => "States.JsonToString",
            Function::MathAdd => "States.MathAdd",
            Function::MathRandom => "States.MathRandom",
            Function::StringSplit => "States.StringSplit",
            Function::StringToJson => "States.StringToJson",
            Function::Uuid => "States.UUID",
        }
    }

    /// How many arguments it takes, at least and at most.
    fn arity(self) -> (usize, usize) {
        match self {
            Function::Array => (0, usize::MAX),
            Function::Format => (1, usize::MAX),
            Function::Uuid => (0, 0),
            Function::ArrayLength
            | Function::ArrayUnique
            | Function::Base64Decode
            | Function::Base64Encode
            | Function::JsonToString
            | Function::StringToJson => (1, 1),
            Function::ArrayContains
            | Function::ArrayGetItem
            | Function::ArrayPartition
            | Function::Hash
            | Function::MathAdd
            | Function::StringSplit => (2, 2),
            Function::MathRandom => (2, 3),
            Function::ArrayRange | Function::JsonMerge => (3, 3),
        }
    }

    /// Whether its result is always a string, as `ErrorPath` and `CausePath` want it
    /// (`States.ArrayGetItem` counts too: it may be one).
    pub fn may_give_string(self) -> bool {
        matches!(
            self,
            Function::ArrayGetItem
                | Function::Base64Decode
                | Function::Base64Encode
                | Function::Format
                | Function::Hash
                | Function::JsonToString
                | Function::Uuid
        )
    }
}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a call has no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A path given as an argument has no value.
    #[error(
        "The function '{call}' had the following error: \
         The JsonPath argument for the field '{path}' could not be found in the input '{input}'"
    )]
    Path {
        /// The call.
        call: String,
        /// The path.
        path: String,
        /// The JSON text of `$`.
        input: String,
        /// What went wrong with the path.
        source: Box<path::Error>,
    },
    /// The function does not accept its arguments.
    #[error("The function '{call}' had the following error: {reason}")]
    Function {
        /// The call.
        call: String,
        /// What is wrong.
        reason: String,
    },
}

impl Error {
    /// The error name that a `Catch` sees: `States.Runtime` or `States.IntrinsicFailure`.
    pub fn name(&self) -> &'static str {
        match self {
            Error::Path { .. } => "States.Runtime",
            Error::Function { .. } => "States.IntrinsicFailure",
        }
    }
}

impl Call {
    /// Whether `text` looks like a call rather than a path.
    pub fn is_call(text: &str) -> bool {
        text.starts_with("States.")
    }

    /// Parses `text`.
    ///
    /// # Errors
    ///
    /// When the function does not exist, its arguments are too few or too many, a string has an escape
    /// other than `\'`, `\{`, `\}` and `\\`, or there are more calls than [`MAX_CALLS`].
    pub fn parse(text: &str) -> Result<Call, ParseError> {
        parse::call(text)
    }

    /// The text this was parsed from.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// The outermost function.
    pub fn function(&self) -> Function {
        self.0.function
    }

    /// Every path in it, nested calls included, in the order they are written.
    pub fn paths(&self) -> Vec<&Path> {
        let mut paths = Vec::new();
        self.collect_paths(&mut paths);
        paths
    }

    fn collect_paths<'c>(&'c self, paths: &mut Vec<&'c Path>) {
        for argument in &self.0.arguments {
            match argument {
                Argument::Path(path) => paths.push(path),
                Argument::Call(call) => call.collect_paths(paths),
                Argument::Text(_) | Argument::Literal(_) => {}
            }
        }
    }

    /// Its value.
    ///
    /// # Errors
    ///
    /// When a path has no value ([`Error::Path`]), or the function refuses its arguments ([`Error::Function`]).
    pub fn evaluate(&self, scope: &Scope<'_>, env: &mut dyn Environment) -> Result<Value, Error> {
        let arguments = self
            .0
            .arguments
            .iter()
            .map(|argument| self.argument(argument, scope, env));
        let arguments = arguments.collect::<Result<Vec<_>, Error>>()?;
        let result = match (self.0.function, &self.0.arguments[..]) {
            (Function::Format, [Argument::Text(template), ..]) => {
                format::format(template, &arguments[1..])
            }
            (function, _) => evaluate::apply(function, &arguments, env),
        };
        result.map_err(|reason| Error::Function {
            call: self.0.text.clone(),
            reason,
        })
    }

    fn argument<'v>(
        &'v self,
        argument: &'v Argument,
        scope: &Scope<'v>,
        env: &mut dyn Environment,
    ) -> Result<Cow<'v, Value>, Error> {
        match argument {
            Argument::Text(raw) => Ok(Cow::Owned(Value::String(parse::unescaped(raw)))),
            Argument::Literal(value) => Ok(Cow::Borrowed(value)),
            Argument::Call(call) => call.evaluate(scope, env).map(Cow::Owned),
            Argument::Path(path) => path.evaluate(scope).map_err(|source| Error::Path {
                call: self.0.text.clone(),
                path: path.to_string(),
                input: scope.input.to_string(),
                source: Box::new(source),
            }),
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text)
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({:?})", self.0.text)
    }
}

impl PartialEq for Call {
    fn eq(&self, other: &Call) -> bool {
        self.0.text == other.0.text
    }
}

impl Eq for Call {}

#[cfg(test)]
mod tests;
