//! The Task state: scheduling, the answers, timeouts and heartbeats.

use std::sync::Arc;

use serde_json::Value;

use super::fault::{Fault, too_large};
use super::{Call, Effect, Execution, MAX_PAYLOAD, Phase, Surroundings, Timer, TimerKind, after};
use crate::history::{EventKind, Failure, Problem, TaskEvent, TaskPhase};
use crate::program::{Pattern, Program, Resource, ResourceKind, StateDef, StateId, TaskDef};
use crate::token::{TaskId, TaskToken};
use crate::{Json, Timestamp};

/// One try of a task.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Run {
    pub(super) id: TaskId,
    pub(super) secret: u64,
    input: Json,
    timeout: Option<u64>,
    heartbeat: Option<u64>,
    pub(super) started: bool,
    /// Whether the worker that took it never got it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    returned: bool,
    /// When a worker that stays silent has been silent too long.
    heartbeat_at: Option<Timestamp>,
}

/// A task under way.
pub(crate) struct OpenTask {
    pub(crate) task: TaskId,
    pub(crate) state: StateId,
    /// Whether a worker took it, or the call was made.
    pub(crate) started: bool,
    /// Whether the worker that took it never got it.
    pub(crate) returned: bool,
    /// What the worker gets.
    pub(crate) input: Json,
}

impl Execution {
    pub(super) fn schedule(
        &mut self,
        frame: u32,
        def: &StateDef,
        task: &TaskDef,
        surroundings: &dyn Surroundings,
    ) -> Result<(), Fault> {
        let resource = &task.resource;
        let raw = self.frames[frame as usize].input.clone();
        let input = self.effective_input(frame, def, &raw)?;
        if resource.kind == ResourceKind::Activity && !surroundings.activity_exists(&resource.arn) {
            return Err(Fault::runtime(format!(
                "The activity {} does not exist.",
                resource.arn
            )));
        }
        let id = TaskId {
            frame,
            nonce: self.next_nonce(),
        };
        let secret = self.random.next();
        let token = TaskToken {
            execution: self.about.number,
            task: id,
            secret,
        };
        let sees_token =
            resource.kind == ResourceKind::Activity || resource.pattern != Pattern::RequestResponse;
        let payload = self.payload(frame, &task.payload, &input, sees_token.then_some(token))?;
        let timeout = self.seconds(frame, &task.timeout, &input, "TimeoutSeconds")?;
        let heartbeat = self.seconds(frame, &task.heartbeat, &input, "HeartbeatSeconds")?;
        let role_arn = match &task.credentials {
            None => None,
            Some(credentials) => {
                let credentials = self.payload(frame, credentials, &input, None)?;
                match credentials.value().get("RoleArn") {
                    Some(Value::String(role)) => Some(Arc::from(role.as_str())),
                    _ => {
                        return Err(Fault::runtime(
                            "The RoleArn field of Credentials must be a string.",
                        ));
                    }
                }
            }
        };
        if payload.size() > MAX_PAYLOAD {
            return Err(super::size_fault(&def.name));
        }
        if let Some(wrong) = wrong_parameters(resource, &payload) {
            return Err(wrong);
        }
        let state = self.frames[frame as usize].state;
        let scheduled = Box::new(TaskEvent {
            input: payload.clone(),
            timeout,
            heartbeat,
            role_arn,
        });
        self.note(
            frame,
            match resource.kind {
                ResourceKind::Activity => EventKind::ActivityScheduled(state, scheduled),
                ResourceKind::Lambda => EventKind::LambdaScheduled(state, scheduled),
                ResourceKind::Service => EventKind::TaskScheduled(state, scheduled),
            },
        );
        let run = Box::new(Run {
            id,
            secret,
            input: payload,
            timeout,
            heartbeat,
            started: false,
            returned: false,
            heartbeat_at: None,
        });
        let slot = &mut self.frames[frame as usize];
        slot.missed_heartbeat = false;
        if resource.kind == ResourceKind::Activity {
            let input = run.input.clone();
            slot.phase = Phase::Task(run);
            self.effects.push(Effect::Activity {
                task: id,
                state,
                input,
            });
        } else {
            slot.phase = Phase::Scheduled(run);
            self.ready.push_back(frame);
        }
        Ok(())
    }

    fn seconds(
        &mut self,
        frame: u32,
        scalar: &crate::program::Scalar<u64>,
        input: &Json,
        field: &str,
    ) -> Result<Option<u64>, Fault> {
        match self.integer(frame, scalar, input, field)? {
            None => Ok(None),
            Some(seconds) if seconds > 0 => Ok(Some(seconds.unsigned_abs())),
            Some(seconds) => Err(self.senseless(
                frame,
                field,
                format!("{field} must be a positive integer but was: {seconds}"),
            )),
        }
    }

