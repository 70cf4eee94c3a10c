//! Where the engine writes down what it must not forget.

use serde::{Deserialize, Serialize};

/// Why a store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The disk (or what is behind it) failed.
    #[error("cannot write")]
    Io(#[from] std::io::Error),
    /// What was read makes no sense; the text says what.
    #[error("unreadable record: {0}")]
    Corrupt(String),
    /// Written by a newer version of the engine.
    #[error("written by format {found}, this engine knows up to {known}")]
    TooNew {
        /// The format found.
        found: u32,
        /// The newest this engine reads.
        known: u32,
    },
}

/// One thing that happened and must survive: the engine is a function of these, in order.
///
/// The payload is the engine's own; a store keeps it as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Which execution (its ARN) it belongs to; `None` for what belongs to no execution.
    pub execution: Option<String>,
    /// What happened, JSON text.
    pub payload: String,
}

/// What the engine asks of a store.
///
/// The engine writes, then acts: nothing that follows from a record leaves the process before [`append`](Store::append)
/// returned `Ok` for it. Records of many executions come in one call when the engine is busy, so that one flush
/// to disk serves them all.
pub trait Store: Send + Sync + 'static {
    /// Writes the records, all of them or none, and returns when they are safe.
    ///
    /// # Errors
    /// When they could not be written. The engine then stops.
    fn append(&self, records: &[Record]) -> Result<(), Error>;

    /// Everything that was appended, in order.
    ///
    /// # Errors
    /// When it cannot be read.
    fn load(&self) -> Result<Vec<Record>, Error>;
}
