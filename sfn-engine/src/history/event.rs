//! Events as the engine keeps them.

use std::sync::Arc;

use super::{EventDetails, HistoryEvent, IterationPhase, Problem, StateType, TaskPhase};
use crate::program::{Program, StateId};
use crate::{Json, Timestamp};

/// An event as it is kept: its number is its place in the history.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Event {
    /// When it happened.
    pub at: Timestamp,
    /// Number of the event that caused it; 0 when none did.
    pub previous: u32,
    /// What happened.
    pub kind: EventKind,
}

/// What went wrong: shared, since it is told several times.
pub type Failure = Arc<Problem>;

/// Variables and the values they were set to.
pub type Assigned = Arc<[(Arc<str>, Json)]>;

/// Facts about a task that its `…Scheduled` event tells.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct TaskEvent {
    /// What the task gets.
    pub input: Json,
    /// Its `TimeoutSeconds`.
    pub timeout: Option<u64>,
    /// Its `HeartbeatSeconds`.
    pub heartbeat: Option<u64>,
    /// The role to assume.
    pub role_arn: Option<Arc<str>>,
}

/// What happened, without anything the program or the execution knows as well.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub enum EventKind {
    /// `ExecutionStarted`
    ExecutionStarted,
    /// `ExecutionSucceeded`
    ExecutionSucceeded(Json),
    /// `ExecutionFailed`
    ExecutionFailed(Failure),
    /// `ExecutionAborted`
    ExecutionAborted(Failure),
    /// `ExecutionTimedOut`
    ExecutionTimedOut,
    /// `ExecutionRedriven`
    ExecutionRedriven(u32),
    /// `…StateEntered`
    Entered(StateId, Json),
    /// `…StateExited`
    Exited(StateId, Json),
    /// `…StateExited` with variables.
    ExitedAssigning(StateId, Json, Assigned),
    /// `…StateAborted`
    Aborted(StateId),
    /// `MapStateStarted`
    MapStarted(u32),
    /// `ParallelStateStarted`
    ParallelStarted,
    /// `MapStateSucceeded`, `ParallelStateSucceeded`
    Succeeded(StateId),
    /// `MapStateFailed`, `ParallelStateFailed`
    Failed(StateId),
    /// `MapIteration…`
    Iteration(IterationPhase, StateId, u32),
    /// `MapRunStarted`
    MapRunStarted(Arc<str>),
    /// `MapRunSucceeded`
    MapRunSucceeded,
    /// `MapRunFailed`
    MapRunFailed(Failure),
    /// `MapRunAborted`
    MapRunAborted,
    /// `MapRunRedriven`, and how often it was by now
    MapRunRedriven(Arc<str>, u32),
    /// `ActivityScheduled`
    ActivityScheduled(StateId, Box<TaskEvent>),
    /// `ActivityStarted`
    ActivityStarted(Option<Arc<str>>),
    /// `ActivitySucceeded`
    ActivitySucceeded(Json),
    /// `ActivityFailed`
    ActivityFailed(Failure),
    /// `ActivityTimedOut`
    ActivityTimedOut(Failure),
    /// `LambdaFunctionScheduled`
    LambdaScheduled(StateId, Box<TaskEvent>),
    /// `LambdaFunctionStarted`
    LambdaStarted,
    /// `LambdaFunctionSucceeded`
    LambdaSucceeded(Json),
    /// `LambdaFunctionFailed`
    LambdaFailed(Failure),
    /// `LambdaFunctionTimedOut`
    LambdaTimedOut(Failure),
    /// `LambdaFunctionScheduleFailed`
    LambdaScheduleFailed(Failure),
    /// `LambdaFunctionStartFailed`
    LambdaStartFailed(Failure),
    /// `TaskScheduled`
    TaskScheduled(StateId, Box<TaskEvent>),
    /// `TaskStarted`
    TaskStarted(StateId),
    /// `TaskSubmitted`, `TaskSucceeded`
    TaskAnswered(TaskPhase, StateId, Json),
    /// `TaskFailed`, `TaskTimedOut`, …
    TaskFailed(TaskPhase, StateId, Failure),
    /// `EvaluationFailed`
    EvaluationFailed(StateId, Failure, Option<Arc<str>>),
}

/// What events leave out because the execution knows it.
pub(crate) struct Teller<'a> {
    pub(crate) program: &'a Program,
    pub(crate) input: &'a Json,
    pub(crate) role_arn: &'a Arc<str>,
    pub(crate) region: &'a Arc<str>,
    pub(crate) alias_arn: Option<&'a Arc<str>>,
    pub(crate) version_arn: Option<&'a Arc<str>>,
    pub(crate) with_data: bool,
}

