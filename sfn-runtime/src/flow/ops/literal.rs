//! Constants, and what is put together from parts.

use std::marker::PhantomData;

use serde::Serialize;
use serde_json::Value;

use super::{Fault, Js, X, as_item, made};
use crate::{Integer, Payload, Shape, flow::E};

/// The largest number of which JSONata, which counts in doubles, knows every smaller one.
pub(super) const EXACT: u64 = 1 << 53;

/// A constant: whatever serde makes of it. Its shape is that of its type, or what its JSON tells.
#[must_use]
pub fn known<T: Serialize + ?Sized>(value: &T, shape: Option<Shape>) -> X {
    let value = match serde_json::to_value(value) {
        Ok(value) => value,
        Err(error) => {
            let why = error.to_string();
            return made(Err(Fault::Constant { why }));
        }
    };
    if let Some(number) = rounded(&value) {
        let why = format!("JSONata would round {number}");
        return made(Err(Fault::Constant { why }));
    }
    let shape = shape.unwrap_or_else(|| match value {
        Value::Null => Shape::Null,
        ref value => Shape::of_value(value),
    });
    E::new(Ok(Js::Literal(value)), shape)
}

/// A number within the value that JSONata would round.
fn rounded(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => {
            let size = number
                .as_u64()
                .or_else(|| number.as_i64().map(i64::unsigned_abs));
            size.is_some_and(|size| size > EXACT)
                .then(|| number.to_string())
        }
        Value::Array(items) => items.iter().find_map(rounded),
        Value::Object(members) => members.values().find_map(rounded),
        _ => None,
    }
}

/// Asks a value's type for its shape; see [`ShapeOfPayload`].
#[derive(Debug)]
pub struct Probe<T: ?Sized>(PhantomData<fn(&T)>);

impl<T: ?Sized> Probe<T> {
    /// The probe of the value's type.
    pub fn of(_: &T) -> Self {
        Probe(PhantomData)
    }
}

/// The shape of a type that is a payload: what rustc finds first of the two.
pub trait ShapeOfPayload {
    /// The shape.
    fn shape(&self) -> Option<Shape>;
}

impl<T: Payload> ShapeOfPayload for &Probe<T> {
    fn shape(&self) -> Option<Shape> {
        Some(T::shape())
    }
}

/// Nothing, for any other type, such as `&str`.
pub trait ShapeOfAny {
    /// Nothing.
    fn shape(&self) -> Option<Shape>;
}

impl<T: ?Sized> ShapeOfAny for Probe<T> {
    fn shape(&self) -> Option<Shape> {
        None
    }
}

/// A value of any type, for functions that are never called.
///
/// # Panics
///
/// Where it is called nonetheless.
#[must_use]
pub fn never<T>() -> T {
    panic!("it is only asked for its type");
}

/// A whole number, with the name of its type if it has one.
#[must_use]
pub fn whole(value: u64, suffix: &str) -> X {
    let shape = Shape::Integer(Integer::named(suffix).unwrap_or(Integer::UNKNOWN));
    known(&value, Some(shape))
}

/// A number with a fraction.
#[must_use]
pub fn fraction(value: f64) -> X {
    known(&value, Some(Shape::Number))
}

/// A text.
#[must_use]
pub fn text(value: &str) -> X {
    known(value, Some(Shape::String))
}

/// `true` or `false`
#[must_use]
pub fn boolean(value: bool) -> X {
    known(&value, Some(Shape::Boolean))
}

/// `()`
#[must_use]
pub fn unit() -> X {
    known(&(), Some(Shape::Null))
}

/// `None`
#[must_use]
pub fn none() -> X {
    known(&(), Some(Shape::option_of(Shape::Any)))
}

/// In place of what rustc refuses.
#[must_use]
pub fn broken() -> X {
    made(Err(Fault::Broken))
}

/// `(a, b)`
#[must_use]
pub fn tuple(parts: Vec<X>) -> X {
    if parts.is_empty() {
        return unit();
    }
    made(items(parts).map(|(items, shapes)| (items, Shape::tuple_of(shapes))))
}

/// `[a, b]` and `vec![a, b]`
#[must_use]
pub fn list(items: Vec<X>) -> X {
    made(self::items(items).map(|(items, shapes)| {
        let item = shapes.into_iter().reduce(Shape::or).unwrap_or(Shape::Any);
        (items, Shape::list_of(item))
    }))
}

fn items(parts: Vec<X>) -> Result<(Js, Vec<Shape>), Fault> {
    let mut items = Vec::new();
    let mut shapes = Vec::new();
    for part in parts {
        let shape = part.shape.clone();
        items.push(as_item(part.into_leaf()?, &shape));
        shapes.push(shape);
    }
    // Constants alone are a constant.
    let constant: Option<Vec<Value>> = items
        .iter()
        .map(|item| match &item.js {
            Js::Literal(value) => Some(value.clone()),
            _ => None,
        })
        .collect();
    let js = match constant {
        Some(values) => Js::Literal(Value::Array(values)),
        None => Js::Items(items),
    };
    Ok((js, shapes))
}
