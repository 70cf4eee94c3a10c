//! Where the engine writes down what it must not forget.
//!
//! A [`Store`] keeps two things. The *journal* is what happened, in order, in segments: the engine is a function of it. The
//! *archive* holds executions that are over, each as a label that is read at every start, a short head that is read for lists,
//! and a body that is read when somebody asks for it. The engine moves ended executions from the one to the other and then forgets the journal's old segments,
//! so both stay bounded.
//!
//! What is in a frame, a label, a head or a body is the engine's own; a store keeps it as it is.

mod file;
mod memory;

use std::time::Duration;

use crate::Timestamp;

pub use file::FileStore;
pub use memory::MemoryStore;

/// Why a store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The disk (or what is behind it) failed.
    #[error("cannot write or read")]
    Io(#[from] std::io::Error),
    /// What was read makes no sense; the text says what and where.
    #[error("unreadable record: {0}")]
    Corrupt(String),
    /// Written by a newer version of the engine.
    #[error(
        "written in format {found}, and this version reads formats up to {known}\nhelp: use the version that wrote it, or another folder"
    )]
    TooNew {
        /// The format found.
        found: u32,
        /// The newest this engine reads.
        known: u32,
    },
    /// Another process has it open.
    #[error("in use by process {pid}\nhelp: end that process, or use another folder")]
    Locked {
        /// The process, as far as it is known.
        pid: String,
    },
    /// An earlier write failed: what is in memory is ahead of what is kept, so nothing further is.
    #[error("an earlier write failed: {0}\nhelp: start again; what was acknowledged is kept")]
    Stopped(String),
}

/// What a store gives back when it is opened.
#[derive(Debug)]
pub enum Kept<'a> {
    /// One frame of the journal: what one [`Store::append`] wrote, a JSON array.
    Frame(&'a str),
    /// The label of an archived execution, and where it is.
    Closed(Label, Place),
}

/// What is read of each archived execution at every start: numbers, since a hundred thousand of them are read in some
/// milliseconds, which texts are not.
pub type Label = [u64; 8];

/// Where an archived execution is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    /// Which part of the archive.
    pub part: u32,
    /// Where its head is in this part.
    pub head: Span,
    /// Where its body is in this part.
    pub body: Span,
}

/// A stretch of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// Where it begins.
    pub offset: u64,
    /// How many bytes it has.
    pub length: u32,
}

/// An execution that is over, ready for the archive.
#[derive(Debug, Clone)]
pub struct Closed {
    /// What is read at every start.
    pub label: Label,
    /// What lists tell of it, JSON text in one line.
    pub head: String,
    /// All the rest, JSON text in one line.
    pub body: String,
    /// When it ended.
    pub ended: Timestamp,
}

/// One part of the archive: it is forgotten as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Its number; higher ones are younger.
    pub number: u32,
    /// How many executions it holds.
    pub count: u64,
    /// How many bytes it takes.
    pub bytes: u64,
    /// When the last of them ended.
    pub last: Timestamp,
}

/// How long executions are kept that are over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// No longer than that after they ended.
    pub age: Duration,
    /// No more than that many.
    pub count: u64,
    /// No more bytes than that.
    pub bytes: u64,
}

impl Retention {
    /// What an engine without a store keeps: 90 days, 100,000 executions.
    pub const IN_MEMORY: Retention = Retention {
        age: Duration::from_hours(90 * 24),
        count: 100_000,
        bytes: u64::MAX,
    };
}

impl Default for Retention {
    /// 90 days as on AWS, a million executions, 4 GiB.
    fn default() -> Self {
        Retention {
            age: Duration::from_hours(90 * 24),
            count: 1_000_000,
            bytes: 4 << 30,
        }
    }
}

/// What the engine asks of a store.
///
/// The engine writes, then acts: nothing that follows from a record leaves the process before [`append`](Store::append)
/// returned `Ok` for it. Records of many executions come in one call when the engine is busy, so that one flush
/// to disk serves them all. Calls come from one thread at a time, save for [`heads`](Store::heads) and
/// [`read`](Store::read), which come at any time.
pub trait Store: Send + Sync + 'static {
    /// Gives all frames of the journal, oldest first, and then all labels of the archive, oldest first.
    ///
    /// # Errors
    /// When it cannot be read, or `each` refuses.
    fn load(&self, each: &mut dyn FnMut(Kept<'_>) -> Result<(), Error>) -> Result<(), Error>;

    /// Writes records (JSON values parted by commas, in one line) as one frame, all or nothing, and returns when they are
    /// safe. Answers how many bytes the youngest segment has.
    ///
    /// # Errors
    /// When they could not be written. The engine then stops: it calls `append` no more.
    fn append(&self, records: &str) -> Result<u64, Error>;

    /// Begins a segment for all that is appended from now on. Answers its number.
    ///
    /// # Errors
    /// When it could not be begun.
    fn rotate(&self) -> Result<u64, Error>;

    /// Forgets the segments before this one.
    ///
    /// # Errors
    /// When they could not be removed.
    fn forget_before(&self, segment: u64) -> Result<(), Error>;

    /// Adds executions to the archive, and returns when they are safe. Answers where they are.
    ///
    /// # Errors
    /// When they could not be written.
    fn archive(&self, closed: &[Closed]) -> Result<Vec<Place>, Error>;

    /// The heads of archived executions, in the order of their places.
    ///
    /// # Errors
    /// When one cannot be read, or is not there any more.
    fn heads(&self, places: &[Place]) -> Result<Vec<String>, Error>;

    /// The body of an archived execution.
    ///
    /// # Errors
    /// When it cannot be read, or is not there any more.
    fn read(&self, place: Place) -> Result<String, Error>;

    /// The parts of the archive, oldest first.
    fn parts(&self) -> Vec<Part>;

    /// Forgets a part of the archive with all that is in it.
    ///
    /// # Errors
    /// When it could not be removed.
    fn forget_part(&self, part: u32) -> Result<(), Error>;
}

/// Which parts are to be forgotten: whole ones only, oldest first, and never the youngest.
pub(crate) fn outdated(parts: &[Part], keep: &Retention, now: Timestamp) -> Vec<u32> {
    let mut count: u64 = parts.iter().map(|part| part.count).sum();
    let mut bytes: u64 = parts.iter().map(|part| part.bytes).sum();
    let mut outdated = Vec::new();
    for part in parts.iter().take(parts.len().saturating_sub(1)) {
        let old = now.since(part.last) > keep.age;
        if !old && count <= keep.count && bytes <= keep.bytes {
            break;
        }
        count -= part.count;
        bytes -= part.bytes;
        outdated.push(part.number);
    }
    outdated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(keep: Retention, expected: &[u32]) {
        let part = |number: u32| Part {
            number,
            count: 10,
            bytes: 1000,
            last: Timestamp::from_millis(i64::from(number) * 1000),
        };
        let parts = [part(1), part(2), part(3), part(4)];
        assert_eq!(
            outdated(&parts, &keep, Timestamp::from_millis(4000)),
            expected
        );
    }

    #[test]
    fn whole_parts_are_forgotten_oldest_first_and_never_the_youngest() {
        let all = Retention::default();
        check(all, &[]);
        check(
            Retention {
                age: Duration::from_millis(1500),
                ..all
            },
            &[1, 2],
        );
        check(Retention { count: 30, ..all }, &[1]);
        check(Retention { bytes: 2500, ..all }, &[1, 2]);
        check(Retention { bytes: 0, ..all }, &[1, 2, 3]);
    }
}
