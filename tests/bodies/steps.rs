//! The steps that the bodies call. Each notes its call, so that the two runs can be compared.

use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};
use sfn_runtime::{Payload, StepError, step};

/// What was called, in order.
#[derive(Clone, Default)]
pub(crate) struct Log(pub(crate) Arc<Mutex<Vec<String>>>);

impl Log {
    pub(crate) fn note(&self, text: String) {
        self.0
            .lock()
            .expect("nobody panics while holding it")
            .push(text);
    }

    /// What was called so far.
    pub(crate) fn calls(&self) -> Vec<String> {
        let calls = self.0.lock().expect("nobody panics while holding it");
        calls.clone()
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    pub(crate) order_id: u64,
    pub(crate) amount: i64,
    pub(crate) items: Vec<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    Plain,
    Rush { hours: i64 },
    Gift(String),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub(crate) struct Checked {
    pub(crate) id: u64,
    pub(crate) score: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, StepError)]
pub(crate) enum ShipError {
    #[error("nothing is in stock")]
    OutOfStock,
    #[error("{days} days late with {parcel}")]
    #[step_error(data)]
    Late { days: i64, parcel: String },
    #[error("lost {0}")]
    #[step_error(data)]
    Lost(i64),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, StepError)]
pub(crate) enum OrderError {
    #[error("rejected")]
    Rejected,
    #[error("{amount} is too much for {who}")]
    #[step_error(data)]
    TooMuch { amount: i64, who: String },
    #[error(transparent)]
    #[step_error(transparent)]
    Ship(#[from] ShipError),
}

/// Checks an order.
#[step]
pub(crate) async fn validate(order: &Order, #[inject] log: Log) -> Checked {
    log.note(format!("validate {}", order.order_id));
    Checked {
        id: order.order_id,
        score: order.amount * 2,
    }
}

/// Doubles.
#[step]
pub(crate) async fn double(n: i64, #[inject] log: Log) -> i64 {
    log.note(format!("double {n}"));
    n * 2
}

/// Adds.
#[step]
pub(crate) fn sum(a: i64, b: i64, #[inject] log: Log) -> i64 {
    log.note(format!("sum {a} {b}"));
    a + b
}

/// Whether it is even.
#[step]
pub(crate) async fn is_even(n: i64, #[inject] log: Log) -> bool {
    log.note(format!("is_even {n}"));
    n % 2 == 0
}

/// Ships, unless the number says otherwise.
#[step]
pub(crate) async fn ship(n: i64, #[inject] log: Log) -> Result<String, ShipError> {
    log.note(format!("ship {n}"));
    match n {
        0 => Err(ShipError::OutOfStock),
        1 => Err(ShipError::Late {
            days: 3,
            parcel: "p1".to_owned(),
        }),
        2 => Err(ShipError::Lost(7)),
        n => Ok(format!("shipped {n}")),
    }
}

/// Finds a positive one.
#[step]
pub(crate) async fn find(n: i64, #[inject] log: Log) -> Option<i64> {
    log.note(format!("find {n}"));
    (n > 0).then_some(n)
}

/// Gives nothing.
#[step]
pub(crate) async fn note(text: &str, #[inject] log: Log) {
    log.note(format!("note {text}"));
}

/// An order of that amount; what else is in it follows from that.
pub(crate) fn order(amount: i64) -> Order {
    Order {
        order_id: 7,
        amount,
        items: vec![1, 2, amount],
        note: (amount > 5).then(|| "hurry".to_owned()),
        kind: match amount % 3 {
            0 => Kind::Plain,
            1 => Kind::Rush { hours: amount },
            _ => Kind::Gift("bow".to_owned()),
        },
    }
}
