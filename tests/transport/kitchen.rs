//! Steps that behave as each case needs, through what they are provided with.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde::{Deserialize, Serialize};
use sfn_runtime::{Payload, StepContext, StepError, step};
use tokio::sync::Semaphore;

/// What the steps of a test share with it. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Kitchen(Arc<Counters>);

#[derive(Debug)]
struct Counters {
    running: AtomicUsize,
    most: AtomicUsize,
    begun: AtomicUsize,
    cancelled: AtomicUsize,
    /// The attempts that steps said they were.
    attempts: Mutex<Vec<u32>>,
    /// One permit for each that may finish.
    doors: Semaphore,
}

impl Kitchen {
    /// Everything waits behind closed doors.
    pub(crate) fn closed() -> Self {
        Self(Arc::new(Counters {
            running: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
            begun: AtomicUsize::new(0),
            cancelled: AtomicUsize::new(0),
            attempts: Mutex::default(),
            doors: Semaphore::new(0),
        }))
    }

    /// Lets so many finish.
    pub(crate) fn open(&self, doors: usize) {
        self.0.doors.add_permits(doors);
    }

    pub(crate) fn running(&self) -> usize {
        self.0.running.load(Ordering::SeqCst)
    }

    /// How many ran at once at most.
    pub(crate) fn most(&self) -> usize {
        self.0.most.load(Ordering::SeqCst)
    }

    pub(crate) fn begun(&self) -> usize {
        self.0.begun.load(Ordering::SeqCst)
    }

    pub(crate) fn cancelled(&self) -> usize {
        self.0.cancelled.load(Ordering::SeqCst)
    }

    /// The attempts that steps said they were, in order.
    pub(crate) fn attempts(&self) -> Vec<u32> {
        self.0
            .attempts
            .lock()
            .expect("no test panics while holding it")
            .clone()
    }

    fn tried(&self, attempt: u32) {
        let mut attempts = self
            .0
            .attempts
            .lock()
            .expect("no test panics while holding it");
        attempts.push(attempt);
    }

    fn enter(&self) -> Inside {
        self.0.begun.fetch_add(1, Ordering::SeqCst);
        let running = self.0.running.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.most.fetch_max(running, Ordering::SeqCst);
        Inside(self.clone())
    }
}

struct Inside(Kitchen);

impl Drop for Inside {
    fn drop(&mut self) {
        self.0.0.running.fetch_sub(1, Ordering::SeqCst);
    }
}

#[derive(Debug, Clone, PartialEq, thiserror::Error, Serialize, Deserialize, StepError)]
pub(crate) enum OvenError {
    #[error("the oven is taken")]
    Busy,
    #[error("the oven is cold")]
    #[step_error(retryable = false)]
    Cold,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub(crate) struct Pizza {
    pub(crate) name: String,
    pub(crate) slices: u32,
}

/// Waits for a door.
#[step]
pub(crate) async fn wait_for_door(number: u32, #[inject] kitchen: Kitchen) -> u32 {
    let _inside = kitchen.enter();
    kitchen
        .0
        .doors
        .acquire()
        .await
        .expect("never closed")
        .forget();
    number
}

/// Waits for a door, in sight of its worker; ends early when nobody waits for it.
#[step(heartbeat = "30s")]
pub(crate) async fn wait_in_sight(
    number: u32,
    #[inject] kitchen: Kitchen,
    #[inject] ctx: StepContext,
) -> u32 {
    let _inside = kitchen.enter();
    tokio::select! {
        door = kitchen.0.doors.acquire() => door.expect("never closed").forget(),
        () = ctx.cancelled() => {
            kitchen.0.cancelled.fetch_add(1, Ordering::SeqCst);
        }
    }
    number
}

/// Asks for heartbeats by itself, ten at once, and then every ten seconds of a minute.
#[step]
pub(crate) async fn beat_by_itself(#[inject] ctx: StepContext) -> u32 {
    for _ in 0..10 {
        ctx.heartbeat();
    }
    for _ in 0..6 {
        tokio::time::sleep(Duration::from_secs(10)).await;
        ctx.heartbeat();
    }
    6
}

/// Doubles a number.
#[step]
pub(crate) fn double(number: u32) -> u32 {
    number * 2
}

/// Blocks its thread until the doors open, as ordinary code does.
#[step]
pub(crate) fn block(number: u32, #[inject] kitchen: Kitchen) -> u32 {
    let _inside = kitchen.enter();
    while kitchen
        .0
        .doors
        .try_acquire()
        .map(|door| door.forget())
        .is_err()
    {
        std::thread::yield_now();
    }
    number
}

/// Fails as it is told.
#[step]
pub(crate) async fn fail_as(how: String) -> Result<u32, OvenError> {
    match how.as_str() {
        "busy" => Err(OvenError::Busy),
        "cold" => Err(OvenError::Cold),
        _ => panic!("the oven exploded"),
    }
}

/// Bakes more than a state may carry.
#[step]
pub(crate) fn bake_far_too_much(bytes: usize) -> String {
    "x".repeat(bytes)
}

/// Slices a pizza.
#[step]
pub(crate) async fn slice(pizza: Pizza) -> Pizza {
    Pizza {
        slices: pizza.slices + 1,
        ..pizza
    }
}

/// Fails in its first two attempts.
#[step(retry(on(OvenError::Busy), interval = "1s", max_attempts = 3, backoff = 1.0))]
pub(crate) async fn fail_twice(
    number: u32,
    #[inject] kitchen: Kitchen,
    #[inject] ctx: StepContext,
) -> Result<u32, OvenError> {
    kitchen.tried(ctx.attempt);
    match ctx.attempt {
        1 | 2 => Err(OvenError::Busy),
        _ => Ok(number),
    }
}

/// Is given up when it is silent for two seconds, and tried again.
#[step(retry(interval = "1s", max_attempts = 1), heartbeat = "2s")]
pub(crate) async fn fall_silent(
    number: u32,
    #[inject] kitchen: Kitchen,
    #[inject] ctx: StepContext,
) -> u32 {
    kitchen.tried(ctx.attempt);
    number
}
