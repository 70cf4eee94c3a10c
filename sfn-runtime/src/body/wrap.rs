//! What the attribute puts into the plain function, so that what rustc checks is what the states do.

use std::future::{Future, Ready, ready};

use crate::{Payload, Wraps};

/// What a `#[state_machine]` function may return.
pub trait Returned {
    /// The value.
    type Value;
    /// The error; [`Unfailing`] where there is none.
    type Error;
}

/// The error of a function that returns no `Result`. It wraps whatever it is asked to, since rustc says itself that `?`
/// cannot stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfailing {}

impl<E> Wraps<E> for Unfailing {
    fn wrap(_error: E) -> Self {
        unreachable!("a function that returns no `Result` does not compile with `?`")
    }
}

impl<T: Payload> Returned for T {
    type Value = T;
    type Error = Unfailing;
}

// Without bounds, so that what is wrong with its parts is said of them.
impl<T, E> Returned for Result<T, E> {
    type Value = T;
    type Error = E;
}

/// What may stand before `?` in a body whose function has the error `F`.
#[diagnostic::on_unimplemented(
    message = "`?` cannot stand behind a `{Self}` here",
    label = "neither a `Result` whose error becomes `{F}`, nor an `Option`",
    note = "help: await a call first: `.await?`; behind what cannot fail, remove the `?`"
)]
pub trait Tried<F> {
    /// The same with the error type of the function.
    type Tried;

    /// The same with the error type of the function.
    fn tried(self) -> Self::Tried;
}

impl<T, E, F: Wraps<E>> Tried<F> for Result<T, E> {
    type Tried = Result<T, F>;

    fn tried(self) -> Result<T, F> {
        self.map_err(F::wrap)
    }
}

impl<T, F> Tried<F> for Option<T> {
    type Tried = Self;

    fn tried(self) -> Self {
        self
    }
}

/// The result with the error type of the function around it; an `Option` as it is.
pub fn wrapped<F, R: Tried<F>>(result: R) -> R::Tried {
    result.tried()
}

/// A branch whose call may be of a step that is not `async`: method look-up finds the future first.
#[derive(Debug)]
pub struct Called<T>(pub T);

/// A call that gives a future.
pub trait ViaFuture {
    /// The mark.
    fn called(&self) -> AsFuture {
        AsFuture
    }
}

/// A call that gives a value.
pub trait ViaValue {
    /// The mark.
    fn called(&self) -> AsValue {
        AsValue
    }
}

impl<F: Future> ViaFuture for Called<F> {}
impl<T> ViaValue for &Called<T> {}

/// The mark of a future.
#[derive(Debug)]
pub struct AsFuture;

/// The mark of a value.
#[derive(Debug)]
pub struct AsValue;

impl AsFuture {
    /// The future.
    pub fn future<F: Future>(self, called: Called<F>) -> F {
        called.0
    }
}

impl AsValue {
    /// A future of the value.
    pub fn future<T>(self, called: Called<T>) -> Ready<T> {
        ready(called.0)
    }
}
