//! The pages' examples are these, and the states they show are the ones that come out.
//!
//! What stands between `// begin: NAME` and `// end` must stand in the guide word for word, and behind it, as
//! `text`, the outline that is worked out here. With `UPDATE_EXPECT=1` the outlines in the page are written anew.

use std::{fmt::Write, fs, path::Path};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sfn_asl::{Condition, Flow, Kind, OrExpression, WaitFor};
use sfn_runtime::{
    Fragment, Payload, StepError, Workflow, flow::CaughtError, flow::Collected, flow::Definition,
    flow::SamplePlaces, fragment, minutes, step, workflow,
};

// begin: steps
#[derive(Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
struct Order {
    table_number: u8,
    size: Size,
    wanted_at: String,
    note: Option<String>,
    ingredients: Vec<String>,
}

#[derive(PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "lowercase")]
enum Size {
    Small,
    Large,
    Family,
}

#[derive(Serialize, Deserialize, Payload)]
struct Dough {
    diameter: u32,
}

#[derive(Serialize, Deserialize, Payload)]
struct Pizza {
    celsius: u32,
}

#[derive(Debug, thiserror::Error, StepError)]
enum OvenError {
    #[error("somebody else's pizza is in it")]
    Busy,
    #[error("the fire is out")]
    #[step_error(retryable = false)]
    Cold,
}

/// Kneads the dough for one order.
#[step]
fn make_dough(order: &Order) -> Dough {
    Dough {
        diameter: order.ingredients.len() as u32,
    }
}

#[step]
fn slice(ingredient: String) -> String {
    ingredient
}

#[step]
fn put_on(dough: Dough, slices: Vec<String>) -> Pizza {
    Pizza {
        celsius: dough.diameter + slices.len() as u32,
    }
}

#[step(timeout = "15m")]
async fn bake(pizza: Pizza) -> Result<Pizza, OvenError> {
    match pizza.celsius {
        0 => Err(OvenError::Cold),
        1 => Err(OvenError::Busy),
        _ => Ok(pizza),
    }
}

#[step]
fn is_hot(pizza: &Pizza) -> bool {
    pizza.celsius > 60
}

#[step]
fn call_the_smith(error: CaughtError) -> Pizza {
    Pizza {
        celsius: error.cause.len() as u32,
    }
}
// end

// begin: sequence
static PLAIN: Workflow<Order, Pizza> = workflow!(
    /// The first line is for people: the machine's comment.
    name = "plain",
    timeout = "1h",
    parallel(make_dough, map(|order| &order.ingredients, slice).max_concurrency(4)),
    put_on,
    wait(minutes(2)),
    bake,
);
// end

// begin: choose-step
static ASKED: Workflow<Pizza, Pizza> = workflow!(
    name = "asked",
    bake,
    choose(|pizza| if !is_hot(pizza) {
        fail("NotHot", "sent back by the kitchen")
    }),
);
// end

// begin: choose-if
static COMPARED: Workflow<Order, Dough> = workflow!(
    name = "compared",
    choose(
        |order: &Order| if order.size == Size::Family && order.ingredients.len() > 3 {
            fail("TooMuch", "no oven takes it")
        } else if order.note.is_some() {
            wait("5m")
        }
    ),
    make_dough,
);
// end

// begin: choose-match
static MATCHED: Workflow<Order, Dough> = workflow!(
    name = "matched",
    choose(|order: &Order| match order.size {
        Size::Small => wait("1m"),
        Size::Large if order.table_number == 0 => (wait("5m"), pass()),
        Size::Large => {}
        Size::Family => fail("TooLarge"),
    })
    .named("How large?"),
    make_dough,
);
// end

// begin: values
static VALUES: Workflow<Order, (u8, Vec<String>)> = workflow!(
    name = "values",
    wait_until(|order: &Order| &order.wanted_at),
    pass(|order| (order.table_number, order.ingredients)),
);
// end

// begin: errors
static MENDED: Workflow<Pizza, Pizza> = workflow!(
    name = "mended",
    bake.retry(
        on(OvenError::Busy, Timeout),
        interval = "20s",
        max_attempts = 5,
        backoff = 1.5
    )
    .catch(
        on(OvenError::Cold),
        call_the_smith,
        bake.named("bake again")
    )
    .catch(on(All), fail("Unbaked")),
);
// end

// begin: gathered
#[step]
fn count_hot(pizzas: Vec<Collected<Pizza>>) -> usize {
    pizzas
        .into_iter()
        .filter(|pizza| matches!(pizza, Collected::Ok(pizza) if pizza.celsius > 60))
        .count()
}

static GATHERED: Workflow<Vec<Pizza>, usize> = workflow!(
    name = "gathered",
    map(bake).collect().max_concurrency(2),
    count_hot,
);
// end

// begin: taken-back
#[step(undo = cancel_table(input))]
fn reserve_table(order: Order) -> u8 {
    order.table_number
}

/// Again is harmless.
#[step(retry(max_attempts = 5))]
fn cancel_table(order: Order) {
    drop(order);
}

