//! A clock that does not wait: the real one, set forward whenever nothing is at work.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use sfn_engine::{Clock, Sleep, SystemClock, Timestamp};
use tokio::sync::watch;

/// How long a skipped wait stays in sight. Long enough to see that there is one.
const GLANCE: Duration = Duration::from_millis(600);

/// The real clock plus what was skipped so far.
///
/// Steps take the time they take, and their timeouts count as ever: the clock is set forward only
/// when the engine has nothing to do before its next timer.
#[derive(Clone)]
pub(super) struct SkippingClock {
    state: Arc<State>,
}

struct State {
    real: SystemClock,
    skipped: AtomicI64,
    /// The timer that is to be skipped to; 0 when none is.
    goal: AtomicI64,
    glance: Duration,
    moved: watch::Sender<()>,
}

impl SkippingClock {
    pub(super) fn new() -> Self {
        Self::with_glance(GLANCE)
    }

    fn with_glance(glance: Duration) -> Self {
        Self {
            state: Arc::new(State {
                real: SystemClock,
                skipped: AtomicI64::new(0),
                goal: AtomicI64::new(0),
                glance,
                moved: watch::Sender::new(()),
            }),
        }
    }

    fn skip_to(&self, goal: Timestamp) {
        let ahead = goal.as_millis() - self.now().as_millis();
        if ahead > 0 {
            self.state.skipped.fetch_add(ahead, Ordering::SeqCst);
        }
        self.state.moved.send_replace(());
    }
}

impl Clock for SkippingClock {
    fn now(&self) -> Timestamp {
        let skipped = self.state.skipped.load(Ordering::SeqCst);
        Timestamp::from_millis(self.state.real.now().as_millis() + skipped)
    }

    fn sleep_until(&self, at: Timestamp) -> Sleep {
        let clock = self.clone();
        let mut moved = self.state.moved.subscribe();
        Box::pin(async move {
            loop {
                let left = at.since(clock.now());
                if left.is_zero() {
                    return;
                }
                tokio::select! {
                    () = tokio::time::sleep(left.min(Duration::from_secs(60))) => {}
                    _ = moved.changed() => {}
                }
            }
        })
    }

    /// The engine asks only virtual clocks whether it may jump; and what was skipped to ends when it was due.
    fn is_virtual(&self) -> bool {
        true
    }

    /// The wait stays in sight for a moment, so the jump comes a little later, from a task of its
    /// own; nothing can happen in between, because nothing is at work.
    fn idle_until(&self, next: Timestamp) -> bool {
        let goal = next.as_millis();
        if self.state.goal.swap(goal, Ordering::SeqCst) != goal {
            let clock = self.clone();
            tokio::spawn(async move {
                let left = next.since(clock.now());
                tokio::time::sleep(clock.state.glance.min(left)).await;
                // A later call may have set another goal.
                if clock.state.goal.load(Ordering::SeqCst) == goal {
                    clock.skip_to(next);
                }
            });
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_idle_engine_is_taken_to_its_next_timer() {
        let clock = SkippingClock::with_glance(Duration::ZERO);
        let month = Duration::from_secs(30 * 24 * 60 * 60);
        let end = clock.now() + month;
        let sleeper = tokio::spawn(clock.sleep_until(end));
        clock.idle_until(end);
        sleeper.await.expect("the sleeper ends");
        assert!(clock.now() >= end);
    }

    #[tokio::test]
    async fn without_idleness_time_is_the_real_one() {
        let clock = SkippingClock::with_glance(Duration::ZERO);
        let before = SystemClock.now();
        let ahead = clock.now().since(before);
        assert!(ahead < Duration::from_secs(60), "{ahead:?}");
    }
}
