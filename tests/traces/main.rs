//! What a program tells a collector of OpenTelemetry, by the variables that all such programs know.

use std::{
    process::{Command, Output, Stdio},
    time::Instant,
};

use serde_json::{Value, json};
use sfn_tests::collector::{Collector, Export};

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const JSON: (&str, &str) = ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json");

/// Runs a workflow of the program for the suite `cli`, with these variables and no others of the kind.
fn run(workflow: &str, variables: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cli-fixture"))
        .args([
            "run",
            workflow,
            "-i",
            "\"x\"",
            "--skip-waits",
            "--view",
            "none",
        ])
        .env_clear()
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .output()
        .expect("the program starts")
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The spans of exports in JSON, each with its attributes as an object.
fn spans(exports: &[Export]) -> Vec<Value> {
    let bodies = exports
        .iter()
        .map(|export| serde_json::from_slice::<Value>(&export.body).expect("the export is JSON"));
    let mut spans = Vec::new();
    for body in bodies {
        for resource in list(&body["resourceSpans"]) {
            for scope in list(&resource["scopeSpans"]) {
                for span in list(&scope["spans"]) {
                    let mut span = span.clone();
                    span["attributes"] = attributes(&span["attributes"]);
                    span["resource"] = attributes(&resource["resource"]["attributes"]);
                    spans.push(span);
                }
            }
        }
    }
    spans
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn attributes(pairs: &Value) -> Value {
    list(pairs)
        .iter()
        .map(|pair| {
            let value = pair["value"].as_object().and_then(|of| of.values().next());
            let name = pair["key"].as_str().unwrap_or_default().to_owned();
            (name, value.cloned().unwrap_or_default())
        })
        .collect()
}

#[test]
fn each_attempt_is_a_span_of_its_executions_trace() {
    let collector = Collector::answering(Some(200));
    let output = run("come-round", &[(ENDPOINT, &collector.url()), JSON]);
    assert!(output.status.success(), "{}", told(&output));
    let exports = collector.exports();
    assert!(exports.iter().all(|export| export.path == "/v1/traces"));
    let spans = spans(&exports);
    assert_eq!(spans.len(), 3, "{spans:#?}");
    for (span, attempt) in spans.iter().zip(1..) {
        assert_eq!(span["name"], "come_round");
        assert_eq!(span["traceId"], spans[0]["traceId"]);
        assert_eq!(span["parentSpanId"].as_str().unwrap_or_default(), "");
        let attributes = &span["attributes"];
        assert_eq!(attributes["step"], "come_round");
        assert_eq!(attributes["workflow"], "come-round");
        assert_eq!(attributes["state"], "come_round");
        assert_eq!(number(&attributes["attempt"]), attempt);
        let arn = attributes["execution_arn"].as_str().unwrap_or_default();
        let name = attributes["execution"].as_str().unwrap_or_default();
        assert!(
            arn.ends_with(&format!(":execution:come-round:{name}")),
            "{arn}"
        );
        assert_eq!(span["resource"]["service.name"], "cli-fixture");
    }
    for failed in &spans[..2] {
        assert_eq!(number(&failed["status"]["code"]), 2);
        assert_eq!(failed["status"]["message"], "not yet");
        assert_eq!(failed["attributes"]["error.type"], "Trouble.Soon");
    }
    assert_ne!(number(&spans[2]["status"]["code"]), 2);
    let events = list(&spans[2]["events"]);
    assert!(
        events
            .iter()
            .any(|event| event["name"] == "came round at attempt 3"),
        "{events:#?}"
    );
}

/// Numbers of 64 bits are texts in OTLP's JSON.
fn number(value: &Value) -> u64 {
    value
        .as_str()
        .map_or_else(|| value.as_u64(), |text| text.parse().ok())
        .unwrap_or_default()
}

#[test]
fn a_panic_is_the_error_of_its_span() {
    let collector = Collector::answering(Some(200));
    let output = run("panic", &[(ENDPOINT, &collector.url()), JSON]);
    assert_eq!(output.status.code(), Some(1));
    let spans = spans(&collector.exports());
    assert_eq!(spans.len(), 1, "{spans:#?}");
    assert_eq!(spans[0]["attributes"]["error.type"], "Sfn.Panic");
    assert_eq!(spans[0]["status"]["message"], "x was not expected");
}

#[test]
fn the_standard_variables_are_followed() {
    let collector = Collector::answering(Some(200));
    let whole = format!("{}/tenant/traces", collector.url());
    let output = run(
        "come-round",
        &[
            (ENDPOINT, "http://127.0.0.1:9"),
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", &whole),
            (
                "OTEL_EXPORTER_OTLP_HEADERS",
                "api-key=secret,x-tenant=kitchen",
            ),
            ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"),
            ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "1"),
        ],
    );
    assert!(output.status.success(), "{}", told(&output));
    let exports = collector.exports();
    assert_eq!(exports.len(), 3);
    for export in exports {
        assert_eq!(export.path, "/tenant/traces");
        assert_eq!(export.header("api-key"), Some("secret"));
        assert_eq!(export.header("x-tenant"), Some("kitchen"));
        assert_eq!(export.header("content-encoding"), Some("gzip"));
        assert_eq!(
            export.header("content-type"),
            Some("application/x-protobuf")
        );
    }
}

#[test]
fn the_service_is_what_the_variables_say() {
    let collector = Collector::answering(Some(200));
    let output = run(
        "panic",
        &[
            (ENDPOINT, &collector.url()),
            JSON,
            ("OTEL_SERVICE_NAME", "pizzeria"),
            (
                "OTEL_RESOURCE_ATTRIBUTES",
                "deployment.environment=prod,cloud.region=eu-west-1",
            ),
            ("AWS_REGION", "us-east-1"),
        ],
    );
    assert_eq!(output.status.code(), Some(1));
    let spans = spans(&collector.exports());
    let resource = &spans[0]["resource"];
    assert_eq!(resource["service.name"], "pizzeria");
    assert_eq!(resource["deployment.environment"], "prod");
    assert_eq!(resource["cloud.region"], "eu-west-1");
}

#[test]
fn nothing_is_sent_unasked() {
    let collector = Collector::answering(Some(200));
    let url = collector.url();
    let off: [&[(&str, &str)]; 3] = [
        &[(ENDPOINT, &url), ("OTEL_SDK_DISABLED", "true")],
        &[(ENDPOINT, &url), ("OTEL_TRACES_EXPORTER", "none")],
        &[(ENDPOINT, &url), ("OTEL_TRACES_SAMPLER", "always_off")],
    ];
    for variables in off {
        let output = run("come-round", variables);
        assert!(output.status.success(), "{}", told(&output));
    }
    assert_eq!(collector.exports().len(), 0);
}

/// What is not shown is traced all the same.
#[test]
fn a_quiet_log_does_not_quieten_traces() {
    let collector = Collector::answering(Some(200));
    let variables = [(ENDPOINT, &*collector.url()), JSON, ("RUST_LOG", "error")];
    let output = run("come-round", &variables);
    assert_eq!(told(&output), "");
    let spans = spans(&collector.exports());
    assert_eq!(spans.len(), 3);
    assert_eq!(spans[2]["name"], "come_round");
}

#[test]
fn what_cannot_be_done_is_said_and_keeps_nobody_from_work() {
    let output = run(
        "come-round",
        &[
            (ENDPOINT, "http://127.0.0.1:4317"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ],
    );
    assert!(output.status.success());
    assert_eq!(output.stdout, b"\"x\"\n");
    let told = told(&output);
    let expected = "ERROR no traces are sent: `OTEL_EXPORTER_OTLP_PROTOCOL` is `grpc`, which is not supported\n\
                    help: choose `http/protobuf` or `http/json`; collectors listen for both at port 4318\n";
    assert!(told.starts_with(expected), "{told}");
}

#[test]
fn a_collector_that_is_gone_or_refuses_is_a_warning() {
    let refusing = Collector::answering(Some(503));
    for endpoint in ["http://127.0.0.1:9", &refusing.url()] {
        let output = run("come-round", &[(ENDPOINT, endpoint)]);
        assert!(output.status.success(), "{}", told(&output));
        assert!(told(&output).contains("xport"), "{}", told(&output));
    }
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the program that is waited for lives in real time"
)]
fn a_collector_that_says_nothing_does_not_hold_the_program_up() {
    let silent = Collector::answering(None);
    let begun = Instant::now();
    let output = run(
        "come-round",
        &[
            (ENDPOINT, &silent.url()),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "300"),
        ],
    );
    assert!(output.status.success(), "{}", told(&output));
    assert_eq!(silent.exports().len(), 1);
    assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
    assert_eq!(
        json!("x"),
        serde_json::from_slice::<Value>(&output.stdout).expect("JSON")
    );
}
