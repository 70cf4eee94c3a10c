//! The code of the guide's page on state machines: what it shows of states and graphs is what comes of it, and each
//! example ends alike as Rust and as states.
//!
//! `UPDATE_GUIDE=1` writes the states and graphs of the page anew.

use std::{fmt::Write as _, fs, path::Path};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sfn_runtime::{
    Callback, Payload, StepContext, StepError, bail, ensure, flow::SamplePlaces, join,
    map_concurrent, minutes, sleep, state_machine, step,
};

use crate::all;

// guide: steps
#[derive(Clone, Serialize, Deserialize, Payload)]
struct Order {
    id: u64,
    amount: i64,
    parcels: Vec<i64>,
}

#[derive(Serialize, Deserialize, Payload)]
struct Fraud {
    score: i64,
}

#[derive(Debug, thiserror::Error, StepError)]
enum ShipError {
    #[error("nothing is in stock")]
    OutOfStock,
    #[error("{days} days late")]
    #[step_error(data)]
    Late { days: i64 },
}

#[derive(Debug, thiserror::Error, StepError)]
enum OrderError {
    #[error("rejected")]
    Rejected,
    #[error(transparent)]
    #[step_error(transparent)]
    Ship(ShipError),
}

/// Looks for signs of fraud.
#[step]
async fn check_fraud(order: &Order) -> Fraud {
    Fraud {
        score: order.amount / 100,
    }
}

/// Reserves what was ordered.
#[step]
async fn reserve(amount: i64) -> i64 {
    amount
}

#[step]
async fn pack(parcel: i64) -> i64 {
    parcel + 1
}

#[step]
async fn ship(amount: i64) -> Result<String, ShipError> {
    match amount {
        0 => Err(ShipError::OutOfStock),
        1..=5 => Err(ShipError::Late { days: amount }),
        _ => Ok(format!("shipped {amount}")),
    }
}

/// Asks somebody, and does not wait for the answer.
#[step]
async fn approval(order: &Order, #[inject] ctx: StepContext) -> Callback<bool> {
    let _mail = format!(
        "order {}: answer to {}",
        order.id,
        ctx.task_token().unwrap_or_default()
    );
    Callback::pending()
}
// guide: end

// guide: order
/// From order to receipt.
#[state_machine(name = "process-order", timeout = "7 days")]
async fn process_order(order: Order) -> Result<String, OrderError> {
    let fraud = check_fraud(&order).await;
    ensure!(fraud.score <= 80, OrderError::Rejected);
    let receipt = ship(order.amount).await?;
    Ok(receipt)
}
// guide: end

// guide: choices
#[state_machine]
async fn choices(order: Order) -> i64 {
    let fraud = check_fraud(&order).await;
    if fraud.score > 80 {
        reserve(0).await
    } else if order.parcels.is_empty() {
        0
    } else {
        reserve(order.amount).await
    }
}
// guide: end

// guide: matches
#[state_machine]
async fn matches(order: Order) -> i64 {
    match order.amount {
        0 => 0,
        small @ 1..=9 => reserve(small).await,
        large => reserve(large * 2).await,
    }
}
// guide: end

// guide: variables
#[state_machine]
async fn variables(order: Order) -> i64 {
    let Order {
        amount, parcels, ..
    } = order;
    let mut total = amount;
    total += reserve(amount).await;
    let count = parcels.len() as i64;
    total * count
}
// guide: end

// guide: loops
#[state_machine]
async fn loops(order: Order) -> i64 {
    let mut left = order.amount;
    let mut rounds = 0;
    while left > 10 {
        left = reserve(left - 10).await;
        rounds += 1;
    }
    rounds
}
// guide: end

// guide: lists
#[state_machine]
async fn lists(order: Order) -> i64 {
    for parcel in &order.parcels {
        pack(*parcel).await;
    }
    let mut total = 0;
    for parcel in &order.parcels {
        total += pack(*parcel).await;
    }
    total
}
// guide: end

