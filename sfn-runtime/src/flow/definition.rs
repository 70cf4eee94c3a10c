//! A flow as data: what the typed builder builds, and what is written as a state machine.

use std::time::Duration;

use serde_json::Value;

use super::{
    body::Recorded,
    expression::{Fault, Js, Predicate},
};
use crate::{Jitter, Kind, Shape, StepMeta};

/// A whole workflow as data, its Rust types forgotten.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Definition {
    /// The name of the workflow and of its state machine.
    pub name: String,
    /// What it is for; empty for nothing said.
    pub comment: String,
    /// How Step Functions runs it.
    pub kind: Kind,
    /// How long an execution may take.
    ///
    /// A definition always says it, because a task that no worker fetches is ended by nothing else: without a word
    /// of the author, a year (what AWS allows at most) for a standard workflow, five minutes for an express one.
    pub timeout: Option<Duration>,
    /// What it takes.
    pub input: fn() -> Shape,
    /// Whether a value can be its input: what is wrong otherwise, with the field's path.
    pub check_input: fn(&Value) -> Result<(), String>,
    /// What it ends with.
    pub output: fn() -> Shape,
    /// The source file.
    pub file: &'static str,
    /// The line in it, from 1.
    pub line: u32,
    /// Its stages, in order.
    pub nodes: Vec<Node>,
}

/// One stage, with what may be said about any stage.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Node {
    /// What it does.
    pub stage: Stage,
    /// Its state's name, where it is not the default.
    pub name: Option<String>,
    /// Its state's comment, where it is not the step's.
    pub comment: Option<String>,
    /// Retriers given where it is used; they come before the step's own.
    pub retries: Vec<Retry>,
    /// Catchers, in order.
    pub catches: Vec<Catch>,
    /// How long an attempt may take, where it is not the step's.
    pub timeout: Option<Duration>,
    /// How long an attempt may stay silent, where it is not the step's.
    pub heartbeat: Option<Duration>,
    /// Whether a `parallel` or `map` gives how each branch or item ended, so that the error of one stops no other.
    pub collects: bool,
    /// Options that this stage does not have.
    pub faults: Vec<Fault>,
}

impl Node {
    pub(crate) fn new(stage: Stage) -> Self {
        Self {
            stage,
            name: None,
            comment: None,
            retries: Vec::new(),
            catches: Vec::new(),
            timeout: None,
            heartbeat: None,
            collects: false,
            faults: Vec::new(),
        }
    }
}

/// What a stage does.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Stage {
    /// Runs a step.
    Task(Call),
    /// Runs branches at once, each with the same value.
    Parallel(Vec<Vec<Node>>),
    /// Runs stages once for each item.
    Map {
        /// The list.
        items: Result<Js, Fault>,
        /// What is done with one item.
        body: Vec<Node>,
        /// How many items at a time; `None` for as many as Step Functions will.
        max_concurrency: Option<u32>,
        /// Whether each item is an execution of its own.
        distributed: Option<Distributed>,
    },
    /// Lets time pass.
    Wait(Duration),
    /// Lets time pass up to a point in time.
    WaitUntil(Result<Js, Fault>),
    /// Takes the first arm whose test holds.
    Choose {
        /// The arms, in order.
        cases: Vec<Case>,
        /// What happens when none holds.
        otherwise: Otherwise,
    },
    /// Ends the execution with an error.
    Fail {
        /// The error's name.
        error: String,
        /// What happened.
        cause: String,
    },
    /// Ends the flow well.
    Succeed,
    /// Passes the value on, perhaps reshaped.
    Pass(Option<Template>),
    /// The stages of a fragment.
    Include(Vec<Node>),
    /// A function body: always the only stage.
    Body(Recorded),
}

impl Stage {
    /// The verb that makes such a stage.
    #[must_use]
    pub fn verb(&self) -> &'static str {
        match self {
            Stage::Task(_) => "a step",
            Stage::Parallel(_) => "`parallel`",
            Stage::Map { .. } => "`map`",
            Stage::Wait(_) => "`wait`",
            Stage::WaitUntil(_) => "`wait_until`",
            Stage::Choose { .. } => "`choose`",
            Stage::Fail { .. } => "`fail`",
            Stage::Succeed => "`succeed`",
            Stage::Pass(_) => "`pass`",
            Stage::Include(_) => "`include`",
            Stage::Body(_) => "the function",
        }
    }
}

