//! What rustc is asked about a flow, and what it says when the answer is no.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
    time::Duration,
};

use crate::Step;

use super::{
    caught::{Caught, CaughtError},
    definition::Given,
};

/// A value that the step `S` accepts: `I` is what it takes, `P` its parameters as a tuple.
///
/// A value fits a step with one parameter of its type, an n-tuple one with n parameters of the items' types, and any
/// value a step without parameters.
#[diagnostic::on_unimplemented(
    message = "step `{S}` does not accept what comes before it",
    label = "takes `{I}`, but what comes before it gives `{Self}`",
    note = "help: put a step between them that turns `{Self}` into `{I}`, or change what `{S}` takes"
)]
pub trait Fits<S, P, I> {
    /// What the step returns. It stands here, and not only in [`Step`], so that rustc knows no type where a step
    /// does not fit, and reports nothing about what follows.
    type Out;

    /// How the value becomes the step's input.
    const GIVEN: Given;
}

impl<S: Step, T> Fits<S, (), ()> for T {
    type Out = S::Out;

    const GIVEN: Given = Given::Nothing;
}

impl<S: Step, T> Fits<S, (T,), T> for T {
    type Out = S::Out;

    const GIVEN: Given = Given::Whole;
}

macro_rules! tuples {
    ($(($($item:ident),+))*) => {$(
        #[diagnostic::do_not_recommend]
        impl<S: Step, $($item),+> Fits<S, ($($item,)+), ($($item,)+)> for ($($item,)+) {
            type Out = S::Out;

            const GIVEN: Given = Given::Items;
        }

        #[diagnostic::do_not_recommend]
        impl<$($item),+> BeginsAs<($($item,)+), ($($item,)+)> for ($($item,)+) {
            type Value = Self;
        }

        impl<$($item),+> Parameters for ($($item,)+) {
            type Value = Self;
            type Each = (Vec<Self>,);
        }

        impl<Else, $($item),+> OrElse<Else> for ($($item,)+) {
            type Parameters = Self;
        }
    )*};
}

tuples! {
    (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, F) (A, B, C, D, E, F, G)
    (A, B, C, D, E, F, G, H) (A, B, C, D, E, F, G, H, I) (A, B, C, D, E, F, G, H, I, J)
    (A, B, C, D, E, F, G, H, I, J, K) (A, B, C, D, E, F, G, H, I, J, K, L)
}

/// What a catch handler gets, when the step `S` accepts it or a part of it.
///
/// `Way` says which part: it is inferred.
#[diagnostic::on_unimplemented(
    message = "step `{S}` does not accept what a catch handler is given",
    label = "takes `{I}`, but a handler here gets `{Self}`",
    note = "help: a step in a handler takes what the caught stage was given, and after it or instead of it a `CaughtError`, or nothing"
)]
pub trait Handles<S, P, I, Way> {
    /// What the step returns; see [`Fits::Out`].
    type Out;

    /// How the value becomes the step's input.
    const GIVEN: Given;
}

/// The ways in which a step takes what a catch handler gets.
pub mod way {
    /// The step has no parameters.
    #[derive(Debug)]
    pub struct Nothing;
    /// It takes the whole `Caught`.
    #[derive(Debug)]
    pub struct Whole;
    /// It takes what the caught stage was given.
    #[derive(Debug)]
    pub struct Input;
    /// It takes the error.
    #[derive(Debug)]
    pub struct Error;
    /// It takes both, in this order.
    #[derive(Debug)]
    pub struct InputAndError;
}

#[diagnostic::do_not_recommend]
impl<S: Step, T> Handles<S, (), (), way::Nothing> for Caught<T> {
    type Out = S::Out;

    const GIVEN: Given = Given::Nothing;
}

#[diagnostic::do_not_recommend]
impl<S: Step, T> Handles<S, (Caught<T>,), Caught<T>, way::Whole> for Caught<T> {
    type Out = S::Out;

    const GIVEN: Given = Given::Whole;
}

