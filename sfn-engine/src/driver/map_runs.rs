//! Map Runs: the child executions of a distributed Map.

mod restored;
mod told;

use std::collections::VecDeque;
use std::sync::Arc;

use serde_json::Value;

use super::executions::{Origin, Parent, Start};
use super::{Core, Shared};
use crate::api::{MapRunCounts, MapRunStatus};
use crate::execution::{Batch, MAX_EVENTS, MapRunOutcome, MapRunPlan, Signal};
use crate::history::Problem;
use crate::program::StateId;
use crate::token::TaskId;
use crate::{ExecutionStatus, Json, Timestamp};

/// How many children run at once when a Map says nothing.
const MOST_CHILDREN: usize = 10_000;

/// A Map Run.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct MapRun {
    parent: usize,
    /// The parent's ARN, and its machine's: the parent itself may be in the archive.
    execution_arn: Arc<str>,
    machine_arn: Arc<str>,
    task: TaskId,
    plan: MapRunPlan,
    /// Where the engine is, to start further children.
    #[serde(skip)]
    shared: std::sync::Weak<Shared>,
    started: Timestamp,
    stopped: Option<Timestamp>,
    status: MapRunStatus,
    next: usize,
    children: Vec<usize>,
    results: Vec<Option<Json>>,
    items: MapRunCounts,
    executions: MapRunCounts,
    /// Children that are to be run again, in the order of their items.
    #[serde(default)]
    again: VecDeque<usize>,
    #[serde(default)]
    redrives: u32,
    #[serde(default)]
    redriven: Option<Timestamp>,
    /// The Map.
    #[serde(default)]
    state: Option<StateId>,
    /// Whether all is over but the writing of its results. After a crash that is found out again.
    #[serde(skip)]
    is_ending: bool,
}

impl MapRun {
    /// The child that is to run next.
    fn upcoming(&self) -> Option<usize> {
        let next = (self.next < self.plan.batches.len()).then_some(self.next);
        self.again.front().copied().or(next)
    }

    /// A child runs, for the first time or again.
    fn begins(&mut self, child: usize, number: usize) {
        let Some(batch) = self.plan.batches.get(child) else {
            return;
        };
        let again = child < self.next;
        for (counts, n) in [(&mut self.items, batch.items), (&mut self.executions, 1)] {
            let from = if again {
                &mut counts.pending_redrive
            } else {
                &mut counts.pending
            };
            *from = from.saturating_sub(n);
            counts.running += n;
        }
        match self.children.get_mut(child) {
            // An express child runs again as another execution.
            Some(known) => *known = number,
            None => self.children.push(number),
        }
        self.again.retain(|waiting| *waiting != child);
        self.next = self.next.max(child + 1);
    }

    /// All that did not end well is to be run again.
    fn redrive(&mut self, task: TaskId, now: Timestamp) {
        self.task = task;
        self.status = MapRunStatus::Running;
        self.stopped = None;
        self.redrives += 1;
        self.redriven = Some(now);
        let unsuccessful = |child: &usize| self.results[*child].is_none();
        self.again = (0..self.next).filter(unsuccessful).collect();
        for counts in [&mut self.items, &mut self.executions] {
            counts.pending_redrive += counts.failed + counts.timed_out + counts.aborted;
            (counts.failed, counts.timed_out, counts.aborted) = (0, 0, 0);
            counts.failures_not_redrivable = 0;
        }
    }

    /// Whether more items failed than may.
    fn exceeds(&self) -> bool {
        let failed = self.items.failed + self.items.timed_out + self.items.aborted;
        if failed == 0 {
            return false;
        }
        match (self.plan.tolerated_count, self.plan.tolerated_percentage) {
            (None, None) => true,
            (count, percentage) => {
                let share = failed as f64 * 100.0 / self.items.total.max(1) as f64;
                count.is_some_and(|count| failed > count)
                    || percentage.is_some_and(|most| share > most)
            }
        }
    }

    fn count(&mut self, status: ExecutionStatus, items: u64, redrivable: bool) {
        for (counts, n) in [(&mut self.items, items), (&mut self.executions, 1)] {
            counts.running = counts.running.saturating_sub(n);
            if status != ExecutionStatus::Succeeded && !redrivable {
                counts.failures_not_redrivable += n;
            }
            match status {
                ExecutionStatus::Succeeded => {
                    counts.succeeded += n;
                    counts.results_written += n;
                }
                ExecutionStatus::TimedOut => counts.timed_out += n,
                ExecutionStatus::Aborted => counts.aborted += n,
                _ => counts.failed += n,
            }
        }
    }
}

