//! The fuzz targets: each takes bytes, and must neither panic nor hang whatever they are.
//! They answer whether the bytes were more than refused at once.
//!
//! Compiled twice: for libFuzzer as a library, and into the suite `fuzz` of the workspace.

use std::sync::OnceLock;
use std::time::Duration;

use serde_json::{Value, json};
use sfn_engine::api::{CreateStateMachine, StartExecution};
use sfn_engine::{
    Answer, BoxFuture, Engine, Handle, IntegrationCall, Integrations, Program, Reply, Response,
    TestClock, TestIds,
};
use sfn_expr::{
    Environment, Scope, intrinsic, jsonata as expressions, path as paths, template as templates,
};

/// A world in which nothing changes.
struct Fixed;

impl Environment for Fixed {
    fn now_millis(&mut self) -> i64 {
        1_767_225_600_000
    }

    fn random(&mut self) -> f64 {
        0.5
    }

    fn uuid(&mut self) -> String {
        "6fa459ea-ee8a-4ca4-894e-db77e160355e".to_owned()
    }
}

/// What expressions look at.
fn document() -> &'static (Value, Value) {
    static DOCUMENT: OnceLock<(Value, Value)> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let input = json!({
            "a": [1, {"b": "x", "c": [1.5, -2, null]}, [], true],
            "order": {"id": "o-1", "lines": [{"sku": "s", "n": 2}, {"sku": "t", "n": 7}], "at": "2026-01-01T00:00:00Z"},
            "text": "straße, 𝄞 and \u{0}", "big": 9_223_372_036_854_775_807_i64, "small": 1e-300, "none": null, "": "empty",
        });
        let context = json!({"Execution": {"Id": "arn:e", "Input": {}}, "State": {"Name": "s"}, "Map": {"Item": {"Index": 0, "Value": 1}}});
        (input, context)
    })
}

/// Reads, checks, compiles, draws and writes a definition; what was written must read as the same.
pub fn definition(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else {
        return false;
    };
    let (machine, found) = sfn_asl::read(text);
    for diagnostic in &found {
        drop(diagnostic.to_string());
    }
    for machine_type in [
        sfn_asl::ExecutionType::Standard,
        sfn_asl::ExecutionType::Express,
    ] {
        let (_, checked) = sfn_asl::check_text(text, machine_type);
        drop(sfn_asl::invalid_definition(&checked));
        let compiled = Program::compile(text, machine_type);
        if let Ok(program) = compiled {
            drop(program.variable_references());
        }
    }
    drop(sfn_asl::check_state_text(text));
    let Some(machine) = machine else { return false };
    drop(machine.graphs());
    if sfn_asl::has_errors(&found) {
        return false;
    }
    let written = machine.to_string_pretty();
    let (again, found) = sfn_asl::read(&written);
    assert!(
        !sfn_asl::has_errors(&found),
        "what was written cannot be read: {found:?}\n{written}"
    );
    assert_eq!(
        again.as_ref(),
        Some(&machine),
        "it changed by being written"
    );
    true
}

/// Parses a path, evaluates it and writes through it.
pub fn path(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else {
        return false;
    };
    let (input, context) = document();
    let scope = Scope::new(input, context);
    let parsed = paths::Path::parse(text);
    if let Ok(path) = &parsed {
        match path.evaluate(&scope) {
            Ok(value) => drop(value.into_owned()),
            Err(error) => drop(error.to_string()),
        }
        assert_eq!(
            paths::Path::parse(path.as_str()).as_ref(),
            Ok(path),
            "a path's own text is that path"
        );
    }
    if let Ok(path) = paths::ReferencePath::parse(text) {
        drop(path.set(&mut input.clone(), json!({"set": true})));
    }
    parsed.is_ok()
}

/// Parses and evaluates a call or a path; text that is JSON is a template as well.
pub fn template(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else {
        return false;
    };
    let (input, context) = document();
    let scope = Scope::new(input, context);
    let mut known = false;
    let mut all = vec![json!({ "x.$": text })];
    all.extend(serde_json::from_str::<Value>(text));
    for template in all {
        if let Ok(template) = templates::Template::parse(&template) {
            known = true;
            match template.evaluate(&scope, &mut Fixed) {
                Ok(value) => drop(value),
                Err(error) => drop(error.to_string()),
            }
        }
        if let Ok(template) = expressions::Template::parse(&template) {
            let bindings = expressions::Bindings::new(input, context);
            drop(template.evaluate("Output", &bindings, &mut Fixed));
        }
    }
    if let Ok(call) = intrinsic::Call::parse(text) {
        drop(call.paths());
    }
    known
}

/// Parses and evaluates a JSONata expression.
pub fn jsonata(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else {
        return false;
    };
    let (input, context) = document();
    let Ok(expression) = expressions::Expression::parse(text) else {
        return false;
    };
    let _ = expression.variables().count();
    let bindings = expressions::Bindings::new(input, context).with_result(input);
    match expression.evaluate(&bindings, &mut Fixed) {
        Ok(value) => drop(value),
        Err(error) => drop(error.to_string()),
    }
    drop(expression.evaluate_field("Output", &bindings, &mut Fixed));
    true
}

