//! Activities: what waits for workers, and workers that wait.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

use super::{Core, Shared};
use crate::api::ActivityTask;
use crate::execution::{Signal, Surroundings};
use crate::program::StateId;
use crate::token::TaskId;
use crate::{Json, Timestamp};

/// All activities by ARN.
#[derive(Default)]
pub(crate) struct Activities(pub(crate) BTreeMap<Arc<str>, Activity>);

/// An activity.
pub(crate) struct Activity {
    pub(crate) name: String,
    pub(crate) created: Timestamp,
    pub(crate) tags: Vec<(String, String)>,
    queue: VecDeque<(usize, TaskId, Json)>,
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
    pub(crate) fn new(name: String, created: Timestamp, tags: Vec<(String, String)>) -> Self {
        Activity {
            name,
            created,
            tags,
            queue: VecDeque::new(),
            arrivals: Arc::new(Notify::new()),
            pollers: Arc::new(AtomicUsize::new(0)),
        }
    }
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
        self.enqueue(number, task, state, input);
    }

    /// Puts a task in the queue of its activity.
    pub(super) fn enqueue(&mut self, number: usize, task: TaskId, state: StateId, input: &Json) {
        let arn = self.executions[number]
            .execution
            .program
            .resource(state)
            .arn
            .clone();
        // Deleted in the meantime: the task waits for a worker that never comes, as on AWS.
        if let Some(activity) = self.activities.0.get_mut(&arn) {
            activity.queue.push_back((number, task, input.clone()));
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
            let (number, task, input) = activity.queue.pop_front()?;
            let more = !activity.queue.is_empty();
            let arrivals = activity.arrivals.clone();
            // Tasks whose execution went on without them are passed over.
            let Some(token) = self.executions[number].execution.untaken(task) else {
                continue;
            };
            self.signal(
                number,
                Signal::ActivityTaken {
                    task,
                    worker: worker.map(Into::into),
                },
                now,
            );
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
