//! Why an operation was refused: AWS's error codes with AWS's messages.

use crate::store;

/// Why an operation was refused.
///
/// [`Error::code`] gives the name the AWS API uses, and the displayed message is AWS's text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No activity has this ARN.
    #[error("Activity Does Not Exist: '{0}'")]
    ActivityDoesNotExist(String),
    /// A thousand workers poll this activity already.
    #[error(
        "The maximum number of workers concurrently polling for activity tasks has been reached."
    )]
    ActivityWorkerLimitExceeded,
    /// The name belongs to another execution, or to this one with another input.
    #[error("Execution Already Exists: '{0}'")]
    ExecutionAlreadyExists(String),
    /// No execution has this ARN.
    #[error("Execution Does Not Exist: '{0}'")]
    ExecutionDoesNotExist(String),
    /// A million executions are open already.
    #[error(
        "The maximum number of running executions has been reached. Stop running executions before you start new ones."
    )]
    ExecutionLimitExceeded,
    /// The execution cannot be redriven; the text says why.
    #[error("{0}")]
    ExecutionNotRedrivable(String),
    /// The text is no ARN, or not one of the kind asked for.
    #[error("Invalid Arn: '{0}'")]
    InvalidArn(String),
    /// The definition has faults; the text names the first by code, words and place.
    #[error("Invalid State Machine Definition: '{0}'")]
    InvalidDefinition(String),
    /// The definition has no faults, but cannot be tried out; the text says why.
    #[error("{0}")]
    UntestableState(String),
    /// The input is not JSON.
    #[error("Invalid State Machine Execution Input: '{0}'")]
    InvalidExecutionInput(String),
    /// It is not said where the machine logs to, or said more than once.
    #[error("Invalid Logging Configuration: {0}")]
    InvalidLoggingConfiguration(String),
    /// The name is empty, too long, or holds a forbidden character.
    #[error("Invalid Name: '{0}'")]
    InvalidName(String),
    /// The output a worker sent is not JSON.
    #[error("Invalid Output: '{0}'")]
    InvalidOutput(String),
    /// A task token, or the token of a next page, that the engine never gave out.
    #[error("Invalid Token: '{0}'")]
    InvalidToken(String),
    /// An update that changes nothing.
    #[error(
        "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified"
    )]
    MissingRequiredParameter,
    /// The thing named (a map run, a version, an alias) does not exist.
    #[error("{0}")]
    ResourceNotFound(String),
    /// A resource has at most fifty labels.
    #[error("Too many tags: '{0}'")]
    TooManyTags(String),
    /// The name belongs to a state machine with another definition.
    #[error("State Machine Already Exists: '{0}'")]
    StateMachineAlreadyExists(String),
    /// The state machine is being deleted.
    #[error("State Machine is being deleted: '{0}'")]
    StateMachineDeleting(String),
    /// No state machine has this ARN.
    #[error("State Machine Does Not Exist: '{0}'")]
    StateMachineDoesNotExist(String),
    /// Standard and express machines allow different operations.
    #[error("This operation is not supported by this type of state machine")]
    StateMachineTypeNotSupported,
    /// The token is well-formed, but its execution is unknown here.
    #[error("Task Does Not Exist: 'Provided task does not exist'")]
    TaskDoesNotExist,
    /// The task has ended already: answered, timed out, or its execution is over.
    #[error("Task Timed Out: 'Provided task does not exist anymore'")]
    TaskTimedOut,
    /// Two things that exclude each other, as the text says.
    #[error("{0}")]
    Conflict(String),
    /// A value outside the model's constraints; the text says which.
    #[error("{0}")]
    Validation(String),
    /// The store failed; nothing was done. The engine stops working, since memory is ahead of the store.
    #[error("the store failed, nothing was done")]
    Store(#[from] store::Error),
}

impl Error {
    /// The error's name in the AWS API, such as `ExecutionDoesNotExist`.
    pub fn code(&self) -> &'static str {
        match self {
            Error::ActivityDoesNotExist(_) => "ActivityDoesNotExist",
            Error::ActivityWorkerLimitExceeded => "ActivityWorkerLimitExceeded",
            Error::ExecutionAlreadyExists(_) => "ExecutionAlreadyExists",
            Error::ExecutionDoesNotExist(_) => "ExecutionDoesNotExist",
            Error::ExecutionLimitExceeded => "ExecutionLimitExceeded",
            Error::ExecutionNotRedrivable(_) => "ExecutionNotRedrivable",
            Error::InvalidArn(_) => "InvalidArn",
            Error::InvalidDefinition(_) | Error::UntestableState(_) => "InvalidDefinition",
            Error::InvalidExecutionInput(_) => "InvalidExecutionInput",
            Error::InvalidName(_) => "InvalidName",
            Error::InvalidOutput(_) => "InvalidOutput",
            Error::InvalidToken(_) => "InvalidToken",
            Error::MissingRequiredParameter => "MissingRequiredParameter",
            Error::InvalidLoggingConfiguration(_) => "InvalidLoggingConfiguration",
            Error::ResourceNotFound(_) => "ResourceNotFound",
            Error::TooManyTags(_) => "TooManyTags",
            Error::StateMachineAlreadyExists(_) => "StateMachineAlreadyExists",
            Error::StateMachineDeleting(_) => "StateMachineDeleting",
            Error::StateMachineDoesNotExist(_) => "StateMachineDoesNotExist",
            Error::StateMachineTypeNotSupported => "StateMachineTypeNotSupported",
            Error::TaskDoesNotExist => "TaskDoesNotExist",
            Error::TaskTimedOut => "TaskTimedOut",
            Error::Conflict(_) => "ConflictException",
            Error::Validation(_) => "ValidationException",
            Error::Store(_) => "InternalFailure",
        }
    }

    /// A value that breaks a constraint of the API's model, in the words AWS uses.
    pub(crate) fn constraint(value: impl std::fmt::Display, field: &str, must: &str) -> Error {
        Error::Validation(format!(
            "1 validation error detected: Value '{value}' at '{field}' failed to satisfy constraint: Member must {must}"
        ))
    }
}
