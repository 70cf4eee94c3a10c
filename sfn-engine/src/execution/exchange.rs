//! What the core is told, and what it answers.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{ItemSource, MapRunOutcome, MapRunPlan};
use crate::history::{Problem, TaskPhase};
use crate::program::StateId;
use crate::token::TaskId;
use crate::{Json, Timestamp};

/// What an execution is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Signal {
    /// It begins.
    Started,
    /// A worker took an activity's task.
    ActivityTaken {
        /// Which task.
        task: TaskId,
        /// What the worker calls itself.
        worker: Option<Arc<str>>,
    },
    /// The worker that took an activity's task went away before it got it.
    ActivityReturned {
        /// Which task.
        task: TaskId,
    },
    /// The call of a task was made.
    TaskStarted {
        /// Which task.
        task: TaskId,
    },
    /// The call of a task could not be made.
    TaskRefused {
        /// Which task.
        task: TaskId,
        /// At which step.
        phase: TaskPhase,
        /// Why.
        problem: Problem,
    },
    /// A service took a job whose end is waited for.
    TaskSubmitted {
        /// Which task.
        task: TaskId,
        /// What the service answered.
        output: Json,
    },
    /// A task is done.
    TaskSucceeded {
        /// Which task.
        task: TaskId,
        /// Its result.
        output: Json,
    },
    /// A task failed.
    TaskFailed {
        /// Which task.
        task: TaskId,
        /// How.
        problem: Problem,
    },
    /// A task took too long, as whoever does it knows.
    TaskTimedOut {
        /// Which task.
        task: TaskId,
    },
    /// A worker is still at it.
    Heartbeat {
        /// At which task.
        task: TaskId,
    },
    /// A timer is due.
    Timer(Timer),
    /// Someone stops the execution.
    Stop(Problem),
    /// Someone runs the execution again from where it did not get on.
    Redrive,
    /// The items of a distributed Map were read, or could not be.
    ItemsRead {
        /// Whose items.
        task: TaskId,
        /// The items, or why there are none.
        items: Result<Vec<Json>, Problem>,
        /// Where they come from, as `$$.Map.Item.Source` tells.
        source: String,
    },
    /// All children of a distributed Map ended, or enough of them failed.
    MapRunEnded {
        /// Whose children.
        task: TaskId,
        /// How.
        outcome: MapRunOutcome,
    },
}

/// What the driver has to bring about.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Put a task up for an activity's workers.
    Activity {
        /// Which task.
        task: TaskId,
        /// Of which state.
        state: StateId,
        /// What the worker gets.
        input: Json,
    },
    /// Call a Lambda function or another service.
    Call(Box<Call>),
    /// Nobody waits for this task's result any more.
    Cancel(TaskId),
    /// Nobody waits for the children of this distributed Map any more.
    CancelMapRun(TaskId),
    /// Send [`Signal::Timer`] at this time.
    Arm(Timer, Timestamp),
    /// Read the items of a distributed Map.
    ReadItems {
        /// For whom.
        task: TaskId,
        /// Of which state.
        state: StateId,
        /// What and how.
        source: ItemSource,
    },
    /// Run the children of a distributed Map.
    RunMap {
        /// For whom.
        task: TaskId,
        /// Of which state.
        state: StateId,
        /// What and how.
        plan: Box<MapRunPlan>,
    },
    /// Run those children of a distributed Map again that did not end well, and those that had no turn.
    RedriveMap {
        /// For whom, from now on.
        task: TaskId,
        /// Which Map Run.
        arn: Arc<str>,
    },
    /// The execution is over.
    Ended,
}

/// A call of a Lambda function or another service.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Call {
    /// Which task.
    pub task: TaskId,
    /// Of which state.
    pub state: StateId,
    /// The parameters, or a function's payload.
    pub input: Json,
    /// How often the state's task was tried before in this visit.
    pub attempt: u32,
    /// The task's timeout in seconds.
    pub timeout: Option<u64>,
    /// The task's heartbeat interval in seconds.
    pub heartbeat: Option<u64>,
    /// The token that ends the task, when it waits for one.
    pub token: Option<String>,
}

/// A timer of an execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Timer {
    pub(crate) kind: TimerKind,
    pub(crate) frame: u32,
    pub(crate) nonce: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum TimerKind {
    /// A Wait state ends, or a retry begins.
    Wake,
    /// A task has taken too long.
    Timeout,
    /// A task has been silent too long.
    Heartbeat,
    /// The execution has taken too long.
    Execution,
}
