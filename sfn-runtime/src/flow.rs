//! The flow that both forms of a workflow build, and its writing as a state machine.
//!
//! [`Flow<T>`] is a sequence of stages that has come to a `T`. Each stage takes the value that the one before it
//! gave, and rustc checks that the types meet. [`workflow!`](crate::workflow) writes such a chain; by hand it reads:
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use sfn_runtime::{Payload, minutes, flow::Flow};
//!
//! #[derive(Serialize, Deserialize, Payload)]
//! struct Order { items: Vec<String> }
//!
//! let flow = Flow::<Order>::start()
//!     .map(|order| order.field(|order| &order.items, "items"), |item| item.wait(minutes(1)))
//!     .max_concurrency(4)
//!     .named("rest");
//! # let _: Flow<Vec<String>> = flow.end();
//! ```
//!
//! A chain is [`Definition`], which is plain data, and [`Definition::compile`] writes it as ASL.

mod body;
mod caught;
mod choose;
mod collect;
mod compile;
mod definition;
mod expression;
mod fits;
pub mod ops;
mod payloads;
mod places;
mod render;
#[doc(hidden)]
pub mod results;
mod steps;
mod variable;

use std::{marker::PhantomData, time::Duration};

pub(crate) use self::places::activity_name_as;
pub use self::{
    body::{
        Attempt, AwsSite, Body, Branches, CallSite, Callable, Callee, Choosing, FragmentMeta,
        LoopId, MachineMeta, MapSite, RecordFragment, Recorded, Variable,
    },
    caught::{Caught, CaughtError, Never},
    choose::{Choose, Fork},
    collect::{Collected, Collects},
    compile::{CompileError, Mistake},
    definition::{
        Call, Case, Catch, Definition, Distributed, Given, Node, Otherwise, Retry, Stage, Template,
        Tolerated,
    },
    expression::{Array, Checked, E, Fault, Js, Local, Operator, Part, Predicate, constant},
    fits::{
        BeginsAs, Countable, EndsAs, Fits, FitsFragment, Handles, Itself, List, OrElse, Parameters,
        PassesAs, Push, Replaces, SameArm, Span, SucceedsAs, Timestamp, Truth, way,
    },
    places::{Place, Places, SamplePlaces, Unplaced, activity_name},
    variable::VariableId,
};
use crate::{Fragment, Payload, Raises, Step, StepError};

/// Stages that have come to a `T`. The last of them took a `Taken`.
#[derive(Debug, Clone)]
#[must_use = "a flow is a value: each stage gives a new one"]
pub struct Flow<T, Taken = T> {
    nodes: Vec<Node>,
    types: PhantomData<fn() -> (T, Taken)>,
}

impl<T> Flow<T> {
    /// No stages yet.
    pub fn start() -> Self {
        Self::of(Vec::new())
    }
}

impl<T, Taken> Flow<T, Taken> {
    fn of(nodes: Vec<Node>) -> Self {
        Self {
            nodes,
            types: PhantomData,
        }
    }

    pub(crate) fn into_nodes(self) -> Vec<Node> {
        self.nodes
    }

    fn push<U>(mut self, stage: Stage) -> Flow<U, T> {
        self.nodes.push(Node::new(stage));
        Flow::of(self.nodes)
    }

    /// Runs a step.
    pub fn then<S: Step>(self) -> Flow<<T as Fits<S, S::In, S::Input>>::Out, T>
    where
        T: Fits<S, S::In, S::Input>,
    {
        self.push(Stage::Task(Call::new(
            S::META,
            <T as Fits<S, S::In, S::Input>>::GIVEN,
        )))
    }

    /// Runs branches at once, each with this value; the result is the tuple of their results.
    ///
    /// ```
    /// # use sfn_runtime::{seconds, flow::Flow};
    /// let flow = Flow::<String>::start()
    ///     .parallel()
    ///     .branch(|text| text.wait(seconds(1)))
    ///     .branch(|text| text.wait(seconds(2)))
    ///     .join();
    /// # let _: Flow<(String, String)> = flow.end();
    /// ```
    pub fn parallel(self) -> Fork<T, ()> {
        Fork::new(self.nodes)
    }

