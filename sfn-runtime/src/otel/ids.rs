//! The ids of traces and spans.

use std::cell::Cell;

use opentelemetry::trace::{SpanId, TraceId};
use opentelemetry_sdk::trace::{IdGenerator, RandomIdGenerator};
use sha2::{Digest, Sha256};

use crate::service::Timestamp;

thread_local! {
    /// What the next trace that begins on this thread is to be called.
    static WANTED: Cell<Option<TraceId>> = const { Cell::new(None) };
}

/// Draws at random, but for the traces of executions.
#[derive(Debug, Default)]
pub(super) struct Ids(RandomIdGenerator);

impl IdGenerator for Ids {
    fn new_trace_id(&self) -> TraceId {
        WANTED.get().unwrap_or_else(|| self.0.new_trace_id())
    }

    fn new_span_id(&self) -> SpanId {
        self.0.new_span_id()
    }
}

/// Has traces that begin within `what` drawn so.
pub(super) fn drawing<R>(id: TraceId, what: impl FnOnce() -> R) -> R {
    WANTED.set(Some(id));
    let result = what();
    WANTED.set(None);
    result
}

/// The trace of an execution: the same wherever a task of it runs, without anybody telling.
///
/// It begins with the execution's start in seconds, where that is known, as AWS X-Ray asks of its own ids.
pub(super) fn of_execution(arn: &str, started: &str) -> TraceId {
    let mut id = [0; 16];
    id.copy_from_slice(&Sha256::digest(arn.as_bytes())[..16]);
    if let Ok(started) = started.parse::<Timestamp>()
        && let Ok(seconds) = u32::try_from(started.as_millis() / 1_000)
    {
        id[..4].copy_from_slice(&seconds.to_be_bytes());
    }
    TraceId::from_bytes(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_execution_has_one_trace_wherever_it_is_looked_at() {
        let of = |name: &str| {
            let arn = format!("arn:aws:states:eu-west-1:123456789012:execution:pizza:{name}");
            of_execution(&arn, "2026-11-21T10:00:00.250Z").to_string()
        };
        assert_eq!(of("order-17"), of("order-17"));
        assert_ne!(of("order-17"), of("order-18"));
        // 2026-11-21T10:00:00Z is 1795255200, 0x6b016ba0.
        assert!(of("order-17").starts_with("6b016ba0"), "{}", of("order-17"));
        assert_ne!(of_execution("arn", ""), TraceId::INVALID);
    }

    #[test]
    fn only_what_is_drawn_meanwhile_has_the_id() {
        let ids = Ids::default();
        let wanted = of_execution("arn", "");
        assert_eq!(drawing(wanted, || ids.new_trace_id()), wanted);
        assert_ne!(ids.new_trace_id(), wanted);
    }
}
