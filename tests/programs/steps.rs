//! The steps that the programs call.

use sfn_runtime::{Step, StepError, StepMeta, step};

#[derive(Debug, thiserror::Error, StepError)]
pub(crate) enum MathError {
    #[error("{0} is odd")]
    Odd(i64),
    #[error("{0} is negative")]
    Negative(i64),
}

#[step]
pub(crate) fn add(left: i64, right: i64) -> i64 {
    // Small numbers stay small, however long a program goes on.
    (left + right) % 1000
}

#[step]
pub(crate) fn half(number: i64) -> Result<i64, MathError> {
    match number {
        ..0 => Err(MathError::Negative(number)),
        odd if odd % 2 == 1 => Err(MathError::Odd(odd)),
        even => Ok(even / 2),
    }
}

#[step]
pub(crate) fn is_even(number: i64) -> bool {
    number % 2 == 0
}

#[step]
pub(crate) fn list(number: i64) -> Vec<i64> {
    (0..number.rem_euclid(4))
        .map(|item| item * number)
        .collect()
}

#[step]
pub(crate) fn total(numbers: Vec<i64>) -> i64 {
    numbers.iter().sum::<i64>() % 1000
}

/// All of them.
pub(crate) const STEPS: [&StepMeta; 5] = [
    add::META,
    half::META,
    is_even::META,
    list::META,
    total::META,
];
