//! How a step fails.

mod lambda;
mod table;
#[cfg(test)]
mod tests;

use std::{convert::Infallible, error::Error, fmt, io};

use serde::Serialize;
use serde_json::{Value, json};

use crate::Shape;

pub(crate) use lambda::own_cause;
pub use table::{
    DataField, ErrorPart, NoPayload, OfPayload, Probe, counted, data_array, data_object, joined,
};

/// What a failed step reports: the error name that retriers and catchers match, and the cause.
///
/// A step whose errors are not known beforehand may return it directly.
///
/// ```
/// use sfn_runtime::{step, Failure};
///
/// #[step]
/// fn bake(minutes: u32) -> Result<u32, Failure> {
///     if minutes > 60 {
///         return Err(Failure::new("Burnt", format!("{minutes} minutes are too long")));
///     }
///     Ok(minutes)
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The stable name, at most 256 characters.
    pub error: String,
    /// What happened, for people; JSON text when the error carries data. At most 32,768 characters.
    pub cause: String,
}

/// What Step Functions takes as an error name, in characters.
const MAX_ERROR: usize = 256;
/// What Step Functions takes as a cause, in characters.
const MAX_CAUSE: usize = 32_768;

impl Failure {
    /// The name of errors that have none of their own: texts, boxed errors, `std::io::Error`.
    pub const ERROR: &'static str = "Sfn.Error";
    /// The name of a step that panicked.
    pub const PANIC: &'static str = "Sfn.Panic";
    /// The name of a step whose input did not fit its parameters.
    pub const BAD_INPUT: &'static str = "Sfn.BadInput";
    /// The name of a Lambda function that does not know which step it serves, or lacks what the step asks for.
    pub const MISCONFIGURED: &'static str = "Sfn.Misconfigured";
    /// The name of a step whose result serde could not write.
    pub const BAD_OUTPUT: &'static str = "Sfn.BadOutput";
    /// The name of a step whose result is larger than a state may carry.
    pub const TOO_LARGE: &'static str = "Sfn.TooLarge";

    /// What a handler gives when somebody else will answer: no failure, and never reported.
    pub(crate) const PENDING: &'static str = "Sfn.Pending";

    /// The name of a step whose [`Large`](crate::Large) values could not be stored, or read again.
    pub const STORE: &'static str = "Sfn.Store";

    /// A failure of this name and cause, each cut to what Step Functions takes (256 and 32,768
    /// characters).
    pub fn new(error: impl Into<String>, cause: impl Into<String>) -> Self {
        let mut failure = Failure {
            error: error.into(),
            cause: cause.into(),
        };
        cut(&mut failure.error, MAX_ERROR);
        cut(&mut failure.cause, MAX_CAUSE);
        failure
    }

    /// A result larger than a state may carry; sizes in bytes.
    pub fn too_large(step: &str, size: usize, limit: usize) -> Self {
        Failure::new(
            Failure::TOO_LARGE,
            format!(
                "step `{step}` returned {size} bytes of JSON, and a state carries at most {limit}; \
                 wrap what is large in `Large`, which keeps it in a store"
            ),
        )
    }
}

fn cut(text: &mut String, most: usize) {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.error, self.cause)
    }
}

impl Error for Failure {}

