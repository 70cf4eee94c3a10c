//! The Lambda role: this very program, started as Lambda starts a bootstrap.
//!
//! The runtime interface stands on loopback and hands out prepared invocations. What it is told, and what the
//! process logs, is compared with what Step Functions needs.

mod engine;
mod interface;
mod kitchen;

use std::process::{Command, Stdio};

use interface::{Interface, Told};
use serde_json::{Value, json};

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
    let interface = Interface::listen(events);
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
    let mut process = command.spawn().expect("the program starts again");
    let told = interface.told();
    process.kill().expect("the process is there");
    let output = process.wait_with_output().expect("the process ends");
    (told, String::from_utf8_lossy(&output.stdout).into_owned())
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

/// Each line of a step is an object that says which execution it belongs to.
#[test]
fn steps_log_in_json() {
    let logged = check(
        Some("whistle"),
        &[event(json!({}))],
        &[Told::Response(Value::Null)],
    );
    let mut lines = logged
        .lines()
        .rev()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let line = lines.find(|line| line["message"] == "a tune");
    let line = line.unwrap_or_else(|| panic!("no such line in\n{logged}"));
    assert_eq!(line["level"], "INFO");
    assert_eq!(line["bars"], 4);
    let spans = line["spans"].as_array().expect("the spans are a list");
    let task = spans
        .iter()
        .find(|span| span["name"] == "task")
        .expect("the task has a span");
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
