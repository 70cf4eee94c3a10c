//! The Wait state.

use super::{OrExpression, State, Transition};

/// Lets time pass.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wait {
    /// For how long, or until when. AWS wants exactly one of the four; the list keeps what was written.
    pub wait_for: Vec<WaitFor>,
    /// Where it leads.
    pub transition: Transition,
}

/// For how long, or until when, to wait.
#[derive(Debug, Clone, PartialEq)]
pub enum WaitFor {
    /// That many seconds; JSONata allows an expression.
    Seconds(OrExpression<u64>),
    /// JSONPath: as many seconds as the input says there.
    SecondsPath(String),
    /// Until then, in RFC 3339; JSONata allows an expression.
    Timestamp(String),
    /// JSONPath: until the time the input says there.
    TimestampPath(String),
}

impl WaitFor {
    /// The field's name.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::Seconds(_) => "Seconds",
            Self::SecondsPath(_) => "SecondsPath",
            Self::Timestamp(_) => "Timestamp",
            Self::TimestampPath(_) => "TimestampPath",
        }
    }
}

impl Wait {
    /// Waits for that many seconds.
    #[must_use]
    pub fn seconds(seconds: impl Into<OrExpression<u64>>) -> Self {
        Self {
            wait_for: vec![WaitFor::Seconds(seconds.into())],
            ..Self::default()
        }
    }

    /// Waits until then: RFC 3339, or a JSONata expression.
    #[must_use]
    pub fn until(timestamp: impl Into<String>) -> Self {
        Self {
            wait_for: vec![WaitFor::Timestamp(timestamp.into())],
            ..Self::default()
        }
    }

    /// What applies; `None` when nothing is written.
    #[must_use]
    pub fn what(&self) -> Option<&WaitFor> {
        self.wait_for.first()
    }

    /// This as a state that leads to another.
    #[must_use]
    pub fn then(self, next: impl Into<String>) -> State {
        State::from(self).then(next)
    }
}
