//! What to do about errors: retriers and catchers.

use serde_json::Value;

use super::{Assign, PathField};

/// An element of `Retry`: which errors are tried again, how often and when.
///
/// The fields are as written; the methods give what applies.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Retrier {
    /// The errors' names.
    pub error_equals: Vec<String>,
    /// Seconds before the first retry.
    pub interval_seconds: Option<u64>,
    /// How many retries there may be; 0 means none.
    pub max_attempts: Option<u64>,
    /// By what the interval is multiplied for each further retry.
    pub backoff_rate: Option<f64>,
    /// The longest interval, in seconds.
    pub max_delay_seconds: Option<u64>,
    /// Whether the interval is left to chance.
    pub jitter_strategy: Option<Jitter>,
    /// What the author says about it.
    pub comment: Option<String>,
}

impl Retrier {
    /// A retrier of these errors, with AWS's defaults.
    #[must_use]
    pub fn on<E: Into<String>>(errors: impl IntoIterator<Item = E>) -> Self {
        Self {
            error_equals: errors.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    /// Seconds before the first retry: 1 unless written.
    #[must_use]
    pub fn interval(&self) -> u64 {
        self.interval_seconds.unwrap_or(1)
    }

    /// How many retries there may be: 3 unless written.
    #[must_use]
    pub fn attempts(&self) -> u64 {
        self.max_attempts.unwrap_or(3)
    }

    /// By what the interval is multiplied for each further retry: 2 unless written.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.backoff_rate.unwrap_or(2.0)
    }

    /// Whether the interval is left to chance: not unless written.
    #[must_use]
    pub fn jitter(&self) -> Jitter {
        self.jitter_strategy.unwrap_or_default()
    }

    /// Seconds before the retry of that number (from 1), before jitter: interval × rate^(number − 1), capped.
    ///
    /// ```
    /// let retrier = sfn_asl::Retrier { max_delay_seconds: Some(5), ..sfn_asl::Retrier::on(["States.ALL"]) };
    /// assert_eq!([1, 2, 3, 4].map(|number| retrier.delay(number)), [1.0, 2.0, 4.0, 5.0]);
    /// ```
    #[must_use]
    pub fn delay(&self, number: u32) -> f64 {
        let exponent = i32::try_from(number.saturating_sub(1)).unwrap_or(i32::MAX);
        // Intervals beyond 2^53 seconds are no concern.
        #[expect(
            clippy::cast_precision_loss,
            reason = "no definition waits for 2^53 seconds"
        )]
        let (interval, longest) = (
            self.interval() as f64,
            self.max_delay_seconds
                .map_or(f64::INFINITY, |longest| longest as f64),
        );
        (interval * self.rate().powi(exponent)).min(longest)
    }
}

/// The value of `JitterStrategy`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Jitter {
    /// `NONE`: the interval as computed.
    #[default]
    None,
    /// `FULL`: a random time up to the interval.
    Full,
}

/// An element of `Catch`: where an error leads that no retrier could mend.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catcher {
    /// The errors' names.
    pub error_equals: Vec<String>,
    /// The state that comes next.
    pub next: String,
    /// JSONPath: where the error output goes in the state's input.
    pub result_path: PathField,
    /// Variables to set; they replace the state's own.
    pub assign: Assign,
    /// JSONata: the output, instead of the error output.
    pub output: Option<Value>,
    /// What the author says about it.
    pub comment: Option<String>,
}

impl Catcher {
    /// A catcher that leads these errors to the state of that name.
    #[must_use]
    pub fn on<E: Into<String>>(
        errors: impl IntoIterator<Item = E>,
        next: impl Into<String>,
    ) -> Self {
        Self {
            error_equals: errors.into_iter().map(Into::into).collect(),
            next: next.into(),
            ..Self::default()
        }
    }
}
