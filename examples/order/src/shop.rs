//! The steps. Each stays the function it is: a test calls it, and so does a worker.

use serde::{Deserialize, Serialize};
use sfn_runtime::{Payload, StepContext, StepError, step};

/// What a customer asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// The shop's number for it.
    pub order_id: String,
    /// Who pays.
    pub customer: String,
    /// What and how much.
    pub lines: Vec<Line>,
}

/// One article of an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Line {
    /// The article.
    pub sku: String,
    /// How many.
    pub quantity: u32,
    /// What one costs.
    pub cents: u64,
}

/// An order that makes sense.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub struct Checked {
    /// The shop's number for it.
    pub order_id: String,
    /// Who pays.
    pub customer: String,
    /// What all of it costs.
    pub cents: u64,
    /// What and how much.
    pub lines: Vec<Line>,
}

/// What stands ready in the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Stock {
    /// One an article.
    pub parcels: Vec<Parcel>,
}

/// A box to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Parcel {
    /// The article.
    pub sku: String,
    /// How many are in it.
    pub quantity: u32,
}

/// How much an order looks like a fraud.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Fraud {
    /// From 0, harmless, to 100.
    pub score: u8,
}

/// The end of an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// The shop's number for it.
    pub order_id: String,
    /// What was paid; nothing after a refund.
    pub cents: u64,
    /// Where the parcels can be followed; nothing after a refund.
    pub tracking: Option<String>,
}

/// Why an order makes no sense.
#[derive(Debug, PartialEq, thiserror::Error, StepError)]
pub enum OrderRefused {
    /// There is nothing in it.
    #[error("order {0} is empty")]
    #[step_error(retryable = false)]
    Empty(String),
}

/// Why nothing was reserved.
#[derive(Debug, PartialEq, thiserror::Error, StepError)]
pub enum StockError {
    /// There is less than was asked for.
    #[error("only {left} of {sku} are left")]
    #[step_error(retryable = false, data)]
    TooFew {
        /// The article.
        sku: String,
        /// How many there are.
        left: u32,
    },
}

/// Why a parcel is not packed.
#[derive(Debug, PartialEq, thiserror::Error, StepError)]
pub enum PackError {
    /// No free hands.
    #[error("nobody is free to pack {0}")]
    Busy(String),
}

/// Why nothing was sent.
#[derive(Debug, PartialEq, thiserror::Error, StepError)]
pub enum ShipError {
    /// It was in the books, but not on the shelf.
    #[error("the shelf is empty")]
    #[step_error(retryable = false)]
    OutOfStock,
    /// The carrier does not answer.
    #[error("the carrier does not answer")]
    NoCarrier,
}

/// Why nothing was paid back.
#[derive(Debug, PartialEq, thiserror::Error, StepError)]
pub enum RefundError {
    /// The bank does not answer.
    #[error("the bank does not answer")]
    NoBank,
}

/// Adds up what an order costs.
#[step]
pub async fn validate(order: &Order) -> Result<Checked, OrderRefused> {
    if order.lines.is_empty() {
        return Err(OrderRefused::Empty(order.order_id.clone()));
    }
    let cents = order
        .lines
        .iter()
        .map(|line| line.cents * u64::from(line.quantity))
        .sum();
    Ok(Checked {
        order_id: order.order_id.clone(),
        customer: order.customer.clone(),
        cents,
        lines: order.lines.clone(),
    })
}

/// Puts the articles aside.
#[step(timeout = "1m")]
pub async fn reserve_stock(order: &Checked) -> Result<Stock, StockError> {
    let parcels = order
        .lines
        .iter()
        .map(|line| match (line.sku.as_str(), line.quantity) {
            ("samovar", 6..) => Err(StockError::TooFew {
                sku: line.sku.clone(),
                left: 5,
            }),
            (sku, quantity) => Ok(Parcel {
                sku: sku.to_owned(),
                quantity,
            }),
        });
    Ok(Stock {
        parcels: parcels.collect::<Result<_, _>>()?,
    })
}

/// Looks at who orders how much.
#[step(timeout = "1m")]
pub async fn check_fraud(order: &Checked) -> Fraud {
    let score = if order.customer == "Mallory" { 95 } else { 12 };
    Fraud { score }
}

/// Packs one parcel, as soon as somebody has the hands for it.
#[step(
    retry(on(PackError::Busy), interval = "20s", max_attempts = 5),
    timeout = "10m"
)]
pub async fn pack(parcel: &Parcel, #[inject] ctx: StepContext) -> Result<(), PackError> {
    // The first of the day is never packed at once.
    if parcel.sku == "teapot" && ctx.attempt == 1 {
        return Err(PackError::Busy(parcel.sku.clone()));
    }
    tracing::info!("{} × {} in a box", parcel.quantity, parcel.sku);
    Ok(())
}

/// Hands the parcels to the carrier.
#[step(
    retry(on(ShipError::NoCarrier), interval = "1m", max_attempts = 3),
    timeout = "10m"
)]
pub async fn ship(
    order: &Checked,
    stock: &Stock,
    #[inject] ctx: StepContext,
) -> Result<Receipt, ShipError> {
    if stock.parcels.iter().any(|parcel| parcel.sku == "unicorn") {
        return Err(ShipError::OutOfStock);
    }
    if ctx.attempt == 1 {
        return Err(ShipError::NoCarrier);
    }
    Ok(Receipt {
        order_id: order.order_id.clone(),
        cents: order.cents,
        tracking: Some(format!("{}-{}", order.order_id, stock.parcels.len())),
    })
}

/// Pays back what was paid.
#[step(retry(interval = "10s", max_attempts = 5), timeout = "1m")]
pub async fn refund(order: &Checked) -> Result<Receipt, RefundError> {
    Ok(Receipt {
        order_id: order.order_id.clone(),
        cents: 0,
        tracking: None,
    })
}
