//! Definitions that call functions, on the embedded engine with the functions in this process: what catches errors sees the
//! same as with activities.

use serde_json::Value;
use sfn_runtime::{
    Client, Kind, Payload, Providers, RunError, StepMeta, Workflow,
    flow::{CaughtError, Place, Places, Unplaced},
    local::LocalOptions,
    service::CreateMachine,
    state_machine, step, workflow,
};

use crate::kitchen::{ScaleError, drop_it, weigh};

/// Every step in a function.
struct Functions;

impl Places for Functions {
    fn place(&self, step: &'static StepMeta) -> Result<Place, Unplaced> {
        let name = step.name;
        Ok(Place::Lambda {
            function: format!(
                "arn:aws:lambda:us-east-1:123456789012:function:pizzeria-prod-{name}:7"
            ),
        })
    }
}

/// The data of an error is JSON text in its cause.
#[step]
fn read_again(error: CaughtError) -> u32 {
    let cause: Value = serde_json::from_str(&error.cause).unwrap_or_default();
    let grams = cause["data"]["grams"].as_u64().unwrap_or_default();
    u32::try_from(grams).unwrap_or_default()
}

#[step]
fn count_letters(error: CaughtError) -> String {
    format!("{} says: {}", error.name, error.cause)
}

static READ_AGAIN: Workflow<u32, u32> = workflow!(
    name = "read-again",
    input = u32,
    weigh.catch(on(ScaleError::Over), read_again),
);

#[step]
fn read_both_again(error: CaughtError) -> (u32, u32) {
    let again = read_again(error);
    (again, again)
}

/// The state that catches is the one around the functions.
static TWO_SCALES: Workflow<u32, (u32, u32)> = workflow!(
    name = "two-scales",
    input = u32,
    parallel(weigh, weigh.named("weigh again")).catch(on("ScaleError.Over"), read_both_again),
);

static PANICS: Workflow<bool, String> = workflow!(
    name = "panics",
    input = bool,
    drop_it.catch(on(All), count_letters),
);

#[state_machine]
async fn read_the_scale(grams: u32) -> String {
    match weigh(grams) {
        Ok(grams) => format!("{grams} g"),
        Err(ScaleError::Over { grams }) => format!("over: {grams} g"),
    }
}

#[state_machine]
async fn hand_on(grams: u32) -> Result<u32, ScaleError> {
    let grams = weigh(grams)?;
    Ok(grams)
}

async fn run<I: Payload, O: Payload>(workflow: &Workflow<I, O>, input: I) -> Result<O, RunError> {
    let client = Client::local(LocalOptions::new().functions(Providers::default()))
        .expect("the engine starts");
    let machine = workflow.definition().compile(&Functions).expect("compiles");
    let create = CreateMachine {
        name: workflow.name().to_owned(),
        definition: machine.to_value().to_string(),
        kind: Kind::Standard,
        role: None,
    };
    client
        .service()
        .create_machine(create)
        .await
        .expect("the engine takes it");
    workflow.run(&client, input).await
}

#[tokio::test]
async fn a_pipelines_handler_is_told_the_steps_own_cause() {
    assert_eq!(run(&READ_AGAIN, 40).await.expect("it is light"), 40);
    assert_eq!(run(&READ_AGAIN, 3000).await.expect("it is caught"), 3000);
    let told = run(&TWO_SCALES, 3000).await;
    assert_eq!(told.expect("it is caught"), (3000, 3000));
    let told = run(&PANICS, true).await.expect("it is caught");
    assert_eq!(told, "Sfn.Panic says: it fell");
}

#[tokio::test]
async fn a_body_reads_the_fields_of_an_error() {
    let machine = &read_the_scale::WORKFLOW;
    assert_eq!(run(machine, 40).await.expect("it is light"), "40 g");
    let told = run(machine, 3000).await.expect("it is matched");
    assert_eq!(told, "over: 3000 g");
}

/// Also where Step Functions itself ends the execution, with Lambda's whole answer as its cause.
#[tokio::test]
async fn who_waits_is_told_the_steps_own_cause() {
    let error = run(&hand_on::WORKFLOW, 3000).await.expect_err("it fails");
    let RunError::Failed { error, cause, .. } = error else {
        panic!("{error:?}");
    };
    assert_eq!(error, "ScaleError.Over");
    assert_eq!(
        cause,
        r#"{"message":"3000 g are too much","data":{"grams":3000}}"#
    );
}
