//! Where a step finds itself.

#[cfg(test)]
mod tests;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde_json::Value;
use tokio::sync::Notify;

use crate::payload::Fnv;

/// Where a step finds itself: execution, state, attempt. Asked for with `#[inject] ctx: StepContext`.
///
/// It is also the way to the worker while the step runs: [`heartbeat`](Self::heartbeat) shows that
/// the step is alive, [`cancelled`](Self::cancelled) tells that nobody waits for it any more.
///
/// ```
/// use sfn_runtime::{step, StepContext};
///
/// #[step]
/// fn charge(amount: u64, #[inject] ctx: StepContext) -> String {
///     // The payment service does the same thing only once a key.
///     format!("{amount} under {}", ctx.idempotency_key())
/// }
/// ```
///
/// A test builds one with [`StepContext::new`] and calls the function.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StepContext {
    /// The execution's ARN.
    pub execution_arn: String,
    /// The execution's name.
    pub execution_name: String,
    /// The state's name.
    pub state: String,
    /// 1 for the first attempt, 2 for the first retry, and so on.
    pub attempt: u32,
    /// When the execution started, as RFC 3339 text; empty where it is not known.
    pub started: String,
    /// What the task is answered with, where somebody could.
    token: Option<String>,
    /// A mark of the step's input, so that the items of a map have different idempotency keys.
    input_mark: u64,
    /// How long its state lets it stay silent, where that is not what the step itself declares.
    pub(crate) heartbeat: Option<Duration>,
    /// How long its state lets it run, where that is not what the step itself declares.
    pub(crate) timeout: Option<Duration>,
    signals: Arc<Signals>,
}

#[derive(Debug, Default)]
struct Signals {
    cancelled: AtomicBool,
    /// Wakes every `cancelled().await`.
    cancellation: Notify,
    /// Wakes the worker's `heartbeat_asked().await`.
    heartbeat: Notify,
}

impl StepContext {
    /// A context for the first attempt, with no worker behind it: heartbeats go nowhere, and
    /// nothing cancels it. For tests of a step, and the start of a worker's own.
    pub fn new(
        execution_arn: impl Into<String>,
        execution_name: impl Into<String>,
        state: impl Into<String>,
    ) -> Self {
        StepContext {
            execution_arn: execution_arn.into(),
            execution_name: execution_name.into(),
            state: state.into(),
            attempt: 1,
            started: String::new(),
            token: None,
            input_mark: 0,
            heartbeat: None,
            timeout: None,
            signals: Arc::default(),
        }
    }

    /// Reads the `context` object of a task's envelope; what is absent stays empty.
    pub(crate) fn read(context: &Value) -> Self {
        let text = |key: &str| context[key].as_str().unwrap_or_default();
        let mut read = StepContext::new(text("execution"), text("name"), text("state"));
        // `RetryCount` counts retries, we count attempts.
        let retries = context["attempt"].as_u64().unwrap_or(0);
        read.attempt = u32::try_from(retries).unwrap_or(u32::MAX).saturating_add(1);
        read.started = text("started").to_owned();
        read.token = context["token"].as_str().map(str::to_owned);
        let seconds = |key: &str| context[key].as_u64().map(Duration::from_secs);
        read.heartbeat = seconds("heartbeat");
        read.timeout = seconds("timeout");
        read
    }

    /// The state machine's name, as the execution's ARN has it.
    pub(crate) fn machine_name(&self) -> &str {
        // `arn:aws:states:REGION:ACCOUNT:execution:MACHINE:NAME`; `express:MACHINE:NAME:ID` for an express one.
        self.execution_arn.split(':').nth(6).unwrap_or_default()
    }

