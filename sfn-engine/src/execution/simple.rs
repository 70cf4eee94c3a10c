//! The states that need nobody: Pass, Succeed, Fail, Wait.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use sfn_asl::QueryLanguage;

use super::data;
use super::fault::{Fault, evaluation};
use super::{Effect, Execution, Phase, Timer, TimerKind, after};
use crate::history::Problem;
use crate::program::{FailDef, PassDef, Shape, StateDef, Text, WaitDef};
use crate::{Json, Timestamp};

/// The longest a Wait may last: 2^31 seconds.
const LONGEST_WAIT: Duration = Duration::from_secs(1 << 31);

/// The most characters an error's name may have, as in the API's model.
const LONGEST_ERROR: usize = 256;

/// The most characters a cause may have, as in the API's model.
const LONGEST_CAUSE: usize = 32_768;

/// The beginning of a text that is longer than it may be.
fn bounded(text: Arc<str>, most: usize) -> Arc<str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => text[..end].into(),
        None => text,
    }
}

impl Execution {
    pub(super) fn pass(&mut self, frame: u32, def: &StateDef, pass: &PassDef) -> Result<(), Fault> {
        let raw = self.frames[frame as usize].input.clone();
        if def.language == QueryLanguage::Jsonata {
            return self.leave_jsonata(frame, def, &raw, None, def.next);
        }
        let input = self.effective_input(frame, def, &raw)?;
        let result = match pass {
            PassDef::Input => input,
            PassDef::Result(result) => result.clone(),
            PassDef::Parameters(template) => self.template(frame, template, &input, None)?,
        };
        self.leave_with_result(frame, def, &raw, result)
    }

    pub(super) fn succeed(&mut self, frame: u32, def: &StateDef) -> Result<(), Fault> {
        let raw = self.frames[frame as usize].input.clone();
        if def.language == QueryLanguage::Jsonata {
            return self.leave_jsonata(frame, def, &raw, None, None);
        }
        let input = self.effective_input(frame, def, &raw)?;
        let output = self.effective_output(frame, def, input)?;
        self.exit(frame, output, None, None);
        Ok(())
    }

    pub(super) fn fail(
        &mut self,
        frame: u32,
        _def: &StateDef,
        fail: &FailDef,
    ) -> Result<(), Fault> {
        let raw = self.frames[frame as usize].input.clone();
        let error = self.text(frame, &fail.error, &raw, "Error")?;
        let cause = self.text(frame, &fail.cause, &raw, "Cause")?;
        let problem = Problem {
            error: error.map(|error| bounded(error, LONGEST_ERROR)),
            cause: cause.map(|cause| bounded(cause, LONGEST_CAUSE)),
        };
        self.failed(frame, Arc::new(problem), true);
        Ok(())
    }

    fn text(
        &mut self,
        frame: u32,
        text: &Text,
        raw: &Json,
        field: &str,
    ) -> Result<Option<Arc<str>>, Fault> {
        match text {
            Text::Absent => Ok(None),
            Text::Value(value) => Ok(Some(value.clone())),
            Text::Query(query) => {
                let value = self.query(frame, query, raw, &format!("{field}Path"))?;
                match value.value() {
                    Value::String(text) => Ok(Some(text.as_str().into())),
                    other => Err(Fault::runtime(format!(
                        "The JSONPath '{query}' specified for the field '{field}Path' must reference a string, but was: {other}"
                    ))),
                }
            }
            Text::Jsonata(jsonata) => {
                let value = self.jsonata(frame, jsonata, raw, None, None)?;
                let value = jsonata
                    .expect_shape(value, Shape::String)
                    .map_err(evaluation)?;
                Ok(value.as_str().map(Into::into))
            }
        }
    }

