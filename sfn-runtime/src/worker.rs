//! Workers: they take tasks of activities, run their steps, and report.
//!
//! One pool serves one step. Its *slots* bound how many handlers run at once; its *pollers* ask the
//! service for tasks, never more of them than there are free slots, since the clock of a task runs
//! from the moment it is handed out. A poll in flight is never abandoned, not even to stop: the
//! service hands out a task once, and one that nobody receives is lost until its time-out.

mod connections;
mod heartbeat;
mod monitor;
mod poll;
mod report;
mod served;
mod stop;
mod task;

use std::{
    fmt,
    future::IntoFuture,
    hash::{BuildHasher, RandomState},
    sync::Arc,
    time::Duration,
};

use serde_json::Value;
use tokio::sync::{Semaphore, mpsc, watch};

use crate::{BoxFuture, Client, Failure, MissingProvider, Providers, StepMeta, TaskInput, service};

pub use monitor::{Health, Monitor};
pub use served::{Served, here};
pub(crate) use stop::legal_name;
pub use stop::{Shutdown, Stopper};

use monitor::Figures;
use poll::Pool;
use stop::Stop;

/// The most bytes of JSON that a state, a task or an execution may take or give.
pub(crate) const PAYLOAD_LIMIT: usize = 262_144;

/// The longest pause between two tries of one call.
const LONGEST_BACK_OFF: Duration = Duration::from_secs(10);

/// The most handlers of one step that one program runs at once.
///
/// AWS answers 1,000 polls of an activity at a time, whoever asks; more handlers than that are
/// better spread over several programs.
pub const MAX_CONCURRENCY: usize = 1_000;

