//! Executions in the archive, and how an execution is found wherever it is.

use std::ops::Deref;
use std::sync::Arc;

use super::facts::Mark;
use super::machines::Revision;
use super::slots::Head;
use super::{Core, Entry, Shared};
use crate::Error;
use crate::api::ExecutionListItem;
use crate::store::{self, Store};

/// An execution in the archive, to be read without holding the engine's lock.
pub(crate) struct Archived {
    store: Arc<dyn Store>,
    pub(crate) place: store::Place,
    revision: Arc<Revision>,
}

impl Archived {
    fn of(head: &Head, store: &Arc<dyn Store>) -> Self {
        Archived {
            store: store.clone(),
            place: head.place,
            revision: head.revision.clone(),
        }
    }

    /// Reads it.
    ///
    /// # Errors
    /// When it cannot be read; perhaps it is not there any more.
    pub(crate) fn read(&self) -> Result<Entry, Error> {
        let text = self.store.read(self.place).map_err(Error::Store)?;
        let data = serde_json::from_str(&text).map_err(|error| {
            Error::Store(store::Error::Corrupt(format!("{error}, in the archive")))
        })?;
        Ok(Entry::read(data, self.revision.clone()))
    }
}

/// An execution that was asked for: one in memory, or one that was read from the archive.
pub(crate) enum Found<'a> {
    Live(&'a Entry),
    Archived(Box<Entry>),
}

impl Deref for Found<'_> {
    type Target = Entry;

    fn deref(&self) -> &Entry {
        match self {
            Found::Live(entry) => entry,
            Found::Archived(entry) => entry,
        }
    }
}

impl Shared {
    /// What lists tell of archived executions; `None` for those that were forgotten meanwhile.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(crate) fn heads(
        &self,
        places: &[store::Place],
    ) -> Result<Vec<Option<ExecutionListItem>>, Error> {
        let Some(writer) = &self.writer else {
            return Ok(Vec::new());
        };
        let mut items = Vec::with_capacity(places.len());
        for places in places.chunk_by(|one, other| one.part == other.part) {
            let part = places.first().map(|place| place.part);
            let texts = match writer.store.heads(places) {
                Ok(texts) => texts,
                Err(error) => {
                    let parts = writer.store.parts();
                    if parts.iter().any(|known| Some(known.number) == part) {
                        return Err(Error::Store(error));
                    }
                    items.extend(places.iter().map(|_| None));
                    continue;
                }
            };
            for text in texts {
                let item = serde_json::from_str(&text).map_err(|error| {
                    let text = format!("{error}, in a head of the archive");
                    Error::Store(store::Error::Corrupt(text))
                })?;
                items.push(Some(item));
            }
        }
        Ok(items)
    }
}

impl Core {
    /// The execution of this ARN, if it is in memory.
    pub(crate) fn live_by_arn(&self, arn: &str) -> Option<(usize, &Entry)> {
        let number = *self.by_arn.get(arn)?;
        Some((number, self.executions.get(number)?))
    }

    /// The archived executions one of which may have this ARN: mostly there is no or one such execution.
    pub(crate) fn candidates(&self, arn: &str) -> Vec<(usize, Archived)> {
        let Some(journal) = &self.journal else {
            return Vec::new();
        };
        let heads = self.executions.marked(Mark::of(arn));
        heads
            .map(|head| (head.facts.number, Archived::of(head, &journal.store)))
            .collect()
    }

    pub(super) fn archived_by_arn(&self, arn: &str) -> Result<Option<(usize, Entry)>, Error> {
        for (number, archived) in self.candidates(arn) {
            let entry = archived.read()?;
            if &*entry.about().arn == arn {
                return Ok(Some((number, entry)));
            }
        }
        Ok(None)
    }

    /// The execution of this ARN, and its number.
    ///
    /// # Errors
    /// When there is none, or it is in the archive and cannot be read from there.
    pub(crate) fn by_arn(&self, arn: &str) -> Result<(usize, Found<'_>), Error> {
        if let Some((number, entry)) = self.live_by_arn(arn) {
            return Ok((number, Found::Live(entry)));
        }
        let (number, entry) = self
            .archived_by_arn(arn)?
            .ok_or_else(|| Error::ExecutionDoesNotExist(arn.to_owned()))?;
        Ok((number, Found::Archived(Box::new(entry))))
    }

    /// The execution of this number.
    ///
    /// # Errors
    /// When it is in the archive and cannot be read from there.
    pub(super) fn by_number(&self, number: usize) -> Result<Found<'_>, Error> {
        match self.executions.get(number) {
            Some(entry) => Ok(Found::Live(entry)),
            None => Ok(Found::Archived(Box::new(self.read(number)?))),
        }
    }

    /// An execution in the archive, still to be read.
    pub(super) fn archived(&self, number: usize) -> Result<Archived, Error> {
        let gone = || store::Error::Corrupt(format!("execution number {number} is not there"));
        let head = self.executions.head(number);
        let (Some(head), Some(journal)) = (head, &self.journal) else {
            return Err(Error::Store(gone()));
        };
        Ok(Archived::of(head, &journal.store))
    }

    /// Reads an execution from the archive.
    pub(super) fn read(&self, number: usize) -> Result<Entry, Error> {
        self.archived(number)?.read()
    }
}
