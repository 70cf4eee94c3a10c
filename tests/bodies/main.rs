//! Bodies of state machines, one for each construct: run as plain Rust, and as states on the engine. They must end alike,
//! and call the same steps in the same order.

mod branches;
mod calls;
mod collects;
mod errors;
mod guide;
mod loops;
mod natural;
mod nested;
mod side_by_side;
mod steps;
mod undo;
mod values;
mod written;

use std::{fmt::Debug, future::Future};

use serde_json::Value;
use sfn_runtime::{Failure, Outcome, Payload, Providers, StepError, Workflow, testing::Test};

use steps::Log;

/// Runs both, and compares. `ordered` is false where steps run side by side.
async fn same<I: Payload, O: Payload + Debug>(
    workflow: &Workflow<I, O>,
    input: I,
    plain: impl Future<Output: Outcome<Ok: Payload, Err: StepError>>,
    ordered: bool,
) {
    let (told, noted) = (Log::default(), Log::default());
    let mut providers = Providers::default();
    providers.insert(told.clone());
    let expected = providers.within(plain).await.into_result();
    let expected = expected
        .map(|value| serde_json::to_value(value).expect("it is a payload"))
        .map_err(|error| error.failure());

    let test = Test::new().await;
    test.provide(noted.clone());
    let shown = serde_json::to_string(&input).expect("it is a payload");
    let execution = test.run(workflow, input).await;
    let found: Result<Value, Failure> = match execution.status() {
        sfn_runtime::service::ExecutionStatus::Succeeded => {
            Ok(serde_json::to_value(execution.output()).expect("it is a payload"))
        }
        _ => Err(execution.failure()),
    };
    let name = workflow.name();
    assert_eq!(
        found,
        expected,
        "`{name}` of {shown} ends otherwise on the engine (left) than as Rust\n{}",
        execution.story()
    );
    let calls = |log: Log| {
        let mut calls = log
            .0
            .lock()
            .expect("nobody panics while holding it")
            .clone();
        if !ordered {
            calls.sort();
        }
        calls
    };
    assert_eq!(calls(noted), calls(told), "`{name}` of {shown}");
}

/// Runs a state machine with each input, both ways.
#[macro_export]
macro_rules! all {
    ($name:ident: $($input:expr),+ $(,)?) => {
        $( $crate::same(&$name::WORKFLOW, $input, $name($input), true).await; )+
    };
    (unordered $name:ident: $($input:expr),+ $(,)?) => {
        $( $crate::same(&$name::WORKFLOW, $input, $name($input), false).await; )+
    };
}

/// Shows a definition, for whoever looks into a failure: `cargo test -p sfn-tests --test bodies show -- --nocapture`.
#[test]
fn show() {
    let Ok(name) = std::env::var("SHOW") else {
        return;
    };
    let entry = sfn_runtime::registry::workflows()
        .expect("the registry is right")
        .into_iter()
        .find(|entry| entry.name == name)
        .expect("there is one of that name");
    let machine = (entry.define)()
        .compile(&sfn_runtime::flow::SamplePlaces::new("tests"))
        .expect("it is right");
    let text = serde_json::to_string_pretty(&machine.to_value()).expect("it is JSON");
    eprintln!("{text}");
}
