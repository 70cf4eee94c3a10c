use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc, watch};

use super::{
    Runner, back_off,
    monitor::Figures,
    stop::{Stop, told},
    task,
};
use crate::{
    Providers, StepMeta,
    service::{ErrorKind, Service},
};

/// All that serves one step.
pub(super) struct Pool {
    pub(super) figures: Arc<Figures>,
    pub(super) service: Arc<dyn Service>,
    pub(super) step: &'static StepMeta,
    /// The ARN of the activity whose tasks it takes.
    pub(super) activity: String,
    /// Whether it is that of a name that the step had before.
    pub(super) former: bool,
    pub(super) worker: String,
    pub(super) providers: Providers,
    /// What runs the steps instead of their handlers.
    pub(super) runner: Option<Runner>,
    /// One permit for each handler that may run.
    pub(super) slots: Arc<Semaphore>,
    pub(super) stop: watch::Receiver<Stop>,
}

/// Takes tasks one after another, and hands each to a handler of its own.
///
/// `alive` is held until all that this poller began is over.
pub(super) async fn poll(pool: Arc<Pool>, alive: mpsc::Sender<()>) {
    let mut failures = 0;
    loop {
        // The slot comes first: a task that nobody can work on had better stay in the queue.
        let slot = tokio::select! {
            biased;
            () = told(&pool.stop, Stop::Drain) => return,
            slot = Arc::clone(&pool.slots).acquire_owned() => {
                slot.expect("the slots are never closed")
            }
        };
        let open = pool.figures.polls();
        let mut asked = pool
            .service
            .get_activity_task(pool.activity.clone(), pool.worker.clone());
        let answer = tokio::select! {
            biased;
            answer = &mut asked => answer,
            () = told(&pool.stop, Stop::Drain) => {
                // Only what the transport itself lets go of is sure to carry no task.
                pool.service.release_polls(&pool.activity);
                tokio::select! {
                    biased;
                    answer = asked => answer,
                    () = told(&pool.stop, Stop::Now) => return,
                }
            }
        };
        drop(open);
        match &answer {
            Ok(_) => pool.figures.poll_came_back(),
            Err(_) => pool.figures.poll_failed(),
        }
        match answer {
            Ok(Some(task)) => {
                failures = 0;
                let (pool, alive) = (Arc::clone(&pool), alive.clone());
                tokio::spawn(async move {
                    task::perform(&pool, task).await;
                    drop((slot, alive));
                });
            }
            Ok(None) => failures = 0,
            Err(error) => {
                failures += 1;
                drop(slot);
                complain(&pool, &error, failures);
                tokio::select! {
                    () = told(&pool.stop, Stop::Drain) => return,
                    () = tokio::time::sleep(back_off(failures)) => {}
                }
            }
        }
    }
}

/// Says what is wrong once, and then only for those who look closer.
fn complain(pool: &Pool, error: &crate::service::Error, failures: u32) {
    let step = pool.step.name;
    // Where nothing was deployed under a former name, there is no activity of it, and nothing is amiss.
    let missing_former = pool.former && error.kind() == ErrorKind::NotFound;
    if failures > 1 || missing_former {
        tracing::debug!(step, failures, %error, "no task could be asked for");
    } else if error.kind() == ErrorKind::NotFound {
        tracing::error!(
            step,
            activity = pool.activity,
            "the activity does not exist; it is asked for until it does"
        );
    } else {
        tracing::warn!(step, %error, "no task could be asked for; trying again");
    }
}
