//! Where the engine writes down what it must not forget.
//!
//! The engine is a function of its [`Record`]s: told them again in their order, it is where it was. It writes, then
//! acts: answers to callers and calls to the outside leave the process only after the records they follow from were
//! appended. Records that pile up while the store is busy go to it together, so that one flush to disk serves many.

use std::sync::{Arc, Mutex, PoisonError};

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
    #[error("written in format {found}, this engine knows up to {known}")]
    TooNew {
        /// The format found.
        found: u32,
        /// The newest this engine reads.
        known: u32,
    },
}

/// One thing that happened. The payload is the engine's own; a store keeps it as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The number of the execution it belongs to; `None` for what belongs to no execution.
    pub execution: Option<u64>,
    /// What happened, JSON text.
    pub payload: String,
}

/// What the engine asks of a store.
pub trait Store: Send + Sync + 'static {
    /// Writes the records, all of them or none, and returns when they are safe.
    ///
    /// Called by one thread at a time, which may block.
    ///
    /// # Errors
    /// When they could not be written. The engine then answers every call with [`crate::Error::Store`].
    fn append(&self, records: &[Record]) -> Result<(), Error>;

    /// Everything that was appended, in order.
    ///
    /// # Errors
    /// When it cannot be read.
    fn load(&self) -> Result<Vec<Record>, Error>;
}

impl<S: Store + ?Sized> Store for Arc<S> {
    fn append(&self, records: &[Record]) -> Result<(), Error> {
        (**self).append(records)
    }

    fn load(&self) -> Result<Vec<Record>, Error> {
        (**self).load()
    }
}

/// A store that forgets when the process ends: for tests. Clones share what was written.
///
/// An engine that is given the store of another one goes on where that one was.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore(Arc<Mutex<Vec<Record>>>);

impl Store for MemoryStore {
    fn append(&self, records: &[Record]) -> Result<(), Error> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(records);
        Ok(())
    }

    fn load(&self) -> Result<Vec<Record>, Error> {
        Ok(self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone())
    }
}
