//! Traces for [OpenTelemetry]: a span for each task, sent where the standard variables say.
//!
//! [`sfn_runtime::main`](crate::main) sets this up by itself, in every role of the program. One that begins to log by its
//! own means adds [`Traces::layer`] to its subscriber:
//!
//! ```no_run
//! use sfn_runtime::otel::Traces;
//! use tracing_subscriber::{layer::SubscriberExt, util::SubscriberInitExt};
//!
//! # fn doc() -> Result<(), sfn_runtime::otel::Error> {
//! let traces = Traces::from_env("pizzeria")?;
//! tracing_subscriber::registry()
//!     .with(tracing_subscriber::fmt::layer())
//!     .with(traces.as_ref().map(|traces| traces.layer()))
//!     .init();
//! // … work …
//! if let Some(traces) = traces {
//!     traces.shut_down();
//! }
//! # Ok(()) }
//! ```
//!
//! # What is sent
//!
//! A span for each attempt of a step, named for the step, with the attributes `step`, `workflow` (the state machine's name),
//! `execution`, `execution_arn`, `state` and `attempt`; one that failed has the status of an error, the error's name as
//! `error.type` and its cause as the status's text. What a step logs from `info` on are its events, and spans that it opens
//! are within it.
//!
//! All tasks of an execution are in one trace, whichever processes work on them: its id is made of the execution's ARN and
//! start. Where AWS hands a trace header to a Lambda function that it samples, the header's trace is the one.
//!
//! # Variables
//!
//! Nothing is sent unless `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` names a collector, or
//! `OTEL_TRACES_EXPORTER` is `otlp`; `OTEL_SDK_DISABLED=true` and `OTEL_TRACES_EXPORTER=none` keep it off. OTLP goes over
//! HTTP, as `http/protobuf` (the default) or `http/json`; an address of `https` needs the feature `otel-tls`. The other
//! variables are those of the [specification]: `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_TRACES_SAMPLER`,
//! `OTEL_EXPORTER_OTLP_HEADERS`, `…_TIMEOUT`, `…_COMPRESSION`, `…_CERTIFICATE`, `…_CLIENT_CERTIFICATE` and `…_CLIENT_KEY`,
//! `OTEL_BSP_…`, `OTEL_SPAN_…_LIMIT`.
//!
//! [OpenTelemetry]: https://opentelemetry.io
//! [specification]: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/

mod collector;
mod ids;
mod variables;
mod xray;

use std::{fmt, sync::OnceLock, time::Duration};

