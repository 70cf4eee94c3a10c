#![doc = include_str!("../pages/out_of_range.md")]

use std::ops::RangeInclusive;

use super::Subject;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::{Kind, OrExpression, Visit, WaitFor};
use crate::place::Place;

/// Three years and two months: the longest AWS counts in any field.
const LONGEST: u64 = 99_999_999;

/// A leap year.
const LONGEST_DELAY: u64 = 31_622_400;

pub(super) fn check_machine(subject: &Subject<'_>, report: &Report) {
    // Unlike a task, a machine may have a timeout of 0.
    whole(
        &Place::root(),
        "TimeoutSeconds",
        subject.machine.timeout_seconds,
        0..=LONGEST,
        report,
    );
}

pub(super) fn check(visit: &Visit<'_>, report: &Report) {
    let at = &visit.place;
    match &visit.state.kind {
        Kind::Task(task) => {
            whole(
                at,
                "TimeoutSeconds",
                value(&task.timeout_seconds),
                1..=LONGEST,
                report,
            );
            whole(
                at,
                "HeartbeatSeconds",
                value(&task.heartbeat_seconds),
                1..=LONGEST,
                report,
            );
        }
        Kind::Wait(wait) => {
            for wait_for in &wait.wait_for {
                if let WaitFor::Seconds(OrExpression::Value(seconds)) = wait_for {
                    whole(at, "Seconds", Some(*seconds), 0..=LONGEST, report);
                }
            }
        }
        Kind::Map(map) => {
            if let Some(OrExpression::Value(percentage)) = map.tolerated_failure_percentage {
                range(
                    &at.then("ToleratedFailurePercentage"),
                    percentage,
                    0.0..=100.0,
                    report,
                );
            }
            if let Some(config) = map
                .item_reader
                .as_ref()
                .and_then(|reader| reader.reader_config.as_ref())
            {
                let at = at.then("ItemReader").then("ReaderConfig");
                whole(
                    &at,
                    "MaxItems",
                    value(&config.max_items),
                    0..=100_000_000,
                    report,
                );
            }
            if let Some(batcher) = &map.item_batcher {
                let at = at.then("ItemBatcher");
                whole(
                    &at,
                    "MaxItemsPerBatch",
                    value(&batcher.max_items_per_batch),
                    1..=u64::MAX,
                    report,
                );
                whole(
                    &at,
                    "MaxInputBytesPerBatch",
                    value(&batcher.max_input_bytes_per_batch),
                    1..=262_144,
                    report,
                );
            }
        }
        _ => {}
    }
    for (index, retrier) in visit.state.retry().iter().enumerate() {
        let at = at.then("Retry").then(index);
        whole(
            &at,
            "IntervalSeconds",
            retrier.interval_seconds,
            0..=LONGEST,
            report,
        );
        whole(
            &at,
            "MaxAttempts",
            retrier.max_attempts,
            0..=LONGEST,
            report,
        );
        whole(
            &at,
            "MaxDelaySeconds",
            retrier.max_delay_seconds,
            1..=LONGEST_DELAY,
            report,
        );
        if let Some(rate) = retrier.backoff_rate {
            range(&at.then("BackoffRate"), rate, 1.0..=f64::INFINITY, report);
        }
    }
}

fn value(value: &Option<OrExpression<u64>>) -> Option<u64> {
    value.as_ref().and_then(OrExpression::value).copied()
}

fn whole(
    at: &Place,
    name: &str,
    value: Option<u64>,
    allowed: RangeInclusive<u64>,
    report: &Report,
) {
    if let Some(value) = value {
        outside(
            &at.then(name),
            &value,
            allowed.start(),
            allowed.end(),
            report,
        );
    }
}

fn range(place: &Place, value: f64, allowed: RangeInclusive<f64>, report: &Report) {
    outside(place, &value, allowed.start(), allowed.end(), report);
}

fn outside<T: PartialOrd + std::fmt::Display>(
    place: &Place,
    value: &T,
    least: &T,
    most: &T,
    report: &Report,
) {
    let name = place
        .segments()
        .last()
        .map_or_else(String::new, |segment| match segment {
            crate::Segment::Key(key) => key.clone(),
            crate::Segment::Index(index) => index.to_string(),
        });
    let (message, aws) = if value < least {
        (
            format!("`{name}` is {value}, at least {least} is wanted"),
            format!("Minimum value is {least}"),
        )
    } else if value > most {
        (
            format!("`{name}` is {value}, at most {most} is allowed"),
            format!("Maximum value is {most}"),
        )
    } else {
        return;
    };
    report.add(Diagnostic::error(Code::OutOfRange, place, message).says(aws));
}
