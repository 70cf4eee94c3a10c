//! What a catch handler is given, and what never arrives.

use serde::{Deserialize, Serialize};

/// What a catch handler is given: what the caught stage was given, and the error it failed with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound = "T: Serialize + serde::de::DeserializeOwned")]
pub struct Caught<T> {
    /// What the stage was given.
    pub input: T,
    /// What it failed with.
    pub error: CaughtError,
}

/// The error that a catch handler is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaughtError {
    /// The error's name, as retriers and catchers match it.
    pub name: String,
    /// What happened, as the step reported it; empty when nothing is known, as after a timeout.
    pub cause: String,
}

/// The value of a flow that has ended: there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Never {}
