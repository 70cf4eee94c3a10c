//! The Lambda role: this very program, started as Lambda starts a bootstrap.
//!
//! The runtime interface stands on loopback and hands out prepared invocations. What it is told, and what the
//! process logs, is compared with what Step Functions needs.

mod engine;
mod interface;
mod kitchen;

use std::process::{Child, Command, Stdio};

use interface::{Interface, Told};
use serde_json::{Value, json};
use sfn_tests::collector::Collector;

/// Set where this program is started again, to be the bootstrap.
const ROLE: &str = "AWS_LAMBDA_RUNTIME_API";

/// Not a check of its own: what the other tests start.
#[test]
fn bootstrap() {
    if std::env::var_os(ROLE).is_none() {
        return;
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    // Lambda ends the process; the interface does so when all is told.
    runtime.block_on(
        sfn_runtime::app()
            .provide(kitchen::Oven { degrees: 250 })
            .main(),
    );
}

/// What a function that serves `step` tells Lambda of these events, and what it logs.
fn served(step: Option<&str>, events: &[Value]) -> (Vec<Told>, String) {
    served_with(step, events, "", &[])
}

/// The same with a trace header, and with these variables.
fn served_with(
    step: Option<&str>,
    events: &[Value],
    header: &str,
    variables: &[(&str, &str)],
) -> (Vec<Told>, String) {
    let interface = Interface::listen(events, header);
    let mut process = start(step, &interface, variables);
    let told = interface.told();
    process.kill().expect("the process is there");
    let output = process.wait_with_output().expect("the process ends");
    (told, String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Starts a function that serves `step`.
fn start(step: Option<&str>, interface: &Interface, variables: &[(&str, &str)]) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
    command
        .args(["--exact", "bootstrap", "--nocapture"])
        .env(ROLE, interface.address())
        .env("AWS_LAMBDA_FUNCTION_NAME", "pizzeria-bake")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "7")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
        .env_remove("RUST_LOG")
        .env_remove("SFN_STEP")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(step) = step {
        command.env("SFN_STEP", step);
    }
    command.envs(variables.iter().copied());
    command.spawn().expect("the program starts again")
}

/// An event as our definitions send it.
fn event(input: Value) -> Value {
    json!({
        "input": input,
        "context": {
            "execution": "arn:aws:states:eu-west-1:123456789012:execution:make-pizza:order-17",
            "name": "order-17",
            "state": "Bake it",
            "attempt": 2,
            "started": "2026-11-21T10:00:00Z",
        },
    })
}

#[track_caller]
fn check(step: Option<&str>, events: &[Value], expected: &[Told]) -> String {
    let (told, logged) = served(step, events);
    assert_eq!(told, expected, "{logged}");
    logged
}

fn failed(error: &str, cause: &str) -> Told {
    Told::Error(json!({ "errorType": error, "errorMessage": cause }))
}

#[test]
fn a_result_is_the_bare_value() {
    let pizza = event(json!({ "pizza": { "diameter_cm": 32 } }));
    check(
        Some("bake"),
        &[pizza.clone(), pizza],
        &[
            Told::Response(json!("32 cm, baked at 250 in order-17, attempt 3")),
            Told::Response(json!("32 cm, baked at 250 in order-17, attempt 3")),
        ],
    );
}

#[test]
fn an_error_has_the_name_that_retriers_match() {
    check(
        Some("bake"),
        &[event(json!({ "pizza": { "diameter_cm": 90 } }))],
        &[failed("OvenError.TooLarge", "90 cm do not fit")],
    );
}

#[test]
fn an_error_with_data_carries_it_in_its_cause() {
    let (told, logged) = served(Some("weigh"), &[event(json!({ "grams": 3000 }))]);
    let [Told::Error(error)] = &told[..] else {
        panic!("{told:?}\n{logged}");
    };
    assert_eq!(error["errorType"], "ScaleError.Over");
    let cause: Value = serde_json::from_str(error["errorMessage"].as_str().expect("a text"))
        .expect("the cause is JSON");
    assert_eq!(
        cause,
        json!({ "message": "3000 g are too much", "data": { "grams": 3000 } })
    );
}

#[test]
fn a_panic_has_a_name_and_the_function_goes_on() {
    let (told, logged) = served(
        Some("drop_it"),
        &[
            event(json!({ "floor": true })),
            event(json!({ "floor": false })),
        ],
    );
    assert!(
        matches!(&told[0], Told::Error(error) if error["errorType"] == "Sfn.Panic"),
        "{told:?}\n{logged}"
    );
    assert_eq!(told[1], Told::Response(json!("caught")));
}

#[test]
fn a_bad_input_says_what_is_wrong() {
    check(
        Some("bake"),
        &[
            event(json!({ "pizza": { "diameter_cm": "wide" } })),
            json!({ "pizza": 1 }),
        ],
        &[
            failed(
                "Sfn.BadInput",
                "parameter `pizza`, at `diameter_cm`: expected a whole number from 0 to 4294967295, found the text \"wide\"",
            ),
            failed(
                "Sfn.BadInput",
                "the task's input is not an object with the keys `input` and `context`",
            ),
        ],
    );
}

#[test]
fn a_result_that_no_state_carries_is_refused() {
    let (told, _) = served(Some("recite"), &[event(json!({ "bytes": 262_144 }))]);
    assert!(
        matches!(&told[..], [Told::Error(error)] if error["errorType"] == "Sfn.TooLarge"),
        "{told:?}"
    );
}

#[test]
fn a_function_without_a_step_tells_every_invocation() {
    let unset = "`SFN_STEP` does not say which step this function serves; `deploy` sets it";
    check(
        None,
        &[event(json!({}))],
        &[failed("Sfn.Misconfigured", unset)],
    );
    let (told, _) = served(Some("bakee"), &[event(json!({}))]);
    let [Told::Error(error)] = &told[..] else {
        panic!("{told:?}");
    };
    let cause = error["errorMessage"].as_str().expect("a text");
    assert!(cause.starts_with("no step is named `bakee`"), "{cause}");
}

#[test]
fn a_step_that_lacks_what_it_asks_for_is_told_at_once() {
    let (told, _) = served(Some("ask_the_cook"), &[event(json!({}))]);
    let [Told::Error(error)] = &told[..] else {
        panic!("{told:?}");
    };
    assert_eq!(error["errorType"], "Sfn.Misconfigured");
    let cause = error["errorMessage"].as_str().expect("a text");
    assert!(
        cause.starts_with("step `ask_the_cook` asks for `cook: "),
        "{cause}"
    );
}

/// More than Lambda itself takes for an answer: it must not even be offered.
#[test]
fn a_result_that_lambda_would_not_take_is_refused_as_well() {
    let (told, logged) = served(Some("recite"), &[event(json!({ "bytes": 7 << 20 }))]);
    let [Told::Error(error)] = &told[..] else {
        panic!("{told:?}\n{logged}");
    };
    assert_eq!(error["errorType"], "Sfn.TooLarge");
    let cause = error["errorMessage"].as_str().expect("a text");
    assert!(cause.contains("7340034 bytes"), "{cause}");
}

/// The process ends, which Lambda reports by itself; it does not hang until the function's time-out.
#[test]
fn memory_that_is_not_there_ends_the_process() {
    let interface = Interface::listen(&[event(json!({}))], "");
    let process = start(Some("eat_everything"), &interface, &[]);
    let output = process.wait_with_output().expect("the process ends");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("memory allocation of"), "{said}");
}