/// A part of an error's text, as `#[error("…")]` has it. A Fail state that fills in the fields writes the text itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessagePart {
    /// As it is.
    Text(&'static str),
    /// The text of a field; its index where it has no name.
    Field(&'static str),
}

/// One error a step may raise.
#[derive(Debug, Clone, Copy)]
pub struct ErrorMeta {
    /// The variant's name in the source; empty for an error that is no enum's.
    pub variant: &'static str,
    /// The stable name that retriers and catchers match.
    pub name: &'static str,
    /// Whether a `retry(..)` without `on(..)` covers it.
    pub retryable: bool,
    /// What of its fields the cause carries; `None` where nothing but the text survives.
    pub data: Option<fn() -> Shape>,
    /// Its text, where that is made of nothing but its fields; see [`MessagePart`].
    pub message: Option<&'static [MessagePart]>,
    /// The error that it wraps, where the variant is `#[step_error(transparent)]`; the name is that one's.
    pub within: Option<&'static ErrorMeta>,
}

impl ErrorMeta {
    /// An error that carries nothing but its text.
    #[must_use]
    pub const fn new(variant: &'static str, name: &'static str, retryable: bool) -> Self {
        ErrorMeta {
            variant,
            name,
            retryable,
            data: None,
            message: None,
            within: None,
        }
    }

    /// The same error, whose text is made of these parts.
    #[must_use]
    pub const fn with_message(self, message: &'static [MessagePart]) -> Self {
        ErrorMeta {
            message: Some(message),
            ..self
        }
    }

    /// The same error, whose cause carries data of this shape.
    #[must_use]
    pub const fn with_data(self, shape: fn() -> Shape) -> Self {
        ErrorMeta {
            data: Some(shape),
            ..self
        }
    }
}

/// An error that a step may return.
///
/// `#[derive(StepError)]` gives each variant of an enum a stable name, `Enum.Variant` unless
/// `#[step_error(name = "…")]` says otherwise. The cause is the error's text, followed by its
/// sources' texts.
///
/// On a variant or the type:
///
/// | option | means |
/// |---|---|
/// | `name = "…"` | the stable name; on an enum, what stands before `.Variant` |
/// | `retryable = false` | a `retry(..)` without `on(..)` does not cover it |
/// | `data` | the cause is JSON text, `{"message": …, "data": …}`, with the fields as data; each must be `Serialize` |
/// | `transparent` | on a variant that holds one other [`StepError`]: name, cause, data and retries are that one's |
/// | `crate = ::path` | where the runtime is, if not at `::sfn_runtime` |
///
/// A transparent variant is what `?` converts into, in a `#[state_machine]` body and in any function: the derive writes
/// the `From`, unless the field has `#[from]`, which is thiserror's. See [`Wraps`].
///
/// ```
/// use sfn_runtime::StepError;
///
/// #[derive(Debug, thiserror::Error, StepError)]
/// enum OvenError {
///     #[error("the oven is busy")]
///     Busy,
///     #[error("burnt after {minutes} minutes")]
///     #[step_error(name = "Burnt", retryable = false, data)]
///     Burnt { minutes: u32 },
/// }
///
/// assert_eq!(OvenError::Busy.failure().error, "OvenError.Busy");
/// let burnt = OvenError::Burnt { minutes: 40 }.failure();
/// assert_eq!(burnt.error, "Burnt");
/// assert_eq!(burnt.cause, r#"{"message":"burnt after 40 minutes","data":{"minutes":40}}"#);
///
/// #[derive(Debug, thiserror::Error, StepError)]
/// enum PizzaError {
///     #[error(transparent)]
///     #[step_error(transparent)]
///     Oven(OvenError),
///     #[error("nobody ordered it")]
///     NoOrder,
/// }
///
/// assert_eq!(PizzaError::from(OvenError::Busy).failure().error, "OvenError.Busy");
/// assert_eq!(PizzaError::ERRORS.len(), 3);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an error that a step may return",
    label = "its variants have no error names",
    note = "help: add `#[derive(StepError)]` to `{Self}`, or return `sfn_runtime::Failure`"
)]
pub trait StepError: Send + 'static {
    /// Every error of this type.
    ///
    /// A type whose names are not known beforehand, such as [`Failure`], has one entry named
    /// `States.TaskFailed`, which retriers and catchers take for any failure of a task.
    const ERRORS: &'static [ErrorMeta];

    /// What is reported for this value.
    fn failure(&self) -> Failure;
}

/// An error type that an error `E` becomes without losing its name, cause or data.
///
/// It is what `?` and `.into()` ask for in a `#[state_machine]` body, where an error keeps the name under which Step
/// Functions knows it. `#[derive(StepError)]` implements it for the type itself, for each variant marked
/// `#[step_error(transparent)]`, and for [`Failure`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not wrap `{E}`",
    label = "an error of `{E}` cannot end a function that fails with `{Self}`",
    note = "help: give `{Self}` a variant that holds `{E}`, marked `#[step_error(transparent)]`, or match the error here"
)]
pub trait Wraps<E>: Sized {
    /// The same error, as this type.
    fn wrap(error: E) -> Self;
}

