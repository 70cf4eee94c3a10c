use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{Error, Store};
use crate::BoxFuture;

/// A folder as a store: for the embedded engine, and for workers that share a disk.
#[derive(Clone)]
pub struct Directory {
    folder: Arc<Folder>,
}

struct Folder {
    path: PathBuf,
    /// Whether it ends with the store.
    temporary: bool,
}

/// Tells the temporary folders and files of one process apart.
static NUMBER: AtomicU64 = AtomicU64::new(0);

impl Directory {
    /// That folder. It is made when the first value comes.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self::of(path.into(), false)
    }

    /// A folder of its own among the system's temporary ones. It is removed with the last clone of this.
    pub fn temporary() -> Self {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("sfn-large-{}-{number}", uuid::Uuid::new_v4().simple());
        Self::of(std::env::temp_dir().join(name), true)
    }

    fn of(path: PathBuf, temporary: bool) -> Self {
        Self {
            folder: Arc::new(Folder { path, temporary }),
        }
    }

    async fn work<T: Send + 'static>(
        &self,
        key: String,
        what: &'static str,
        work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let path = self.folder.path.join(&key);
        let ended = tokio::task::spawn_blocking(move || work(&path)).await;
        let store = format!("{self:?}");
        match ended.map_err(io::Error::other) {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) if what == "read" && error.kind() == io::ErrorKind::NotFound => {
                Err(Error::Missing { store, key })
            }
            Ok(Err(source)) | Err(source) => Err(Error::Failed {
                store,
                what,
                source: Box::new(source),
            }),
        }
    }
}

impl Store for Directory {
    fn put(&self, key: String, bytes: Vec<u8>) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(self.work(key, "write", move |path| {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            // Whoever reads sees all of it or nothing.
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let written = path.with_extension(format!("{}-{number}", std::process::id()));
            fs::write(&written, bytes)?;
            fs::rename(written, path)
        }))
    }

    fn get(&self, key: String) -> BoxFuture<'_, Result<Vec<u8>, Error>> {
        Box::pin(self.work(key, "read", |path| fs::read(path)))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.temporary {
            // It is not there when no value was large; and what remains of it hurts nobody.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

impl fmt::Debug for Directory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the folder {}", self.folder.path.display())
    }
}
