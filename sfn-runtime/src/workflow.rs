//! A workflow: the value of a `static`, made by `workflow!`.

use std::marker::PhantomData;

/// How Step Functions runs a workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// Each state runs exactly once, for up to a year, with a history.
    #[default]
    Standard,
    /// At least once, for up to five minutes, without activities.
    Express,
}

/// A workflow that takes `I` and ends with `O`.
#[derive(Debug)]
pub struct Workflow<I, O> {
    name: &'static str,
    types: PhantomData<fn(I) -> O>,
}

impl<I, O> Workflow<I, O> {
    /// Its name, which is its state machine's.
    pub const fn name(&self) -> &'static str {
        self.name
    }
}
