//! One state on its own: what `TestState` runs.
//!
//! The state is run by the very methods that run it within an execution, on an execution that ends as soon as the state
//! is left. What it came to at each stage is evaluated beside it, with the same random numbers.

mod look;

use std::sync::Arc;

use serde_json::{Value, json};
use sfn_asl::StateType;

use super::failure::matches_error;
use super::fault::Fault;
use super::http;
use super::{About, Effect, Execution, Phase, Signal, Surroundings, Timer, TimerKind};
use crate::api::{InspectionData, TestStatus, TestedState};
use crate::history::{EventKind, Failure, Problem};
use crate::integrations::Answer;
use crate::program::{KindDef, StateDef, StateId};
use crate::{Json, Program, Timestamp};

/// What stands in for the outside of the tested state.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) program: Arc<Program>,
    pub(crate) about: About,
    pub(crate) state: StateId,
    pub(crate) variables: Vec<(Arc<str>, Json)>,
    /// The whole context object.
    pub(crate) context: Value,
    /// How often its retriers were used.
    pub(crate) retries: u32,
    /// How many iterations of a Map failed.
    pub(crate) failed_iterations: u64,
    /// What a Map's reader would read.
    pub(crate) items: Option<String>,
    pub(crate) now: Timestamp,
}

/// What an execution knows of its being a test.
#[derive(Debug)]
pub(super) struct Trial {
    /// The whole context object.
    pub(super) context: Value,
    /// The variables the state found.
    variables: Vec<(Arc<str>, Json)>,
    /// What failed last, whatever became of it.
    pub(super) failure: Option<Failure>,
}

/// What became of a state.
pub(crate) enum Staged {
    /// It is over.
    Done(Box<TestedState>),
    /// It calls someone: [`Staging::answer`] goes on from there.
    Calls(Box<Staging>),
}

/// A tested state that waits for the answer to its call.
pub(crate) struct Staging {
    execution: Execution,
    data: InspectionData,
    /// What it calls with.
    pub(crate) call: super::Call,
}

/// Nothing but what the test brings along: each activity exists.
struct Alone;

impl Surroundings for Alone {
    fn activity_exists(&self, _arn: &str) -> bool {
        true
    }
}

/// Why a test makes no sense.
pub(crate) struct TooManyFailures;

/// The tested state's frame: it is the only one.
const FRAME: u32 = 0;

impl Stage {
    /// Runs the state up to its call, or to its end. `mock` stands in for branches and iterations.
    pub(crate) fn run(self, mock: Option<Answer>) -> Result<Staged, TooManyFailures> {
        let program = self.program.clone();
        let def = program.state(self.state);
        let mut about = self.about;
        about.start_at = Some(self.state);
        let mut execution = Execution::new(program.clone(), Arc::new(about));
        execution.trial = Some(Box::new(Trial {
            context: self.context,
            variables: self.variables.clone(),
            failure: None,
        }));
        super::receive(&mut execution, Signal::Started, self.now);
        execution.effects.clear();
        execution.ready.clear();
        execution.enter(FRAME);
        execution.frames[FRAME as usize].variables = self.variables;
        execution.frames[FRAME as usize].retries = vec![self.retries; def.retry.len()];

        let mut data = InspectionData::default();
        let random = execution.random.clone();
        // A stage that fails here fails again when the state is run, and is told there.
        let looked = execution.look(def, self.items.as_deref(), &mut data);
        execution.random = random;

        match &def.kind {
            KindDef::Map(_) => {
                let tolerated = match looked {
                    Err(fault) => {
                        execution.fault(FRAME, fault);
                        return Ok(Staged::Done(Box::new(execution.ended(data))));
                    }
                    Ok(items) => {
                        if items.is_some_and(|items| self.failed_iterations > items) {
                            return Err(TooManyFailures);
                        }
                        execution.tolerates(&data, items, self.failed_iterations)
                    }
                };
                let mock = if tolerated {
                    mock
                } else {
                    Some(Answer::Failure {
                        error: Some("States.ExceedToleratedFailureThreshold".to_owned()),
                        cause: Some(
                            "The specified tolerated failure threshold was exceeded".to_owned(),
                        ),
                    })
                };
                execution.stand_in(mock, &mut data);
                Ok(Staged::Done(Box::new(execution.ended(data))))
            }
            KindDef::Parallel(_) => {
                match looked {
                    Err(fault) => execution.fault(FRAME, fault),
                    Ok(_) => execution.stand_in(mock, &mut data),
                }
                Ok(Staged::Done(Box::new(execution.ended(data))))
            }
            KindDef::Task(_) => {
                execution.run_state(FRAME, &program, &Alone);
                if matches!(execution.frames_phase(), Some(Phase::Scheduled(_))) {
                    execution.start_task(FRAME, &program);
                }
                execution.called(data)
            }
            _ => {
                execution.run_state(FRAME, &program, &Alone);
                if matches!(execution.frames_phase(), Some(Phase::Waiting { .. })) {
                    execution.wait_is_over(FRAME);
                }
                Ok(Staged::Done(Box::new(execution.ended(data))))
            }
        }
    }
}

