//! Map Runs: the child executions of a distributed Map.

use crate::Timestamp;

/// How a Map Run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum MapRunStatus {
    /// Children are running or waiting for their turn.
    Running,
    /// All children ended and not too many of them failed.
    Succeeded,
    /// Too many children failed, or the items could not be read or the results not be written.
    Failed,
    /// The parent was stopped.
    Aborted,
}

impl MapRunStatus {
    /// The name in the AWS API.
    pub fn as_str(self) -> &'static str {
        match self {
            MapRunStatus::Running => "RUNNING",
            MapRunStatus::Succeeded => "SUCCEEDED",
            MapRunStatus::Failed => "FAILED",
            MapRunStatus::Aborted => "ABORTED",
        }
    }
}

/// How many items (or children) of a Map Run are in which state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct MapRunCounts {
    /// Not started yet.
    pub pending: u64,
    /// Running now.
    pub running: u64,
    /// Ended well.
    pub succeeded: u64,
    /// Failed.
    pub failed: u64,
    /// Ran longer than they may.
    pub timed_out: u64,
    /// Stopped.
    pub aborted: u64,
    /// All together.
    pub total: u64,
    /// Whose results are in the Map's output or were written.
    pub results_written: u64,
    /// Of those that did not end well: how many cannot be redriven.
    #[serde(default)]
    pub failures_not_redrivable: u64,
    /// Did not end well, and wait for their turn to run again.
    #[serde(default)]
    pub pending_redrive: u64,
}

impl MapRunCounts {
    /// How many have not ended.
    pub(crate) fn unfinished(&self) -> u64 {
        self.pending + self.pending_redrive + self.running
    }
}

/// What is known about a Map Run.
#[derive(Debug, Clone, PartialEq)]
pub struct DescribedMapRun {
    /// Its ARN.
    pub map_run_arn: String,
    /// The execution it belongs to.
    pub execution_arn: String,
    /// How it stands.
    pub status: MapRunStatus,
    /// When it started.
    pub start_date: Timestamp,
    /// When it ended.
    pub stop_date: Option<Timestamp>,
    /// How many children may run at once; 0 is as many as possible.
    pub max_concurrency: u32,
    /// Which share of the items may fail, in percent.
    pub tolerated_failure_percentage: f64,
    /// How many items may fail.
    pub tolerated_failure_count: u64,
    /// The items.
    pub item_counts: MapRunCounts,
    /// The child executions.
    pub execution_counts: MapRunCounts,
    /// How often it was redriven.
    pub redrive_count: u32,
    /// When it was last redriven.
    pub redrive_date: Option<Timestamp>,
}

/// A Map Run in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapRunListItem {
    /// The execution it belongs to.
    pub execution_arn: String,
    /// Its ARN.
    pub map_run_arn: String,
    /// The state machine's ARN with the Map's label.
    pub state_machine_arn: String,
    /// When it started.
    pub start_date: Timestamp,
    /// When it ended.
    pub stop_date: Option<Timestamp>,
}

/// Changes a running Map Run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UpdateMapRun {
    /// The Map Run.
    pub map_run_arn: String,
    /// How many children may run at once.
    pub max_concurrency: Option<u32>,
    /// Which share of the items may fail, in percent.
    pub tolerated_failure_percentage: Option<f64>,
    /// How many items may fail.
    pub tolerated_failure_count: Option<u64>,
}
