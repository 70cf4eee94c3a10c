//! How data flows through a state, in both query languages.

use std::borrow::Cow;

use serde_json::{Value, json};
use sfn_asl::QueryLanguage;
use sfn_expr::path::{Path, invalid_path};
use sfn_expr::template::{Query, Template};
use sfn_expr::{Environment, Scope, Variables};

use super::context::View;
use super::fault::{Fault, Told, evaluation, query_fault};
use super::{Execution, Frame, MAX_PAYLOAD, MAX_VARIABLES, Phase};
use crate::history::Assigned;
use crate::ids::Random;
use crate::program::{
    Assign, Jsonata, Payload, Place, Scalar, Select, Shape, StateDef, StateId, States,
};
use crate::token::TaskToken;
use crate::{Json, Timestamp};

/// A value as AWS shows it behind `==`: strings without quotes.
pub(super) fn bare(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

/// A number without a fraction.
pub(super) fn whole_number(value: &Value) -> Option<i64> {
    let number = value.as_number()?;
    number.as_i64().or_else(|| {
        let float = number.as_f64()?;
        // Beyond 2^53 an f64 counts in steps; no field means such numbers.
        (float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0).then_some(float as i64)
    })
}

/// A whole number, or a text that is one.
pub(super) fn parsed_integer(value: &Value) -> Option<i64> {
    whole_number(value).or_else(|| value.as_str()?.parse().ok())
}

/// A number, or a text that is one.
fn parsed_float(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

/// Randomness and time for expressions.
struct Surrounding<'a> {
    random: &'a mut Random,
    now: Timestamp,
}

impl Environment for Surrounding<'_> {
    fn now_millis(&mut self) -> i64 {
        self.now.as_millis()
    }

    fn random(&mut self) -> f64 {
        self.random.fraction()
    }

    fn uuid(&mut self) -> String {
        self.random.uuid()
    }
}

/// The variables a frame sees: its own, then those of the frames around it.
#[derive(Clone, Copy)]
struct InScope<'a> {
    frames: &'a [Frame],
    frame: u32,
}

impl Variables for InScope<'_> {
    fn get(&self, name: &str) -> Option<&Value> {
        let mut at = Some(self.frame);
        while let Some(frame) = at {
            let frame = &self.frames[frame as usize];
            if let Some((_, value)) = frame.variables.iter().find(|(known, _)| &**known == name) {
                return Some(value.value());
            }
            at = frame.parent.map(|(parent, _)| parent);
        }
        None
    }
}

