//! The Lambda role: started by Lambda, the program serves one step, and is nothing else.
//!
//! Lambda names its runtime interface in `AWS_LAMBDA_RUNTIME_API`, by which the role is known; which step is served
//! stands in `SFN_STEP`, which `deploy` writes. The interface is spoken by `lambda_runtime`.
//!
//! A step that fails ends its invocation with the step's own error name as `errorType`, so that retriers and
//! catchers match the same names as in an activity: the [default of `lambda_runtime`] is a Rust type's name, which
//! no two compilers promise to write alike. The cause that Step Functions shows is Lambda's whole answer,
//! `{"errorType": …, "errorMessage": <cause>}`.
//!
//! [default of `lambda_runtime`]: https://docs.rs/lambda_runtime/latest/lambda_runtime/struct.Diagnostic.html

use std::{
    any::TypeId,
    env, fmt,
    time::{Duration, SystemTime},
};

use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use serde_json::Value;
use tracing::Instrument;
use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    layer::{Layer, SubscriberExt},
    util::SubscriberInitExt,
};

use crate::{
    Client, ContextControl, Exit, Failure, Providers, StepMeta, TaskInput, registry, trace, worker,
};

/// By this variable Lambda tells where its runtime interface is.
const INTERFACE: &str = "AWS_LAMBDA_RUNTIME_API";
/// By this one `deploy` tells which step a function serves.
pub(crate) const STEP: &str = "SFN_STEP";
/// How long before Lambda ends an invocation its step is told that nobody waits any more.
const LAST_MOMENT: Duration = Duration::from_secs(1);

/// Whether Lambda has started this program.
pub(crate) fn started() -> bool {
    env::var_os(INTERFACE).is_some()
}

/// Serves the step, an invocation at a time, until Lambda ends the process.
///
/// What is wrong with the set-up is told to every invocation, where the history of the execution shows it; a process
/// that ended would be shown as `Runtime.ExitError`, and started again and again.
pub(crate) async fn serve(providers: Providers) -> Exit {
    log();
    let served = served(&providers);
    match &served {
        Ok(step) => tracing::debug!(step = step.name, "serves"),
        Err(failure) => tracing::error!(
            error = failure.error,
            cause = failure.cause,
            "serves nothing"
        ),
    }
    let (served, providers) = (&served, &providers);
    let handler = service_fn(move |event: LambdaEvent<Value>| async move {
        match served {
            Ok(step) => {
                let outcome = answer(step, providers, event).await;
                // Lambda stops the process as soon as it has its answer, whatever else is still to be said.
                trace::flush().await;
                outcome.map_err(Failed)
            }
            Err(failure) => Err(Failed(failure.clone())),
        }
    });
    match lambda_runtime::run(handler).await {
        Ok(()) => Exit::Ok,
        Err(error) => {
            tracing::error!(error, "Lambda's runtime interface has failed");
            Exit::Service
        }
    }
}

/// The step that this function serves.
fn served(providers: &Providers) -> Result<&'static StepMeta, Failure> {
    let wrong = |cause: String| Failure::new(Failure::MISCONFIGURED, cause);
    let name = env::var(STEP).map_err(|_| {
        wrong(format!(
            "`{STEP}` does not say which step this function serves; `deploy` sets it"
        ))
    })?;
    let step = registry::step(&name).map_err(|error| wrong(error.to_string()))?;
    providers
        .check(&[step])
        .map_err(|error| wrong(error.to_string()))?;
    if step
        .injects
        .iter()
        .any(|inject| (inject.type_id)() == TypeId::of::<Client>())
    {
        return Err(wrong(format!(
            "step `{}` asks for a `Client`, which only a worker has",
            step.name
        )));
    }
    Ok(step)
}

async fn answer(
    step: &'static StepMeta,
    providers: &Providers,
    event: LambdaEvent<Value>,
) -> Result<Value, Failure> {
    let task = TaskInput::from_envelope(event.payload)
        .inspect_err(|failure| trace::unreadable(step).in_scope(|| tell(failure)))?
        .with_providers(providers.clone());
    let header = event.context.xray_trace_id.as_deref();
    let span = trace::task(step, &task.context, header);
    let waits = task.context.task_token().is_some();
    let warning = warn(task.context.control(), event.context.deadline);
    let ended = async {
        let outcome = tokio::select! {
            outcome = worker::perform(step, task) => outcome,
            never = warning => match never {},
        };
        match outcome {
            // What the function returns is not looked at when the task waits for its token.
            Err(failure) if failure.error == Failure::PENDING && waits => Ok(Value::Null),
            Err(failure) if failure.error == Failure::PENDING => Err(Failure::new(
                Failure::MISCONFIGURED,
                "the step leaves its answer to somebody else, and its call in the workflow is no `.callback(..)`",
            )),
            outcome => outcome,
        }
            .inspect(|_| tracing::debug!("succeeded"))
            .inspect_err(tell)
    };
    ended.instrument(span).await
}

fn tell(failure: &Failure) {
    trace::failed(&failure.error, &failure.cause);
    tracing::warn!(error = failure.error, cause = failure.cause, "failed");
}

/// Tells the step shortly before Lambda ends the invocation, at `deadline` in milliseconds since 1970.
#[expect(
    clippy::disallowed_methods,
    reason = "the deadline is of Lambda's clock, which no test moves"
)]
async fn warn(control: ContextControl, deadline: u64) -> std::convert::Infallible {
    let deadline = SystemTime::UNIX_EPOCH + Duration::from_millis(deadline);
    let left = deadline
        .duration_since(SystemTime::now())
        .unwrap_or_default();
    tokio::time::sleep(left.saturating_sub(LAST_MOMENT)).await;
    control.cancel();
    std::future::pending().await
}

/// A failure as Lambda is told it.
struct Failed(Failure);

impl From<Failed> for Diagnostic {
    fn from(Failed(failure): Failed) -> Self {
        let failure = failure.within_lambda();
        Diagnostic {
            error_type: failure.error,
            error_message: failure.cause,
        }
    }
}

impl fmt::Debug for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Begins to log: an object of JSON a line, as CloudWatch takes apart by itself. `RUST_LOG` filters, or Lambda's own
/// `AWS_LAMBDA_LOG_LEVEL`; without them, what steps say from `info` on.
fn log() {
    let asked = ["RUST_LOG", "AWS_LAMBDA_LOG_LEVEL"].map(env::var);
    let asked = asked
        .into_iter()
        .flatten()
        .find_map(|text| text.to_lowercase().parse::<Targets>().ok());
    let usual = || {
        Targets::new()
            .with_default(LevelFilter::INFO)
            .with_target("lambda_runtime", LevelFilter::WARN)
    };
    let format = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        // CloudWatch keeps a time of its own for each line.
        .without_time()
        .with_ansi(false);
    let function = env::var("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_default();
    let (traces, untraced) = trace::layer(&function);
    // A program may have set up its own.
    let _ = tracing_subscriber::registry()
        .with(format.with_filter(asked.unwrap_or_else(usual)))
        .with(traces)
        .try_init();
    if let Some(error) = untraced {
        tracing::error!("no traces are sent: {error}");
    }
}
