//! The steps. Each stays the function it is: a test calls it, and so does a worker.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use serde::{Deserialize, Serialize};
use sfn_runtime::{Payload, StepError, step};

/// What a guest asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Order {
    /// Whose it is.
    pub table: u8,
    /// How large.
    pub size: Size,
    /// What shall be on it.
    pub ingredients: Vec<Ingredient>,
}

/// How large the pizza shall be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "lowercase")]
pub enum Size {
    /// 24 cm.
    Small,
    /// 32 cm.
    Large,
}

/// Something to put on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Ingredient {
    /// What it is.
    pub name: String,
    /// How much of it.
    pub grams: u32,
}

/// Dough, flattened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub struct Dough {
    /// Whose it is.
    pub table: u8,
    /// How wide.
    pub diameter_cm: u32,
}

/// Sauce, stirred.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Sauce {
    /// How much of it.
    pub grams: u32,
}

/// An ingredient, washed and cut.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Prepared {
    /// What it is.
    pub name: String,
    /// In how many slices.
    pub slices: u32,
}

/// A pizza that nobody has baked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct RawPizza {
    /// Below everything.
    pub dough: Dough,
    /// On the dough.
    pub sauce: Sauce,
    /// On the sauce.
    pub toppings: Vec<Prepared>,
}

/// A pizza out of the oven.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Baked {
    /// What went in.
    pub pizza: RawPizza,
    /// How hot the oven was.
    pub oven_celsius: u32,
}

/// A pizza on a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Served {
    /// Whose it is.
    pub table: u8,
    /// What it is.
    pub pizza: String,
}

/// What goes wrong at the oven.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, StepError)]
pub enum OvenError {
    /// Somebody else's pizza is in it. It will be free again.
    #[error("the oven is taken")]
    Busy,
    /// The fire is out: no retry lights it.
    #[error("the oven is cold")]
    #[step_error(retryable = false)]
    Cold,
}

/// The one oven of the kitchen; it has its moods.
#[derive(Debug, Clone)]
pub struct Oven {
    turned_away: Arc<AtomicU32>,
    refusals: u32,
}

impl Oven {
    /// Refuses the first pizza of the evening, twice.
    pub fn moody() -> Self {
        Self {
            turned_away: Arc::default(),
            refusals: 2,
        }
    }

    fn take(&self) -> Result<u32, OvenError> {
        if self.turned_away.fetch_add(1, Ordering::SeqCst) < self.refusals {
            return Err(OvenError::Busy);
        }
        Ok(280)
    }
}

/// Work takes time. Long enough to watch, short enough not to be boring.
async fn work(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

/// Kneads the dough for one order.
#[step(retry(on(Timeout), interval = "60s", max_attempts = 3), timeout = "5m")]
pub async fn make_dough(order: &Order) -> Dough {
    work(900).await;
    let diameter_cm = match order.size {
        Size::Small => 24,
        Size::Large => 32,
    };
    Dough {
        table: order.table,
        diameter_cm,
    }
}

/// Stirs tomatoes, salt and oil.
#[step]
pub async fn make_sauce(order: &Order) -> Sauce {
    work(600).await;
    Sauce {
        grams: if order.size == Size::Large { 120 } else { 80 },
    }
}

/// Washes and cuts one ingredient.
#[step]
pub async fn prepare_ingredient(ingredient: Ingredient) -> Prepared {
    work(400).await;
    Prepared {
        slices: ingredient.grams.div_ceil(10),
        name: ingredient.name,
    }
}

/// Puts everything on the dough.
#[step]
pub async fn put_ingredients_on_dough(
    dough: Dough,
    sauce: Sauce,
    toppings: Vec<Prepared>,
) -> RawPizza {
    work(500).await;
    RawPizza {
        dough,
        sauce,
        toppings,
    }
}

/// Puts the sauce on the dough, and nothing else.
#[step]
pub async fn put_sauce_on_dough(dough: Dough, sauce: Sauce) -> RawPizza {
    work(300).await;
    RawPizza {
        dough,
        sauce,
        toppings: Vec::new(),
    }
}

/// Bakes it, once the oven is free.
#[step(
    retry(on(OvenError::Busy), interval = "20s", max_attempts = 5, backoff = 1.5),
    timeout = "15m",
    heartbeat = "1m"
)]
pub async fn bake(pizza: RawPizza, #[inject] oven: Oven) -> Result<Baked, OvenError> {
    work(700).await;
    let oven_celsius = oven.take()?;
    Ok(Baked {
        pizza,
        oven_celsius,
    })
}

/// Whether the kitchen lets it go out.
#[step]
pub fn is_acceptable(pizza: &Baked) -> bool {
    pizza.oven_celsius >= 250
}

/// Brings it to the table.
#[step]
pub async fn serve(pizza: Baked) -> Served {
    work(400).await;
    let toppings: Vec<&str> = pizza
        .pizza
        .toppings
        .iter()
        .map(|topping| topping.name.as_str())
        .collect();
    Served {
        table: pizza.pizza.dough.table,
        pizza: format!(
            "{} cm with {}",
            pizza.pizza.dough.diameter_cm,
            toppings.join(", ")
        ),
    }
}
