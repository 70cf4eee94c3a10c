//! What was acknowledged survives: a kill at any moment, a write that fails or is torn, and the tidying up.

mod archive;
mod contract;
mod crash;
mod doubles;
mod load;
mod refusals;
mod torn;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder of its own, removed when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("durability-{}-{count}", std::process::id());
        // Nobody pulls the plug here, so memory is as good as a disk, and quicker.
        let memory = PathBuf::from("/dev/shm");
        let disk = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let path = if memory.is_dir() { memory } else { disk }.join(name);
        std::fs::create_dir_all(&path).expect("the folder for temporary files can be written");
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is left to `cargo clean`.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
