//! Suites by what they protect; each is a test target of this crate.

pub mod collector;
pub mod random;
