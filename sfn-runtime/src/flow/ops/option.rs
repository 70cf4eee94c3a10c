//! `Option`: a value, null, or a key that is absent.

use super::{
    E, Fault, Js, Operator, Shape, X, binary, bound, conditional, given, made, null, one, panics,
    refused, two,
};
use crate::flow::{ops, results};

/// What the `Option` holds, if it can be told from `None`.
fn inner(operation: &'static str, shape: &Shape) -> Result<Shape, Fault> {
    let content = shape.content().ok_or_else(|| refused(operation, shape))?;
    match content {
        Shape::Option(_) | Shape::OptionOf(_) | Shape::Null => Err(Fault::NestedOption),
        other => Ok(other),
    }
}

/// `Some(it)`
#[must_use]
pub fn some(it: X) -> X {
    one(it, |js, shape| {
        if shape.is_option() || matches!(shape, Shape::Null) {
            return Err(Fault::NestedOption);
        }
        Ok((js, Shape::option_of(shape)))
    })
}

/// What a `Some` holds, where it is known to be one.
#[must_use]
pub fn content(it: X) -> X {
    one(it, |js, shape| {
        let content = inner("Some(..)", &shape)?;
        Ok((js, content))
    })
}

/// `.is_some()`
#[must_use]
pub fn is_some(it: X) -> X {
    one(it, |js, shape| {
        if let Some(Shape::Option(_) | Shape::OptionOf(_) | Shape::Null) = shape.content() {
            return Err(Fault::NestedOption);
        }
        let js = match js {
            js @ Js::Literal(_) => Js::Literal((js != null()).into()),
            js if js.is_cheap() => given(js),
            // An absent value differs from nothing: this is false for it as well.
            js => binary(Operator::NotEqual, js, null()),
        };
        Ok((js, Shape::Boolean))
    })
}

/// `.is_none()`
#[must_use]
pub fn is_none(it: X) -> X {
    ops::not(is_some(it))
}

/// `it`, with what is done where there is a value, and where there is none.
fn cases(it: X, operation: &'static str, some: impl FnOnce(X) -> X, none: impl FnOnce() -> X) -> X {
    let none = none();
    one(it, |js, shape| {
        let content = inner(operation, &shape)?;
        if matches!(&js, Js::Literal(_)) {
            let chosen = match js == null() {
                true => none,
                false => some(E::new(Ok(js), content)),
            };
            let shape = chosen.shape.clone();
            return Ok((chosen.into_js()?, shape));
        }
        let none_shape = none.shape.clone();
        let none = none.into_js()?;
        let mut then = Ok(Shape::Any);
        let js = bound("value", js, |value| {
            let made = some(E::new(Ok(value.clone()), content));
            let shape = made.shape.clone();
            match made.into_js() {
                Ok(made) => {
                    then = Ok(shape);
                    let test = binary(Operator::NotEqual, value, null());
                    conditional(test, made, none)
                }
                Err(fault) => {
                    then = Err(fault);
                    null()
                }
            }
        });
        Ok((js, then?.or(none_shape)))
    })
}

/// `.is_some_and(|value| …)`
#[must_use]
pub fn is_some_and(it: X, hint: &str, test: impl FnOnce(X) -> X) -> X {
    let _ = hint;
    cases(it, ".is_some_and(..)", test, || ops::boolean(false))
}

/// `.is_none_or(|value| …)`
#[must_use]
pub fn is_none_or(it: X, hint: &str, test: impl FnOnce(X) -> X) -> X {
    let _ = hint;
    cases(it, ".is_none_or(..)", test, || ops::boolean(true))
}

/// `.map_or(default, |value| …)`
#[must_use]
pub fn map_or(it: X, default: X, hint: &str, change: impl FnOnce(X) -> X) -> X {
    let _ = hint;
    cases(it, ".map_or(..)", change, || default)
}

