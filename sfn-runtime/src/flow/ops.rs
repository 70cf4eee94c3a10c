//! What Rust's operators and methods become in JSONata.
//!
//! The macros write a function body's expressions as calls of these functions. None of them checks types: rustc has, on the same
//! tokens as ordinary Rust. Each looks at the shapes of the values, and chooses the JSONata that gives what Rust would
//! give; where there is none, the expression carries a [`Fault`], which the definition's compilation reports with its line.
//!
//! ```
//! use sfn_runtime::{Payload, flow::{E, ops}};
//!
//! let sizes = E::<Vec<u8>>::input().checked();
//! let large = ops::filter(sizes, "size", |size| ops::more_than(size, ops::whole(3, "")));
//! assert_eq!(ops::jsonata(&large).unwrap(), "[$filter($states.input, function($size) { $size > 3 })]");
//! ```

mod choice;
mod data;
mod list;
mod literal;
mod map;
mod number;
mod option;
mod text;
mod time;

use serde_json::Value;

pub use self::{
    choice::{and, bind, not, or, panics, when},
    data::{
        at_least, at_most, data, differs, equals, field, is_path, is_variant, less_than, more_than,
        shape_of, structure,
    },
    list::{
        all, any, chain, collect, collect_text, concat, contains, count, enumerate, filter,
        filter_map, find, find_map, first, flat_map, flatten, fold, get, index, is_empty, item,
        join, last, len, map, position, product, push, range, rev, skip, sum, take, zip,
    },
    literal::{
        Probe, ShapeOfAny, ShapeOfPayload, boolean, broken, fraction, known, list, never, none,
        text, tuple, unit, whole,
    },
    map::contains_key,
    number::{
        abs, abs_diff, add, cast, ceil, clamp, divide, floor, greatest, is_negative, is_positive,
        least, max, min, multiply, negate, pow, remainder, round, saturating_add, saturating_sub,
        signum, sqrt, subtract, trunc,
    },
    option::{
        and_option, and_then, content, expect, is_err, is_none, is_none_or, is_ok, is_some,
        is_some_and, map_or, ok, or_else, or_option, some, unwrap, unwrap_or, unwrap_or_default,
        unwrap_or_else, value,
    },
    text::{
        Spec, as_text, chars, ends_with, format, into, replace, shown, split, split_once,
        starts_with, strip_prefix, strip_suffix, to_lowercase, to_string, to_uppercase, trim,
        trim_end, trim_start,
    },
    time::{as_millis, as_secs, days, hours, milliseconds, minutes, seconds},
};
use super::expression::{Checked, E, Fault, Item, Js, Local, Operator, Part};
use crate::Shape;

/// An expression whose type rustc has checked.
type X = E<Checked>;

/// The JSONata of an expression.
///
/// # Errors
///
/// Why it has none.
pub fn jsonata(it: &X) -> Result<String, Fault> {
    it.clone().into_leaf().map(|js| js.jsonata(""))
}

/// What an expression becomes as a leaf of a definition: JSON, with JSONata where it is needed.
///
/// # Errors
///
/// Why it has no JSONata.
pub fn leaf(it: &X) -> Result<Value, Fault> {
    it.clone().into_leaf().map(|js| js.leaf(""))
}

/// A value of that shape in the variable `$name`.
#[must_use]
pub fn place(name: &str, shape: Shape) -> X {
    E::new(Ok(Js::Place(format!("${name}"))), shape)
}

type Made = Result<(Js, Shape), Fault>;

fn made(result: Made) -> X {
    match result {
        Ok((js, shape)) => E::new(Ok(js), shape),
        Err(fault) => E::new(Err(fault), Shape::Any),
    }
}

fn one(it: X, make: impl FnOnce(Js, Shape) -> Made) -> X {
    let shape = it.shape.clone();
    made(it.into_js().and_then(|js| make(js, shape)))
}

fn two(it: X, other: X, make: impl FnOnce((Js, Shape), (Js, Shape)) -> Made) -> X {
    let shape = it.shape.clone();
    let other_shape = other.shape.clone();
    made(it.into_js().and_then(|js| {
        let other = other.into_js()?;
        make((js, shape), (other, other_shape))
    }))
}

fn refused(operation: &'static str, found: &Shape) -> Fault {
    Fault::Operation {
        operation,
        found: found.describe(),
    }
}

fn binary(operator: Operator, left: Js, right: Js) -> Js {
    Js::Binary(operator, Box::new(left), Box::new(right))
}

fn conditional(test: Js, then: Js, otherwise: Js) -> Js {
    Js::Conditional(Box::new(test), Box::new(then), Box::new(otherwise))
}

fn number(value: i64) -> Js {
    Js::Literal(Value::from(value))
}

fn null() -> Js {
    Js::Literal(Value::Null)
}

/// Whether there is a value: an absent one differs from nothing in JSONata, not even from null.
fn given(js: Js) -> Js {
    let exists = Js::Call("exists", vec![js.clone()]);
    let differs = binary(Operator::NotEqual, js, null());
    binary(Operator::And, exists, differs)
}

/// What an expression that costs something becomes where it is read several times.
fn bound(hint: &str, value: Js, body: impl FnOnce(Js) -> Js) -> Js {
    if value.is_cheap() {
        return body(value);
    }
    let local = Local::new(hint);
    let body = body(Js::Local(local.clone()));
    settle(local, value, body)
}

/// `(local := value; body)`, or less where that says the same.
fn settle(local: Local, value: Js, mut body: Js) -> Js {
    match body.reads(&local) {
        0 => body,
        1 => {
            body.replace_local(&local, &value);
            body
        }
        _ => Js::Let(local, Box::new(value), Box::new(body)),
    }
}

/// A function of JSONata, from one of Rust's.
fn function(hint: &str, item: Shape, body: impl FnOnce(X) -> X) -> Result<(Js, Shape), Fault> {
    let local = Local::new(hint);
    let made = body(E::new(Ok(Js::Local(local.clone())), item));
    let shape = made.shape.clone();
    let js = made.into_leaf()?;
    Ok((Js::Function(vec![local], Box::new(js)), shape))
}

fn part(js: Js, key: &str) -> Js {
    Js::Part(Box::new(js), Part::Key(key.to_owned()))
}

fn as_item(js: Js, shape: &Shape) -> Item {
    Item {
        js,
        array: shape.array(),
    }
}
