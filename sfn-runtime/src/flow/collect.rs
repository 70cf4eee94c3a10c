//! How the branches of a `parallel` and the items of a `map` ended, where the error of one stops no other.

use serde::{Deserialize, Serialize};

use super::caught::CaughtError;
use crate::{Origin, Payload, Shape, Tagging, Variant};

/// How a branch or an item ended: what `.collect()` on a `parallel` or a `map` of a pipeline gives of each.
///
/// A step takes it as any payload, and has a `Result` of it:
///
/// ```
/// use sfn_runtime::{step, flow::Collected};
///
/// #[step]
/// fn count_sent(all: Vec<Collected<u32>>) -> usize {
///     all.into_iter().filter_map(|one| one.into_result().ok()).count()
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound = "T: Serialize + serde::de::DeserializeOwned")]
pub enum Collected<T> {
    /// It went well, and gave this.
    Ok(T),
    /// It failed with this.
    Err(CaughtError),
}

impl<T> Collected<T> {
    /// The same as a `Result`.
    ///
    /// # Errors
    ///
    /// What it failed with.
    pub fn into_result(self) -> Result<T, CaughtError> {
        match self {
            Collected::Ok(value) => Ok(value),
            Collected::Err(error) => Err(error),
        }
    }

    /// Whether it went well.
    pub const fn is_ok(&self) -> bool {
        matches!(self, Collected::Ok(_))
    }
}

impl<T> From<Collected<T>> for Result<T, CaughtError> {
    fn from(collected: Collected<T>) -> Self {
        collected.into_result()
    }
}

impl<T: Payload> Payload for Collected<T> {
    fn shape() -> Shape {
        let variant = |name: &'static str, shape: Shape| Variant {
            rust: name,
            json: name,
            shape,
        };
        Shape::Enum {
            origin: Some(Origin::of::<Self>()),
            name: "Collected",
            tagging: Tagging::External,
            variants: vec![
                variant("Ok", T::shape()),
                variant("Err", CaughtError::shape()),
            ],
        }
    }
}

/// What a `parallel` or a `map` gives.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what a `parallel` or a `map` gives",
    label = "there is nothing to collect here",
    note = "help: write `.collect()` behind the `parallel` or the `map` itself"
)]
pub trait Collects {
    /// The same with how each of its parts ended.
    type Collected;
}

impl<T> Collects for Vec<T> {
    type Collected = Vec<Collected<T>>;
}

macro_rules! tuples {
    ($(($($item:ident),+))*) => {$(
        impl<$($item),+> Collects for ($($item,)+) {
            type Collected = ($(Collected<$item>,)+);
        }
    )*};
}

tuples! {
    (A) (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, F) (A, B, C, D, E, F, G)
    (A, B, C, D, E, F, G, H) (A, B, C, D, E, F, G, H, I) (A, B, C, D, E, F, G, H, I, J)
    (A, B, C, D, E, F, G, H, I, J, K) (A, B, C, D, E, F, G, H, I, J, K, L)
}
