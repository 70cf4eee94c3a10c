//! A workflow of every construct that the kit has to do with.

use serde::{Deserialize, Serialize};
use sfn_runtime::{Payload, StepContext, StepError, Workflow, days, minutes, step, workflow};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub(crate) struct Order {
    pub(crate) size: u32,
    pub(crate) toppings: Vec<String>,
}

impl Order {
    pub(crate) fn of(size: u32) -> Self {
        Self {
            size,
            toppings: vec!["basil".to_owned(), "tomato".to_owned()],
        }
    }
}

#[derive(Debug, thiserror::Error, StepError)]
pub(crate) enum OvenError {
    #[error("the oven is busy")]
    Busy,
    #[error("burnt after {minutes} minutes")]
    #[step_error(retryable = false, data)]
    Burnt { minutes: u32 },
}

#[step]
pub(crate) async fn make_dough(order: Order) -> u32 {
    order.size * 10
}

#[step]
pub(crate) fn prepare(topping: String) -> String {
    topping.to_uppercase()
}

#[step(
    retry(on(OvenError::Busy, Timeout), interval = "10m", max_attempts = 2),
    timeout = "1h",
    heartbeat = "1m"
)]
pub(crate) async fn bake(dough: u32, toppings: Vec<String>) -> Result<String, OvenError> {
    Ok(format!("{dough} g with {}", toppings.join(", ")))
}

#[step]
pub(crate) async fn order_elsewhere() -> String {
    "from elsewhere".to_owned()
}

#[step]
pub(crate) async fn serve(pizza: String, #[inject] context: StepContext) -> String {
    format!("{pizza}, at attempt {}", context.attempt)
}

#[step]
pub(crate) fn needs_a_name(pizza: String, #[inject] name: String) -> String {
    format!("{pizza} for {name}")
}

/// From order to pizza, slowly.
pub(crate) static PIZZA: Workflow<Order, String> = workflow!(
    name = "pizza",
    parallel(make_dough, map(|order| &order.toppings, prepare)),
    bake.catch(on(OvenError::Burnt), order_elsewhere),
    wait(days(30)),
    choose(|pizza| if pizza == "nothing" {
        fail("TooMuch", "nobody can eat that")
    }),
    serve,
);

pub(crate) static NAMED: Workflow<String, String> =
    workflow!(name = "named", wait(minutes(1)), needs_a_name);
