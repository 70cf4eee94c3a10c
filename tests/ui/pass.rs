//! What must be accepted.

mod names;
mod nested;
mod payloads;
mod shadowed;
