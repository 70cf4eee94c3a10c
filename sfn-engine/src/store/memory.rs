//! A store that forgets everything when the process ends.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Closed, Error, Kept, Part, Place, Span, Store};
use crate::Timestamp;

/// Keeps everything in memory: for tests of what an engine makes of what it finds. Clones share their content.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore(Arc<Mutex<Content>>);

#[derive(Debug, Default)]
struct Content {
    segments: Vec<(u64, Vec<String>)>,
    next_segment: u64,
    parts: Vec<(u32, Vec<Closed>)>,
    next_part: u32,
}

/// How many executions go into one part.
const PART: usize = 1000;

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        MemoryStore::default()
    }

    fn lock(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Content {
    fn rotate(&mut self) -> u64 {
        self.next_segment += 1;
        self.segments.push((self.next_segment, Vec::new()));
        self.next_segment
    }

    fn find(&self, place: Place) -> Result<&Closed, Error> {
        let part = self.parts.iter().find(|(part, _)| *part == place.part);
        let index = usize::try_from(place.body.offset).unwrap_or(usize::MAX);
        part.and_then(|(_, held)| held.get(index))
            .ok_or_else(|| Error::Corrupt(format!("there is no part {} any more", place.part)))
    }
}

/// Places count executions here, not bytes.
fn place(part: u32, index: usize, closed: &Closed) -> Place {
    let span = |text: &str| Span {
        offset: index as u64,
        length: u32::try_from(text.len()).unwrap_or(u32::MAX),
    };
    Place {
        part,
        head: span(&closed.head),
        body: span(&closed.body),
    }
}

impl Store for MemoryStore {
    fn load(&self, each: &mut dyn FnMut(Kept<'_>) -> Result<(), Error>) -> Result<(), Error> {
        let content = self.lock();
        for frame in content.segments.iter().flat_map(|(_, frames)| frames) {
            each(Kept::Frame(frame))?;
        }
        for (part, closed) in &content.parts {
            for (index, closed) in closed.iter().enumerate() {
                each(Kept::Closed(closed.label, place(*part, index, closed)))?;
            }
        }
        Ok(())
    }

    fn append(&self, records: &str) -> Result<u64, Error> {
        let mut content = self.lock();
        if content.segments.is_empty() {
            content.rotate();
        }
        let (_, frames) = content
            .segments
            .last_mut()
            .expect("one was made if there was none");
        frames.push(format!("[{records}]"));
        Ok(frames.iter().map(|frame| frame.len() as u64).sum())
    }

    fn rotate(&self) -> Result<u64, Error> {
        Ok(self.lock().rotate())
    }

    fn forget_before(&self, segment: u64) -> Result<(), Error> {
        self.lock()
            .segments
            .retain(|(number, _)| *number >= segment);
        Ok(())
    }

    fn archive(&self, closed: &[Closed]) -> Result<Vec<Place>, Error> {
        let mut content = self.lock();
        let mut places = Vec::new();
        for closed in closed {
            if content
                .parts
                .last()
                .is_none_or(|(_, held)| held.len() >= PART)
            {
                content.next_part += 1;
                let number = content.next_part;
                content.parts.push((number, Vec::new()));
            }
            let (part, held) = content
                .parts
                .last_mut()
                .expect("one was made if there was none");
            places.push(place(*part, held.len(), closed));
            held.push(closed.clone());
        }
        Ok(places)
    }

    fn heads(&self, places: &[Place]) -> Result<Vec<String>, Error> {
        let content = self.lock();
        let head = |place: &Place| Ok(content.find(*place)?.head.clone());
        places.iter().map(head).collect()
    }

    fn read(&self, place: Place) -> Result<String, Error> {
        Ok(self.lock().find(place)?.body.clone())
    }

    fn parts(&self) -> Vec<Part> {
        let content = self.lock();
        let part = |(number, held): &(u32, Vec<Closed>)| Part {
            number: *number,
            count: held.len() as u64,
            bytes: held
                .iter()
                .map(|closed| (closed.head.len() + closed.body.len()) as u64)
                .sum(),
            last: held
                .iter()
                .map(|closed| closed.ended)
                .max()
                .unwrap_or(Timestamp::from_millis(0)),
        };
        content.parts.iter().map(part).collect()
    }

    fn forget_part(&self, part: u32) -> Result<(), Error> {
        self.lock().parts.retain(|(number, _)| *number != part);
        Ok(())
    }
}
