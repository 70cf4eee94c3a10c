//! What the standard variables ask for. Those that are not here are read by the OpenTelemetry SDK.

use std::time::Duration;

use opentelemetry_otlp::Protocol;

use super::Error;

const ENDPOINT: &str = "ENDPOINT";
const PROTOCOL: &str = "PROTOCOL";

/// How long the collector may take where nobody says it; the specification's own.
const USUAL_TIMEOUT: Duration = Duration::from_secs(10);

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Variables {
    pub(super) protocol: Protocol,
    pub(super) timeout: Duration,
}

/// A variable that is set, and not to nothing.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The variable of that end for traces, or else that for all signals: its name and what it says.
pub(super) fn otlp(
    end: &str,
    variable: impl Fn(&str) -> Option<String>,
) -> Option<(String, String)> {
    ["OTEL_EXPORTER_OTLP_TRACES_", "OTEL_EXPORTER_OTLP_"]
        .into_iter()
        .map(|start| format!("{start}{end}"))
        .find_map(|name| variable(&name).map(|value| (name, value)))
}

/// Reads what is asked for; `None` when it is nothing.
pub(super) fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Variables>, Error> {
    if variable("OTEL_SDK_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        return Ok(None);
    }
    let endpoint = otlp(ENDPOINT, &variable);
    match variable("OTEL_TRACES_EXPORTER") {
        Some(none) if none == "none" => return Ok(None),
        Some(otlp) if otlp == "otlp" => {}
        Some(other) => {
            return Err(Error::NotSupported {
                variable: "OTEL_TRACES_EXPORTER".to_owned(),
                value: other,
                help: "traces go out as `otlp`, or not at all: `none`",
            });
        }
        None if endpoint.is_none() => return Ok(None),
        None => {}
    }
    if let Some((variable, value)) = endpoint
        && value.starts_with("https:")
        && !cfg!(feature = "otel-tls")
    {
        return Err(Error::NotSupported {
            variable,
            value,
            help: "enable the feature `otel-tls` of `sfn-runtime`, or send to a collector nearby by `http`",
        });
    }
    let protocol = match otlp(PROTOCOL, &variable) {
        None => Protocol::HttpBinary,
        Some((_, value)) if value == "http/protobuf" => Protocol::HttpBinary,
        Some((_, value)) if value == "http/json" => Protocol::HttpJson,
        Some((variable, value)) => {
            return Err(Error::NotSupported {
                variable,
                value,
                help: "choose `http/protobuf` or `http/json`; collectors listen for both at port 4318",
            });
        }
    };
    let timeout = match otlp("TIMEOUT", &variable) {
        None => USUAL_TIMEOUT,
        Some((variable, value)) => match value.trim().parse() {
            Ok(millis) => Duration::from_millis(millis),
            Err(_) => {
                return Err(Error::NotSupported {
                    variable,
                    value,
                    help: "say it in milliseconds, such as `10000`",
                });
            }
        },
    };
    Ok(Some(Variables { protocol, timeout }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn asked(variables: &[(&str, &str)]) -> Result<Option<Variables>, String> {
        let look = |name: &str| {
            let mut found = variables.iter().filter(|(known, _)| *known == name);
            found.next().map(|(_, value)| (*value).to_owned())
        };
        read(look).map_err(|error| error.to_string())
    }

    const SOMEWHERE: (&str, &str) = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318");
    const USUAL: Variables = Variables {
        protocol: Protocol::HttpBinary,
        timeout: USUAL_TIMEOUT,
    };

    #[test]
    fn nothing_is_sent_unless_asked_for() {
        assert_eq!(asked(&[]), Ok(None));
        assert_eq!(asked(&[SOMEWHERE]), Ok(Some(USUAL)));
        let otlp = ("OTEL_TRACES_EXPORTER", "otlp");
        assert_eq!(asked(&[otlp]), Ok(Some(USUAL)));
        for off in [
            ("OTEL_TRACES_EXPORTER", "none"),
            ("OTEL_SDK_DISABLED", "True"),
        ] {
            assert_eq!(asked(&[SOMEWHERE, off]), Ok(None), "{off:?}");
        }
    }

    #[test]
    fn what_is_said_of_traces_counts_more() {
        let found = asked(&[
            (
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
                "http://localhost:4318/v1/traces",
            ),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
            ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/json"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "1"),
            ("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "2500"),
        ]);
        let expected = Variables {
            protocol: Protocol::HttpJson,
            timeout: Duration::from_millis(2_500),
        };
        assert_eq!(found, Ok(Some(expected)));
    }

    #[test]
    fn what_cannot_be_done_is_refused() {
        let refused = |variable| asked(&[SOMEWHERE, variable]).expect_err("it is refused");
        assert_eq!(
            refused(("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")),
            "`OTEL_EXPORTER_OTLP_PROTOCOL` is `grpc`, which is not supported\n\
             help: choose `http/protobuf` or `http/json`; collectors listen for both at port 4318"
        );
        assert_eq!(
            refused(("OTEL_TRACES_EXPORTER", "zipkin")),
            "`OTEL_TRACES_EXPORTER` is `zipkin`, which is not supported\n\
             help: traces go out as `otlp`, or not at all: `none`"
        );
        assert_eq!(
            refused(("OTEL_EXPORTER_OTLP_TIMEOUT", "10s")),
            "`OTEL_EXPORTER_OTLP_TIMEOUT` is `10s`, which is not supported\n\
             help: say it in milliseconds, such as `10000`"
        );
    }

    #[cfg(not(feature = "otel-tls"))]
    #[test]
    fn without_tls_no_such_address_is_taken() {
        let address = ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://otel.example");
        let refused = asked(&[address]).expect_err("it is refused");
        assert!(
            refused.contains("enable the feature `otel-tls`"),
            "{refused}"
        );
    }
}
