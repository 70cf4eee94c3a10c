//! Points in time, as milliseconds since 1970.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A point in time with the millisecond precision of Step Functions.
///
/// ```
/// use sfn_engine::Timestamp;
///
/// let t = Timestamp::parse_rfc3339("2019-03-26T20:14:13.192Z").expect("a valid time");
/// assert_eq!(t.as_millis(), 1_553_631_253_192);
/// assert_eq!(t.to_string(), "2019-03-26T20:14:13.192Z");
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Milliseconds since 1970-01-01T00:00:00Z; negative before it.
    pub const fn from_millis(millis: i64) -> Self {
        Timestamp(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z; negative before it.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Seconds since 1970-01-01T00:00:00Z with a fraction, as the AWS API writes times.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// How long after `earlier` this is; zero when it is not after it.
    pub fn since(self, earlier: Timestamp) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// Reads an ISO 8601 extended offset date-time, such as `2016-12-05T21:29:29.123456789+01:00`.
    ///
    /// `None` when the text is no such time: the `T` and the offset (`Z`, `±hh:mm` or `±hh:mm:ss`) must be there,
    /// and the day must exist; seconds may be left out, as Java reads such texts. What is finer than a millisecond is
    /// cut off, and there are nine digits of it at most.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        let b = text.as_bytes();
        let number = |range: std::ops::Range<usize>| -> Option<i64> {
            let digits = b.get(range)?;
            digits.iter().try_fold(0i64, |n, d| {
                d.is_ascii_digit().then(|| n * 10 + i64::from(d - b'0'))
            })
        };
        let is = |at: usize, what: u8| b.get(at) == Some(&what);
        let has_time = is(10, b'T') || is(10, b't');
        if !(is(4, b'-') && is(7, b'-') && has_time && is(13, b':')) {
            return None;
        }
        let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
        let (hour, minute) = (number(11..13)?, number(14..16)?);
        let (second, mut at) = if is(16, b':') {
            (number(17..19)?, 19)
        } else {
            (0, 16)
        };
        if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
            return None;
        }
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let mut millis = 0;
        if at == 19 && is(at, b'.') {
            at += 1;
            let from = at;
            let mut weight = 100;
            while let Some(d) = b.get(at).filter(|d| d.is_ascii_digit()) {
                millis += i64::from(d - b'0') * weight;
                weight /= 10;
                at += 1;
            }
            if at == from || at - from > 9 {
                return None;
            }
        }
        let offset = match b.get(at)? {
            b'Z' | b'z' if b.len() == at + 1 => 0,
            sign @ (b'+' | b'-') if is(at + 3, b':') => {
                let (h, m) = (number(at + 1..at + 3)?, number(at + 4..at + 6)?);
                let s = match b.len() - at {
                    6 => 0,
                    9 if is(at + 6, b':') => number(at + 7..at + 9)?,
                    _ => return None,
                };
                let seconds = h * 3_600 + m * 60 + s;
                if m > 59 || s > 59 || seconds > 18 * 3_600 {
                    return None;
                }
                seconds * if *sign == b'-' { -1 } else { 1 }
            }
            _ => return None,
        };
        let days = days_from_civil(year, month, day);
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset;
        Some(Timestamp(seconds * 1000 + millis))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = self.0.div_euclid(86_400_000);
        let rest = self.0.rem_euclid(86_400_000);
        let (year, month, day) = civil_from_days(days);
        let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
        let (second, millis) = (rest / 1000 % 60, rest % 1000);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z"
        )
    }
}

impl Add<Duration> for Timestamp {
    type Output = Timestamp;

    fn add(self, span: Duration) -> Timestamp {
        Timestamp(
            self.0
                .saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)),
        )
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Timestamp;

    fn sub(self, span: Duration) -> Timestamp {
        Timestamp(
            self.0
                .saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)),
        )
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a day in the Gregorian calendar (Howard Hinnant's algorithm).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, millis: Option<i64>) {
        assert_eq!(
            Timestamp::parse_rfc3339(text).map(Timestamp::as_millis),
            millis,
            "{text}"
        );
    }

    #[test]
    fn reads_times_with_an_offset() {
        check("1970-01-01T00:00:00Z", Some(0));
        check("1969-12-31T23:59:59.999Z", Some(-1));
        check("2016-12-05T21:29:29Z", Some(1_480_973_369_000));
        check("2016-12-05T21:29:29+01:00", Some(1_480_969_769_000));
        check("2024-02-29T00:00:00.123456789Z", Some(1_709_164_800_123));
        check("1970-01-01T00:00Z", Some(0));
        check("1970-01-01t00:00:01z", Some(1_000));
        check("1970-01-01T01:00:30+01:00:30", Some(0));
    }

    #[test]
    fn refuses_what_is_no_time() {
        for text in [
            "",
            "2016-12-05",
            "05-12-2016T21:29:29Z",
            "2016-12-05 21:29:29Z",
            "2016-12-05T21:29:29",
            "2016-12-05T25:29:29Z",
            "2016-13-05T21:29:29Z",
            "2023-02-29T00:00:00Z",
            "2016-12-05T21:29:29.Z",
            "2016-12-05T21:29:29Zulu",
            "2016-12-05T21:29:29.0123456789Z",
            "2016-12-05T21:29:29+19:00",
            "2016-12-05T21:29:29+01",
            "2016-12-05T24:00:00Z",
            "2016-12-05T21Z",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn writes_what_it_reads() {
        for text in [
            "1969-12-31T23:59:59.999Z",
            "2000-02-29T12:00:00.000Z",
            "2100-12-31T23:59:59.001Z",
        ] {
            assert_eq!(
                Timestamp::parse_rfc3339(text).expect("valid").to_string(),
                text
            );
        }
    }
}
