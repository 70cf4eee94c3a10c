//! The files of the archive.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::index::{self, Record};
use super::{frame, read_lines, sync_folder};
use crate::Timestamp;
use crate::store::{Closed, Error, Kept, Label, Part, Place, Span};

/// A part of the archive is complete when it has that many bytes: small enough that forgetting one part does not forget
/// everything, large enough that few files are open.
const PART: u64 = 32 << 20;

/// All parts of the archive.
#[derive(Debug)]
pub(super) struct Archive {
    folder: PathBuf,
    parts: BTreeMap<u32, Held>,
    /// The youngest part's files, once something was added to it by this process.
    open: Option<Open>,
    next: u32,
}

#[derive(Debug)]
struct Open {
    part: u32,
    heads: File,
    bodies: File,
    index: File,
}

#[derive(Debug, Clone, Copy, Default)]
struct Held {
    count: u64,
    bodies: u64,
    heads: u64,
    last: Timestamp,
}

impl Held {
    fn add(&mut self, record: &Record) {
        let end = |span: Span| span.offset + u64::from(span.length);
        self.count += 1;
        self.heads = self.heads.max(end(record.head));
        self.bodies = self.bodies.max(end(record.body));
        self.last = self.last.max(record.ended);
    }
}

fn bodies(folder: &Path, part: u32) -> PathBuf {
    folder.join(format!("bodies-{part:08}.jsonl"))
}

fn heads_of(folder: &Path, part: u32) -> PathBuf {
    folder.join(format!("heads-{part:08}.jsonl"))
}

fn index_of(folder: &Path, part: u32) -> PathBuf {
    folder.join(format!("index-{part:08}.bin"))
}

/// The heads of executions, in the order of their places.
pub(super) fn heads(folder: &Path, places: &[Place]) -> Result<Vec<String>, Error> {
    let mut texts = Vec::with_capacity(places.len());
    let mut line = Vec::new();
    // Those of a list mostly lie in one part.
    for places in places.chunk_by(|one, other| one.part == other.part) {
        let Some(first) = places.first() else {
            continue;
        };
        let path = heads_of(folder, first.part);
        let mut file = File::open(&path)?;
        for place in places {
            let text = read_line(&mut file, &path, place.head, &mut line)?;
            let (_, head) = head_line(text).ok_or_else(|| damaged(&path, place.head))?;
            texts.push(head.to_owned());
        }
    }
    Ok(texts)
}

/// The body of an execution.
pub(super) fn body(folder: &Path, place: Place) -> Result<String, Error> {
    let path = bodies(folder, place.part);
    let mut line = Vec::new();
    read_line(&mut File::open(&path)?, &path, place.body, &mut line).map(str::to_owned)
}

fn damaged(path: &Path, at: Span) -> Error {
    Error::Corrupt(format!(
        "`{}` is damaged at byte {}",
        path.display(),
        at.offset
    ))
}

/// The text of the line that stands there.
fn read_line<'a>(
    file: &mut File,
    path: &Path,
    at: Span,
    line: &'a mut Vec<u8>,
) -> Result<&'a str, Error> {
    file.seek(SeekFrom::Start(at.offset))?;
    line.resize(at.length as usize, 0);
    file.read_exact(line)?;
    let text = line.split_last().and_then(|(_, line)| frame::text(line));
    text.ok_or_else(|| damaged(path, at))
}

/// A line of heads: where the body is, when the execution ended, its label in hexadecimal numbers, and the head itself.
fn head_line(text: &str) -> Option<((Span, Timestamp, Label), &str)> {
    let mut words = text.splitn(3 + Label::default().len() + 1, ' ');
    let body = Span {
        offset: words.next()?.parse().ok()?,
        length: words.next()?.parse().ok()?,
    };
    let ended = Timestamp::from_millis(words.next()?.parse().ok()?);
    let mut label = Label::default();
    for number in &mut label {
        *number = u64::from_str_radix(words.next()?, 16).ok()?;
    }
    Some(((body, ended, label), words.next()?))
}

/// What stands in front of a head in its line.
fn before_head(record: &Record) -> String {
    use std::fmt::Write as _;
    let Span { offset, length } = record.body;
    let mut text = format!("{offset} {length} {} ", record.ended.as_millis());
    for number in record.label {
        write!(text, "{number:x} ").expect("a text takes it");
    }
    text
}

impl Archive {
    /// The archive in a folder, with parts of these numbers.
    pub(super) fn of(folder: &Path, parts: &[u64]) -> Self {
        let numbers = parts.iter().filter_map(|part| u32::try_from(*part).ok());
        let parts: BTreeMap<u32, Held> = numbers.map(|part| (part, Held::default())).collect();
        let next = parts.keys().last().map_or(1, |last| last + 1);
        Archive {
            folder: folder.to_owned(),
            parts,
            open: None,
            next,
        }
    }