#[step]
fn call_waiter(table: u8) -> Result<u8, OvenError> {
    match table {
        0 => Err(OvenError::Busy),
        table => Ok(table),
    }
}

static TAKEN_BACK: Workflow<Order, u8> = workflow!(name = "taken-back", reserve_table, call_waiter);
// end

// begin: fragments
static WELL_BAKED: Fragment<Pizza, Pizza> = fragment!(
    bake,
    choose(|pizza| if !is_hot(pizza) {
        wait(minutes(1))
    }),
);

static TWICE_BAKED: Workflow<Pizza, Pizza> = workflow!(
    name = "twice-baked",
    input = Pizza,
    include(WELL_BAKED),
    include(WELL_BAKED).named("again:"),
);
// end

/// The states, one a line: name, type, what is particular, where it leads.
fn outline(definition: &Definition) -> String {
    let machine = definition
        .compile(&SamplePlaces::new("guide"))
        .unwrap_or_else(|error| panic!("{error}"));
    let mut text = String::new();
    write_flow(&machine.flow, 0, &mut text);
    text
}

fn write_flow(flow: &Flow, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    let json = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    for (name, state) in &flow.states {
        let mut line = format!("{indent}{name}: {}", state.state_type());
        match &state.kind {
            Kind::Map(map) => {
                let items = map.items.as_ref().map(json).unwrap_or_default();
                write!(line, " over {items}").expect("a text can be written to");
            }
            Kind::Wait(wait) => match wait.what() {
                Some(WaitFor::Seconds(OrExpression::Value(seconds))) => {
                    write!(line, ", {seconds} s").expect("a text can be written to");
                }
                Some(WaitFor::Timestamp(when)) => {
                    write!(line, " until {when}").expect("a text can be written to");
                }
                _ => {}
            },
            Kind::Pass(_) => {
                if let Some(output) = &state.output {
                    write!(line, " of {}", json(output)).expect("a text can be written to");
                }
            }
            _ => {}
        }
        if let Some(next) = state.transition().and_then(|transition| transition.next()) {
            write!(line, " -> {next}").expect("a text can be written to");
        }
        writeln!(text, "{line}").expect("a text can be written to");
        if let Kind::Choice(choice) = &state.kind {
            for rule in &choice.choices {
                if let Condition::Jsonata(OrExpression::Expression(test)) = &rule.condition {
                    writeln!(text, "{indent}  {test} -> {}", rule.next)
                        .expect("a text can be written to");
                }
            }
            if let Some(default) = &choice.default {
                writeln!(text, "{indent}  otherwise -> {default}")
                    .expect("a text can be written to");
            }
        }
        for retrier in state.retry() {
            writeln!(
                text,
                "{indent}  retries {}",
                retrier.error_equals.join(", ")
            )
            .expect("a text can be written to");
        }
        for catcher in state.catch() {
            writeln!(
                text,
                "{indent}  catches {} -> {}",
                catcher.error_equals.join(", "),
                catcher.next
            )
            .expect("a text can be written to");
        }
        match &state.kind {
            Kind::Parallel(parallel) => {
                for branch in &parallel.branches {
                    write_flow(branch, depth + 1, text);
                }
            }
            Kind::Map(map) => write_flow(&map.item_processor.flow, depth + 1, text),
            _ => {}
        }
    }
}

/// The code between the marks, as it stands in this file.
fn region(name: &str) -> &'static str {
    let source = include_str!("guide.rs");
    let (_, after) = source
        .split_once(&format!("// begin: {name}\n"))
        .expect("the mark is in this file");
    after.split_once("// end\n").expect("the mark is closed").0
}

#[track_caller]
fn check(name: &str, definition: Option<&Definition>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guide/pipelines.md");
    let page = fs::read_to_string(&path).expect("the page is there");
    let code = format!("{}```\n", region(name));
    let Some((before, after)) = page.split_once(&code) else {
        panic!("the page does not hold the code of `{name}`:\n{code}");
    };
    let Some(definition) = definition else { return };
    let expected = format!("\n```text\n{}```\n", outline(definition));
    if after.starts_with(&expected) {
        return;
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let rest = match after.strip_prefix("\n```text\n") {
            Some(old) => old.split_once("```\n").expect("the block is closed").1,
            None => after,
        };
        fs::write(&path, format!("{before}{code}{expected}{rest}"))
            .expect("the page can be written");
        return;
    }
    panic!("the states of `{name}` are not those of the page:{expected}");
}

/// One test, because with `UPDATE_EXPECT` all write one file.
#[test]
fn the_page_shows_what_comes_out() {
    check("steps", None);
    check("sequence", Some(&PLAIN.definition()));
    check("choose-step", Some(&ASKED.definition()));
    check("choose-if", Some(&COMPARED.definition()));
    check("choose-match", Some(&MATCHED.definition()));
    check("values", Some(&VALUES.definition()));
    check("errors", Some(&MENDED.definition()));
    check("gathered", Some(&GATHERED.definition()));
    check("taken-back", Some(&TAKEN_BACK.definition()));
    check("fragments", Some(&TWICE_BAKED.definition()));
}
