//! What a function body may call.

use std::time::Duration;

use super::Body;
use crate::{
    ErrorMeta, Kind, ParamMeta, Shape, Step, StepMeta,
    flow::{
        definition::{Definition, Retry},
        expression::{Checked, E},
    },
};

/// Something that a `#[state_machine]` body may call: a step, another state machine, a fragment.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be called in a state machine",
    label = "neither a step nor a state machine",
    note = "help: put `#[step]` on the function, and import it by its own name"
)]
pub trait Callable {
    /// What it fails with.
    type Err;

    /// What it is.
    fn callee() -> Callee;
}

impl<S: Step> Callable for S {
    type Err = S::Err;

    fn callee() -> Callee {
        Callee::Step(S::META)
    }
}

/// What is called.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Callee {
    /// A step: a task of its own.
    Step(&'static StepMeta),
    /// A state machine: a nested execution, which is awaited.
    Machine(&'static MachineMeta),
    /// A fragment: its body stands in the place of the call.
    Fragment(&'static FragmentMeta),
}

/// A state machine, as one that calls it knows it.
#[derive(Debug)]
pub struct MachineMeta {
    /// Its name.
    pub name: &'static str,
    /// The first paragraph of its doc comment.
    pub doc: &'static str,
    /// How it runs. Nothing can wait for the end of an express one.
    pub kind: Kind,
    /// Its parameters. One of them is its whole input; several are the members of an object.
    pub params: &'static [ParamMeta],
    /// What it ends with.
    pub output: fn() -> Shape,
    /// The errors it may end with.
    pub errors: &'static [ErrorMeta],
    /// Its definition: whoever brings about a machine that calls it brings about this one first.
    pub define: fn() -> Definition,
}

/// A function that expands where it is called.
#[derive(Debug)]
pub struct FragmentMeta {
    /// Its name in the source.
    pub name: &'static str,
    /// The source file.
    pub file: &'static str,
    /// The errors it may end with.
    pub errors: &'static [ErrorMeta],
    /// Records its body with these arguments.
    pub record: RecordFragment,
}

/// Records a fragment's body with its arguments; gives what it gives, unless it never comes to its end.
pub type RecordFragment = fn(&mut Body, Vec<E<Checked>>) -> Option<E<Checked>>;

impl Callee {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Callee::Step(step) => step.name,
            Callee::Machine(machine) => machine.name,
            Callee::Fragment(fragment) => fragment.name,
        }
    }

    pub(crate) fn doc(self) -> &'static str {
        match self {
            Callee::Step(step) => step.doc,
            Callee::Machine(machine) => machine.doc,
            Callee::Fragment(_) => "",
        }
    }

    pub(crate) fn params(self) -> &'static [ParamMeta] {
        match self {
            Callee::Step(step) => step.params,
            Callee::Machine(machine) => machine.params,
            Callee::Fragment(_) => &[],
        }
    }

    /// The errors it may end with.
    #[must_use]
    pub fn errors(self) -> &'static [ErrorMeta] {
        match self {
            Callee::Step(step) => step.errors,
            Callee::Machine(machine) => machine.errors,
            Callee::Fragment(fragment) => fragment.errors,
        }
    }
}

/// A call, with what is said of it where it stands.
///
/// ```
/// use sfn_runtime::{minutes, step, flow::CallSite};
///
/// #[step]
/// fn bake(size: u8) -> u8 { size }
///
/// let site = CallSite::of::<bake>(vec![sfn_runtime::flow::constant(&3)]).named("bake it").timeout(minutes(5));
/// # let _ = site;
/// ```
#[derive(Debug, Clone)]
#[must_use = "a call site is recorded by `Body::call`"]
pub struct CallSite {
    pub(super) callee: Callee,
    pub(super) arguments: Vec<E<Checked>>,
    pub(super) name: Option<String>,
    pub(super) comment: Option<String>,
    pub(super) timeout: Option<Duration>,
    pub(super) heartbeat: Option<Duration>,
    pub(super) retries: Vec<Retry>,
    pub(super) callback: Option<Duration>,
}

impl CallSite {
    /// A call of `C` with these arguments, in the order of its parameters that come from JSON.
    pub fn of<C: Callable>(arguments: Vec<E<Checked>>) -> Self {
        Self::new(C::callee(), arguments)
    }

    /// The same, for what the macros have found.
    pub fn new(callee: Callee, arguments: Vec<E<Checked>>) -> Self {
        Self {
            callee,
            arguments,
            name: None,
            comment: None,
            timeout: None,
            heartbeat: None,
            retries: Vec::new(),
            callback: None,
        }
    }

    /// The errors that it may end with.
    #[must_use]
    pub fn errors(&self) -> &'static [ErrorMeta] {
        self.callee.errors()
    }

    /// Names its state.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Says something about it: its state's `Comment`.
    pub fn comment(mut self, comment: impl Into<String>) -> Self {
        self.comment = Some(comment.into());
        self
    }

    /// Limits how long an attempt may take.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Limits how long an attempt may stay silent.
    pub fn heartbeat(mut self, heartbeat: Duration) -> Self {
        self.heartbeat = Some(heartbeat);
        self
    }

    /// Tries again when it fails. Retriers given here come before the step's own.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retries.push(retry);
        self
    }

    /// The step only asks: whoever has the task token answers within this time.
    pub fn callback(mut self, within: Duration) -> Self {
        self.callback = Some(within);
        self
    }
}
