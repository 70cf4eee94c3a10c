//! Builders of the stages that have several flows within: `choose` and `parallel`.

use std::marker::PhantomData;

use super::{
    Flow, Never,
    definition::{Case, Node, Otherwise, Stage},
    expression::E,
    fits::{PassesAs, Push, SameArm},
};
use crate::Payload;

/// A `choose` in the making: it is given a `T`, and its arms yield a `U`.
///
/// Arms that end (with `fail` or `succeed`) have methods of their own, because they yield nothing.
#[derive(Debug)]
#[must_use = "finish it with `otherwise`, `or_pass` or `exhausted`"]
pub struct Choose<T, U> {
    before: Vec<Node>,
    cases: Vec<Case>,
    types: PhantomData<fn(T) -> U>,
}

impl<T, U> Choose<T, U> {
    pub(super) fn new(before: Vec<Node>) -> Self {
        Self {
            before,
            cases: Vec::new(),
            types: PhantomData,
        }
    }

    fn case(mut self, test: E<bool>, arm: Vec<Node>) -> Self {
        let (test, predicate) = test.into_test();
        self.cases.push(Case {
            test,
            predicate,
            arm,
        });
        self
    }

    fn finish(mut self, otherwise: Otherwise) -> Flow<U, T> {
        let cases = self.cases;
        self.before
            .push(Node::new(Stage::Choose { cases, otherwise }));
        Flow::of(self.before)
    }

    /// An arm, taken when the test holds and none before it did.
    pub fn when<V, X>(
        self,
        test: impl FnOnce(&E<T>) -> E<bool>,
        arm: impl FnOnce(Flow<T>) -> Flow<V, X>,
    ) -> Self
    where
        T: Payload,
        V: SameArm<U>,
    {
        self.case(test(&E::input()), arm(Flow::start()).into_nodes())
    }

    /// An arm that ends.
    pub fn when_ends<X>(
        self,
        test: impl FnOnce(&E<T>) -> E<bool>,
        arm: impl FnOnce(Flow<T>) -> Flow<Never, X>,
    ) -> Self
    where
        T: Payload,
    {
        self.case(test(&E::input()), arm(Flow::start()).into_nodes())
    }

    /// What is done when no test holds.
    pub fn otherwise<V, X>(self, arm: impl FnOnce(Flow<T>) -> Flow<V, X>) -> Flow<U, T>
    where
        V: SameArm<U>,
    {
        self.finish(Otherwise::Arm(arm(Flow::start()).into_nodes()))
    }

    /// The end that comes when no test holds.
    pub fn otherwise_ends<X>(self, arm: impl FnOnce(Flow<T>) -> Flow<Never, X>) -> Flow<U, T> {
        self.finish(Otherwise::Arm(arm(Flow::start()).into_nodes()))
    }

    /// The value passes on when no test holds.
    pub fn or_pass(self) -> Flow<U, T>
    where
        T: PassesAs<U>,
    {
        self.finish(Otherwise::Arm(Vec::new()))
    }

    /// Some test always holds. Should none, as for JSON that is no value of the type, the execution fails with
    /// `States.NoChoiceMatched`.
    pub fn exhausted(self) -> Flow<U, T> {
        self.finish(Otherwise::Exhausted)
    }
}

/// A `parallel` in the making: its branches are given a `T`, and yield the items of `U`.
#[derive(Debug)]
#[must_use = "finish it with `join`"]
pub struct Fork<T, U> {
    before: Vec<Node>,
    branches: Vec<Vec<Node>>,
    types: PhantomData<fn(T) -> U>,
}

impl<T> Fork<T, ()> {
    pub(super) fn new(before: Vec<Node>) -> Self {
        Self {
            before,
            branches: Vec::new(),
            types: PhantomData,
        }
    }
}

impl<T, U> Fork<T, U> {
    /// One more branch.
    pub fn branch<V, X>(mut self, branch: impl FnOnce(Flow<T>) -> Flow<V, X>) -> Fork<T, U::Out>
    where
        U: Push<V>,
    {
        self.branches.push(branch(Flow::start()).into_nodes());
        Fork {
            before: self.before,
            branches: self.branches,
            types: PhantomData,
        }
    }

    /// Waits for all branches.
    pub fn join(mut self) -> Flow<U, T> {
        self.before.push(Node::new(Stage::Parallel(self.branches)));
        Flow::of(self.before)
    }
}
