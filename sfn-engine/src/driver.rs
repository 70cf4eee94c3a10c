//! The engine around the core: it owns the executions, the clock, the timers and all that waits.
//!
//! Everything is behind one lock that is held for as long as a step of the core takes, never across an `await`. What
//! the core wants done (its effects) is done before the lock is let go, except for calls to the outside, which run as
//! tasks of their own and come back as signals.

mod activities;
mod archived;
mod calls;
mod executions;
mod facts;
mod journal;
mod keeper;
mod machines;
mod map_runs;
mod readers;
mod restore;
mod results;
mod retention;
mod slots;
mod timers;
mod writer;

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, watch};

use crate::execution::{Effect, Signal, Surroundings, proceed, receive};
use crate::integrations::{Integrations, Reply};
use crate::names::Place;
use crate::store::{self, Retention, Store};
use crate::token::TaskId;
use crate::{Clock, Error, Ids, LambdaHandler, Timestamp};

pub(crate) use activities::{Activities, Activity, Asked};
pub(crate) use archived::Found;
pub(crate) use calls::call_alone;
pub(crate) use executions::Entry;
use journal::{Change, Journal};
pub(crate) use machines::{Alias, Machine, Machines, Revision, machine_arn};
use map_runs::MapRun;
use slots::Executions;
pub(crate) use slots::Row;
use timers::Timers;
use writer::Writer;

/// What all handles of an engine share.
pub(crate) struct Shared {
    core: Mutex<Core>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) place: Place,
    pub(crate) lambda: Option<Arc<dyn LambdaHandler>>,
    pub(crate) integrations: Vec<Arc<dyn Integrations>>,
    pub(crate) runtime: tokio::runtime::Handle,
    /// Wakes the task that fires timers.
    alarm: Arc<Notify>,
    /// Who writes down what happens, if anyone does.
    writer: Option<Writer>,
    retention: Retention,
    /// Held while the journal is made shorter.
    shortening: Mutex<()>,
    /// Tells by its end that the engine is gone.
    ended: watch::Sender<()>,
}

/// What the engine knows.
#[derive(Default)]
pub(crate) struct Core {
    pub(crate) activities: Activities,
    pub(crate) machines: Machines,
    pub(crate) executions: Executions,
    /// Those in memory.
    by_arn: HashMap<Arc<str>, usize>,
    map_runs: HashMap<Arc<str>, MapRun>,
    timers: Timers,
    /// Executions that were told something and have not gone on since.
    told: VecDeque<usize>,
    /// Effects that are still to be brought about.
    outbox: VecDeque<(usize, Effect)>,
    /// What calls gave at once, to be told when all calls are made.
    replies: VecDeque<(usize, TaskId, Reply)>,
    /// Activities with tasks that came up since they were last handed out.
    arrived: VecDeque<Arc<str>>,
    /// Timers of the past are fired, one moment after the other.
    catching_up: bool,
    /// How many tasks someone is (or should be) working on: while there are any, a test clock does not jump.
    busy: usize,
    /// What has happened and is not written yet; `None` when nothing is written at all.
    journal: Option<Journal>,
    /// Without a journal: executions in the order in which they ended.
    over: VecDeque<(usize, Timestamp)>,
    /// While what was written is told again: nothing is written, and nobody outside is called.
    replaying: bool,
}

/// What an engine is made of.
pub(crate) struct Parts {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) place: Place,
    pub(crate) lambda: Option<Arc<dyn LambdaHandler>>,
    pub(crate) integrations: Vec<Arc<dyn Integrations>>,
    pub(crate) store: Option<Arc<dyn Store>>,
    pub(crate) retention: Retention,
    /// Whether workers end with the engine, so that tasks they had taken are to be given out again.
    pub(crate) own_workers: bool,
    pub(crate) runtime: tokio::runtime::Handle,
}

impl Shared {
    pub(crate) fn start(parts: Parts) -> Result<Arc<Shared>, store::Error> {
        let store = parts.store;
        let writer = store.clone().map(Writer::start).transpose()?;
        let shared = Arc::new(Shared {
            core: Mutex::new(Core::default()),
            clock: parts.clock,
            ids: parts.ids,
            place: parts.place,
            lambda: parts.lambda,
            integrations: parts.integrations,
            runtime: parts.runtime,
            alarm: Arc::new(Notify::new()),
            writer,
            retention: parts.retention,
            shortening: Mutex::new(()),
            ended: watch::Sender::new(()),
        });
        if let Some(store) = store {
            let own_workers = parts.own_workers;
            let read = shared.act(|core, now| core.restore(&shared, &store, own_workers, now))?;
            keeper::watch(&shared, read);
        }
        timers::watch(&shared);
        Ok(shared)
    }

    /// Ends when all that has happened so far is written.
    pub(crate) async fn written(&self) -> Result<(), Error> {
        let Some(writer) = &self.writer else {
            return Ok(());
        };
        let ticket = self.look(Core::ticket);
        writer.written(ticket).await.map_err(Error::Store)
    }

