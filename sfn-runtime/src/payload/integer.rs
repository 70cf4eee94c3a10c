//! Which numbers an integer type holds.

/// Which numbers an integer type holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Integer {
    bits: u8,
    signed: bool,
}

impl Integer {
    /// A literal's, whose type rustc infers elsewhere: nothing may be concluded from it.
    pub const UNKNOWN: Self = Self {
        bits: 0,
        signed: true,
    };

    /// A type of so many bits.
    #[must_use]
    pub const fn new(bits: u8, signed: bool) -> Self {
        Self { bits, signed }
    }

    /// The type of that name, such as `u8`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "i8" => Self::new(8, true),
            "i16" => Self::new(16, true),
            "i32" => Self::new(32, true),
            "i64" | "isize" => Self::new(64, true),
            "u8" => Self::new(8, false),
            "u16" => Self::new(16, false),
            "u32" => Self::new(32, false),
            "u64" | "usize" => Self::new(64, false),
            _ => return None,
        })
    }

    /// How many bits; none for a literal's.
    #[must_use]
    pub fn bits(self) -> Option<u8> {
        (self.bits > 0).then_some(self.bits)
    }

    /// Whether it holds negative numbers.
    #[must_use]
    pub fn is_signed(self) -> bool {
        self.signed
    }

    /// The smallest number and the largest, where a double holds both exactly.
    pub(crate) fn range(self) -> Option<(i64, i64)> {
        match (self.bits, self.signed) {
            (bits @ 1..=32, true) => Some((-(1 << (bits - 1)), (1 << (bits - 1)) - 1)),
            (bits @ 1..=32, false) => Some((0, (1 << bits) - 1)),
            _ => None,
        }
    }

    /// Whether it holds all numbers of another.
    pub(crate) fn holds(self, other: Self) -> bool {
        match (self.signed, other.signed) {
            _ if other.bits == 0 => false,
            (true, true) | (false, false) => self.bits >= other.bits,
            (true, false) => self.bits > other.bits,
            (false, true) => false,
        }
    }

    /// The one that is known.
    pub(crate) fn or(self, other: Self) -> Self {
        if self.bits == 0 { other } else { self }
    }
}
