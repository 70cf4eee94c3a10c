//! Lambda functions, as the embedding program provides them.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// A future that gives `T`.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// A call of a Lambda function.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LambdaInvocation {
    /// The function as the state machine names it: an ARN, perhaps with a qualifier, or a bare name.
    pub function: String,
    /// The version or alias, where the state machine gives it apart from the function.
    pub qualifier: Option<String>,
    /// What the function gets, JSON text.
    pub payload: Arc<str>,
    /// Whether nobody waits for the answer (`InvocationType` is `Event`).
    pub asynchronous: bool,
}

impl LambdaInvocation {
    /// A call of `function` with `payload`, waiting for the answer.
    pub fn new(function: impl Into<String>, payload: impl Into<Arc<str>>) -> Self {
        LambdaInvocation {
            function: function.into(),
            qualifier: None,
            payload: payload.into(),
            asynchronous: false,
        }
    }
}

/// Why a Lambda function gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LambdaError {
    /// The function ran and failed: its answer, JSON text with `errorType` and `errorMessage`.
    #[error("the function failed: {payload}")]
    Function {
        /// The answer.
        payload: String,
    },
    /// The function was not run, or its end is unknown: the error's name, such as `Lambda.TooManyRequestsException`.
    #[error("{error}: {cause}")]
    Service {
        /// The name, which `Retry` and `Catch` match.
        error: String,
        /// What happened.
        cause: String,
    },
}

/// Runs Lambda functions for the engine: both `arn:aws:lambda:…:function:…` and `arn:aws:states:::lambda:invoke`.
///
/// The handler is called when the task was scheduled and is dropped when its time is over.
pub trait LambdaHandler: Send + Sync + 'static {
    /// Calls the function; `None` when this handler does not know it (the task then fails and says how to mock it).
    ///
    /// The answer is JSON text. The future does the work: `invoke` itself is asked while the engine is in the middle
    /// of a step and must neither take time nor call the engine.
    fn invoke(&self, call: LambdaInvocation) -> Option<BoxFuture<Result<String, LambdaError>>>;
}
