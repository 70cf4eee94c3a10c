//! What the history says about each state.

mod events;

use std::collections::HashMap;

use crate::service::{ExecutionStatus, HistoryEvent};

/// How a state stands: the five colours of every picture and of the terminal view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// White: nothing has entered it.
    NotStarted,
    /// Blue: at least one run of it is under way.
    Running,
    /// Green: it did its work.
    Succeeded,
    /// Red: it failed, and nothing of its own caught that; or it was stopped half-way.
    Failed,
    /// Orange: it failed, and one of its catchers took the error.
    Caught,
}

impl Status {
    /// All of them, in the order a legend shows them.
    pub const ALL: [Self; 5] = [
        Self::NotStarted,
        Self::Running,
        Self::Succeeded,
        Self::Failed,
        Self::Caught,
    ];

    /// What a legend calls it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotStarted => "not started",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Caught => "failed, caught",
        }
    }
}

/// How far an execution has come.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    frames: Vec<Frame>,
    /// The frames of each state, in the order they were entered.
    by_state: HashMap<String, Vec<usize>>,
    /// For each event: the frame it belongs to, and the one that states entered after it belong to.
    places: HashMap<u64, Place>,
    status: Option<ExecutionStatus>,
    error: Option<Failure>,
    output: Option<String>,
    started: Option<i64>,
    last: Option<i64>,
    failing: Option<String>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Place {
    frame: Option<usize>,
    inside: Option<usize>,
}

/// One passage through a state, or one iteration of a map.
#[derive(Debug, Clone)]
struct Frame {
    state: String,
    kind: FrameKind,
    parent: Option<usize>,
    entered: i64,
    left: Option<i64>,
    outcome: Option<Outcome>,
    attempts: u32,
    /// Whether the latest attempt failed, and nothing has followed yet.
    failing: bool,
    /// Whether the latest attempt waits for a worker.
    queued: bool,
    /// The latest error of any attempt, and when it was.
    error: Option<Failure>,
    total: Option<u64>,
    /// A later attempt of what is around it, or a later pass, took its place.
    superseded: bool,
    passes: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FrameKind {
    State,
    /// `Parallel` and `Map`.
    Container,
    Fail,
    Iteration(u64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Succeeded,
    Failed,
    Caught,
    Stopped,
}

/// An error name and what happened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Failure {
    error: String,
    cause: String,
    at: i64,
}

/// How many of a map's items are where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Items {
    /// All items.
    pub total: u64,
    /// Those under way.
    pub running: u64,
    /// Those that succeeded.
    pub done: u64,
    /// Those that failed or were stopped.
    pub failed: u64,
}

/// What happened to one state, all its runs taken together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StateProgress {
    /// Runs under way.
    pub running: u32,
    /// Runs that succeeded.
    pub succeeded: u32,
    /// Runs that failed without a catcher of their own.
    pub failed: u32,
    /// Runs whose error a catcher took.
    pub caught: u32,
    /// Runs that ended because something else failed or the execution was stopped.
    pub stopped: u32,
    /// Attempts of the run that had most of them.
    pub attempts: u32,
    /// How often the execution came by; more than 1 in a loop.
    pub passes: u32,
    /// Runs that wait for a worker to take them.
    pub queued: u32,
    /// Runs whose latest attempt failed, and that wait for the next one.
    pub retrying: u32,
    /// The name of the latest error, and what happened.
    pub error: Option<(String, String)>,
    /// When the latest error happened, in milliseconds since 1970.
    pub failed_at: Option<i64>,
    /// The items of a map.
    pub items: Option<Items>,
    /// When it was first entered, in milliseconds since 1970.
    pub entered: Option<i64>,
    /// When it was last left; `None` while it runs.
    pub left: Option<i64>,
}

impl StateProgress {
    /// The colour.
    #[must_use]
    pub fn status(&self) -> Status {
        if self.running > 0 {
            Status::Running
        } else if self.failed > 0 || self.stopped > 0 {
            Status::Failed
        } else if self.caught > 0 {
            Status::Caught
        } else if self.succeeded > 0 {
            Status::Succeeded
        } else {
            Status::NotStarted
        }
    }

    /// What is worth a line in a picture; `None` for a state that simply succeeded.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        let mut parts = Vec::new();
        if let Some(items) = self.items {
            parts.push(format!("{}/{} items", items.done, items.total));
        }
        match (&self.error, self.status()) {
            (Some((error, _)), Status::Failed | Status::Caught) => parts.push(error.clone()),
            (None, Status::Failed) if self.failed == 0 => parts.push("stopped".to_owned()),
            _ => {}
        }
        if self.attempts > 1 {
            parts.push(format!("{} attempts", self.attempts));
        }
        if self.passes > 1 {
            parts.push(format!("{} passes", self.passes));
        }
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

impl Progress {
    /// Of an execution with this history.
    #[must_use]
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a HistoryEvent>) -> Self {
        let mut progress = Self::default();
        for event in events {
            progress.apply(event);
        }
        progress
    }

    /// How the execution stands.
    #[must_use]
    pub fn status(&self) -> ExecutionStatus {
        self.status.unwrap_or(ExecutionStatus::Running)
    }