#[diagnostic::do_not_recommend]
impl<S: Step, T> Handles<S, (T,), T, way::Input> for Caught<T> {
    type Out = S::Out;

    const GIVEN: Given = Given::CaughtInput;
}

#[diagnostic::do_not_recommend]
impl<S: Step, T> Handles<S, (CaughtError,), CaughtError, way::Error> for Caught<T> {
    type Out = S::Out;

    const GIVEN: Given = Given::CaughtError;
}

#[diagnostic::do_not_recommend]
impl<S: Step, T> Handles<S, (T, CaughtError), (T, CaughtError), way::InputAndError> for Caught<T> {
    type Out = S::Out;

    const GIVEN: Given = Given::CaughtBoth;
}

/// A truth value: what a condition and a predicate step yield.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither true nor false",
    label = "a condition of `choose` needs a `bool`",
    note = "help: compare it with something, or ask a step that returns `bool`"
)]
pub trait Truth {}

impl Truth for bool {}

/// A list, which a `map` can go over.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list",
    label = "a `map` has nothing to go over here",
    note = "help: say which list: `map(|it| &it.items, stage)`"
)]
pub trait List {
    /// What one item is.
    type Item;
}

impl<T> List for Vec<T> {
    type Item = T;
}

impl<T> List for [T] {
    type Item = T;
}

impl<T> List for VecDeque<T> {
    type Item = T;
}

impl<T> List for BTreeSet<T> {
    type Item = T;
}

impl<T, H> List for HashSet<T, H> {
    type Item = T;
}

impl<T, const N: usize> List for [T; N] {
    type Item = T;
}

/// Something whose items Rust and JSONata count alike.
#[diagnostic::on_unimplemented(
    message = "`.len()` of `{Self}` cannot be asked in a condition",
    label = "its length is not the number of its items",
    note = "`String::len` counts bytes, and JSONata counts characters",
    note = "help: decide it in a step that returns `bool`"
)]
pub trait Countable {}

impl<T> Countable for Vec<T> {}
impl<T> Countable for [T] {}
impl<T> Countable for VecDeque<T> {}
impl<T> Countable for BTreeSet<T> {}
impl<T, H> Countable for HashSet<T, H> {}
impl<K, V> Countable for BTreeMap<K, V> {}
impl<K, V, H> Countable for HashMap<K, V, H> {}
impl<T: ?Sized + Countable> Countable for &T {}

/// A point in time, as RFC 3339 text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a point in time",
    label = "`wait_until` needs a text such as `2026-11-21T08:00:00Z`",
    note = "help: give the value a `String` field with the time in RFC 3339"
)]
pub trait Timestamp {}

impl Timestamp for String {}
impl Timestamp for str {}

/// A span of time.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a span of time",
    label = "`wait` needs to know the unit",
    note = "help: write `seconds(..)`, `minutes(..)`, `hours(..)` or `days(..)` around it"
)]
pub trait Span {
    /// As the standard library has it.
    fn span(self) -> Duration;
}

impl Span for Duration {
    fn span(self) -> Duration {
        self
    }
}

/// The same type as the arms of the `choose` before it yield.
#[diagnostic::on_unimplemented(
    message = "the arms of this `choose` yield different types",
    label = "this arm yields `{Self}`, and an arm before it `{U}`",
    note = "help: end the arm with a stage that gives `{U}`, or with `fail(..)`"
)]
pub trait SameArm<U> {}

impl<U> SameArm<U> for U {}

/// The type that the other arms yield, where the value passes a `choose` unchanged.
#[diagnostic::on_unimplemented(
    message = "a value that takes no arm of this `choose` stays `{Self}`, but its arms yield `{U}`",
    label = "without an `else`, the value passes on as it is",
    note = "help: add `else {{ … }}` with a stage that gives `{U}`, or end the arm with `fail(..)`"
)]
pub trait PassesAs<U> {}

impl<U> PassesAs<U> for U {}