#[diagnostic::do_not_recommend]
impl<F: StepError> Wraps<Infallible> for F {
    fn wrap(error: Infallible) -> Self {
        match error {}
    }
}

#[diagnostic::do_not_recommend]
impl Wraps<Failure> for Failure {
    fn wrap(error: Failure) -> Self {
        error
    }
}

/// Marks that a step can raise the errors of `E`; the bound behind `on(E::Variant)`.
#[diagnostic::on_unimplemented(
    message = "this step cannot raise `{E}`: it fails with `{Self}`",
    label = "not an error of this step",
    note = "help: name a variant of `{Self}`, or one of the built-in names such as `Timeout`"
)]
pub trait Raises<E> {}

impl<E: StepError> Raises<E> for E {}

#[diagnostic::do_not_recommend]
impl StepError for Failure {
    const ERRORS: &'static [ErrorMeta] = &[ErrorMeta::new("", "States.TaskFailed", true)];

    fn failure(&self) -> Failure {
        Failure::new(self.error.clone(), self.cause.clone())
    }
}

#[diagnostic::do_not_recommend]
impl StepError for Infallible {
    const ERRORS: &'static [ErrorMeta] = &[];

    fn failure(&self) -> Failure {
        match *self {}
    }
}

macro_rules! unnamed {
    ($($type:ty: |$error:ident| $cause:expr;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl StepError for $type {
            const ERRORS: &'static [ErrorMeta] = &[ErrorMeta::new("", Failure::ERROR, true)];

            fn failure(&self) -> Failure {
                let $error = self;
                Failure::new(Failure::ERROR, $cause)
            }
        }

        #[diagnostic::do_not_recommend]
        impl Wraps<$type> for $type {
            fn wrap(error: $type) -> Self {
                error
            }
        }

        #[diagnostic::do_not_recommend]
        impl Wraps<$type> for Failure {
            fn wrap(error: $type) -> Self {
                error.failure()
            }
        }
    )*};
}

unnamed! {
    String: |error| error.as_str();
    &'static str: |error| *error;
    io::Error: |error| with_sources(error);
    Box<dyn Error + Send + Sync>: |error| with_sources(error.as_ref());
    Box<dyn Error + Send>: |error| with_sources(error.as_ref());
}

/// The text of an error; the bound behind `#[derive(StepError)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an error: it has no text",
    label = "does not implement `std::error::Error`",
    note = "the text becomes the failure's cause, which is what people read in the history",
    note = "help: add `#[derive(Debug, thiserror::Error)]` with `#[error(\"…\")]` for each case, or implement `Display` and `std::error::Error`"
)]
pub trait Message {
    /// The text, and those of its sources.
    fn message(&self) -> String;
}

#[diagnostic::do_not_recommend]
impl<T: Error> Message for T {
    fn message(&self) -> String {
        with_sources(self)
    }
}

/// A failure whose cause is JSON text: `{"message": …, "data": …}`.
pub fn failure_with_data(name: &str, message: String, data: Value) -> Failure {
    let cause = json!({"message": message, "data": data}).to_string();
    // Cut JSON is no JSON, so the message goes alone where the data is too large.
    match cause.chars().nth(MAX_CAUSE) {
        Some(_) => Failure::new(name, message),
        None => Failure::new(name, cause),
    }
}

/// A field as JSON; `null` where serde cannot write it: an error must not fail on its way.
pub fn to_json(field: &impl Serialize) -> Value {
    serde_json::to_value(field).unwrap_or(Value::Null)
}

/// The fields of an error that have names.
pub fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(
        fields
            .map(|(name, value)| (name.to_owned(), value))
            .into_iter()
            .collect(),
    )
}

/// The fields of an error that have no names.
pub fn array<const N: usize>(fields: [Value; N]) -> Value {
    Value::Array(fields.into())
}

/// The error and what caused it: `could not read the order: no such file`.
fn with_sources(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        // Some errors repeat their source in their own text.
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}
