//! Where the engine gets the time from.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::sync::watch;

use crate::Timestamp;

/// A future that ends at some point in time.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The present, and waiting for a later one.
///
/// [`SystemClock`] is the real one; [`TestClock`] is moved by hand, or moves itself when nothing else is to do.
pub trait Clock: Send + Sync + 'static {
    /// The present.
    fn now(&self) -> Timestamp;

    /// Ends when the present is `at` or later.
    fn sleep_until(&self, at: Timestamp) -> Sleep;

    /// The engine has nothing to do before `next`. A clock for tests may go there at once and answers whether it
    /// did; a real clock does nothing.
    fn idle_until(&self, next: Timestamp) -> bool {
        let _ = next;
        false
    }

    /// Whether a timer is answered with its own due time as the present.
    ///
    /// So it is with a clock that is moved in steps: a wait that ends in the middle of a step ended then.
    fn is_virtual(&self) -> bool {
        false
    }
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }

    fn sleep_until(&self, at: Timestamp) -> Sleep {
        (**self).sleep_until(at)
    }

    fn idle_until(&self, next: Timestamp) -> bool {
        (**self).idle_until(next)
    }

    fn is_virtual(&self) -> bool {
        (**self).is_virtual()
    }
}

/// The computer's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one clock that reads the system's"
    )]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Timestamp::from_millis(since.map_or(0, |span| {
            i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
        }))
    }

    fn sleep_until(&self, at: Timestamp) -> Sleep {
        let clock = *self;
        Box::pin(async move {
            // The system's clock may be set back or the machine may sleep: look again, and never wait long blindly.
            loop {
                let left = at.since(clock.now());
                if left.is_zero() {
                    return;
                }
                tokio::time::sleep(left.min(Duration::from_secs(60))).await;
            }
        })
    }
}

/// A clock for tests: time stands still until it is moved.
///
/// [`TestClock::manual`] moves by [`advance`](TestClock::advance) alone. [`TestClock::auto`] also jumps to the next
/// timer of the engine (a `Wait`, a retry, a timeout) whenever nothing else can happen: no task waits for a worker
/// or is in a worker's hands. So an execution that waits for thirty days ends in milliseconds.
///
/// ```
/// use std::time::Duration;
/// use sfn_engine::{Clock, TestClock};
///
/// let clock = TestClock::manual();
/// let before = clock.now();
/// clock.advance(Duration::from_secs(30 * 24 * 60 * 60));
/// assert_eq!(clock.now().since(before).as_secs(), 2_592_000);
/// ```
#[derive(Clone)]
pub struct TestClock(Arc<TestTime>);

struct TestTime {
    millis: AtomicI64,
    auto: bool,
    moved: watch::Sender<()>,
}

impl TestClock {
    /// Where test clocks start unless told otherwise: 2026-01-01T00:00:00Z.
    pub const START: Timestamp = Timestamp::from_millis(1_767_225_600_000);

    /// A clock that only [`advance`](TestClock::advance) moves.
    pub fn manual() -> Self {
        TestClock::new(TestClock::START, false)
    }

    /// A clock that jumps to the engine's next timer when nothing else can happen.
    pub fn auto() -> Self {
        TestClock::new(TestClock::START, true)
    }

    /// The same clock, but starting at `at`.
    #[must_use]
    pub fn starting_at(self, at: Timestamp) -> Self {
        TestClock::new(at, self.0.auto)
    }

    fn new(start: Timestamp, auto: bool) -> Self {
        let millis = AtomicI64::new(start.as_millis());
        TestClock(Arc::new(TestTime {
            millis,
            auto,
            moved: watch::Sender::new(()),
        }))
    }

    /// Moves the present forward by `span`.
    pub fn advance(&self, span: Duration) {
        self.set(self.now() + span);
    }

    /// Moves the present to `at`; does nothing when that is past.
    pub fn set(&self, at: Timestamp) {
        self.0.millis.fetch_max(at.as_millis(), Ordering::SeqCst);
        self.0.moved.send_replace(());
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.millis.load(Ordering::SeqCst))
    }

    fn sleep_until(&self, at: Timestamp) -> Sleep {
        let clock = self.clone();
        let mut moved = self.0.moved.subscribe();
        Box::pin(async move {
            while clock.now() < at {
                if moved.changed().await.is_err() {
                    return;
                }
            }
        })
    }

    fn idle_until(&self, next: Timestamp) -> bool {
        if self.0.auto {
            self.set(next);
        }
        self.0.auto
    }

    fn is_virtual(&self) -> bool {
        true
    }
}

impl fmt::Debug for TestClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestClock")
            .field("now", &self.now())
            .field("auto", &self.0.auto)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_sleeper_wakes_when_the_clock_is_moved_past_its_time() {
        let clock = TestClock::manual();
        let sleeper = tokio::spawn(clock.sleep_until(clock.now() + Duration::from_secs(10)));
        clock.advance(Duration::from_secs(9));
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        clock.advance(Duration::from_secs(1));
        sleeper.await.expect("the sleeper ends");
    }

    #[test]
    fn time_never_goes_back() {
        let clock = TestClock::manual();
        clock.set(TestClock::START - Duration::from_secs(1));
        assert_eq!(clock.now(), TestClock::START);
    }
}
