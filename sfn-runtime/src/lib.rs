//! Durable workflows on AWS Step Functions, written in plain Rust.