/// The first line with this message.
#[track_caller]
fn line(logged: &str, message: &str) -> Value {
    let mut lines = logged
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let found = lines.find(|line| line["message"] == message);
    found.unwrap_or_else(|| panic!("no such line in\n{logged}"))
}

/// What a line says of the task it belongs to.
#[track_caller]
fn task(line: &Value) -> &Value {
    let spans = line["spans"].as_array().expect("the spans are a list");
    let mut tasks = spans.iter().filter(|span| span["name"] == "task");
    tasks.next().expect("the task has a span")
}

#[test]
fn failures_are_logged_with_name_and_cause() {
    let (_, logged) = served(
        Some("bake"),
        &[event(json!({ "pizza": { "diameter_cm": 90 } }))],
    );
    let line = line(&logged, "failed");
    assert_eq!(line["level"], "WARN");
    assert_eq!(line["error"], "OvenError.TooLarge");
    assert_eq!(line["cause"], "90 cm do not fit");
    let task = task(&line);
    assert_eq!(task["execution"], "order-17");
    assert_eq!(task["workflow"], "make-pizza");
}

#[test]
fn what_is_no_task_is_logged_with_its_step() {
    let (_, logged) = served(Some("bake"), &[json!([1, 2])]);
    let line = line(&logged, "failed");
    assert_eq!(line["error"], "Sfn.BadInput");
    assert_eq!(task(&line)["step"], "bake");
}