impl Staging {
    /// The execution it seems to be in.
    pub(crate) fn about(&self) -> &About {
        &self.execution.about
    }

    /// The program of the state that calls.
    pub(crate) fn program(&self) -> &Arc<Program> {
        &self.execution.program
    }

    /// Goes on with the answer.
    pub(crate) fn answer(mut self, answer: Answer) -> TestedState {
        let execution = &mut self.execution;
        let now = execution.now;
        let task = self.call.task;
        let is_http = &*execution.program.resource(self.call.state).service == "http";
        let parameters = self.call.input.value();
        if is_http {
            self.data.request = Some(http::request(parameters));
        }
        let signal = match answer {
            Answer::Success(text) => match Json::parse(text) {
                Ok(output) => {
                    if is_http {
                        let response = http::response(parameters, output.value());
                        self.data.response = Some(response);
                    }
                    execution.look_at_result(&output, &mut self.data);
                    Signal::TaskSucceeded { task, output }
                }
                Err(error) => Signal::TaskFailed {
                    task,
                    problem: Problem {
                        error: Some("States.Runtime".into()),
                        cause: Some(format!("the answer is no JSON: {error}").into()),
                    },
                },
            },
            Answer::Failure { error, cause } | Answer::Refused { error, cause, .. } => {
                Signal::TaskFailed {
                    task,
                    problem: Problem {
                        error: error.map(Into::into),
                        cause: cause.map(Into::into),
                    },
                }
            }
            Answer::Timeout | Answer::Silence => Signal::TaskTimedOut { task },
        };
        super::receive(execution, signal, now);
        if matches!(execution.frames_phase(), Some(Phase::Failing(_))) {
            execution.fail_task(FRAME);
        }
        self.execution.ended(self.data)
    }
}

impl Execution {
    fn frames_phase(&self) -> Option<&Phase> {
        self.frames.first().map(|frame| &frame.phase)
    }

    /// What a Task calls with, when it came to calling.
    fn called(mut self, data: InspectionData) -> Result<Staged, TooManyFailures> {
        let effects = std::mem::take(&mut self.effects);
        let call = effects.into_iter().find_map(|effect| match effect {
            Effect::Call(call) => Some(*call),
            Effect::Activity { task, state, input } => Some(super::Call {
                task,
                state,
                input,
                attempt: 0,
                timeout: None,
                heartbeat: None,
                token: None,
            }),
            _ => None,
        });
        Ok(match call {
            None => Staged::Done(Box::new(self.ended(data))),
            Some(call) => Staged::Calls(Box::new(Staging {
                execution: self,
                data,
                call,
            })),
        })
    }

    /// The mock ends a Map or a Parallel.
    fn stand_in(&mut self, mock: Option<Answer>, data: &mut InspectionData) {
        match mock {
            Some(Answer::Success(text)) => {
                let result = Json::parse(text).unwrap_or_default();
                self.look_at_result(&result, data);
                self.complete(FRAME, result);
            }
            Some(Answer::Failure { error, cause }) => {
                let failure = Arc::new(Problem {
                    error: error.map(Into::into),
                    cause: cause.map(Into::into),
                });
                self.frames[FRAME as usize].phase = Phase::Running;
                self.failed(FRAME, failure, true);
            }
            _ => {
                let fault = Fault::runtime("the state has nothing to stand in for what it runs");
                self.fault(FRAME, fault);
            }
        }
    }

    /// Whether a Map bears so many failures.
    fn tolerates(&self, data: &InspectionData, items: Option<u64>, failed: u64) -> bool {
        if failed == 0 {
            return true;
        }
        let share = failed as f64 * 100.0 / items.unwrap_or(failed).max(1) as f64;
        // A Map that says nothing about it is not asked, as recorded.
        data.tolerated_failure_count
            .is_none_or(|most| failed <= most)
            && data
                .tolerated_failure_percentage
                .is_none_or(|most| share <= most)
    }

