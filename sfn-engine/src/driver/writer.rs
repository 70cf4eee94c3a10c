//! The thread that writes down what happens, and those who wait for it.
//!
//! Changes come in under the engine's lock, so their order is the order of what happened. The thread takes all that has come
//! in since it last looked and writes it as one frame: the more there is to do, the more changes one flush serves.
//!
//! Whoever was told of a flush often has the next change at once: a worker reports, and its execution goes on. So the thread
//! waits for those a moment, a fraction of what a flush takes, before it begins the next: else two halves would take turns, and
//! everyone would wait for two flushes. On a disk of 400 flushes a second that makes half as many steps again.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::{Notify, oneshot, watch};

use super::journal::{Noted, records};
use crate::store::{Error, Store};

/// A segment of this size is reason to make the journal shorter: reading it takes some tenths of a second at a start.
const LONG: u64 = 16 << 20;

/// What is given to the thread that writes, and how far it has come.
pub(super) struct Writer {
    /// `None` when the engine goes down.
    sender: Option<mpsc::Sender<Batch>>,
    thread: Option<JoinHandle<()>>,
    written: watch::Receiver<Written>,
    pub(super) store: Arc<dyn Store>,
    length: Arc<Length>,
}

/// What happened under one hold of the lock.
struct Batch {
    noted: Vec<Noted>,
    ticket: u64,
    /// Whether it begins a new segment, and who wants to know its number.
    rotate: Option<oneshot::Sender<u64>>,
}

#[derive(Clone, Default)]
struct Written {
    ticket: u64,
    failed: Option<Arc<str>>,
}

/// How long the journal has become.
pub(super) struct Length {
    bytes: AtomicU64,
    bound: AtomicU64,
    /// Wakes who makes it shorter.
    pub(super) exceeded: Notify,
}

impl Length {
    /// The journal was made as short as it gets: the next time is when it has doubled.
    pub(super) fn accept(&self) {
        let bytes = self.bytes.load(Ordering::Relaxed);
        self.bound.store(LONG.max(2 * bytes), Ordering::Relaxed);
    }
}

impl Writer {
    /// Starts the thread. It ends when all is written and the writer is dropped.
    pub(super) fn start(store: Arc<dyn Store>) -> std::io::Result<Writer> {
        let (sender, receiver) = mpsc::channel();
        let (progress, written) = watch::channel(Written::default());
        let length = Arc::new(Length {
            bytes: AtomicU64::new(0),
            bound: AtomicU64::new(LONG),
            exceeded: Notify::new(),
        });
        let (to, measure) = (store.clone(), length.clone());
        let thread = std::thread::Builder::new()
            .name("sfn-store".to_owned())
            .spawn(move || write(&*to, &receiver, &progress, &measure))?;
        Ok(Writer {
            sender: Some(sender),
            thread: Some(thread),
            written,
            store,
            length,
        })
    }

    pub(super) fn length(&self) -> Arc<Length> {
        self.length.clone()
    }

    /// Ends when all up to `ticket` is written.
    pub(super) fn written(
        &self,
        ticket: u64,
    ) -> impl Future<Output = Result<(), Error>> + Send + use<> {
        let mut written = self.written.clone();
        async move {
            let reached = written
                .wait_for(|written| written.ticket >= ticket || written.failed.is_some())
                .await;
            match reached.map(|written| (written.ticket >= ticket, written.failed.clone())) {
                Ok((true, _)) => Ok(()),
                Ok((false, why)) => Err(Error::Stopped(
                    why.as_deref().unwrap_or_default().to_owned(),
                )),
                Err(_) => Err(Error::Stopped("the engine has ended".to_owned())),
            }
        }
    }

