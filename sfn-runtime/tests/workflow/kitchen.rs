//! Steps to compose.

use serde::{Deserialize, Serialize};
use sfn_runtime::{Payload, StepError, flow::CaughtError, step};

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    pub table_number: u8,
    pub kind: Kind,
    pub ingredients: Vec<Ingredient>,
    pub customer: Customer,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tip: Option<u32>,
    #[serde(rename = "zip-code")]
    pub zip: String,
    #[serde(skip)]
    pub secret: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub struct Customer {
    pub full_name: String,
    pub regular: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Small,
    Large,
    Family,
}

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub struct Ingredient {
    pub name: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub struct Dough {
    pub diameter_cm: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub struct Sauce;

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub struct Prepared;

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub struct Pizza {
    pub ready_at: String,
    pub celsius: u32,
    pub topping: Topping,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub enum Topping {
    None,
    Cheese(u32),
    Vegetables { count: u32 },
}

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub struct Served {
    pub table: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, StepError)]
pub enum OvenError {
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
pub async fn make_dough(order: &Order) -> Dough {
    let _ = order;
    Dough { diameter_cm: 30 }
}

/// Stirs tomatoes, salt and oil.
#[step]
pub fn make_sauce(order: Order) -> Sauce {
    let _ = order;
    Sauce
}

#[step]
pub async fn prepare_ingredient(ingredient: Ingredient) -> Prepared {
    let _ = ingredient;
    Prepared
}

#[step]
pub async fn put_ingredients_on_dough(
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
pub async fn bake(pizza: Pizza) -> Result<Pizza, OvenError> {
    if pizza.celsius > 300 {
        Err(OvenError::Burnt)
    } else {
        Ok(pizza)
    }
}

#[step]
pub fn is_acceptable(pizza: &Pizza) -> bool {
    pizza.celsius > 60
}

#[step]
pub fn is_hot(pizza: Pizza) -> bool {
    pizza.celsius > 90
}

/// Brings it to the table.
#[step]
pub async fn serve(pizza: Pizza) -> Served {
    let _ = pizza;
    Served { table: 1 }
}

#[step]
pub fn ring_the_bell() -> u32 {
    1
}

#[step]
pub fn apologise(pizza: Pizza, error: CaughtError) -> Pizza {
    let _ = error;
    pizza
}

#[step]
pub fn note_error(error: CaughtError) -> Pizza {
    let _ = error;
    unreachable!("never run here")
}

#[step]
pub fn order_out(order: Order) -> Pizza {
    let _ = order;
    unreachable!("never run here")
}
