use std::{any::Any, time::Duration};

use serde_json::Value;
use tokio::{
    runtime::Handle,
    task::{JoinError, JoinHandle},
};
use tracing::{Instrument, Span};

use super::{
    heartbeat::{Heartbeats, pass},
    monitor::Ended,
    poll::Pool,
    report::Report,
    stop::{Stop, told},
};
use crate::{
    ErrorName, Failure, StepMeta, TaskInput, context::ContextControl, service::ActivityTask, trace,
};

/// How long a step may go on once it was told that nobody waits for it: to close what it has open, and to say so.
const GRACE: Duration = Duration::from_secs(10);

/// How long the last word of a worker that stops at once may take.
const LAST_WORD: Duration = Duration::from_secs(5);

/// Runs a step on a task, and reports how it ended.
pub(super) async fn perform(pool: &Pool, task: ActivityTask) {
    let ActivityTask { token, input } = task;
    let _runs = pool.figures.runs();
    let read = serde_json::from_str(&input)
        .map_err(|error| Failure::new(Failure::BAD_INPUT, format!("the input is no JSON: {error}")))
        .and_then(TaskInput::from_envelope);
    drop(input);
    match read {
        Ok(mut task) => {
            task.context = task.context.with_task_token(token.as_str());
            // An activity's task brings no trace header.
            let span = trace::task(pool.step, &task.context, None);
            run(pool, &token, task).instrument(span).await;
        }
        Err(failure) => {
            let span = trace::unreadable(pool.step);
            let beats = Heartbeats {
                service: &*pool.service,
                figures: &pool.figures,
                token: &token,
                silence: pool.step.heartbeat,
                control: None,
            };
            report(pool, &token, Err(failure), beats.keep_going())
                .instrument(span)
                .await;
        }
    }
}

async fn run(pool: &Pool, token: &str, task: TaskInput) {
    let control = task.context.control();
    // The service counts from when it handed the task out, so it has ended the task by then.
    let limit = task.context.timeout.or(pool.step.timeout);
    let beats = Heartbeats {
        service: &*pool.service,
        figures: &pool.figures,
        token,
        silence: task.context.heartbeat.or(pool.step.heartbeat),
        control: Some(control.clone()),
    };
    // Heartbeats go on while the report is on its way: it may need several tries.
    let beats = beats.keep_going();
    tokio::pin!(beats);
    tracing::debug!("begins");
    let mut running = begin(pool, token, task.with_providers(pool.providers.clone()));
    tokio::select! {
        ended = &mut running => report(pool, token, outcome(pool.step, ended), beats).await,
        () = &mut beats => {
            tracing::warn!("nobody waits for this task any more; the step is told");
            end_unwanted(pool, &control, running).await;
        }
        () = pass(limit) => {
            tracing::warn!(?limit, "the step takes longer than its timeout; it is told");
            end_unwanted(pool, &control, running).await;
        }
        () = told(&pool.stop, Stop::Now) => {
            control.cancel();
            running.abort();
            give_back(pool, token).await;
        }
    }
}

/// Ends a step whose result no longer counts: tells it, and after a while drops it.
async fn end_unwanted(
    pool: &Pool,
    control: &ContextControl,
    mut running: JoinHandle<Result<Value, Failure>>,
) {
    pool.figures.ended(Ended::Unwanted);
    trace::failed("unwanted", "nobody waited any more for the end of the step");
    control.cancel();
    tokio::select! {
        _ = &mut running => return,
        () = tokio::time::sleep(GRACE) => tracing::warn!("the step did not end by itself; it is dropped"),
        () = told(&pool.stop, Stop::Now) => {}
    }
    running.abort();
    // One that is not `async` cannot be dropped: its slot stays taken until it has really ended.
    tokio::select! {
        _ = running => {}
        () = told(&pool.stop, Stop::Now) => {}
    }
}

/// Starts a task's step, or what stands in for it.
fn begin(pool: &Pool, token: &str, task: TaskInput) -> JoinHandle<Result<Value, Failure>> {
    match &pool.runner {
        Some(runner) => tokio::spawn(runner(pool.step, task, token.to_owned()).in_current_span()),
        None => begin_step(pool.step, task),
    }
}

/// Starts a step's handler on a task of its own, so that its worker can watch over it.
pub(super) fn begin_step(
    step: &'static StepMeta,
    task: TaskInput,
) -> JoinHandle<Result<Value, Failure>> {
    let handler = crate::intercept::run(step, task);
    if step.is_async {
        tokio::spawn(handler.in_current_span())
    } else {
        // Such a handler blocks its thread while it runs.
        let (runtime, span) = (Handle::current(), Span::current());
        tokio::task::spawn_blocking(move || span.in_scope(|| runtime.block_on(handler)))
    }
}

/// Whether a step has handed its token to somebody who answers in its place.
pub(crate) fn is_pending(outcome: &Result<Value, Failure>) -> bool {
    matches!(outcome, Err(failure) if failure.error == Failure::PENDING)
}

/// Says how a step ended. Ends early when `over` does: the task is over, and nobody listens.
async fn report(
    pool: &Pool,
    token: &str,
    outcome: Result<Value, Failure>,
    over: impl Future<Output = ()>,
) {
    if is_pending(&outcome) {
        tracing::debug!("somebody else answers");
        return;
    }
    let report = Report::of(pool.step, outcome);
    match &report {
        Report::Success(_) => {
            pool.figures.ended(Ended::Succeeded);
            tracing::debug!("succeeded");
        }
        Report::Failure(Failure { error, cause }) => {
            pool.figures.ended(Ended::Failed);
            trace::failed(error, cause);
            tracing::warn!(error, cause, "failed");
        }
    }
    let sent = report.send(&*pool.service, &pool.figures, token);
    tokio::pin!(sent);
    tokio::select! {
        () = &mut sent => {}
        () = over => tracing::warn!("nobody waits for this task's report any more"),
        () = told(&pool.stop, Stop::Now) => {
            let _ = tokio::time::timeout(LAST_WORD, sent).await;
        }
    }
}

/// How a step ended, a panic included.
pub(super) fn outcome(
    step: &StepMeta,
    ended: Result<Result<Value, Failure>, JoinError>,
) -> Result<Value, Failure> {
    match ended.map_err(JoinError::try_into_panic) {
        Ok(result) => result,
        // The macro's handlers catch panics themselves; one written by hand may not.
        Err(Ok(panic)) => Err(Failure::new(Failure::PANIC, said(&*panic))),
        // We alone hold the handle, so only a runtime that goes down can have ended it.
        Err(Err(_)) => Err(worker_stopped(step)),
    }
}

/// What a panic said.
fn said(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("the panic carries no text")
}

/// Ends a task that is not finished, so that a retrier may give it to another worker at once.
async fn give_back(pool: &Pool, token: &str) {
    tracing::warn!("given back unfinished");
    pool.figures.ended(Ended::GivenBack);
    let failure = worker_stopped(pool.step);
    trace::failed(&failure.error, &failure.cause);
    let report = Report::of(pool.step, Err(failure));
    let _ =
        tokio::time::timeout(LAST_WORD, report.send(&*pool.service, &pool.figures, token)).await;
}

fn worker_stopped(step: &StepMeta) -> Failure {
    Failure::new(
        ErrorName::WORKER_STOPPED.name,
        format!("the worker stopped before step `{}` had ended", step.name),
    )
}
