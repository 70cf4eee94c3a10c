//! What stands around steps: interceptors, and the store of large values.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use sfn_runtime::{
    Call, Client, Failure, Large, Providers, RunError, Workflow, large::Directory,
    local::LocalOptions, run_here, service::HistoryEvent, step, workflow,
};

use crate::kitchen::{OvenError, Pizza};

#[step]
fn slice(pizza: Pizza) -> Result<u32, OvenError> {
    match pizza.slices {
        0 => Err(OvenError::Cold),
        slices => Ok(slices),
    }
}

#[step]
fn count(slices: u32) -> u32 {
    slices + 1
}

/// Blocks, and gives more than a state carries.
#[step]
fn print_menu(pages: usize) -> Large<Vec<String>> {
    Large(vec!["quattro stagioni ".repeat(100); pages])
}

#[step]
async fn read_menu(menu: Large<Vec<String>>) -> Large<String> {
    Large(menu.concat())
}

#[step]
async fn letters(menu: Large<String>) -> usize {
    menu.len()
}

static SLICES: Workflow<Pizza, u32> = workflow!(name = "slices", slice, count);
static MENU: Workflow<usize, usize> =
    workflow!(name = "menu", input = usize, print_menu, read_menu, letters);
static REPRINT: Workflow<Large<Vec<String>>, Large<String>> =
    workflow!(name = "reprint", read_menu);

type Log = Arc<Mutex<Vec<String>>>;

/// Writes down what it sees on both ways.
fn tell(
    log: &Log,
    name: &'static str,
) -> impl Fn(Call) -> sfn_runtime::BoxFuture<'static, Result<Value, Failure>> + use<> {
    let log = Arc::clone(log);
    move |call| {
        let log = Arc::clone(&log);
        Box::pin(async move {
            let note = |what: String| {
                log.lock()
                    .expect("nobody panics while holding it")
                    .push(what)
            };
            let step = call.step().name;
            note(format!("{name} sees {step} take {}", call.input()));
            let outcome = call.run().await;
            note(match &outcome {
                Ok(output) => format!("{name} sees {step} give {output}"),
                Err(failure) => format!("{name} sees {step} fail with {}", failure.error),
            });
            outcome
        })
    }
}

async fn slices(providers: Providers, slices: u32) -> Result<u32, RunError> {
    let client = Client::local(LocalOptions::new()).expect("the engine starts");
    client.ensure(&SLICES).await.expect("it is created");
    let steps = [sfn_runtime::here::<slice>(), sfn_runtime::here::<count>()];
    let workers = run_here(&client, steps)
        .providing(providers)
        .await
        .expect("they start");
    let pizza = Pizza {
        name: "margherita".to_owned(),
        slices,
    };
    let outcome = SLICES.run(&client, pizza).await;
    workers.stop().await;
    outcome
}

#[tokio::test]
async fn interceptors_see_each_step_in_their_order() {
    let log = Log::default();
    let mut providers = Providers::default();
    providers.intercept(tell(&log, "outer"));
    providers.intercept_step::<count>(tell(&log, "inner"));
    assert_eq!(slices(providers.clone(), 4).await.expect("it is cut"), 5);
    let seen = std::mem::take(&mut *log.lock().expect("nobody holds it"));
    assert_eq!(
        seen,
        [
            r#"outer sees slice take {"pizza":{"name":"margherita","slices":4}}"#,
            "outer sees slice give 4",
            r#"outer sees count take {"slices":4}"#,
            r#"inner sees count take {"slices":4}"#,
            "inner sees count give 5",
            "outer sees count give 5",
        ]
    );
    slices(providers, 0).await.expect_err("it is cold");
    let seen = log.lock().expect("nobody holds it");
    assert_eq!(seen[1], "outer sees slice fail with OvenError.Cold");
}

#[tokio::test]
async fn interceptors_change_what_goes_in_and_out() {
    let mut providers = Providers::default();
    providers.intercept_step::<slice>(|mut call: Call| async move {
        call.input_mut()["pizza"]["slices"] = json!(0);
        match call.run().await {
            Err(failure) if failure.error == "OvenError.Cold" => Ok(json!(7)),
            other => other,
        }
    });
    providers.intercept_step::<count>(|call: Call| async move {
        match call.input()["slices"].as_u64() {
            Some(7) => Err(Failure::new("TooMany", "seven")),
            _ => call.run().await,
        }
    });
    let error = slices(providers, 4).await.expect_err("it is refused");
    assert!(
        matches!(&error, RunError::Failed { error, cause, .. } if error == "TooMany" && cause == "seven"),
        "{error:?}"
    );
}

async fn with_store() -> (Client, sfn_runtime::Workers) {
    let folder = Directory::temporary();
    let mut providers = Providers::default();
    providers.store_large(folder.clone());
    let client = Client::local(LocalOptions::new())
        .expect("the engine starts")
        .storing_large(folder);
    client.ensure(&MENU).await.expect("it is created");
    client.ensure(&REPRINT).await.expect("it is created");
    let steps = [
        sfn_runtime::here::<print_menu>(),
        sfn_runtime::here::<read_menu>(),
        sfn_runtime::here::<letters>(),
    ];
    let workers = run_here(&client, steps)
        .providing(providers)
        .await
        .expect("they start");
    (client, workers)
}

#[tokio::test]
async fn values_of_any_size_go_from_step_to_step() {
    let (client, workers) = with_store().await;
    let letters = MENU.run(&client, 1_000).await.expect("it is read");
    assert_eq!(letters, 1_700_000);
    workers.stop().await;
}

#[tokio::test]
async fn a_client_gives_and_gets_values_of_any_size() {
    let (client, workers) = with_store().await;
    let pages = vec!["quattro stagioni ".repeat(100); 400];
    let started = REPRINT.start(&client, Large(pages.clone())).await;
    let started = started.expect("a reference is short");
    let printed = started.wait().await.expect("it is printed");
    assert_eq!(*printed, pages.concat());
    let events: Vec<HistoryEvent> = started.history().await.expect("it has a history");
    let longest = events.iter().filter_map(|event| event.input.as_ref());
    assert!(longest.map(String::len).max() < Some(1_000));
    workers.stop().await;
}
