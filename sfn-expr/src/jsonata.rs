//! JSONata as Step Functions evaluates it: version 2.0.6 without `$eval`, with functions of its own.
//!
//! ```
//! use serde_json::json;
//! use sfn_expr::{Environment, NoVariables};
//! use sfn_expr::jsonata::{Bindings, Expression, expression_in};
//!
//! # struct Fixed;
//! # impl Environment for Fixed {
//! #     fn now_millis(&mut self) -> i64 { 0 }
//! #     fn random(&mut self) -> f64 { 0.5 }
//! #     fn uuid(&mut self) -> String { "00000000-0000-4000-8000-000000000000".to_owned() }
//! # }
//! let text = expression_in("{% $sum($states.input.lines.price) %}").expect("it is an expression");
//! let expression = Expression::parse(text)?;
//!
//! let (input, context) = (json!({"lines": [{"price": 2}, {"price": 5}]}), json!({}));
//! let bindings = Bindings::new(&input, &context);
//! assert_eq!(expression.evaluate(&bindings, &mut Fixed)?, Some(json!(7)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;
use std::sync::Arc;

use jsonata_core::ast::AstNode;
use jsonata_core::value::JValue;
use serde_json::Value;

use crate::{Context, Environment, NoVariables, Variables};

mod check;
mod convert;
mod evaluate;
mod failure;
mod functions;
mod message;
mod names;
mod needs;
mod plain;
mod rewrite;
mod template;

pub use failure::{Failure, ValueType};
pub use names::FUNCTIONS;
pub use template::{Template, TemplateParseError};

use functions::Functions;
use needs::Needs;
use plain::{Outcome, Plain};

/// The expression in a field's text, if it is one: a text that starts with `{%` and ends with `%}`.
///
/// Blanks inside the marks do not count; blanks outside make it an ordinary text.
pub fn expression_in(text: &str) -> Option<&str> {
    text.strip_prefix("{%")?.strip_suffix("%}").map(str::trim)
}

/// A parsed expression, cheap to clone and to evaluate many times, on any thread.
#[derive(Clone)]
pub struct Expression(Arc<Parsed>);

struct Parsed {
    text: String,
    ast: AstNode,
    /// The same as the evaluator has to be given it, where that differs.
    guarded: Option<AstNode>,
    /// The same, where it is simple enough to be evaluated on the data itself.
    plain: Option<Plain>,
    needs: Needs,
    functions: Functions,
}

/// Why a text is no expression that Step Functions accepts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// It is not JSONata.
    #[error("INVALID_JSONATA_EXPRESSION: {message}")]
    Invalid {
        /// The JSONata error code, such as `S0201`; empty where there is none.
        code: String,
        /// The parser's message, which is all Step Functions shows.
        message: String,
    },
    /// It is JSONata, but of a kind that Step Functions refuses.
    #[error("UNSUPPORTED_JSONATA_EXPRESSION: {message}")]
    Unsupported {
        /// What it refuses.
        message: String,
    },
}

/// What an expression can see.
#[derive(Clone, Copy)]
pub struct Bindings<'a> {
    /// `$states.input`: the state's input.
    pub input: &'a Value,
    /// `$states.result`: the result of a Task, Map or Parallel state, once there is one.
    pub result: Option<&'a Value>,
    /// `$states.errorOutput`: in a catcher, the error it caught.
    pub error_output: Option<&'a Value>,
    /// `$states.context`: the context object.
    pub context: &'a dyn Context,
    /// `$name`: the variables.
    pub variables: &'a dyn Variables,
}

impl<'a> Bindings<'a> {
    /// Bindings of an input and the context object, without result, error or variables.
    pub fn new(input: &'a Value, context: &'a dyn Context) -> Self {
        Bindings {
            input,
            result: None,
            error_output: None,
            context,
            variables: &NoVariables,
        }
    }

    /// The same with `$states.result`.
    #[must_use]
    pub fn with_result(mut self, result: &'a Value) -> Self {
        self.result = Some(result);
        self
    }

    /// The same with `$states.errorOutput`.
    #[must_use]
    pub fn with_error_output(mut self, error_output: &'a Value) -> Self {
        self.error_output = Some(error_output);
        self
    }