/// `.map(|value| …)` of an `Option`
pub(super) fn map(it: X, change: impl FnOnce(X) -> X) -> X {
    cases(it, ".map(..)", |value| some(change(value)), ops::none)
}

/// `.and_then(|value| …)`
#[must_use]
pub fn and_then(it: X, hint: &str, change: impl FnOnce(X) -> X) -> X {
    let _ = hint;
    cases(it, ".and_then(..)", change, ops::none)
}

/// `.filter(|value| …)` of an `Option`
pub(super) fn filter(it: X, test: impl FnOnce(X) -> X) -> X {
    let keep = |value: X| ops::when(test(value.clone()), some(value), ops::none());
    cases(it, ".filter(..)", keep, ops::none)
}

/// `.is_ok()` of a `Result` that is kept.
#[must_use]
pub fn is_ok(it: X) -> X {
    results::is_ok(&it)
}

/// `.is_err()` of a `Result` that is kept.
#[must_use]
pub fn is_err(it: X) -> X {
    results::is_err(&it)
}

/// What is in the `Ok` of a `Result` that is kept.
#[must_use]
pub fn value(it: X) -> X {
    results::value(&it)
}

/// `.ok()` of a `Result` that is kept.
#[must_use]
pub fn ok(it: X) -> X {
    results::as_option(it)
}

/// `.unwrap_or(default)`
#[must_use]
pub fn unwrap_or(it: X, default: X) -> X {
    if results::is_kept(&it) {
        return results::value_or(it, default);
    }
    cases(it, ".unwrap_or(..)", |value| value, || default)
}

/// `.unwrap_or_else(|| …)`
#[must_use]
pub fn unwrap_or_else(it: X, default: impl FnOnce() -> X) -> X {
    if results::is_kept(&it) {
        return results::value_or(it, default());
    }
    cases(it, ".unwrap_or_else(..)", |value| value, default)
}

/// `.unwrap_or_default()`
#[must_use]
pub fn unwrap_or_default(it: X) -> X {
    let it = results::as_option(it);
    let default = match it.shape.content() {
        Some(Shape::Boolean) => ops::boolean(false),
        Some(shape @ (Shape::Integer(_) | Shape::Number | Shape::Single)) => {
            ops::known(&0, Some(shape))
        }
        Some(Shape::String) => ops::text(""),
        Some(shape @ (Shape::List(_) | Shape::ListOf(_) | Shape::Set(_))) => {
            ops::known(&Vec::<u8>::new(), Some(shape))
        }
        Some(shape @ Shape::Map(_)) => ops::known(&serde_json::Map::new(), Some(shape)),
        Some(other) => made(Err(refused(".unwrap_or_default()", &other))),
        None => made(Err(refused(".unwrap_or_default()", &it.shape))),
    };
    unwrap_or(it, default)
}

/// `.unwrap()`: the state fails where there is no value.
#[must_use]
pub fn unwrap(it: X) -> X {
    expect(it, ops::text("called `Option::unwrap()` on a `None` value"))
}

/// `.expect(why)`: the state fails where there is no value.
#[must_use]
pub fn expect(it: X, why: X) -> X {
    let fails = match why.js() {
        Ok(Js::Literal(serde_json::Value::String(why))) => panics(why),
        _ => one(why, |why, _| Ok((Js::Call("error", vec![why]), Shape::Any))),
    };
    cases(it, ".unwrap()", |value| value, || fails)
}

/// `.or(other)`
#[must_use]
pub fn or_option(it: X, other: X) -> X {
    cases(it, ".or(..)", some, || other)
}

/// `.or_else(|| …)`
#[must_use]
pub fn or_else(it: X, other: impl FnOnce() -> X) -> X {
    cases(it, ".or_else(..)", some, other)
}

/// `.and(other)`
#[must_use]
pub fn and_option(it: X, other: X) -> X {
    two(is_some(it), other, |(test, _), (other, shape)| {
        Ok((conditional(test, other, null()), shape))
    })
}