    /// The call of a scheduled task is to be made.
    pub(super) fn start_task(&mut self, frame: u32, program: &Program) {
        let slot = &mut self.frames[frame as usize];
        let (state, attempt) = (slot.state, slot.retry_count);
        let Phase::Scheduled(run) = std::mem::replace(&mut slot.phase, Phase::Running) else {
            unreachable!("only scheduled tasks are started");
        };
        let token = TaskToken {
            execution: self.about.number,
            task: run.id,
            secret: run.secret,
        };
        let waits = program.resource(state).pattern == Pattern::WaitForTaskToken;
        let call = Call {
            task: run.id,
            state,
            input: run.input.clone(),
            attempt,
            timeout: run.timeout,
            heartbeat: run.heartbeat,
            token: waits.then(|| token.to_string()),
        };
        slot.phase = Phase::Task(run);
        self.effects.push(Effect::Call(Box::new(call)));
    }

    /// The call was made.
    pub(super) fn task_started(&mut self, task: TaskId) {
        if self.open_task(task).is_none_or(|run| run.started) {
            return;
        }
        let state = self.frames[task.frame as usize].state;
        let started = match self.program.resource(state).kind {
            ResourceKind::Lambda => EventKind::LambdaStarted,
            _ => EventKind::TaskStarted(state),
        };
        self.note(task.frame, started);
        self.arm_task(task.frame);
    }

    /// The call could not be made.
    pub(super) fn task_refused(&mut self, task: TaskId, phase: TaskPhase, problem: Problem) {
        if self.open_task(task).is_some() {
            self.task_ends_badly(task.frame, phase, Arc::new(problem));
        }
    }

    pub(super) fn activity_taken(&mut self, task: TaskId, worker: Option<Arc<str>>) {
        match self.open_task_mut(task) {
            None => return,
            Some(run) if run.started => {
                if std::mem::take(&mut run.returned) {
                    self.heartbeat(task);
                }
                return;
            }
            Some(_) => {}
        }
        self.note(task.frame, EventKind::ActivityStarted(worker));
        self.arm_task(task.frame);
    }

    /// A worker that took a task never got it. Its history says that it started, so that stays; another one takes it over.
    pub(super) fn activity_returned(&mut self, task: TaskId) {
        if let Some(run) = self.open_task_mut(task) {
            run.returned = run.started;
        }
    }

    fn open_task_mut(&mut self, task: TaskId) -> Option<&mut Run> {
        match &mut self.frames.get_mut(task.frame as usize)?.phase {
            Phase::Task(run) if run.id == task => Some(run),
            _ => None,
        }
    }

    /// Starts the clocks of a task that has started.
    fn arm_task(&mut self, frame: u32) {
        let now = self.now;
        let Phase::Task(run) = &mut self.frames[frame as usize].phase else {
            return;
        };
        run.started = true;
        let nonce = run.id.nonce;
        if let Some(seconds) = run.timeout {
            let timer = Timer {
                kind: TimerKind::Timeout,
                frame,
                nonce,
            };
            self.effects.push(Effect::Arm(timer, after(now, seconds)));
        }
        if let Some(seconds) = run.heartbeat {
            let at = after(now, seconds);
            run.heartbeat_at = Some(at);
            self.effects.push(Effect::Arm(
                Timer {
                    kind: TimerKind::Heartbeat,
                    frame,
                    nonce,
                },
                at,
            ));
        }
    }

    pub(super) fn heartbeat(&mut self, task: TaskId) {
        let now = self.now;
        if let Some(slot) = self.frames.get_mut(task.frame as usize)
            && let Phase::Task(run) = &mut slot.phase
            && run.id == task
            && let Some(seconds) = run.heartbeat
        {
            // The timer that is armed finds this when it fires, and goes to sleep again.
            run.heartbeat_at = Some(after(now, seconds));
        }
    }

    pub(super) fn task_timer(&mut self, timer: Timer) {
        let frame = timer.frame;
        let Phase::Task(run) = &self.frames[frame as usize].phase else {
            return;
        };
        if timer.kind == TimerKind::Heartbeat
            && let Some(at) = run.heartbeat_at
            && at > self.now
        {
            self.effects.push(Effect::Arm(timer, at));
            return;
        }
        self.effects.push(Effect::Cancel(run.id));
        let problem = Problem {
            error: Some("States.Timeout".into()),
            cause: None,
        };
        self.frames[frame as usize].missed_heartbeat = timer.kind == TimerKind::Heartbeat;
        self.task_ends_badly(frame, TaskPhase::TimedOut, Arc::new(problem));
    }

    pub(super) fn task_submitted(&mut self, task: TaskId, output: Json) {
        if self.open_task(task).is_some() {
            let state = self.frames[task.frame as usize].state;
            self.note(
                task.frame,
                EventKind::TaskAnswered(TaskPhase::Submitted, state, output),
            );
        }
    }

