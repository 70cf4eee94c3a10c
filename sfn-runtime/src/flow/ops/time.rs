//! Spans of time, which are `{"secs": …, "nanos": …}` as serde writes them.

use std::time::Duration;

use super::{X, number::constant};
use crate::{Payload, flow::ops};

fn span(seconds: X, nanos: X) -> X {
    ops::structure(
        Duration::shape(),
        "Duration",
        vec![("secs", seconds), ("nanos", nanos)],
        None,
    )
}

/// `Duration::from_secs(count)`
#[must_use]
pub fn seconds(count: X) -> X {
    span(count, constant(0))
}

/// `minutes(count)`
#[must_use]
pub fn minutes(count: X) -> X {
    seconds(ops::multiply(count, constant(60)))
}

/// `hours(count)`
#[must_use]
pub fn hours(count: X) -> X {
    seconds(ops::multiply(count, constant(60 * 60)))
}

/// `days(count)`
#[must_use]
pub fn days(count: X) -> X {
    seconds(ops::multiply(count, constant(24 * 60 * 60)))
}

/// `Duration::from_millis(count)`
#[must_use]
pub fn milliseconds(count: X) -> X {
    ops::bind("count", count, |count| {
        let count = ops::cast(count, u64::shape());
        let seconds = ops::divide(count.clone(), constant(1000));
        let rest = ops::remainder(count, constant(1000));
        span(seconds, ops::multiply(rest, constant(1_000_000)))
    })
}

/// `.as_secs()`
#[must_use]
pub fn as_secs(it: X) -> X {
    ops::field(it, "secs")
}

/// `.as_millis()`
#[must_use]
pub fn as_millis(it: X) -> X {
    ops::bind("span", it, |it| {
        let seconds = ops::multiply(ops::field(it.clone(), "secs"), constant(1000));
        let rest = ops::divide(ops::field(it, "nanos"), constant(1_000_000));
        ops::add(seconds, rest)
    })
}
