//! A failure of a step, whatever it is.

use std::fmt;

use crate::{Failure, StepError, Wraps};

/// How a step failed, where the body wants to know it all: `bake(pie).failure().await` gives a `Result<T, Failed<E>>`.
///
/// Without `.failure()` a body sees the errors that the step itself declares, and any other ends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failed<E> {
    /// The step returned this error.
    Error(E),
    /// An attempt took longer than its timeout.
    Timeout,
    /// The step was silent for longer than its heartbeat.
    HeartbeatTimeout,
    /// The step panicked.
    Panic,
    /// Anything else, such as a worker that stopped or a result that is too large.
    Other(Failure),
}

impl<E: fmt::Display> fmt::Display for Failed<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failed::Error(error) => error.fmt(f),
            Failed::Timeout => f.write_str("the step took too long"),
            Failed::HeartbeatTimeout => f.write_str("the step was silent for too long"),
            Failed::Panic => f.write_str("the step panicked"),
            Failed::Other(failure) => failure.fmt(f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for Failed<E> {}

#[diagnostic::do_not_recommend]
impl<E: StepError> Wraps<Failed<E>> for Failure {
    fn wrap(failed: Failed<E>) -> Self {
        match failed {
            Failed::Error(error) => error.failure(),
            Failed::Timeout => Failure::new("States.Timeout", ""),
            Failed::HeartbeatTimeout => Failure::new("States.HeartbeatTimeout", ""),
            Failed::Panic => Failure::new(Failure::PANIC, ""),
            Failed::Other(failure) => failure,
        }
    }
}

/// What `.failure()` may stand behind.
pub trait Attempted {
    /// What the body is given.
    type Attempt;

    /// The result, with a failure that may be any.
    fn attempted(self) -> Self::Attempt;
}

impl<T, E> Attempted for Result<T, E> {
    type Attempt = Result<T, Failed<E>>;

    fn attempted(self) -> Self::Attempt {
        self.map_err(Failed::Error)
    }
}

#[diagnostic::do_not_recommend]
impl<T: crate::Payload> Attempted for T {
    type Attempt = Result<T, Failed<std::convert::Infallible>>;

    fn attempted(self) -> Self::Attempt {
        Ok(self)
    }
}

/// What `.failure()` gives in a plain call.
pub fn attempted<A: Attempted>(returned: A) -> A::Attempt {
    returned.attempted()
}
