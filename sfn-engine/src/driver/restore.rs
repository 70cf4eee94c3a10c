//! How an engine gets back to where the one before it was.
//!
//! The journal is told again, in order, without anything leaving the process. What is to be done then (tasks that wait for
//! workers, calls without an answer, timers) follows from what the executions wait for.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::activities::Activity;
use super::executions::{Entry, Parent};
use super::facts::{ByMark, Facts, Mark};
use super::journal::{Change, EntryData, Journal, machine, revision};
use super::machines::{Machine, Revision};
use super::slots::Head;
use super::{Core, Shared};
use crate::Timestamp;
use crate::api::MachineType;
use crate::execution::{Effect, Signal, Surroundings, proceed};
use crate::history::Problem;
use crate::program::ResourceKind;
use crate::store::{Error, Kept, Label, Place, Store};

/// Surroundings as they were remembered.
struct Missing(Vec<Arc<str>>);

impl Surroundings for Missing {
    fn activity_exists(&self, arn: &str) -> bool {
        !self.0.iter().any(|missing| &**missing == arn)
    }
}

/// What is known only while the journal is read.
#[derive(Default)]
struct Known {
    revisions: HashMap<u64, Arc<Revision>>,
    /// Executions that did not go the way they had gone.
    diverged: HashSet<usize>,
    bytes: u64,
}

impl Known {
    fn revision(&self, number: u64) -> Result<Arc<Revision>, Error> {
        let known = self.revisions.get(&number).cloned();
        known.ok_or_else(|| Error::Corrupt(format!("there is no revision {number}")))
    }
}

impl Core {
    /// Goes back to where the engine was that wrote what the store has, and takes up what it had left. Answers how many
    /// bytes of journal that took.
    pub(super) fn restore(
        &mut self,
        shared: &Arc<Shared>,
        store: &Arc<dyn Store>,
        own_workers: bool,
        now: Timestamp,
    ) -> Result<u64, Error> {
        let mut known = Known::default();
        self.replaying = true;
        store.load(&mut |kept| match kept {
            Kept::Frame(frame) => {
                known.bytes += frame.len() as u64;
                let changes: Vec<Change> = serde_json::from_str(frame).map_err(|error| {
                    Error::Corrupt(format!("{error}, in a frame of the journal"))
                })?;
                for change in changes {
                    self.replay(shared, change, &mut known)?;
                }
                Ok(())
            }
            Kept::Closed(label, place) => self.add_head(label, place, &known),
        })?;
        self.replaying = false;
        self.journal = Some(Journal::new(store.clone()));
        self.told.clear();
        self.list_executions();
        self.take_up(own_workers);
        for number in known.diverged {
            let problem = Problem {
                error: Some("States.Runtime".into()),
                cause: Some(
                    "this version of the engine does not go the way the one before it went".into(),
                ),
            };
            self.signal(number, Signal::Stop(problem), now);
        }
        self.resume_map_runs(shared, now);
        Ok(known.bytes)
    }

    fn replay(
        &mut self,
        shared: &Arc<Shared>,
        change: Change,
        known: &mut Known,
    ) -> Result<(), Error> {
        match change {
            Change::Next { number } => self.executions.reserve(number),
            Change::Revision(data) => {
                revision(*data, MachineType::Standard, &mut known.revisions)?;
            }
            Change::Activity {
                arn,
                activity: None,
            } => {
                self.activities.0.remove(&arn);
            }
            Change::Activity {
                arn,
                activity: Some(data),
            } => match self.activities.0.get_mut(&arn) {
                Some(known) => known.tags = data.tags,
                None => {
                    let activity =
                        Activity::new(data.name, data.created, data.tags, data.encryption);
                    self.activities.0.insert(arn, activity);
                }
            },
            Change::Machine {
                name,
                machine: None,
            } => {
                self.machines.0.remove(&name);
            }
            Change::Machine {
                name,
                machine: Some(data),
            } => {
                let machine = machine(&name, *data, Vec::new(), &mut known.revisions)?;
                self.machines.0.insert(name, machine);
            }
            Change::Started(data) => {
                let number = data.number;
                if self.executions.row(number).is_some() {
                    return Ok(());
                }
                self.executions.reserve(number);
                let map_run = data.map_run();
                let revision = known.revision(data.revision())?;
                let (start, seed, at) = data.into_start(revision);
                self.add(shared, start, seed, at);
                if let Some((arn, child)) = map_run {
                    self.note_child(&arn, child, number);
                }
            }
            Change::Entry(data) => {
                let number = usize::try_from(data.execution.about.number).unwrap_or(usize::MAX);
                // It may have been read from where it started; then it stands there already.
                if self.executions.get(number).is_none() {
                    for (timer, at) in &data.armed {
                        self.timers.arm(*at, number, *timer);
                    }
                    let revision = known.revision(data.revision)?;
                    let entry = Entry::read(*data, revision);
                    self.by_arn.insert(entry.about().arn.clone(), number);
                    self.executions.put_live(number, entry);
                }
            }
            Change::Told { number, signal, at } => {
                // What is not known is told again as a whole further on, or is in the archive.
                if self.executions.get(number).is_none() || known.diverged.contains(&number) {
                    return Ok(());
                }
                if let Signal::MapRunEnded { task, outcome } = &signal {
                    self.map_run_has_ended(number, *task, outcome, at);
                }
                if let Signal::Redrive = &signal {
                    self.child_was_redriven(number);
                }
                self.signal(number, signal, at);
            }
            Change::Went {
                number,
                at,
                events,
                missing,
            } => {
                let Some(entry) = self.executions.get_mut(number) else {
                    return Ok(());
                };
                if known.diverged.contains(&number) {
                    return Ok(());
                }
                entry.is_told = false;
                let effects = proceed(&mut entry.execution, &Missing(missing));
                entry.wants(&effects);
                if entry.execution.history.len() != events {
                    let arn = &entry.about().arn;
                    tracing::error!(
                        "`{arn}` had {events} events and has {}",
                        entry.execution.history.len()
                    );
                    known.diverged.insert(number);
                }
                for effect in effects {
                    match effect {
                        Effect::Arm(timer, at) => self.timers.arm(at, number, timer),
                        Effect::Activity { state, .. } => self.count_invocation(number, state),
                        Effect::Call(call) => self.count_invocation(number, call.state),
                        Effect::RunMap { task, state, plan } => {
                            self.note_map_run(shared, number, task, state, *plan, at)
                        }
                        Effect::RedriveMap { task, arn } => {
                            self.map_run_was_redriven(task, &arn, at)
                        }
                        Effect::Ended => self.has_ended(number),
                        Effect::CancelMapRun(task) => self.map_run_was_given_up(number, task, at),
                        // What was read follows as a record of its own, or is read again when all is told.
                        Effect::ReadItems { .. } | Effect::Cancel(_) => {}
                    }
                }
            }
            Change::Redriven { number, token, at } => {
                if let Some(entry) = self.executions.get_mut(number) {
                    entry.was_redriven(token, at);
                }
            }
            Change::MapRun(run) => self.map_run_stood(shared, *run),
            Change::MapRunPlan {
                arn,
                concurrency,
                percentage,
                count,
            } => self.map_run_was_changed(&arn, concurrency, percentage, count),
        }
        Ok(())
    }