/// Runs steps in place of the usual way, each with its task's token: the seam of the testing kit.
pub(crate) type Runner = Arc<
    dyn Fn(&'static StepMeta, TaskInput, String) -> BoxFuture<'static, Result<Value, Failure>>
        + Send
        + Sync,
>;

/// Runs a step to its end, a panic included. What a worker does with a task, less the telling.
#[cfg(any(feature = "lambda", feature = "local"))]
pub(crate) async fn perform(step: &'static StepMeta, task: TaskInput) -> Result<Value, Failure> {
    let outcome = task::outcome(step, task::begin_step(step, task).await);
    match outcome {
        Ok(output) => match output.to_string().len() {
            size if size > PAYLOAD_LIMIT => Err(Failure::too_large(step.name, size, PAYLOAD_LIMIT)),
            _ => Ok(output),
        },
        // Made by hand, a failure may be longer than the service takes.
        Err(failure) => Err(Failure::new(failure.error, failure.cause)),
    }
}

/// Why workers could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkError {
    /// A concurrency of zero, or past [`MAX_CONCURRENCY`].
    #[error(
        "step `{step}` cannot run {concurrency} at a time\nhelp: choose between 1 and {MAX_CONCURRENCY}"
    )]
    Concurrency {
        /// The step's name.
        step: &'static str,
        /// What was asked for.
        concurrency: usize,
    },
    /// The same step twice.
    #[error(
        "step `{step}` is served twice\nhelp: name it once, with the concurrency it should have"
    )]
    Twice {
        /// The step's name.
        step: &'static str,
    },
    /// A step asks for a value that was not given.
    #[error(transparent)]
    MissingProvider(#[from] MissingProvider),
    /// The service did not say where it stands.
    #[error("the workers could not be started")]
    Service(#[source] service::Error),
}

/// Serves steps in this program: await it, and workers take their tasks.
///
/// ```no_run
/// # use sfn_runtime::{Client, here, run_here, Step};
/// # async fn doc<make_dough: Step, put_ingredients_on_dough: Step, bake: Step>(client: Client)
/// # -> Result<(), sfn_runtime::WorkError> {
/// let workers = run_here(&client, [
///     here::<make_dough>().concurrency(2),
///     here::<put_ingredients_on_dough>(),
///     here::<bake>(),
/// ])
/// .await?;
/// // … executions run …
/// workers.stop().await;
/// # Ok(()) }
/// ```
///
/// A step's function and its type share a name, so the `use kitchen::bake;` that brings the one
/// brings the other.
///
/// Workers create nothing: [`Client::ensure`] creates the activities they serve.
pub fn run_here(client: &Client, steps: impl IntoIterator<Item = Served>) -> RunHere {
    RunHere {
        client: client.clone(),
        steps: steps.into_iter().collect(),
        providers: Providers::default(),
        name: None,
        runner: None,
    }
}

/// Workers about to be started, by [`run_here`]: await it for the running [`Workers`].
#[must_use = "no worker runs until it is awaited"]
pub struct RunHere {
    client: Client,
    steps: Vec<Served>,
    providers: Providers,
    name: Option<String>,
    runner: Option<Runner>,
}

impl RunHere {
    /// The worker's name in the history's `ActivityStarted` events. Without it: host and process.
    ///
    /// Characters that Step Functions does not take are left out, and all past the 80th; where nothing is left, it is as if
    /// none were given.
    pub fn named(mut self, name: &str) -> Self {
        self.name = Some(stop::legal_name(name)).filter(|name| !name.is_empty());
        self
    }

    /// What the steps' `#[inject]` parameters are taken from. Without it they find a [`StepContext`](crate::StepContext)
    /// and the [`Client`] that brings them their tasks.
    pub fn providing(mut self, providers: Providers) -> Self {
        self.providers = providers;
        self
    }

    /// Runs the steps this way. Whether their providers are there is the runner's to see.
    #[cfg(feature = "local")]
    pub(crate) fn through(mut self, runner: Runner) -> Self {
        self.runner = Some(runner);
        self
    }

    async fn begin(self) -> Result<Workers, WorkError> {
        let mut known = std::collections::HashSet::new();
        for served in &self.steps {
            let step = served.step().name;
            if !(1..=MAX_CONCURRENCY).contains(&served.slots()) {
                let concurrency = served.slots();
                return Err(WorkError::Concurrency { step, concurrency });
            }
            if !known.insert(step) {
                return Err(WorkError::Twice { step });
            }
        }
        let steps: Vec<_> = self.steps.iter().map(Served::step).collect();
        if self.runner.is_none() {
            self.providers.check(&steps)?;
        }
        let mut providers = self.providers;
        if providers.get::<Client>().is_none() {
            providers.insert(self.client.clone());
        }
        let service = self.client.shared_service();
        let location = service.location().await.map_err(WorkError::Service)?;
        let worker = self.name.unwrap_or_else(stop::host_and_process);
        let (stop, stopped) = watch::channel(Stop::No);
        let (alive, done) = mpsc::channel(1);
        let mut pools = Vec::new();
        let mut polls = 0;
        for served in self.steps {
            let activity = served.activity_arn(&self.client.prefix(), &location);
            tracing::info!(
                step = served.step().name,
                concurrency = served.slots(),
                activity,
                "serving"
            );
            // Executions in flight ask for the step by the name that it had when they started. Each name has slots of its
            // own: a poll holds one while it waits, and must not keep the others from theirs.
            let former = served.former_activity_arns(&self.client.prefix(), &location);
            let activities = former.into_iter().map(|activity| (activity, true));
            for (activity, former) in
                std::iter::once((activity, served.is_moved())).chain(activities)
            {
                let figures = Figures::new(served.step().name, served.slots(), former);
                let figures = Arc::new(figures);
                pools.push(Arc::clone(&figures));
                polls += served.slots().min(service.open_polls());
                let pool = Arc::new(Pool {
                    figures,
                    service: Arc::clone(&service),
                    step: served.step(),
                    activity,
                    former,
                    worker: worker.clone(),
                    providers: providers.clone(),
                    runner: self.runner.clone(),
                    slots: Arc::new(Semaphore::new(served.slots())),
                    stop: stopped.clone(),
                });
                for _ in 0..served.slots().min(service.open_polls()) {
                    tokio::spawn(poll::poll(Arc::clone(&pool), alive.clone()));
                }
            }
        }
        connections::warn(polls);
        Ok(Workers {
            stopper: Stopper::new(stop),
            done,
            deadline: None,
            monitor: Monitor {
                pools: pools.into(),
                stop: stopped,
            },
        })
    }
}

impl fmt::Debug for RunHere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunHere")
            .field("steps", &self.steps)
            .field("providers", &self.providers)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl IntoFuture for RunHere {
    type Output = Result<Workers, WorkError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.begin())
    }
}

