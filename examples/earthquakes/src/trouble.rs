//! What goes wrong with data, and what of it is worth another attempt.

use sfn_runtime::StepError;

/// How a step of the pipeline fails.
///
/// Each variant is an error name of its own (`Trouble.Torn`), so that a retrier names what time heals, and
/// leaves out what it does not: no wait turns a broken feed into a sound one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, StepError)]
pub enum Trouble {
    /// The disk, or whatever stands behind the lake, did not answer.
    #[error("`{key}` cannot be reached: {why}")]
    Unreachable {
        /// What cannot be reached.
        key: String,
        /// What the system says.
        why: String,
    },
    /// The feed was replaced while it was read: it holds another number of events than it says.
    #[error("the feed announces {announced} events and holds {found}")]
    Torn {
        /// How many events it says it has.
        announced: u64,
        /// How many it has.
        found: u64,
    },
    /// Somebody else writes to the database.
    #[error("the database is locked by another writer")]
    Locked,
    /// There is nothing under this key.
    #[error("there is no `{key}`")]
    #[step_error(retryable = false)]
    Missing {
        /// The key.
        key: String,
    },
    /// It is there, and it is not what it should be.
    #[error("`{key}` is malformed: {why}")]
    #[step_error(retryable = false)]
    Malformed {
        /// The key.
        key: String,
        /// What is wrong with it.
        why: String,
    },
    /// The database refuses what it is asked.
    #[error("the database refuses: {why}")]
    #[step_error(retryable = false)]
    Refused {
        /// What SQLite says.
        why: String,
    },
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
                Self::Locked
            }
            _ => Self::Refused {
                why: error.to_string(),
            },
        }
    }
}
