//! Stores that fail.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Weak};

use sfn_engine::store::{Closed, Error, FileStore, Kept, Part, Place, Store};
use sfn_tests::random::Random;

/// What becomes of the n-th write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing of it reaches the disk.
    Fails,
    /// A part of it does.
    Tears,
    /// All of it does, but nobody hears of that.
    Lies,
}

/// A store in a folder whose n-th write goes wrong, and which is dead from then on.
pub(crate) struct Faulty {
    inner: FileStore,
    folder: PathBuf,
    fault: Fault,
    left: Mutex<(usize, Random)>,
    /// Dropped last: when it is gone, the folder is free.
    open: Arc<()>,
}

impl Faulty {
    pub(crate) fn open(folder: PathBuf, fault: Fault, n: usize) -> Self {
        let inner = open(&folder);
        let random = Random::new(n as u64);
        Faulty {
            inner,
            folder,
            fault,
            left: Mutex::new((n, random)),
            open: Arc::new(()),
        }
    }

    /// What is there for as long as the folder is taken.
    pub(crate) fn while_open(&self) -> Weak<()> {
        Arc::downgrade(&self.open)
    }

    /// Passes a write on, or lets it go wrong.
    fn attempt<T>(&self, write: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        let dead = || Err(Error::Io(std::io::Error::other("the disk is gone")));
        let mut left = self.left.lock().expect("nobody panics here");
        match left.0 {
            usize::MAX => dead(),
            0 => {
                left.0 = usize::MAX;
                let before = self.files();
                if self.fault != Fault::Fails {
                    write()?;
                }
                if self.fault == Fault::Tears {
                    self.tear(&before, &mut left.1);
                }
                dead()
            }
            _ => {
                left.0 -= 1;
                write()
            }
        }
    }

    /// All files that grow, and how long they are.
    fn files(&self) -> Vec<(PathBuf, u64)> {
        let mut files: Vec<(PathBuf, u64)> = fs::read_dir(&self.folder)
            .expect("the folder can be read")
            .map(|entry| entry.expect("the folder can be read"))
            .map(|entry| (entry.path(), entry.metadata().map_or(0, |data| data.len())))
            .filter(|(path, _)| {
                path.extension()
                    .is_some_and(|end| end == "jsonl" || end == "bin")
            })
            .collect();
        files.sort();
        files
    }

    /// Cuts off some of what was written since.
    ///
    /// Of several files only one is torn: the ones written before it are safe by then, of those behind it there is nothing.
    fn tear(&self, before: &[(PathBuf, u64)], random: &mut Random) {
        let length_of = |path: &PathBuf| {
            let known = before.iter().find(|(known, _)| known == path);
            known.map_or(0, |(_, length)| *length)
        };
        // Bodies come before heads, and these before the index, in the alphabet as on the disk.
        let grown: Vec<(PathBuf, u64, u64)> = self
            .files()
            .into_iter()
            .map(|(path, length)| (length_of(&path), path, length))
            .filter(|(old, _, length)| length > old)
            .map(|(old, path, length)| (path, old, length))
            .collect();
        if grown.is_empty() {
            return;
        }
        let torn = random.below(grown.len());
        for (index, (path, old, length)) in grown.into_iter().enumerate().skip(torn) {
            let some = usize::try_from(length - old).expect("a frame is small");
            let kept = if index == torn {
                old + random.below(some) as u64
            } else {
                old
            };
            let file = fs::OpenOptions::new().write(true).open(path);
            file.and_then(|file| file.set_len(kept))
                .expect("the file can be cut");
        }
    }
}

/// Opens a folder that nobody here has open any more.
///
/// A child that another test is just starting holds every open file of this process, locks included, until it becomes
/// a program of its own: a matter of microseconds.
fn open(folder: &Path) -> FileStore {
    for _ in 0..1_000_000 {
        match FileStore::open(folder.to_owned()) {
            Err(Error::Locked { .. }) => std::thread::yield_now(),
            opened => return opened.expect("the folder is free"),
        }
    }
    panic!("{} stays locked", folder.display());
}

impl Store for Faulty {
    fn load(&self, each: &mut dyn FnMut(Kept<'_>) -> Result<(), Error>) -> Result<(), Error> {
        self.inner.load(each)
    }

    fn append(&self, records: &str) -> Result<u64, Error> {
        self.attempt(|| self.inner.append(records))
    }

    fn rotate(&self) -> Result<u64, Error> {
        self.attempt(|| self.inner.rotate())
    }

    fn forget_before(&self, segment: u64) -> Result<(), Error> {
        self.attempt(|| self.inner.forget_before(segment))
    }

    fn archive(&self, closed: &[Closed]) -> Result<Vec<Place>, Error> {
        self.attempt(|| self.inner.archive(closed))
    }

    fn heads(&self, places: &[Place]) -> Result<Vec<String>, Error> {
        self.inner.heads(places)
    }

    fn read(&self, place: Place) -> Result<String, Error> {
        self.inner.read(place)
    }

    fn parts(&self) -> Vec<Part> {
        self.inner.parts()
    }

    fn forget_part(&self, part: u32) -> Result<(), Error> {
        self.attempt(|| self.inner.forget_part(part))
    }
}
