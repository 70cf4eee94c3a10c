//! Mocked services: the `MockConfigFile` of AWS Step Functions Local.
//!
//! ```json
//! {
//!   "StateMachines": { "Order": { "TestCases": { "Happy": { "Charge": "ChargeWorks" } } } },
//!   "MockedResponses": { "ChargeWorks": {
//!     "0": { "Throw": { "Error": "Busy", "Cause": "try again" } },
//!     "1-3": { "Return": { "paid": true } }
//!   } }
//! }
//! ```
//!
//! An execution started on `<state machine ARN>#Happy` gets these answers: the n-th call of a state gets the n-th
//! response, retries counted. Three members go beyond AWS's format: `Submitted` is what the service first answers to
//! `.sync` and `.waitForTaskToken`; `Event` names the history event a `Throw` appears as (`TaskTimedOut` and its like
//! make it a timeout); `When` holds the `parameters` a response is meant for, to tell concurrent calls apart, in which
//! `<name>` stands for any text.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value};

use crate::history::TaskPhase;
use crate::integrations::{Answer, IntegrationCall, Integrations, Reply, Response};

/// Answers from a `MockConfigFile`.
pub struct MockConfig {
    /// Responses by state machine, test case and state.
    responses: HashMap<(String, String, String), Arc<Vec<Mocked>>>,
    /// Which responses with a `When` were given, by execution and state.
    given: Mutex<HashMap<CallSite, HashSet<usize>>>,
}

/// An execution's ARN and a state's name.
type CallSite = (Arc<str>, Arc<str>);

struct Mocked {
    /// Which calls, from 0, both ends included.
    calls: (u32, u32),
    when: Option<Value>,
    reply: Reply,
}

/// What is wrong with a `MockConfigFile`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MockConfigError {
    /// It is not JSON.
    #[error("not JSON: {0}")]
    Json(String),
    /// Something in it is not as it has to be.
    #[error("at `{place}`: {what}")]
    Shape {
        /// Where, as a JSON pointer.
        place: String,
        /// What is wrong.
        what: String,
    },
}

fn wrong(place: &str, what: impl Into<String>) -> MockConfigError {
    MockConfigError::Shape {
        place: place.to_owned(),
        what: what.into(),
    }
}

fn object<'a>(
    value: Option<&'a Value>,
    place: &str,
) -> Result<&'a Map<String, Value>, MockConfigError> {
    match value {
        Some(Value::Object(members)) => Ok(members),
        Some(_) => Err(wrong(place, "an object is wanted")),
        None => Err(wrong(place, "it is missing")),
    }
}

impl MockConfig {
    /// Reads a `MockConfigFile`.
    ///
    /// # Errors
    /// When it is not JSON, a response is neither `Return` nor `Throw`, or a test case names one that is not there.
    pub fn parse(text: &str) -> Result<MockConfig, MockConfigError> {
        let file: Value =
            serde_json::from_str(text).map_err(|error| MockConfigError::Json(error.to_string()))?;
        let file = object(Some(&file), "")?;
        let mut mocked = HashMap::new();
        if let Some(responses) = file.get("MockedResponses") {
            for (name, calls) in object(Some(responses), "/MockedResponses")? {
                let place = format!("/MockedResponses/{name}");
                let mut list = Vec::new();
                for (calls, response) in object(Some(calls), &place)? {
                    list.push(Mocked::parse(calls, response, &format!("{place}/{calls}"))?);
                }
                list.sort_by_key(|mocked| mocked.calls);
                mocked.insert(name.as_str(), Arc::new(list));
            }
        }
        let mut responses = HashMap::new();
        for (machine, config) in object(file.get("StateMachines"), "/StateMachines")? {
            let place = format!("/StateMachines/{machine}/TestCases");
            for (case, states) in object(config.get("TestCases"), &place)? {
                let place = format!("{place}/{case}");
                for (state, response) in object(Some(states), &place)? {
                    let place = format!("{place}/{state}");
                    let name = response
                        .as_str()
                        .ok_or_else(|| wrong(&place, "the name of a response is wanted"))?;
                    let list = mocked.get(name).ok_or_else(|| {
                        wrong(
                            &place,
                            format!("there is no response `{name}` in `MockedResponses`"),
                        )
                    })?;
                    responses.insert((machine.clone(), case.clone(), state.clone()), list.clone());
                }
            }
        }
        Ok(MockConfig {
            responses,
            given: Mutex::new(HashMap::new()),
        })
    }

    /// The response for a call, among those of its state.
    fn choose<'a>(&self, call: &IntegrationCall, responses: &'a [Mocked]) -> Option<&'a Mocked> {
        if responses.iter().any(|mocked| mocked.when.is_some()) {
            let input: Value = serde_json::from_str(&call.input).unwrap_or(Value::Null);
            let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
            let given = given
                .entry((call.execution_arn.clone(), call.state_name.clone()))
                .or_default();
            let meant =
                |mocked: &Mocked| mocked.when.as_ref().is_some_and(|when| fits(when, &input));
            let found = (0..responses.len())
                .find(|index| !given.contains(index) && meant(&responses[*index]));
            if let Some(index) = found {
                given.insert(index);
                return Some(&responses[index]);
            }
        }
        let nth = |mocked: &&Mocked| (mocked.calls.0..=mocked.calls.1).contains(&call.invocation);
        responses.iter().find(nth)
    }
}

