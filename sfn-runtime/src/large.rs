//! Values that are larger than a state may carry: kept in a store, and a reference to them in the state.
//!
//! Step Functions carries 256 KiB between two states. A value in a [`Large`] may have any size: a worker, a Lambda function
//! or a client that sends one of more than [`ABOVE`] bytes puts it into a [`Store`] and sends its checksum in its place, and
//! whoever is sent the checksum gets the value back, verified. Steps see values, never references.
//!
//! Which store that is:
//!
//! | where | store |
//! |---|---|
//! | `run`, on the embedded engine | a folder of its own, which ends with it |
//! | the variable `SFN_BUCKET`, which `deploy` sets for functions | that bucket, under `large/`; needs the feature `large` |
//! | the variable `SFN_LARGE_DIR` | that folder |
//! | [`App::store_large`](crate::App::store_large), [`Providers::store_large`](crate::Providers::store_large), [`Client::storing_large`](crate::Client::storing_large) | the one that was given |
//!
//! A store's object is named for its content. The same value is one object however often a step is tried again, and a
//! reference that somebody made up can lead to nothing else than an object of the store.

#[cfg(feature = "large")]
mod bucket;
mod directory;
mod offload;
mod value;

use std::fmt;

use crate::BoxFuture;

#[cfg(feature = "large")]
pub use bucket::Bucket;
pub use directory::Directory;
pub(crate) use offload::Offload;
pub use value::Large;

/// From how many bytes of JSON on a value goes to the store.
///
/// A state has room for several such values that stay; and one that goes costs two calls of the store, some ten
/// milliseconds each.
pub const ABOVE: usize = 32 * 1024;

/// Where large values are kept.
pub trait Store: fmt::Debug + Send + Sync + 'static {
    /// Keeps an object under that key: 64 hexadecimal digits, the SHA-256 of its bytes. One that is there already is the same.
    fn put(&self, key: String, bytes: Vec<u8>) -> BoxFuture<'_, Result<(), Error>>;

    /// Gives the object of that key.
    fn get(&self, key: String) -> BoxFuture<'_, Result<Vec<u8>, Error>>;
}

/// Why a store could not keep or give a large value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no such object: it was removed, or the store is another one.
    #[error("{store} has no object `{key}`")]
    Missing {
        /// The store.
        store: String,
        /// The key.
        key: String,
    },
    /// The store does not say whether there is such an object: S3 tells those alone who may list the bucket.
    #[error(
        "{store} does not give object `{key}`: it was removed, or this program may not read it"
    )]
    Withheld {
        /// The store.
        store: String,
        /// The key.
        key: String,
    },
    /// The object is not what was put there.
    #[error("object `{key}` of {store} is not what was put there: its checksum differs")]
    Changed {
        /// The store.
        store: String,
        /// The key.
        key: String,
    },
    /// What stands in the place of a large value is no reference.
    #[error("a reference to a large value has no legal checksum")]
    BadReference,
    /// The store could not be reached, or refused.
    #[error("{store} could not {what}")]
    Failed {
        /// The store.
        store: String,
        /// What it was asked for.
        what: &'static str,
        /// What happened.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    /// Whether the same may succeed a moment later.
    fn passes(&self) -> bool {
        matches!(self, Self::Failed { .. })
    }
}
