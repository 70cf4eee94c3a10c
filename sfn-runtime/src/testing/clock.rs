//! The time of a test.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use sfn_engine::{Clock, Sleep, TestClock, Timestamp};
use tokio::sync::watch;

/// The time of a test: it stands still while anything is at work, and jumps to the end of the next wait when nothing is.
///
/// It begins on 2026-01-01 at midnight (UTC). Cheap to clone; all clones are one clock.
///
/// What the engine cannot see, it does not wait for: while an execution waits for an answer from outside, such as a
/// human's approval, time would jump to the end of that wait. [`hold`](Self::hold) keeps it where it is.
#[derive(Clone)]
pub struct Time(Arc<State>);

struct State {
    millis: AtomicI64,
    held: AtomicBool,
    /// The engine's next timer, as far as it was told.
    next: AtomicI64,
    /// Wakes the sleepers, for a look at the clock.
    moved: watch::Sender<()>,
}

impl Time {
    pub(super) fn new() -> Self {
        Self(Arc::new(State {
            millis: AtomicI64::new(TestClock::START.as_millis()),
            held: AtomicBool::new(false),
            next: AtomicI64::new(0),
            moved: watch::Sender::new(()),
        }))
    }

    /// The present, in milliseconds since 1970.
    #[must_use]
    pub fn millis(&self) -> i64 {
        self.0.millis.load(Ordering::SeqCst)
    }

    /// Keeps the clock from jumping, until [`release`](Self::release).
    pub fn hold(&self) {
        self.0.held.store(true, Ordering::SeqCst);
    }

    /// Lets the clock jump again.
    pub fn release(&self) {
        self.0.held.store(false, Ordering::SeqCst);
        self.0.moved.send_replace(());
    }

    /// Moves the present forward, also while it is held. All that is due until then happens, each thing at its time.
    pub async fn advance(&self, span: Duration) {
        let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        self.pass_until(self.millis().saturating_add(millis)).await;
    }

    /// Moves from timer to timer, and lets happen what follows from each.
    pub(super) async fn pass_until(&self, millis: i64) {
        loop {
            give_way().await;
            let next = self.0.next.load(Ordering::SeqCst);
            if next <= self.millis() || next >= millis {
                break;
            }
            self.forward_to(next);
        }
        self.forward_to(millis);
        give_way().await;
    }

    fn forward_to(&self, millis: i64) {
        self.0.millis.fetch_max(millis, Ordering::SeqCst);
        self.0.moved.send_replace(());
    }
}

/// How often others go first before time is moved, and after it was.
///
/// All tasks of a test take turns on one thread, so that after so many turns what can happen at once has happened.
const TURNS: usize = 64;

/// Lets all others do what they can do at once.
async fn give_way() {
    for _ in 0..TURNS {
        tokio::task::yield_now().await;
    }
}

impl Clock for Time {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.millis())
    }

    /// Ends early when the clock is moved or released: the engine looks again, and asks whether it may jump.
    fn sleep_until(&self, at: Timestamp) -> Sleep {
        self.0.next.store(at.as_millis(), Ordering::SeqCst);
        let clock = self.clone();
        let mut moved = self.0.moved.subscribe();
        Box::pin(async move {
            if clock.now() < at {
                // INVARIANT: `clock` holds the sender, so this is a change.
                let _ = moved.changed().await;
            }
        })
    }

    fn idle_until(&self, next: Timestamp) -> bool {
        let free = !self.0.held.load(Ordering::SeqCst);
        if free {
            self.forward_to(next.as_millis());
        }
        free
    }

    fn is_virtual(&self) -> bool {
        true
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Time")
            .field("millis", &self.millis())
            .field("held", &self.0.held)
            .finish()
    }
}
