//! Executions.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Page;
use crate::Timestamp;
use crate::history::HistoryEvent;

/// How an execution stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ExecutionStatus {
    /// Not over.
    Running,
    /// Ended well, with an output.
    Succeeded,
    /// Ended with an error.
    Failed,
    /// Ran longer than it may.
    TimedOut,
    /// Was stopped.
    Aborted,
    /// Waits to be run again as part of a Map Run.
    PendingRedrive,
}

impl ExecutionStatus {
    /// The name in the AWS API.
    pub fn as_str(self) -> &'static str {
        match self {
            ExecutionStatus::Running => "RUNNING",
            ExecutionStatus::Succeeded => "SUCCEEDED",
            ExecutionStatus::Failed => "FAILED",
            ExecutionStatus::TimedOut => "TIMED_OUT",
            ExecutionStatus::Aborted => "ABORTED",
            ExecutionStatus::PendingRedrive => "PENDING_REDRIVE",
        }
    }

    /// Whether the execution has ended.
    pub fn is_over(self) -> bool {
        !matches!(
            self,
            ExecutionStatus::Running | ExecutionStatus::PendingRedrive
        )
    }
}

/// Whether an execution can be redriven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedriveStatus {
    /// It can.
    Redrivable,
    /// It cannot.
    NotRedrivable,
    /// Only together with its Map Run.
    RedrivableByMapRun,
}

impl RedriveStatus {
    /// The name in the AWS API.
    pub fn as_str(self) -> &'static str {
        match self {
            RedriveStatus::Redrivable => "REDRIVABLE",
            RedriveStatus::NotRedrivable => "NOT_REDRIVABLE",
            RedriveStatus::RedrivableByMapRun => "REDRIVABLE_BY_MAP_RUN",
        }
    }
}

/// Starts an execution.
#[derive(Debug, Clone, Default)]
pub struct StartExecution {
    /// A state machine, a version, or an alias; with `#TestCase` behind it, the mocks of that test case apply.
    pub state_machine_arn: String,
    /// 1 to 80 characters; made up when absent.
    pub name: Option<String>,
    /// JSON text; `{}` when absent.
    pub input: Option<String>,
    /// An X-Ray header; kept and shown, nothing more.
    pub trace_header: Option<String>,
}

impl StartExecution {
    /// An execution of `state_machine_arn` with the input `{}` and a name of the engine's choosing.
    pub fn new(state_machine_arn: impl Into<String>) -> Self {
        StartExecution {
            state_machine_arn: state_machine_arn.into(),
            ..StartExecution::default()
        }
    }

    /// The same with this name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The same with this input, JSON text.
    #[must_use]
    pub fn input(mut self, input: impl Into<String>) -> Self {
        self.input = Some(input.into());
        self
    }
}

/// The execution that started, or was running already under this name with this input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartedExecution {
    /// `arn:aws:states:<region>:<account>:execution:<state machine>:<name>`.
    pub execution_arn: String,
    /// When it started.
    pub start_date: Timestamp,
}

/// What is known about an execution.
#[derive(Debug, Clone, PartialEq)]
pub struct DescribedExecution {
    /// Its ARN.
    pub execution_arn: String,
    /// Its state machine.
    pub state_machine_arn: String,
    /// Its name.
    pub name: String,
    /// How it stands.
    pub status: ExecutionStatus,
    /// When it started.
    pub start_date: Timestamp,
    /// When it ended.
    pub stop_date: Option<Timestamp>,
    /// Its input, JSON text as it came in.
    pub input: Arc<str>,
    /// Its output, JSON text; only when it succeeded.
    pub output: Option<Arc<str>>,
    /// The error's name, when it failed with one.
    pub error: Option<Arc<str>>,
    /// The error's cause, when it failed with one.
    pub cause: Option<Arc<str>>,
    /// The X-Ray header it was started with.
    pub trace_header: Option<String>,
    /// The Map Run it belongs to.
    pub map_run_arn: Option<String>,
    /// The version it was started by.
    pub state_machine_version_arn: Option<String>,
    /// The alias it was started by.
    pub state_machine_alias_arn: Option<String>,
    /// How often it was redriven.
    pub redrive_count: u32,
    /// When it was last redriven.
    pub redrive_date: Option<Timestamp>,
    /// Whether it can be redriven.
    pub redrive_status: RedriveStatus,
    /// Why it cannot.
    pub redrive_status_reason: Option<String>,
}