impl Mocked {
    fn parse(calls: &str, response: &Value, place: &str) -> Result<Mocked, MockConfigError> {
        let number = |text: &str| {
            text.trim()
                .parse::<u32>()
                .map_err(|_| wrong(place, format!("`{calls}` is no number of a call")))
        };
        let calls = match calls.split_once('-') {
            Some((from, to)) => (number(from)?, number(to)?),
            None => (number(calls)?, number(calls)?),
        };
        let response = object(Some(response), place)?;
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let timed_out = response
            .get("Event")
            .and_then(Value::as_str)
            .is_some_and(|event| event.ends_with("TimedOut"));
        let end = match (response.get("Return"), response.get("Throw")) {
            (Some(value), None) => Answer::Success(value.to_string()),
            (None, Some(_)) if timed_out => Answer::Timeout,
            (None, Some(throw)) => {
                let throw = object(Some(throw), &format!("{place}/Throw"))?;
                let (error, cause) = (throw.get("Error").map(text), throw.get("Cause").map(text));
                let phase = match response.get("Event").and_then(Value::as_str) {
                    Some(event) if event.ends_with("ScheduleFailed") => TaskPhase::ScheduleFailed,
                    Some(event) if event.ends_with("StartFailed") => TaskPhase::StartFailed,
                    Some(event) if event.ends_with("SubmitFailed") => TaskPhase::SubmitFailed,
                    _ => TaskPhase::Failed,
                };
                match phase {
                    TaskPhase::Failed => Answer::Failure { error, cause },
                    phase => Answer::Refused {
                        phase,
                        error,
                        cause,
                    },
                }
            }
            _ => return Err(wrong(place, "either `Return` or `Throw` is wanted")),
        };
        let when = response
            .get("When")
            .and_then(|when| when.get("parameters").or(when.get("input")))
            .cloned();
        let submitted = response.get("Submitted").map(Value::to_string);
        Ok(Mocked {
            calls,
            when,
            reply: Reply {
                submitted,
                end: Some(end),
            },
        })
    }
}

impl Integrations for MockConfig {
    fn call(&self, call: &IntegrationCall) -> Option<Response> {
        let case = call.test_case.as_ref()?;
        let key = (
            call.state_machine_name.to_string(),
            case.to_string(),
            call.state_name.to_string(),
        );
        let responses = self.responses.get(&key)?;
        let reply = match self.choose(call, responses) {
            Some(mocked) => mocked.reply.clone(),
            None => Reply::from(Answer::Failure {
                error: Some("States.Runtime".to_owned()),
                cause: Some(format!(
                    "the mock of state `{}` in test case `{case}` has no response for call {} (the first call is 0)",
                    call.state_name, call.invocation
                )),
            }),
        };
        Some(Response::Now(reply))
    }
}

impl fmt::Debug for MockConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockConfig")
            .field("responses", &self.responses.len())
            .finish_non_exhaustive()
    }
}

/// Whether a value is as the pattern says; texts may hold placeholders.
fn fits(pattern: &Value, value: &Value) -> bool {
    match (pattern, value) {
        (Value::String(pattern), Value::String(text)) => fits_text(pattern, text),
        (Value::Array(patterns), Value::Array(values)) => {
            patterns.len() == values.len() && patterns.iter().zip(values).all(|(p, v)| fits(p, v))
        }
        (Value::Object(patterns), Value::Object(values)) => {
            patterns.len() == values.len()
                && patterns
                    .iter()
                    .all(|(key, p)| values.get(key).is_some_and(|v| fits(p, v)))
        }
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (pattern, value) => pattern == value,
    }
}

/// Whether a text is the pattern with something for each `<placeholder>`.
fn fits_text(pattern: &str, text: &str) -> bool {
    let mut literals = vec![String::new()];
    let mut rest = pattern;
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at(at);
        literals.last_mut().expect("never empty").push_str(before);
        match from.find('>') {
            Some(end) if is_placeholder(&from[1..end]) => {
                literals.push(String::new());
                rest = &from[end + 1..];
            }
            _ => {
                literals.last_mut().expect("never empty").push('<');
                rest = &from[1..];
            }
        }
    }
    literals.last_mut().expect("never empty").push_str(rest);
    let [first, middle @ .., last] = &literals[..] else {
        return literals[0] == text;
    };
    let inner = text
        .strip_prefix(first.as_str())
        .and_then(|rest| rest.strip_suffix(last.as_str()));
    let Some(mut inner) = inner else { return false };
    for literal in middle {
        match inner.find(literal.as_str()) {
            Some(at) => inner = &inner[at + literal.len()..],
            None => return false,
        }
    }
    true
}

fn is_placeholder(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_.:-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_error(text: &str, expected: &str) {
        assert_eq!(
            MockConfig::parse(text).expect_err("refused").to_string(),
            expected
        );
    }

    #[test]
    fn faults_are_told_with_their_place() {
        check_error("{}", "at `/StateMachines`: it is missing");
        check_error(
            r#"{"StateMachines":{"M":{"TestCases":{"C":{"S":"R"}}}}}"#,
            "at `/StateMachines/M/TestCases/C/S`: there is no response `R` in `MockedResponses`",
        );
        check_error(
            r#"{"StateMachines":{},"MockedResponses":{"R":{"0":{}}}}"#,
            "at `/MockedResponses/R/0`: either `Return` or `Throw` is wanted",
        );
        check_error(
            r#"{"StateMachines":{},"MockedResponses":{"R":{"x":{"Return":1}}}}"#,
            "at `/MockedResponses/R/x`: `x` is no number of a call",
        );
    }

    #[test]
    fn placeholders_stand_for_any_text() {
        assert!(fits_text("arn:<partition>:x:<uuid:1>", "arn:aws:x:123"));
        assert!(!fits_text("arn:<partition>:x", "arn:aws:y"));
        assert!(fits_text("a < b", "a < b"));
        assert!(!fits_text("<>", "x"));
    }
}
