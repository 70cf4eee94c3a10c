//! Replacing a step.

use std::{fmt, marker::PhantomData, sync::Arc};

use super::{
    answer::{Answer, Script},
    cast::Part,
};
use crate::{
    Failure, Outcome, Step, StepError, TaskInput,
    step::{Arguments, finish},
};

/// Answers for calls of the step `S`, to be given to [`Test::mock`](super::Test::mock).
///
/// Each of [`returns`](Mock::returns), [`fails`](Mock::fails), [`answers`](Mock::answers) and their kin is the answer to
/// one call, in their order; [`times`](Mock::times) makes it that of several. The last one answers all further calls.
///
/// ```
/// # use sfn_runtime::{step, StepError, testing::mock};
/// # #[derive(Debug, thiserror::Error, StepError)]
/// # enum OvenError { #[error("busy")] Busy }
/// # #[step] fn bake(size: u32) -> Result<u32, OvenError> { Ok(size) }
/// // Busy twice, then the real oven once, then always 300.
/// let oven = mock::<bake>().fails(OvenError::Busy).times(2).runs().returns(300);
/// // Small ones alone.
/// let oven = mock::<bake>().when(|size| *size < 20).answers(|size| Ok(size * 2));
/// ```
#[must_use = "hand it to `Test::mock`"]
pub fn mock<S: Step>() -> Mock<S> {
    let mut script = Script::any();
    script.step = Some(S::META.name);
    Mock {
        script,
        step: PhantomData,
    }
}

/// Answers for calls of a step; see [`mock`].
#[must_use = "hand it to `Test::mock`"]
pub struct Mock<S> {
    pub(super) script: Script,
    step: PhantomData<fn() -> S>,
}

impl<S: Step> Mock<S> {
    fn then(mut self, answer: Answer) -> Self {
        self.script.add(answer);
        self
    }

    /// Answers only in the state of that name, for a step that several states run.
    pub fn in_state(mut self, name: impl Into<String>) -> Self {
        self.script.state = Some(name.into());
        self
    }

    /// Answers only calls with such an input. An input that cannot be read is none.
    ///
    /// A step with one parameter is given that; one with several, their tuple.
    pub fn when(mut self, test: impl Fn(&S::Input) -> bool + Send + Sync + 'static) -> Self {
        self.script.when = Some(Box::new(move |task| {
            input::<S>(task.clone()).is_ok_and(|input| test(&input))
        }));
        self
    }

    /// It succeeds with this.
    ///
    /// # Panics
    ///
    /// When serde cannot write the value.
    pub fn returns(self, value: S::Out) -> Self {
        let value = serde_json::to_value(value).unwrap_or_else(|error| {
            panic!(
                "what `{}` is to return cannot be written as JSON: {error}",
                S::META.name
            )
        });
        self.then(Answer::Return(value))
    }

    /// It fails with this.
    pub fn fails(self, error: S::Err) -> Self {
        self.then(Answer::Fail(error.failure()))
    }

    /// It fails with this error name and cause, whether it declares it or not.
    pub fn fails_with(self, name: impl Into<String>, cause: impl Into<String>) -> Self {
        self.then(Answer::Fail(Failure::new(name, cause)))
    }

    /// It panics with this text.
    pub fn panics(self, text: impl Into<String>) -> Self {
        self.then(Answer::panic(text))
    }

    /// The attempt takes longer than its `timeout`.
    pub fn times_out(self) -> Self {
        self.then(Answer::TimeOut)
    }

    /// The attempt is silent for longer than its `heartbeat`.
    pub fn falls_silent(self) -> Self {
        self.then(Answer::FallSilent)
    }

    /// The step's own function runs.
    pub fn runs(self) -> Self {
        self.then(Answer::Run)
    }

    /// It does what the closure does, which gives what the step itself would: a value, or a `Result` where the step
    /// returns one. A panic in it is a panic of the step.
    pub fn answers<R>(self, answer: impl Fn(S::Input) -> R + Send + Sync + 'static) -> Self
    where
        R: Outcome<Ok = S::Out, Err = S::Err>,
    {
        self.then(Answer::Call(Arc::new(move |task| {
            finish::<S>(answer(input::<S>(task)?).into_result())
        })))
    }

    /// Gives the answer before this so many times, instead of once.
    ///
    /// # Panics
    ///
    /// When there is no answer before this.
    pub fn times(mut self, times: usize) -> Self {
        let (_, last) = self
            .script
            .answers
            .last_mut()
            .expect("`times` stands behind an answer, such as `.returns(..)`");
        *last = times;
        self
    }
}

fn input<S: Step>(task: TaskInput) -> Result<S::Input, Failure> {
    Arguments::read(S::META, task)?.take::<S>()
}

impl<S: Step> fmt::Debug for Mock<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.script.fmt(f)
    }
}

/// A mock at work: tells what it was called with.
pub struct Mocked<S> {
    part: Arc<Part>,
    step: PhantomData<fn() -> S>,
}

impl<S: Step> Mocked<S> {
    pub(super) fn new(part: Arc<Part>) -> Self {
        Self {
            part,
            step: PhantomData,
        }
    }

    /// How often it has answered.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.part.inputs().len()
    }

    /// What the step was given at each call.
    ///
    /// # Panics
    ///
    /// When one of them is no input of the step.
    #[must_use]
    pub fn inputs(&self) -> Vec<S::Input> {
        let read = |task| {
            input::<S>(task).unwrap_or_else(|failure| panic!("`{}`: {failure}", S::META.name))
        };
        self.part.inputs().into_iter().map(read).collect()
    }
}

impl<S> fmt::Debug for Mocked<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.part.fmt(f)
    }
}
