//! Reading a history, and what its tasks gave.

use std::collections::HashMap;

use serde_json::Value;
use sfn_engine::{Answer, Reply};

use super::Task;
use crate::service::{HistoryEvent, Timestamp};

/// Why a history cannot be replayed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GoldenError {
    /// It is not JSON.
    #[error("the history is not JSON")]
    Json(#[source] serde_json::Error),
    /// It is JSON, but no history.
    #[error(
        "this is no history: {what}\nhelp: it is what `aws stepfunctions get-execution-history` prints, or `run --save-history` writes"
    )]
    NoHistory {
        /// What is amiss.
        what: String,
    },
    /// The execution did not come to an end by itself.
    #[error("the history ends with `{kind}`, so where it would have gone is not known")]
    NotEnded {
        /// The type of its last event.
        kind: String,
    },
}

/// The events, the oldest first.
pub(super) fn events(text: &str) -> Result<Vec<HistoryEvent>, GoldenError> {
    let value: Value = serde_json::from_str(text).map_err(GoldenError::Json)?;
    let wrong = |what: &str| GoldenError::NoHistory {
        what: what.to_owned(),
    };
    let list = match &value {
        Value::Array(events) => events,
        value => value["events"]
            .as_array()
            .ok_or_else(|| wrong("it has no `events`"))?,
    };
    let mut events = list
        .iter()
        .map(event)
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| wrong("an event has no `id` or no `type`"))?;
    // `--reverse-order` is a habit of many.
    events.sort_by_key(|event| event.id);
    match (events.first(), events.last()) {
        (Some(first), _) if first.id != 1 || first.kind != "ExecutionStarted" => {
            Err(wrong("it does not begin with `ExecutionStarted`"))
        }
        (_, Some(last))
            if !matches!(last.kind.as_str(), "ExecutionSucceeded" | "ExecutionFailed") =>
        {
            Err(GoldenError::NotEnded {
                kind: last.kind.clone(),
            })
        }
        (None, _) => Err(wrong("it has no events")),
        _ => Ok(events),
    }
}

/// An event in AWS's form, or in ours.
fn event(value: &Value) -> Option<HistoryEvent> {
    value["id"].as_u64()?;
    value["type"].as_str()?;
    let of_aws = value
        .as_object()?
        .keys()
        .any(|key| key.ends_with("EventDetails"));
    // In AWS's form an event without details has the fields of ours.
    let ours = (!of_aws)
        .then(|| serde_json::from_value(value.clone()).ok())
        .flatten();
    Some(ours.unwrap_or_else(|| HistoryEvent::from_api(Timestamp::default(), value)))
}

/// What a step was given, in the envelope that a task is sent.
pub(super) fn given(sent: &Value) -> Option<&Value> {
    let envelope = sent.get("Payload").unwrap_or(sent);
    envelope.get("context").and(envelope.get("input"))
}

/// What the tasks gave, in the order they were begun.
pub(super) fn tasks(events: &[HistoryEvent]) -> Vec<Task> {
    let by_id: HashMap<u64, &HistoryEvent> = events.iter().map(|event| (event.id, event)).collect();
    let scheduled = |kind: &str| {
        [
            "ActivityScheduled",
            "LambdaFunctionScheduled",
            "TaskScheduled",
        ]
        .contains(&kind)
    };
    // Back along what led to an event, to the first that is wanted.
    let back = |event: &HistoryEvent, wanted: &dyn Fn(&HistoryEvent) -> bool| {
        let mut at = by_id.get(&event.previous).copied();
        while let Some(event) = at {
            if wanted(event) {
                return Some(event);
            }
            // INVARIANT: ids fall along the chain, so the walk ends.
            at = by_id
                .get(&event.previous)
                .copied()
                .filter(|before| before.id < event.id);
        }
        None
    };
    let mut replies: HashMap<u64, Reply> = HashMap::new();
    for event in events {
        let kind = event.kind.as_str();
        let Some(rest) = ["Activity", "LambdaFunction", "Task"]
            .into_iter()
            .find_map(|family| kind.strip_prefix(family))
        else {
            continue;
        };
        let Some(begun) = back(event, &|event| scheduled(&event.kind)) else {
            continue;
        };
        if rest == "Submitted" {
            let reply = replies.entry(begun.id).or_insert(Answer::Silence.into());
            reply.submitted.clone_from(&event.output);
            continue;
        }
        let end = match rest {
            "Succeeded" => Answer::Success(payload(begun, event)),
            "TimedOut" => Answer::Timeout,
            "Failed" | "StartFailed" | "SubmitFailed" | "ScheduleFailed" => Answer::Failure {
                error: event.error.clone(),
                cause: event.cause.clone(),
            },
            _ => continue,
        };
        replies
            .entry(begun.id)
            .or_insert(Answer::Silence.into())
            .end = Some(end);
    }
    let begun = events.iter().filter(|event| scheduled(&event.kind));
    begun
        .filter_map(|event| {
            let state = back(event, &HistoryEvent::enters_state)?.state.clone()?;
            let sent: Option<Value> = event
                .input
                .as_deref()
                .and_then(|input| serde_json::from_str(input).ok());
            Some(Task {
                state,
                input: sent.as_ref().and_then(given).cloned(),
                // A task without an end was given up because something beside it failed.
                reply: replies
                    .remove(&event.id)
                    .unwrap_or_else(|| Answer::Silence.into()),
            })
        })
        .collect()
}

/// What a task gave: of a Lambda function behind `lambda:invoke`, its payload, since here its step is an activity.
fn payload(begun: &HistoryEvent, ended: &HistoryEvent) -> String {
    let output = ended.output.clone().unwrap_or_else(|| "null".to_owned());
    let of_step = |sent: &str| {
        let sent: Value = serde_json::from_str(sent).unwrap_or_default();
        sent.get("Payload").is_some() && given(&sent).is_some()
    };
    if begun.kind != "TaskScheduled" || !begun.input.as_deref().is_some_and(of_step) {
        return output;
    }
    match serde_json::from_str::<Value>(&output) {
        Ok(answer) if answer.get("Payload").is_some() => answer["Payload"].to_string(),
        _ => output,
    }
}
