//! Generated programs: run as Rust would run them, and as state machines on the engine. They must end alike, and call the same
//! steps in the same order.
//!
//! `SFN_PROGRAMS` says how many, `SFN_PROGRAMS_SEED` which.

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
    Declaration, TaskInput, Workflow,
    flow::{SamplePlaces, activity_name},
};

use crate::{
    interpret::{Ended, interpret},
    program::{Program, generate},
    steps::STEPS,
};

/// Runs the steps where the engine asks for their activities, and notes each call.
#[derive(Default)]
struct Steps {
    calls: Mutex<HashMap<Arc<str>, Vec<String>>>,
}

struct Shared(Arc<Steps>);

impl Integrations for Shared {
    fn call(&self, call: &IntegrationCall) -> Option<Response> {
        let step = STEPS
            .into_iter()
            .find(|step| call.resource.contains(&format!("-{}-", step.name)))?;
        let envelope: Value = serde_json::from_str(&call.input).expect("it is JSON");
        let arguments: Value = step
            .params
            .iter()
            .map(|parameter| envelope["input"][parameter.name].clone())
            .collect();
        let mut calls = self.0.calls.lock().expect("nobody panics while holding it");
        calls
            .entry(Arc::clone(&call.execution_arn))
            .or_default()
            .push(format!("{}{arguments}", step.name));
        let input = TaskInput::from_envelope(envelope).expect("it is an envelope");
        let mut running = (step.handler)(input);
        let Poll::Ready(ended) = running
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        else {
            panic!("no step of the programs waits");
        };
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

fn definition(program: &Program) -> String {
    RECORDED.set(Some(program.clone()));
    let workflow: Workflow<i64, i64> = Workflow::recorded(Declaration::named("program"), |body| {
        RECORDED.with_borrow(|program| {
            let program = program.as_ref().expect("it was set before");
            record::record(program, body);
        });
    });
    let machine = workflow
        .definition()
        .compile(&SamplePlaces::new("programs"));
    match machine {
        Ok(machine) => machine.to_string_pretty(),
        Err(error) => panic!("{program:?}\n{error}"),
    }
}

/// Runs the definition; gives how it ended, with the number of states that were entered.
async fn run(engine: &Handle, steps: &Steps, name: &str, definition: &str, input: i64) -> Ended {
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
    Ended {
        result,
        calls: calls.remove(&*arn).unwrap_or_default(),
        states,
        cut_short: false,
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
    let (mut succeeded, mut failed) = (0, 0);
    for index in 0..count {
        let program = generate(seed.wrapping_add(index), side_by_side);
        let text = definition(&program);
        let (_, found) = sfn_asl::read(&text);
        assert!(found.is_empty(), "{program:?}\n{text}\n{found:#?}");
        for input in [0, 3, 6] {
            let expected = interpret(&program, input);
            let name = format!("p{index}-{input}-{side_by_side}");
            let ours = runtime.block_on(run(&engine, &steps, &name, &text, input));
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