use opentelemetry::{
    Context, Key, KeyValue,
    trace::{Status, TraceContextExt, TracerProvider},
};
use opentelemetry_otlp::{WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{Resource, propagation::TraceContextPropagator, trace::SdkTracerProvider};
use tracing::{Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{
    Layer,
    filter::{LevelFilter, Targets},
    registry::LookupSpan,
};

use crate::{StepMeta, context::StepContext};
use collector::Collector;
use ids::Ids;
use variables::{Variables, variable};

/// How long the last spans may take to leave when a program ends.
const LAST_WORD: Duration = Duration::from_secs(5);

/// The traces that `main` has set up.
static INSTALLED: OnceLock<Traces> = OnceLock::new();

/// Why traces cannot be sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A variable asks for what this build does not do.
    #[error("`{variable}` is `{value}`, which is not supported\nhelp: {help}")]
    NotSupported {
        /// The variable.
        variable: String,
        /// What it says.
        value: String,
        /// What may be said instead.
        help: &'static str,
    },
    /// A certificate or a key cannot be read.
    #[error("`{variable}` names `{path}`, which cannot be read: {reason}")]
    Certificate {
        /// The variable.
        variable: String,
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
    /// Something else is wrong with the variables.
    #[error("the exporter of traces cannot be set up")]
    Exporter(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What sends traces; see [the module](self). Cheap to clone.
#[derive(Clone)]
pub struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// As the variables say; `None` when they ask for none. `service` is the name of the service where no variable gives
    /// one.
    ///
    /// # Errors
    ///
    /// When the variables ask for what cannot be done.
    pub fn from_env(service: &str) -> Result<Option<Self>, Error> {
        let Some(asked) = variables::read(variable)? else {
            return Ok(None);
        };
        let Variables { protocol, timeout } = asked;
        let collector = Collector::new(timeout, variable)?;
        let exporter = opentelemetry_otlp::SpanExporter::builder()
            .with_http()
            .with_http_client(collector)
            .with_protocol(protocol)
            .build()
            .map_err(|error| Error::Exporter(Box::new(error)))?;
        let provider = SdkTracerProvider::builder()
            .with_id_generator(Ids::default())
            .with_resource(resource(service))
            .with_batch_exporter(exporter)
            .build();
        Ok(Some(Self { provider }))
    }

    /// What takes spans, for a subscriber: those of tasks and all that steps open, from `info` on.
    pub fn layer<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer("sfn"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(taken())
    }

    /// Sends what is at hand, and waits for it. Blocks its thread.
    pub fn flush(&self) {
        if let Err(error) = self.provider.force_flush() {
            tracing::warn!(target: "sfn", %error, "the last traces could not be sent");
        }
    }

    /// Sends what is at hand, waits for it up to five seconds, and ends. Blocks its thread.
    pub fn shut_down(&self) {
        if let Err(error) = self.provider.shutdown_with_timeout(LAST_WORD) {
            tracing::warn!(target: "sfn", %error, "the last traces could not be sent");
        }
    }
}

impl fmt::Debug for Traces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traces").finish_non_exhaustive()
    }
}

/// Spans of tasks, of steps, and of what steps call; not those of what brings tasks and takes reports.
fn taken() -> Targets {
    let ours = ["sfn_runtime", "sfn_engine", "sfn_server"].map(|of| (of, LevelFilter::WARN));
    let theirs = [
        "aws_config",
        "aws_runtime",
        "aws_smithy_runtime",
        "aws_smithy_http_client",
        "h2",
        "hyper",
        "hyper_util",
        "lambda_runtime",
        "opentelemetry",
        "opentelemetry_sdk",
        "opentelemetry-otlp",
        "opentelemetry_otlp",
        "opentelemetry-http",
        "rustls",
        "ureq",
        "ureq_proto",
    ];
    Targets::new()
        .with_default(LevelFilter::INFO)
        .with_targets(ours)
        .with_targets(theirs.map(|of| (of, LevelFilter::OFF)))
}

/// What the spans tell of the process.
fn resource(service: &str) -> Resource {
    let key = Key::from_static_str("service.name");
    let found = Resource::builder().build();
    let named = found
        .get(&key)
        .is_some_and(|name| !name.as_str().starts_with("unknown_service"));
    let mut resource = Resource::builder();
    if !named {
        resource = resource.with_service_name(service.to_owned());
    }
    // A function's own variables, by the names that the conventions give them.
    let facts = [
        ("AWS_LAMBDA_FUNCTION_NAME", "faas.name"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "faas.version"),
        ("AWS_REGION", "cloud.region"),
    ];
    for (from, key) in facts {
        if let Some(value) = variable(from)
            && found.get(&Key::from_static_str(key)).is_none()
        {
            resource = resource.with_attribute(KeyValue::new(key, value));
        }
    }
    resource.build()
}

/// Sets traces up for this program, once; gives them when the variables ask for some.
pub(crate) fn install(service: &str) -> Result<Option<&'static Traces>, Error> {
    let Some(traces) = Traces::from_env(service)? else {
        return Ok(None);
    };
    // Steps that speak OpenTelemetry themselves find both.
    opentelemetry::global::set_tracer_provider(traces.provider.clone());
    opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
    Ok(Some(INSTALLED.get_or_init(|| traces)))
}

/// The traces that [`install`] has set up.
pub(crate) fn installed() -> Option<&'static Traces> {
    INSTALLED.get()
}

/// Begins the span of a task: in the trace of the header, or else in that of its execution.
pub(crate) fn begin(span: &Span, step: &StepMeta, context: &StepContext, header: Option<&str>) {
    let parent = header.and_then(xray::parent);
    let parent_context = match &parent {
        Some(parent) => Context::new().with_remote_span_context(parent.clone()),
        // Not whatever span this thread happens to be in.
        None => Context::new(),
    };
    if span.set_parent(parent_context).is_err() {
        // Nobody takes it.
        return;
    }
    span.set_attribute("execution_arn", context.execution_arn.clone());
    // To ask for its context is what begins it, and draws its ids.
    let begun = match parent {
        Some(_) => span.context(),
        None => {
            let trace = ids::of_execution(&context.execution_arn, &context.started);
            ids::drawing(trace, || span.context())
        }
    };
    begun.span().update_name(step.name);
}

/// Says of a task's span that the task has failed.
pub(crate) fn failed(span: &Span, error: &str, cause: &str) {
    span.set_status(Status::error(cause.to_owned()));
    span.set_attribute("error.type", error.to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A span of an HTTP client in the exporter's own connection would be sent, and so on for ever.
    #[test]
    fn the_exporter_does_not_trace_itself() {
        let filter = taken();
        for target in ["opentelemetry-otlp", "ureq::unversioned", "rustls::client"] {
            assert!(
                !filter.would_enable(target, &tracing::Level::ERROR),
                "{target}"
            );
        }
        assert!(filter.would_enable("sfn_step", &tracing::Level::INFO));
        assert!(filter.would_enable("kitchen::bake", &tracing::Level::INFO));
        assert!(!filter.would_enable("kitchen::bake", &tracing::Level::DEBUG));
    }
}
