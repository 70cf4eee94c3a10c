//! All executions by number: those at work, and what is left of those in the archive.

use std::collections::{HashMap, VecDeque};
use std::ops::{Index, IndexMut};
use std::sync::Arc;

use super::Entry;
use super::facts::{ByMark, Facts, Mark};
use super::machines::Revision;
use crate::store::Place;
use crate::{ExecutionStatus, Timestamp};

/// All executions. Their numbers count up and are never used twice.
#[derive(Default)]
pub(crate) struct Executions {
    slots: VecDeque<Slot>,
    /// The number of the first slot.
    first: usize,
    /// Archived executions by their ARNs' marks: the last one that was put there, which knows the one before it.
    archived: HashMap<Mark, usize, ByMark>,
}

enum Slot {
    Live(Box<Entry>),
    Closed(Box<Head>),
    Gone,
}

/// What is kept in memory of an archived execution.
pub(crate) struct Head {
    pub(crate) facts: Facts,
    /// Keeps what its machine was when it started.
    pub(crate) revision: Arc<Revision>,
    pub(crate) place: Place,
    /// Another one whose ARN has the same mark.
    other: Option<usize>,
}

impl Head {
    pub(crate) fn new(facts: Facts, revision: Arc<Revision>, place: Place) -> Self {
        Head {
            facts,
            revision,
            place,
            other: None,
        }
    }
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
            Row::Closed(head) => head.facts.status,
        }
    }

    pub(crate) fn redrive_count(&self) -> u32 {
        match self {
            Row::Live(entry) => entry.execution.redrive_count,
            Row::Closed(head) => head.facts.redrives,
        }
    }

    /// Whether it was started by this version.
    pub(crate) fn is_by_version(&self, arn: &str) -> bool {
        match self {
            Row::Live(entry) => entry.origin.version_arn.as_deref() == Some(arn),
            Row::Closed(head) => head.facts.version == Some(Mark::of(arn)),
        }
    }

    /// Whether it was started by this alias.
    pub(crate) fn is_by_alias(&self, arn: &str) -> bool {
        match self {
            Row::Live(entry) => entry.origin.alias_arn.as_deref() == Some(arn),
            Row::Closed(head) => head.facts.alias == Some(Mark::of(arn)),
        }
    }

    pub(crate) fn revision(&self) -> &Arc<Revision> {
        match self {
            Row::Live(entry) => &entry.origin.revision,
            Row::Closed(head) => &head.revision,
        }
    }

    /// Its machine and when it started, unless it is the child of a Map Run.
    pub(crate) fn machine(&self) -> Option<(Mark, Timestamp)> {
        match self {
            Row::Live(entry) => {
                let about = entry.about();
                (!entry.is_child()).then(|| (Mark::of(&about.machine_arn), about.started))
            }
            Row::Closed(Head { facts, .. }) => {
                (!facts.is_child).then_some((facts.machine, facts.started))
            }
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
        if self.slots.is_empty() {
            self.first = number;
        }
        while self.next() <= number {
            self.slots.push_back(Slot::Gone);
        }
        self.unmark(number);
        *self
            .slot_mut(number)
            .expect("there is room for it: it was just made") = slot;
    }

    pub(crate) fn put_live(&mut self, number: usize, entry: Entry) {
        self.put(number, Slot::Live(Box::new(entry)));
    }

    pub(crate) fn put_head(&mut self, number: usize, mut head: Head) {
        // What stood there may have had this very mark.
        self.forget(number);
        head.other = self.archived.insert(head.facts.arn, number);
        self.put(number, Slot::Closed(Box::new(head)));
    }

    /// Archived executions whose ARN has this mark, youngest first.
    pub(crate) fn marked(&self, mark: Mark) -> impl Iterator<Item = &Head> {
        let first = self
            .archived
            .get(&mark)
            .and_then(|number| self.head(*number));
        std::iter::successors(first, |head| self.head(head.other?))
    }

    /// What stands there is not found by its mark any more, if it was.
    fn unmark(&mut self, number: usize) {
        let Some(Head { facts, other, .. }) = self.head(number) else {
            return;
        };
        let (mark, other) = (facts.arn, *other);
        let mut at = self.archived.get(&mark).copied();
        if at == Some(number) {
            match other {
                Some(other) => self.archived.insert(mark, other),
                None => self.archived.remove(&mark),
            };
            return;
        }
        while let Some(here) = at {
            let Some(Slot::Closed(head)) = self.slot_mut(here) else {
                return;
            };
            if head.other == Some(number) {
                head.other = other;
                return;
            }
            at = head.other;
        }
    }

    /// Forgets the archived executions of a part.
    pub(crate) fn forget_part(&mut self, part: u32) {
        for number in self.first..self.next() {
            if self
                .head(number)
                .is_some_and(|head| head.place.part == part)
            {
                self.forget(number);
            }
        }
        self.forget_first();
    }

    /// Forgets an execution.
    pub(crate) fn forget(&mut self, number: usize) {
        self.unmark(number);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Span;

    /// An archived execution; the first letter of its name decides on its mark.
    fn head(number: usize, name: &str, part: u32) -> Head {
        let facts = Facts {
            number,
            arn: Mark::of(&name[..1]),
            machine: Mark::of("machine"),
            version: None,
            alias: None,
            revision: 0,
            started: Timestamp::from_millis(0),
            status: ExecutionStatus::Succeeded,
            is_child: false,
            redrives: 0,
        };
        let nowhere = Span {
            offset: 0,
            length: 0,
        };
        let place = Place {
            part,
            head: nowhere,
            body: nowhere,
        };
        Head::new(facts, Revision::unknown(), place)
    }

    #[track_caller]
    fn check(executions: &Executions, mark: &str, expected: &[usize]) {
        let found = executions.marked(Mark::of(mark));
        let found: Vec<usize> = found.map(|head| head.facts.number).collect();
        assert_eq!(found, expected, "{mark}");
    }

    #[test]
    fn archived_executions_are_found_by_their_marks_whoever_shares_them() {
        let mut executions = Executions::default();
        for (number, name, part) in [(0, "a1", 1), (1, "b", 1), (2, "a2", 2), (3, "a3", 1)] {
            executions.put_head(number, head(number, name, part));
        }
        check(&executions, "a", &[3, 2, 0]);
        check(&executions, "b", &[1]);
        check(&executions, "c", &[]);
        // The same one once more, as after a redrive.
        executions.put_head(2, head(2, "a2", 2));
        check(&executions, "a", &[2, 3, 0]);
        executions.forget(3);
        check(&executions, "a", &[2, 0]);
        executions.forget(2);
        check(&executions, "a", &[0]);
        executions.put_head(2, head(2, "a2", 2));
        executions.forget_part(1);
        check(&executions, "a", &[2]);
        check(&executions, "b", &[]);
        executions.forget_part(2);
        check(&executions, "a", &[]);
    }
}
