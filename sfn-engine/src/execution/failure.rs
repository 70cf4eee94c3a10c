//! What becomes of errors: retried, caught, or passed on to whatever is around.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use sfn_asl::{Jitter, QueryLanguage, StateType};

use super::data::put;
use super::fault::{Fault, Told};
use super::{Effect, Execution, Phase, Timer, TimerKind};
use crate::history::{EventKind, Failure, IterationPhase, Problem};
use crate::program::StateDef;
use crate::{ExecutionStatus, Json};

impl Execution {
    /// Something went wrong within the frame's state itself.
    pub(super) fn fault(&mut self, frame: u32, fault: Fault) {
        let slot = &self.frames[frame as usize];
        let (state, entered) = (slot.state, slot.entered);
        let cause = match fault.told {
            Told::Verbatim => fault.cause,
            _ => {
                let name = &self.program.state(state).name;
                format!(
                    "An error occurred while executing the state '{name}' (entered at the event id #{entered}). {}",
                    fault.cause
                )
            }
        };
        let failure = Arc::new(Problem {
            error: Some(fault.error.into()),
            cause: Some(cause.into()),
        });
        let is_evaluation = matches!(fault.told, Told::Evaluation { .. });
        if let Told::Evaluation {
            location,
            entered: follows,
        } = fault.told
        {
            // As recorded: nothing follows the entry of a state whose fields have no value.
            let slot = &self.frames[frame as usize];
            let previous = if slot.last == slot.entered && !follows {
                slot.before
            } else {
                slot.last
            };
            let kind =
                EventKind::EvaluationFailed(state, failure.clone(), location.map(Into::into));
            let id = self.record(previous, kind);
            self.frames[frame as usize].last = id;
        }
        let state_type = self.program.state(state).state_type;
        let was_running = matches!(
            self.frames[frame as usize].phase,
            Phase::Running | Phase::Entering
        );
        // A Map or Parallel that could not even start tells that it failed only when an expression was to blame.
        let tells = is_evaluation
            && was_running
            && matches!(state_type, StateType::Map | StateType::Parallel);
        self.failed_telling(frame, failure, fault.catchable, tells);
    }

    /// The frame's state failed: it is tried again, or a catcher leads on, or the frame fails.
    pub(super) fn failed(&mut self, frame: u32, failure: Failure, catchable: bool) {
        self.failed_telling(frame, failure, catchable, false);
    }

    /// The same for a Map or Parallel (`tells`), which then says so.
    pub(super) fn failed_telling(
        &mut self,
        frame: u32,
        failure: Failure,
        catchable: bool,
        tells: bool,
    ) {
        if let Some(trial) = &mut self.trial {
            trial.failure = Some(failure.clone());
        }
        let program = self.program.clone();
        let def = program.state(self.frames[frame as usize].state);
        if catchable && let Some(delay) = self.retry_delay(frame, def, &failure) {
            return self.try_again(frame, delay);
        }
        let before = self.frames[frame as usize].last;
        if tells {
            let state = self.frames[frame as usize].state;
            self.note(frame, EventKind::Failed(state));
        }
        if catchable
            && let Some(index) =
                self.position(frame, &failure, def.catch.iter().map(|catch| &catch.errors))
        {
            return self.caught(frame, def, index, &failure, before);
        }
        self.fail_frame(frame, failure, catchable);
    }

