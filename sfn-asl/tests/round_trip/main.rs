//! What is written is read back as it was, for machines nobody has thought of; and no text makes the reader panic.

mod strategies;

use proptest::prelude::*;
use serde_json::Value;
use sfn_asl::{ExecutionType, check, check_text, from_value, has_errors, read};
use strategies::{json, machine};

/// Runs a test with room: generating values takes deep frames in debug builds.
fn with_room(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new()
        .stack_size(64 << 20)
        .spawn(test)
        .expect("a thread");
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 96,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

#[test]
fn what_is_written_is_read_back() {
    with_room(|| {
        proptest!(config(), |(machine in machine())| {
            let value = machine.to_value();
            let (again, found) = from_value(&value);
            prop_assert_eq!(found, []);
            prop_assert_eq!(again.as_ref(), Some(&machine));
            let (again, found) = read(&machine.to_string_pretty());
            prop_assert!(!has_errors(&found), "{:?}", found);
            prop_assert_eq!(again.as_ref(), Some(&machine));
            // What the checks make of it is theirs; that they come to an end is ours.
            let _ = check(&machine, ExecutionType::Express);
            let _ = machine.graphs();
        });
    });
}

/// Definitions that are almost right: one value somewhere is replaced by another.
#[test]
fn nothing_that_is_almost_right_makes_it_panic() {
    with_room(|| {
        proptest!(config(), |(machine in machine(), at in any::<prop::sample::Index>(), with in json())| {
            let mut value = machine.to_value();
            let mut pointers = Vec::new();
            collect(&value, String::new(), &mut pointers);
            let pointer = at.get(&pointers).clone();
            *value.pointer_mut(&pointer).expect("a pointer just collected") = with;
            let (machine, found) = check_text(&value.to_string(), ExecutionType::Standard);
            prop_assert!(machine.is_some() || has_errors(&found));
        });
    });
}

#[test]
fn no_text_makes_it_panic() {
    proptest!(config(), |(text in "\\PC*")| {
        let _ = check_text(&text, ExecutionType::Standard);
    });
}

#[test]
fn takes_for_json_what_is_json() {
    proptest!(config(), |(text in "[\\[\\]{}:,\"\\\\ a1.e-]{0,40}")| {
        let ours = sfn_asl::json::parse(&text).ok().map(|parsed| parsed.value);
        prop_assert_eq!(ours, serde_json::from_str::<Value>(&text).ok());
    });
}

fn collect(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                collect(
                    member,
                    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")),
                    pointers,
                );
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                collect(element, format!("{pointer}/{index}"), pointers);
            }
        }
        _ => {}
    }
    pointers.push(pointer);
}