    /// Gives the labels of all executions, oldest first.
    pub(super) fn load(
        &mut self,
        each: &mut dyn FnMut(Kept<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        for (part, held) in &mut self.parts {
            load_part(&self.folder, *part, held, each)?;
        }
        Ok(())
    }

    /// The part that executions are added to: the youngest one until it is full, and never one of an earlier process.
    fn part(&mut self) -> Result<&mut Open, Error> {
        let full = self
            .open
            .as_ref()
            .and_then(|open| self.parts.get(&open.part))
            .is_none_or(|held| held.bodies >= PART);
        if full {
            let part = self.next;
            // A crash may have left the heads of a part that never had a body; they are overwritten.
            let heads = File::create(heads_of(&self.folder, part))?;
            let index = File::create(index_of(&self.folder, part))?;
            let bodies = File::create_new(bodies(&self.folder, part))?;
            sync_folder(&self.folder)?;
            self.next += 1;
            self.parts.insert(part, Held::default());
            self.open = Some(Open {
                part,
                heads,
                bodies,
                index,
            });
        }
        Ok(self.open.as_mut().expect("one was made if there was none"))
    }

    /// Adds executions, and answers where they are when they are safe.
    pub(super) fn add(&mut self, closed: &[Closed]) -> Result<Vec<Place>, Error> {
        let open = self.part()?;
        let part = open.part;
        let mut body_at = open.bodies.seek(SeekFrom::End(0))?;
        let mut head_at = open.heads.seek(SeekFrom::End(0))?;
        let (mut head_lines, mut body_lines) = (Vec::new(), Vec::new());
        let mut records = Vec::with_capacity(closed.len());
        for closed in closed {
            let mut record = Record {
                label: closed.label,
                ended: closed.ended,
                head: Span {
                    offset: head_at,
                    length: 0,
                },
                body: Span {
                    offset: body_at,
                    length: 0,
                },
            };
            let before = body_lines.len();
            frame::write(&mut body_lines, &[&closed.body]);
            record.body.length = length(body_lines.len() - before)?;
            let before = head_lines.len();
            frame::write(&mut head_lines, &[&before_head(&record), &closed.head]);
            record.head.length = length(head_lines.len() - before)?;
            body_at += u64::from(record.body.length);
            head_at += u64::from(record.head.length);
            records.push(record);
        }
        // A head that is there has its body, and what is in the index is there.
        open.bodies.write_all(&body_lines)?;
        open.bodies.sync_data()?;
        open.heads.write_all(&head_lines)?;
        open.heads.sync_data()?;
        // The index is not waited for: where it is missing or torn, the heads are read.
        open.index.write_all(&index::block(&records, head_at))?;
        let held = self.parts.entry(part).or_default();
        records.iter().for_each(|record| held.add(record));
        let place = |record: Record| Place {
            part,
            head: record.head,
            body: record.body,
        };
        Ok(records.into_iter().map(place).collect())
    }

    pub(super) fn parts(&self) -> Vec<Part> {
        let part = |(number, held): (&u32, &Held)| Part {
            number: *number,
            count: held.count,
            bytes: held.bodies + held.heads,
            last: held.last,
        };
        self.parts.iter().map(part).collect()
    }

    pub(super) fn forget(&mut self, part: u32) -> Result<(), Error> {
        self.parts.remove(&part);
        if self.open.as_ref().is_some_and(|open| open.part == part) {
            self.open = None;
        }
        let folder = &self.folder;
        // The bodies last: as long as they are there, so is the number of the part.
        for path in [
            index_of(folder, part),
            heads_of(folder, part),
            bodies(folder, part),
        ] {
            match fs::remove_file(path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error.into());
                }
                _ => {}
            }
        }
        sync_folder(folder)
    }
}

fn length(bytes: usize) -> Result<u32, Error> {
    u32::try_from(bytes).map_err(|_| Error::Corrupt("an execution of more than 4 GiB".to_owned()))
}

/// Gives the labels of one part: from its index, and from the heads that this has not.
fn load_part(
    folder: &Path,
    part: u32,
    held: &mut Held,
    each: &mut dyn FnMut(Kept<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let (heads, index) = (heads_of(folder, part), index_of(folder, part));
    let size = match fs::metadata(&heads) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        found => found?.len(),
    };
    let mut give = |record: Record| {
        held.add(&record);
        let place = Place {
            part,
            head: record.head,
            body: record.body,
        };
        each(Kept::Closed(record.label, place))
    };
    let known = index::read(&index, size)?;
    for record in known.records() {
        give(record)?;
    }
    if known.heads < size {
        let mut late = Vec::new();
        // Heads are written after their bodies, and looked at only by the next process.
        let end = read_lines(&heads, known.heads, true, |text, offset, bytes| {
            let ((body, ended, label), _) = head_line(text).ok_or_else(|| {
                Error::Corrupt(format!("`{}` holds no head: {text}", heads.display()))
            })?;
            let head = Span {
                offset,
                length: length(bytes)?,
            };
            let record = Record {
                label,
                ended,
                head,
                body,
            };
            late.push(record);
            give(record)
        })?;
        if let Err(error) = index::go_on(&index, known.good, &late, end) {
            tracing::warn!("the next start takes longer: {error}");
        }
    }
    Ok(())
}
