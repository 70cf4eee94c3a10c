//! Keeps the journal short and the archive bounded.
//!
//! When a segment has become long, a new one begins. Executions that are over go to the archive; of the others it is written
//! how they stand, a few at a time, so that nobody waits for long. Then the old segments are not needed any more. A crash
//! at any time in between leaves the old segments, and what is in the new one as well does no harm.

use std::sync::{Arc, PoisonError, Weak};

use super::executions::{Entry, Parent};
use super::facts::Facts;
use super::journal::{EntryText, Noted, Standing};
use super::slots::Head;
use super::{Core, Shared};
use crate::store::{Closed, Error, Place, outdated};

/// How many executions are written under one hold of the lock.
const FEW: usize = 64;

/// How many executions go to the archive with one flush.
const MANY: usize = 2048;

/// A journal of this size that was read at the start is made shorter at once, so that many short runs do not add up.
const WORTHWHILE: u64 = 64 << 10;

/// Starts the task that keeps the journal short. It ends with the engine.
pub(super) fn watch(shared: &Arc<Shared>, replayed: u64) {
    let Some(writer) = &shared.writer else {
        return;
    };
    let (engine, length) = (Arc::downgrade(shared), writer.length());
    if replayed > WORTHWHILE {
        length.exceeded.notify_one();
    }
    let ended = shared.ended.subscribe();
    shared.runtime.spawn(async move {
        let mut ended = ended;
        loop {
            tokio::select! {
                () = length.exceeded.notified() => {}
                // It never has a value: an error says that the engine is gone.
                _ = ended.changed() => return,
            }
            let engine = engine.clone();
            let done = tokio::task::spawn_blocking(move || keep(&engine)).await;
            match done {
                Ok(Some(Ok(()))) => length.accept(),
                Ok(Some(Err(error))) => {
                    tracing::error!("the journal stays long: {error}");
                    return;
                }
                _ => return,
            }
        }
    });
}

/// `None` when the engine is gone.
fn keep(engine: &Weak<Shared>) -> Option<Result<(), Error>> {
    let shared = engine.upgrade()?;
    Some(shared.shorten())
}

impl Shared {
    /// Makes the journal as short as it can be, and forgets what is too old.
    ///
    /// It blocks: not to be called by an async function.
    pub(crate) fn shorten(&self) -> Result<(), Error> {
        let Some(writer) = &self.writer else {
            return Ok(());
        };
        let _alone = self
            .shortening
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let (segment, numbers) = {
            let mut core = self.lock();
            let segment = core.begin_segment(writer);
            let numbers: Vec<(usize, bool)> = core
                .executions
                .live()
                .map(|(number, entry)| (number, core.may_be_archived(entry)))
                .collect();
            (segment, numbers)
        };
        let segment = segment
            .blocking_recv()
            .map_err(|_| Error::Stopped("nothing can be written".to_owned()))?;
        let (over, open): (Vec<_>, Vec<_>) = numbers.into_iter().partition(|(_, over)| *over);
        let mut open: Vec<usize> = open.into_iter().map(|(number, _)| number).collect();
        for many in over.chunks(MANY) {
            self.archive(many, &mut open)?;
        }
        for few in open.chunks(FEW) {
            let mut core = self.lock();
            for number in few {
                core.note_entry(*number);
            }
            core.hand_over(self.writer.as_ref());
        }
        // Last of all: now each child of theirs is known to whoever reads this.
        let ticket = {
            let mut core = self.lock();
            core.prune_map_runs();
            core.note_map_runs();
            core.hand_over(self.writer.as_ref());
            core.ticket()
        };
        self.runtime.block_on(writer.written(ticket))?;
        writer.store.forget_before(segment)?;
        let now = self.clock.now();
        for part in outdated(&writer.store.parts(), &self.retention, now) {
            self.lock().forget_part(part);
            writer.store.forget_part(part)?;
        }
        Ok(())
    }

    fn archive(&self, many: &[(usize, bool)], open: &mut Vec<usize>) -> Result<(), Error> {
        let Some(writer) = &self.writer else {
            return Ok(());
        };
        let (mut kept, mut texts) = (Vec::new(), Vec::new());
        for few in many.chunks(FEW) {
            let core = self.lock();
            for (number, _) in few {
                // It may run again by now.
                match core.executions.get(*number) {
                    Some(entry) if core.may_be_archived(entry) => {
                        kept.push((*number, entry.execution.redrive_count));
                        texts.push(text(*number, entry)?);
                    }
                    Some(_) => open.push(*number),
                    None => {}
                }
            }
        }
        let places = writer.store.archive(&texts)?;
        let mut core = self.lock();
        for ((number, redrives), place) in kept.into_iter().zip(places) {
            if !core.close(number, redrives, place) {
                open.push(number);
            }
        }
        Ok(())
    }
}

fn text(number: usize, entry: &Entry) -> Result<Closed, Error> {
    let unwritable = |error: serde_json::Error| Error::Corrupt(error.to_string());
    let outcome = entry.execution.outcome.as_ref();
    Ok(Closed {
        label: Facts::of(number, entry).label(),
        head: serde_json::to_string(&entry.list_item()).map_err(unwritable)?,
        body: serde_json::to_string(&EntryText::of(entry)).map_err(unwritable)?,
        ended: outcome.map_or(entry.about().started, |outcome| outcome.at),
    })
}

impl Core {
    /// Whether nobody needs an execution in memory.
    pub(super) fn may_be_archived(&self, entry: &Entry) -> bool {
        let needed = match &entry.origin.parent {
            Some(Parent::MapRun { arn, .. }) => self.map_run_is_open(arn),
            _ => false,
        };
        entry.status().is_over() && !entry.is_told && !needed
    }

    /// Notes how an execution stands.
    pub(super) fn note_entry(&mut self, number: usize) {
        let Some(entry) = self.executions.get(number) else {
            return;
        };
        let text = serde_json::to_string(&Standing::Entry(EntryText::of(entry)))
            .expect("an execution is plain data");
        self.note_it(Noted::Text(text));
    }

    /// Leaves of an archived execution what lists tell, unless it was redriven meanwhile.
    fn close(&mut self, number: usize, redrives: u32, place: Place) -> bool {
        let Some(entry) = self.executions.get(number) else {
            return true;
        };
        if entry.execution.redrive_count != redrives || !self.may_be_archived(entry) {
            return false;
        }
        let arn = entry.about().arn.clone();
        let head = Head::new(
            Facts::of(number, entry),
            entry.origin.revision.clone(),
            place,
        );
        self.by_arn.remove(&arn);
        self.executions.put_head(number, head);
        true
    }

    /// Forgets the executions in a part of the archive.
    fn forget_part(&mut self, part: u32) {
        self.executions.forget_part(part);
        self.forget_those_gone();
    }

    /// Forgets what belongs to executions that are gone.
    pub(super) fn forget_those_gone(&mut self) {
        let executions = &self.executions;
        for machine in self.machines.0.values_mut() {
            machine
                .executions
                .retain(|number| executions.row(*number).is_some());
        }
        self.prune_map_runs();
    }
}
