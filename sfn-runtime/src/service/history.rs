use serde::{Deserialize, Serialize};

use super::Timestamp;

/// One event of an execution's history: what happened, when, and to which state.
///
/// All 62 kinds of event share these fields; those an event does not have are `None`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct HistoryEvent {
    /// Its number in the history, from 1.
    pub id: u64,
    /// The number of the event that led to it; 0 for the first ones.
    #[serde(rename = "previousEventId")]
    pub previous: u64,
    /// When it happened.
    #[serde(rename = "timestamp")]
    pub at: Timestamp,
    /// What happened, in Step Functions' words: `TaskStateEntered`, `ActivityFailed`, ….
    #[serde(rename = "type")]
    pub kind: String,
    /// The state that was entered or left, or whose map iteration or evaluation it is. Task events
    /// between the two carry none: follow [`previous`](Self::previous).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// What was given to the state, task or execution: JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// What the state, task or execution gave: JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// The name of the error it failed with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What was said of the error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The activity, function or integration a task was given to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// The worker that took an activity's task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker: Option<String>,
    /// The number of a map's iteration, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// How many items a map has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<u64>,
    /// How long a task may take, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<u64>,
    /// How long a task may stay silent, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heartbeat_seconds: Option<u64>,
    /// Where in the definition an evaluation failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The ARN of a distributed map's run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub map_run: Option<String>,
}

impl HistoryEvent {
    /// An event of that number and kind; all else is empty.
    pub fn new(id: u64, previous: u64, at: Timestamp, kind: impl Into<String>) -> Self {
        Self {
            id,
            previous,
            at,
            kind: kind.into(),
            ..Self::default()
        }
    }

    /// Whether a state was entered: `TaskStateEntered` and its kin.
    pub fn enters_state(&self) -> bool {
        self.kind.ends_with("StateEntered")
    }

    /// Whether a state was left: `TaskStateExited` and its kin.
    pub fn exits_state(&self) -> bool {
        self.kind.ends_with("StateExited")
    }

    /// Whether it ends the execution.
    pub fn closes_execution(&self) -> bool {
        matches!(
            self.kind.as_str(),
            "ExecutionSucceeded" | "ExecutionFailed" | "ExecutionTimedOut" | "ExecutionAborted"
        )
    }
}

#[cfg(feature = "local")]
impl HistoryEvent {
    /// Reads an event as the API writes it: an object whose details are in a member of the name
    /// `<type>EventDetails`, or nearly so.
    pub(crate) fn from_api(at: Timestamp, event: &serde_json::Value) -> Self {
        let kind = event["type"].as_str().unwrap_or_default();
        let number = |key: &str| event[key].as_u64().unwrap_or_default();
        let mut read = Self::new(number("id"), number("previousEventId"), at, kind);
        let details = event.as_object().and_then(|members| {
            let mut details = members.iter();
            details.find(|(key, _)| key.ends_with("EventDetails"))
        });
        let Some((_, details)) = details else {
            return read;
        };
        let text = |key: &str| details[key].as_str().map(str::to_owned);
        read.state = text("name").or_else(|| text("state"));
        read.input = text("input").or_else(|| text("parameters"));
        read.output = text("output");
        read.error = text("error");
        read.cause = text("cause");
        read.resource = text("resource");
        read.worker = text("workerName");
        read.index = details["index"].as_u64();
        read.length = details["length"].as_u64();
        read.timeout_seconds = details["timeoutInSeconds"].as_u64();
        read.heartbeat_seconds = details["heartbeatInSeconds"].as_u64();
        read.location = text("location");
        read.map_run = text("mapRunArn");
        read
    }
}