    /// Runs stages for each item of a list; the result is the list of their results, in the items' order.
    pub fn map<L, V, X>(
        self,
        items: impl FnOnce(&E<T>) -> E<L>,
        body: impl FnOnce(Flow<L::Item>) -> Flow<V, X>,
    ) -> Flow<Vec<V>, T>
    where
        T: Payload,
        L: List + ?Sized,
    {
        let items = items(&E::input()).into_js();
        let body = body(Flow::start()).nodes;
        self.push(Stage::Map {
            items,
            body,
            max_concurrency: None,
            distributed: None,
        })
    }

    /// Runs stages for each item, where the value itself is the list.
    pub fn map_all<V, X>(self, body: impl FnOnce(Flow<T::Item>) -> Flow<V, X>) -> Flow<Vec<V>, T>
    where
        T: List,
    {
        let body = body(Flow::start()).nodes;
        self.push(Stage::Map {
            items: Ok(Js::Input),
            body,
            max_concurrency: None,
            distributed: None,
        })
    }

    /// Lets time pass; whole seconds, a part of one counts as one. Costs nothing while it passes.
    pub fn wait(self, span: impl Span) -> Flow<T, T> {
        self.push(Stage::Wait(span.span()))
    }

    /// Lets time pass up to the point in time that the value says, in RFC 3339. A past one is no wait.
    pub fn wait_until<R: Timestamp + ?Sized>(self, when: impl FnOnce(&E<T>) -> E<R>) -> Flow<T, T>
    where
        T: Payload,
    {
        let when = when(&E::input()).into_js();
        self.push(Stage::WaitUntil(when))
    }

    /// Takes the first arm whose test holds.
    pub fn choose<U>(self) -> Choose<T, U> {
        Choose::new(self.nodes)
    }

    /// Ends the execution with an error.
    pub fn fail(self, error: impl Into<String>, cause: impl Into<String>) -> Flow<Never, T> {
        self.push(Stage::Fail {
            error: error.into(),
            cause: cause.into(),
        })
    }

    /// Ends well with this value: the workflow, or within a `parallel` or `map` the branch or the item.
    pub fn succeed(self) -> Flow<Never, T> {
        self.push(Stage::Succeed)
    }

    /// Passes the value on: a state that does nothing, and shows in the history.
    pub fn pass(self) -> Flow<T, T> {
        self.push(Stage::Pass(None))
    }

    /// Passes a part of the value on.
    pub fn project<R>(self, part: impl FnOnce(&E<T>) -> E<R>) -> Flow<R, T>
    where
        T: Payload,
    {
        let part = part(&E::input()).into_leaf();
        self.push(Stage::Pass(Some(Template::Leaf(part))))
    }

    /// Passes on what the template says. `typed` is never called: it is the same in Rust, for rustc to check.
    pub fn compute<R>(
        self,
        _typed: impl FnOnce(T) -> R,
        template: impl FnOnce(&E<T>) -> Template,
    ) -> Flow<R, T>
    where
        T: Payload,
    {
        let template = template(&E::input());
        self.push(Stage::Pass(Some(template)))
    }

    /// Puts the stages of a fragment here.
    pub fn include<A, B>(self, fragment: &Fragment<A, B>) -> Flow<B, T>
    where
        T: FitsFragment<A>,
    {
        let nodes = fragment.build().into_nodes();
        self.push(Stage::Include(nodes))
    }

    fn last(mut self, change: impl FnOnce(&mut Node)) -> Self {
        if let Some(node) = self.nodes.last_mut() {
            change(node);
        }
        self
    }

    fn refuse(node: &mut Node, option: &'static str) {
        let stage = node.stage.verb();
        node.faults.push(Fault::Option { option, stage });
    }

