//! Every macro with the runtime under another name: nothing an expansion names may be found as `sfn_runtime` alone.
//!
//! The expansions also keep to the strictest lints: no unsafe code, no use of what is deprecated.

#![forbid(unsafe_code)]
#![deny(
    warnings,
    clippy::pedantic,
    unused_qualifications,
    single_use_lifetimes
)]

use serde::{Deserialize, Serialize};
use wf::{Payload, StepError, step};

/// What is ordered.
#[derive(Debug, Serialize, Deserialize, Payload)]
#[payload(crate = ::wf)]
pub struct Order {
    /// How large.
    pub size: u8,
}

/// What goes wrong.
#[derive(Debug, thiserror::Error, StepError)]
#[step_error(crate = ::wf)]
pub enum OvenError {
    /// Another pizza is in it.
    #[error("the oven is busy")]
    Busy,
    /// Too late.
    #[error("burnt after {minutes} minutes")]
    #[step_error(data)]
    Burnt {
        /// How long it was in.
        minutes: u32,
    },
}

/// Bakes.
///
/// # Errors
///
/// When the oven is busy.
#[step(crate = ::wf, retry(on(OvenError::Busy, Timeout)), timeout = "1m")]
pub async fn bake(order: &Order, #[inject] ctx: wf::StepContext) -> Result<u8, OvenError> {
    std::future::ready(()).await;
    match ctx.attempt {
        1 => Err(OvenError::Busy),
        _ => Ok(order.size),
    }
}

/// Bakes as in the old days.
#[step(crate = ::wf)]
#[deprecated = "use `bake`"]
#[must_use]
pub fn bake_on_stones(pizzas: &[Order], names: &str) -> usize {
    pizzas.len() + names.len()
}

/// Takes and gives nothing.
#[step(crate = ::wf)]
pub fn open() {}

#[cfg(test)]
mod tests {
    use wf::{Payload, Step, registry};

    use super::*;

    #[test]
    fn a_step_is_registered_in_the_renamed_runtime() {
        let meta = registry::step("bake").expect("it is linked");
        assert_eq!(meta.module, "sfn_rename");
        assert_eq!((meta.retries[0].on)(), ["OvenError.Busy", "States.Timeout"]);
        assert_eq!(<bake as Step>::META.line, meta.line);
        assert_eq!(wf::check_names::<Order>(), Ok(()));
        assert!(matches!(Order::shape(), wf::Shape::Struct { .. }));
    }
}