    /// The first of the lists of names that is for this error.
    fn position<'a>(
        &self,
        frame: u32,
        failure: &Failure,
        mut lists: impl Iterator<Item = &'a Vec<String>>,
    ) -> Option<usize> {
        // A missed heartbeat is told as a timeout, but can be named.
        let missed = self.frames[frame as usize].missed_heartbeat;
        let named =
            |names: &[String]| missed && names.iter().any(|name| name == "States.HeartbeatTimeout");
        lists.position(|names| matches_error(names, failure) || named(names))
    }

    /// How long to wait before the next try, when a retrier grants one. Counts it.
    fn retry_delay(&mut self, frame: u32, def: &StateDef, failure: &Failure) -> Option<Duration> {
        let index = self.position(
            frame,
            failure,
            def.retry.iter().map(|retrier| &retrier.error_equals),
        )?;
        let retrier = &def.retry[index];
        let slot = &mut self.frames[frame as usize];
        if slot.retries.len() < def.retry.len() {
            slot.retries.resize(def.retry.len(), 0);
        }
        let used = slot.retries[index];
        if u64::from(used) >= retrier.attempts() {
            return None;
        }
        slot.retries[index] = used + 1;
        slot.retry_count += 1;
        let mut seconds = retrier.delay(used + 1);
        if retrier.jitter() == Jitter::Full {
            seconds *= self.random.fraction();
        }
        // Retriers may wait for years by arithmetic alone; an f64 of seconds always fits after this.
        Some(Duration::from_secs_f64(seconds.clamp(0.0, 1e10)))
    }

    fn try_again(&mut self, frame: u32, delay: Duration) {
        self.frames[frame as usize].rest = None;
        if delay.is_zero() {
            self.frames[frame as usize].phase = Phase::Running;
            self.ready.push_back(frame);
            return;
        }
        let nonce = self.next_nonce();
        self.frames[frame as usize].phase = Phase::Retrying { nonce };
        self.effects.push(Effect::Arm(
            Timer {
                kind: TimerKind::Wake,
                frame,
                nonce,
            },
            self.now + delay,
        ));
    }

    /// A catcher takes over. `before` is the event the state stood at before it told that it failed.
    fn caught(&mut self, frame: u32, def: &StateDef, index: usize, failure: &Failure, before: u32) {
        self.frames[frame as usize].rest = None;
        let catch = &def.catch[index];
        self.frames[frame as usize].phase = Phase::Running;
        let raw = self.frames[frame as usize].input.clone();
        let error_output = error_output(failure);
        let left = match def.language {
            QueryLanguage::Jsonata => self.leave_jsonata_by(
                frame,
                catch.assign.as_ref(),
                catch.output.as_ref(),
                &raw,
                Some(error_output),
                Some(catch.next),
            ),
            QueryLanguage::JsonPath => self
                .assign_jsonpath(frame, catch.assign.as_ref(), &error_output)
                .and_then(|assigned| Ok((assigned, put(&catch.result_path, &raw, error_output)?)))
                .map(|(assigned, output)| self.exit(frame, output, assigned, Some(catch.next))),
        };
        if let Err(fault) = left {
            // As measured: an expression of the catcher fails beside the state's failure, not after it.
            if matches!(fault.told, Told::Evaluation { .. }) {
                self.frames[frame as usize].last = before;
            }
            // A catcher that fails is not caught by its neighbours.
            self.fault(
                frame,
                Fault {
                    catchable: false,
                    ..fault
                },
            );
        }
    }

    /// Nobody mended it: the frame fails, and with it what it belongs to.
    fn fail_frame(&mut self, frame: u32, failure: Failure, catchable: bool) {
        // What cannot be caught ends the execution from where it stands: what is around it tells nothing, as measured.
        let around = self.frames[frame as usize].parent.filter(|_| catchable);
        let Some((parent, index)) = around else {
            self.note(frame, EventKind::ExecutionFailed(failure.clone()));
            return self.over(ExecutionStatus::Failed, None, Some(failure));
        };
        let program = self.program.clone();
        let last = self.frames[frame as usize].last;
        let state = self.frames[frame as usize].state;
        let container = self.frames[parent as usize].state;
        let is_map = program.state(container).state_type == StateType::Map;
        if is_map {
            self.record(
                last,
                EventKind::Iteration(IterationPhase::Failed, container, index),
            );
        }
        if program.state(state).state_type == StateType::Task {
            self.record(last, EventKind::Aborted(state));
        }
        self.abort_children(parent, Some(frame), last);
        self.set_aside(parent);
        self.frames[parent as usize].last = last;
        self.failed_telling(parent, failure, true, true);
    }
}

/// Whether a retrier or catcher with these names is for this error.
pub(super) fn matches_error(names: &[String], failure: &Failure) -> bool {
    let error = failure.error.as_deref();
    names.iter().any(|name| match name.as_str() {
        "States.ALL" => true,
        "States.TaskFailed" => {
            error != Some("States.Timeout") && error != Some("States.HeartbeatTimeout")
        }
        name => Some(name) == error,
    })
}

/// What a catcher gets to see.
fn error_output(failure: &Failure) -> Json {
    let cause = match (&failure.cause, failure.error.as_deref()) {
        (Some(cause), _) => Value::from(&**cause),
        // As recorded: the cause of a timeout is empty, but there.
        (None, Some("States.Timeout")) => Value::from(""),
        (None, _) => Value::Null,
    };
    Json::new(json!({ "Error": failure.error.as_deref(), "Cause": cause }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &[&str], error: Option<&str>, expected: bool) {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let failure = Arc::new(Problem {
            error: error.map(Into::into),
            cause: None,
        });
        assert_eq!(
            matches_error(&names, &failure),
            expected,
            "{names:?} {error:?}"
        );
    }

    #[test]
    fn names_match_as_the_language_says() {
        check(&["A", "B"], Some("B"), true);
        check(&["A"], Some("B"), false);
        check(&["A"], None, false);
        check(&["States.ALL"], None, true);
        check(&["States.ALL"], Some("States.Timeout"), true);
        check(&["States.TaskFailed"], Some("Custom"), true);
        check(&["States.TaskFailed"], Some("States.Timeout"), false);
    }
}
