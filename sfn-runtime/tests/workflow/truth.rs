//! Conditions mean in JSONata what they mean in Rust.
