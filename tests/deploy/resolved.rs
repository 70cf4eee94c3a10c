//! Templates as their tools would carry them out, told in the terms of the model: what they leave open is filled in.
//!
//! A resource is read back from its properties, so that what is missing from a template, or is more than the model has,
//! is a difference.

mod cloudformation;
mod terraform;

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use sfn_runtime::deploy::Model;

pub(crate) use cloudformation::cloudformation;
pub(crate) use terraform::terraform;

/// Resources, by kind and name.
pub(crate) type Resources = BTreeMap<String, Value>;

/// The only version that was published of anything.
const VERSION: &str = "1";

/// The resources of a model, without what templates say otherwise.
pub(crate) fn model(model: &Model) -> Resources {
    let mut found = Resources::new();
    for resource in &model.resources {
        let mut value = serde_json::to_value(resource).expect("a model is JSON");
        let fields = value.as_object_mut().expect("a resource is an object");
        // What it is for is told by nobody but us, and the code is told by parameters.
        fields.remove("purpose");
        fields.remove("code");
        if let Some(definition) = fields.get_mut("definition") {
            published(definition);
        }
        insert(&mut found, value);
    }
    found
}

/// Puts versions where the model has placeholders.
fn published(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some(function) = text.strip_suffix(".Version}")
                && let Some((function, _)) = function.rsplit_once("${")
            {
                *text = format!("{function}{VERSION}");
            }
        }
        Value::Array(items) => items.iter_mut().for_each(published),
        Value::Object(fields) => fields.values_mut().for_each(published),
        _ => {}
    }
}

#[track_caller]
pub(crate) fn check(case: &str, tool: &str, found: &Resources, expected: &Resources) {
    let ids = |all: &Resources| all.keys().cloned().collect::<Vec<_>>();
    assert_eq!(ids(found), ids(expected), "{case}, {tool}");
    for (id, expected) in expected {
        let (found, expected) = (
            format!("{:#}", sorted(&found[id])),
            format!("{:#}", sorted(expected)),
        );
        assert_eq!(found, expected, "{case}, {tool}: {id}");
    }
}

/// The same with sorted fields, so that a difference shows well.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), sorted(value)))
            .collect::<BTreeMap<_, _>>()
            .into_iter()
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

fn insert(found: &mut Resources, value: Value) {
    let text = |field: &str| value[field].as_str().expect("it has a name").to_owned();
    let id = format!("{} {}", text("kind"), text("name"));
    assert!(found.insert(id.clone(), value).is_none(), "{id} twice");
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

/// The JSON that a text is.
fn read(value: &Value) -> Value {
    serde_json::from_str(text(value)).unwrap_or_else(|error| panic!("{error}: {value}"))
}

fn or_empty(value: &Value) -> Value {
    match value {
        Value::Null => Value::Array(Vec::new()),
        other => other.clone(),
    }
}
