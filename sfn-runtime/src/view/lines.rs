//! The view where nothing can be redrawn: a line for each event that matters.

use super::{
    Look, Progress, Status,
    look::{elapsed, one_line},
};
use crate::service::HistoryEvent;

/// The line for an event that `progress` has just taken in; `None` for one that says nothing new.
pub(crate) fn line(progress: &Progress, event: &HistoryEvent, look: Look) -> Option<String> {
    let at = progress
        .started()
        .map_or(0, |started| event.at.as_millis() - started);
    let took = progress.took(event).map(elapsed).unwrap_or_default();
    let error = || {
        let parts: Vec<String> = [&event.error, &event.cause]
            .into_iter()
            .flatten()
            .map(|part| one_line(part))
            .filter(|part| !part.is_empty())
            .collect();
        if parts.is_empty() {
            String::new()
        } else {
            format!(": {}", parts.join(": "))
        }
    };
    let (status, what) = match event.kind.as_str() {
        "ExecutionStarted" => (Status::Running, "started".to_owned()),
        "ExecutionRedriven" => (Status::Running, "redriven".to_owned()),
        "ExecutionSucceeded" => (Status::Succeeded, "succeeded".to_owned()),
        "ExecutionFailed" => (Status::Failed, format!("failed{}", error())),
        "ExecutionTimedOut" => (Status::Failed, format!("timed out{}", error())),
        "ExecutionAborted" => (Status::Failed, format!("stopped{}", error())),
        "MapStateStarted" => (
            Status::Running,
            format!("{} items", event.length.unwrap_or_default()),
        ),
        "ParallelStateFailed" | "MapStateFailed" | "MapIterationFailed" => {
            (Status::Failed, "failed".to_owned())
        }
        "EvaluationFailed" => (Status::Failed, format!("evaluation failed{}", error())),
        kind if kind.ends_with("StateEntered") => (Status::Running, "entered".to_owned()),
        kind if kind.ends_with("StateExited") && progress.was_caught(event) => {
            (Status::Caught, format!("error caught after {took}"))
        }
        kind if kind.ends_with("StateExited") => (Status::Succeeded, format!("done in {took}")),
        kind if kind.ends_with("StateAborted") || kind.starts_with("MapRun") => return None,
        kind if kind.ends_with("TimedOut") => (
            Status::Failed,
            format!("attempt {} timed out{}", progress.attempt(event), error()),
        ),
        kind if kind.ends_with("Failed") => (
            Status::Failed,
            format!("attempt {} failed{}", progress.attempt(event), error()),
        ),
        kind if kind.ends_with("Scheduled") && progress.attempt(event) > 1 => (
            Status::Running,
            format!("attempt {}", progress.attempt(event)),
        ),
        _ => return None,
    };
    let sign = look.status(status, look.sign(status, 0));
    let place = progress
        .path(event, look.step())
        .unwrap_or_else(|| "execution".to_owned());
    let at = look.dim(&format!("{:>9}", elapsed(at)));
    Some(format!("{at} {sign} {place} {} {what}", look.dot()))
}