/// Workers that run in the background, on the runtime they were started on.
///
/// Dropping them drains them, without waiting for it: they take no more tasks and finish those they
/// have. [`stop`](Self::stop) waits.
pub struct Workers {
    stopper: Stopper,
    /// Ends when the last poller and the last handler have: each holds a sender.
    done: mpsc::Receiver<()>,
    /// How long a drain may last.
    deadline: Option<Duration>,
    monitor: Monitor,
}

impl Workers {
    /// Takes no more tasks, finishes and reports those at hand, and returns when all is done.
    ///
    /// On AWS this lasts as long as the open polls do, up to a minute, even when there is nothing
    /// to finish: a poll given up might have been answered already.
    pub async fn stop(mut self) {
        self.stopper.drain();
        self.finished().await;
    }

    /// Gives back what is not finished: each such task fails with `Sfn.WorkerStopped`, which the
    /// retriers of a step match unless they name others, and its handler is dropped at its next
    /// `.await`.
    ///
    /// A step that is not `async` cannot be dropped; its result no longer counts.
    pub async fn stop_now(mut self) {
        self.stopper.now();
        self.finished().await;
    }

    /// Bounds how long [`run_until`](Self::run_until) drains: what is not finished by then is given back.
    ///
    /// For whoever ends a process some time after he has told it to stop, such as ECS after 30 seconds. An open poll
    /// lasts up to a minute on AWS; a task that arrives with one just as it is given up is lost until its time-out.
    #[must_use]
    pub fn draining_within(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// What tells how they are, for probes and figures.
    pub fn monitor(&self) -> Monitor {
        self.monitor.clone()
    }

    /// Works until the first signal, then drains; at the second, or when the deadline has passed, stops at once.
    pub async fn run_until(mut self, shutdown: &mut Shutdown) {
        // A stopper elsewhere counts as a signal.
        let stop = self.monitor.stop.clone();
        tokio::select! {
            () = self.finished() => return,
            () = shutdown.signalled() => {}
            () = stop::told(&stop, Stop::Drain) => {}
        }
        tracing::info!(target: "work", "stopping: no more tasks are taken, those at hand are finished");
        self.stopper.drain();
        let deadline = self.deadline;
        tokio::select! {
            () = self.finished() => return,
            () = shutdown.signalled() => {}
            () = heartbeat::pass(deadline) => tracing::warn!(target: "work", ?deadline, "the deadline has passed"),
        }
        tracing::warn!(target: "work", "stopping at once: unfinished tasks are given back");
        self.stopper.now();
        self.finished().await;
    }

    /// Waits until they have stopped, because a [`Stopper`] told them to.
    pub async fn finished(&mut self) {
        // Nothing is ever sent: `recv` ends when all senders are gone.
        let _ = self.done.recv().await;
    }

    /// What stops them from elsewhere.
    pub fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.stopper.drain();
    }
}

impl fmt::Debug for Workers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workers").finish_non_exhaustive()
    }
}

/// How long to pause before try number `tries` (from 1) of a call that failed.
///
/// Doubles from 200 ms to ten seconds, less a random part of up to half, so that callers who were
/// refused together do not come back together.
pub(crate) fn back_off(tries: u32) -> Duration {
    let whole = Duration::from_millis(100 << tries.clamp(1, 10)).min(LONGEST_BACK_OFF);
    // The standard library's hasher keys are its only source of randomness; enough to spread calls.
    let random = RandomState::new().hash_one(tries) as u32;
    whole - (whole / 2).mul_f64(f64::from(random) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_bound_and_never_vanish() {
        for tries in 0..40 {
            let whole = Duration::from_millis(100 << tries.clamp(1, 10)).min(LONGEST_BACK_OFF);
            let pause = back_off(tries);
            assert!(pause >= whole / 2 && pause <= whole, "{tries}: {pause:?}");
        }
    }
}