    /// Names the state of the last stage. The states of a fragment get the name before their own.
    pub fn named(self, name: impl Into<String>) -> Self {
        self.last(|node| node.name = Some(name.into()))
    }

    /// Says something about the last stage: its state's `Comment`.
    pub fn comment(self, comment: impl Into<String>) -> Self {
        self.last(|node| node.comment = Some(comment.into()))
    }

    /// Tries the last stage again when it fails: a step, a `parallel` or a `map`.
    pub fn retry(self, retry: Retry) -> Self {
        self.last(|node| match &node.stage {
            Stage::Task(_) => node.retries.push(retry),
            Stage::Parallel(_) | Stage::Map { .. } if retry.on.is_some() => {
                node.retries.push(retry);
            }
            _ => Self::refuse(node, "retry"),
        })
    }

    /// Limits how long an attempt of the last stage, a step, may take.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.last(|node| match &node.stage {
            Stage::Task(_) => node.timeout = Some(timeout),
            _ => Self::refuse(node, "timeout"),
        })
    }

    /// Limits how long an attempt of the last stage, a step, may stay silent.
    pub fn heartbeat(self, heartbeat: Duration) -> Self {
        self.last(|node| match &node.stage {
            Stage::Task(_) => node.heartbeat = Some(heartbeat),
            _ => Self::refuse(node, "heartbeat"),
        })
    }

    /// Limits how many items the last stage, a `map`, works on at a time.
    pub fn max_concurrency(self, items: u32) -> Self {
        self.last(|node| match &mut node.stage {
            Stage::Map {
                max_concurrency, ..
            } => *max_concurrency = Some(items),
            _ => Self::refuse(node, "max_concurrency"),
        })
    }

    /// Makes each item of the last stage, a `map`, an execution of its own, with a history of its own: for more items
    /// than one history takes, thousands at a time.
    pub fn distributed(self) -> Self {
        self.last(|node| match &mut node.stage {
            Stage::Map { distributed, .. } => *distributed = Some(Distributed::default()),
            _ => Self::refuse(node, "distributed"),
        })
    }

    /// Lets items of the last stage, a distributed `map`, fail. The result has those that did not.
    pub fn tolerate(self, failures: Tolerated) -> Self {
        self.last(|node| match &mut node.stage {
            Stage::Map {
                distributed: Some(distributed),
                ..
            } => distributed.tolerated = Some(failures),
            _ => Self::refuse(node, "tolerate"),
        })
    }

    /// Lets the last stage, a `parallel` or a `map`, give how each branch or item ended. The error of one then stops no other.
    pub fn collect(self) -> Flow<T::Collected, Taken>
    where
        T: Collects,
    {
        let collects = self.last(|node| match &node.stage {
            Stage::Parallel(_) | Stage::Map { .. } => node.collects = true,
            _ => Self::refuse(node, "collect"),
        });
        Flow::of(collects.nodes)
    }

    fn caught(self, on: Vec<String>, handler: Vec<Node>) -> Self {
        self.last(|node| match &node.stage {
            Stage::Task(_) | Stage::Parallel(_) | Stage::Map { .. } => {
                node.catches.push(Catch { on, handler });
            }
            _ => Self::refuse(node, "catch"),
        })
    }

    /// Does something else when the last stage, a step, a `parallel` or a `map`, fails with one of these errors and
    /// no retrier mends it. The handler's result stands for the stage's.
    pub fn catch<N: Into<String>, V, X>(
        self,
        on: impl IntoIterator<Item = N>,
        handler: impl FnOnce(Flow<Caught<Taken>>) -> Flow<V, X>,
    ) -> Self
    where
        V: Replaces<T>,
    {
        let on = on.into_iter().map(Into::into).collect();
        self.caught(on, handler(Flow::start()).nodes)
    }

    /// The same with a handler that ends.
    pub fn catch_ends<N: Into<String>, X>(
        self,
        on: impl IntoIterator<Item = N>,
        handler: impl FnOnce(Flow<Caught<Taken>>) -> Flow<Never, X>,
    ) -> Self {
        let on = on.into_iter().map(Into::into).collect();
        self.caught(on, handler(Flow::start()).nodes)
    }

    /// The end of the stages, with the type that the workflow or fragment says.
    pub fn end<O>(self) -> Flow<O>
    where
        T: EndsAs<O>,
    {
        Flow::of(self.nodes)
    }

    /// Where the stages begin, with the parameters that the first of them takes.
    pub fn begin<P: Parameters>(self) -> Flow<<T as BeginsAs<P, P::Value>>::Value>
    where
        T: BeginsAs<P, P::Value>,
    {
        Flow::of(self.nodes)
    }

    /// Lets rustc look at a condition. It is never called.
    pub fn check<R: Truth>(&self, _condition: impl FnOnce(&T) -> R) {}

    /// Lets rustc look at the patterns of a `match`. It is never called.
    pub fn check_match(&self, _patterns: impl FnOnce(&T)) {}

    /// Lets rustc look at something whose items are counted. It is never called.
    pub fn check_len<R: Countable + ?Sized>(&self, _counted: impl for<'a> FnOnce(&'a T) -> &'a R) {}
}

