//! The state machines that are run.

use serde_json::{Map, Value, json};

/// That many Pass states, one after the other.
pub(crate) fn chain(states: u32) -> Value {
    in_a_row(states, &json!({ "Type": "Pass" }))
}

fn in_a_row(count: u32, state: &Value) -> Value {
    let states: Map<String, Value> = (0..count)
        .map(|number| {
            let mut state = state.clone();
            if number + 1 < count {
                state["Next"] = json!(format!("S{}", number + 1));
            } else {
                state["End"] = json!(true);
            }
            (format!("S{number}"), state)
        })
        .collect();
    json!({ "StartAt": "S0", "States": states })
}

/// An inline Map over `$.xs`, one Pass for each item.
pub(crate) fn map() -> Value {
    json!({ "StartAt": "M", "States": { "M": {
        "Type": "Map", "ItemsPath": "$.xs", "End": true,
        "ItemProcessor": {
            "ProcessorConfig": { "Mode": "INLINE" },
            "StartAt": "A", "States": { "A": { "Type": "Pass", "End": true } }
        }
    } } })
}

/// That many tasks of an activity, one after the other.
pub(crate) fn tasks(activity: &str, count: u32) -> Value {
    in_a_row(count, &json!({ "Type": "Task", "Resource": activity }))
}
