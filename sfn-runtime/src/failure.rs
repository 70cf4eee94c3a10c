//! How a step fails.

/// What a failed step reports: the error name that retriers and catchers match, and the cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The stable name, at most 256 characters.
    pub error: String,
    /// What happened, for people; JSON text when the error carries data. At most 32,768 characters.
    pub cause: String,
}

/// One error a step may raise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorMeta {
    /// The variant's name in the source.
    pub variant: &'static str,
    /// The stable name that retriers and catchers match.
    pub name: &'static str,
    /// Whether a `retry(..)` without `on(..)` covers it.
    pub retryable: bool,
}

/// An error that a step may return.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an error that a step may return",
    label = "its variants have no error names",
    note = "help: add `#[derive(StepError)]` to `{Self}`, or return `sfn_runtime::Failure`"
)]
pub trait StepError: Send + 'static {
    /// Every error of this type; empty when the names are not known beforehand.
    const ERRORS: &'static [ErrorMeta];

    /// What is reported for this value.
    fn failure(&self) -> Failure;
}

/// Marks that a step can raise the errors of `E`; the bound behind `on(E::Variant)`.
#[diagnostic::on_unimplemented(
    message = "this step cannot raise `{E}`: it fails with `{Self}`",
    label = "not an error of this step",
    note = "help: name a variant of `{Self}`, or one of the built-in names such as `Timeout`"
)]
pub trait Raises<E> {}

impl<E: StepError> Raises<E> for E {}