/// The type that the caught stage yields.
#[diagnostic::on_unimplemented(
    message = "this catch handler yields another type than the stage it stands for",
    label = "yields `{Self}`, but the stage yields `{U}`",
    note = "help: end the handler with a stage that gives `{U}`, or with `fail(..)`"
)]
pub trait Replaces<U> {}

impl<U> Replaces<U> for U {}

/// What a workflow ends with.
#[diagnostic::on_unimplemented(
    message = "the workflow ends with `{Self}`, but its type says `{O}`",
    label = "gives `{Self}`",
    note = "help: write `{Self}` as the output type of the `static`, or end with a stage that gives `{O}`"
)]
pub trait EndsAs<O> {}

impl<O> EndsAs<O> for O {}

/// What a `succeed()` ends the workflow with.
#[diagnostic::on_unimplemented(
    message = "`succeed()` would end with `{Self}`, but the end of these stages gives `{O}`",
    label = "the value here is a `{Self}`",
    note = "help: put a stage before it that gives `{O}`, or end with `fail(..)`"
)]
pub trait SucceedsAs<O> {}

impl<O> SucceedsAs<O> for O {}

/// What a workflow begins with: `P` is what its first stage takes, as a tuple of parameters, and `I` as one value.
#[diagnostic::on_unimplemented(
    message = "the workflow's type says it takes `{Self}`, but its first stage takes `{I}`",
    label = "takes `{I}`",
    note = "help: write `{I}` as the input type of the `static`, or begin with a stage that takes `{Self}`"
)]
pub trait BeginsAs<P, I> {
    /// The value that flows into the first stage.
    type Value;
}

impl<T> BeginsAs<(), ()> for T {
    type Value = T;
}

#[diagnostic::do_not_recommend]
impl<T> BeginsAs<(T,), T> for T {
    type Value = T;
}

/// Parameters, as a tuple, that some value gives.
pub trait Parameters {
    /// The value: the parameter itself, or the tuple of them.
    type Value;
    /// The parameters of a stage that does this for each item of a list.
    type Each;
}

impl Parameters for () {
    type Value = ();
    type Each = ();
}

impl<T> Parameters for (T,) {
    type Value = T;
    type Each = (Vec<T>,);
}

/// These parameters, or where there are none, `P`: of several stages that are given one value, those without
/// parameters say nothing of it.
pub trait OrElse<P> {
    /// The parameters.
    type Parameters;
}

impl<P> OrElse<P> for () {
    type Parameters = P;
}

impl<T, P> OrElse<P> for (T,) {
    type Parameters = (T,);
}

/// What a fragment takes.
#[diagnostic::on_unimplemented(
    message = "this fragment does not accept what comes before it",
    label = "takes `{A}`, but what comes before it gives `{Self}`",
    note = "help: put a step between them that turns `{Self}` into `{A}`"
)]
pub trait FitsFragment<A> {}

impl<A> FitsFragment<A> for A {}

/// A tuple with room for one more branch's result.
#[diagnostic::on_unimplemented(
    message = "a `parallel` has at most 12 branches",
    label = "one branch too many",
    note = "help: nest a `parallel` in one of the branches"
)]
pub trait Push<U> {
    /// The tuple with the result at its end.
    type Out;
}

macro_rules! pushes {
    ($(($($item:ident),*))*) => {$(
        impl<Last, $($item),*> Push<Last> for ($($item,)*) {
            type Out = ($($item,)* Last,);
        }
    )*};
}

pushes! {
    () (A) (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, F) (A, B, C, D, E, F, G)
    (A, B, C, D, E, F, G, H) (A, B, C, D, E, F, G, H, I) (A, B, C, D, E, F, G, H, I, J)
    (A, B, C, D, E, F, G, H, I, J, K)
}

/// The type itself.
///
/// `<path as Itself>::This` is a type and nothing else: in its place a function that is no step gets rustc's "expected
/// type, found function", where a bare generic argument would be taken for a constant.
pub trait Itself {
    /// The type.
    type This: ?Sized;
}

impl<T: ?Sized> Itself for T {
    type This = T;
}