impl Core {
    /// Starts the children of a distributed Map.
    pub(super) fn run_map(
        &mut self,
        shared: &Arc<Shared>,
        number: usize,
        task: TaskId,
        state: StateId,
        plan: MapRunPlan,
        now: Timestamp,
    ) {
        let arn = plan.arn.clone();
        self.note_map_run(shared, number, task, state, plan, now);
        self.start_children(shared, &arn, now);
        self.map_run_goes_on(&arn, now);
    }

    /// Knows of a Map Run whose children are still to start.
    pub(super) fn note_map_run(
        &mut self,
        shared: &Arc<Shared>,
        number: usize,
        task: TaskId,
        state: StateId,
        plan: MapRunPlan,
        now: Timestamp,
    ) {
        let items = plan.batches.iter().map(|batch| batch.items).sum();
        let children = plan.batches.len() as u64;
        let about = self.executions[number].about();
        let run = MapRun {
            parent: number,
            execution_arn: about.arn.clone(),
            machine_arn: about.machine_arn.clone(),
            task,
            shared: Arc::downgrade(shared),
            started: now,
            stopped: None,
            status: MapRunStatus::Running,
            next: 0,
            children: Vec::new(),
            results: vec![None; plan.batches.len()],
            items: MapRunCounts {
                pending: items,
                total: items,
                ..MapRunCounts::default()
            },
            executions: MapRunCounts {
                pending: children,
                total: children,
                ..MapRunCounts::default()
            },
            again: VecDeque::new(),
            redrives: 0,
            redriven: None,
            state: Some(state),
            is_ending: false,
            plan,
        };
        self.map_runs.insert(run.plan.arn.clone(), run);
    }

    /// Knows of a child that has started.
    pub(super) fn note_child(&mut self, arn: &Arc<str>, child: usize, number: usize) {
        if let Some(run) = self.map_runs.get_mut(arn) {
            run.begins(child, number);
        }
    }

    /// Knows that a Map Run goes on under another task.
    pub(super) fn map_run_was_redriven(&mut self, task: TaskId, arn: &Arc<str>, now: Timestamp) {
        if let Some(run) = self.map_runs.get_mut(arn) {
            run.redrive(task, now);
        }
    }

    /// Knows that the child of a Map Run was redriven.
    pub(super) fn child_was_redriven(&mut self, number: usize) {
        let Some(entry) = self.executions.get(number) else {
            return;
        };
        if let Some(Parent::MapRun { arn, child, .. }) = &entry.origin.parent {
            let (arn, child) = (arn.clone(), *child);
            self.note_child(&arn, child, number);
        }
    }

    /// Goes on with a Map Run whose parent was redriven.
    pub(super) fn redrive_map(
        &mut self,
        shared: &Arc<Shared>,
        number: usize,
        task: TaskId,
        arn: &Arc<str>,
        now: Timestamp,
    ) {
        if !self.map_runs.contains_key(arn) {
            let outcome = MapRunOutcome::Failed(Problem {
                error: Some("States.Runtime".into()),
                cause: Some("the children of this Map Run are not kept any more".into()),
            });
            return self.signal(number, Signal::MapRunEnded { task, outcome }, now);
        }
        self.map_run_was_redriven(task, arn, now);
        self.start_children(shared, arn, now);
        self.map_run_goes_on(arn, now);
    }

    /// Redrives a standard child that did not end well.
    fn redrive_child(&mut self, arn: &Arc<str>, child: usize, number: usize, now: Timestamp) {
        let may_be = match self.live(number) {
            Ok(()) => {
                let entry = &self.executions[number];
                entry.execution.history.len() + 1 < MAX_EVENTS
            }
            Err(error) => {
                tracing::error!("a child of `{arn}` cannot be redriven: {error}");
                false
            }
        };
        self.note_child(arn, child, number);
        if may_be {
            self.redrive(number, None, now);
        } else if let Some(run) = self.map_runs.get_mut(arn) {
            let items = run.plan.batches[child].items;
            run.count(ExecutionStatus::Failed, items, false);
        }
    }

