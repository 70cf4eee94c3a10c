//! What the API answers: a status and a JSON body.

use serde_json::{Value, json};

/// One answer of the API.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The HTTP status: 200, or 400 and above for an error.
    pub status: u16,
    /// The body. Errors carry `__type` and `message`.
    pub body: Value,
}

/// Why a request got no result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The engine refused it.
    #[error(transparent)]
    Engine(#[from] sfn_engine::Error),
    /// The operation's name is not one of the API.
    #[error("`{0}` is no operation of AWS Step Functions")]
    UnknownOperation(String),
    /// The body is not what the protocol says.
    #[error("{0}")]
    Serialization(String),
    /// A browser page may have sent it, or it came to another name than this machine's.
    #[error("{0}")]
    Forbidden(String),
    /// It carries no `Authorization` header of the form that SDKs send.
    #[error("{0}")]
    Unsigned(String),
    /// The body is larger than any request of the API may be.
    #[error("the request is larger than {0} bytes")]
    TooLarge(usize),
}

/// The model's own errors, and those that its constraints raise, live in different namespaces; SDKs read what stands
/// after the `#`. Source: recorded answers.
const MODEL: &str = "com.amazonaws.swf.service.v2.model";
const VALIDATION: &str = "com.amazon.coral.validate";
const SERVICE: &str = "com.amazon.coral.service";

impl Failure {
    fn status(&self) -> u16 {
        match self {
            Failure::Engine(sfn_engine::Error::Store(_)) => 500,
            Failure::Forbidden(_) | Failure::Unsigned(_) => 403,
            Failure::TooLarge(_) => 413,
            Failure::Engine(_) | Failure::UnknownOperation(_) | Failure::Serialization(_) => 400,
        }
    }

    fn kind(&self) -> String {
        let (namespace, code) = match self {
            Failure::Engine(sfn_engine::Error::Refused { .. }) => (MODEL, "ValidationException"),
            Failure::Engine(error) => match error.code() {
                "ValidationException" => (VALIDATION, "ValidationException"),
                "InternalFailure" => (SERVICE, "InternalFailure"),
                code => (MODEL, code),
            },
            Failure::UnknownOperation(_) => (SERVICE, "UnknownOperationException"),
            Failure::Serialization(_) => (SERVICE, "SerializationException"),
            Failure::Forbidden(_) => (SERVICE, "AccessDeniedException"),
            Failure::Unsigned(_) => (SERVICE, "MissingAuthenticationTokenException"),
            Failure::TooLarge(_) => (SERVICE, "RequestEntityTooLargeException"),
        };
        format!("{namespace}#{code}")
    }
}

impl From<Failure> for Answer {
    fn from(failure: Failure) -> Self {
        let mut body = json!({ "__type": failure.kind(), "message": failure.to_string() });
        if let Failure::Engine(sfn_engine::Error::Refused { reason, .. }) = &failure {
            body["reason"] = reason.as_str().into();
        }
        Answer {
            status: failure.status(),
            body,
        }
    }
}
