//! The workflow: a function that rustc checks and Step Functions runs.

use sfn_runtime::{StepError, ensure, join, minutes, sleep, state_machine};

use crate::{
    desk::{ApprovalError, approval},
    shop::{
        Order, OrderRefused, PackError, Receipt, RefundError, ShipError, StockError, check_fraud,
        pack, refund, reserve_stock, ship, validate,
    },
};

/// Above this amount a human looks at an order.
const LARGE: u64 = 50_000;

/// Why an order did not become a receipt.
#[derive(Debug, PartialEq, thiserror::Error, StepError)]
pub enum OrderError {
    /// The order itself is wrong.
    #[error(transparent)]
    #[step_error(transparent)]
    Refused(#[from] OrderRefused),
    /// There is not enough of something.
    #[error(transparent)]
    #[step_error(transparent)]
    Stock(#[from] StockError),
    /// Nobody could be asked.
    #[error(transparent)]
    #[step_error(transparent)]
    Approval(#[from] ApprovalError),
    /// The human said no.
    #[error("refused at the desk: {reason}")]
    #[step_error(data)]
    Rejected {
        /// In the human's words.
        reason: String,
    },
    /// A parcel could not be packed.
    #[error(transparent)]
    #[step_error(transparent)]
    Pack(#[from] PackError),
    /// It could not be sent.
    #[error(transparent)]
    #[step_error(transparent)]
    Ship(#[from] ShipError),
    /// It could not be paid back.
    #[error(transparent)]
    #[step_error(transparent)]
    Refund(#[from] RefundError),
}

/// Checks an order, has a human look at a large one, packs it and sends it.
#[state_machine(name = "process-order", timeout = "7 days")]
pub async fn process_order(order: Order) -> Result<Receipt, OrderError> {
    let checked = validate(&order).await?;
    let (stock, fraud) = join!(reserve_stock(&checked), check_fraud(&checked)).await?;
    if fraud.score > 80 || checked.cents > LARGE {
        let verdict = approval(&checked, &fraud).callback("2 days").await?;
        ensure!(
            verdict.ok,
            OrderError::Rejected {
                reason: verdict.reason
            }
        );
    }
    for parcel in &stock.parcels {
        pack(parcel).await?;
    }
    // The van comes when the parcels have been booked for a minute.
    sleep(minutes(1)).await;
    match ship(&checked, &stock).await {
        Ok(receipt) => Ok(receipt),
        Err(ShipError::OutOfStock) => Ok(refund(&checked).await?),
        Err(e) => Err(e.into()),
    }
}
