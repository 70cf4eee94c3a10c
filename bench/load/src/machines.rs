//! The state machines that are run.

use serde_json::{Map, Value, json};

/// That many Pass states, one after the other.
pub(crate) fn chain(states: u32) -> Value {
    let states: Map<String, Value> = (0..states)
        .map(|number| {
            let state = if number + 1 < states {
                json!({ "Type": "Pass", "Next": format!("S{}", number + 1) })
            } else {
                json!({ "Type": "Pass", "End": true })
            };
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

/// One task of an activity.
pub(crate) fn task(activity: &str) -> Value {
    json!({ "StartAt": "T", "States": { "T": { "Type": "Task", "Resource": activity, "End": true } } })
}
