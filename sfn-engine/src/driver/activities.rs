//! Activities: what waits for workers, and workers that wait.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

use super::{Core, Shared};
use crate::api::{ActivityTask, EncryptionConfiguration};
use crate::execution::{Signal, Surroundings};
use crate::program::StateId;
use crate::token::{TaskId, TaskToken};
use crate::{Json, Timestamp};

/// All activities by ARN.
#[derive(Default)]
pub(crate) struct Activities(pub(crate) BTreeMap<Arc<str>, Activity>);

/// An activity.
pub(crate) struct Activity {
    pub(crate) name: String,
    pub(crate) created: Timestamp,
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) encryption: EncryptionConfiguration,
    queue: VecDeque<Offer>,
    /// Wakes one worker a task. A worker that was woken and went away passes the call on to the next.
    pub(crate) arrivals: Arc<Notify>,
    /// How many workers wait.
    pub(crate) pollers: Arc<AtomicUsize>,
}

impl Surroundings for Activities {
    fn activity_exists(&self, arn: &str) -> bool {
        self.0.contains_key(arn)
    }
}

impl Activity {
    pub(crate) fn new(
        name: String,
        created: Timestamp,
        tags: Vec<(String, String)>,
        encryption: EncryptionConfiguration,
    ) -> Self {
        Activity {
            name,
            created,
            tags,
            encryption,
            queue: VecDeque::new(),
            arrivals: Arc::new(Notify::new()),
            pollers: Arc::new(AtomicUsize::new(0)),
        }
    }
}

/// A task that waits for a worker.
struct Offer {
    number: usize,
    task: TaskId,
    input: Json,
    /// Whether its history tells of a worker already: one that never got it, or that ended with the engine.
    taken: bool,
}

/// Counts a waiting worker for as long as it waits.
pub(crate) struct Poller(Arc<AtomicUsize>);

impl Poller {
    /// `None` when too many wait already.
    pub(crate) fn enter(pollers: &Arc<AtomicUsize>) -> Option<Poller> {
        /// As on AWS.
        const MOST: usize = 1000;
        let before = pollers.fetch_add(1, Ordering::Relaxed);
        let poller = Poller(pollers.clone());
        (before < MOST).then_some(poller)
    }
}

impl Drop for Poller {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Core {
    /// Puts a task up for workers, unless a mock answers for them.
    pub(super) fn offer(
        &mut self,
        shared: &Arc<Shared>,
        number: usize,
        task: TaskId,
        state: StateId,
        input: &Json,
        now: Timestamp,
    ) {
        if self.mock_activity(shared, number, task, state, input, now) {
            return;
        }
        self.enqueue(number, task, state, input, false);
    }

    /// Puts a task in the queue of its activity.
    pub(super) fn enqueue(
        &mut self,
        number: usize,
        task: TaskId,
        state: StateId,
        input: &Json,
        taken: bool,
    ) {
        let arn = self.executions[number]
            .execution
            .program
            .resource(state)
            .arn
            .clone();
        // Deleted in the meantime: the task waits for a worker that never comes, as on AWS.
        if let Some(activity) = self.activities.0.get_mut(&arn) {
            activity.queue.push_back(Offer {
                number,
                task,
                input: input.clone(),
                taken,
            });
            activity.arrivals.notify_one();
        }
    }

    /// Puts a task that was taken and did not reach its worker in front of all others.
    pub(crate) fn give_back(&mut self, arn: &str, token: TaskToken, input: Json, now: Timestamp) {
        let number = usize::try_from(token.execution).unwrap_or(usize::MAX);
        let task = token.task;
        self.signal(number, Signal::ActivityReturned { task }, now);
        if let Some(activity) = self.activities.0.get_mut(arn) {
            activity.queue.push_front(Offer {
                number,
                task,
                input,
                taken: true,
            });
            activity.arrivals.notify_one();
        }
    }

    /// Hands the longest waiting task of an activity to a worker.
    pub(crate) fn take(
        &mut self,
        arn: &str,
        worker: Option<&str>,
        now: Timestamp,
    ) -> Option<ActivityTask> {
        loop {
            let activity = self.activities.0.get_mut(arn)?;
            let Offer {
                number,
                task,
                input,
                taken,
            } = activity.queue.pop_front()?;
            let more = !activity.queue.is_empty();
            let arrivals = activity.arrivals.clone();
            // Tasks whose execution went on without them are passed over.
            let open = |entry: &super::Entry| {
                let execution = &entry.execution;
                if taken {
                    execution.token_of(task)
                } else {
                    execution.untaken(task)
                }
            };
            let Some(token) = self.executions.get(number).and_then(open) else {
                continue;
            };
            // One that was returned does not start again; but that it is in someone's hands is to be written down.
            let worker = worker.map(Into::into);
            self.signal(number, Signal::ActivityTaken { task, worker }, now);
            if more {
                // One call may have stood for several tasks; do not let the others wait.
                arrivals.notify_one();
            }
            return Some(ActivityTask {
                task_token: token.to_string(),
                input: input.text().clone(),
            });
        }
    }
}
