//! Faults in states.

use std::fmt;

use super::answer::{Answer, Script};
use crate::{Failure, StepError};

/// A fault of the state of that name, to be given to [`Test::fault`](super::Test::fault).
///
/// It hits every attempt, unless [`attempt`](Fault::attempt) or [`attempts`](Fault::attempts) says which. A mock of
/// the state's step answers the others, or the step itself.
///
/// ```
/// # use sfn_runtime::{StepError, testing::fault};
/// # #[derive(Debug, thiserror::Error, StepError)]
/// # enum OvenError { #[error("busy")] Busy }
/// let first = fault("bake").attempt(1).fails(OvenError::Busy);
/// let second = fault("bake").attempt(2).times_out();
/// ```
#[must_use = "say what happens, and hand it to `Test::fault`"]
pub fn fault(state: impl Into<String>) -> Fault {
    let mut script = Script::any();
    script.state = Some(state.into());
    Fault { script }
}

/// A fault of a state; see [`fault`].
#[must_use = "hand it to `Test::fault`"]
pub struct Fault {
    pub(super) script: Script,
}

impl Fault {
    /// Hits this attempt alone; 1 is the first.
    pub fn attempt(self, attempt: u32) -> Self {
        self.attempts(attempt, attempt)
    }

    /// Hits the attempts from the one to the other, both included; 1 is the first.
    pub fn attempts(mut self, first: u32, last: u32) -> Self {
        self.script.attempts = (first, last);
        self
    }

    /// It fails with this.
    pub fn fails(self, error: impl StepError) -> Self {
        let Failure { error, cause } = error.failure();
        self.fails_with(error, cause)
    }

    /// It fails with this error name and cause.
    pub fn fails_with(self, name: impl Into<String>, cause: impl Into<String>) -> Self {
        self.with(Answer::Fail(Failure::new(name, cause)))
    }

    /// The attempt takes longer than its `timeout`.
    pub fn times_out(self) -> Self {
        self.with(Answer::TimeOut)
    }

    /// The attempt is silent for longer than its `heartbeat`.
    pub fn falls_silent(self) -> Self {
        self.with(Answer::FallSilent)
    }

    /// The step panics.
    pub fn panics(self) -> Self {
        self.with(Answer::panic("a fault of the test"))
    }

    /// The worker stops before the step has ended.
    pub fn loses_worker(self) -> Self {
        self.with(Answer::worker_stopped())
    }

    fn with(mut self, answer: Answer) -> Self {
        self.script.answers = vec![(answer, 1)];
        self
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.script.fmt(f)
    }
}