    /// Takes what happened; it begins a new segment if someone wants to know that segment's number.
    pub(super) fn send(
        &self,
        noted: Vec<Noted>,
        ticket: u64,
        rotate: Option<oneshot::Sender<u64>>,
    ) {
        let batch = Batch {
            noted,
            ticket,
            rotate,
        };
        if let Some(sender) = &self.sender {
            // A writer that has stopped has told so; whoever waits for this ticket is told, too.
            let _ = sender.send(batch);
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.sender = None;
        if let Some(thread) = self.thread.take() {
            // When this returns the store is free for the next engine. A panic over there has been told of.
            let _ = thread.join();
        }
    }
}

/// How many batches a flush served when the next one waits for those who were told of it: fewer are of no use to each other.
const COMPANY: usize = 4;

/// The shortest flush that is waited behind: a thread cannot wait for much less than a tenth of a millisecond.
const SLOW: Duration = Duration::from_millis(1);

/// What the next flush waits for.
struct Expected {
    batches: usize,
    /// It waits no longer than this,
    until: Instant,
    /// and not at all once nothing has come for this long.
    gap: Duration,
}

#[expect(
    clippy::disallowed_methods,
    reason = "the disk's time is the real one, whatever clock executions go by"
)]
fn write(
    store: &dyn Store,
    receiver: &mpsc::Receiver<Batch>,
    progress: &watch::Sender<Written>,
    length: &Length,
) {
    let mut batches: Vec<Batch> = Vec::new();
    let mut expected: Option<Expected> = None;
    loop {
        if let Some(expected) = expected.take() {
            while batches.len() < expected.batches {
                let left = expected.until.saturating_duration_since(Instant::now());
                match receiver.recv_timeout(left.min(expected.gap)) {
                    Ok(batch) => batches.push(batch),
                    Err(_) => break,
                }
            }
        }
        if batches.is_empty() {
            match receiver.recv() {
                Ok(first) => batches.push(first),
                Err(_) => return,
            }
        }
        // What piled up in the meantime goes along.
        batches.extend(receiver.try_iter());
        let begun = Instant::now();
        match keep(store, &mut batches) {
            Ok(bytes) => {
                let ticket = batches.last().map_or(0, |batch| batch.ticket);
                progress.send_modify(|written| written.ticket = ticket);
                length.bytes.store(bytes, Ordering::Relaxed);
                if bytes > length.bound.load(Ordering::Relaxed) {
                    length.exceeded.notify_one();
                }
            }
            Err(error) => {
                // What comes after a record that is not there must not be there either; and whether a failed flush has
                // left something on disk cannot be known.
                let why = full_text(&error);
                tracing::error!("the store failed, the engine stops: {why}");
                progress.send_modify(|written| written.failed = Some(why.into()));
                return;
            }
        }
        let told = batches.len();
        batches.clear();
        batches.extend(receiver.try_iter());
        let now = Instant::now();
        let took = now - begun;
        if told >= COMPANY && took >= SLOW {
            expected = Some(Expected {
                batches: told + batches.len(),
                until: now + took / 2,
                gap: took / 8,
            });
        }
    }
}

fn keep(store: &dyn Store, batches: &mut [Batch]) -> Result<u64, Error> {
    let mut bytes = 0;
    // A batch that begins a segment begins a frame as well.
    let mut rest = batches;
    while !rest.is_empty() {
        let end = rest
            .iter()
            .skip(1)
            .position(|batch| batch.rotate.is_some())
            .map_or(rest.len(), |at| at + 1);
        let (now, later) = rest.split_at_mut(end);
        let rotate = now.first_mut().and_then(|batch| batch.rotate.take());
        let segment = rotate.as_ref().map(|_| store.rotate()).transpose()?;
        let text = records(now.iter().flat_map(|batch| &batch.noted))?;
        if !text.is_empty() {
            bytes = store.append(&text)?;
        }
        if let (Some(rotate), Some(segment)) = (rotate, segment) {
            // Nobody waits when the engine is going down.
            let _ = rotate.send(segment);
        }
        rest = later;
    }
    Ok(bytes)
}

/// An error with all its causes.
fn full_text(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
