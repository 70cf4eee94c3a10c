//! A store double, for the suites that let the disk fail.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sfn_engine::store::{self, Closed, Kept, MemoryStore, Part, Place, Store};

/// A store that fails at the n-th write and ever after.
#[derive(Clone)]
pub(crate) struct FailingAt {
    pub(crate) inner: MemoryStore,
    pub(crate) left: Arc<AtomicUsize>,
}

impl FailingAt {
    fn attempt(&self) -> Result<(), store::Error> {
        let left = self.left.load(Ordering::SeqCst);
        if left == 0 {
            return Err(store::Error::Io(std::io::Error::other("the disk is gone")));
        }
        self.left.store(left - 1, Ordering::SeqCst);
        Ok(())
    }
}

impl Store for FailingAt {
    fn load(
        &self,
        each: &mut dyn FnMut(Kept<'_>) -> Result<(), store::Error>,
    ) -> Result<(), store::Error> {
        self.inner.load(each)
    }

    fn append(&self, records: &str) -> Result<u64, store::Error> {
        self.attempt()?;
        self.inner.append(records)
    }

    fn rotate(&self) -> Result<u64, store::Error> {
        self.attempt()?;
        self.inner.rotate()
    }

    fn forget_before(&self, segment: u64) -> Result<(), store::Error> {
        self.inner.forget_before(segment)
    }

    fn archive(&self, closed: &[Closed]) -> Result<Vec<Place>, store::Error> {
        self.attempt()?;
        self.inner.archive(closed)
    }

    fn heads(&self, places: &[Place]) -> Result<Vec<String>, store::Error> {
        self.inner.heads(places)
    }

    fn read(&self, place: Place) -> Result<String, store::Error> {
        self.inner.read(place)
    }

    fn parts(&self) -> Vec<Part> {
        self.inner.parts()
    }

    fn forget_part(&self, part: u32) -> Result<(), store::Error> {
        self.inner.forget_part(part)
    }
}
