//! What AWS asks for: list prices of one Region, and an estimate from them.
//!
//! No promise: prices change, differ between Regions, and are not all there is on a bill. Every number that is shown is
//! shown with [`AS_OF`].

use std::time::Duration;

/// When the prices were last compared with AWS's own pages.
pub const AS_OF: &str = "2026-03";

/// The Region whose prices these are.
pub const REGION: &str = "us-east-1";

/// Dollars for one transition of a standard workflow. The first 4,000 of a month are free.
pub const TRANSITION: f64 = 0.025 / 1_000.0;

/// Dollars for starting one execution of an express workflow.
pub const EXPRESS_REQUEST: f64 = 1.0 / 1_000_000.0;

/// Dollars for a gigabyte of memory for a second, of an express workflow; less past a thousand hours of it a month.
pub const EXPRESS_GB_SECOND: f64 = 0.000_016_67;

/// The least memory that an express execution is billed for, in gigabytes.
///
/// What it takes grows with its definition and data, in steps of this size.
pub const EXPRESS_GB: f64 = 64.0 / 1_024.0;

/// The longest that an express execution may take.
pub const EXPRESS_LIMIT: Duration = Duration::from_secs(5 * 60);

/// Dollars for one standard execution of so many transitions.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    reason = "an estimate; nobody pays for 2^53 transitions"
)]
pub fn standard(transitions: u64) -> f64 {
    transitions as f64 * TRANSITION
}

/// Dollars for one express execution that takes so long, in the least memory.
///
/// ```
/// use std::time::Duration;
/// use sfn_runtime::cost::price;
///
/// let second = price::express(Duration::from_secs(1));
/// assert!((second - 0.000_002_04).abs() < 1e-8);
/// // Time counts in steps of 100 ms.
/// assert_eq!(price::express(Duration::from_millis(1)), price::express(Duration::from_millis(100)));
/// ```
#[must_use]
pub fn express(takes: Duration) -> f64 {
    let steps = (takes.as_secs_f64() * 10.0).ceil();
    EXPRESS_REQUEST + steps / 10.0 * EXPRESS_GB * EXPRESS_GB_SECOND
}

/// How long an express execution may take before a standard one of so many transitions is cheaper; at most
/// [`EXPRESS_LIMIT`].
#[must_use]
pub fn express_is_cheaper_up_to(transitions: u64) -> Duration {
    let left = standard(transitions) - EXPRESS_REQUEST;
    let seconds = left / (EXPRESS_GB * EXPRESS_GB_SECOND);
    Duration::from_secs_f64(seconds.clamp(0.0, EXPRESS_LIMIT.as_secs_f64()))
}

/// Dollars as they are shown: enough digits to see something, `$0.78`, `$0.00078`.
///
/// ```
/// use sfn_runtime::cost::price::dollars;
///
/// assert_eq!(dollars(12.3456), "$12.35");
/// assert_eq!(dollars(0.000_776), "$0.00078");
/// assert_eq!(dollars(0.0), "$0");
/// ```
#[must_use]
pub fn dollars(amount: f64) -> String {
    if amount <= 0.0 {
        return "$0".to_owned();
    }
    let magnitude = amount.log10().floor();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 2 and 12"
    )]
    let digits = (1.0 - magnitude).clamp(2.0, 12.0) as usize;
    format!("${amount:.digits$}")
}
