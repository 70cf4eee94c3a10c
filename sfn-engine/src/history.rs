//! What happened in an execution, event by event, as AWS Step Functions tells it.
//!
//! [`Event`] is how the engine keeps an event: a few words and shared values. [`HistoryEvent`] is how it is read: with
//! the names and texts of the AWS API, made when someone asks.

mod event;
mod wire;

pub(crate) use event::Teller;
pub use event::{Assigned, Event, EventKind, Failure, TaskEvent};

use std::sync::Arc;

pub use sfn_asl::StateType;

use crate::Timestamp;

/// One event of an execution's history.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryEvent {
    /// When it happened.
    pub timestamp: Timestamp,
    /// Its number: 1 for the first.
    pub id: u64,
    /// The event that caused it; 0 when none did.
    pub previous_event_id: u64,
    /// What happened.
    pub details: EventDetails,
}

impl HistoryEvent {
    /// The event's type in the AWS API, such as `TaskStateEntered`.
    pub fn event_type(&self) -> &'static str {
        self.details.event_type()
    }

    /// The event as `GetExecutionHistory` writes it: `timestamp` in seconds, inputs and outputs as JSON text.
    pub fn to_json(&self) -> serde_json::Value {
        wire::event(self)
    }
}

/// What happened. Inputs and outputs are JSON text, `None` when they were not asked for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum EventDetails {
    /// The execution started.
    ExecutionStarted {
        /// Its input.
        input: Option<Arc<str>>,
        /// The role it would run as.
        role_arn: Arc<str>,
        /// The alias it was started by.
        state_machine_alias_arn: Option<Arc<str>>,
        /// The version it was started by.
        state_machine_version_arn: Option<Arc<str>>,
    },
    /// The execution ended well.
    ExecutionSucceeded {
        /// Its output.
        output: Option<Arc<str>>,
    },
    /// The execution failed.
    ExecutionFailed(Problem),
    /// The execution was stopped.
    ExecutionAborted(Problem),
    /// The execution ran longer than it may.
    ExecutionTimedOut(Problem),
    /// The execution runs again from where it failed.
    ExecutionRedriven {
        /// How often it was redriven by now.
        redrive_count: u32,
    },
    /// A state was entered.
    StateEntered {
        /// Its type, the first part of the event's name.
        state_type: StateType,
        /// Its name.
        name: Arc<str>,
        /// Its raw input.
        input: Option<Arc<str>>,
    },
    /// A state was left. There is none for Fail states.
    StateExited {
        /// Its type, the first part of the event's name.
        state_type: StateType,
        /// Its name.
        name: Arc<str>,
        /// Its output.
        output: Option<Arc<str>>,
        /// The variables it set, name and JSON text.
        assigned_variables: Vec<(Arc<str>, Arc<str>)>,
    },
    /// A state was cut off: `TaskStateAborted`, `WaitStateAborted`, `MapStateAborted`, `ParallelStateAborted`.
    StateAborted(StateType),
    /// `MapStateStarted` or `ParallelStateStarted`; a Map says how many items there are.
    StateStarted {
        /// Map or Parallel.
        state_type: StateType,
        /// How many items a Map has (0 when they are still to be read).
        length: Option<u64>,
    },
    /// `MapStateSucceeded` or `ParallelStateSucceeded`.
    StateSucceeded(StateType),
    /// `MapStateFailed` or `ParallelStateFailed`.
    StateFailed(StateType),
    /// `MapIterationStarted`, `…Succeeded`, `…Failed` or `…Aborted`.
    MapIteration {
        /// How the iteration stands.
        phase: IterationPhase,
        /// The Map state's name.
        name: Arc<str>,
        /// Which item, from 0.
        index: u64,
    },
    /// A distributed Map's children were started.
    MapRunStarted {
        /// The Map Run.
        map_run_arn: Arc<str>,
    },
    /// They ended, and not too many failed.
    MapRunSucceeded,
    /// Too many failed, or items could not be read or results not be written.
    MapRunFailed(Problem),
    /// The Map Run was stopped.
    MapRunAborted,
    /// The Map Run runs again.
    MapRunRedriven {
        /// The Map Run.
        map_run_arn: Arc<str>,
        /// How often it was redriven by now.
        redrive_count: u32,
    },
    /// An activity's task waits for a worker.
    ActivityScheduled {
        /// The activity's ARN.
        resource: Arc<str>,
        /// What the worker gets.
        input: Option<Arc<str>>,
        /// How long the worker has, in seconds.
        timeout_in_seconds: Option<u64>,
        /// How long the worker may be silent, in seconds.
        heartbeat_in_seconds: Option<u64>,
    },
    /// A worker took the task.
    ActivityStarted {
        /// What the worker called itself.
        worker_name: Option<Arc<str>>,
    },
    /// The worker did it.
    ActivitySucceeded {
        /// What it gave.
        output: Option<Arc<str>>,
    },
    /// The worker failed.
    ActivityFailed(Problem),
    /// The worker took too long, or was silent too long.
    ActivityTimedOut(Problem),
    /// The task could not be put up for workers.
    ActivityScheduleFailed(Problem),
    /// A Lambda function is about to be called.
    LambdaFunctionScheduled {
        /// The function's ARN.
        resource: Arc<str>,
        /// What it gets.
        input: Option<Arc<str>>,
        /// How long it has, in seconds.
        timeout_in_seconds: Option<u64>,
        /// The role assumed for the call.
        task_credentials: Option<Arc<str>>,
    },
    /// The function was called.
    LambdaFunctionStarted,
    /// The function answered.
    LambdaFunctionSucceeded {
        /// What it answered.
        output: Option<Arc<str>>,
    },
    /// The function failed.
    LambdaFunctionFailed(Problem),
    /// The function took too long.
    LambdaFunctionTimedOut(Problem),
    /// The call could not be made.
    LambdaFunctionScheduleFailed(Problem),
    /// The function could not be started.
    LambdaFunctionStartFailed(Problem),
    /// A service is about to be called.
    TaskScheduled {
        /// The service, such as `sqs` or `aws-sdk:s3`.
        resource_type: Arc<str>,
        /// The action, such as `sendMessage.waitForTaskToken`.
        resource: Arc<str>,
        /// Where.
        region: Arc<str>,
        /// With what, JSON text.
        parameters: Arc<str>,
        /// How long it may take, in seconds.
        timeout_in_seconds: Option<u64>,
        /// How long it may be silent, in seconds.
        heartbeat_in_seconds: Option<u64>,
        /// The role assumed for the call.
        task_credentials: Option<Arc<str>>,
    },
    /// `TaskStarted`, `TaskSubmitted`, `TaskSucceeded`, `TaskFailed`, `TaskTimedOut`, `TaskStartFailed` or
    /// `TaskSubmitFailed`.
    Task {
        /// Which of them.
        phase: TaskPhase,
        /// The service.
        resource_type: Arc<str>,
        /// The action.
        resource: Arc<str>,
        /// What the service answered, where it did.
        output: Option<Arc<str>>,
        /// What went wrong, where something did.
        problem: Problem,
    },
    /// An expression had no value, or not the right one.
    EvaluationFailed {
        /// What went wrong.
        problem: Problem,
        /// Which field, such as `Output/total`.
        location: Option<Arc<str>>,
        /// Which state.
        state: Arc<str>,
    },
}

