//! From four years of weather to a booked festival.
//!
//! ```text
//! cargo run -p festival                                     # the whole story, live
//! cargo run -p festival -- run driest-month --input '"data/seattle-weather.csv"'
//! cargo run -p festival -- graph book-festival
//! ```
//!
//! [`plan`] holds the workflows. [`weather`] looks into the past, [`bookings`] into the town's calendars.

pub mod bookings;
pub mod plan;
pub mod weather;

/// The record that the story judges first, as JSON.
pub const RECORD: &str = "\"data/seattle-weather.csv\"";

/// What the story wishes for then.
pub const WISH: &str = include_str!("../wish.json");

/// Four years of days in Seattle: date, precipitation in mm, highest and lowest temperature in °C, wind, weather.
pub const WEATHER: &str = include_str!("../data/seattle-weather.csv");
