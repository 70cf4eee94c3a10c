//! The steps that the cases compose, rightly or wrongly.

use serde::{Deserialize, Serialize};
use sfn_runtime::{Payload, StepError, step};

#[derive(Clone, Serialize, Deserialize, Payload)]
pub struct Order {
    pub size: u8,
    pub kind: Kind,
    pub note: String,
    pub ingredients: Vec<Ingredient>,
    pub customer: Customer,
}

#[derive(Clone, Serialize, Deserialize, Payload)]
pub struct Customer {
    pub credit: u32,
    pub regular: bool,
}

#[derive(Clone, Serialize, Deserialize, Payload)]
pub struct Ingredient {
    pub name: String,
}

#[derive(Clone, Serialize, Deserialize, Payload)]
pub struct Dough {
    pub diameter: u32,
}

#[derive(Clone, Serialize, Deserialize, Payload)]
pub struct Sauce {
    pub grams: u32,
}

#[derive(Clone, Serialize, Deserialize, Payload)]
pub struct Prepared {
    pub slices: u32,
}

#[derive(Clone, Serialize, Deserialize, Payload)]
pub struct Pizza {
    pub celsius: u32,
    pub topping: Topping,
}

#[derive(Clone, Serialize, Deserialize, Payload)]
pub struct Served {
    pub table: u8,
}

#[derive(Clone, Copy, PartialEq, Serialize, Deserialize, Payload)]
pub enum Kind {
    Small,
    Large,
    Family,
}

#[derive(Clone, PartialEq, Serialize, Deserialize, Payload)]
pub enum Topping {
    Nothing,
    Cheese(u32),
}

#[derive(Debug, thiserror::Error, StepError)]
pub enum OvenError {
    #[error("busy")]
    Busy,
    #[error("cold")]
    Cold,
}

#[derive(Debug, thiserror::Error, StepError)]
pub enum WaiterError {
    #[error("dropped")]
    Dropped,
}

#[step]
pub async fn make_dough(order: Order) -> Dough {
    Dough { diameter: order.size.into() }
}

#[step]
pub async fn make_sauce(order: &Order) -> Sauce {
    Sauce { grams: order.size.into() }
}

#[step]
pub fn prepare(ingredient: Ingredient) -> Prepared {
    Prepared { slices: ingredient.name.len() as u32 }
}

#[step]
pub fn put_together(dough: Dough, sauce: Sauce) -> Pizza {
    Pizza { celsius: dough.diameter + sauce.grams, topping: Topping::Nothing }
}

#[step]
pub async fn bake(pizza: Pizza) -> Result<Pizza, OvenError> {
    Ok(pizza)
}

#[step]
pub async fn is_acceptable(pizza: Pizza) -> bool {
    pizza.celsius > 60
}

#[step]
pub fn temperature(pizza: Pizza) -> u32 {
    pizza.celsius
}

#[step]
pub async fn serve(pizza: Pizza) -> Served {
    Served { table: pizza.celsius as u8 }
}

pub fn not_a_step(pizza: Pizza) -> Pizza {
    pizza
}