    /// The same with `variables`.
    #[must_use]
    pub fn with_variables(mut self, variables: &'a dyn Variables) -> Self {
        self.variables = variables;
        self
    }
}

impl fmt::Debug for Bindings<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bindings")
            .field("input", self.input)
            .field("result", &self.result)
            .field("error_output", &self.error_output)
            .finish_non_exhaustive()
    }
}

/// Why an expression has no value. All are `States.QueryEvaluationError` in Step Functions.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvalError {
    /// The expression failed with a JSONata error, such as `T2001`.
    #[error("{code}: {message}")]
    Thrown {
        /// The JSONata error code.
        code: String,
        /// The message that goes with it.
        message: String,
    },
    /// It nested too deep, took too long or held too much.
    #[error("{message}")]
    Limit {
        /// Which limit.
        message: String,
    },
    /// Its value is a function, which is no JSON.
    #[error("the value is a function")]
    Function,
}

impl Expression {
    /// Parses an expression, without its `{%` and `%}`.
    ///
    /// # Errors
    ///
    /// When it is not JSONata 2.0.6, or refers to a context item (`$`, `$$` or a bare name at the top
    /// level), of which Step Functions has none.
    pub fn parse(text: &str) -> Result<Expression, ParseError> {
        let expression = Expression::parse_any(text)?;
        check::top_level(&expression.0.ast)?;
        Ok(expression)
    }

    /// Parses without refusing references to a context item; they are undefined then.
    pub(crate) fn parse_any(text: &str) -> Result<Expression, ParseError> {
        let mut ast =
            jsonata_core::parser::parse(text).map_err(|error| message::of_parser(&error, text))?;
        check::version(&ast)?;
        rewrite::read_as_reference(&mut ast);
        Ok(Expression(Arc::new(Parsed {
            text: text.to_owned(),
            plain: Plain::of(&ast),
            needs: Needs::of(&ast),
            functions: Functions::used_by(&ast),
            guarded: rewrite::for_evaluator(&ast),
            ast,
        })))
    }

    /// The text this was parsed from.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// The names of the variables it may read, without `states` and without the `$`, sorted.
    ///
    /// Names that the expression itself defines (`$x := …`, a function's parameters) are among them.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.0.needs.variables()
    }

    /// Whether it may read `$states.NAME`: `input`, `result`, `errorOutput` or `context`.
    pub fn reads_states(&self, name: &str) -> bool {
        self.0.needs.states(name)
    }

    /// Its value; `None` when that is undefined.
    ///
    /// # Errors
    ///
    /// When it fails, exceeds a limit, or gives a function.
    pub fn evaluate(
        &self,
        bindings: &Bindings<'_>,
        env: &mut dyn Environment,
    ) -> Result<Option<Value>, EvalError> {
        if let Some(plain) = &self.0.plain
            && let Outcome::Known(value) = plain.evaluate(bindings)
        {
            return Ok(value);
        }
        self.evaluate_fully(bindings, env)
    }

    /// The same by the general evaluator alone.
    pub(crate) fn evaluate_fully(
        &self,
        bindings: &Bindings<'_>,
        env: &mut dyn Environment,
    ) -> Result<Option<Value>, EvalError> {
        evaluate::run(
            &self.0,
            &JValue::Undefined,
            bindings,
            env,
            evaluate::Limits::AWS,
        )
    }

    /// Its value for the field `field`, which must have one.
    ///
    /// `field` is the place in the state as Step Functions tells it: `Output/a/b[0]`, `Choices[1]/Condition`.
    ///
    /// # Errors
    ///
    /// When it fails or its value is undefined; the failure carries the text Step Functions shows.
    pub fn evaluate_field(
        &self,
        field: &str,
        bindings: &Bindings<'_>,
        env: &mut dyn Environment,
    ) -> Result<Value, Failure> {
        match self.evaluate(bindings, env) {
            Ok(Some(value)) => Ok(value),
            Ok(None) => Err(Failure::undefined(self, field)),
            Err(error) => Err(Failure::thrown(self, field, &error)),
        }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text)
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expression({:?})", self.0.text)
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Expression) -> bool {
        self.0.text == other.0.text
    }
}

impl Eq for Expression {}

#[cfg(test)]
mod tests;
