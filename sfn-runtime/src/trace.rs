//! The span of a task: what its logs, and its traces, say it belongs to.

use tracing::Span;
use tracing_subscriber::{Layer, registry::LookupSpan};

use crate::{StepContext, StepMeta};

/// The span of a task whose input could be read.
///
/// `header` is what AWS says of the trace that it belongs to, where it says something.
pub(crate) fn task(step: &StepMeta, context: &StepContext, header: Option<&str>) -> Span {
    // Its target is not the runtime's own, so that a filter which keeps the runtime quiet leaves a step's lines their
    // context.
    let span = tracing::info_span!(
        target: "sfn_step",
        "task",
        step = step.name,
        workflow = context.machine_name(),
        execution = context.execution_name,
        state = context.state,
        attempt = context.attempt,
    );
    #[cfg(feature = "otel")]
    crate::otel::begin(&span, step, context, header);
    #[cfg(not(feature = "otel"))]
    let _ = header;
    span
}

/// The span of a task of which nothing is known but its step.
pub(crate) fn unreadable(step: &StepMeta) -> Span {
    tracing::info_span!(target: "sfn_step", "task", step = step.name)
}

/// Says of the task whose span this is that it has failed.
pub(crate) fn failed(error: &str, cause: &str) {
    #[cfg(feature = "otel")]
    crate::otel::failed(&Span::current(), error, cause);
    #[cfg(not(feature = "otel"))]
    let _ = (error, cause);
}

/// What sends traces, where the program does and its environment asks for it; and what keeps it from doing so.
#[cfg(feature = "otel")]
pub(crate) fn layer<S>(service: &str) -> (Option<impl Layer<S> + use<S>>, Option<String>)
where
    S: tracing::Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
{
    match crate::otel::install(service) {
        Ok(traces) => (traces.map(crate::otel::Traces::layer), None),
        Err(error) => {
            let mut said = error.to_string();
            if let Some(source) = std::error::Error::source(&error) {
                said = format!("{said}: {source}");
            }
            (None, Some(said))
        }
    }
}

/// Nothing sends traces in this build.
#[cfg(not(feature = "otel"))]
pub(crate) fn layer<S>(_service: &str) -> (Option<impl Layer<S> + use<S>>, Option<String>)
where
    S: tracing::Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
{
    (None::<tracing_subscriber::layer::Identity>, None)
}

/// Sends what is at hand, for a process that is stopped between two tasks.
#[cfg(feature = "lambda")]
pub(crate) async fn flush() {
    #[cfg(feature = "otel")]
    if let Some(traces) = crate::otel::installed() {
        /// A collector that does not answer must not hold up the step's own answer for longer.
        const PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);
        let flushed = tokio::task::spawn_blocking(|| traces.flush());
        let _ = tokio::time::timeout(PATIENCE, flushed).await;
    }
}

/// Sends the last traces before the program ends.
pub(crate) fn end() {
    #[cfg(feature = "otel")]
    if let Some(traces) = crate::otel::installed() {
        traces.shut_down();
    }
}
