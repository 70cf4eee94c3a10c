//! Steps to compose.

use serde::{Deserialize, Serialize};
use sfn_runtime::{Payload, StepError, flow::CaughtError, step};

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    pub(crate) table_number: u8,
    pub(crate) kind: Kind,
    pub(crate) ingredients: Vec<Ingredient>,
    pub(crate) customer: Customer,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tip: Option<u32>,
    #[serde(rename = "zip-code")]
    pub(crate) zip: String,
    #[serde(skip)]
    pub(crate) secret: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Customer {
    pub(crate) full_name: String,
    pub(crate) regular: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Small,
    Large,
    Family,
}

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub(crate) struct Ingredient {
    pub(crate) name: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub(crate) struct Dough {
    pub(crate) diameter_cm: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub(crate) struct Sauce;

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub(crate) struct Prepared;

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub(crate) struct Pizza {
    pub(crate) ready_at: String,
    pub(crate) celsius: u32,
    pub(crate) topping: Topping,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub(crate) enum Topping {
    None,
    Cheese(u32),
    Vegetables { count: u32 },
}

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub(crate) struct Served {
    pub(crate) table: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, StepError)]
pub(crate) enum OvenError {
    #[error("busy")]
    Busy,
    #[error("cold")]
    #[step_error(retryable = false)]
    Cold,
    #[error("burnt")]
    #[step_error(name = "Burnt", retryable = false)]
    Burnt,
}

/// Kneads the dough for one order.
///
/// It takes its time.
#[step(retry(on(Timeout), interval = "60s", max_attempts = 3), timeout = "5m")]
pub(crate) async fn make_dough(order: &Order) -> Dough {
    let _ = order;
    Dough { diameter_cm: 30 }
}

/// Stirs tomatoes, salt and oil.
#[step]
pub(crate) fn make_sauce(order: Order) -> Sauce {
    let _ = order;
    Sauce
}

#[step]
pub(crate) async fn prepare_ingredient(ingredient: Ingredient) -> Prepared {
    let _ = ingredient;
    Prepared
}

#[step]
pub(crate) async fn put_ingredients_on_dough(
    dough: Dough,
    sauce: Sauce,
    toppings: Vec<Prepared>,
) -> Pizza {
    let _ = (dough, sauce, toppings);
    Pizza {
        ready_at: String::new(),
        celsius: 20,
        topping: Topping::None,
    }
}

#[step(timeout = "15m", heartbeat = "1m")]
pub(crate) async fn bake(pizza: Pizza) -> Result<Pizza, OvenError> {
    if pizza.celsius > 300 {
        Err(OvenError::Burnt)
    } else {
        Ok(pizza)
    }
}

#[step]
pub(crate) fn is_acceptable(pizza: &Pizza) -> bool {
    pizza.celsius > 60
}

#[step]
pub(crate) fn is_hot(pizza: Pizza) -> bool {
    pizza.celsius > 90
}

/// Brings it to the table.
#[step]
pub(crate) async fn serve(pizza: Pizza) -> Served {
    let _ = pizza;
    Served { table: 1 }
}

#[step]
pub(crate) fn ring_the_bell() -> u32 {
    1
}

#[step]
pub(crate) fn apologise(pizza: Pizza, error: CaughtError) -> Pizza {
    let _ = error;
    pizza
}

#[step]
pub(crate) fn note_error(error: CaughtError) -> Pizza {
    let _ = error;
    unreachable!("never run here")
}

#[step]
pub(crate) fn order_out(order: Order) -> Pizza {
    let _ = order;
    unreachable!("never run here")
}
