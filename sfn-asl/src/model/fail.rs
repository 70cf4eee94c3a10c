//! The states that end a flow: Succeed and Fail.

/// Ends its flow well.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Succeed;

/// Ends the execution with an error.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fail {
    /// The error's name; JSONata allows an expression.
    pub error: Option<String>,
    /// JSONPath: where the error's name is, or an intrinsic function that gives it.
    pub error_path: Option<String>,
    /// What happened; JSONata allows an expression.
    pub cause: Option<String>,
    /// JSONPath: where it is told what happened, or an intrinsic function that tells it.
    pub cause_path: Option<String>,
}

impl Fail {
    /// Fails with that error and cause.
    #[must_use]
    pub fn with(error: impl Into<String>, cause: impl Into<String>) -> Self {
        Self {
            error: Some(error.into()),
            cause: Some(cause.into()),
            ..Self::default()
        }
    }
}
