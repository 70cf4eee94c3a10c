//! Numbers as Step Functions writes them.

use serde_json::{Number, Value};

/// Doubles of this magnitude and more are not written as integers: they do not fit 64 bits.
const EXACT: f64 = 9_223_372_036_854_775_808.0;

/// A double as a JSON number: an integer where it is one, `None` for what JSON cannot hold.
pub(crate) fn from_f64(n: f64) -> Option<Number> {
    if n.fract() == 0.0 && n.abs() < EXACT {
        return Some(Number::from(n as i64));
    }
    Number::from_f64(n)
}

/// Replaces each `-0` by `0`.
pub(crate) fn without_negative_zero(value: &mut Value) {
    match value {
        Value::Number(n) if n.as_f64().is_some_and(|n| n == 0.0 && n.is_sign_negative()) => {
            *value = Value::from(0);
        }
        Value::Array(items) => items.iter_mut().for_each(without_negative_zero),
        Value::Object(members) => members.values_mut().for_each(without_negative_zero),
        _ => {}
    }
}