    pub(super) fn wait(&mut self, frame: u32, def: &StateDef, wait: &WaitDef) -> Result<(), Fault> {
        let raw = self.frames[frame as usize].input.clone();
        let until = self.until(frame, def, wait, &raw)?;
        if until.since(self.now) > LONGEST_WAIT {
            return Err(Fault::runtime("Wait state delay is too long."));
        }
        if until <= self.now {
            return self.leave_wait(frame, def, &raw);
        }
        let nonce = self.next_nonce();
        self.frames[frame as usize].phase = Phase::Waiting { nonce };
        self.effects.push(Effect::Arm(
            Timer {
                kind: TimerKind::Wake,
                frame,
                nonce,
            },
            until,
        ));
        Ok(())
    }

    fn until(
        &mut self,
        frame: u32,
        def: &StateDef,
        wait: &WaitDef,
        raw: &Json,
    ) -> Result<Timestamp, Fault> {
        match wait {
            WaitDef::Seconds(seconds) => Ok(after(self.now, *seconds)),
            WaitDef::SecondsPath(path) => {
                let input = self.effective_input(frame, def, raw)?;
                let Ok(value) = self.path_value(frame, path, &input) else {
                    return Err(Fault::runtime(format!(
                        "The SecondsPath parameter does not reference an input value: {path}"
                    )));
                };
                let shown = data::bare(value.value());
                match data::parsed_integer(value.value()) {
                    Some(seconds) if seconds < 0 => Err(Fault::runtime(format!(
                        "The SecondsPath parameter references a negative value: {path} == {shown}"
                    ))),
                    Some(seconds) => Ok(after(self.now, seconds.unsigned_abs())),
                    None => Err(Fault::runtime(format!(
                        "The SecondsPath parameter cannot be parsed as a long value: {path} == {shown}"
                    ))),
                }
            }
            WaitDef::SecondsJsonata(jsonata) => {
                let value = self.jsonata(frame, jsonata, raw, None, None)?;
                let value = jsonata
                    .expect_shape(value, Shape::Integer)
                    .map_err(evaluation)?;
                match data::whole_number(&value) {
                    Some(seconds) if seconds >= 0 => Ok(after(self.now, seconds.unsigned_abs())),
                    _ => Err(Fault::after_entering(
                        "Seconds",
                        format!("The Seconds field is negative: {value}"),
                    )),
                }
            }
            WaitDef::Timestamp(at) => Ok(*at),
            WaitDef::TimestampPath(path) => {
                let input = self.effective_input(frame, def, raw)?;
                let Ok(value) = self.path_value(frame, path, &input) else {
                    return Err(Fault::runtime(format!(
                        "The TimestampPath parameter does not reference an input value: {path}"
                    )));
                };
                value.value().as_str().and_then(Timestamp::parse_rfc3339).ok_or_else(|| {
                    let shown = data::bare(value.value());
                    Fault::runtime(format!(
                        "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time \
                         format string: {path} == {shown}"
                    ))
                })
            }
            WaitDef::TimestampJsonata(jsonata) => {
                let value = self.jsonata(frame, jsonata, raw, None, None)?;
                let value = jsonata
                    .expect_shape(value, Shape::String)
                    .map_err(evaluation)?;
                value.as_str().and_then(Timestamp::parse_rfc3339).ok_or_else(|| {
                    let shown = data::bare(&value);
                    Fault::after_entering(
                        "Timestamp",
                        format!(
                            "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format \
                             string: {shown}"
                        ),
                    )
                })
            }
        }
    }

    pub(super) fn wait_is_over(&mut self, frame: u32) {
        let program = self.program.clone();
        let def = program.state(self.frames[frame as usize].state);
        let raw = self.frames[frame as usize].input.clone();
        if let Err(fault) = self.leave_wait(frame, def, &raw) {
            self.fault(frame, fault);
        }
    }

    fn leave_wait(&mut self, frame: u32, def: &StateDef, raw: &Json) -> Result<(), Fault> {
        if def.language == QueryLanguage::Jsonata {
            return self.leave_jsonata(frame, def, raw, None, def.next);
        }
        let input = self.effective_input(frame, def, raw)?;
        let assigned = self.assign_jsonpath(frame, def.assign.as_ref(), &input)?;
        let output = self.effective_output(frame, def, input)?;
        self.exit(frame, output, assigned, def.next);
        Ok(())
    }
}
