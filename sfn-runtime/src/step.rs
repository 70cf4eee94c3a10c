//! A step: one function that a state runs.

mod handler;
#[cfg(test)]
mod tests;

use std::{any::TypeId, convert::Infallible, future::Future, pin::Pin, time::Duration};

use serde_json::Value;

use crate::{ErrorMeta, Failure, Payload, Providers, Shape, StepContext, StepError};

pub use handler::{
    Arguments, Of, boxed, error_name, finish, output_shape, param_shape, raises, retryable_names,
};

/// A future on the heap.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A function marked `#[step]`. Implemented by the braced struct of the function's name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a step",
    label = "not marked `#[step]`",
    note = "help: put `#[step]` on the function, and import it by its own name"
)]
pub trait Step: 'static {
    /// The parameters that come from JSON, by value, as a tuple: `()`, `(A,)`, `(A, B)`, ….
    type In;
    /// What a pipeline that begins with this step takes: `A` for one parameter, else the tuple.
    type Input: Payload;
    /// What it returns when it succeeds.
    type Out: Payload;
    /// What it returns when it fails.
    type Err: StepError;
    /// All that is known of it before it runs.
    const META: &'static StepMeta;
}

/// A step that takes back what a step has done that gave a `T`; the bound behind `undo = …`.
#[diagnostic::on_unimplemented(
    message = "step `{Self}` cannot take back what this step does",
    label = "does not take a `{T}` alone, which is what the step gives",
    note = "help: let it take what the step returns, or nothing"
)]
pub trait Undoes<T> {}

#[diagnostic::do_not_recommend]
impl<S: Step, T> Undoes<T> for S where S::In: Takes<T> {}

/// A step that takes back what a step has done, given the values of `P`, a tuple; the bound behind `undo = …(input)`.
#[diagnostic::on_unimplemented(
    message = "step `{Self}` cannot take back what this step does",
    label = "does not take `{P}`, which is what it is given",
    note = "help: let it take the step's own parameters, and behind them, for `(input, output)`, what the step returns"
)]
pub trait UndoesWith<P> {}

#[diagnostic::do_not_recommend]
impl<S: Step<In = P>, P> UndoesWith<P> for S {}

/// Parameters that a value is enough for.
#[doc(hidden)]
pub trait Takes<T> {}

impl<T> Takes<T> for (T,) {}

impl<T> Takes<T> for () {}

/// What a step may return: a payload, or a `Result` of one and a [`StepError`].
pub trait Outcome {
    /// The payload.
    type Ok;
    /// The error; [`std::convert::Infallible`] where there is none.
    type Err;
    /// Both forms as one.
    ///
    /// # Errors
    ///
    /// The step's own error.
    fn into_result(self) -> Result<Self::Ok, Self::Err>;
    /// Whether it is an error.
    fn failed(&self) -> bool;
}

impl<T: Payload> Outcome for T {
    type Ok = T;
    type Err = Infallible;

    fn into_result(self) -> Result<T, Infallible> {
        Ok(self)
    }

    fn failed(&self) -> bool {
        false
    }
}

// Without bounds, so that a `Result` always is an outcome, and what is wrong with its parts is said of them.
impl<T, E> Outcome for Result<T, E> {
    type Ok = T;
    type Err = E;

    fn into_result(self) -> Result<T, E> {
        self
    }

    fn failed(&self) -> bool {
        self.is_err()
    }
}

/// All that is known of a step before it runs.
#[derive(Debug)]
pub struct StepMeta {
    /// The stable name: of its state, its activity, its Lambda function. Unique in the program.
    pub name: &'static str,
    /// The function's name in the source.
    pub ident: &'static str,
    /// The function's module path.
    pub module: &'static str,
    /// The source file.
    pub file: &'static str,
    /// The line of the function's name, from 1.
    pub line: u32,
    /// The first paragraph of its doc comment; empty where there is none.
    pub doc: &'static str,
    /// The parameters that come from JSON, in order.
    pub params: &'static [ParamMeta],
    /// The shape of what it returns.
    pub output: fn() -> Shape,
    /// The errors it may raise.
    pub errors: &'static [ErrorMeta],
    /// Names that it had before: a worker takes their activities' tasks as well.
    pub aliases: &'static [&'static str],
    /// The retriers that travel with it, in order.
    pub retries: &'static [RetryMeta],
    /// How long one attempt may take.
    pub timeout: Option<Duration>,
    /// How long it may stay silent. The worker heartbeats by itself, well within it.
    pub heartbeat: Option<Duration>,
    /// The step that takes back what this one did, when the machine fails afterwards.
    pub undo: Option<Undo>,
    /// What the runtime must provide at start-up.
    pub injects: &'static [InjectMeta],
    /// Whether the function is `async`. The handler of one that is not blocks its thread while it
    /// runs: a worker polls it where blocking is allowed.
    pub is_async: bool,
    /// Runs it. The future needs no runtime of its own, never panics, and gives the result's JSON.
    pub handler: fn(TaskInput) -> BoxFuture<'static, Result<Value, Failure>>,
}