    pub(super) fn task_succeeded(&mut self, task: TaskId, output: Json) {
        if self.open_task(task).is_none() {
            return;
        }
        let frame = task.frame;
        let program = self.program.clone();
        let state = self.frames[frame as usize].state;
        let resource = program.resource(state);
        if output.size() > MAX_PAYLOAD {
            let name = match resource.kind {
                ResourceKind::Service => &resource.service,
                _ => &resource.arn,
            };
            let problem = Problem {
                error: Some("States.DataLimitExceeded".into()),
                cause: Some(too_large(name).into()),
            };
            return self.task_ends_badly(frame, TaskPhase::Failed, Arc::new(problem));
        }
        self.note(
            frame,
            match resource.kind {
                ResourceKind::Activity => EventKind::ActivitySucceeded(output.clone()),
                ResourceKind::Lambda => EventKind::LambdaSucceeded(output.clone()),
                ResourceKind::Service => {
                    EventKind::TaskAnswered(TaskPhase::Succeeded, state, output.clone())
                }
            },
        );
        self.complete(frame, output);
    }

    pub(super) fn task_failed(&mut self, task: TaskId, problem: Problem) {
        if self.open_task(task).is_some() {
            self.task_ends_badly(task.frame, TaskPhase::Failed, Arc::new(problem));
        }
    }

    pub(super) fn task_timed_out(&mut self, task: TaskId) {
        if self.open_task(task).is_some() {
            let problem = Problem {
                error: Some("States.Timeout".into()),
                cause: None,
            };
            self.task_ends_badly(task.frame, TaskPhase::TimedOut, Arc::new(problem));
        }
    }

    fn task_ends_badly(&mut self, frame: u32, phase: TaskPhase, failure: Failure) {
        let program = self.program.clone();
        let state: StateId = self.frames[frame as usize].state;
        let told = failure.clone();
        self.note(
            frame,
            match (program.resource(state).kind, phase) {
                (ResourceKind::Activity, TaskPhase::TimedOut) => EventKind::ActivityTimedOut(told),
                (ResourceKind::Activity, _) => EventKind::ActivityFailed(told),
                (ResourceKind::Lambda, TaskPhase::TimedOut) => EventKind::LambdaTimedOut(told),
                (ResourceKind::Lambda, TaskPhase::ScheduleFailed) => {
                    EventKind::LambdaScheduleFailed(told)
                }
                (ResourceKind::Lambda, TaskPhase::StartFailed) => {
                    EventKind::LambdaStartFailed(told)
                }
                (ResourceKind::Lambda, _) => EventKind::LambdaFailed(told),
                (ResourceKind::Service, phase) => EventKind::TaskFailed(phase, state, told),
            },
        );
        self.frames[frame as usize].phase = Phase::Failing(failure);
        self.ready.push_back(frame);
    }

    /// What follows from a task's failure.
    pub(super) fn fail_task(&mut self, frame: u32) {
        let slot = &mut self.frames[frame as usize];
        if let Phase::Failing(failure) = std::mem::replace(&mut slot.phase, Phase::Running) {
            self.failed(frame, failure, true);
        }
    }

    /// The tasks under way, in the order they were scheduled.
    pub(crate) fn open_tasks(&self) -> Vec<OpenTask> {
        let mut open: Vec<OpenTask> = self
            .frames
            .iter()
            .filter_map(|frame| match &frame.phase {
                Phase::Task(run) => Some(OpenTask {
                    task: run.id,
                    state: frame.state,
                    started: run.started,
                    returned: run.returned,
                    input: run.input.clone(),
                }),
                _ => None,
            })
            .collect();
        open.sort_by_key(|open| open.task.nonce);
        open
    }

    /// The task, if it is still open.
    pub(super) fn open_task(&self, task: TaskId) -> Option<&Run> {
        match &self.frames.get(task.frame as usize)?.phase {
            Phase::Task(run) if run.id == task => Some(run),
            _ => None,
        }
    }
}

/// What a service integration refuses before the task is scheduled.
fn wrong_parameters(resource: &Resource, parameters: &Json) -> Option<Fault> {
    let refused = |why: &str| {
        Fault::runtime(format!(
            "The Parameters '{parameters}' could not be used to start the Task: [{why}]"
        ))
    };
    match (&*resource.service, resource.verb()) {
        // Header values are lists.
        ("apigateway", "invoke") => {
            let headers = parameters.value().get("Headers")?.as_object();
            let fits = headers.is_some_and(|headers| headers.values().all(Value::is_array));
            (!fits).then(|| refused("The value of the field 'Headers' has an invalid format"))
        }
        _ => None,
    }
}