/// An error's name and cause, where they are known.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Problem {
    /// The name.
    pub error: Option<Arc<str>>,
    /// What happened.
    pub cause: Option<Arc<str>>,
}

/// How an iteration of a Map stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum IterationPhase {
    /// It started.
    Started,
    /// It ended well.
    Succeeded,
    /// It failed.
    Failed,
    /// It was cut off.
    Aborted,
}

/// How a service's task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum TaskPhase {
    /// The call was made.
    Started,
    /// The service took the job; its end is waited for.
    Submitted,
    /// It is done.
    Succeeded,
    /// It failed.
    Failed,
    /// It took too long.
    TimedOut,
    /// The call could not be prepared; only Lambda functions have an event for it, others tell `TaskFailed`.
    ScheduleFailed,
    /// The call could not be made.
    StartFailed,
    /// The service did not take the job.
    SubmitFailed,
}

impl EventDetails {
    /// The event's type in the AWS API.
    pub fn event_type(&self) -> &'static str {
        wire::event_type(self)
    }

    /// The name of the state the event tells about, where the event itself has it.
    pub fn state_name(&self) -> Option<&str> {
        match self {
            EventDetails::StateEntered { name, .. }
            | EventDetails::StateExited { name, .. }
            | EventDetails::MapIteration { name, .. } => Some(name),
            EventDetails::EvaluationFailed { state, .. } => Some(state),
            _ => None,
        }
    }

    /// What went wrong, in the events that tell of it.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            EventDetails::ExecutionFailed(problem)
            | EventDetails::ExecutionAborted(problem)
            | EventDetails::ExecutionTimedOut(problem)
            | EventDetails::MapRunFailed(problem)
            | EventDetails::ActivityFailed(problem)
            | EventDetails::ActivityTimedOut(problem)
            | EventDetails::ActivityScheduleFailed(problem)
            | EventDetails::LambdaFunctionFailed(problem)
            | EventDetails::LambdaFunctionTimedOut(problem)
            | EventDetails::LambdaFunctionScheduleFailed(problem)
            | EventDetails::LambdaFunctionStartFailed(problem)
            | EventDetails::EvaluationFailed { problem, .. } => Some(problem),
            EventDetails::Task {
                phase:
                    TaskPhase::Failed
                    | TaskPhase::ScheduleFailed
                    | TaskPhase::TimedOut
                    | TaskPhase::StartFailed
                    | TaskPhase::SubmitFailed,
                problem,
                ..
            } => Some(problem),
            _ => None,
        }
    }
}
