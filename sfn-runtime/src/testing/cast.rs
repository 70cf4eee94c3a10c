//! Who plays which step: mocks, faults, or the steps themselves.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, mpsc},
};

use serde_json::Value;
use sfn_asl::{Kind, OrExpression, StateMachine};
use tokio::runtime::Runtime;
use tracing::Span;

use super::{
    answer::{Answer, Script},
    clock::Time,
};
use crate::{ErrorName, Failure, StepMeta, TaskInput, service::Service};

/// A script at work.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) script: Arc<Script>,
    inputs: Mutex<Vec<TaskInput>>,
}

impl Part {
    pub(super) fn new(script: impl Into<Arc<Script>>) -> Arc<Self> {
        Arc::new(Self {
            script: script.into(),
            inputs: Mutex::default(),
        })
    }

    /// What it has answered.
    pub(super) fn inputs(&self) -> Vec<TaskInput> {
        lock(&self.inputs).clone()
    }

    pub(super) fn is_unused(&self) -> bool {
        lock(&self.inputs).is_empty()
    }

    fn answer(&self, task: &TaskInput) -> Option<Answer> {
        let mut inputs = lock(&self.inputs);
        let answer = self.script.answer(inputs.len())?.clone();
        inputs.push(task.clone());
        Some(answer)
    }
}

/// How long an attempt may take, and how long it may be silent, in seconds.
type Limits = (Option<u64>, Option<u64>);

/// All mocks and faults of a test.
#[derive(Debug, Default)]
pub(super) struct Cast {
    pub(super) mocks: Mutex<Vec<Arc<Part>>>,
    /// They come before the mocks.
    pub(super) faults: Mutex<Vec<Arc<Part>>>,
    /// How long an attempt of each state may take and be silent, in seconds.
    limits: Mutex<HashMap<String, Limits>>,
    /// `None` where time is the real one.
    time: Option<Time>,
}

impl Cast {
    pub(super) fn new(time: Option<Time>) -> Self {
        Self {
            time,
            ..Self::default()
        }
    }

    /// The same mocks, from their beginning, and no faults.
    pub(super) fn again(&self, time: Option<Time>) -> Self {
        let mocks = lock(&self.mocks);
        let again = mocks
            .iter()
            .map(|part| Part::new(Arc::clone(&part.script)))
            .collect();
        Self {
            mocks: Mutex::new(again),
            time,
            ..Self::default()
        }
    }

    /// Learns how long the states of a machine may take.
    pub(super) fn learn(&self, machine: &StateMachine) {
        let mut limits = lock(&self.limits);
        for visit in machine.walk() {
            if let Kind::Task(task) = &visit.state.kind {
                let seconds = |field: &Option<OrExpression<u64>>| match field {
                    Some(OrExpression::Value(seconds)) => Some(*seconds),
                    _ => None,
                };
                let of = (
                    seconds(&task.timeout_seconds),
                    seconds(&task.heartbeat_seconds),
                );
                limits.insert(visit.name.to_owned(), of);
            }
        }
    }

    /// Whether a mock answers all calls of the step, so that nobody need provide what it asks for.
    pub(super) fn replaces(&self, step: &StepMeta) -> bool {
        let mocks = lock(&self.mocks);
        mocks.iter().any(|part| {
            let script = &part.script;
            script.step == Some(step.name)
                && script.state.is_none()
                && script.when.is_none()
                && !script
                    .answers
                    .iter()
                    .any(|(answer, _)| matches!(answer, Answer::Run))
        })
    }

