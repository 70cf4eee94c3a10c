//! A history in words, without what differs from run to run.

use crate::{service::HistoryEvent, view::Progress};

/// A line for each thing that happened, in its order, without times, numbers and ARNs.
///
/// How a task is done is left out, so that a step may move to a Lambda function and the story stays.
pub(super) fn story(events: &[HistoryEvent]) -> String {
    let progress = Progress::replay(events);
    let mut text = String::new();
    for event in events {
        let Some(what) = what(event) else { continue };
        if let Some(place) = progress.path(event, " > ") {
            text.push_str(&place);
            text.push(' ');
        }
        text.push_str(&what);
        text.push('\n');
    }
    text
}

fn what(event: &HistoryEvent) -> Option<String> {
    let with = |word: &str, value: &Option<String>| match value {
        Some(value) => format!("{word} {value}"),
        None => word.to_owned(),
    };
    let failed = |word: &str| {
        let name = event.error.as_deref().unwrap_or_default();
        let cause = event.cause.as_deref().unwrap_or_default();
        match (name, cause) {
            ("", "") => word.to_owned(),
            (name, "") => format!("{word}: {name}"),
            (name, cause) => format!("{word}: {name}: {cause}"),
        }
    };
    let kind = event.kind.as_str();
    Some(match kind {
        "ExecutionStarted" => with("started", &event.input),
        "ExecutionSucceeded" => with("succeeded", &event.output),
        "ExecutionFailed" => failed("failed"),
        "ExecutionTimedOut" => failed("timed out"),
        "ExecutionAborted" => failed("aborted"),
        "MapIterationStarted" => "started".to_owned(),
        "MapIterationSucceeded" => "succeeded".to_owned(),
        "MapIterationFailed" => "failed".to_owned(),
        "MapIterationAborted" => "aborted".to_owned(),
        "EvaluationFailed" => failed("evaluation failed"),
        _ if event.enters_state() => with("entered", &event.input),
        _ if event.exits_state() => with("left", &event.output),
        _ if kind.ends_with("TimedOut") => failed("timed out"),
        _ if kind.ends_with("StateAborted") => "aborted".to_owned(),
        // A `MapStateFailed` repeats what its iteration said.
        "ParallelStateFailed" | "MapStateFailed" => failed("failed"),
        _ if kind.ends_with("Failed") => failed("failed"),
        _ => return None,
    })
}