    /// What became of the state.
    fn ended(mut self, mut data: InspectionData) -> TestedState {
        let program = self.program.clone();
        let trial = self.trial.take().expect("it is a test");
        let state = self.history.iter().find_map(|event| match event.kind {
            EventKind::Entered(state, _) => Some(state),
            _ => None,
        });
        let def = program.state(state.expect("the tested state was entered"));
        let left = self.history.iter().find_map(|event| match &event.kind {
            EventKind::Exited(_, output) | EventKind::ExitedAssigning(_, output, _) => {
                Some(output.clone())
            }
            _ => None,
        });
        let failed = self
            .outcome
            .as_ref()
            .and_then(|outcome| outcome.failure.clone());
        let failure = failed.clone().or(trial.failure.clone());
        if let Some(failure) = &failure {
            let names = |errors: &[String]| matches_error(errors, failure);
            data.retry_index = def
                .retry
                .iter()
                .position(|retrier| names(&retrier.error_equals));
        }
        let wake = |effect: &Effect| match effect {
            Effect::Arm(
                Timer {
                    kind: TimerKind::Wake,
                    ..
                },
                at,
            ) => Some(*at),
            _ => None,
        };
        let retrying = left.is_none() && failed.is_none();
        let status = match (&failure, retrying) {
            (None, _) => TestStatus::Succeeded,
            (Some(_), true) => {
                let at = self.effects.iter().find_map(wake).unwrap_or(self.now);
                data.retry_backoff_seconds = Some(at.since(self.now).as_secs());
                TestStatus::Retriable
            }
            (Some(_), false) if failed.is_some() => TestStatus::Failed,
            (Some(failure), false) => {
                data.retry_index = None;
                data.catch_index = def
                    .catch
                    .iter()
                    .position(|catch| matches_error(&catch.errors, failure));
                TestStatus::CaughtError
            }
        };
        let next_state = match self.frames.first() {
            Some(frame) if left.is_some() && matches!(frame.phase, Phase::Entering) => {
                Some(program.state(frame.state).name.to_string())
            }
            _ => None,
        };
        let mut variables: serde_json::Map<String, Value> = trial
            .variables
            .iter()
            .map(|(name, value)| (name.to_string(), value.value().clone()))
            .collect();
        for event in &self.history {
            if let EventKind::ExitedAssigning(_, _, assigned) = &event.kind {
                let assigned = assigned.iter();
                variables.extend(
                    assigned.map(|(name, value)| (name.to_string(), value.value().clone())),
                );
            }
        }
        if !variables.is_empty() {
            data.variables = Some(Json::new(Value::Object(variables)));
        }
        let entered = self
            .history
            .iter()
            .position(|e| matches!(e.kind, EventKind::Entered(..)));
        let prefix = format!(
            "An error occurred while executing the state '{}' (entered at the event id #{}). ",
            def.name,
            entered.map_or(0, |place| place + 1)
        );
        let cause = failure.as_ref().and_then(|failure| failure.cause.clone());
        // As recorded: a test does not say in which state it was.
        let cause = cause.map(|cause| match cause.strip_prefix(&prefix) {
            Some(rest) => Arc::from(rest),
            None => cause,
        });
        TestedState {
            status,
            output: left,
            error: failure.as_ref().and_then(|failure| failure.error.clone()),
            cause,
            next_state,
            inspection: Some(data),
        }
    }
}

/// The context object of a test that brings none along.
pub(crate) fn usual_context(
    about: &About,
    role_arn: Option<&str>,
    def: &StateDef,
    now: Timestamp,
) -> Value {
    let mut state = json!({ "Name": "StateName", "EnteredTime": now.to_string() });
    if matches!(
        def.state_type,
        StateType::Task | StateType::Map | StateType::Parallel
    ) {
        state["RetryCount"] = json!(0);
    }
    json!({
        "Execution": {
            "Id": &*about.arn,
            "Input": about.input.value(),
            "StartTime": now.to_string(),
            "Name": &*about.name,
            "RoleArn": role_arn,
        },
        "StateMachine": { "Id": &*about.machine_arn, "Name": &*about.machine_name },
        "State": state,
    })
}
