//! The steps that are served.

use serde::{Deserialize, Serialize};
use sfn_runtime::{Payload, StepContext, StepError, step};

#[derive(Clone)]
pub(crate) struct Oven {
    pub(crate) degrees: u32,
}

/// Nobody provides one.
#[derive(Clone)]
pub(crate) struct Cook;

#[derive(Serialize, Deserialize, Payload)]
pub(crate) struct Pizza {
    diameter_cm: u32,
}

#[derive(Debug, thiserror::Error, StepError)]
pub(crate) enum OvenError {
    #[error("{0} cm do not fit")]
    TooLarge(u32),
}

#[derive(Debug, thiserror::Error, StepError)]
pub(crate) enum ScaleError {
    #[error("{grams} g are too much")]
    #[step_error(data)]
    Over { grams: u32 },
}

#[step]
pub(crate) async fn bake(
    pizza: &Pizza,
    #[inject] oven: Oven,
    #[inject] ctx: StepContext,
) -> Result<String, OvenError> {
    match pizza.diameter_cm {
        width @ 61.. => Err(OvenError::TooLarge(width)),
        width => Ok(format!(
            "{width} cm, baked at {} in {}, attempt {}",
            oven.degrees, ctx.execution_name, ctx.attempt
        )),
    }
}

#[step]
pub(crate) fn weigh(grams: u32) -> Result<u32, ScaleError> {
    match grams {
        0..2000 => Ok(grams),
        _ => Err(ScaleError::Over { grams }),
    }
}

#[step]
pub(crate) fn drop_it(floor: bool) -> String {
    assert!(!floor, "it fell");
    "caught".to_owned()
}

#[step]
pub(crate) fn recite(bytes: usize) -> String {
    "a".repeat(bytes)
}

/// More than any address space has.
#[step]
pub(crate) fn eat_everything() -> usize {
    Vec::<u8>::with_capacity(1 << 62).capacity()
}

#[step]
pub(crate) async fn ask_the_cook(#[inject] cook: Cook) {
    let Cook = cook;
}

#[step]
pub(crate) async fn whistle() {
    tracing::info!(bars = 4, "a tune");
}

#[step]
pub(crate) async fn wait_for_the_end(#[inject] ctx: StepContext) -> String {
    ctx.cancelled().await;
    "told".to_owned()
}
