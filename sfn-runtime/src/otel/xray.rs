//! The trace header of AWS X-Ray, with which Lambda tells a function whose work it does.
//!
//! <https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader>

use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};

/// The span that the header names: `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`.
///
/// `None` for one that is not sampled: Lambda sends such a header wherever X-Ray is off, and it stands for nothing.
pub(super) fn parent(header: &str) -> Option<SpanContext> {
    let part = |name: &str| {
        let mut parts = header.split(';');
        parts.find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='))
    };
    if part("Sampled")? != "1" {
        return None;
    }
    let (start, rest) = part("Root")?.strip_prefix("1-")?.split_once('-')?;
    if start.len() != 8 || rest.len() != 24 {
        return None;
    }
    let trace = TraceId::from_hex(&format!("{start}{rest}")).ok()?;
    let span = SpanId::from_hex(part("Parent")?).ok()?;
    let context = SpanContext::new(trace, span, TraceFlags::SAMPLED, true, TraceState::NONE);
    context.is_valid().then_some(context)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(header: &str, expected: Option<(&str, &str)>) {
        let found =
            parent(header).map(|found| (found.trace_id().to_string(), found.span_id().to_string()));
        let expected = expected.map(|(trace, span)| (trace.to_owned(), span.to_owned()));
        assert_eq!(found, expected, "{header}");
    }

    #[test]
    fn a_sampled_header_names_the_span_above() {
        let named = Some(("5759e988bd862e3fe1be46a994272793", "53995c3f42cd8ad8"));
        check(
            "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
            named,
        );
        check(
            "Sampled=1; Parent=53995c3f42cd8ad8; Lineage=1:a:0; Root=1-5759e988-bd862e3fe1be46a994272793",
            named,
        );
    }

    #[test]
    fn others_stand_for_nothing() {
        check("", None);
        check("Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1", None);
        check(
            "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0",
            None,
        );
        check(
            "Root=2-5759e988-bd862e;Parent=53995c3f42cd8ad8;Sampled=1",
            None,
        );
        check(
            "Root=1-5759e988-bd862e3fe1be46a99427279ü;Parent=1;Sampled=1",
            None,
        );
    }
}
