//! The workflows: a pipeline that looks for a month, a body that books it, and one that tries until it fits.

use serde::{Deserialize, Serialize};
use sfn_runtime::{Payload, StepError, Workflow, state_machine, workflow};

use crate::{
    bookings::{Booked, BookingError, announce, book_band, book_hall, order_catering},
    weather::{Driest, choose_month, judge_month, months_of, read_record},
};

/// What somebody wishes for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Wish {
    /// The festival's name.
    pub name: String,
    /// When: `01` to `12`.
    pub month: String,
    /// For how many guests.
    pub guests: u32,
    /// With fewer it is none.
    pub fewest: u32,
}

/// Why there is no festival.
#[derive(Debug, PartialEq, thiserror::Error, StepError)]
pub enum FestivalError {
    /// Something could not be had.
    #[error(transparent)]
    #[step_error(transparent)]
    Booking(#[from] BookingError),
    /// It would be too small.
    #[error("{guests} guests are too few")]
    #[step_error(retryable = false, data)]
    TooSmall {
        /// How many could have come.
        guests: u32,
    },
}

/// Judges every month of the record by itself, as an execution of its own; a month whose rows are wrong is left out.
pub static DRIEST_MONTH: Workflow<String, Driest> = workflow!(
    name = "driest-month",
    read_record,
    months_of,
    map(judge_month)
        .distributed()
        .tolerate("10%")
        .max_concurrency(12),
    choose_month,
);

/// Books what a festival needs. When something cannot be had, what was booked before is taken back.
#[state_machine(name = "book-festival", timeout = "1 day")]
pub async fn book_festival(
    name: String,
    month: String,
    guests: u32,
) -> Result<Booked, BookingError> {
    let hall = book_hall(&month, guests).await?;
    let band = book_band(&month).await?;
    let catering = order_catering(&name, guests).await?;
    Ok(Booked {
        hall,
        band,
        catering,
        guests,
    })
}

/// Asks for less until it can be had.
#[state_machine(name = "festival", timeout = "7 days")]
pub async fn festival(wish: Wish) -> Result<String, FestivalError> {
    let mut guests = wish.guests;
    loop {
        match book_festival(wish.name.clone(), wish.month.clone(), guests).await {
            Ok(booked) => return Ok(announce(&wish.name, &wish.month, &booked).await),
            Err(BookingError::TooMany) => guests /= 2,
            Err(e) => return Err(e.into()),
        }
        if guests < wish.fewest {
            return Err(FestivalError::TooSmall { guests });
        }
    }
}