/// A map whose items are executions of their own, with histories of their own.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub struct Distributed {
    /// How many of them may fail.
    pub tolerated: Option<Tolerated>,
}

/// How many items of a distributed map may fail before it fails itself. What failed is not in its result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tolerated {
    /// So many.
    Items(u32),
    /// So many of a hundred.
    Percent(f64),
}

/// A step, and how the value that flows becomes its input.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Call {
    /// The step.
    pub step: &'static StepMeta,
    /// What it is given.
    pub given: Given,
}

impl Call {
    pub(super) fn new(step: &'static StepMeta, given: Given) -> Self {
        Self { step, given }
    }
}

impl PartialEq for Call {
    fn eq(&self, other: &Self) -> bool {
        self.step.name == other.step.name && self.given == other.given
    }
}

/// How the value that flows becomes a step's parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// The step has none.
    Nothing,
    /// It is the one parameter.
    Whole,
    /// Its items are the parameters.
    Items,
    /// In a catch handler: what the caught stage was given is the one parameter.
    CaughtInput,
    /// In a catch handler: the error is.
    CaughtError,
    /// In a catch handler: both are, in this order.
    CaughtBoth,
}

/// One arm of a `choose`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Case {
    /// When it is taken.
    pub test: Result<Js, Fault>,
    /// The step that is asked first, when the test needs its verdict.
    pub predicate: Option<Predicate>,
    /// What is done then; nothing passes the value on.
    pub arm: Vec<Node>,
}

/// What happens to a value that takes no arm.
#[derive(Debug, Clone)]
pub enum Otherwise {
    /// These stages; none passes the value on.
    Arm(Vec<Node>),
    /// No such value exists, if the types are right: the execution fails when one comes nevertheless.
    Exhausted,
}

/// A JSON value with expressions at its leaves.
#[derive(Debug, Clone)]
pub enum Template {
    /// An expression.
    Leaf(Result<Js, Fault>),
    /// An array.
    List(Vec<Template>),
}

/// One catcher.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Catch {
    /// The error names it matches.
    pub on: Vec<String>,
    /// What is done then.
    pub handler: Vec<Node>,
}

/// One retrier.
///
/// ```
/// use std::time::Duration;
/// use sfn_runtime::flow::Retry;
///
/// let retry = Retry::on(["OvenError.Busy"]).interval(Duration::from_secs(60)).max_attempts(3);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Retry {
    pub(super) on: Option<Vec<String>>,
    pub(super) interval: Duration,
    pub(super) max_attempts: u32,
    pub(super) backoff: f64,
    pub(super) max_delay: Option<Duration>,
    pub(super) jitter: Jitter,
}

impl Retry {
    /// Retries after these errors. The rest is as AWS has it: after 1 second, 3 times, twice as long each time.
    pub fn on<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        Self {
            on: Some(names.into_iter().map(Into::into).collect()),
            ..Self::retryable()
        }
    }

    /// Retries after every error that the step calls retryable, and after a timeout. For steps alone.
    pub fn retryable() -> Self {
        Self {
            on: None,
            interval: Duration::from_secs(1),
            max_attempts: 3,
            backoff: 2.0,
            max_delay: None,
            jitter: Jitter::None,
        }
    }

    /// The wait before the first retry; whole seconds, at least one.
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// How many retries at most, not counting the first attempt.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// By what each further wait grows; at least 1.
    pub fn backoff(mut self, rate: f64) -> Self {
        self.backoff = rate;
        self
    }

    /// The longest wait.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = Some(delay);
        self
    }

    /// Whether waits are drawn at random up to their length.
    pub fn jitter(mut self, jitter: Jitter) -> Self {
        self.jitter = jitter;
        self
    }
}

impl Template {
    pub(super) fn faults(&self) -> Vec<&Fault> {
        match self {
            Template::Leaf(Ok(_)) => Vec::new(),
            Template::Leaf(Err(fault)) => vec![fault],
            Template::List(items) => items.iter().flat_map(Template::faults).collect(),
        }
    }

    pub(super) fn value(&self) -> Value {
        match self {
            Template::Leaf(Ok(js)) => js.leaf(""),
            Template::Leaf(Err(_)) => Value::Null,
            Template::List(items) => items.iter().map(Template::value).collect(),
        }
    }
}
