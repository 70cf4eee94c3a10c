//! An execution that has ended, and what a test asks of it.

use std::{fmt, marker::PhantomData, time::Duration};

use serde::de::DeserializeOwned;

use super::story::story;
use crate::{
    Failure, StepError,
    service::{ExecutionDescription, ExecutionStatus, HistoryEvent},
    view::Progress,
};

/// An execution that has ended.
///
/// Its assertions panic with what was expected, what was found, and the [`story`](Self::story).
pub struct Execution<O> {
    workflow: String,
    described: ExecutionDescription,
    events: Vec<HistoryEvent>,
    progress: Progress,
    output: PhantomData<fn() -> O>,
}

impl<O> Execution<O> {
    pub(super) fn new(
        workflow: String,
        described: ExecutionDescription,
        events: Vec<HistoryEvent>,
    ) -> Self {
        Self {
            workflow,
            described,
            progress: Progress::replay(&events),
            events,
            output: PhantomData,
        }
    }

    /// How it ended.
    #[must_use]
    pub fn status(&self) -> ExecutionStatus {
        self.described.status
    }

    /// Its events, the oldest first.
    #[must_use]
    pub fn history(&self) -> &[HistoryEvent] {
        &self.events
    }

    /// What happened, a line each, without times, numbers and ARNs: made for a snapshot.
    ///
    /// ```text
    /// started 7
    /// bake entered 7
    /// bake failed: OvenError.Busy: the oven is busy
    /// bake left 70
    /// succeeded 70
    /// ```
    ///
    /// How a task is done is left out, so that the story stays the same when a step moves to a Lambda function.
    /// Attempts are told by what ended them.
    #[must_use]
    pub fn story(&self) -> String {
        story(&self.events)
    }

    /// How long it took, by its own clock.
    #[must_use]
    pub fn took(&self) -> Duration {
        let stopped = self.described.stopped.unwrap_or(self.described.started);
        stopped.since(self.described.started)
    }

    /// The states that were entered, in their order; one that was entered twice stands there twice.
    #[must_use]
    pub fn path(&self) -> Vec<&str> {
        let entered = self.events.iter().filter(|event| event.enters_state());
        entered.filter_map(|event| event.state.as_deref()).collect()
    }

    /// Whether a state was entered.
    #[must_use]
    pub fn visited(&self, state: &str) -> bool {
        self.path().contains(&state)
    }

    /// How many attempts a state needed: 0 when it was never entered, the most of all its runs when there were several.
    #[must_use]
    pub fn attempts(&self, state: &str) -> u32 {
        self.progress.state(state).attempts
    }

    /// Asserts that exactly these states were entered, in this order.
    ///
    /// # Panics
    ///
    /// When they were not.
    #[track_caller]
    pub fn assert_path<'a>(&self, states: impl IntoIterator<Item = &'a str>) {
        let expected: Vec<&str> = states.into_iter().collect();
        let found = self.path();
        if expected != found {
            let at = expected.iter().zip(&found).take_while(|(a, b)| a == b);
            let at = at.count();
            let of = |states: &[&str]| match states.get(at) {
                Some(state) => format!("`{state}`"),
                None => "the end".to_owned(),
            };
            self.fail(&format!(
                "the states entered are others: as number {} comes {}, not {}\n  expected {expected:?}\n  found    {found:?}",
                at + 1,
                of(&found),
                of(&expected)
            ));
        }
    }

    /// Asserts that these states were entered in this order; others may come between.
    ///
    /// # Panics
    ///
    /// When they were not.
    #[track_caller]
    pub fn assert_visited<'a>(&self, states: impl IntoIterator<Item = &'a str>) {
        let found = self.path();
        let mut rest = found.iter();
        let mut after = "the start";
        for state in states {
            if !rest.any(|entered| *entered == state) {
                let elsewhere = match found.contains(&state) {
                    true => " (only before that)",
                    false => "",
                };
                self.fail(&format!(
                    "`{state}` was not entered after {after}{elsewhere}\n  found {found:?}"
                ));
            }
            after = state;
        }
    }

    /// Asserts that none of these states was entered.
    ///
    /// # Panics
    ///
    /// When one was.
    #[track_caller]
    pub fn assert_not_visited<'a>(&self, states: impl IntoIterator<Item = &'a str>) {
        let found = self.path();
        for state in states {
            if found.contains(&state) {
                self.fail(&format!("`{state}` was entered\n  found {found:?}"));
            }
        }
    }

    /// The error's name and cause.
    ///
    /// # Panics
    ///
    /// When it did not fail.
    #[track_caller]
    pub fn failure(&self) -> Failure {
        if self.status() == ExecutionStatus::Succeeded {
            let output = self.described.output.as_deref().unwrap_or_default();
            self.fail(&format!("it should have failed, but gave {output}"));
        }
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Failure::new(text(&self.described.error), text(&self.described.cause))
    }

    /// Asserts that it failed with this error of a step: with its name and its cause.
    ///
    /// # Panics
    ///
    /// When it did not.
    #[track_caller]
    pub fn assert_failed_with(&self, error: &impl StepError) {
        let (expected, found) = (error.failure(), self.failure());
        if expected != found {
            self.fail(&format!(
                "it failed otherwise\n  expected {expected}\n  found    {found}"
            ));
        }
    }

    /// The state whose failure ended it.
    #[must_use]
    pub fn failing_state(&self) -> Option<&str> {
        self.progress.failing_state()
    }

    #[track_caller]
    fn fail(&self, what: &str) -> ! {
        panic!("`{}`: {what}\n--- story\n{}", self.workflow, self.story());
    }
}

impl<O: DeserializeOwned> Execution<O> {
    /// Its output.
    ///
    /// # Panics
    ///
    /// When it did not succeed, or gave something else.
    #[track_caller]
    pub fn output(&self) -> O {
        if self.status() != ExecutionStatus::Succeeded {
            self.fail(&format!(
                "it should have succeeded, but {}: {}",
                match self.status() {
                    ExecutionStatus::TimedOut => "timed out",
                    ExecutionStatus::Aborted => "was stopped",
                    _ => "failed",
                },
                self.failure()
            ));
        }
        let output = self.described.output.as_deref().unwrap_or("null");
        serde_json::from_str(output).unwrap_or_else(|error| {
            self.fail(&format!("its output {output} does not fit: {error}"))
        })
    }
}

impl<O> fmt::Debug for Execution<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Execution")
            .field("workflow", &self.workflow)
            .field("described", &self.described)
            .finish_non_exhaustive()
    }
}
