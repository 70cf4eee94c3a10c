//! What must be accepted.

mod nested;
mod payloads;
mod shadowed;
