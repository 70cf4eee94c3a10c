//! Generated programs: run as Rust would run them, and as state machines on the engine. They must end alike, and call the same
//! steps in the same order.
//!
//! `SFN_PROGRAMS` says how many, `SFN_PROGRAMS_SEED` which. `SFN_DIFFERENTIAL` names a folder that gets those whose states are
//! entered once at most, for `tests/differential/run`, which runs them on another interpreter as well.

mod interpret;
mod program;
mod record;
mod steps;

use std::{
    cell::RefCell,
    collections::HashMap,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use serde_json::{Value, json};
use sfn_engine::{
    Answer, Engine, Handle, IntegrationCall, Integrations, Response, TestClock, TestIds,
    api::{CreateActivity, CreateStateMachine, StartExecution},
};
use sfn_runtime::{
    Declaration, StepMeta, TaskInput, Workflow,
    flow::{Place, Places, SamplePlaces, Unplaced, activity_name},
};

use crate::{
    interpret::{Ended, interpret},
    program::{Program, generate},
    steps::STEPS,
};

/// Runs the steps where the engine asks for their activities or functions, and notes each call.
#[derive(Default)]
struct Steps {
    calls: Mutex<HashMap<Arc<str>, Vec<Called>>>,
}

/// A call of a step.
struct Called {
    /// The step and its arguments.
    text: String,
    state: String,
    /// What the state was given, as a mock says it.
    answer: Value,
}

/// Every step on Lambda.
struct OnLambda;

impl Places for OnLambda {
    fn place(&self, step: &'static StepMeta) -> Result<Place, Unplaced> {
        let name = step.name;
        Ok(Place::Lambda {
            function: format!("arn:aws:lambda:us-east-1:123456789012:function:programs-{name}-:1"),
        })
    }
}

struct Shared(Arc<Steps>);

impl Integrations for Shared {
    fn call(&self, call: &IntegrationCall) -> Option<Response> {
        let mut envelope: Value = serde_json::from_str(&call.input).expect("it is JSON");
        let on_lambda = envelope.get("Payload").is_some();
        let place = match envelope["FunctionName"].as_str() {
            Some(function) => function.to_owned(),
            None => call.resource.to_string(),
        };
        if on_lambda {
            envelope = envelope["Payload"].take();
        }
        let step = STEPS
            .into_iter()
            .find(|step| place.contains(&format!("-{}-", step.name)))?;
        let arguments: Value = step
            .params
            .iter()
            .map(|parameter| envelope["input"][parameter.name].clone())
            .collect();
        let input = TaskInput::from_envelope(envelope).expect("it is an envelope");
        let mut running = (step.handler)(input);
        let Poll::Ready(ended) = running
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        else {
            panic!("no step of the programs waits");
        };
        let ended = ended.map(|output| match on_lambda {
            true => json!({ "StatusCode": 200, "Payload": output }),
            false => output,
        });
        let called = Called {
            text: format!("{}{arguments}", step.name),
            state: call.state_name.to_string(),
            answer: match &ended {
                Ok(output) => json!({ "Return": output }),
                Err(failure) => {
                    json!({ "Throw": { "Error": failure.error, "Cause": failure.cause } })
                }
            },
        };
        let mut calls = self.0.calls.lock().expect("nobody panics while holding it");
        let all = calls.entry(Arc::clone(&call.execution_arn)).or_default();
        all.push(called);
        let answer = match ended {
            Ok(output) => Answer::Success(output.to_string()),
            Err(failure) => Answer::Failure {
                error: Some(failure.error),
                cause: Some(failure.cause),
            },
        };
        Some(Response::Now(answer.into()))
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| {
        text.parse().expect("the variable holds a number")
    })
}

thread_local! {
    /// The program that is recorded: a workflow's function has no room for it.
    static RECORDED: RefCell<Option<Program>> = const { RefCell::new(None) };
}

fn definition(program: &Program, places: &dyn Places) -> String {
    RECORDED.set(Some(program.clone()));
    let workflow: Workflow<i64, i64> = Workflow::recorded(Declaration::named("program"), |body| {
        RECORDED.with_borrow(|program| {
            let program = program.as_ref().expect("it was set before");
            record::record(program, body);
        });
    });
    let machine = workflow.definition().compile(places);
    match machine {
        Ok(machine) => machine.to_string_pretty(),
        Err(error) => panic!("{program:?}\n{error}"),
    }
}

/// Runs the definition; gives how it ended, with the number of states that were entered.
async fn run(
    engine: &Handle,
    steps: &Steps,
    name: &str,
    definition: &str,
    input: i64,
) -> (Ended, Vec<Called>) {
    let machine = CreateStateMachine {
        role_arn: "arn:aws:iam::123456789012:role/r".to_owned(),
        ..CreateStateMachine::new(name, definition)
    };
    let created = engine.create_state_machine(machine).await;
    let machine = created
        .unwrap_or_else(|error| panic!("{error}\n{definition}"))
        .state_machine_arn;
    let start = StartExecution::new(machine).input(input.to_string());
    let arn = engine
        .start_execution(start)
        .await
        .expect("the input is JSON")
        .execution_arn;
    let ended = engine.wait(&arn).await.expect("it exists");
    let events = engine.events_since(&arn, 0).await;
    let states = events
        .expect("it exists")
        .iter()
        .filter(|event| event.event_type().ends_with("StateEntered"))
        .count();
    let text = |text: Option<Arc<str>>| text.map(|text| text.to_string()).unwrap_or_default();
    let result = match &ended.output {
        Some(output) => Ok(serde_json::from_str(output).expect("it is JSON")),
        None => Err((text(ended.error), text(ended.cause))),
    };
    let mut calls = steps.calls.lock().expect("nobody panics while holding it");
    let calls = calls.remove(&*arn).unwrap_or_default();
    let ended = Ended {
        result,
        calls: calls.iter().map(|called| called.text.clone()).collect(),
        states,
        cut_short: false,
    };
    (ended, calls)
}

/// What goes to other interpreters.
#[derive(Default)]
struct Others {
    lines: String,
    mocks: Value,
}

impl Others {
    fn add(&mut self, name: &str, definition: &str, input: i64, ended: &Ended, calls: &[Called]) {
        let mut mocks = serde_json::Map::new();
        for called in calls {
            let answers = json!([called.answer]);
            if mocks.insert(called.state.clone(), answers).is_some() {
                // They know one answer a state.
                return;
            }
        }
        let mut states = serde_json::Map::new();
        for called in calls {
            let response = format!("{name}-{}", called.state);
            self.mocks["MockedResponses"][&response] = json!({ "0-999": called.answer });
            states.insert(called.state.clone(), json!(response));
        }
        self.mocks["StateMachines"][name] = json!({ "TestCases": { "Generated": states } });
        let ours = match &ended.result {
            Ok(output) => json!({ "status": "SUCCEEDED", "output": output }),
            Err((error, cause)) => json!({ "status": "FAILED", "error": error, "cause": cause }),
        };
        let definition: Value = serde_json::from_str(definition).expect("it is JSON");
        let line = json!({
            "name": name, "language": "JSONata", "definition": definition, "input": input,
            "mocks": mocks, "ours": ours,
        });
        self.lines.push_str(&format!("{line}\n"));
    }

    /// Writes them into the folder that `SFN_DIFFERENTIAL` names, if it does.
    fn keep(&self) {
        if let Some(folder) = std::env::var_os("SFN_DIFFERENTIAL") {
            let folder = std::path::Path::new(&folder);
            for (file, text) in [
                ("programs.jsonl", &self.lines),
                ("programs-mocks.json", &self.mocks.to_string()),
            ] {
                std::fs::write(folder.join(file), text).expect("the folder can be written");
            }
        }
    }
}

fn check(side_by_side: bool) {
    let count = number("SFN_PROGRAMS", 400);
    let seed = number("SFN_PROGRAMS_SEED", 1).wrapping_mul(1_000_003);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime can be built");
    let steps = Arc::new(Steps::default());
    let engine = runtime.block_on(async {
        let engine = Engine::builder()
            .clock(TestClock::auto())
            .ids(TestIds::default())
            .integrations(Shared(Arc::clone(&steps)))
            .start()
            .expect("there is a runtime");
        for step in STEPS {
            let activity = CreateActivity::new(activity_name("programs", step));
            engine.create_activity(activity).await.expect("it is new");
        }
        engine
    });
    let mut others = Others::default();
    let (mut succeeded, mut failed) = (0, 0);
    for index in 0..count {
        let program = generate(seed.wrapping_add(index), side_by_side);
        let on_lambda = index % 2 == 1;
        let text = match on_lambda {
            true => definition(&program, &OnLambda),
            false => definition(&program, &SamplePlaces::new("programs")),
        };
        let (_, found) = sfn_asl::read(&text);
        assert!(found.is_empty(), "{program:?}\n{text}\n{found:#?}");
        for input in [0, 3, 6] {
            let expected = interpret(&program, input);
            let name = format!("p{index}-{input}-{side_by_side}");
            let (ours, calls) = runtime.block_on(run(&engine, &steps, &name, &text, input));
            let shown = || {
                format!(
                    "program {index} with {input}:\n{program:?}\n{text}\n{}",
                    json!({ "expected": format!("{expected:?}"), "found": format!("{ours:?}") })
                )
            };
            assert_eq!(ours.result, expected.result, "{}", shown());
            if !side_by_side {
                assert_eq!(ours.calls, expected.calls, "{}", shown());
                assert!(ours.states <= expected.states, "{}", shown());
                if on_lambda {
                    others.add(&name, &text, input, &ours, &calls);
                }
            } else if !expected.cut_short {
                let sorted = |calls: &[String]| {
                    let mut calls = calls.to_vec();
                    calls.sort();
                    calls
                };
                assert_eq!(sorted(&ours.calls), sorted(&expected.calls), "{}", shown());
            }
            match ours.result {
                Ok(_) => succeeded += 1,
                Err(_) => failed += 1,
            }
        }
    }
    if !side_by_side {
        others.keep();
    }
    // Programs that all end alike prove little.
    assert!(
        succeeded > failed / 4 && failed > succeeded / 20,
        "{succeeded} {failed}"
    );
}

#[test]
fn one_after_the_other() {
    check(false);
}

#[test]
fn side_by_side() {
    check(true);
}
