//! Spans of time, as they are said.

use std::time::Duration;

/// So many seconds.
///
/// ```
/// assert_eq!(sfn_runtime::seconds(90), std::time::Duration::from_millis(90_000));
/// ```
#[must_use]
pub const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// So many minutes.
#[must_use]
pub const fn minutes(count: u64) -> Duration {
    seconds(count * 60)
}

/// So many hours.
#[must_use]
pub const fn hours(count: u64) -> Duration {
    minutes(count * 60)
}

/// So many days of 24 hours.
#[must_use]
pub const fn days(count: u64) -> Duration {
    hours(count * 24)
}