    /// Looks at what the engine knows.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Core) -> T) -> T {
        look(&self.lock())
    }

    /// Changes what the engine knows, and brings about what follows from it.
    pub(crate) fn act<T>(self: &Arc<Self>, act: impl FnOnce(&mut Core, Timestamp) -> T) -> T {
        let now = self.clock.now();
        let mut core = self.lock();
        let armed = core.timers.next();
        let done = act(&mut core, now);
        core.settle(self, now);
        core.hand_over(self.writer.as_ref());
        let sooner = core
            .timers
            .next()
            .is_some_and(|next| armed.is_none_or(|armed| next < armed));
        drop(core);
        // A test clock may jump as soon as there is nothing to do, so its timers' task looks each time.
        if sooner || self.clock.is_virtual() {
            self.alarm.notify_one();
        }
        done
    }

    fn lock(&self) -> MutexGuard<'_, Core> {
        // A panic while the lock was held has left one execution in the middle of a step at worst; the others go on.
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.alarm.notify_one();
    }
}

/// Surroundings that remember what they denied: their answer is part of what happened.
struct Remembering<'a> {
    asked: &'a Activities,
    missing: RefCell<Vec<Arc<str>>>,
}

impl Surroundings for Remembering<'_> {
    fn activity_exists(&self, arn: &str) -> bool {
        let exists = self.asked.activity_exists(arn);
        if !exists {
            self.missing.borrow_mut().push(arn.into());
        }
        exists
    }
}

impl Core {
    /// Tells an execution something; what follows from it comes when all that happens now is told.
    pub(crate) fn signal(&mut self, number: usize, signal: Signal, now: Timestamp) {
        // A timer may outlive its execution, which by then is in the archive.
        let Some(entry) = self.executions.get_mut(number) else {
            return;
        };
        if let Some(journal) = &mut self.journal {
            entry.hears(&signal);
            journal.note(Change::Told {
                number,
                signal: signal.clone(),
                at: now,
            });
        } else if self.replaying {
            entry.hears(&signal);
        }
        receive(&mut entry.execution, signal, now);
        if !entry.is_told {
            entry.is_told = true;
            self.told.push_back(number);
        }
    }

    /// Lets an execution go on after what it was told.
    fn go_on(&mut self, number: usize, now: Timestamp) -> Vec<Effect> {
        let entry = &mut self.executions[number];
        entry.is_told = false;
        let effects = match &mut self.journal {
            None => proceed(&mut entry.execution, &self.activities),
            Some(journal) => {
                let surroundings = Remembering {
                    asked: &self.activities,
                    missing: RefCell::default(),
                };
                let effects = proceed(&mut entry.execution, &surroundings);
                journal.note(Change::Went {
                    number,
                    at: now,
                    events: entry.execution.history.len(),
                    missing: surroundings.missing.into_inner(),
                });
                entry.wants(&effects);
                effects
            }
        };
        entry.publish();
        effects
    }

    /// Lets executions go on, and brings about all effects and those that follow from them.
    fn settle(&mut self, shared: &Arc<Shared>, now: Timestamp) {
        loop {
            let Some((number, effect)) = self.outbox.pop_front() else {
                if let Some((number, task, reply)) = self.replies.pop_front() {
                    self.reply(number, task, reply, now);
                    continue;
                }
                let Some(number) = self.told.pop_front() else {
                    // Last of all: by now each task that is not needed any more is known to be so. And in the
                    // present only: a worker that got a task in the past could not answer before it is late.
                    if self.catching_up {
                        break;
                    }
                    let Some(activity) = self.arrived.pop_front() else {
                        break;
                    };
                    self.hand_out(shared, &activity, now);
                    continue;
                };
                let effects = self.go_on(number, now);
                self.outbox
                    .extend(effects.into_iter().map(|effect| (number, effect)));
                continue;
            };
            match effect {
                Effect::Arm(timer, at) => self.timers.arm(at, number, timer),
                Effect::Activity { task, state, input } => {
                    self.busy += 1;
                    self.offer(shared, number, task, state, &input, now);
                }
                Effect::Call(call) => {
                    self.busy += 1;
                    self.call(shared, number, &call, now);
                }
                Effect::Cancel(task) => self.cancel(number, task, now),
                Effect::CancelMapRun(task) => self.cancel_map_run(number, task, now),
                Effect::ReadItems {
                    task,
                    state,
                    source,
                } => {
                    self.read_items(shared, number, task, state, source);
                }
                Effect::RunMap { task, state, plan } => {
                    self.run_map(shared, number, task, state, *plan, now)
                }
                Effect::RedriveMap { task, arn } => {
                    self.redrive_map(shared, number, task, &arn, now)
                }
                Effect::Ended => self.ended(number, now),
            }
        }
        self.forget_old(&shared.retention, now);
        self.timers.prune(&self.executions);
    }
}
