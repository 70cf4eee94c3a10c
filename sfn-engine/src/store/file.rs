//! A store in a folder.
//!
//! | file | holds |
//! |---|---|
//! | `format` | the version of the format |
//! | `lock` | the number of the process that has it open |
//! | `journal-<n>.jsonl` | one segment of the journal, a frame a line |
//! | `heads-<n>.jsonl`, `bodies-<n>.jsonl` | one part of the archive, an execution a line |
//!
//! Each line has a checksum in front (see `frame`). Nothing is ever changed in place: files grow, and are removed.

mod frame;

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Closed, Error, Kept, Part, Place, Store};
use crate::Timestamp;

/// The format this version writes, and the newest it reads.
const FORMAT: u32 = 1;

/// A part of the archive is complete when it has that many bytes: small enough that forgetting one part does not forget
/// everything, large enough that few files are open.
const PART: u64 = 32 << 20;

/// Keeps everything in a folder, in files of lines that `cut` and `jq` can read.
#[derive(Debug)]
pub struct FileStore {
    folder: PathBuf,
    /// Locked for as long as this lives.
    _lock: File,
    journal: Mutex<Journal>,
    archive: Mutex<Archive>,
}

#[derive(Debug)]
struct Journal {
    /// The youngest segment and its file, once something was written.
    open: Option<(File, u64)>,
    segments: Vec<u64>,
    next: u64,
}

#[derive(Debug)]
struct Archive {
    parts: BTreeMap<u32, Held>,
    /// The youngest part's files, once something was added to it by this process.
    open: Option<(u32, File, File)>,
    next: u32,
}

#[derive(Debug, Clone, Copy, Default)]
struct Held {
    count: u64,
    bodies: u64,
    heads: u64,
    last: Timestamp,
}

fn numbered(folder: &Path, prefix: &str) -> Result<Vec<u64>, Error> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let number: Option<u64> = name
            .to_str()
            .and_then(|name| name.strip_prefix(prefix)?.strip_suffix(".jsonl"))
            .and_then(|number| number.parse().ok());
        found.extend(number);
    }
    found.sort_unstable();
    Ok(found)
}

fn lock(folder: &Path) -> Result<File, Error> {
    let path = folder.join("lock");
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(path)?;
    match file.try_lock() {
        Ok(()) => {
            file.set_len(0)?;
            file.write_all(std::process::id().to_string().as_bytes())?;
            Ok(file)
        }
        Err(fs::TryLockError::WouldBlock) => {
            let mut pid = String::new();
            // Where the lock forbids reading as well, the number stays unknown.
            if file.read_to_string(&mut pid).is_err() || pid.is_empty() {
                pid = "(unknown)".to_owned();
            }
            Err(Error::Locked { pid })
        }
        Err(fs::TryLockError::Error(error)) => Err(error.into()),
    }
}

fn check_format(folder: &Path) -> Result<(), Error> {
    let path = folder.join("format");
    match fs::read_to_string(&path) {
        Ok(text) => {
            let found = text
                .strip_prefix("sfn-engine ")
                .and_then(|rest| rest.trim().parse().ok())
                .ok_or_else(|| {
                    Error::Corrupt(format!(
                        "`{}` is not the mark of an engine's folder",
                        path.display()
                    ))
                })?;
            if found > FORMAT {
                return Err(Error::TooNew {
                    found,
                    known: FORMAT,
                });
            }
            Ok(())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            // The mark appears as a whole or not at all.
            let draft = folder.join("format.new");
            let mut file = File::create(&draft)?;
            writeln!(file, "sfn-engine {FORMAT}")?;
            file.sync_all()?;
            fs::rename(draft, path)?;
            sync_folder(folder)
        }
        Err(error) => Err(error.into()),
    }
}

