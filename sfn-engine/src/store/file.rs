//! A store in a folder.
//!
//! | file | holds |
//! |---|---|
//! | `format` | the version of the format |
//! | `lock` | the number of the process that has it open |
//! | `journal-<n>.jsonl` | one segment of the journal, a frame a line |
//! | `heads-<n>.jsonl`, `bodies-<n>.jsonl` | one part of the archive, an execution a line |
//! | `index-<n>.bin` | the labels of this part once more, as they are read fastest |
//!
//! Each line has a checksum in front (see `frame`). Nothing is ever changed in place: files grow, and are removed.

mod archive;
mod frame;
mod index;

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use self::archive::Archive;
use super::{Closed, Error, Kept, Part, Place, Store};

/// The format this version writes, and the newest it reads.
const FORMAT: u32 = 1;

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

/// Hands over the lines of a file, from a byte on, with where they stand, and cuts off what a crash left half written. Answers
/// how long the file is then.
fn read_lines(
    path: &Path,
    from: u64,
    may_be_torn: bool,
    each: impl FnMut(&str, u64, usize) -> Result<(), Error>,
) -> Result<u64, Error> {
    let mut bytes = Vec::new();
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(from))?;
    file.read_to_end(&mut bytes)?;
    let name = path.display().to_string();
    let good = frame::read(&bytes, &name, from, each)?;
    let end = from + good as u64;
    if good < bytes.len() {
        if !may_be_torn {
            return Err(Error::Corrupt(format!(
                "`{name}` is cut off at byte {end}, though it was complete once"
            )));
        }
        let torn = bytes.len() - good;
        tracing::warn!("cut {torn} bytes of an unfinished write off `{name}`");
        let file = OpenOptions::new().write(true).open(path)?;
        file.set_len(end)?;
        file.sync_all()?;
    }
    Ok(end)
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
        let archive = Archive::of(&folder, &numbered(&folder, "bodies-")?);
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
}

impl Store for FileStore {
    fn load(&self, each: &mut dyn FnMut(Kept<'_>) -> Result<(), Error>) -> Result<(), Error> {
        {
            let journal = self.journal();
            for (index, segment) in journal.segments.iter().enumerate() {
                // A segment is begun only when all before it was safe.
                let last = index + 1 == journal.segments.len();
                read_lines(&self.segment(*segment), 0, last, |text, _, _| {
                    each(Kept::Frame(text))
                })?;
            }
        }
        self.archived().load(each)
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
        self.archived().add(closed)
    }

    fn heads(&self, places: &[Place]) -> Result<Vec<String>, Error> {
        archive::heads(&self.folder, places)
    }

    fn read(&self, place: Place) -> Result<String, Error> {
        archive::body(&self.folder, place)
    }

    fn parts(&self) -> Vec<Part> {
        self.archived().parts()
    }

    fn forget_part(&self, part: u32) -> Result<(), Error> {
        self.archived().forget(part)
    }
}
