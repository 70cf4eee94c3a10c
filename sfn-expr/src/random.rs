//! Random numbers from a seed: the same for the same seed, on every machine.

/// A number from 0 up to but not 1, decided by `seed` alone.
pub(crate) fn seeded(seed: i64) -> f64 {
    // SplitMix64's finaliser: neighbouring seeds give unrelated numbers.
    let mut z = seed.cast_unsigned().wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^= z >> 31;
    // 53 bits are what a double holds exactly.
    (z >> 11) as f64 / (1u64 << 53) as f64
}
