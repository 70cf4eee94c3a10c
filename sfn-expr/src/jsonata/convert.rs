//! Values into the evaluator and back.

use std::cell::RefCell;

use jsonata_core::value::{JArray, JValue};
use serde_json::{Map, Number, Value};

use super::EvalError;
use super::needs::Need;
use crate::number;

/// From here on, doubles do not tell neighbouring integers apart.
const INEXACT: f64 = 9_007_199_254_740_992.0;

/// Converts the values of one evaluation.
///
/// The evaluator's numbers are doubles. Integers that lose digits on the way in are remembered,
/// so that those which merely pass through come out as they were, as they do in the service.
#[derive(Default)]
pub(super) struct Converter {
    /// Large integers by the bits of their doubles; `None` where two share one.
    large: RefCell<Vec<(u64, Option<Number>)>>,
}

impl Converter {
    /// The needed part of `value`. Parts are left out of objects only: no expression can tell.
    pub(super) fn part(&self, value: &Value, need: &Need) -> JValue {
        match (value, need) {
            (Value::Object(members), Need::Members(needed)) => JValue::object(
                needed
                    .iter()
                    .filter_map(|(name, need)| {
                        Some((name.clone(), self.part(members.get(name)?, need)))
                    })
                    .collect(),
            ),
            // A path that asks an array for fields asks its items.
            (Value::Array(items), Need::Members(_)) => {
                let flat = !items.iter().any(Value::is_array);
                JValue::Array(JArray::new_flat(
                    items.iter().map(|item| self.part(item, need)).collect(),
                    flat,
                ))
            }
            _ => self.whole(value),
        }
    }

    /// The whole of `value`.
    pub(super) fn whole(&self, value: &Value) -> JValue {
        match value {
            Value::Null => JValue::Null,
            Value::Bool(b) => JValue::Bool(*b),
            Value::Number(n) => JValue::Number(self.double(n)),
            Value::String(text) => JValue::string(text.as_str()),
            Value::Array(items) => {
                let flat = !items.iter().any(Value::is_array);
                JValue::Array(JArray::new_flat(
                    items.iter().map(|item| self.whole(item)).collect(),
                    flat,
                ))
            }
            Value::Object(members) => JValue::object(
                members
                    .iter()
                    .map(|(name, value)| (name.clone(), self.whole(value)))
                    .collect(),
            ),
        }
    }

    fn double(&self, n: &Number) -> f64 {
        let double = n.as_f64().unwrap_or(f64::NAN);
        if double.abs() >= INEXACT && !n.is_f64() {
            let bits = double.to_bits();
            let mut large = self.large.borrow_mut();
            match large.iter_mut().find(|(other, _)| *other == bits) {
                Some((_, known)) if known.as_ref() != Some(n) => *known = None,
                Some(_) => {}
                None => large.push((bits, Some(n.clone()))),
            }
        }
        double
    }

    /// The result of an evaluation; `None` for undefined.
    pub(super) fn result(&self, value: &JValue) -> Result<Option<Value>, EvalError> {
        let value = match value {
            JValue::Undefined => return Ok(None),
            JValue::Null => Value::Null,
            JValue::Bool(b) => Value::Bool(*b),
            JValue::Number(n) => self.number(*n),
            JValue::String(text) => Value::String(text.to_string()),
            JValue::Array(items) => {
                let items = items
                    .iter()
                    .map(|item| Ok(self.result(item)?.unwrap_or(Value::Null)));
                Value::Array(items.collect::<Result<_, EvalError>>()?)
            }
            JValue::Object(members) => {
                let mut object = Map::with_capacity(members.len());
                for (name, member) in members.iter() {
                    if let Some(member) = self.result(member)? {
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

    fn number(&self, n: f64) -> Value {
        if n.abs() >= INEXACT {
            let bits = n.to_bits();
            let large = self.large.borrow();
            if let Some((_, Some(known))) = large.iter().find(|(other, _)| *other == bits) {
                return Value::Number(known.clone());
            }
        }
        number(n)
    }
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