    /// Goes on with the Map Runs that are not over.
    pub(super) fn resume_map_runs(&mut self, shared: &Arc<Shared>, now: Timestamp) {
        let running = |run: &MapRun| run.status == MapRunStatus::Running;
        let mut arns: Vec<_> = self
            .map_runs
            .iter()
            .filter(|(_, run)| running(run))
            .map(|(arn, _)| arn.clone())
            .collect();
        arns.sort();
        for arn in arns {
            // One that had only its results to write starts nobody.
            self.map_run_goes_on(&arn, now);
            self.start_children(shared, &arn, now);
            self.map_run_goes_on(&arn, now);
        }
    }

    /// Knows that a Map Run has ended.
    pub(super) fn map_run_has_ended(
        &mut self,
        number: usize,
        task: TaskId,
        outcome: &MapRunOutcome,
        at: Timestamp,
    ) {
        let found = self
            .map_runs
            .values_mut()
            .find(|run| run.parent == number && run.task == task);
        if let Some(run) = found {
            run.ends(outcome, at);
        }
    }

    fn start_children(&mut self, shared: &Arc<Shared>, arn: &Arc<str>, now: Timestamp) {
        loop {
            let Some(run) = self.map_runs.get_mut(arn) else {
                return;
            };
            let most = if run.plan.concurrency == 0 {
                MOST_CHILDREN
            } else {
                run.plan.concurrency
            };
            let Some(child) = run.upcoming() else {
                return;
            };
            if !run.goes_on() || run.executions.running as usize >= most {
                return;
            }
            if let Some(number) = run.children.get(child)
                && !run.plan.express
            {
                let number = *number;
                self.redrive_child(arn, child, number, now);
                continue;
            }
            let batch = run.plan.batches[child].clone();
            let (start, express, label) =
                (run.plan.start, run.plan.express, run.plan.label.clone());
            let parent = &self.executions[run.parent];
            let about = parent.about();
            let name: Arc<str> = shared.ids.uuid().into();
            let machine_name: Arc<str> = format!("{}/{label}", about.machine_name).into();
            let execution_arn = if express {
                let uuid = shared.ids.uuid();
                shared
                    .place
                    .arn(format_args!("express:{machine_name}:{name}:{uuid}"))
            } else {
                shared
                    .place
                    .arn(format_args!("execution:{machine_name}:{name}"))
            };
            let begin = Start {
                arn: execution_arn,
                name,
                machine_arn: format!("{}/{label}", about.machine_arn).into(),
                machine_name,
                input: batch.input.clone(),
                express,
                start_at: Some(start),
                origin: Origin {
                    parent: Some(Parent::MapRun {
                        arn: arn.clone(),
                        child,
                        items: batch.items,
                    }),
                    ..parent.origin.clone()
                },
            };
            let number = self.start(shared, begin, now);
            self.note_child(arn, child, number);
        }
    }

    /// Counts a child that has ended.
    pub(super) fn count_child(&mut self, arn: &Arc<str>, child: usize, number: usize) {
        let entry = &self.executions[number];
        let status = entry.status();
        let outcome = entry.execution.outcome.as_ref();
        let output = outcome.and_then(|outcome| outcome.output.clone());
        // Express children begin anew.
        let redrivable = entry.about().express || entry.execution.history.len() + 1 < MAX_EVENTS;
        let Some(run) = self.map_runs.get_mut(arn) else {
            return;
        };
        let Some(batch) = run.plan.batches.get(child) else {
            return;
        };
        let items = batch.items;
        run.count(status, items, redrivable);
        run.results[child] = output;
    }

    /// A child has ended: others take its place, or the Map Run is over.
    pub(super) fn child_ended(&mut self, arn: &Arc<str>, now: Timestamp) {
        // Nobody takes the place of the one failure too many.
        self.map_run_goes_on(arn, now);
        if let Some(shared) = self.map_runs.get(arn).and_then(|run| run.shared.upgrade()) {
            self.start_children(&shared, arn, now);
            self.map_run_goes_on(arn, now);
        }
    }

