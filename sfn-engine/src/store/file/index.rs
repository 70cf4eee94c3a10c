//! The labels of a part of the archive once more, in a file that is read fast.
//!
//! It holds nothing that is not in the heads as well, so it is never flushed: a block that is missing or torn is written anew
//! from the heads. A block is a mark, the number of its records, the CRC-32 of what follows, how long the heads were
//! when it was written, and the records, all numbers with the least byte first.

use std::fs::{self, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use crate::Timestamp;
use crate::store::{Error, Label, Span};

/// What every block begins with. Another layout gets another mark, and is then written anew.
const MARK: [u8; 8] = *b"sfn-idx1";

/// The bytes of a block ahead of its records.
const FRONT: usize = 24;

/// The bytes of a record.
const RECORD: usize = 96;

/// What the index tells of an execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) label: Label,
    pub(super) ended: Timestamp,
    pub(super) head: Span,
    pub(super) body: Span,
}

/// What was found in an index.
#[derive(Debug, Default)]
pub(super) struct Known {
    bytes: Vec<u8>,
    /// How many of its bytes are good.
    pub(super) good: u64,
    /// How many bytes of the heads it covers.
    pub(super) heads: u64,
}

impl Record {
    fn write(&self, into: &mut Vec<u8>) {
        for number in self.label {
            into.extend(number.to_le_bytes());
        }
        into.extend(self.ended.as_millis().to_le_bytes());
        into.extend(self.head.offset.to_le_bytes());
        into.extend(self.body.offset.to_le_bytes());
        into.extend(self.head.length.to_le_bytes());
        into.extend(self.body.length.to_le_bytes());
    }

    fn read(bytes: &[u8; RECORD]) -> Self {
        let (numbers, _) = bytes.as_chunks::<8>();
        let (lengths, _) = bytes[88..].as_chunks::<4>();
        let number = |at: usize| u64::from_le_bytes(numbers[at]);
        let length = |at: usize| u32::from_le_bytes(lengths[at]);
        Record {
            label: std::array::from_fn(number),
            ended: Timestamp::from_millis(i64::from_le_bytes(numbers[8])),
            head: Span {
                offset: number(9),
                length: length(0),
            },
            body: Span {
                offset: number(10),
                length: length(1),
            },
        }
    }
}

impl Known {
    /// All records, in the order of their heads.
    pub(super) fn records(&self) -> impl Iterator<Item = Record> {
        let mut rest = &self.bytes[..];
        std::iter::from_fn(move || {
            let block = front(rest)?;
            let (this, others) = rest.split_at(FRONT + block.records);
            rest = others;
            let (records, _) = this[FRONT..].as_chunks::<RECORD>();
            Some(records.iter().map(Record::read))
        })
        .flatten()
    }
}

/// What stands ahead of the records of a block.
struct Front {
    /// How many bytes the records have.
    records: usize,
    sum: u32,
    heads: u64,
}

/// The front of the block that begins here, if it is there as a whole.
fn front(bytes: &[u8]) -> Option<Front> {
    let rest = bytes.strip_prefix(&MARK)?;
    let (count, rest) = rest.split_first_chunk()?;
    let (sum, rest) = rest.split_first_chunk()?;
    let (heads, rest) = rest.split_first_chunk()?;
    let records = usize::try_from(u32::from_le_bytes(*count)).ok()?;
    let records = records.checked_mul(RECORD)?;
    (records <= rest.len()).then_some(Front {
        records,
        sum: u32::from_le_bytes(*sum),
        heads: u64::from_le_bytes(*heads),
    })
}

/// A block of these records, after which the heads are that long.
pub(super) fn block(records: &[Record], heads: u64) -> Vec<u8> {
    let mut rest = Vec::with_capacity(8 + records.len() * RECORD);
    rest.extend(heads.to_le_bytes());
    records.iter().for_each(|record| record.write(&mut rest));
    let count = u32::try_from(records.len()).expect("each has a head in memory");
    let mut block = Vec::with_capacity(16 + rest.len());
    block.extend(MARK);
    block.extend(count.to_le_bytes());
    block.extend(crc32fast::hash(&rest).to_le_bytes());
    block.extend(rest);
    block
}

/// Reads an index, as far as it is good. When the heads have `size` bytes, one that covers more is not theirs.
pub(super) fn read(path: &Path, size: u64) -> Result<Known, Error> {
    let bytes = match fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Known::default()),
        read => read?,
    };
    let (mut good, mut heads) = (0, 0);
    while let Some(block) = front(&bytes[good..]) {
        let end = good + FRONT + block.records;
        // The sum covers the length of the heads as well, the last of the front.
        if crc32fast::hash(&bytes[good + 16..end]) != block.sum || block.heads < heads {
            break;
        }
        (good, heads) = (end, block.heads);
    }
    if heads > size {
        return Ok(Known::default());
    }
    let mut bytes = bytes;
    bytes.truncate(good);
    Ok(Known {
        bytes,
        good: good as u64,
        heads,
    })
}

/// Adds a block behind what is good.
pub(super) fn go_on(path: &Path, good: u64, records: &[Record], heads: u64) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    let mut file = options
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)?;
    file.set_len(good)?;
    file.seek(SeekFrom::End(0))?;
    file.write_all(&block(records, heads))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(number: u64) -> Record {
        Record {
            label: std::array::from_fn(|at| number * 100 + at as u64),
            ended: Timestamp::from_millis(-5),
            head: Span {
                offset: number,
                length: 7,
            },
            body: Span {
                offset: u64::MAX - number,
                length: u32::MAX,
            },
        }
    }

    fn folder(name: &str) -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("sfn-index-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).expect("it can be made");
        folder
    }

    #[track_caller]
    fn check(bytes: &[u8], size: u64, expected: &[Record], heads: u64) {
        let place = std::panic::Location::caller();
        let folder = folder(&format!("{}-{}", place.line(), bytes.len()));
        let path = folder.join("index");
        fs::write(&path, bytes).expect("it can be written");
        let known = read(&path, size).expect("it can be read");
        assert_eq!(known.records().collect::<Vec<_>>(), expected);
        assert_eq!(known.heads, heads);
        go_on(&path, known.good, &[record(9)], 100).expect("it can be written");
        let all = read(&path, 100).expect("it can be read");
        assert_eq!(all.records().last(), Some(record(9)));
        assert_eq!(all.records().count(), expected.len() + 1);
        fs::remove_dir_all(folder).expect("it can be removed");
    }

    #[test]
    fn blocks_are_read_as_far_as_they_are_whole() {
        let first = block(&[record(1), record(2)], 20);
        let mut both = first.clone();
        both.extend(block(&[record(3)], 30));
        check(&both, 30, &[record(1), record(2), record(3)], 30);
        check(&both, 35, &[record(1), record(2), record(3)], 30);
        for cut in first.len()..both.len() {
            check(&both[..cut], 30, &[record(1), record(2)], 20);
        }
        let mut flipped = both.clone();
        let last = flipped.len() - 1;
        flipped[last] ^= 1;
        check(&flipped, 30, &[record(1), record(2)], 20);
    }

    #[test]
    fn an_index_of_other_heads_is_not_used() {
        check(&block(&[record(1)], 20), 19, &[], 0);
        check(b"not an index at all, or of a later layout", 19, &[], 0);
        check(&[], 0, &[], 0);
    }
}