    /// An archived execution, unless it runs again or ended again since it was archived.
    fn add_head(&mut self, label: Label, place: Place, known: &Known) -> Result<(), Error> {
        let facts = Facts::read(label)?;
        if let Some(entry) = self.executions.get(facts.number) {
            if !entry.status().is_over() || entry.execution.redrive_count != facts.redrives {
                return Ok(());
            }
            let arn = entry.about().arn.clone();
            self.by_arn.remove(&arn);
        }
        let revision = known.revision(facts.revision)?;
        self.executions
            .put_head(facts.number, Head::new(facts, revision, place));
        Ok(())
    }

    fn count_invocation(&mut self, number: usize, state: crate::program::StateId) {
        *self.executions[number]
            .invocations
            .entry(state)
            .or_default() += 1;
    }

    /// Tells machines which executions are theirs.
    fn list_executions(&mut self) {
        let mut by_mark: HashMap<Mark, &mut Machine, ByMark> = self
            .machines
            .0
            .values_mut()
            .map(|machine| (Mark::of(&machine.arn), machine))
            .collect();
        for (number, row) in self.executions.rows() {
            let Some((machine, started)) = row.machine() else {
                continue;
            };
            // One of the same name may have been deleted before this one was made.
            if let Some(machine) = by_mark.get_mut(&machine)
                && machine.created <= started
            {
                machine.executions.push(number);
            }
        }
    }

    /// Brings about again what open tasks wait for.
    fn take_up(&mut self, own_workers: bool) {
        let waiting: Vec<_> = self
            .executions
            .live()
            .filter(|(_, entry)| !entry.status().is_over())
            .map(|(number, entry)| (number, entry.origin.parent.clone()))
            .collect();
        for (child, parent) in &waiting {
            // Time goes on by the child, not by the task that waits for it.
            if let Some(Parent::Task { number, task, .. }) = parent
                && let Some(entry) = self.executions.get_mut(*number)
                && entry.execution.token_of(*task).is_some()
            {
                entry.silent.insert(*task);
                entry.nested.insert(*task, *child);
            }
        }
        for (number, _) in waiting {
            let entry = &mut self.executions[number];
            let unread = entry.execution.unread_items();
            self.outbox
                .extend(unread.into_iter().map(|effect| (number, effect)));
            let entry = &mut self.executions[number];
            let program = entry.execution.program.clone();
            for open in entry.execution.open_tasks() {
                let entry = &mut self.executions[number];
                if program.resource(open.state).kind == ResourceKind::Activity {
                    self.busy += 1;
                    if !open.started || open.returned || own_workers {
                        self.enqueue(number, open.task, open.state, &open.input, open.started);
                    }
                } else if let Some(call) = entry.open_calls.remove(&open.task) {
                    // Whoever is called has to bear that it happens again; a mock gives the same answer again.
                    if let Some(count) = entry.invocations.get_mut(&open.state) {
                        *count = count.saturating_sub(1);
                    }
                    let effect = Effect::Call(Box::new(call));
                    entry.wants(std::slice::from_ref(&effect));
                    self.outbox.push_back((number, effect));
                } else if !entry.silent.contains(&open.task) {
                    self.busy += 1;
                }
            }
        }
        self.timers.forget_stale(&self.executions);
    }
}

impl Entry {
    /// An execution as it stood.
    pub(super) fn read(data: EntryData, revision: Arc<Revision>) -> Entry {
        let mut execution = data.execution;
        execution.program = revision.program.clone();
        let mut origin = data.origin;
        origin.revision = revision;
        let mut entry = Entry::new(execution, origin);
        entry.redriven = data.redriven;
        entry.redrive_tokens = data.redrive_tokens;
        entry.invocations = data.invocations.into_iter().collect();
        entry.open_calls = data
            .calls
            .into_iter()
            .map(|call| (call.task, call))
            .collect();
        entry.armed = data.armed;
        entry
    }
}
