//! Logs: what steps and the runtime say with `tracing`, on standard error.

use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    fmt,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::view::{Logs, Look};

/// The variable that says what is logged: `warn`, or `warn,pizza=debug`.
const VARIABLE: &str = "RUST_LOG";

/// Begins to log, unless the program has set that up itself.
///
/// Without a word, warnings of everything and all from `info` on of what is not the runtime's are
/// shown: a step's own messages are meant to be seen, the runtime's only on request.
pub(super) fn start(verbosity: u8) {
    let asked = std::env::var(VARIABLE).ok().filter(|text| !text.is_empty());
    let (targets, wrong) = match asked.as_deref().map(str::parse::<Targets>) {
        Some(Ok(targets)) => (targets, None),
        Some(Err(error)) => (usual(verbosity), Some(error)),
        None => (usual(verbosity), None),
    };
    let look = Look::of_stderr();
    let format = fmt::layer()
        .with_writer(|| Logs)
        .with_ansi(look.coloured())
        .with_target(verbosity > 0 || asked.is_some())
        .with_timer(());
    let started = tracing_subscriber::registry()
        .with(format)
        .with(targets)
        .try_init();
    if let (Ok(()), Some(error)) = (&started, wrong) {
        tracing::warn!("`{VARIABLE}` is not understood, so it is left aside: {error}");
    }
}

fn usual(verbosity: u8) -> Targets {
    let (all, ours) = match verbosity {
        0 => (LevelFilter::INFO, LevelFilter::ERROR),
        1 => (LevelFilter::INFO, LevelFilter::INFO),
        2 => (LevelFilter::DEBUG, LevelFilter::DEBUG),
        _ => (LevelFilter::TRACE, LevelFilter::TRACE),
    };
    let mut targets = Targets::new().with_default(all);
    for ours_name in ["sfn_runtime", "sfn_engine", "sfn_asl", "sfn_expr"] {
        targets = targets.with_target(ours_name, ours);
    }
    // The SDK's own machinery speaks of every request.
    if verbosity < 2 {
        for theirs in [
            "aws_config",
            "aws_smithy_runtime",
            "aws_runtime",
            "hyper",
            "hyper_util",
            "rustls",
        ] {
            targets = targets.with_target(theirs, LevelFilter::WARN);
        }
    }
    targets
}
