//! What a festival needs, and how each booking is taken back.

use serde::{Deserialize, Serialize};
use sfn_runtime::{Payload, StepContext, StepError, step};

/// Something that was booked: its key takes it back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Booking {
    /// What.
    pub what: String,
    /// By which key.
    pub key: String,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Booked {
    /// Where.
    pub hall: Booking,
    /// Who plays.
    pub band: Booking,
    /// What there is to eat.
    pub catering: Booking,
    /// For how many.
    pub guests: u32,
}

/// Why something cannot be had.
#[derive(Debug, PartialEq, thiserror::Error, StepError)]
pub enum BookingError {
    /// Nobody cooks for so many.
    #[error("that is too many at once")]
    #[step_error(retryable = false)]
    TooMany,
    /// The calendar does not answer.
    #[error("the calendar of {0} does not answer")]
    NoAnswer(String),
}

/// Books the hall. The same key is the same booking, so a second try books nothing twice.
#[step(undo = cancel_hall, retry(on(BookingError::NoAnswer), interval = "10s"), timeout = "1m")]
pub async fn book_hall(
    month: &str,
    guests: u32,
    #[inject] ctx: StepContext,
) -> Result<Booking, BookingError> {
    if ctx.attempt == 1 {
        return Err(BookingError::NoAnswer("the hall".to_owned()));
    }
    tracing::info!("the hall is ours in month {month}, for {guests}");
    Ok(Booking {
        what: format!("hall for {guests} in month {month}"),
        key: ctx.idempotency_key(),
    })
}

/// Gives the hall back. Again is harmless: the town knows the key.
#[step(retry(max_attempts = 5), timeout = "1m")]
pub async fn cancel_hall(booking: Booking) {
    tracing::info!("given back: {}", booking.what);
}

/// Books the band.
#[step(undo = cancel_band, timeout = "1m")]
pub async fn book_band(month: &str, #[inject] ctx: StepContext) -> Result<Booking, BookingError> {
    tracing::info!("the band comes in month {month}");
    Ok(Booking {
        what: format!("band in month {month}"),
        key: ctx.idempotency_key(),
    })
}

/// Sends the band home.
#[step(retry(max_attempts = 5), timeout = "1m")]
pub async fn cancel_band(booking: Booking) {
    tracing::info!("given back: {}", booking.what);
}

/// Orders food and drink.
#[step(timeout = "1m")]
pub async fn order_catering(
    festival: &str,
    guests: u32,
    #[inject] ctx: StepContext,
) -> Result<Booking, BookingError> {
    if guests > 1000 {
        return Err(BookingError::TooMany);
    }
    Ok(Booking {
        what: format!("{guests} plates for {festival}"),
        key: ctx.idempotency_key(),
    })
}

/// Tells the town.
#[step]
pub async fn announce(festival: &str, month: &str, booked: &Booked) -> String {
    format!(
        "{festival}: {} guests in month {month}, with the {}",
        booked.guests, booked.band.what
    )
}
