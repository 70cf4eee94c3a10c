use std::sync::Arc;

/// Why an operation failed.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    kind: ErrorKind,
    message: String,
    #[source]
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// What sort of failure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// There is no such state machine, execution or activity.
    NotFound,
    /// There is one already, and it differs.
    AlreadyExists,
    /// The request breaks a rule: a bad name, ARN, definition or input.
    InvalidRequest,
    /// A task's output is not JSON, or too large.
    InvalidOutput,
    /// The task token, or page token, is not one.
    InvalidToken,
    /// The task token names no task.
    TaskDoesNotExist,
    /// The task has ended: it ran out of time, was answered, or its execution stopped.
    TaskTimedOut,
    /// An account's quota is used up.
    LimitExceeded,
    /// Too many calls in too short a time.
    Throttled,
    /// The caller's credentials do not allow it.
    AccessDenied,
    /// There are no credentials, or they are not valid any more.
    Credentials,
    /// This kind of state machine, or this transport, cannot do it.
    NotSupported,
    /// Another change to the same thing is under way.
    Conflict,
    /// No answer: the network, the address, a time-out.
    Unreachable,
    /// The service failed by itself.
    Internal,
}

impl ErrorKind {
    /// What an error code of the API means.
    #[cfg(any(feature = "local", feature = "aws"))]
    pub(crate) fn of_code(code: &str) -> Self {
        match code {
            "TaskDoesNotExist" => Self::TaskDoesNotExist,
            "TaskTimedOut" => Self::TaskTimedOut,
            "InvalidToken" => Self::InvalidToken,
            "InvalidOutput" => Self::InvalidOutput,
            "ResourceNotFound" => Self::NotFound,
            "ConflictException" | "StateMachineDeleting" => Self::Conflict,
            "StateMachineTypeNotSupported" => Self::NotSupported,
            "InternalFailure" | "InternalError" | "InternalServerError" | "ServiceUnavailable" => {
                Self::Internal
            }
            "ServiceQuotaExceededException" => Self::LimitExceeded,
            "RequestLimitExceeded" | "TooManyRequestsException" => Self::Throttled,
            "UnrecognizedClientException"
            | "InvalidClientTokenId"
            | "ExpiredToken"
            | "ExpiredTokenException"
            | "InvalidSignatureException"
            | "SignatureDoesNotMatch"
            | "IncompleteSignature"
            | "MissingAuthenticationToken"
            | "MissingAuthenticationTokenException" => Self::Credentials,
            _ if code.contains("Throttl") => Self::Throttled,
            _ if code.contains("AccessDenied") => Self::AccessDenied,
            _ if code.ends_with("DoesNotExist") => Self::NotFound,
            _ if code.ends_with("AlreadyExists") => Self::AlreadyExists,
            _ if code.ends_with("LimitExceeded") => Self::LimitExceeded,
            _ => Self::InvalidRequest,
        }
    }
}

impl Error {
    /// An error of that kind, with a message in lower case and without a full stop.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
        }
    }

    /// The same, with what caused it.
    #[must_use]
    pub fn caused_by(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// What sort of failure it is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Whether the same call may succeed later.
    pub fn retryable(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::Throttled
                | ErrorKind::Unreachable
                | ErrorKind::Internal
                | ErrorKind::Conflict
                // They are renewed, by the SDK or by whoever logs in again.
                | ErrorKind::Credentials
        )
    }

    /// Whether the task this answers is over for the worker: nothing it sends will count.
    pub fn ends_task(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::InvalidToken | ErrorKind::TaskDoesNotExist | ErrorKind::TaskTimedOut
        )
    }
}
