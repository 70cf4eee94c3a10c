use crate::service::{self, ErrorKind};

/// Why an execution could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// There is no state machine of that name. Create it with
    /// [`Client::ensure`](crate::Client::ensure) first.
    #[error("state machine `{machine}` does not exist")]
    NoSuchMachine {
        /// The name or ARN that was given.
        machine: String,
    },
    /// There was an execution of that name, with another input or already ended. Names are free
    /// again 90 days after.
    #[error("there is an execution named `{name}` already")]
    NameTaken {
        /// The execution's name.
        name: String,
    },
    /// The input cannot be written as JSON.
    #[error("the input cannot be written as JSON")]
    Input(#[source] serde_json::Error),
    /// The input is larger than an execution may be given.
    #[error("the input has {bytes} bytes, and an execution takes {limit} at most", limit = crate::worker::PAYLOAD_LIMIT)]
    TooLarge {
        /// Its size as JSON.
        bytes: usize,
    },
    /// A [`Large`](crate::Large) value of the input could not be stored.
    #[error("a large value of the input could not be stored")]
    Large(#[source] crate::large::Error),
    /// The service refused, or did not answer.
    #[error("the execution could not be started")]
    Service(#[source] service::Error),
}

impl StartError {
    pub(super) fn from_service(error: service::Error, machine: &str, name: &str) -> Self {
        match error.kind() {
            ErrorKind::NotFound => Self::NoSuchMachine {
                machine: machine.to_owned(),
            },
            ErrorKind::AlreadyExists => Self::NameTaken {
                name: name.to_owned(),
            },
            _ => Self::Service(error),
        }
    }
}

/// Why an execution gave no output.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// It was never started.
    #[error(transparent)]
    Start(#[from] StartError),
    /// It failed.
    #[error("{}", failed(.state.as_deref(), .error, .cause))]
    Failed {
        /// The state that failed; `None` when the execution did so outside of any.
        state: Option<String>,
        /// The error's name; empty when the definition gives none.
        error: String,
        /// What was said of it; empty when nothing was.
        cause: String,
        /// The execution's ARN.
        execution: String,
    },
    /// It took longer than its state machine allows.
    #[error("the execution took longer than its state machine allows")]
    TimedOut {
        /// The execution's ARN.
        execution: String,
    },
    /// Somebody stopped it.
    #[error("the execution was stopped{}", reason(.error, .cause))]
    Aborted {
        /// The error's name that the caller gave; empty when none was.
        error: String,
        /// What the caller said; empty when nothing was.
        cause: String,
        /// The execution's ARN.
        execution: String,
    },
    /// It succeeded, but its output is not what the workflow promises.
    #[error("the execution's output is not what was expected")]
    BadOutput {
        /// The execution's ARN.
        execution: String,
        /// What does not fit.
        #[source]
        source: serde_json::Error,
    },
    /// It succeeded, and a [`Large`](crate::Large) value of its output could not be read from the store.
    #[error("a large value of the execution's output could not be read")]
    Large {
        /// The execution's ARN.
        execution: String,
        /// What happened.
        #[source]
        source: crate::large::Error,
    },
    /// The service refused, or did not answer. The execution may go on.
    #[error("the end of the execution could not be waited for")]
    Service(#[source] service::Error),
}

impl RunError {
    /// The execution's ARN, where there is one.
    pub fn execution(&self) -> Option<&str> {
        match self {
            Self::Failed { execution, .. }
            | Self::TimedOut { execution }
            | Self::Aborted { execution, .. }
            | Self::BadOutput { execution, .. }
            | Self::Large { execution, .. } => Some(execution),
            Self::Start(_) | Self::Service(_) => None,
        }
    }
}

fn failed(state: Option<&str>, error: &str, cause: &str) -> String {
    let mut text = match state {
        Some(state) => format!("state `{state}` failed"),
        None => "the execution failed".to_owned(),
    };
    if !error.is_empty() {
        text.push_str(&format!(" with `{error}`"));
    }
    if !cause.is_empty() {
        text.push_str(": ");
        text.push_str(cause);
    }
    text
}

fn reason(error: &str, cause: &str) -> String {
    match (error, cause) {
        ("", "") => String::new(),
        (error, "") => format!(" with `{error}`"),
        ("", cause) => format!(": {cause}"),
        (error, cause) => format!(" with `{error}`: {cause}"),
    }
}