    /// The same for a task with this token.
    #[must_use]
    pub fn with_task_token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// What the task can be answered with from elsewhere: by [`Client::send_success`](crate::Client::send_success) and
    /// [`Client::send_failure`](crate::Client::send_failure), the command `answer`, or any AWS SDK.
    ///
    /// A step that hands it on returns [`Callback::pending`](crate::Callback::pending). `None` where nobody waits for an
    /// answer: in a test that gave none, and in a Lambda function whose call is no `.callback(..)`.
    #[must_use]
    pub fn task_token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The name of the execution that everything began with: this one, or the one that called it as a nested one, perhaps
    /// through others.
    ///
    /// A nested execution is named for it, `<name>-<random UUID>`, so that whoever looks for one name finds the lines of all.
    /// Of a longer name it has the first 43 characters, since a name has at most 80. An execution that was not nested, but
    /// was given such a name, cannot be told from one.
    ///
    /// ```
    /// use sfn_runtime::StepContext;
    ///
    /// let child = "campaign-7-0b9a2c1d-1f2e-4a3b-8c4d-5e6f7a8b9c0d";
    /// assert_eq!(StepContext::new("arn", child, "send").root_name(), "campaign-7");
    /// assert_eq!(StepContext::new("arn", "campaign-7", "send").root_name(), "campaign-7");
    /// ```
    #[must_use]
    pub fn root_name(&self) -> &str {
        /// How much of its caller's name a nested execution has at most, in characters.
        const KEPT: usize = 43;
        let Some(mut name) = before_uuid(&self.execution_name, UUID) else {
            return &self.execution_name;
        };
        // The caller may be nested itself. Then its own UUID was cut, if the whole would have been too long.
        if name.chars().count() == KEPT {
            let cut = (0..UUID).rev().find_map(|length| before_uuid(name, length));
            name = cut.unwrap_or(name);
        }
        while let Some(before) = before_uuid(name, UUID) {
            name = before;
        }
        name
    }

    pub(crate) fn mark_input(&mut self, input: &Value) {
        let mut hash = Fnv::new();
        hash.write_text(&input.to_string());
        self.input_mark = hash.finish();
    }

    /// A key for this piece of work: `<execution name>:<state>:<16 hex digits>`, at most 178
    /// characters.
    ///
    /// Every attempt of the same state on the same input in the same execution has the same key,
    /// also after a redrive; another execution, another state or another input has another. Hand it
    /// to services that do a thing once a key.
    ///
    /// Two items of a map that are equal have the same key, since Step Functions tells a task
    /// nothing of the item it works on; so have two passes of a loop through the same state with the
    /// very same input. Where each of them is to count, give the input something of its own, such as
    /// a number.
    pub fn idempotency_key(&self) -> String {
        let mut hash = Fnv::new();
        hash.write_text(&self.execution_arn);
        hash.write(&self.input_mark.to_le_bytes());
        format!(
            "{}:{}:{:016x}",
            self.execution_name,
            self.state,
            hash.finish()
        )
    }

    /// Shows the service that the step is alive, now.
    ///
    /// A worker does this by itself for steps with a `heartbeat`; call it where the step knows
    /// better, for example after each finished part. Cheap, never waits; calls in quick succession
    /// may be sent as one.
    pub fn heartbeat(&self) {
        self.signals.heartbeat.notify_one();
    }

    /// Waits until the step is no longer wanted: its task timed out, its execution was stopped, or
    /// the worker must end at once.
    ///
    /// A step that works long watches it beside its work, say with `tokio::select!`. It then has ten
    /// seconds to tidy up; after that an `async` step is dropped at its next `.await`.
    pub async fn cancelled(&self) {
        loop {
            // Listens before it looks, so that no signal falls between.
            let signal = self.signals.cancellation.notified();
            if self.is_cancelled() {
                return;
            }
            signal.await;
        }
    }

    /// Whether the step is no longer wanted. For loops that cannot wait.
    pub fn is_cancelled(&self) -> bool {
        self.signals.cancelled.load(Ordering::Acquire)
    }

    /// The worker's side of this context.
    pub fn control(&self) -> ContextControl {
        ContextControl {
            signals: Arc::clone(&self.signals),
        }
    }
}

/// How many characters a UUID has.
const UUID: usize = 36;

/// What stands before `-` and the first so many characters of a random UUID.
fn before_uuid(name: &str, length: usize) -> Option<&str> {
    let at = name.len().checked_sub(length)?;
    let (before, uuid) = (name.get(..at)?, name.get(at..)?);
    let fits = uuid.bytes().enumerate().all(|(index, byte)| match index {
        8 | 13 | 18 | 23 => byte == b'-',
        14 => byte == b'4',
        _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
    });
    before
        .strip_suffix('-')
        .filter(|name| fits && !name.is_empty())
}

/// The worker's side of a [`StepContext`].
#[derive(Debug, Clone)]
pub struct ContextControl {
    signals: Arc<Signals>,
}

impl ContextControl {
    /// Tells the step that it is no longer wanted. Again is harmless.
    pub fn cancel(&self) {
        self.signals.cancelled.store(true, Ordering::Release);
        self.signals.cancellation.notify_waiters();
    }

    /// Waits until the step asks for a heartbeat. One that was asked for while nobody waited is
    /// kept; several are one.
    pub async fn heartbeat_asked(&self) {
        self.signals.heartbeat.notified().await;
    }
}