// guide: catches
#[state_machine]
async fn catches(order: Order) -> Result<String, OrderError> {
    match ship(order.amount).await {
        Ok(receipt) => Ok(receipt),
        Err(ShipError::OutOfStock) => {
            reserve(order.amount).await;
            Ok("later".to_owned())
        }
        Err(ShipError::Late { days }) if days > 3 => Err(OrderError::Rejected),
        Err(error) => Err(error.into()),
    }
}
// guide: end

// guide: at-once
#[state_machine]
async fn at_once(order: Order) -> i64 {
    let (fraud, reserved) = join!(check_fraud(&order), reserve(order.amount)).await;
    let packed = map_concurrent(4, &order.parcels, |parcel| pack(*parcel)).await;
    fraud.score + reserved + packed.iter().sum::<i64>()
}
// guide: end

// guide: waits
#[state_machine]
async fn waits(order: Order) -> i64 {
    sleep(minutes(1)).named("cool down").await;
    sleep(minutes(order.amount as u64)).await;
    order.amount
}
// guide: end

// guide: options
#[state_machine]
async fn with_options(order: Order) -> Result<String, ShipError> {
    ship(order.amount)
        .named("ship it")
        .comment("the last step")
        .timeout("5m")
        .retry(on(Timeout), interval = "10s", max_attempts = 2)
        .await
}
// guide: end

// guide: callback
#[state_machine]
async fn callback(order: Order) -> Result<bool, OrderError> {
    let approved = approval(&order).callback("2 days").await;
    if !approved {
        bail!(OrderError::Rejected);
    }
    Ok(approved)
}
// guide: end

// guide: nested
#[state_machine(inline)]
fn fee(amount: i64) -> i64 {
    amount / 10
}

#[state_machine]
async fn nested(order: Order) -> Result<String, OrderError> {
    let receipt = process_order(order.clone()).await?;
    let fee = fee(order.amount);
    Ok(format!("{receipt}, fee {fee}"))
}
// guide: end

fn order(amount: i64) -> Order {
    Order {
        id: 1,
        amount,
        parcels: vec![1, 2],
    }
}

#[tokio::test]
async fn the_examples_end_alike() {
    all!(process_order: order(9_000), order(10), order(0));
    all!(choices: order(9_000), order(10));
    all!(matches: order(0), order(5), order(20));
    all!(variables: order(3));
    all!(loops: order(35), order(1));
    all!(lists: order(1));
    all!(catches: order(0), order(2), order(4), order(10));
    all!(unordered at_once: order(10));
    all!(waits: order(1));
    all!(with_options: order(10));
}

/// The code between two marks.
fn code(name: &str) -> String {
    let source = include_str!("guide.rs");
    let begin = format!("// guide: {name}\n");
    let (_, rest) = source.split_once(&begin).expect("the mark is there");
    let (code, _) = rest.split_once("// guide: end").expect("it has an end");
    code.to_owned()
}

