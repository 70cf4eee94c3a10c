//! What a `#[state_machine]` body may call, as ordinary Rust.
//!
//! Step Functions runs the states that come of a body; a plain call of the function, as in a unit test, runs what stands here.

mod callback;
mod failed;
mod join;
mod machine;
mod map;
mod named;
mod provided;
mod wrap;

use std::{
    future::{Ready, ready},
    time::Duration,
};

pub use self::{
    callback::{Answered, Callback, answered},
    failed::{Attempted, Failed, attempted},
    join::{Branch, FirstError, Join, Joined, TryJoin, TryJoined, branch, join, try_join},
    machine::{
        OfMachine, StateMachine, machine_definition, machine_input, machine_output, run_machine,
        start_machine,
    },
    map::{Fallible, MapConcurrent, Tolerant, map_concurrent},
    named::{Named, NamedParameters, no_input},
    provided::injected,
    wrap::{AsFuture, AsValue, Called, Returned, Tried, Unfailing, ViaFuture, ViaValue, wrapped},
};
use crate::{
    Failure, Payload,
    flow::{Span, Timestamp},
};

/// Lets time pass: a Wait state, which costs nothing while it passes.
///
/// For `#[state_machine]` bodies. Step Functions counts whole seconds; a part of one counts as one. A plain call of the
/// function does not wait: it is a test's way to see what the function does, and a test has no week to spend.
///
/// ```
/// # async fn doc() {
/// use sfn_runtime::{minutes, sleep};
///
/// sleep(minutes(1)).await;
/// # }
/// ```
pub fn sleep(span: impl Span) -> Ready<()> {
    let _: Duration = span.span();
    ready(())
}

/// Lets time pass up to a point in time, given as RFC 3339 text; a past one is no wait.
///
/// For `#[state_machine]` bodies; a plain call of the function does not wait. See [`sleep`].
pub fn sleep_until<T: Timestamp + ?Sized>(_when: &T) -> Ready<()> {
    ready(())
}

/// Calls a service integration of Step Functions: `aws::<Published>("sns:publish", message).await?`.
///
/// For `#[state_machine]` bodies. `resource` is what follows `arn:aws:states:::` in the integration's ARN; the arguments
/// are its JSON, and `O` is what of its answer is read. Step Functions makes the call itself, so a plain call of the
/// function cannot.
///
/// # Errors
///
/// What the service answers, under the names that AWS documents; in a plain call always `Sfn.Error`.
pub fn aws<O: Payload>(resource: &str, _arguments: impl Payload) -> Ready<Result<O, Failure>> {
    ready(Err(Failure::new(
        Failure::ERROR,
        format!("`{resource}` is called by Step Functions, and a plain call has none"),
    )))
}

/// Ends a `#[state_machine]` body with an error, unless something holds: `ensure!(verdict.ok, OrderError::Rejected)`.
///
/// In Step Functions it is a Choice and a Fail with the error's name. It works in any function that returns a
/// `Result` whose error [`Wraps`](crate::Wraps) the one given.
///
/// ```
/// use sfn_runtime::{StepError, ensure};
///
/// #[derive(Debug, PartialEq, thiserror::Error, StepError)]
/// #[error("too large")]
/// struct TooLarge;
///
/// fn check(size: u8) -> Result<u8, TooLarge> {
///     ensure!(size < 30, TooLarge);
///     Ok(size)
/// }
///
/// assert_eq!(check(40), Err(TooLarge));
/// ```
#[macro_export]
macro_rules! ensure {
    ($holds:expr, $error:expr $(,)?) => {
        if !$holds {
            return ::core::result::Result::Err($crate::Wraps::wrap($error));
        }
    };
}

/// Ends a `#[state_machine]` body with an error: `bail!(OrderError::Rejected)`.
///
/// In Step Functions it is a Fail with the error's name. It works in any function that returns a `Result` whose error
/// [`Wraps`](crate::Wraps) the one given.
#[macro_export]
macro_rules! bail {
    ($error:expr $(,)?) => {
        return ::core::result::Result::Err($crate::Wraps::wrap($error))
    };
}

/// Does several things at once, and waits for all: a Parallel state.
///
/// For `#[state_machine]` bodies, where each branch is a call or an `async` block. `join!(a(), b()).await` gives the tuple
/// of what each gives; a branch's `Result` stays one, so that no error stops the others. With `?` behind it,
/// `join!(a(), b()).await?`, the first error stops the others and ends the body, and the tuple holds the values.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use sfn_runtime::join;
///
/// assert_eq!(join!(async { 1 }, async { "one" }).await, (1, "one"));
/// # });
/// ```
#[macro_export]
macro_rules! join {
    ($($branch:expr),+ $(,)?) => {
        $crate::__private::join(($($crate::__private::branch($branch),)+))
    };
}

/// Does several things at once, and stops at the first error: `join!` with `?` behind it.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use sfn_runtime::try_join;
///
/// let both = try_join!(async { Ok(1) }, async { Err::<u8, _>("no") }).await;
/// assert_eq!(both, Err("no"));
/// # });
/// ```
#[macro_export]
macro_rules! try_join {
    ($($branch:expr),+ $(,)?) => {
        $crate::__private::try_join(($($crate::__private::branch($branch),)+))
    };
}