/// Asks for the history of an execution.
#[derive(Debug, Clone, Default)]
pub struct GetExecutionHistory {
    /// Which execution.
    pub execution_arn: String,
    /// Newest first instead of oldest first.
    pub reverse_order: bool,
    /// Whether inputs and outputs are wanted; `true` when absent.
    pub include_execution_data: Option<bool>,
    /// Which page.
    pub page: Page,
}

impl GetExecutionHistory {
    /// The first hundred events of `execution_arn`.
    pub fn new(execution_arn: impl Into<String>) -> Self {
        GetExecutionHistory {
            execution_arn: execution_arn.into(),
            ..GetExecutionHistory::default()
        }
    }
}

/// A page of a history.
pub type HistoryPage = super::Paged<HistoryEvent>;

/// Asks for executions.
#[derive(Debug, Clone, Default)]
pub struct ListExecutions {
    /// Of this state machine, version or alias…
    pub state_machine_arn: Option<String>,
    /// …or of this Map Run.
    pub map_run_arn: Option<String>,
    /// Only those that stand like this.
    pub status_filter: Option<ExecutionStatus>,
    /// Only those that were redriven (`true`), or never were (`false`).
    pub redriven: Option<bool>,
    /// Which page.
    pub page: Page,
}

/// An execution in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExecutionListItem {
    /// Its ARN.
    pub execution_arn: String,
    /// Its state machine.
    pub state_machine_arn: String,
    /// Its name.
    pub name: String,
    /// How it stands.
    pub status: ExecutionStatus,
    /// When it started.
    pub start_date: Timestamp,
    /// When it ended.
    pub stop_date: Option<Timestamp>,
    /// The Map Run it belongs to.
    pub map_run_arn: Option<String>,
    /// How many items it processes, in a Map Run.
    pub item_count: Option<u64>,
    /// The version it was started by.
    pub state_machine_version_arn: Option<String>,
    /// The alias it was started by.
    pub state_machine_alias_arn: Option<String>,
    /// How often it was redriven.
    pub redrive_count: u32,
    /// When it was last redriven.
    pub redrive_date: Option<Timestamp>,
}

/// Stops an execution.
#[derive(Debug, Clone, Default)]
pub struct StopExecution {
    /// Which execution.
    pub execution_arn: String,
    /// A name for the reason; at most 256 characters.
    pub error: Option<String>,
    /// The reason, for people; at most 32,768 characters.
    pub cause: Option<String>,
}

impl StopExecution {
    /// Stops `execution_arn` without a reason.
    pub fn new(execution_arn: impl Into<String>) -> Self {
        StopExecution {
            execution_arn: execution_arn.into(),
            ..StopExecution::default()
        }
    }
}

/// Runs the unsuccessful part of an execution again.
#[derive(Debug, Clone, Default)]
pub struct RedriveExecution {
    /// Which execution.
    pub execution_arn: String,
    /// The same token within fifteen minutes is the same request.
    pub client_token: Option<String>,
}

/// What AWS would bill for an express execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BillingDetails {
    /// Memory in steps of 64 MB.
    pub billed_memory_used_in_mb: u64,
    /// Duration in steps of 100 ms.
    pub billed_duration_in_milliseconds: u64,
}

/// How an express execution ended that was started to be waited for.
#[derive(Debug, Clone, PartialEq)]
pub struct SyncExecutionResult {
    /// How it ended, and all else.
    pub execution: DescribedExecution,
    /// What AWS would bill.
    pub billing: BillingDetails,
}