    /// Ends a Map Run when it is over, after its results are written if they are to be.
    fn map_run_goes_on(&mut self, arn: &Arc<str>, now: Timestamp) {
        let Some(run) = self.map_runs.get(arn).filter(|run| run.goes_on()) else {
            return;
        };
        let outcome = if run.exceeds() {
            MapRunOutcome::Failed(Problem {
                error: Some("States.ExceedToleratedFailureThreshold".into()),
                cause: Some("The specified tolerated failure threshold was exceeded".into()),
            })
        } else if run.executions.unfinished() == 0 {
            MapRunOutcome::Succeeded(match &run.plan.writer {
                // What is written there is not told here.
                Some(_) => Json::default(),
                None => self.map_result(run, now),
            })
        } else {
            return;
        };
        let (writer, shared) = (run.plan.writer.clone(), run.shared.upgrade());
        if let Some(run) = self.map_runs.get_mut(arn) {
            run.is_ending = true;
        }
        if let MapRunOutcome::Failed(_) = outcome {
            self.abort_children_of(arn, now);
        }
        match writer.zip(shared) {
            Some((writer, shared)) => self.write_results(&shared, arn, &writer, outcome),
            None => self.end_map_run(arn, outcome, now),
        }
    }

    /// Ends a Map Run whose results are where they belong.
    pub(super) fn end_map_run(&mut self, arn: &Arc<str>, outcome: MapRunOutcome, now: Timestamp) {
        let Some(run) = self.map_runs.get_mut(arn) else {
            return;
        };
        run.ends(&outcome, now);
        let (parent, task) = run.place();
        self.signal(parent, Signal::MapRunEnded { task, outcome }, now);
    }

    /// Nobody waits for a Map Run any more.
    pub(super) fn cancel_map_run(&mut self, number: usize, task: TaskId, now: Timestamp) {
        let found = self
            .map_runs
            .iter_mut()
            .find(|(_, run)| run.parent == number && run.task == task);
        // It may not have come further than to read its items.
        let arn = found.and_then(|(arn, run)| {
            let running = run.status == MapRunStatus::Running;
            running.then(|| {
                run.aborts(now);
                arn.clone()
            })
        });
        self.leave_s3(number, task);
        if let Some(arn) = arn {
            self.abort_children_of(&arn, now);
            let run = self.map_runs.get(&arn);
            let writer = run.and_then(|run| run.plan.writer.clone().zip(run.shared.upgrade()));
            if let Some((writer, shared)) = writer {
                self.write_leftovers(&shared, &arn, &writer);
            }
        }
    }

    fn abort_children_of(&mut self, arn: &Arc<str>, now: Timestamp) {
        let children = self
            .map_runs
            .get(arn)
            .map(|run| run.children.clone())
            .unwrap_or_default();
        for child in children {
            let running = |entry: &super::Entry| !entry.status().is_over();
            if self.executions.get(child).is_some_and(running) {
                self.signal(child, Signal::Stop(Problem::default()), now);
            }
        }
    }
}

impl MapRun {
    /// The numbers of the children in the order of their items.
    pub(super) fn children(&self) -> &[usize] {
        &self.children
    }

    /// The outputs of those that succeeded.
    pub(super) fn outputs(&self) -> impl Iterator<Item = Value> {
        let outputs = self.results.iter().flatten();
        outputs.map(|output| output.value().clone())
    }

    /// What those were to work on that had no turn.
    pub(super) fn not_begun(&self) -> &[Batch] {
        self.plan.batches.get(self.next..).unwrap_or_default()
    }

    /// The execution it belongs to, and under which number that waits for it.
    pub(super) fn place(&self) -> (usize, TaskId) {
        (self.parent, self.task)
    }

    /// The Map.
    pub(super) fn state(&self) -> Option<StateId> {
        self.state
    }

    /// Whether anything is to be decided about it.
    fn goes_on(&self) -> bool {
        self.status == MapRunStatus::Running && !self.is_ending
    }

    fn ends(&mut self, outcome: &MapRunOutcome, at: Timestamp) {
        self.stopped = Some(at);
        self.is_ending = false;
        self.status = match outcome {
            MapRunOutcome::Succeeded(_) => MapRunStatus::Succeeded,
            MapRunOutcome::Failed(_) => MapRunStatus::Failed,
        };
    }

    fn aborts(&mut self, at: Timestamp) {
        self.status = MapRunStatus::Aborted;
        self.stopped = Some(at);
        self.is_ending = false;
    }
}