    /// The error and the cause that the execution ended with.
    #[must_use]
    pub fn error(&self) -> Option<(&str, &str)> {
        self.error
            .as_ref()
            .map(|failure| (failure.error.as_str(), failure.cause.as_str()))
    }

    /// The output, as JSON text, once the execution has succeeded.
    #[must_use]
    pub fn output(&self) -> Option<&str> {
        self.output.as_deref()
    }

    /// The state whose failure ended the execution.
    #[must_use]
    pub fn failing_state(&self) -> Option<&str> {
        self.failing.as_deref()
    }

    /// When the execution started, in milliseconds since 1970.
    #[must_use]
    pub fn started(&self) -> Option<i64> {
        self.started
    }

    /// When the latest event happened, in milliseconds since 1970.
    #[must_use]
    pub fn last_event(&self) -> Option<i64> {
        self.last
    }

    /// What happened to the state of that name so far.
    #[must_use]
    pub fn state(&self, name: &str) -> StateProgress {
        let mut found = StateProgress::default();
        let frames = self.by_state.get(name).map_or(&[][..], Vec::as_slice);
        let mut latest: Option<&Failure> = None;
        let mut items: Option<Items> = None;
        for &index in frames {
            let frame = &self.frames[index];
            if let FrameKind::Iteration(_) = frame.kind {
                if frame.superseded {
                    continue;
                }
                let items = items.get_or_insert_default();
                match frame.outcome {
                    None => items.running += 1,
                    Some(Outcome::Succeeded | Outcome::Caught) => items.done += 1,
                    Some(Outcome::Failed | Outcome::Stopped) => items.failed += 1,
                }
                continue;
            }
            found.entered = Some(
                found
                    .entered
                    .map_or(frame.entered, |at| at.min(frame.entered)),
            );
            found.left = found.left.max(frame.left);
            found.passes = found.passes.max(frame.passes);
            if let Some(error) = &frame.error
                && latest.is_none_or(|latest| latest.at <= error.at)
            {
                latest = Some(error);
            }
            if frame.superseded {
                continue;
            }
            found.attempts = found.attempts.max(frame.attempts);
            if let Some(total) = frame.total {
                items.get_or_insert_default().total += total;
            }
            match frame.outcome {
                None => {
                    found.running += 1;
                    found.queued += u32::from(frame.queued);
                    found.retrying += u32::from(frame.failing);
                }
                Some(Outcome::Succeeded) => found.succeeded += 1,
                Some(Outcome::Failed) => found.failed += 1,
                Some(Outcome::Caught) => found.caught += 1,
                Some(Outcome::Stopped) => found.stopped += 1,
            }
        }
        if found.running > 0 {
            found.left = None;
        }
        found.items = items;
        found.failed_at = latest.map(|failure| failure.at);
        found.error = latest.map(|failure| (failure.error.clone(), failure.cause.clone()));
        found
    }

    /// Where an event happened, for people: `Map[3] › bake`, with `step` between the two. `None` for the execution itself.
    pub(crate) fn path(&self, event: &HistoryEvent, step: &str) -> Option<String> {
        let mut frame = self.places.get(&event.id).and_then(|place| place.frame)?;
        let mut path = Vec::new();
        loop {
            let here = &self.frames[frame];
            match here.kind {
                FrameKind::Iteration(index) => {
                    path.push(format!("{}[{index}]", here.state));
                    // The iteration's map is named already.
                    match here.parent.and_then(|map| self.frames[map].parent) {
                        Some(parent) => frame = parent,
                        None => break,
                    }
                    continue;
                }
                FrameKind::State | FrameKind::Container | FrameKind::Fail => {
                    path.push(here.state.clone());
                }
            }
            match here.parent {
                Some(parent) => frame = parent,
                None => break,
            }
        }
        path.reverse();
        // The name of a parallel state around a state says nothing: state names are unique.
        let keep: Vec<String> = path
            .iter()
            .enumerate()
            .filter(|(place, part)| *place + 1 == path.len() || part.ends_with(']'))
            .map(|(_, part)| part.clone())
            .collect();
        Some(keep.join(step))
    }

    /// The number of the attempt that an event belongs to, and how the run stood when it was left.
    pub(crate) fn attempt(&self, event: &HistoryEvent) -> u32 {
        self.frame(event).map_or(0, |frame| frame.attempts)
    }

    /// Whether the run that an event belongs to ended by its catcher.
    pub(crate) fn was_caught(&self, event: &HistoryEvent) -> bool {
        self.frame(event)
            .is_some_and(|frame| frame.outcome == Some(Outcome::Caught))
    }

    /// How long the run that an event belongs to took until the event, in milliseconds.
    pub(crate) fn took(&self, event: &HistoryEvent) -> Option<i64> {
        self.frame(event)
            .map(|frame| event.at.as_millis() - frame.entered)
    }

    fn frame(&self, event: &HistoryEvent) -> Option<&Frame> {
        self.places
            .get(&event.id)?
            .frame
            .map(|frame| &self.frames[frame])
    }
}

#[cfg(test)]
mod tests;
