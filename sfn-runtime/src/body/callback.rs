//! Answers that come from elsewhere.

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::Error as _};

use crate::{Payload, Shape};

/// What a step returns that has handed its task token to someone else, who answers in its place.
///
/// The step sends [`StepContext::task_token`](crate::StepContext::task_token) where it is needed, say in an e-mail with
/// a link, and returns [`Callback::pending`]. The worker then reports nothing, and the state waits until somebody
/// answers: [`Client::send_success`](crate::Client::send_success), the command `answer`, or whoever has the token. A step that knows the answer
/// at once returns [`Callback::ready`].
///
/// In a `#[state_machine]` body `approval(&order).callback("2 days").await?` gives the answer, a `V`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use = "a callback is what a step returns"]
pub struct Callback<V>(Option<V>);

impl<V> Callback<V> {
    /// Somebody else will answer.
    pub const fn pending() -> Self {
        Callback(None)
    }

    /// The answer is known already.
    pub const fn ready(answer: V) -> Self {
        Callback(Some(answer))
    }

    /// The answer, where it is known already.
    pub fn answer(self) -> Option<V> {
        self.0
    }

    /// Whether somebody else will answer.
    pub const fn is_pending(&self) -> bool {
        self.0.is_none()
    }
}

impl<V: Serialize> Serialize for Callback<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Some(answer) => answer.serialize(serializer),
            None => Err(S::Error::custom(
                "somebody else will answer, so there is nothing to write",
            )),
        }
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Callback<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        V::deserialize(deserializer).map(Callback::ready)
    }
}

impl<V: Payload> Payload for Callback<V> {
    fn shape() -> Shape {
        V::shape()
    }

    fn is_pending(&self) -> bool {
        self.0.is_none()
    }
}

/// What `.callback(..)` may stand behind.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a callback",
    label = "nobody is waited for here",
    note = "help: let the step return a `Callback<V>`, or remove `.callback(..)`"
)]
pub trait Answered {
    /// What the body is given.
    type Answer;

    /// The answer.
    ///
    /// # Panics
    ///
    /// When it is pending: a plain call has nobody to wait for.
    fn answered(self) -> Self::Answer;
}

impl<V> Answered for Callback<V> {
    type Answer = V;

    fn answered(self) -> V {
        match self.0 {
            Some(answer) => answer,
            None => panic!(
                "a plain call of a state machine has nobody who answers a callback\n\
                 help: let the step return `Callback::ready(..)` in tests, or run the state machine on the engine"
            ),
        }
    }
}

impl<V, E> Answered for Result<Callback<V>, E> {
    type Answer = Result<V, E>;

    fn answered(self) -> Result<V, E> {
        self.map(Answered::answered)
    }
}

/// What `.callback(..)` gives in a plain call.
///
/// # Panics
///
/// See [`Answered::answered`].
pub fn answered<A: Answered>(returned: A) -> A::Answer {
    returned.answered()
}