/// Makes sure that names of new files are on disk, too.
fn sync_folder(folder: &Path) -> Result<(), Error> {
    // Windows keeps names without being asked, and has no way to ask.
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Hands over the lines of a file and cuts off what a crash left half written.
fn read_lines(
    path: &Path,
    may_be_torn: bool,
    each: impl FnMut(&str) -> Result<(), Error>,
) -> Result<u64, Error> {
    let bytes = fs::read(path)?;
    let name = path.display().to_string();
    let good = frame::read(&bytes, &name, each)?;
    if good < bytes.len() {
        if !may_be_torn {
            return Err(Error::Corrupt(format!(
                "`{name}` is cut off at byte {good}, though it was complete once"
            )));
        }
        let torn = bytes.len() - good;
        tracing::warn!("cut {torn} bytes of an unfinished write off `{name}`");
        let file = OpenOptions::new().write(true).open(path)?;
        file.set_len(good as u64)?;
        file.sync_all()?;
    }
    Ok(good as u64)
}

impl FileStore {
    /// Opens a folder, which is made if it is not there.
    ///
    /// # Errors
    /// [`Error::Locked`]: another process has it open. [`Error::TooNew`]: a newer version wrote it. [`Error::Io`]: it
    /// cannot be read or written.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, Error> {
        let folder = folder.into();
        fs::create_dir_all(&folder)?;
        let lock = lock(&folder)?;
        check_format(&folder)?;
        let segments = numbered(&folder, "journal-")?;
        let next = segments.last().map_or(1, |last| last + 1);
        let journal = Journal {
            open: None,
            segments,
            next,
        };
        let parts: BTreeMap<u32, Held> = numbered(&folder, "bodies-")?
            .into_iter()
            .filter_map(|number| Some((u32::try_from(number).ok()?, Held::default())))
            .collect();
        let next = parts.keys().last().map_or(1, |last| last + 1);
        let archive = Archive {
            parts,
            open: None,
            next,
        };
        Ok(FileStore {
            folder,
            _lock: lock,
            journal: Mutex::new(journal),
            archive: Mutex::new(archive),
        })
    }

    fn segment(&self, number: u64) -> PathBuf {
        self.folder.join(format!("journal-{number:08}.jsonl"))
    }

    fn bodies(&self, part: u32) -> PathBuf {
        self.folder.join(format!("bodies-{part:08}.jsonl"))
    }

    fn heads(&self, part: u32) -> PathBuf {
        self.folder.join(format!("heads-{part:08}.jsonl"))
    }

    fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn archived(&self) -> MutexGuard<'_, Archive> {
        self.archive.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, journal: &mut Journal) -> Result<u64, Error> {
        let number = journal.next;
        let file = File::create_new(self.segment(number))?;
        sync_folder(&self.folder)?;
        journal.next += 1;
        journal.segments.push(number);
        journal.open = Some((file, 0));
        Ok(number)
    }

    /// The part that executions are added to: the youngest one until it is full, and never one of an earlier process.
    fn part<'a>(&self, archive: &'a mut Archive) -> Result<&'a mut (u32, File, File), Error> {
        let full = archive
            .open
            .as_ref()
            .and_then(|(part, ..)| archive.parts.get(part))
            .is_none_or(|held| held.bodies >= PART);
        if full {
            let part = archive.next;
            // A crash may have left the heads of a part that never had a body; they are overwritten.
            let heads = File::create(self.heads(part))?;
            let bodies = File::create_new(self.bodies(part))?;
            sync_folder(&self.folder)?;
            archive.next += 1;
            archive.parts.insert(part, Held::default());
            archive.open = Some((part, heads, bodies));
        }
        Ok(archive
            .open
            .as_mut()
            .expect("one was made if there was none"))
    }
}

/// A line of heads: where the body is, when the execution ended, and the head itself.
fn head_line(text: &str) -> Option<(u64, u32, Timestamp, &str)> {
    let mut words = text.splitn(4, ' ');
    let offset = words.next()?.parse().ok()?;
    let length = words.next()?.parse().ok()?;
    let ended = Timestamp::from_millis(words.next()?.parse().ok()?);
    Some((offset, length, ended, words.next()?))
}