impl<T, Taken> Flow<Caught<T>, Taken> {
    /// Runs a step on what a catch handler is given, or a part of it; see [`Handles`]. Write `_` for `Way`.
    #[expect(
        clippy::type_complexity,
        reason = "an alias would show in rustc's messages"
    )]
    pub fn handle<S: Step, Way>(
        self,
    ) -> Flow<<Caught<T> as Handles<S, S::In, S::Input, Way>>::Out, Caught<T>>
    where
        Caught<T>: Handles<S, S::In, S::Input, Way>,
    {
        self.push(Stage::Task(Call::new(
            S::META,
            <Caught<T> as Handles<S, S::In, S::Input, Way>>::GIVEN,
        )))
    }
}

impl<Taken> Flow<Never, Taken> {
    /// What never arrives is of any type.
    pub fn never<O>(self) -> Flow<O> {
        Flow::of(self.nodes)
    }
}

/// What stages end with; ties their `succeed()`s to their end.
#[derive(Debug)]
pub struct End<O>(PhantomData<fn() -> O>);

impl<O> End<O> {
    /// Of a type that is inferred.
    #[must_use]
    #[expect(
        clippy::new_without_default,
        reason = "a default of a mark says nothing"
    )]
    pub fn new() -> Self {
        Self(PhantomData)
    }

    /// A flow of that type, for inference.
    pub fn flow(&self) -> Flow<O> {
        Flow::of(Vec::new())
    }

    /// The end of the stages.
    pub fn close<T, X>(&self, flow: Flow<T, X>) -> Flow<O>
    where
        T: EndsAs<O>,
    {
        Flow::of(flow.nodes)
    }

    /// The end of stages that end by themselves.
    pub fn never<X>(&self, flow: Flow<Never, X>) -> Flow<O> {
        Flow::of(flow.nodes)
    }

    /// As [`Flow::succeed`], checked against what the stages around it end with.
    pub fn succeed<T, X>(&self, flow: Flow<T, X>) -> Flow<Never, T>
    where
        T: SucceedsAs<O>,
    {
        flow.succeed()
    }
}

/// Asks rustc whether the step `S` can raise an `E`.
pub fn check_raises<S: Step, E>()
where
    S::Err: Raises<E>,
{
}

/// The name of an error's variant, as retriers and catchers match it.
///
/// # Panics
///
/// When the type has no such variant; the macros let rustc look for it first.
#[must_use]
pub fn error_name<E: StepError>(variant: &str) -> &'static str {
    E::ERRORS
        .iter()
        .find(|error| error.variant == variant)
        .map(|error| error.name)
        .unwrap_or_else(|| panic!("the error has no variant `{variant}`"))
}