/// Answers every call at once: with what it was given, or with an error when that asks for one.
struct Echo;

impl Integrations for Echo {
    fn call(&self, call: &IntegrationCall) -> Option<Response> {
        let input: Value = serde_json::from_str(&call.input).unwrap_or(Value::Null);
        let answer = match input.pointer("/fail").and_then(Value::as_str) {
            Some(error) => Answer::Failure {
                error: Some(error.to_owned()),
                cause: Some(format!("attempt {}", call.attempt)),
            },
            None => Answer::Success(call.input.to_string()),
        };
        Some(Response::Now(Reply {
            submitted: Some("{}".to_owned()),
            end: Some(answer),
        }))
    }

    fn get_object(&self, _bucket: &str, key: &str) -> Option<BoxFuture<Result<Vec<u8>, String>>> {
        let body = match key {
            "missing" => Err("The specified key does not exist.".to_owned()),
            _ if key.ends_with(".csv") => Ok(b"a,b\n1,\"2\n\"\n3\n".to_vec()),
            _ => Ok(b"[1, {\"a\": 2}]".to_vec()),
        };
        Some(Box::pin(std::future::ready(body)))
    }

    fn list_objects(
        &self,
        _bucket: &str,
        _prefix: &str,
    ) -> Option<BoxFuture<Result<Vec<Value>, String>>> {
        let listed = vec![json!({"Key": "k", "Size": 1})];
        Some(Box::pin(std::future::ready(Ok(listed))))
    }

    fn put_object(
        &self,
        _bucket: &str,
        _key: &str,
        _body: &[u8],
    ) -> Option<BoxFuture<Result<(), String>>> {
        Some(Box::pin(std::future::ready(Ok(()))))
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime can be built")
}

fn engine(clock: TestClock) -> Handle {
    Engine::builder()
        .clock(clock)
        .ids(TestIds::default())
        .integrations(Echo)
        .start()
        .expect("there is a runtime")
}

/// How often the other tasks may run before an API call must have been answered.
///
/// Each turn moves the clock by a minute; a standard execution ends by its 25,000 events in far fewer.
const TURNS: usize = 100_000;

/// Carries out API calls, one a line, over one engine.
pub fn api(data: &[u8]) -> bool {
    let text = String::from_utf8_lossy(data);
    runtime().block_on(async {
        let clock = TestClock::manual();
        let mut served = false;
        let service = sfn_server::Service::new(engine(clock.clone()));
        for line in text.lines().take(12) {
            let (operation, body) = line.split_once(' ').unwrap_or((line, ""));
            let called = service.call(operation, body.as_bytes());
            let moving = async {
                for turn in 0..TURNS {
                    tokio::task::yield_now().await;
                    if turn > 20 {
                        clock.advance(Duration::from_secs(60));
                    }
                }
            };
            tokio::select! {
                biased;
                answer = called => {
                    served |= answer.status == 200;
                    assert!(answer.status != 500, "{operation} broke: {}", answer.body);
                    assert!(
                        answer.status == 200 || answer.body["__type"].is_string(),
                        "an error without a type: {}", answer.body
                    );
                }
                () = moving => panic!("{operation} is never answered: {body}"),
            }
        }
        served
    })
}

/// Runs a machine to its end; its history must have no hole and end as the execution did.
pub fn run(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else {
        return false;
    };
    let (definition, input) = text.split_once("\n---\n").unwrap_or((text, "{}"));
    runtime().block_on(async {
        let engine = engine(TestClock::auto());
        let created = engine.create_state_machine(CreateStateMachine {
            role_arn: "arn:aws:iam::123456789012:role/r".to_owned(),
            ..CreateStateMachine::new("m", definition)
        });
        let Ok(created) = created.await else {
            return false;
        };
        let start = StartExecution::new(created.state_machine_arn).input(input);
        let Ok(started) = engine.start_execution(start).await else {
            return false;
        };
        let arn = started.execution_arn;
        let ended = tokio::time::timeout(Duration::from_secs(20), engine.wait(&arn)).await;
        let ended = ended.expect("it ends").expect("it exists");
        let events = engine.events_since(&arn, 0).await.expect("it exists");
        for (index, event) in events.iter().enumerate() {
            let event = event.to_json();
            let (id, previous) = (event["id"].as_u64(), event["previousEventId"].as_u64());
            assert_eq!(id, Some(index as u64 + 1), "ids go up by one: {event}");
            assert!(previous < id, "an event comes after its cause: {event}");
        }
        let last = events.last().expect("it began").to_json();
        let expected = match ended.status.as_str() {
            "SUCCEEDED" => "ExecutionSucceeded",
            "FAILED" => "ExecutionFailed",
            "TIMED_OUT" => "ExecutionTimedOut",
            "ABORTED" => "ExecutionAborted",
            other => panic!("it ended as {other}"),
        };
        assert_eq!(last["type"], expected, "{last}");
        if let Some(output) = &ended.output {
            serde_json::from_str::<Value>(output).expect("an output is JSON");
        }
        true
    })
}
