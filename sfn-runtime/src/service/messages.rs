use std::fmt;

use serde::Serialize;

use super::Timestamp;
use crate::Kind;

/// A state machine to create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateMachine {
    /// Its name: 1 to 80 characters.
    pub name: String,
    /// Its definition: the JSON text of the States Language.
    pub definition: String,
    /// Standard or express.
    pub kind: Kind,
    /// The IAM role it acts as; `None` for the transport's own default.
    pub role: Option<String>,
}

/// A state machine to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateMachine {
    /// Its ARN.
    pub arn: String,
    /// Its new definition: JSON text.
    pub definition: String,
    /// Its new role; `None` keeps the old one.
    pub role: Option<String>,
}

/// What is known of a state machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineDescription {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// Its definition: JSON text.
    pub definition: String,
    /// Standard or express.
    pub kind: Kind,
    /// The IAM role it acts as.
    pub role: Option<String>,
    /// When it was created.
    pub created: Timestamp,
}

/// An execution to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartRequest {
    /// The state machine's ARN.
    pub machine: String,
    /// The execution's name: 1 to 80 characters, and unique among the machine's.
    pub name: String,
    /// What it is given: JSON text.
    pub input: String,
}

/// An execution that was started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// Its ARN.
    pub arn: String,
    /// When it began.
    pub at: Timestamp,
}

/// How an execution stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum ExecutionStatus {
    /// It has not ended.
    Running,
    /// It ended well, with an output.
    Succeeded,
    /// It failed, with an error and a cause.
    Failed,
    /// It took longer than its machine allows.
    TimedOut,
    /// Somebody stopped it.
    Aborted,
    /// It is a map's child that waits to be run again.
    PendingRedrive,
}

impl ExecutionStatus {
    /// Every status, in the order of the API's documentation.
    pub const ALL: [Self; 6] = [
        Self::Running,
        Self::Succeeded,
        Self::Failed,
        Self::TimedOut,
        Self::Aborted,
        Self::PendingRedrive,
    ];

    /// Whether nothing more will happen.
    pub fn is_closed(self) -> bool {
        !matches!(self, Self::Running | Self::PendingRedrive)
    }

    /// As the API writes it: `TIMED_OUT`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::TimedOut => "TIMED_OUT",
            Self::Aborted => "ABORTED",
            Self::PendingRedrive => "PENDING_REDRIVE",
        }
    }
}

impl fmt::Display for ExecutionStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What is known of an execution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ExecutionDescription {
    /// Its ARN.
    #[serde(rename = "executionArn")]
    pub arn: String,
    /// Its name.
    pub name: String,
    /// Its state machine's ARN.
    #[serde(rename = "stateMachineArn")]
    pub machine: String,
    /// How it stands.
    pub status: ExecutionStatus,
    /// When it began.
    #[serde(rename = "startDate")]
    pub started: Timestamp,
    /// When it ended.
    #[serde(rename = "stopDate", skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Timestamp>,
    /// What it was given: JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// What it gave, when it succeeded: JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// The error's name, when it failed or was stopped with one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What was said of the error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
}

impl ExecutionDescription {
    /// An execution that has just begun; set what else is known.
    pub fn new(
        arn: impl Into<String>,
        name: impl Into<String>,
        machine: impl Into<String>,
        status: ExecutionStatus,
        started: Timestamp,
    ) -> Self {
        Self {
            arn: arn.into(),
            name: name.into(),
            machine: machine.into(),
            status,
            started,
            stopped: None,
            input: None,
            output: None,
            error: None,
            cause: None,
        }
    }
}

/// One line of a list of executions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionSummary {
    /// Its ARN.
    #[serde(rename = "executionArn")]
    pub arn: String,
    /// Its name.
    pub name: String,
    /// Its state machine's ARN.
    #[serde(rename = "stateMachineArn")]
    pub machine: String,
    /// How it stands.
    pub status: ExecutionStatus,
    /// When it began.
    #[serde(rename = "startDate")]
    pub started: Timestamp,
    /// When it ended.
    #[serde(rename = "stopDate", skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Timestamp>,
}

/// Which events to give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRequest {
    /// The execution's ARN.
    pub execution: String,
    /// The last event first.
    pub newest_first: bool,
    /// How many at most on this page, up to 1,000; `None` for the service's own default.
    pub limit: Option<u32>,
    /// The page that [`Page::next`] named; `None` for the first.
    pub page: Option<String>,
}

/// Which executions to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRequest {
    /// The state machine's ARN.
    pub machine: String,
    /// Only those that stand so.
    pub status: Option<ExecutionStatus>,
    /// How many at most on this page, up to 1,000; `None` for the service's own default.
    pub limit: Option<u32>,
    /// The page that [`Page::next`] named; `None` for the first.
    pub page: Option<String>,
}

/// A part of a long answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// What to ask for next; `None` when this is the last page.
    pub next: Option<String>,
}

/// A task that a worker has taken.
#[derive(Clone, PartialEq, Eq)]
pub struct ActivityTask {
    /// What names the task in its heartbeats and its report.
    pub token: String,
    /// What it was given: JSON text.
    pub input: String,
}

impl fmt::Debug for ActivityTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Whoever holds the token may answer the task: it stays out of logs, and so does the data.
        f.debug_struct("ActivityTask").finish_non_exhaustive()
    }
}

/// How a task failed, or why an execution is stopped. Both parts may be left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TaskFailure {
    /// The error's name: up to 256 characters.
    pub error: Option<String>,
    /// What happened, for people: up to 32,768 characters.
    pub cause: Option<String>,
}
