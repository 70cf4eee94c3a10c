//! What `deploy` would make of the examples, compared with files. `UPDATE_EXPECT=1` writes them anew.
//!
//! No account and no stand-in: the model is told from the programs alone.

mod cases;
mod export;
mod permissions;
mod resolved;

use expect_test::expect_file;
use serde_json::Value;

use cases::{CASES, golden};

/// The whole model, but for the definitions, which have files of their own beside the examples.
#[test]
fn the_models_of_the_examples() {
    for case in CASES {
        let model = case.model();
        let mut value = serde_json::to_value(&model).expect("a model is JSON");
        for resource in value["resources"].as_array_mut().expect("a list") {
            if let Some(definition) = resource.get_mut("definition") {
                let functions = functions(definition);
                *definition = functions.into();
            }
        }
        let text = serde_json::to_string_pretty(&value).expect("JSON") + "\n";
        expect_file![golden(&format!("{}.json", case.name))].assert_eq(&text);
        // The same again, byte for byte.
        assert_eq!(model, case.model(), "`{}`", case.name);
    }
}

/// What a definition calls, in order.
fn functions(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| match (&**name, value) {
                ("Resource" | "FunctionName", Value::String(arn)) => vec![arn.clone()],
                (_, value) => functions(value),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(functions).collect(),
        _ => Vec::new(),
    }
}

/// `*` as a resource only where AWS leaves no choice, and then for a listed reason.
#[test]
fn no_permission_is_wider_than_it_must_be() {
    let mut seen = 0;
    for case in CASES {
        for resource in &case.model().resources {
            let value = serde_json::to_value(resource).expect("JSON");
            seen += permissions::check(&format!("{}: {}", case.name, resource.id()), &value);
        }
    }
    assert!(seen > 5, "the examples have policies");
}
