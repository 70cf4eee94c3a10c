//! What a replaced step does.

use std::{fmt, sync::Arc};

use serde_json::Value;

use crate::{ErrorName, Failure, TaskInput};

/// What happens at one call of a step, instead of the step or with it.
#[derive(Clone)]
pub(super) enum Answer {
    Return(Value),
    Fail(Failure),
    /// The attempt lasts longer than its state allows.
    TimeOut,
    /// The attempt is silent for longer than its state allows.
    FallSilent,
    /// The step's own function runs.
    Run,
    Call(Arc<dyn Fn(TaskInput) -> Result<Value, Failure> + Send + Sync>),
}

impl Answer {
    pub(super) fn panic(text: impl Into<String>) -> Self {
        Self::Fail(Failure::new(Failure::PANIC, text))
    }

    pub(super) fn worker_stopped() -> Self {
        Self::Fail(Failure::new(
            ErrorName::WORKER_STOPPED.name,
            "the worker stopped before the step had ended",
        ))
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Return(value) => f.debug_tuple("Return").field(value).finish(),
            Self::Fail(failure) => f.debug_tuple("Fail").field(failure).finish(),
            Self::TimeOut => f.write_str("TimeOut"),
            Self::FallSilent => f.write_str("FallSilent"),
            Self::Run => f.write_str("Run"),
            Self::Call(_) => f.write_str("Call"),
        }
    }
}

/// Whether a call is one that a script is meant for.
pub(super) type When = Box<dyn Fn(&TaskInput) -> bool + Send + Sync>;

/// Answers to the calls it is meant for, one after the other; the last one goes on for ever.
pub(super) struct Script {
    /// The step's name.
    pub(super) step: Option<&'static str>,
    pub(super) state: Option<String>,
    /// From which attempt to which, both included; attempts count from 1.
    pub(super) attempts: (u32, u32),
    pub(super) when: Option<When>,
    /// Each with how often it is given.
    pub(super) answers: Vec<(Answer, usize)>,
}

impl Script {
    pub(super) fn any() -> Self {
        Self {
            step: None,
            state: None,
            attempts: (1, u32::MAX),
            when: None,
            answers: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, answer: Answer) {
        self.answers.push((answer, 1));
    }

    pub(super) fn is_for(&self, step: &str, task: &TaskInput) -> bool {
        let context = &task.context;
        self.step.is_none_or(|wanted| wanted == step)
            && self
                .state
                .as_deref()
                .is_none_or(|wanted| wanted == context.state)
            && (self.attempts.0..=self.attempts.1).contains(&context.attempt)
            && self.when.as_ref().is_none_or(|when| when(task))
    }

    /// The answer to the call of that number, from 0.
    pub(super) fn answer(&self, call: usize) -> Option<&Answer> {
        let mut before = 0;
        for (answer, times) in &self.answers {
            before += times;
            if call < before {
                return Some(answer);
            }
        }
        self.answers.last().map(|(answer, _)| answer)
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script")
            .field("step", &self.step)
            .field("state", &self.state)
            .field("attempts", &self.attempts)
            .field("answers", &self.answers)
            .finish_non_exhaustive()
    }
}