impl Execution {
    /// Gives `look` the scope of a JSONPath expression over `input`.
    fn looking<T>(
        &mut self,
        frame: u32,
        input: &Value,
        token: Option<TaskToken>,
        look: impl FnOnce(&Scope<'_>, &mut dyn Environment) -> T,
    ) -> T {
        let mut random = self.random.clone();
        let context = View::new(self, frame, token);
        let variables = InScope {
            frames: &self.frames,
            frame,
        };
        let scope = Scope::new(input, &context).with_variables(&variables);
        let found = look(
            &scope,
            &mut Surrounding {
                random: &mut random,
                now: self.now,
            },
        );
        self.random = random;
        found
    }

    pub(super) fn template(
        &mut self,
        frame: u32,
        template: &Template,
        input: &Json,
        token: Option<TaskToken>,
    ) -> Result<Json, Fault> {
        self.looking(frame, input.value(), token, |scope, env| {
            template.evaluate(scope, env)
        })
        .map(Json::new)
        .map_err(query_fault)
    }

    pub(super) fn query(
        &mut self,
        frame: u32,
        query: &Query,
        input: &Json,
        field: &str,
    ) -> Result<Json, Fault> {
        self.looking(frame, input.value(), None, |scope, env| {
            query
                .evaluate(field, scope, env)
                .map(|value| Json::new(value.into_owned()))
        })
        .map_err(query_fault)
    }

    /// What a path picks; the error is for texts of the `Invalid path` kind.
    pub(super) fn path_value(
        &mut self,
        frame: u32,
        path: &Path,
        input: &Json,
    ) -> Result<Json, sfn_expr::path::Error> {
        self.looking(frame, input.value(), None, |scope, _| {
            path.evaluate(scope)
                .map(|value| Json::new(value.into_owned()))
        })
    }

    /// Whether `look` is true of what a path picks, without copying it. `None` when it picks nothing.
    pub(super) fn path_test<T>(
        &mut self,
        frame: u32,
        path: &Path,
        input: &Json,
        look: impl FnOnce(&Value) -> T,
    ) -> Result<T, sfn_expr::path::Error> {
        self.looking(frame, input.value(), None, |scope, _| {
            path.evaluate(scope).map(|value| look(&value))
        })
    }

    fn select(&mut self, frame: u32, select: &Select, from: Json) -> Result<Json, Fault> {
        match select {
            Select::All => Ok(from),
            Select::Empty => Ok(Json::new(json!({}))),
            Select::Path(path) => self
                .path_value(frame, path, &from)
                .map_err(|error| Fault::runtime(invalid_path(path, &error))),
        }
    }

    /// `InputPath` applied to the raw input.
    pub(super) fn effective_input(
        &mut self,
        frame: u32,
        def: &StateDef,
        raw: &Json,
    ) -> Result<Json, Fault> {
        self.select(frame, &def.input_path, raw.clone())
    }

    /// `OutputPath` applied to what the state has come to.
    pub(super) fn effective_output(
        &mut self,
        frame: u32,
        def: &StateDef,
        output: Json,
    ) -> Result<Json, Fault> {
        self.select(frame, &def.output_path, output)
    }

    /// What is assigned to the frame's variables, if there is room for it.
    fn assigned(&mut self, frame: u32, values: Json) -> Result<Assigned, Fault> {
        let bytes = values.size();
        let assigned = variables(values)?;
        self.assigned += bytes;
        // The count is never too low: what was assigned anew is in it twice. So the variables are seldom looked at.
        if self.assigned > MAX_VARIABLES {
            let mut sum = bytes;
            for (number, slot) in self.frames.iter().enumerate() {
                for (name, value) in &slot.variables {
                    let replaced = || assigned.iter().any(|(new, _)| new == name);
                    if number != frame as usize || !replaced() {
                        sum += name.len() + value.size();
                    }
                }
            }
            if sum > MAX_VARIABLES {
                return Err(Fault {
                    error: "States.DataLimitExceeded",
                    cause: format!(
                        "The variables of the execution have {sum} bytes together, more than the {MAX_VARIABLES} that are allowed."
                    ),
                    told: Told::Verbatim,
                    catchable: false,
                });
            }
            self.assigned = sum;
        }
        Ok(assigned)
    }

    /// The variables a JSONPath state sets.
    pub(super) fn assign_jsonpath(
        &mut self,
        frame: u32,
        assign: Option<&Assign>,
        data: &Json,
    ) -> Result<Option<Assigned>, Fault> {
        match assign {
            Some(Assign::JsonPath(template)) => {
                let assigned = self.template(frame, template, data, None)?;
                self.assigned(frame, assigned).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The variables a JSONata state sets.
    fn assign_jsonata(
        &mut self,
        frame: u32,
        assign: Option<&Assign>,
        raw: &Json,
        result: Option<&Json>,
        error_output: Option<&Json>,
    ) -> Result<Option<Assigned>, Fault> {
        match assign {
            Some(Assign::Jsonata(jsonata)) => {
                let value = self.jsonata(frame, jsonata, raw, result, error_output)?;
                self.assigned(frame, Json::new(value)).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// A JSONata field's value.
    pub(super) fn jsonata(
        &mut self,
        frame: u32,
        jsonata: &Jsonata,
        input: &Json,
        result: Option<&Json>,
        error_output: Option<&Json>,
    ) -> Result<Value, Fault> {
        self.jsonata_with_token(frame, jsonata, input, result, error_output, None)
    }

    fn jsonata_with_token(
        &mut self,
        frame: u32,
        jsonata: &Jsonata,
        input: &Json,
        result: Option<&Json>,
        error_output: Option<&Json>,
        token: Option<TaskToken>,
    ) -> Result<Value, Fault> {
        let mut random = self.random.clone();
        let context = View::new(self, frame, token);
        let variables = InScope {
            frames: &self.frames,
            frame,
        };
        let states = States {
            input: input.value(),
            result: result.map(Json::value),
            error_output: error_output.map(Json::value),
            context: &context,
            variables: &variables,
        };
        let mut env = Surrounding {
            random: &mut random,
            now: self.now,
        };
        let value = jsonata.evaluate(&states, &mut env);
        self.random = random;
        value.map_err(evaluation)
    }

    /// `Parameters` or `Arguments`: what a state hands to what it runs.
    pub(super) fn payload(
        &mut self,
        frame: u32,
        payload: &Payload,
        input: &Json,
        token: Option<TaskToken>,
    ) -> Result<Json, Fault> {
        match payload {
            Payload::Input => Ok(input.clone()),
            Payload::JsonPath(template) => self.template(frame, template, input, token),
            Payload::Jsonata(jsonata) => self
                .jsonata_with_token(frame, jsonata, input, None, None, token)
                .map(Json::new),
        }
    }

    /// A field's value is a number, but none that makes sense there. What an expression gave can be caught.
    pub(super) fn senseless(&self, frame: u32, field: &str, cause: String) -> Fault {
        let state = self.frames[frame as usize].state;
        match self.program.state(state).language {
            QueryLanguage::JsonPath => Fault::runtime(cause),
            QueryLanguage::Jsonata => Fault::evaluation(Some(field), cause),
        }
    }

    /// A whole number from a literal, a path or an expression.
    pub(super) fn integer(
        &mut self,
        frame: u32,
        scalar: &Scalar<u64>,
        input: &Json,
        field: &str,
    ) -> Result<Option<i64>, Fault> {
        let value = match scalar {
            Scalar::Absent => return Ok(None),
            Scalar::Value(value) => return Ok(Some(i64::try_from(*value).unwrap_or(i64::MAX))),
            Scalar::Path(path) => {
                let value = self.scalar_at(frame, path, input)?;
                return parsed_integer(value.value()).map(Some).ok_or_else(|| {
                    let shown = shown_scalar(value.value());
                    Fault::runtime(format!(
                        "The {field}Path field refers to value \"{shown}\" which is not a valid integer: {path}"
                    ))
                });
            }
            Scalar::Jsonata(jsonata) => {
                let value = self.jsonata(frame, jsonata, input, None, None)?;
                jsonata
                    .expect_shape(value, Shape::Integer)
                    .map_err(evaluation)?
            }
        };
        Ok(whole_number(&value))
    }

    /// Any number from a literal, a path or an expression.
    pub(super) fn float(
        &mut self,
        frame: u32,
        scalar: &Scalar<f64>,
        input: &Json,
        field: &str,
    ) -> Result<Option<f64>, Fault> {
        match scalar {
            Scalar::Absent => Ok(None),
            Scalar::Value(value) => Ok(Some(*value)),
            Scalar::Path(path) => {
                let value = self.scalar_at(frame, path, input)?;
                parsed_float(value.value()).map(Some).ok_or_else(|| {
                    let shown = shown_scalar(value.value());
                    Fault::runtime(format!(
                        "The {field}Path field refers to value \"{shown}\" which is not a valid float: {path}"
                    ))
                })
            }
            Scalar::Jsonata(jsonata) => {
                let value = self.jsonata(frame, jsonata, input, None, None)?;
                let value = jsonata
                    .expect_shape(value, Shape::Number)
                    .map_err(evaluation)?;
                Ok(value.as_f64())
            }
        }
    }

    fn scalar_at(&mut self, frame: u32, path: &Path, input: &Json) -> Result<Json, Fault> {
        self.path_value(frame, path, input)
            .map_err(|error| Fault::runtime(invalid_path(path, &error)))
    }

    /// What a Task, Parallel or Map has come to: the last stretch from the raw result to the state's output.
    pub(super) fn complete(&mut self, frame: u32, result: Json) {
        if let Err(fault) = self.leave_complete(frame, result) {
            self.fault(frame, fault);
        }
    }

    /// The same for a state that has told by the event `succeeded` that all that ran within it ended well.
    pub(super) fn complete_children(&mut self, frame: u32, result: Json, succeeded: u32) {
        if let Err(fault) = self.leave_complete(frame, result) {
            // As measured: the end of the execution follows that event, while all else passes it by.
            if !matches!(fault.told, Told::Evaluation { .. }) {
                self.frames[frame as usize].last = succeeded;
            }
            self.fault(frame, fault);
        }
    }

    fn leave_complete(&mut self, frame: u32, result: Json) -> Result<(), Fault> {
        let program = self.program.clone();
        let slot = &mut self.frames[frame as usize];
        slot.phase = Phase::Running;
        let def = program.state(slot.state);
        let raw = slot.input.clone();
        match def.language {
            QueryLanguage::Jsonata => self.leave_jsonata(frame, def, &raw, Some(result), def.next),
            QueryLanguage::JsonPath => self.leave_with_result(frame, def, &raw, result),
        }
    }

    /// JSONPath: from a result over `Assign`, `ResultSelector`, `ResultPath` and `OutputPath` to the output.
    pub(super) fn leave_with_result(
        &mut self,
        frame: u32,
        def: &StateDef,
        raw: &Json,
        result: Json,
    ) -> Result<(), Fault> {
        let assigned = self.assign_jsonpath(frame, def.assign.as_ref(), &result)?;
        let result = match &def.result_selector {
            Some(selector) => self.template(frame, selector, &result, None)?,
            None => result,
        };
        let output = put(&def.result_path, raw, result)?;
        let output = self.effective_output(frame, def, output)?;
        self.exit(frame, output, assigned, def.next);
        Ok(())
    }

    /// JSONata: `Assign` and `Output`, both seeing what was there on entry.
    pub(super) fn leave_jsonata(
        &mut self,
        frame: u32,
        def: &StateDef,
        raw: &Json,
        result: Option<Json>,
        next: Option<StateId>,
    ) -> Result<(), Fault> {
        let result_ref = result.as_ref();
        let assigned = self.assign_jsonata(frame, def.assign.as_ref(), raw, result_ref, None)?;
        let output = match &def.output {
            Some(output) => Json::new(self.jsonata(frame, output, raw, result_ref, None)?),
            None => result.unwrap_or_else(|| raw.clone()),
        };
        self.exit(frame, output, assigned, next);
        Ok(())
    }

    /// JSONata: the `Assign` and `Output` of a choice rule or a catcher instead of the state's own.
    pub(super) fn leave_jsonata_by(
        &mut self,
        frame: u32,
        assign: Option<&Assign>,
        output: Option<&Jsonata>,
        raw: &Json,
        error_output: Option<Json>,
        next: Option<StateId>,
    ) -> Result<(), Fault> {
        let error_ref = error_output.as_ref();
        let assigned = self.assign_jsonata(frame, assign, raw, None, error_ref)?;
        let output = match output {
            Some(output) => Json::new(self.jsonata(frame, output, raw, None, error_ref)?),
            None => error_output.unwrap_or_else(|| raw.clone()),
        };
        self.exit(frame, output, assigned, next);
        Ok(())
    }
}

/// `ResultPath`: where the result goes in the raw input.
pub(super) fn put(place: &Place, raw: &Json, result: Json) -> Result<Json, Fault> {
    match place {
        Place::Replace => Ok(result),
        Place::Discard => Ok(raw.clone()),
        Place::At(path) => {
            let mut target = raw.value().clone();
            path.set(&mut target, result.into_value())
                .map_err(|error| Fault {
                    error: "States.ResultPathMatchFailure",
                    cause: error.to_string(),
                    told: Told::Silently,
                    catchable: true,
                })?;
            Ok(Json::new(target))
        }
    }
}

fn variables(assigned: Json) -> Result<Assigned, Fault> {
    if assigned.size() > MAX_PAYLOAD {
        return Err(Fault {
            error: "States.DataLimitExceeded",
            cause: format!(
                "The size of the variables assigned is {} bytes, more than the {MAX_PAYLOAD} that are allowed.",
                assigned.size()
            ),
            told: Told::Verbatim,
            catchable: false,
        });
    }
    match assigned.into_value() {
        Value::Object(members) => Ok(members
            .into_iter()
            .map(|(name, value)| (name.into(), Json::new(value)))
            .collect()),
        // `Assign` is an object in the definition, and evaluating it keeps it one.
        _ => unreachable!("`Assign` gives an object"),
    }
}

/// A value as AWS quotes it when it is no number.
fn shown_scalar(value: &Value) -> Cow<'_, str> {
    bare(value)
}