/// States in words: what each is, assigns and goes on to.
fn outline(states: &Value, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    for (name, state) in states.as_object().into_iter().flatten() {
        let kind = state["Type"].as_str().unwrap_or_default();
        let next = match (&state["Next"], &state["End"]) {
            (Value::String(next), _) => format!(" -> {next}"),
            (_, Value::Bool(true)) => ", the end".to_owned(),
            _ => String::new(),
        };
        let _ = writeln!(text, "{indent}{name}: {kind}{next}");
        for choice in state["Choices"].as_array().into_iter().flatten() {
            let (condition, next) = (&choice["Condition"], &choice["Next"]);
            let _ = writeln!(text, "{indent}  if {} -> {}", bare(condition), bare(next));
            assigns(choice, &indent, text);
        }
        if let Value::String(default) = &state["Default"] {
            let _ = writeln!(text, "{indent}  else -> {default}");
        }
        for field in [
            "Seconds",
            "Items",
            "MaxConcurrency",
            "TimeoutSeconds",
            "Error",
            "Cause",
            "Output",
        ] {
            if !state[field].is_null() {
                let _ = writeln!(text, "{indent}  {field}: {}", bare(&state[field]));
            }
        }
        let arguments = &state["Arguments"]["input"];
        let arguments = if arguments.is_null() {
            &state["Arguments"]["Input"]
        } else {
            arguments
        };
        for (name, value) in arguments.as_object().into_iter().flatten() {
            if !name.starts_with("AWS_") {
                let _ = writeln!(text, "{indent}  {name}: {}", bare(value));
            }
        }
        assigns(state, &indent, text);
        for catch in state["Catch"].as_array().into_iter().flatten() {
            let names: Vec<String> = catch["ErrorEquals"]
                .as_array()
                .into_iter()
                .flatten()
                .map(bare)
                .collect();
            let _ = writeln!(
                text,
                "{indent}  catch {} -> {}",
                names.join(", "),
                bare(&catch["Next"])
            );
        }
        for branch in state["Branches"].as_array().into_iter().flatten() {
            outline(&branch["States"], depth + 1, text);
        }
        outline(&state["ItemProcessor"]["States"], depth + 1, text);
    }
}

fn assigns(state: &Value, indent: &str, text: &mut String) {
    for (name, value) in state["Assign"].as_object().into_iter().flatten() {
        let _ = writeln!(text, "{indent}  ${name} := {}", bare(value));
    }
}

/// Without the marks of a text and of JSONata.
fn bare(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let inner = text
        .strip_prefix("{% ")
        .and_then(|text| text.strip_suffix(" %}"));
    inner.map_or(text.clone(), ToOwned::to_owned)
}

/// What the page shows of a state machine: its states and its graph.
fn shown(name: &str) -> String {
    let entry = sfn_runtime::registry::workflows()
        .expect("the registry is right")
        .into_iter()
        .find(|entry| entry.name == name || entry.name == name.replace('-', "_"))
        .unwrap_or_else(|| panic!("there is no `{name}`"));
    let machine = (entry.define)()
        .compile(&SamplePlaces::new("shop"))
        .unwrap_or_else(|error| panic!("`{name}`: {error}"));
    let mut states = String::new();
    outline(&machine.to_value()["States"], 0, &mut states);
    let graph = sfn_runtime::graph::Graph::of(name, &machine).mermaid(None);
    format!(
        "```text\n{states}```\n\n```mermaid\n{}\n```\n",
        graph.trim_end()
    )
}

#[test]
fn the_page_shows_what_comes_of_its_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guide/state-machines.md");
    let page = fs::read_to_string(&path).expect("the page is there");
    let mut written = String::new();
    let mut rest = page.as_str();
    // `<!-- code: name -->`, then the code; `<!-- states: name -->`, then what comes of it, up to `<!-- end -->`.
    while let Some((before, behind)) = rest.split_once("<!-- show: ") {
        written.push_str(before);
        let (name, behind) = behind.split_once(" -->\n").expect("a mark has an end");
        let (_, behind) = behind
            .split_once("<!-- end -->")
            .expect("what is shown has an end");
        let fence = if name == "steps" {
            "rust"
        } else {
            "rust,continues"
        };
        let _ = write!(
            written,
            "<!-- show: {name} -->\n```{fence}\n{}```\n",
            code(name)
        );
        if name != "steps" {
            let machine = match name {
                "order" => "process-order",
                "options" => "with_options",
                other => other,
            };
            let _ = write!(written, "\n{}", shown(machine));
        }
        written.push_str("<!-- end -->");
        rest = behind;
    }
    written.push_str(rest);
    if std::env::var_os("UPDATE_GUIDE").is_some() {
        fs::write(&path, &written).expect("the page can be written");
    }
    assert!(
        page == written || std::env::var_os("UPDATE_GUIDE").is_some(),
        "the page is not up to date: write it anew with `UPDATE_GUIDE=1`, and read it"
    );
}
