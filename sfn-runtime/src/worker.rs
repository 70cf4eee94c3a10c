//! Workers: they take tasks of activities, run their steps, and report.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

/// The most bytes of JSON that a state, a task or an execution may take or give.
pub(crate) const PAYLOAD_LIMIT: usize = 262_144;

/// The longest pause between two tries of one call.
const LONGEST_BACK_OFF: Duration = Duration::from_secs(10);

/// How long to pause before try number `tries` (from 1) of a call that failed.
///
/// Doubles from 200 ms to ten seconds, less a random part of up to half, so that callers who were
/// refused together do not come back together.
pub(crate) fn back_off(tries: u32) -> Duration {
    let whole = Duration::from_millis(100 << tries.clamp(1, 10)).min(LONGEST_BACK_OFF);
    // The standard library's hasher keys are its only source of randomness; enough to spread calls.
    let random = RandomState::new().hash_one(tries) as u32;
    whole - (whole / 2).mul_f64(f64::from(random) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_bound_and_never_vanish() {
        for tries in 0..40 {
            let whole = Duration::from_millis(100 << tries.clamp(1, 10)).min(LONGEST_BACK_OFF);
            let pause = back_off(tries);
            assert!(pause >= whole / 2 && pause <= whole, "{tries}: {pause:?}");
        }
    }
}
