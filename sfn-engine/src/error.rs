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
    /// The name belongs to an activity with another encryption.
    #[error("Activity Already Exists: '{0}'")]
    ActivityAlreadyExists(String),
    /// There are as many activities as there may be.
    #[error(
        "The maximum number of activities has been reached. Existing activities must be deleted before a new activity can be created."
    )]
    ActivityLimitExceeded,
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
    /// The text is not the ARN of a role.
    #[error("Invalid Role Arn: '{0}'")]
    InvalidRoleArn(String),
    /// The definition has faults; the text names the first by code, words and place.
    #[error("Invalid State Machine Definition: '{0}'")]
    InvalidDefinition(String),
    /// The definition has no faults, but cannot be tried out; the text says why.
    #[error("{0}")]
    UntestableState(String),
    /// What is said about encryption does not fit together; the text says what.
    #[error("Invalid Encryption Configuration: '{0}'")]
    InvalidEncryptionConfiguration(String),
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
    /// There are as many state machines as there may be.
    #[error(
        "The maximum number of state machines has been reached. Existing state machines must be deleted before a new state machine can be created."
    )]
    StateMachineLimitExceeded,
    /// A machine has as many versions or aliases as it may have; the text says which.
    #[error("{0}")]
    ServiceQuotaExceeded(String),
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
    /// A request that cannot be carried out for a reason that has a name of its own in the API.
    #[error("{message}")]
    Refused {
        /// Why, as programs read it.
        reason: Reason,
        /// Why, as people read it.
        message: String,
    },
    /// The store failed; nothing was done. The engine stops working, since memory is ahead of the store.
    #[error("the store failed, nothing was done")]
    Store(#[from] store::Error),
}

/// Why a request failed validation, where the API has a name for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The ARN means a distributed Map within a state machine, and the operation is none for these.
    LabeledArn,
    /// One of several parameters has to be given.
    MissingRequiredParameter,
    /// The Map Run is over.
    CompletedMapRun,
    /// An alias cannot lead where it is to lead.
    RoutingConfiguration,
}

impl Reason {
    /// The name in the AWS API.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::LabeledArn => "API_DOES_NOT_SUPPORT_LABELED_ARNS",
            Reason::MissingRequiredParameter => "MISSING_REQUIRED_PARAMETER",
            Reason::CompletedMapRun => "CANNOT_UPDATE_COMPLETED_MAP_RUN",
            Reason::RoutingConfiguration => "INVALID_ROUTING_CONFIGURATION",
        }
    }
}

impl Error {
    /// The error's name in the AWS API, such as `ExecutionDoesNotExist`.
    pub fn code(&self) -> &'static str {
        match self {
            Error::ActivityDoesNotExist(_) => "ActivityDoesNotExist",
            Error::ActivityAlreadyExists(_) => "ActivityAlreadyExists",
            Error::ActivityLimitExceeded => "ActivityLimitExceeded",
            Error::ActivityWorkerLimitExceeded => "ActivityWorkerLimitExceeded",
            Error::ExecutionAlreadyExists(_) => "ExecutionAlreadyExists",
            Error::ExecutionDoesNotExist(_) => "ExecutionDoesNotExist",
            Error::ExecutionLimitExceeded => "ExecutionLimitExceeded",
            Error::ExecutionNotRedrivable(_) => "ExecutionNotRedrivable",
            Error::InvalidArn(_) | Error::InvalidRoleArn(_) => "InvalidArn",
            Error::InvalidDefinition(_) | Error::UntestableState(_) => "InvalidDefinition",
            Error::InvalidEncryptionConfiguration(_) => "InvalidEncryptionConfiguration",
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
            Error::StateMachineLimitExceeded => "StateMachineLimitExceeded",
            Error::ServiceQuotaExceeded(_) => "ServiceQuotaExceededException",
            Error::StateMachineTypeNotSupported => "StateMachineTypeNotSupported",
            Error::TaskDoesNotExist => "TaskDoesNotExist",
            Error::TaskTimedOut => "TaskTimedOut",
            Error::Conflict(_) => "ConflictException",
            Error::Validation(_) | Error::Refused { .. } => "ValidationException",
            Error::Store(_) => "InternalFailure",
        }
    }

    pub(crate) fn refused(reason: Reason, message: impl Into<String>) -> Error {
        Error::Refused {
            reason,
            message: message.into(),
        }
    }

    /// A value that breaks a constraint of the API's model, in the words AWS uses.
    pub(crate) fn constraint(value: impl std::fmt::Display, field: &str, must: &str) -> Error {
        Error::Validation(format!(
            "1 validation error detected: Value '{value}' at '{field}' failed to satisfy constraint: Member must {must}"
        ))
    }
}
