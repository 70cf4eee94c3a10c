//! Programs that a generator wrote, through the macro: as plain Rust, and as states. `cargo xtask programs` writes them, and
//! `cargo xtask check` sees that they are what it writes; `cargo xtask programs 7` writes another hundred, for whoever
//! looks for faults.
//!
//! `tests/programs` has many more programs, told to the recorder without the macro, and with an interpreter in place of rustc.

#[allow(
    clippy::all,
    unused_variables,
    unused_mut,
    unused_assignments,
    unused_parens,
    unused_braces,
    unused_labels,
    unreachable_code,
    dead_code,
    reason = "nobody wrote this by hand, so nothing in it is there for a reader"
)]
#[rustfmt::skip]
mod programs;

use sfn_runtime::state_machine;

use crate::steps::{OrderError, ShipError, double, ship, sum};

#[state_machine(inline)]
async fn twice(n: i64) -> i64 {
    let m = double(n).await;
    double(m).await
}

#[state_machine(inline)]
fn discount(n: i64, percent: i64) -> i64 {
    n - n * percent / 100
}

#[state_machine(inline)]
async fn shipped(n: i64) -> Result<String, ShipError> {
    if n > 100 {
        return Ok("too large to see".to_owned());
    }
    let text = ship(n).await?;
    Ok(text)
}

/// An execution of its own.
#[state_machine]
async fn own_execution(n: i64) -> i64 {
    let mut all = 0;
    for i in 0..n % 3 {
        all += sum(n, i);
    }
    all
}

/// An execution of its own that fails at times.
#[state_machine]
async fn failing_execution(n: i64) -> Result<String, OrderError> {
    let text = ship(n).await?;
    Ok(text)
}