#[test]
fn the_log_level_is_lambdas_own() {
    let (_, logged) = served_with(
        Some("whistle"),
        &[event(json!({}))],
        "",
        &[("AWS_LAMBDA_LOG_LEVEL", "WARN")],
    );
    assert!(!logged.contains("a tune"), "{logged}");
}

/// The span of what a function did, sent before it answers.
#[track_caller]
fn traced(header: &str) -> Value {
    let collector = Collector::answering(Some(200));
    let (told, logged) = served_with(
        Some("whistle"),
        &[event(json!({}))],
        header,
        &[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"),
        ],
    );
    assert_eq!(told, [Told::Response(Value::Null)], "{logged}");
    let exports = collector.exports();
    let [export] = &exports[..] else {
        panic!("{exports:?}\n{logged}");
    };
    let body: Value = serde_json::from_slice(&export.body).expect("it is JSON");
    let resource = &body["resourceSpans"][0];
    let attributes = resource["resource"]["attributes"].to_string();
    assert!(attributes.contains("pizzeria-bake"), "{attributes}");
    let span = resource["scopeSpans"][0]["spans"][0].clone();
    assert_eq!(span["name"], "whistle");
    span
}

#[test]
fn a_traced_invocation_goes_on_with_its_trace() {
    let span = traced("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1");
    assert_eq!(span["traceId"], "5759e988bd862e3fe1be46a994272793");
    assert_eq!(span["parentSpanId"], "53995c3f42cd8ad8");
}

#[test]
fn one_that_aws_does_not_trace_is_in_its_executions_trace() {
    let span = traced("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0");
    // It began at 2026-11-21T10:00:00Z.
    let trace = span["traceId"].as_str().expect("a text");
    assert!(trace.starts_with("6b016ba0"), "{trace}");
    assert_eq!(span["parentSpanId"].as_str().unwrap_or_default(), "");
}

/// Each line of a step is an object that says which execution it belongs to.
#[test]
fn steps_log_in_json() {
    let logged = check(
        Some("whistle"),
        &[event(json!({}))],
        &[Told::Response(Value::Null)],
    );
    let line = line(&logged, "a tune");
    assert_eq!(line["level"], "INFO");
    assert_eq!(line["bars"], 4);
    let task = task(&line);
    assert_eq!(task["execution"], "order-17");
    assert_eq!(task["state"], "Bake it");
    assert_eq!(task["attempt"], 3);
    assert_eq!(task["step"], "whistle");
}

/// A step learns a second before Lambda would end it that nobody waits any more.
#[test]
fn the_deadline_is_told() {
    check(
        Some("wait_for_the_end"),
        &[event(json!({}))],
        &[Told::Response(json!("told"))],
    );
}