impl Store for FileStore {
    fn load(&self, each: &mut dyn FnMut(Kept<'_>) -> Result<(), Error>) -> Result<(), Error> {
        {
            let journal = self.journal();
            for (index, segment) in journal.segments.iter().enumerate() {
                // A segment is begun only when all before it was safe.
                let last = index + 1 == journal.segments.len();
                read_lines(&self.segment(*segment), last, |text| {
                    each(Kept::Frame(text))
                })?;
            }
        }
        let mut archive = self.archived();
        for (part, held) in &mut archive.parts {
            let path = self.heads(*part);
            if !path.exists() {
                continue;
            }
            // Heads are written after their bodies, and looked at only by the next process.
            held.heads = read_lines(&path, true, |text| {
                let (offset, length, ended, head) = head_line(text).ok_or_else(|| {
                    Error::Corrupt(format!("`{}` holds no head: {text}", path.display()))
                })?;
                held.count += 1;
                held.bodies = offset + u64::from(length);
                held.last = held.last.max(ended);
                let place = Place {
                    part: *part,
                    offset,
                    length,
                };
                each(Kept::Head(head, place))
            })?;
        }
        Ok(())
    }

    fn append(&self, records: &str) -> Result<u64, Error> {
        let mut journal = self.journal();
        if journal.open.is_none() {
            // A process never goes on in a file that another one wrote.
            self.begin(&mut journal)?;
        }
        let (file, size) = journal
            .open
            .as_mut()
            .expect("one was begun if there was none");
        let mut line = Vec::with_capacity(records.len() + 16);
        frame::write(&mut line, &["[", records, "]"]);
        file.write_all(&line)?;
        file.sync_data()?;
        *size += line.len() as u64;
        Ok(*size)
    }

    fn rotate(&self) -> Result<u64, Error> {
        self.begin(&mut self.journal())
    }

    fn forget_before(&self, segment: u64) -> Result<(), Error> {
        let mut journal = self.journal();
        let (old, kept): (Vec<u64>, Vec<u64>) = journal
            .segments
            .iter()
            .partition(|number| **number < segment);
        // Oldest first, so that a crash in between leaves no gap.
        for number in old {
            fs::remove_file(self.segment(number))?;
        }
        journal.segments = kept;
        sync_folder(&self.folder)
    }

    fn archive(&self, closed: &[Closed]) -> Result<Vec<Place>, Error> {
        let mut archive = self.archived();
        let (part, heads, bodies) = self.part(&mut archive)?;
        let part = *part;
        let mut offset = bodies.seek(SeekFrom::End(0))?;
        let (mut head_lines, mut body_lines) = (Vec::new(), Vec::new());
        let mut places = Vec::new();
        for closed in closed {
            let before = body_lines.len();
            frame::write(&mut body_lines, &[&closed.body]);
            let length = u32::try_from(body_lines.len() - before)
                .map_err(|_| Error::Corrupt("an execution of more than 4 GiB".to_owned()))?;
            let place = Place {
                part,
                offset,
                length,
            };
            let before = format!("{offset} {length} {} ", closed.ended.as_millis());
            frame::write(&mut head_lines, &[&before, &closed.head]);
            offset += u64::from(length);
            places.push(place);
        }
        // A head that is there has its body.
        bodies.write_all(&body_lines)?;
        bodies.sync_data()?;
        heads.write_all(&head_lines)?;
        heads.sync_data()?;
        let held = archive.parts.entry(part).or_default();
        held.count += closed.len() as u64;
        held.bodies = offset;
        held.heads += head_lines.len() as u64;
        held.last = closed
            .iter()
            .map(|closed| closed.ended)
            .fold(held.last, Timestamp::max);
        Ok(places)
    }

    fn read(&self, place: Place) -> Result<String, Error> {
        let path = self.bodies(place.part);
        let mut file = File::open(&path)?;
        file.seek(SeekFrom::Start(place.offset))?;
        let mut line = vec![0; place.length as usize];
        file.read_exact(&mut line)?;
        let text = line.split_last().and_then(|(_, line)| frame::text(line));
        text.map(str::to_owned).ok_or_else(|| {
            Error::Corrupt(format!(
                "`{}` is damaged at byte {}",
                path.display(),
                place.offset
            ))
        })
    }

    fn parts(&self) -> Vec<Part> {
        let archive = self.archived();
        let part = |(number, held): (&u32, &Held)| Part {
            number: *number,
            count: held.count,
            bytes: held.bodies + held.heads,
            last: held.last,
        };
        archive.parts.iter().map(part).collect()
    }

    fn forget_part(&self, part: u32) -> Result<(), Error> {
        let mut archive = self.archived();
        archive.parts.remove(&part);
        if archive
            .open
            .as_ref()
            .is_some_and(|(open, ..)| *open == part)
        {
            archive.open = None;
        }
        // The heads first: without them, nobody looks for the bodies.
        for path in [self.heads(part), self.bodies(part)] {
            match fs::remove_file(path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error.into());
                }
                _ => {}
            }
        }
        sync_folder(&self.folder)
    }
}
