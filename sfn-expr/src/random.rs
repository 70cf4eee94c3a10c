//! Random numbers from a seed, as Java makes them: the service answers with the same ones.

/// `java.util.Random`: a linear congruential generator of 48 bits.
pub(crate) struct JavaRandom(u64);

const MULTIPLIER: u64 = 0x5_deec_e66d;
const MASK: u64 = (1 << 48) - 1;

impl JavaRandom {
    pub(crate) fn new(seed: i64) -> JavaRandom {
        JavaRandom((seed.cast_unsigned() ^ MULTIPLIER) & MASK)
    }

    /// The next `count` bits, at most 32.
    fn bits(&mut self, count: u32) -> u64 {
        self.0 = (self.0.wrapping_mul(MULTIPLIER).wrapping_add(0xb)) & MASK;
        self.0 >> (48 - count)
    }

    /// A number from 0 up to but not 1.
    pub(crate) fn next_double(&mut self) -> f64 {
        let high = self.bits(26) << 27;
        (high + self.bits(27)) as f64 / (1u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_generator_the_service_uses() {
        assert_eq!(JavaRandom::new(42).next_double(), 0.727_563_680_032_868_1);
    }
}
