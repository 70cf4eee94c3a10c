//! Going on where an execution failed, timed out or was stopped.
//!
//! What a failure cuts off is kept with the frame around it: branches and iterations that had succeeded with their
//! outputs, the others as they stood. Trying the state again, or leaving it by a catcher, drops that; when the whole
//! execution ends without success, its redrive goes on from there.

use super::{Children, Execution, Frame, Outcome, Phase, map};
use crate::history::{EventKind, IterationPhase};
use crate::{ExecutionStatus, Json};

/// The branches or iterations of a state that failed, as they stood.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Wreck {
    /// The outputs of those that had succeeded.
    results: Vec<Option<Json>>,
    /// Map: the items, and how many of them were begun.
    items: Option<map::Iterations>,
    /// Those that failed or were cut off, each with its place.
    lost: Vec<(u32, Frame)>,
}

impl Execution {
    /// Releases a frame that did not come to its end, and keeps it with the frame around it.
    pub(super) fn lose(&mut self, frame: u32) {
        let Some((parent, index)) = self.frames[frame as usize].parent else {
            return self.release(frame);
        };
        self.wreck(frame);
        let slot = &mut self.frames[frame as usize];
        let state = slot.state;
        let lost = std::mem::replace(slot, Frame::new(None, state, Json::default(), 0, self.now));
        self.release(frame);
        let around = &mut self.frames[parent as usize];
        around
            .wreck
            .get_or_insert_default()
            .lost
            .push((index, lost));
    }

    /// Turns what a frame's children have come to into what a redrive needs.
    pub(super) fn wreck(&mut self, frame: u32) {
        let slot = &mut self.frames[frame as usize];
        if !matches!(slot.phase, Phase::Children(_)) {
            return;
        }
        if let Phase::Children(children) = std::mem::replace(&mut slot.phase, Phase::Running) {
            let wreck = slot.wreck.get_or_insert_default();
            wreck.results = children.results;
            wreck.items = children.items;
        }
    }

    /// Takes the root with all that hangs on it, where the execution ends without success.
    pub(super) fn take_unfinished(&mut self) -> Option<Frame> {
        if self.frames.is_empty() {
            return None;
        }
        self.lose_children(0);
        self.wreck(0);
        Some(self.frames.swap_remove(0))
    }

    fn lose_children(&mut self, frame: u32) {
        let Phase::Children(children) = &mut self.frames[frame as usize].phase else {
            return;
        };
        for child in std::mem::take(&mut children.frames) {
            self.lose_children(child);
            self.lose(child);
        }
    }

    /// Goes on at what was not got through, with all retries new.
    pub(super) fn redrive(&mut self) {
        let over_well = |outcome: &Outcome| outcome.status == ExecutionStatus::Succeeded;
        if self.outcome.as_ref().is_none_or(over_well) {
            return;
        }
        let Some(root) = self.unfinished.take() else {
            return;
        };
        self.outcome = None;
        self.redrive_count += 1;
        let last = u32::try_from(self.history.len()).expect("a history is bounded");
        let redriven = self.record(last, EventKind::ExecutionRedriven(self.redrive_count));
        self.revive(root, None, redriven);
        self.arm_execution();
    }

    /// Puts a frame back to work; answers its number.
    fn revive(&mut self, mut frame: Frame, parent: Option<(u32, u32)>, previous: u32) -> u32 {
        frame.parent = parent;
        frame.last = previous;
        frame.retries.clear();
        frame.retry_count = 0;
        frame.missed_heartbeat = false;
        // A state that was never entered still is to be; all others are tried again.
        if !matches!(frame.phase, Phase::Entering) {
            frame.phase = Phase::Running;
        }
        let wreck = frame.wreck.take().filter(|wreck| !wreck.lost.is_empty());
        let state = frame.state;
        let id = self.put(frame);
        let Some(wreck) = wreck else {
            self.ready.push_back(id);
            return id;
        };
        let is_map = wreck.items.is_some();
        let mut lost = wreck.lost;
        lost.sort_by_key(|(index, _)| *index);
        self.frames[id as usize].phase = Phase::Children(Box::new(Children {
            open: wreck
                .results
                .iter()
                .filter(|result| result.is_none())
                .count(),
            results: wreck.results,
            frames: Vec::with_capacity(lost.len()),
            items: wreck.items,
        }));
        for (index, child) in lost {
            let previous = if is_map {
                let started = EventKind::Iteration(IterationPhase::Started, state, index);
                self.record(previous, started)
            } else {
                previous
            };
            let child = self.revive(child, Some((id, index)), previous);
            if let Phase::Children(children) = &mut self.frames[id as usize].phase {
                children.frames.push(child);
            }
        }
        id
    }
}
