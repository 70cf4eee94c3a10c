//! Logs: what steps and the runtime say with `tracing`, on standard error.

use std::fmt;

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    fmt::{
        FmtContext, FormatEvent, FormatFields, FormattedFields,
        format::{Writer, debug_fn},
        layer,
    },
    layer::{Layer, SubscriberExt},
    registry::LookupSpan,
    util::SubscriberInitExt,
};

use crate::view::{Logs, Look, Status};

/// The variable that says what is logged: `warn`, or `warn,pizza=debug`.
const VARIABLE: &str = "RUST_LOG";

/// Begins to log, unless the program has set that up itself.
///
/// Without a word, what steps say from `info` on is shown.
///
/// `program` is what traces call the service, where they are sent and nothing else names it.
///
/// `quiet` is what is shown of the runtime where nobody asks for more.
pub(super) fn start(verbosity: u8, quiet: LevelFilter, program: &str) {
    let asked = std::env::var(VARIABLE).ok().filter(|text| !text.is_empty());
    let (targets, wrong) = match asked.as_deref().map(str::parse::<Targets>) {
        Some(Ok(targets)) => (targets, None),
        Some(Err(error)) => (usual(verbosity, quiet), Some(error)),
        None => (usual(verbosity, quiet), None),
    };
    let full = verbosity > 0 || (asked.is_some() && wrong.is_none());
    let line = Line {
        look: Look::of_stderr(),
        full,
    };
    let format = layer()
        .with_writer(|| Logs)
        .event_format(line)
        .fmt_fields(debug_fn(move |writer, field, value| {
            match (field.name(), full) {
                ("message", _) => write!(writer, "{value:?}"),
                // The execution is the one in view, and a state is as a rule named for its step.
                ("step" | "workflow" | "execution", false) => Ok(()),
                ("state", false) => {
                    write!(writer, "{}", format!("{value:?}").trim_matches('"'))
                }
                ("attempt", false) => match format!("{value:?}").as_str() {
                    "1" => Ok(()),
                    later => write!(writer, ", attempt {later}"),
                },
                (name, _) => write!(writer, " {name}={value:?}"),
            }
        }));
    let (traces, untraced) = crate::trace::layer(program);
    // Each has a filter of its own: what is not shown may be traced all the same.
    let started = tracing_subscriber::registry()
        .with(format.with_filter(targets))
        .with(traces)
        .try_init();
    // Not under the runtime's own name, of which only errors are shown.
    if let (Ok(()), Some(error)) = (&started, wrong) {
        tracing::warn!(target: "sfn", "`{VARIABLE}` is not understood, so it is left aside: {error}");
    }
    if let Some(error) = untraced {
        tracing::error!(target: "sfn", "no traces are sent: {error}");
    }
}

fn usual(verbosity: u8, quiet: LevelFilter) -> Targets {
    let (all, ours, theirs) = match verbosity {
        0 => (LevelFilter::INFO, quiet, LevelFilter::WARN),
        1 => (LevelFilter::INFO, LevelFilter::INFO, LevelFilter::WARN),
        2 => (LevelFilter::DEBUG, LevelFilter::DEBUG, LevelFilter::DEBUG),
        _ => (LevelFilter::TRACE, LevelFilter::TRACE, LevelFilter::TRACE),
    };
    let mut targets = Targets::new().with_default(all);
    for target in ["sfn_runtime", "sfn_engine", "sfn_asl", "sfn_expr"] {
        targets = targets.with_target(target, ours);
    }
    // The SDK's machinery speaks of every request.
    for target in [
        "aws_config",
        "aws_runtime",
        "aws_smithy_runtime",
        "hyper",
        "hyper_util",
        "opentelemetry",
        "opentelemetry_sdk",
        "opentelemetry-otlp",
        "rustls",
        "ureq",
    ] {
        targets = targets.with_target(target, theirs);
    }
    targets
}

/// One line of a log: level, where, what.
struct Line {
    look: Look,
    /// Whether the module and all fields are shown.
    full: bool,
}

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let level = *event.metadata().level();
        let status = match level {
            Level::ERROR => Status::Failed,
            Level::WARN => Status::Caught,
            Level::INFO => Status::Succeeded,
            Level::DEBUG | Level::TRACE => Status::NotStarted,
        };
        let word = self.look.status(status, &format!("{level:>5}"));
        write!(writer, "{word} ")?;
        if self.full {
            write!(writer, "{} ", self.look.dim(event.metadata().target()))?;
        }
        for span in context
            .event_scope()
            .into_iter()
            .flat_map(|scope| scope.from_root())
        {
            if let Some(fields) = span.extensions().get::<FormattedFields<N>>() {
                let fields = fields.fields.trim();
                if !fields.is_empty() {
                    write!(writer, "{} ", self.look.dim(&format!("{fields}:")))?;
                }
            }
        }
        context
            .field_format()
            .format_fields(writer.by_ref(), event)?;
        writeln!(writer)
    }
}
