//! What `workflow!` writes, construct by construct.

mod aliases;
mod builder;
mod catches;
mod choices;
#[expect(
    clippy::let_and_return,
    clippy::useless_vec,
    reason = "the places of a body, the roundabout ones too, are what is tested"
)]
mod faults;
mod flagship;
mod fragments;
mod guide;
#[expect(dead_code, reason = "the steps are composed, never run")]
mod kitchen;
mod mistakes;
mod runs;
mod stages;
#[expect(
    clippy::nonminimal_bool,
    clippy::partialeq_to_none,
    clippy::len_zero,
    clippy::comparison_to_empty,
    reason = "the roundabout ways of saying it are what is tested"
)]
mod truth;

use expect_test::Expect;
use serde_json::Value;
use sfn_asl::{ExecutionType, StateMachine};
use sfn_runtime::flow::{Definition, Places, SamplePlaces};

/// Compiles, and lets every check of the language look at the result.
#[track_caller]
fn compile(definition: &Definition, places: &dyn Places) -> StateMachine {
    let machine = definition
        .compile(places)
        .unwrap_or_else(|error| panic!("{error}"));
    let (read, found) = sfn_asl::check_text(&machine.to_string_pretty(), ExecutionType::Standard);
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert_eq!(
        read.as_ref(),
        Some(&machine),
        "what is written is read back"
    );
    machine
}

#[track_caller]
fn check_whole(definition: &Definition, expected: Expect) {
    let machine = compile(definition, &SamplePlaces::new("kitchen"));
    expected.assert_eq(&machine.to_string_pretty());
}

/// The states, without what is the same in every task.
#[track_caller]
fn check(definition: &Definition, expected: Expect) {
    let machine = compile(definition, &SamplePlaces::new("kitchen"));
    let mut value = machine.to_value();
    shorten(&mut value);
    let states = serde_json::to_string_pretty(&value["States"]).expect("a value is JSON");
    expected.assert_eq(&states);
}

fn shorten(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if members.get("Type") == Some(&"Task".into())
                && let Some(Value::Object(arguments)) = members.shift_remove("Arguments")
            {
                members.shift_remove("Resource");
                members.shift_remove("Comment");
                members.insert("Arguments".into(), arguments["input"].clone());
            }
            members.values_mut().for_each(shorten);
        }
        Value::Array(items) => items.iter_mut().for_each(shorten),
        _ => {}
    }
}
