//! Definitions that call functions, on the embedded engine with the functions in this process: what catches errors sees the
//! same as with activities.

use serde::{Deserialize, Serialize};
use sfn_runtime::{
    Client, Failure, Kind, Payload, Providers, RunError, StepMeta, Workflow,
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

#[derive(Debug, PartialEq, Serialize, Deserialize, Payload)]
struct Parcel {
    grams: u32,
}

#[step]
fn note(error: CaughtError) -> String {
    format!("{}: {}", error.name, error.cause)
}

#[state_machine]
async fn read_the_scale(grams: u32) -> String {
    match weigh(grams).await {
        Ok(grams) => format!("{grams} g"),
        Err(ScaleError::Over { grams }) => format!("over: {grams} g"),
    }
}

#[state_machine]
async fn hand_on(grams: u32) -> Result<u32, ScaleError> {
    Ok(weigh(grams).await?)
}

static NOTED: Workflow<u32, String> = workflow!(
    name = "noted",
    input = u32,
    weigh.catch(on(ScaleError::Over), note),
    pass(|found| found),
    fail("Unreached", "")
);

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
