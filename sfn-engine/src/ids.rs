//! Where the engine gets names nobody gave, and randomness, from.

use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

/// A source of numbers that nobody can foresee (or, in tests, that everybody can).
///
/// Execution names, task tokens, UUIDs, jitter and `$random()` all come from it: each execution draws one seed when
/// it starts and goes on from there, so a replayed execution gives the same values again.
pub trait Ids: Send + Sync + 'static {
    /// Sixty-four fresh random bits.
    fn seed(&self) -> u64;

    /// A fresh UUID (version 4) as text.
    fn uuid(&self) -> String {
        Random::new(self.seed()).uuid()
    }
}

/// Numbers from the operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemIds;

impl Ids for SystemIds {
    fn seed(&self) -> u64 {
        // The standard library keys its hash maps with the system's randomness, one key a thread and a counter on it;
        // what SipHash makes of such keys is as unforeseeable, and costs no dependency.
        let mut hasher = std::hash::RandomState::new().build_hasher();
        hasher.write_u64(COUNT.fetch_add(1, Ordering::Relaxed));
        hasher.finish()
    }
}

static COUNT: AtomicU64 = AtomicU64::new(0);

/// The same numbers in each run: for tests.
pub struct TestIds(AtomicU64);

impl TestIds {
    /// A sequence of its own for each `seed`.
    pub fn new(seed: u64) -> Self {
        TestIds(AtomicU64::new(seed))
    }
}

impl Default for TestIds {
    fn default() -> Self {
        TestIds::new(0)
    }
}

impl Ids for TestIds {
    fn seed(&self) -> u64 {
        Random::new(self.0.fetch_add(1, Ordering::Relaxed)).next()
    }
}

impl fmt::Debug for TestIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TestIds").field(&self.0).finish()
    }
}

/// A small generator of random numbers (SplitMix64): same seed, same numbers.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Random(u64);

impl Random {
    /// Starts the sequence of `seed`.
    pub fn new(seed: u64) -> Self {
        Random(seed)
    }

    /// The next sixty-four bits.
    #[expect(
        clippy::should_implement_trait,
        reason = "it never ends, and nobody iterates over it"
    )]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number `0 <= n < 1`.
    pub fn fraction(&mut self) -> f64 {
        // 53 bits are what an `f64` holds exactly.
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A UUID (version 4) as text.
    pub fn uuid(&mut self) -> String {
        let (a, b) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            a >> 32,
            (a >> 16) & 0xffff,
            a & 0x0fff,
            0x8000 | ((b >> 48) & 0x3fff),
            b & 0xffff_ffff_ffff
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_seed_same_uuids_of_version_four() {
        let (mut a, mut b) = (Random::new(7), Random::new(7));
        for _ in 0..100 {
            let uuid = a.uuid();
            assert_eq!(uuid, b.uuid());
            assert_eq!(uuid.len(), 36);
            assert_eq!(&uuid[14..15], "4");
            assert!("89ab".contains(&uuid[19..20]), "{uuid}");
        }
    }

    #[test]
    fn system_ids_differ() {
        let mut seen: Vec<_> = (0..1000).map(|_| SystemIds.seed()).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 1000);
    }
}
