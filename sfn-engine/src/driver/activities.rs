//! Activities: what waits for workers, and workers that wait.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

use tokio::sync::oneshot;

use super::{Core, Shared};
use crate::api::{ActivityTask, EncryptionConfiguration};
use crate::execution::{Signal, Surroundings};
use crate::program::StateId;
use crate::token::{TaskId, TaskToken};
use crate::{Error, Json, Timestamp};

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
    /// Workers that wait, the longest waiting first; some of them may have gone away.
    waiting: VecDeque<Waiting>,
    /// How many workers wait.
    pollers: Arc<AtomicUsize>,
}

/// A worker that waits for a task.
struct Waiting {
    worker: Option<String>,
    to: oneshot::Sender<Handed>,
}

/// What a worker gets that asks for a task.
pub(crate) enum Asked {
    Task(Handed),
    /// None yet: one may come here.
    Later(oneshot::Receiver<Handed>, Poller),
}

/// A task on its way to a worker: it is given out again if the worker goes away before it is written who has it.
///
/// Never to be dropped while the engine's lock is held, unless the task was taken out.
pub(crate) struct Handed {
    shared: Weak<Shared>,
    activity: Arc<str>,
    task: Option<ActivityTask>,
}

impl Handed {
    /// The task, when it is written who has it.
    pub(crate) fn arrived(mut self) -> ActivityTask {
        self.task
            .take()
            .expect("it is taken out once, here or where this is dropped")
    }

    /// What is to be given out again.
    fn returned(&mut self) -> Option<(TaskToken, Json)> {
        let task = self.task.take()?;
        let token = TaskToken::parse(&task.task_token)?;
        Some((token, Json::parse(task.input).ok()?))
    }
}

impl Drop for Handed {
    fn drop(&mut self) {
        if let Some((token, input)) = self.returned()
            && let Some(shared) = self.shared.upgrade()
        {
            shared.act(|core, now| core.give_back(&self.activity, token, input, now));
        }
    }
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
            waiting: VecDeque::new(),
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
    fn enter(pollers: &Arc<AtomicUsize>) -> Option<Poller> {
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
            self.arrived.push_back(arn);
        }
    }

    /// Puts a task that was taken and did not reach its worker in front of all others.
    fn give_back(&mut self, arn: &str, token: TaskToken, input: Json, now: Timestamp) {
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
            self.arrived.push_back(arn.into());
        }
    }

    /// Gives a worker a task, or has it wait for one; `None` when there is no such activity.
    ///
    /// # Errors
    /// When too many wait already.
    pub(crate) fn poll(
        &mut self,
        shared: &Arc<Shared>,
        arn: &str,
        worker: Option<&str>,
        now: Timestamp,
    ) -> Option<Result<Asked, Error>> {
        let (key, _) = self.activities.0.get_key_value(arn)?;
        let key = key.clone();
        if let Some(task) = self.take(arn, worker, now) {
            return Some(Ok(Asked::Task(Handed {
                shared: Arc::downgrade(shared),
                activity: key,
                task: Some(task),
            })));
        }
        let activity = self.activities.0.get_mut(arn)?;
        let Some(poller) = Poller::enter(&activity.pollers) else {
            return Some(Err(Error::ActivityWorkerLimitExceeded));
        };
        // Those that gave up are mostly the longest waiting.
        while activity
            .waiting
            .front()
            .is_some_and(|one| one.to.is_closed())
        {
            activity.waiting.pop_front();
        }
        let (to, later) = oneshot::channel();
        activity.waiting.push_back(Waiting {
            worker: worker.map(str::to_owned),
            to,
        });
        Some(Ok(Asked::Later(later, poller)))
    }

    /// Hands tasks to workers that wait for them.
    ///
    /// It belongs to the step in which the tasks came up, so that one write tells of both: that a task is there, and
    /// who has it.
    pub(super) fn hand_out(&mut self, shared: &Arc<Shared>, arn: &Arc<str>, now: Timestamp) {
        while let Some(activity) = self.activities.0.get_mut(arn)
            && !activity.queue.is_empty()
            && let Some(waiting) = activity.waiting.pop_front()
        {
            if waiting.to.is_closed() {
                continue;
            }
            let Some(task) = self.take(arn, waiting.worker.as_deref(), now) else {
                // None of those in the queue was open any more.
                if let Some(activity) = self.activities.0.get_mut(arn) {
                    activity.waiting.push_front(waiting);
                }
                return;
            };
            let handed = Handed {
                shared: Arc::downgrade(shared),
                activity: arn.clone(),
                task: Some(task),
            };
            // The worker may go away in this very moment.
            if let Err(mut handed) = waiting.to.send(handed)
                && let Some((token, input)) = handed.returned()
            {
                self.give_back(arn, token, input, now);
            }
        }
    }

    /// Takes the longest waiting task of an activity for a worker.
    fn take(&mut self, arn: &str, worker: Option<&str>, now: Timestamp) -> Option<ActivityTask> {
        loop {
            let activity = self.activities.0.get_mut(arn)?;
            let Offer {
                number,
                task,
                input,
                taken,
            } = activity.queue.pop_front()?;
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
            return Some(ActivityTask {
                task_token: token.to_string(),
                input: input.text().clone(),
            });
        }
    }
}
