#![doc = include_str!("../pages/bad_timestamp.md")]

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::{
    Condition, Kind, Operand, Operator, QueryLanguage, Test, Visit, WaitFor, expression,
};
use crate::place::Place;

pub(super) fn check(visit: &Visit<'_>, report: &Report) {
    match &visit.state.kind {
        Kind::Wait(wait) => {
            for wait_for in &wait.wait_for {
                if let WaitFor::Timestamp(text) = wait_for
                    && !(visit.language == QueryLanguage::Jsonata && expression(text).is_some())
                {
                    timestamp(text, visit.place.then("Timestamp"), report);
                }
            }
        }
        Kind::Choice(choice) => {
            for (index, rule) in choice.choices.iter().enumerate() {
                if let Condition::Test(test) = &rule.condition {
                    self::test(test, &visit.place.then("Choices").then(index), report);
                }
            }
        }
        _ => {}
    }
}

fn test(test: &Test, at: &Place, report: &Report) {
    match test {
        Test::And(tests) | Test::Or(tests) => {
            let name = if matches!(test, Test::And(_)) {
                "And"
            } else {
                "Or"
            };
            for (index, test) in tests.iter().enumerate() {
                self::test(test, &at.then(name).then(index), report);
            }
        }
        Test::Not(test) => self::test(test, &at.then("Not"), report),
        Test::Compare(comparison) => {
            if let Operator::Timestamp(_, Operand::Value(text)) = &comparison.operator {
                timestamp(text, at.then(comparison.operator.name().as_str()), report);
            }
        }
    }
}

fn timestamp(text: &str, place: Place, report: &Report) {
    if !is_rfc3339(text) {
        report.add(
            Diagnostic::error(
                Code::BadTimestamp,
                &place,
                format!("`{text}` is no timestamp of RFC 3339"),
            )
            .says("String does not match RFC3339 timestamp")
            .help("write it like `2030-01-31T08:00:00Z`"),
        );
    }
}

/// Whether a text is a timestamp as AWS takes it: RFC 3339 with `T`, and with `Z` or an offset.
fn is_rfc3339(text: &str) -> bool {
    fn number(
        text: &str,
        digits: std::ops::Range<usize>,
        allowed: std::ops::RangeInclusive<u32>,
    ) -> bool {
        text.get(digits).is_some_and(|part| {
            part.bytes().all(|byte| byte.is_ascii_digit())
                && part.parse().is_ok_and(|value| allowed.contains(&value))
        })
    }
    fn punctuation(text: &str, marks: &[(usize, u8)]) -> bool {
        marks
            .iter()
            .all(|(at, mark)| text.as_bytes().get(*at) == Some(mark))
    }
    let date_time = punctuation(
        text,
        &[(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')],
    ) && number(text, 0..4, 0..=9999)
        && number(text, 5..7, 1..=12)
        && number(text, 8..10, 1..=31)
        && number(text, 11..13, 0..=23)
        && number(text, 14..16, 0..=59)
        && number(text, 17..19, 0..=60);
    if !date_time || !day_exists(text) {
        return false;
    }
    let mut rest = &text[19..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return false;
        }
        rest = &fraction[digits..];
    }
    rest == "Z"
        || (rest.len() == 6
            && rest.starts_with(['+', '-'])
            && punctuation(rest, &[(3, b':')])
            && number(rest, 1..3, 0..=23)
            && number(rest, 4..6, 0..=59))
}

/// Whether the month of a well-formed date has that day.
fn day_exists(text: &str) -> bool {
    let part = |range| {
        text.get(range)
            .and_then(|part: &str| part.parse::<u32>().ok())
            .unwrap_or(0)
    };
    let (year, month, day) = (part(0..4), part(5..7), part(8..10));
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    day <= days
}

#[cfg(test)]
mod tests {
    use super::is_rfc3339;

    #[test]
    fn knows_timestamps() {
        for good in [
            "2016-03-14T01:59:00Z",
            "2016-03-14T01:59:00.123456Z",
            "2016-03-14T01:59:00+02:00",
            "2024-02-29T23:59:59Z",
        ] {
            assert!(is_rfc3339(good), "{good}");
        }
        for bad in [
            "",
            "2016-12-05",
            "2016-12-05T25:29:29Z",
            "2016-12-05 21:29:29Z",
            "2016-12-05T21:29:29",
            "2023-02-29T00:00:00Z",
            "2016-13-05T21:29:29Z",
            "2016-12-05T21:29Z",
            "2016-12-05T21:29:29.Z",
            "2016-12-05T21:29:29z",
            "2016-12-05T21:29:29Zé",
            "+016-12-05T21:29:29Z",
            "2016-12-05T21:29:29+2:00",
        ] {
            assert!(!is_rfc3339(bad), "{bad}");
        }
    }
}
