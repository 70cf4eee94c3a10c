//! Steps as a worker runs them: through the registry and the handler.

use std::{
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Failure, Payload, Providers, Step, StepContext, TaskInput, registry, step};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
struct Order {
    order_id: u64,
    extra_toppings: Vec<Topping>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
struct Topping {
    name: String,
    grams: u32,
}

/// Counts what lies on it.
///
/// Not the dough.
#[step]
fn weigh(order: Order) -> u32 {
    order
        .extra_toppings
        .iter()
        .map(|topping| topping.grams)
        .sum()
}

#[step(name = "greet somebody", timeout = "1h 30m", heartbeat = "30s")]
async fn greet(name: &str, titles: &[String], punctuation: Option<char>) -> String {
    let titles = titles.join(" ");
    format!("{titles} {name}{}", punctuation.unwrap_or('.'))
}

#[step(retry(interval = "2s", max_attempts = 6, backoff = 2.0))]
fn fails(mut how: String) -> Result<(), String> {
    if how == "panic" {
        panic!("the {how} came");
    }
    how.push('!');
    Err(how)
}

#[step]
async fn injected(n: u8, #[inject] base: Arc<u64>, #[inject] ctx: &StepContext) -> String {
    format!("{}/{}/{}", base, n, ctx.attempt)
}

#[step]
fn nothing() {}

#[step(retry(on(Timeout, "Some.Name"), max_delay = "1m", jitter = full), retry(on(All)))]
fn r#match(r#type: u8) -> u8 {
    r#type
}

fn run(step: &str, input: Value) -> Result<Value, Failure> {
    let mut providers = Providers::default();
    providers.insert(Arc::new(7_u64));
    let context = StepContext::new("arn", "one", "state");
    let task = TaskInput::new(input, context).with_providers(providers);
    let step = registry::step(step).expect("it is registered");
    let mut future = pin!((step.handler)(task));
    match future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("no step here waits"),
    }
}

#[track_caller]
fn check(step: &str, input: Value, expected: Value) {
    assert_eq!(run(step, input), Ok(expected));
}

#[track_caller]
fn check_failure(step: &str, input: Value, error: &str, cause: &str) {
    assert_eq!(run(step, input), Err(Failure::new(error, cause)));
}

fn order() -> Value {
    json!({"orderId": 3, "extraToppings": [{"name": "ham", "grams": 50}, {"name": "olives", "grams": 20}]})
}

#[test]
fn a_step_runs_on_its_named_parameters() {
    check("weigh", json!({"order": order()}), json!(70));
    check(
        "greet somebody",
        json!({"name": "Ada", "titles": ["Lady"], "punctuation": "!"}),
        json!("Lady Ada!"),
    );
    check(
        "greet somebody",
        json!({"name": "Ada", "titles": []}),
        json!(" Ada."),
    );
    check("injected", json!({"n": 2}), json!("7/2/1"));
    check("nothing", json!({}), Value::Null);
    check("nothing", json!("whatever"), Value::Null);
    check("match", json!({"type": 5}), json!(5));
}

#[test]
fn the_function_stays_callable() {
    assert_eq!(r#match(4), 4);
    assert_eq!(fails("a".into()), Err("a!".into()));
}

#[test]
fn failures_have_names_and_say_where() {
    check_failure("fails", json!({"how": "oven"}), "Sfn.Error", "oven!");
    check_failure(
        "fails",
        json!({"how": "panic"}),
        "Sfn.Panic",
        "the panic came",
    );
    check_failure(
        "weigh",
        json!({}),
        "Sfn.BadInput",
        "parameter `order` is missing",
    );
    check_failure(
        "weigh",
        json!([1]),
        "Sfn.BadInput",
        "the input of step `weigh` must be an object with a key for each parameter, not an array",
    );
    check_failure(
        "weigh",
        json!({"order": {"orderId": 1}}),
        "Sfn.BadInput",
        "parameter `order`: missing field `extraToppings`",
    );
    let mut wrong = order();
    wrong["extraToppings"][1]["grams"] = json!("many");
    check_failure(
        "weigh",
        json!({"order": wrong}),
        "Sfn.BadInput",
        "parameter `order`, at `extraToppings[1].grams`: expected a whole number from 0 to 4294967295, found the text \"many\"",
    );
}

#[test]
fn the_metadata_says_what_was_written() {
    let meta = <weigh as Step>::META;
    assert_eq!(
        (meta.name, meta.ident, meta.doc, meta.is_async),
        ("weigh", "weigh", "Counts what lies on it.", false)
    );
    assert_eq!(meta.module, "sfn_runtime::step::tests");
    assert!(meta.file.ends_with("tests.rs"), "{}", meta.file);
    assert_ne!(meta.line, 1);

    let meta = <greet as Step>::META;
    assert_eq!((meta.name, meta.is_async), ("greet somebody", true));
    assert_eq!(meta.timeout.map(|time| time.as_secs()), Some(5_400));
    assert_eq!(meta.heartbeat.map(|time| time.as_secs()), Some(30));

    let meta = <fails as Step>::META;
    let names = (meta.retries[0].on)();
    assert_eq!(
        names,
        [
            "Sfn.Error",
            "States.Timeout",
            "States.HeartbeatTimeout",
            "Sfn.WorkerStopped"
        ]
    );

    let meta = <r#match as Step>::META;
    assert_eq!(meta.name, "match");
    assert_eq!((meta.retries[0].on)(), ["States.Timeout", "Some.Name"]);
    assert_eq!((meta.retries[1].on)(), ["States.ALL"]);

    let meta = <injected as Step>::META;
    assert_eq!(meta.params.len(), 1);
    let missing = Providers::default().check(&[meta]).unwrap_err();
    assert_eq!((missing.step, missing.param), ("injected", "base"));
}
