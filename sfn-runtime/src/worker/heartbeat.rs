use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use super::monitor::Figures;
use crate::{context::ContextControl, service::Service};

/// The longest time without a heartbeat of a step that declares a long one: a worker that finds
/// out within a minute that its task is over still saves work.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The shortest time between two heartbeats that a step asks for. The calls of an account share a
/// bucket, and no heartbeat interval is shorter than a second.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);

/// The heartbeats of one task.
pub(super) struct Heartbeats<'a> {
    pub(super) service: &'a dyn Service,
    pub(super) figures: &'a Figures,
    pub(super) token: &'a str,
    /// How long the task may stay silent; `None` when it may be silent for ever.
    pub(super) silence: Option<Duration>,
    /// Where the step asks for heartbeats of its own. `None` where no step runs.
    pub(super) control: Option<ContextControl>,
}

impl Heartbeats<'_> {
    /// Sends heartbeats until the service says that the task is over; then it ends.
    ///
    /// They are a third of the allowed silence apart, which leaves room for one that gets lost. One
    /// that fails is sent again sooner.
    pub(super) async fn keep_going(&self) {
        let pause = self.silence.map(|silence| (silence / 3).min(LONGEST_PAUSE));
        let mut next = pause;
        let mut last: Option<Instant> = None;
        loop {
            tokio::select! {
                () = pass(next) => {}
                () = self.asked(last) => {}
            }
            last = Some(Instant::now());
            next = match self
                .service
                .send_task_heartbeat(self.token.to_owned())
                .await
            {
                Ok(()) => pause,
                Err(error) if error.ends_task() => {
                    tracing::debug!(%error, "the task is over");
                    return;
                }
                Err(error) => {
                    self.figures.heartbeat_failed();
                    tracing::warn!(%error, "a heartbeat did not arrive; trying again");
                    Some(pause.map_or(SHORTEST_PAUSE, |pause| pause / 4))
                }
            };
        }
    }

    /// Ends when the step wants a heartbeat sent.
    async fn asked(&self, last: Option<Instant>) {
        let Some(control) = &self.control else {
            return std::future::pending().await;
        };
        if let Some(last) = last {
            sleep_until(last + SHORTEST_PAUSE).await;
        }
        control.heartbeat_asked().await;
    }
}

pub(super) async fn pass(time: Option<Duration>) {
    match time {
        Some(time) => sleep(time).await,
        None => std::future::pending().await,
    }
}
