//! What is kept in memory of an execution in the archive.
//!
//! It is what must be known at once of each of a million: numbers alone. Texts are known by their marks; whoever needs the
//! texts reads them.

use std::hash::{BuildHasherDefault, Hasher};

use super::Entry;
use crate::store::{Error, Label};
use crate::{ExecutionStatus, Timestamp};

/// Stands for a text. Two texts with one mark are unlikely, not impossible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Mark(u64);

impl Mark {
    /// FNV-1a, since marks are written down and the standard library's hashes may change with each of its versions.
    pub(crate) fn of(text: &str) -> Mark {
        let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        // None is written as 0.
        Mark(hash.max(1))
    }

    fn read(number: u64) -> Option<Mark> {
        (number != 0).then_some(Mark(number))
    }

    fn number(mark: Option<Mark>) -> u64 {
        mark.map_or(0, |mark| mark.0)
    }
}

/// Marks are hashes already.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

/// Builds [`AsItIs`].
pub(crate) type ByMark = BuildHasherDefault<AsItIs>;

/// What is known of an execution without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) number: usize,
    /// Its ARN.
    pub(crate) arn: Mark,
    /// Its machine's ARN.
    pub(crate) machine: Mark,
    /// The ARN of the version that it was started by.
    pub(crate) version: Option<Mark>,
    /// The ARN of the alias that it was started by.
    pub(crate) alias: Option<Mark>,
    /// The number of its machine's revision.
    pub(crate) revision: u64,
    pub(crate) started: Timestamp,
    pub(crate) status: ExecutionStatus,
    /// Whether it is the child of a Map Run.
    pub(crate) is_child: bool,
    pub(crate) redrives: u32,
}

/// In the order of their numbers in labels, which never changes.
const STATUSES: [ExecutionStatus; 6] = [
    ExecutionStatus::Running,
    ExecutionStatus::Succeeded,
    ExecutionStatus::Failed,
    ExecutionStatus::TimedOut,
    ExecutionStatus::Aborted,
    ExecutionStatus::PendingRedrive,
];

impl Facts {
    pub(super) fn of(number: usize, entry: &Entry) -> Facts {
        let (about, origin) = (entry.about(), &entry.origin);
        Facts {
            number,
            arn: Mark::of(&about.arn),
            machine: Mark::of(&about.machine_arn),
            version: origin.version_arn.as_deref().map(Mark::of),
            alias: origin.alias_arn.as_deref().map(Mark::of),
            revision: origin.revision.serial,
            started: about.started,
            status: entry.status(),
            is_child: entry.is_child(),
            redrives: entry.execution.redrive_count,
        }
    }

    /// As they are written.
    pub(super) fn label(&self) -> Label {
        let status = STATUSES.iter().position(|status| *status == self.status);
        let status = status.expect("all are listed") as u64;
        [
            self.number as u64,
            self.arn.0,
            self.machine.0,
            Mark::number(self.version),
            Mark::number(self.alias),
            self.revision,
            self.started.as_millis().cast_unsigned(),
            u64::from(self.redrives) << 32 | u64::from(self.is_child) << 8 | status,
        ]
    }

    /// What a label says.
    ///
    /// # Errors
    /// When it says nothing that this version understands.
    pub(super) fn read(label: Label) -> Result<Facts, Error> {
        let wrong = || Error::Corrupt(format!("{label:x?} is no label of an execution"));
        let [
            number,
            arn,
            machine,
            version,
            alias,
            revision,
            started,
            rest,
        ] = label;
        let status = STATUSES.get((rest & 0xff) as usize).ok_or_else(wrong)?;
        Ok(Facts {
            number: usize::try_from(number).map_err(|_| wrong())?,
            arn: Mark::read(arn).ok_or_else(wrong)?,
            machine: Mark::read(machine).ok_or_else(wrong)?,
            version: Mark::read(version),
            alias: Mark::read(alias),
            revision,
            started: Timestamp::from_millis(started.cast_signed()),
            status: *status,
            is_child: rest >> 8 & 1 == 1,
            redrives: (rest >> 32) as u32,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_read_as_they_were_written() {
        for status in STATUSES {
            let facts = Facts {
                number: 7,
                arn: Mark::of("arn"),
                machine: Mark::of("machine"),
                version: None,
                alias: Some(Mark::of("alias")),
                revision: 3,
                started: Timestamp::from_millis(-1),
                status,
                is_child: status == ExecutionStatus::Failed,
                redrives: u32::MAX,
            };
            let read = Facts::read(facts.label()).expect("it is a label");
            assert_eq!(read, facts);
        }
    }

    #[test]
    fn marks_never_change() {
        // They are on disk.
        assert_eq!(Mark::of(""), Mark(0xcbf2_9ce4_8422_2325));
        assert_eq!(Mark::of("a"), Mark(0xaf63_dc4c_8601_ec8c));
    }

    #[test]
    fn a_label_that_nobody_wrote_is_refused() {
        Facts::read([0; 8]).expect_err("there is no ARN");
        Facts::read([1, 1, 1, 0, 0, 0, 0, 6]).expect_err("there is no such status");
    }
}