impl Teller<'_> {
    /// The event of this number, ready to be read.
    pub(crate) fn tell(&self, id: usize, event: &Event) -> HistoryEvent {
        HistoryEvent {
            timestamp: event.at,
            id: id as u64,
            previous_event_id: u64::from(event.previous),
            details: self.details(&event.kind),
        }
    }

    fn data(&self, json: &Json) -> Option<Arc<str>> {
        self.with_data.then(|| json.text().clone())
    }

    fn type_of(&self, state: StateId) -> StateType {
        self.program.state(state).state_type
    }

    fn name_of(&self, state: StateId) -> Arc<str> {
        self.program.state(state).name.clone()
    }

    fn details(&self, kind: &EventKind) -> EventDetails {
        use EventDetails as D;
        use EventKind as K;
        let problem = |failure: &Failure| Problem::clone(failure);
        match kind {
            K::ExecutionStarted => D::ExecutionStarted {
                input: self.data(self.input),
                role_arn: self.role_arn.clone(),
                state_machine_alias_arn: self.alias_arn.cloned(),
                state_machine_version_arn: self.version_arn.cloned(),
            },
            K::ExecutionSucceeded(output) => D::ExecutionSucceeded {
                output: self.data(output),
            },
            K::ExecutionFailed(failure) => D::ExecutionFailed(problem(failure)),
            K::ExecutionAborted(failure) => D::ExecutionAborted(problem(failure)),
            // As measured: the event has the error's name, which `DescribeExecution` does not tell.
            K::ExecutionTimedOut => D::ExecutionTimedOut(Problem {
                error: Some("States.Timeout".into()),
                cause: None,
            }),
            K::ExecutionRedriven(count) => D::ExecutionRedriven {
                redrive_count: *count,
            },
            K::Entered(state, input) => D::StateEntered {
                state_type: self.type_of(*state),
                name: self.name_of(*state),
                input: self.data(input),
            },
            K::Exited(state, output) => self.exited(*state, output, &[]),
            K::ExitedAssigning(state, output, assigned) => self.exited(*state, output, assigned),
            K::Aborted(state) => D::StateAborted(self.type_of(*state)),
            K::MapStarted(length) => D::StateStarted {
                state_type: StateType::Map,
                length: Some(u64::from(*length)),
            },
            K::ParallelStarted => D::StateStarted {
                state_type: StateType::Parallel,
                length: None,
            },
            K::Succeeded(state) => D::StateSucceeded(self.type_of(*state)),
            K::Failed(state) => D::StateFailed(self.type_of(*state)),
            K::Iteration(phase, state, index) => D::MapIteration {
                phase: *phase,
                name: self.name_of(*state),
                index: u64::from(*index),
            },
            K::MapRunStarted(arn) => D::MapRunStarted {
                map_run_arn: arn.clone(),
            },
            K::MapRunSucceeded => D::MapRunSucceeded,
            K::MapRunFailed(failure) => D::MapRunFailed(problem(failure)),
            K::MapRunAborted => D::MapRunAborted,
            K::MapRunRedriven(arn, count) => D::MapRunRedriven {
                map_run_arn: arn.clone(),
                redrive_count: *count,
            },
            K::ActivityScheduled(state, task) => D::ActivityScheduled {
                resource: self.program.resource(*state).arn.clone(),
                input: self.data(&task.input),
                timeout_in_seconds: task.timeout,
                heartbeat_in_seconds: task.heartbeat,
            },
            K::ActivityStarted(worker_name) => D::ActivityStarted {
                worker_name: worker_name.clone(),
            },
            K::ActivitySucceeded(output) => D::ActivitySucceeded {
                output: self.data(output),
            },
            K::ActivityFailed(failure) => D::ActivityFailed(problem(failure)),
            K::ActivityTimedOut(failure) => D::ActivityTimedOut(problem(failure)),
            K::LambdaScheduled(state, task) => D::LambdaFunctionScheduled {
                resource: self.program.resource(*state).arn.clone(),
                input: self.data(&task.input),
                timeout_in_seconds: task.timeout,
                task_credentials: task.role_arn.clone(),
            },
            K::LambdaStarted => D::LambdaFunctionStarted,
            K::LambdaSucceeded(output) => D::LambdaFunctionSucceeded {
                output: self.data(output),
            },
            K::LambdaFailed(failure) => D::LambdaFunctionFailed(problem(failure)),
            K::LambdaTimedOut(failure) => D::LambdaFunctionTimedOut(problem(failure)),
            K::LambdaScheduleFailed(failure) => D::LambdaFunctionScheduleFailed(problem(failure)),
            K::LambdaStartFailed(failure) => D::LambdaFunctionStartFailed(problem(failure)),
            K::TaskScheduled(state, task) => {
                let resource = self.program.resource(*state);
                D::TaskScheduled {
                    resource_type: resource.service.clone(),
                    resource: resource.action.clone(),
                    region: self.region.clone(),
                    parameters: task.input.text().clone(),
                    timeout_in_seconds: task.timeout,
                    heartbeat_in_seconds: task.heartbeat,
                    task_credentials: task.role_arn.clone(),
                }
            }
            K::TaskStarted(state) => {
                self.task(TaskPhase::Started, *state, None, Problem::default())
            }
            K::TaskAnswered(phase, state, output) => {
                self.task(*phase, *state, self.data(output), Problem::default())
            }
            K::TaskFailed(phase, state, failure) => {
                self.task(*phase, *state, None, problem(failure))
            }
            K::EvaluationFailed(state, failure, location) => D::EvaluationFailed {
                problem: problem(failure),
                location: location.clone(),
                state: self.name_of(*state),
            },
        }
    }

    fn exited(&self, state: StateId, output: &Json, assigned: &[(Arc<str>, Json)]) -> EventDetails {
        EventDetails::StateExited {
            state_type: self.type_of(state),
            name: self.name_of(state),
            output: self.data(output),
            assigned_variables: assigned
                .iter()
                .map(|(name, value)| (name.clone(), value.text().clone()))
                .collect(),
        }
    }

    fn task(
        &self,
        phase: TaskPhase,
        state: StateId,
        output: Option<Arc<str>>,
        problem: Problem,
    ) -> EventDetails {
        let resource = self.program.resource(state);
        EventDetails::Task {
            phase,
            resource_type: resource.service.clone(),
            resource: resource.action.clone(),
            output,
            problem,
        }
    }
}