    /// Does one task.
    pub(super) async fn play(
        &self,
        step: &'static StepMeta,
        task: TaskInput,
        service: &dyn Service,
        token: &str,
    ) -> Result<Value, Failure> {
        match self.answer(step, &task) {
            Answer::Return(value) => Ok(value),
            Answer::Fail(failure) => Err(failure),
            Answer::Call(call) => {
                // A panic of a closure is one of its step.
                crate::step::boxed(async move { call(task) }).await
            }
            Answer::Run => self.run(step, task).await,
            Answer::TimeOut => {
                let (timeout, heartbeat) = self.limits(&task);
                let span = timeout.ok_or_else(|| without(&task, "timeout"))?;
                let Some(time) = &self.time else {
                    return outlast().await;
                };
                let end = later(time.millis(), span);
                // It is late, but not silent.
                let pause = heartbeat.map_or(span, |silence| (silence / 2).max(1));
                while time.millis() < end {
                    time.pass_until(later(time.millis(), pause).min(end)).await;
                    if service.send_task_heartbeat(token.to_owned()).await.is_err() {
                        break;
                    }
                }
                // By now the engine has ended the task, and nobody hears this.
                Err(Failure::new(ErrorName::TIMEOUT.name, ""))
            }
            Answer::FallSilent => {
                let (_, heartbeat) = self.limits(&task);
                let silence = heartbeat.ok_or_else(|| without(&task, "heartbeat"))?;
                let Some(time) = &self.time else {
                    return outlast().await;
                };
                time.pass_until(later(time.millis(), silence)).await;
                Err(Failure::new(ErrorName::HEARTBEAT_TIMEOUT.name, ""))
            }
        }
    }

    fn answer(&self, step: &StepMeta, task: &TaskInput) -> Answer {
        for parts in [&self.faults, &self.mocks] {
            // The latest comes first: a test may say something special after something general.
            let parts = lock(parts).clone();
            let meant = parts
                .iter()
                .rev()
                .find(|part| part.script.is_for(step.name, task));
            if let Some(answer) = meant.and_then(|part| part.answer(task)) {
                return answer;
            }
        }
        Answer::Run
    }

    /// How long an attempt of the task's state may take, and how long it may be silent, in seconds.
    fn limits(&self, task: &TaskInput) -> Limits {
        let limits = lock(&self.limits);
        limits.get(&task.context.state).copied().unwrap_or_default()
    }

    /// Runs the step's own function.
    async fn run(&self, step: &'static StepMeta, task: TaskInput) -> Result<Value, Failure> {
        let handler = crate::intercept::run(step, task);
        if step.is_async {
            return handler.await;
        }
        if self.time.is_none() {
            let runtime = tokio::runtime::Handle::current();
            let span = Span::current();
            let running =
                tokio::task::spawn_blocking(move || span.in_scope(|| runtime.block_on(handler)));
            return running
                .await
                .unwrap_or_else(|error| Err(Failure::new(Failure::PANIC, error.to_string())));
        }
        // On virtual time nothing else happens while a blocking step runs: so the order of things is always the same.
        // The thread is a new one, because what a test prints is kept apart by thread.
        let (sender, ended) = mpsc::sync_channel(1);
        let span = Span::current();
        std::thread::spawn(move || {
            let ended = span.in_scope(|| aide().block_on(handler));
            // The receiver waits right below.
            let _ = sender.send(ended);
        });
        ended
            .recv()
            .unwrap_or_else(|_| Err(Failure::new(Failure::PANIC, "the step's thread has ended")))
    }
}

/// Says that a fault is not possible.
fn without(task: &TaskInput, what: &str) -> Failure {
    let state = &task.context.state;
    Failure::new(
        Failure::BAD_INPUT,
        format!(
            "the test wants state `{state}` to outlast its {what}, and it has none: give its step `{what} = \"…\"`"
        ),
    )
}

/// In real time, being late is all there is to it: the service ends the task.
async fn outlast() -> Result<Value, Failure> {
    std::future::pending().await
}

fn later(millis: i64, seconds: u64) -> i64 {
    millis.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX / 1_000) * 1_000)
}

/// A runtime for blocking steps that themselves wait for something of a runtime's: the test's own stands still then.
fn aide() -> &'static Runtime {
    static AIDE: OnceLock<Runtime> = OnceLock::new();
    AIDE.get_or_init(|| {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a test may start a thread")
    })
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
