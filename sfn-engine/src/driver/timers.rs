//! Timers, and the task that fires them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Arc, Weak};

use super::{Executions, Shared};
use crate::execution::{Signal, Timer};
use crate::{Clock, Timestamp};

/// The timers of all executions, soonest first. Those that nobody waits for any more stay until they are pruned.
#[derive(Default)]
pub(super) struct Timers {
    heap: BinaryHeap<Reverse<(Timestamp, u64, usize, Timer)>>,
    /// Keeps timers of one time in the order they were armed.
    sequence: u64,
    /// How many there may be before the next pruning.
    bound: usize,
}

/// Below this many timers, pruning is not worth it.
const FEW: usize = 4096;

impl Timers {
    pub(super) fn arm(&mut self, at: Timestamp, execution: usize, timer: Timer) {
        self.sequence += 1;
        self.heap
            .push(Reverse((at, self.sequence, execution, timer)));
    }

    /// When the soonest timer is due.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.heap.peek().map(|Reverse((at, ..))| *at)
    }

    fn pop_due(&mut self, now: Timestamp) -> Option<(usize, Timer)> {
        if self.next()? > now {
            return None;
        }
        self.heap
            .pop()
            .map(|Reverse((_, _, execution, timer))| (execution, timer))
    }

    /// Forgets timers nobody waits for, whenever their number has doubled.
    pub(super) fn prune(&mut self, executions: &Executions) {
        if self.heap.len() <= self.bound.max(FEW) {
            return;
        }
        self.heap
            .retain(|Reverse((_, _, execution, timer))| waits(executions, *execution, *timer));
        self.bound = self.heap.len() * 2;
    }

    /// Forgets timers nobody waits for.
    pub(super) fn forget_stale(&mut self, executions: &Executions) {
        self.heap
            .retain(|Reverse((_, _, execution, timer))| waits(executions, *execution, *timer));
    }

    /// Drops timers at the top that nobody waits for, so that a test clock does not jump to them.
    fn skip_stale(&mut self, executions: &Executions) {
        while let Some(Reverse((_, _, execution, timer))) = self.heap.peek() {
            if waits(executions, *execution, *timer) {
                break;
            }
            self.heap.pop();
        }
    }
}

fn waits(executions: &Executions, number: usize, timer: Timer) -> bool {
    let entry = executions.get(number);
    entry.is_some_and(|entry| entry.execution.waits_for(timer))
}

/// What the timers' task has to do next.
enum Next {
    /// Wait until then, or until woken.
    Sleep(Timestamp),
    /// Nothing can happen before that: a test clock may go there.
    Idle(Timestamp),
    /// Wait until woken.
    Nothing,
}

/// How often the timers' task lets others go first before a test clock jumps.
///
/// Whoever is about to start an execution or to ask for a task gets the chance to do so.
const PATIENCE: usize = 16;

/// Starts the task that fires timers. It ends with the engine.
pub(super) fn watch(shared: &Arc<Shared>) {
    let engine = Arc::downgrade(shared);
    let alarm = shared.alarm.clone();
    let clock = shared.clock.clone();
    shared.runtime.spawn(async move {
        let mut patience = PATIENCE;
        while let Some(next) = fire(&engine) {
            match next {
                Next::Idle(_) if patience > 0 => {
                    patience -= 1;
                    tokio::task::yield_now().await;
                    continue;
                }
                Next::Idle(at) if clock.idle_until(at) => {}
                Next::Idle(at) | Next::Sleep(at) => tokio::select! {
                    () = clock.sleep_until(at) => {}
                    () = alarm.notified() => {}
                },
                Next::Nothing => alarm.notified().await,
            }
            patience = PATIENCE;
        }
    });
}

/// Fires all timers that are due. `None` when the engine is gone.
fn fire(engine: &Weak<Shared>) -> Option<Next> {
    let shared = engine.upgrade()?;
    let now = shared.clock.now();
    let exact = shared.clock.is_virtual();
    let mut core = shared.lock();
    while let Some(due) = core.timers.next().filter(|due| *due <= now) {
        // All timers of one moment are told before anything follows from them.
        let (until, at) = if exact { (due, due) } else { (now, now) };
        while let Some((execution, timer)) = core.timers.pop_due(until) {
            core.signal(execution, Signal::Timer(timer), at);
        }
        core.catching_up = at < now;
        core.settle(&shared, at);
        core.hand_over(shared.writer.as_ref());
    }
    if std::mem::take(&mut core.catching_up) {
        core.settle(&shared, now);
        core.hand_over(shared.writer.as_ref());
    }
    let core = &mut *core;
    core.timers.skip_stale(&core.executions);
    Some(match core.timers.next() {
        None => Next::Nothing,
        Some(at) if core.busy == 0 && exact => Next::Idle(at),
        Some(at) => Next::Sleep(at),
    })
}
