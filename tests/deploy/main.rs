//! What `deploy` would make of the examples, compared with files. `UPDATE_EXPECT=1` writes them anew.
//!
//! No account and no stand-in: the model is told from the programs alone.

use std::{collections::BTreeMap, path::Path};

use expect_test::expect_file;
use serde_json::Value;
use sfn_runtime::{
    deploy::{Model, Request, WILDCARDS, desired},
    flow::Definition,
    placement::{Architecture, Placement},
    registry,
    service::Location,
};

/// What is deployed.
struct Case {
    config: &'static str,
    profile: Option<&'static str>,
    workflows: Vec<Definition>,
}

fn pizza() -> Vec<Definition> {
    vec![
        (&pizza::menu::MAKE_PIZZA).into(),
        (&pizza::menu::TUTORIAL_PIZZA).into(),
    ]
}

fn model(case: &Case) -> Model {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let steps = registry::steps().expect("names are unique");
    let config = root.join(case.config);
    let placement =
        Placement::load_profile(Some(&config), case.profile, &steps).expect("a right file");
    let location = Location {
        partition: "aws".into(),
        region: "eu-central-1".into(),
        account: "123456789012".into(),
    };
    let code = BTreeMap::from([
        (Architecture::Arm64, "sha256-of-the-arm64-zip".to_owned()),
        (Architecture::X86_64, "sha256-of-the-x86_64-zip".to_owned()),
    ]);
    let request = Request {
        placement: &placement,
        workflows: &case.workflows,
        location: &location,
        code: &code,
        bucket: case.profile.is_some(),
    };
    desired(request).expect("the examples can be deployed")
}

fn cases() -> Vec<(&'static str, Case)> {
    let case = |config, profile, workflows| Case {
        config,
        profile,
        workflows,
    };
    vec![
        ("pizza-here", case("examples/pizza/sfn.toml", None, pizza())),
        (
            "pizza-lambda",
            case("tests/deploy/lambda.toml", None, pizza()),
        ),
        (
            "pizza-prod",
            case("tests/deploy/lambda.toml", Some("prod"), pizza()),
        ),
        (
            "credit",
            case(
                "examples/credit/sfn.toml",
                None,
                vec![(&credit::machine::CREDIT).into()],
            ),
        ),
        (
            "earthquakes",
            case(
                "examples/earthquakes/sfn.toml",
                None,
                vec![(&earthquakes::pipeline::EARTHQUAKES).into()],
            ),
        ),
    ]
}

/// The whole model, but for the definitions, which have files of their own beside the examples.
#[test]
fn the_models_of_the_examples() {
    for (name, case) in cases() {
        assert!(!case.workflows.is_empty(), "`{name}` has no workflows");
        let model = model(&case);
        let mut value = serde_json::to_value(&model).expect("a model is JSON");
        for resource in value["resources"].as_array_mut().expect("a list") {
            if let Some(definition) = resource.get_mut("definition") {
                let functions = functions(definition);
                *definition = functions.into();
            }
        }
        let text = serde_json::to_string_pretty(&value).expect("JSON") + "\n";
        let file = format!("{}/deploy/golden/{name}.json", env!("CARGO_MANIFEST_DIR"));
        expect_file![file].assert_eq(&text);
        // The same again, byte for byte.
        assert_eq!(model, self::model(&case), "`{name}`");
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
    let listed = |action: &str| {
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
    };
    assert!(listed("logs:CreateLogDelivery") && !listed("logs:CreateLogStream"));
    let mut seen = 0;
    for (name, case) in cases() {
        for resource in &model(&case).resources {
            let value = serde_json::to_value(resource).expect("JSON");
            let Some(policies) = value.get("policies").and_then(Value::as_object) else {
                continue;
            };
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
                    let place = format!("{name}: role `{}`, policy `{policy}`", resource.name);
                    for action in texts("Action") {
                        assert!(!action.ends_with('*'), "{place}: `{action}`");
                        let free = texts("Resource").contains(&"*");
                        assert!(!free || listed(action), "{place}: `{action}` on `*`");
                    }
                }
            }
        }
    }
    assert!(seen > 5, "the examples have policies");
}
