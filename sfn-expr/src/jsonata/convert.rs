//! Values into the evaluator and back.

use jsonata_core::value::JValue;
use serde_json::{Map, Value};

use super::EvalError;
use super::needs::Need;
use crate::number;

/// The needed part of `value`. Parts are left out of objects only: no expression can tell.
pub(super) fn part(value: &Value, need: &Need) -> JValue {
    match (value, need) {
        (Value::Object(members), Need::Members(needed)) => JValue::object(
            needed
                .iter()
                .filter_map(|(name, need)| Some((name.clone(), part(members.get(name)?, need))))
                .collect(),
        ),
        _ => whole(value),
    }
}

/// The whole of `value`.
pub(super) fn whole(value: &Value) -> JValue {
    match value {
        Value::Null => JValue::Null,
        Value::Bool(b) => JValue::Bool(*b),
        Value::Number(n) => JValue::Number(n.as_f64().unwrap_or(f64::NAN)),
        Value::String(text) => JValue::string(text.as_str()),
        Value::Array(items) => JValue::array(items.iter().map(whole).collect()),
        Value::Object(members) => JValue::object(
            members
                .iter()
                .map(|(name, value)| (name.clone(), whole(value)))
                .collect(),
        ),
    }
}

/// The result of an evaluation; `None` for undefined.
pub(super) fn result(value: &JValue) -> Result<Option<Value>, EvalError> {
    let value = match value {
        JValue::Undefined => return Ok(None),
        JValue::Null => Value::Null,
        JValue::Bool(b) => Value::Bool(*b),
        JValue::Number(n) => number(*n),
        JValue::String(text) => Value::String(text.to_string()),
        JValue::Array(items) => {
            let items = items
                .iter()
                .map(|item| Ok(result(item)?.unwrap_or(Value::Null)));
            Value::Array(items.collect::<Result<_, EvalError>>()?)
        }
        JValue::Object(members) => {
            let mut object = Map::with_capacity(members.len());
            for (name, member) in members.iter() {
                if let Some(member) = result(member)? {
                    object.insert(name.clone(), member);
                }
            }
            Value::Object(object)
        }
        JValue::Lambda(_) | JValue::Builtin { .. } | JValue::Regex { .. } => {
            return Err(EvalError::Function);
        }
    };
    Ok(Some(value))
}

/// A number of JSON; what JSON cannot hold becomes the text that Step Functions makes of it.
pub(super) fn number(n: f64) -> Value {
    match number::from_f64(n) {
        Some(number) => Value::Number(number),
        None if n.is_nan() => "NaN".into(),
        None if n > 0.0 => "Infinity".into(),
        None => "-Infinity".into(),
    }
}