/// How what a step did is taken back.
#[derive(Debug, Clone, Copy)]
pub struct Undo {
    /// The step that does it.
    pub step: fn() -> &'static StepMeta,
    /// What that step is given.
    pub given: UndoGiven,
}

/// What the step that takes something back is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UndoGiven {
    /// What the step returned, or nothing if it takes nothing.
    Output,
    /// What the step was given: its parameters, in their order.
    Input,
    /// Both: the step's parameters, then what it returned.
    InputAndOutput,
}

impl UndoGiven {
    pub(crate) fn takes_input(self) -> bool {
        self != UndoGiven::Output
    }

    pub(crate) fn takes_output(self) -> bool {
        self != UndoGiven::Input
    }
}

/// A parameter that comes from JSON.
#[derive(Debug)]
pub struct ParamMeta {
    /// Its name in the source, and its key in the task's `input` object.
    pub name: &'static str,
    /// Its shape.
    pub shape: fn() -> Shape,
}

/// A parameter that the runtime provides.
#[derive(Debug)]
pub struct InjectMeta {
    /// Its name in the source.
    pub name: &'static str,
    /// Its type, for messages.
    pub type_name: fn() -> &'static str,
    /// Its type, for the look-up.
    pub type_id: fn() -> TypeId,
}

/// One retrier.
#[derive(Debug)]
pub struct RetryMeta {
    /// The error names it matches.
    pub on: fn() -> Vec<&'static str>,
    /// The wait before the first retry.
    pub interval: Duration,
    /// How many retries at most (not counting the first attempt).
    pub max_attempts: u32,
    /// By what each further wait grows; at least 1.
    pub backoff: f64,
    /// The longest wait.
    pub max_delay: Option<Duration>,
    /// Whether waits are drawn at random up to their length.
    pub jitter: Jitter,
}

/// How waits between attempts are spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jitter {
    /// Not at all.
    None,
    /// Anywhere between nothing and the full wait.
    Full,
}

/// What a worker hands to a step.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TaskInput {
    /// The task's `input` object: a key a parameter.
    pub input: Value,
    /// Where the step finds itself.
    pub context: StepContext,
    /// What `#[inject]` parameters are taken from.
    pub providers: Providers,
}

impl TaskInput {
    /// The input of a task, with nothing provided.
    pub fn new(input: Value, mut context: StepContext) -> Self {
        context.mark_input(&input);
        TaskInput {
            input,
            context,
            providers: Providers::default(),
        }
    }

    /// Reads what a definition of ours sends to an activity or a function:
    /// `{"input": {…}, "context": {"execution", "name", "state", "attempt", "started"}}`.
    /// What is absent in the context stays empty, so that a step can be called by hand.
    ///
    /// # Errors
    ///
    /// `Sfn.BadInput` when it is no such object.
    pub fn from_envelope(mut envelope: Value) -> Result<Self, Failure> {
        match envelope.get_mut("input").map(Value::take) {
            Some(input) => Ok(TaskInput::new(
                input,
                StepContext::read(&envelope["context"]),
            )),
            None => Err(Failure::new(
                Failure::BAD_INPUT,
                "the task's input is not an object with the keys `input` and `context`",
            )),
        }
    }

    /// The same input, with these values for the `#[inject]` parameters.
    #[must_use]
    pub fn with_providers(mut self, providers: Providers) -> Self {
        self.providers = providers;
        self
    }
}
