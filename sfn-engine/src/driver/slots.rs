//! All executions by number: those at work, and what is left of those in the archive.

use std::collections::VecDeque;
use std::ops::{Index, IndexMut};
use std::sync::Arc;

use super::Entry;
use super::machines::Revision;
use crate::api::ExecutionListItem;
use crate::store::Place;
use crate::{ExecutionStatus, Timestamp};

/// All executions. Their numbers count up and are never used twice.
#[derive(Default)]
pub(crate) struct Executions {
    slots: VecDeque<Slot>,
    /// The number of the first slot.
    first: usize,
}

enum Slot {
    Live(Box<Entry>),
    Closed(Box<Head>),
    Gone,
}

/// What is kept in memory of an archived execution.
pub(crate) struct Head {
    pub(crate) item: ExecutionListItem,
    /// Whether it is the child of a Map Run.
    pub(crate) is_child: bool,
    /// Keeps what its machine was when it started.
    pub(crate) revision: Arc<Revision>,
    pub(crate) place: Place,
}

/// An execution, as far as lists tell of it.
pub(crate) enum Row<'a> {
    Live(&'a Entry),
    Closed(&'a Head),
}

impl Row<'_> {
    pub(crate) fn status(&self) -> ExecutionStatus {
        match self {
            Row::Live(entry) => entry.status(),
            Row::Closed(head) => head.item.status,
        }
    }

    pub(crate) fn redrive_count(&self) -> u32 {
        match self {
            Row::Live(entry) => entry.execution.redrive_count,
            Row::Closed(head) => head.item.redrive_count,
        }
    }

    pub(crate) fn version_arn(&self) -> Option<&str> {
        match self {
            Row::Live(entry) => entry.origin.version_arn.as_deref(),
            Row::Closed(head) => head.item.state_machine_version_arn.as_deref(),
        }
    }

    pub(crate) fn alias_arn(&self) -> Option<&str> {
        match self {
            Row::Live(entry) => entry.origin.alias_arn.as_deref(),
            Row::Closed(head) => head.item.state_machine_alias_arn.as_deref(),
        }
    }

    pub(crate) fn revision(&self) -> &Arc<Revision> {
        match self {
            Row::Live(entry) => &entry.origin.revision,
            Row::Closed(head) => &head.revision,
        }
    }

    pub(crate) fn list_item(&self) -> ExecutionListItem {
        match self {
            Row::Live(entry) => entry.list_item(),
            Row::Closed(head) => head.item.clone(),
        }
    }

    /// Its machine's ARN and when it started, unless it is the child of a Map Run.
    pub(crate) fn machine(&self) -> Option<(&str, Timestamp)> {
        match self {
            Row::Live(entry) => {
                let about = entry.about();
                (!entry.is_child()).then_some((&*about.machine_arn, about.started))
            }
            Row::Closed(head) => (!head.is_child)
                .then_some((head.item.state_machine_arn.as_str(), head.item.start_date)),
        }
    }
}

impl Executions {
    /// The number the next execution gets.
    pub(crate) fn next(&self) -> usize {
        self.first + self.slots.len()
    }

    pub(crate) fn push(&mut self, entry: Entry) {
        self.slots.push_back(Slot::Live(Box::new(entry)));
    }

    fn slot(&self, number: usize) -> Option<&Slot> {
        self.slots.get(number.checked_sub(self.first)?)
    }

    fn slot_mut(&mut self, number: usize) -> Option<&mut Slot> {
        self.slots.get_mut(number.checked_sub(self.first)?)
    }

    /// An execution that is not archived.
    pub(crate) fn get(&self, number: usize) -> Option<&Entry> {
        match self.slot(number)? {
            Slot::Live(entry) => Some(entry),
            _ => None,
        }
    }

    /// An execution that is not archived.
    pub(crate) fn get_mut(&mut self, number: usize) -> Option<&mut Entry> {
        match self.slot_mut(number)? {
            Slot::Live(entry) => Some(entry),
            _ => None,
        }
    }

    /// What is left of an archived execution.
    pub(crate) fn head(&self, number: usize) -> Option<&Head> {
        match self.slot(number)? {
            Slot::Closed(head) => Some(head),
            _ => None,
        }
    }

    pub(crate) fn row(&self, number: usize) -> Option<Row<'_>> {
        match self.slot(number)? {
            Slot::Live(entry) => Some(Row::Live(entry)),
            Slot::Closed(head) => Some(Row::Closed(head)),
            Slot::Gone => None,
        }
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = (usize, Row<'_>)> {
        (self.first..self.next()).filter_map(|number| Some((number, self.row(number)?)))
    }

    pub(crate) fn live(&self) -> impl Iterator<Item = (usize, &Entry)> {
        (self.first..self.next()).filter_map(|number| Some((number, self.get(number)?)))
    }

    /// Numbers below this one are used up.
    pub(crate) fn reserve(&mut self, next: usize) {
        if self.slots.is_empty() {
            self.first = self.first.max(next);
        }
        while self.next() < next {
            self.slots.push_back(Slot::Gone);
        }
    }

    fn put(&mut self, number: usize, slot: Slot) {
        if number < self.first {
            // Read from the archive behind younger ones.
            for _ in number..self.first {
                self.slots.push_front(Slot::Gone);
            }
            self.first = number;
        }
        self.reserve(number + 1);
        *self
            .slot_mut(number)
            .expect("there is room for it: it was reserved") = slot;
    }

    pub(crate) fn put_live(&mut self, number: usize, entry: Entry) {
        self.put(number, Slot::Live(Box::new(entry)));
    }

    pub(crate) fn put_head(&mut self, number: usize, head: Head) {
        self.put(number, Slot::Closed(Box::new(head)));
    }

    /// Forgets archived executions; answers their numbers and ARNs.
    pub(crate) fn forget_part(&mut self, part: u32) -> Vec<(usize, String)> {
        let mut gone = Vec::new();
        for (number, slot) in (self.first..).zip(&mut self.slots) {
            if let Slot::Closed(head) = slot
                && head.place.part == part
            {
                gone.push((number, std::mem::take(&mut head.item.execution_arn)));
                *slot = Slot::Gone;
            }
        }
        self.forget_first();
        gone
    }

    /// Forgets an execution.
    pub(crate) fn forget(&mut self, number: usize) {
        if let Some(slot) = self.slot_mut(number) {
            *slot = Slot::Gone;
        }
    }

    /// Gives back the room of those at the front that are gone.
    pub(crate) fn forget_first(&mut self) {
        while self.slots.len() > 1 && matches!(self.slots.front(), Some(Slot::Gone)) {
            self.slots.pop_front();
            self.first += 1;
        }
    }
}

impl Index<usize> for Executions {
    type Output = Entry;

    /// INVARIANT: asked only for executions at work, for those whose parent is, and within the step in which they end.
    fn index(&self, number: usize) -> &Entry {
        self.get(number).expect("an execution at work is in memory")
    }
}

impl IndexMut<usize> for Executions {
    fn index_mut(&mut self, number: usize) -> &mut Entry {
        self.get_mut(number)
            .expect("an execution at work is in memory")
    }
}
