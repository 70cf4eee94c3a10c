//! What stands around a step's function when a worker runs it.

use std::{
    any::{Any, type_name},
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
};

use serde_json::{Map, Value};
use serde_path_to_error::Segment;

use super::{BoxFuture, Step, StepMeta, TaskInput};
use crate::{
    ErrorMeta, ErrorName, Failure, Payload, Providers, Raises, Shape, StepContext, StepError,
    payload::in_words,
};

/// A task's input, taken apart into the step's parameters.
#[derive(Debug)]
pub struct Arguments {
    step: &'static StepMeta,
    values: Map<String, Value>,
    context: StepContext,
    providers: Providers,
}

impl Arguments {
    /// # Errors
    ///
    /// `Sfn.BadInput` when the input is no object, and the step takes parameters.
    pub fn read(step: &'static StepMeta, task: TaskInput) -> Result<Self, Failure> {
        let values = match task.input {
            Value::Object(values) => values,
            _ if step.params.is_empty() => Map::new(),
            other => {
                return Err(bad_input(format!(
                    "the input of step `{}` must be an object with a key for each parameter, not {}",
                    step.name,
                    kind(&other)
                )));
            }
        };
        Ok(Arguments {
            step,
            values,
            context: task.context,
            providers: task.providers,
        })
    }

    /// Takes the parameters that come from JSON. An absent key is `None` or `()` where the type
    /// allows it: JSONata leaves out what it finds nothing for.
    ///
    /// # Errors
    ///
    /// `Sfn.BadInput`, with the parameter and the place in it.
    pub fn take<S: Step>(&mut self) -> Result<S::Input, Failure> {
        let mut values = Vec::new();
        for param in S::META.params {
            let value = self.values.remove(param.name);
            values.push(match value {
                Some(value) => value,
                None if matches!((param.shape)(), Shape::Option(_) | Shape::Null) => Value::Null,
                None => return Err(bad_input(format!("parameter `{}` is missing", param.name))),
            });
        }
        // `Input` is the tuple of the parameters, but a single one stands alone.
        let single = values.len() == 1;
        let value = match values.len() {
            0 => Value::Null,
            1 => values.remove(0),
            _ => Value::Array(values),
        };
        serde_path_to_error::deserialize(value).map_err(|error| {
            let mut segments = error.path().iter();
            let param = match (single, S::META.params) {
                (true, [param]) => param.name,
                (_, params) => match segments.next() {
                    Some(Segment::Seq { index }) => params.get(*index).map_or("", |p| p.name),
                    _ => "",
                },
            };
            let place = place(segments);
            let at = match place.is_empty() {
                true => String::new(),
                false => format!(", at `{place}`"),
            };
            let complaint = error.inner().to_string();
            bad_input(format!("parameter `{param}`{at}: {}", in_words(&complaint)))
        })
    }

    /// Takes what the runtime provides for a parameter marked `#[inject]`.
    ///
    /// # Errors
    ///
    /// `Sfn.BadInput` when nobody provided it, which a worker has checked before it started.
    pub fn inject<T: Clone + Send + Sync + 'static>(
        &self,
        name: &'static str,
    ) -> Result<T, Failure> {
        let context = (&self.context as &dyn Any).downcast_ref::<T>().cloned();
        context
            .or_else(|| self.providers.get::<T>())
            .ok_or_else(|| {
                bad_input(format!(
                    "step `{}` asks for `{name}: {}`, which nobody provides",
                    self.step.name,
                    type_name::<T>()
                ))
            })
    }
}

/// `items[0].size`.
fn place<'a>(segments: impl Iterator<Item = &'a Segment>) -> String {
    let mut place = String::new();
    for segment in segments {
        match segment {
            Segment::Seq { index } => place.push_str(&format!("[{index}]")),
            other => {
                if !place.is_empty() {
                    place.push('.');
                }
                place.push_str(&other.to_string());
            }
        }
    }
    place
}

fn bad_input(cause: String) -> Failure {
    Failure::new(Failure::BAD_INPUT, cause)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "`null`",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Writes what the step returned.
///
/// # Errors
///
/// The step's own error; `Sfn.BadOutput` when serde cannot write the value as JSON.
pub fn finish<S: Step>(result: Result<S::Out, S::Err>) -> Result<Value, Failure> {
    let value = result.map_err(|error| error.failure())?;
    if value.is_pending() {
        return Err(Failure::new(Failure::PENDING, "somebody else will answer"));
    }
    serde_json::to_value(value).map_err(|error| {
        Failure::new(
            Failure::BAD_OUTPUT,
            format!("the result cannot be written as JSON: {error}"),
        )
    })
}

/// The future on the heap, where a panic in it becomes `Sfn.Panic` with the panic's message.
pub fn boxed(
    step: impl Future<Output = Result<Value, Failure>> + Send + 'static,
) -> BoxFuture<'static, Result<Value, Failure>> {
    Box::pin(async move {
        let mut step = pin!(step);
        // After a panic the future is dropped, never polled again, so nobody sees it half done.
        poll_fn(move |context| {
            catch_unwind(AssertUnwindSafe(|| step.as_mut().poll(context)))
                .unwrap_or_else(|panic| Poll::Ready(Err(panicked(panic.as_ref()))))
        })
        .await
    })
}

/// The shape of a step's parameter, among those that come from JSON.
pub fn param_shape<S: Step, const INDEX: usize>() -> Shape {
    match S::Input::shape() {
        Shape::Tuple(shapes) if S::META.params.len() > 1 => shapes[INDEX](),
        single => single,
    }
}

/// The shape of what a step returns.
pub fn output_shape<S: Step>() -> Shape {
    S::Out::shape()
}

/// What a step's types say, for expansions: a type that is at fault is then reported where it is
/// declared, and nowhere else.
#[derive(Debug)]
pub struct Of<S>(S);

impl<S: Step> Of<S> {
    /// The errors that the step may raise.
    pub const ERRORS: &'static [ErrorMeta] = <S::Err as StepError>::ERRORS;
}

/// Compiles only where a step that fails with `S` can raise `E`.
pub fn raises<S: Raises<E>, E>() {}

fn panicked(panic: &(dyn Any + Send)) -> Failure {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("the panic carries no text");
    Failure::new(Failure::PANIC, message)
}

/// The error name of a variant in a type's table. The macros have made sure that it exists.
pub const fn error_name(errors: &'static [ErrorMeta], variant: &str) -> &'static str {
    let mut index = 0;
    while index < errors.len() {
        if same(errors[index].variant, variant) {
            if errors[index].within.is_some() {
                panic!(
                    "a transparent variant has no name of its own: name a variant of the error within"
                );
            }
            return errors[index].name;
        }
        index += 1;
    }
    panic!("the variant is not among the type's `StepError::ERRORS`")
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut index = 0;
    while index < a.len() {
        if a[index] != b[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// What a `retry(..)` without `on(..)` covers: the retryable errors of the step, both timeouts, and
/// a worker that stopped.
pub fn retryable_names(errors: &'static [ErrorMeta]) -> Vec<&'static str> {
    let own = errors
        .iter()
        .filter(|error| error.retryable)
        .map(|error| error.name);
    let around = [
        ErrorName::TIMEOUT,
        ErrorName::HEARTBEAT_TIMEOUT,
        ErrorName::WORKER_STOPPED,
    ];
    own.chain(around.map(|error| error.name)).collect()
}
