//! What permissions may not be.

use serde_json::Value;
use sfn_runtime::deploy::WILDCARDS;

/// Looks at the policies of a role, as the model has them, and gives how many statements there were. `*` may be a resource
/// only where AWS leaves no choice, and then for a listed reason; it is never an action.
#[track_caller]
pub(crate) fn check(place: &str, resource: &Value) -> usize {
    let Some(policies) = resource.get("policies").and_then(Value::as_object) else {
        return 0;
    };
    let mut seen = 0;
    for (policy, document) in policies {
        for statement in document["Statement"].as_array().expect("statements") {
            seen += 1;
            let texts = |field: &str| -> Vec<&str> {
                match &statement[field] {
                    Value::String(text) => vec![text],
                    Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
                    _ => Vec::new(),
                }
            };
            let place = format!("{place}, policy `{policy}`");
            assert!(!texts("Action").is_empty(), "{place}: {statement}");
            let free = texts("Resource").contains(&"*");
            for action in texts("Action") {
                assert!(!action.ends_with('*'), "{place}: `{action}`");
                assert!(!free || listed(action), "{place}: `{action}` on `*`");
            }
        }
    }
    seen
}

/// Whether there is a reason for an action on `*`.
fn listed(action: &str) -> bool {
    WILDCARDS.iter().any(|(pattern, _)| {
        let mut rest = action;
        let mut parts = pattern.split('*');
        let begins = parts.next().unwrap_or_default();
        rest.strip_prefix(begins).is_some_and(|after| {
            rest = after;
            parts.all(|part| match rest.find(part) {
                Some(at) => {
                    rest = &rest[at + part.len()..];
                    true
                }
                None => false,
            })
        })
    })
}

#[test]
fn the_list_is_read_as_it_is_meant() {
    assert!(listed("logs:CreateLogDelivery") && !listed("logs:CreateLogStream"));
}
