//! Arithmetic with Rust's meaning.

use serde_json::Value;

use super::{
    E, Fault, Js, Operator, Shape, X, binary, bound, conditional, literal::EXACT, number, one,
    refused, two,
};
use crate::Integer;

/// What two numbers give.
fn joined(operation: &'static str, left: &Shape, right: &Shape) -> Result<Shape, Fault> {
    match (left, right) {
        (Shape::Integer(one), Shape::Integer(other)) => Ok(Shape::Integer(one.or(*other))),
        (Shape::Number, Shape::Number | Shape::Integer(_)) | (Shape::Integer(_), Shape::Number) => {
            Ok(Shape::Number)
        }
        (Shape::Single, _) | (_, Shape::Single) => Err(Fault::Single),
        (Shape::Integer(_) | Shape::Number, other) | (other, _) => Err(refused(operation, other)),
    }
}

fn arithmetic(
    operator: Operator,
    left: X,
    right: X,
    constant: fn(i128, i128) -> Option<i128>,
) -> X {
    two(left, right, |(left, one), (right, other)| {
        let shape = joined(operator.rust(), &one, &other)?;
        if let (Some(a), Some(b)) = (left.integer(), right.integer())
            && matches!(shape, Shape::Integer(_))
            && let Some(value) = constant(a, b).and_then(exact)
        {
            return Ok((number(value), shape));
        }
        Ok((binary(operator, left, right), shape))
    })
}

fn exact(value: i128) -> Option<i64> {
    i64::try_from(value)
        .ok()
        .filter(|value| value.unsigned_abs() <= EXACT)
}

/// `+` of numbers, or of a text and a text
#[must_use]
pub fn add(left: X, right: X) -> X {
    if matches!(left.shape, Shape::String) {
        return super::text::concatenated(left, right);
    }
    arithmetic(Operator::Add, left, right, i128::checked_add)
}

/// `-`
#[must_use]
pub fn subtract(left: X, right: X) -> X {
    arithmetic(Operator::Subtract, left, right, i128::checked_sub)
}

/// `*`
#[must_use]
pub fn multiply(left: X, right: X) -> X {
    arithmetic(Operator::Multiply, left, right, i128::checked_mul)
}

/// The expression, where the divisor is not zero; else the state fails, as Rust panics.
fn unless_zero(divisor: Js, divided: impl FnOnce(Js) -> Js) -> Js {
    if divisor.integer().is_some_and(|divisor| divisor != 0) {
        return divided(divisor);
    }
    bound("divisor", divisor, |divisor| {
        let zero = binary(Operator::Equal, divisor.clone(), number(0));
        let text = Js::Literal(Value::from("attempt to divide by zero"));
        conditional(zero, Js::Call("error", vec![text]), divided(divisor))
    })
}

/// Without its fraction: towards zero.
fn truncated(js: Js, signed: bool) -> Js {
    if !signed {
        return Js::Call("floor", vec![js]);
    }
    bound("quotient", js, |value| {
        let negative = binary(Operator::Less, value.clone(), number(0));
        conditional(
            negative,
            Js::Call("ceil", vec![value.clone()]),
            Js::Call("floor", vec![value]),
        )
    })
}

/// `/`, which drops the fraction of whole numbers
#[must_use]
pub fn divide(left: X, right: X) -> X {
    two(left, right, |(left, one), (right, other)| {
        let shape = joined("/", &one, &other)?;
        let Shape::Integer(integer) = shape else {
            return Ok((binary(Operator::Divide, left, right), shape));
        };
        if let (Some(a), Some(b)) = (left.integer(), right.integer())
            && let Some(value) = a.checked_div(b).and_then(exact)
        {
            return Ok((number(value), shape));
        }
        let js = unless_zero(right, |right| {
            truncated(binary(Operator::Divide, left, right), integer.is_signed())
        });
        Ok((js, shape))
    })
}

/// `%`
#[must_use]
pub fn remainder(left: X, right: X) -> X {
    two(left, right, |(left, one), (right, other)| {
        let shape = joined("%", &one, &other)?;
        if !matches!(shape, Shape::Integer(_)) {
            return Ok((binary(Operator::Remainder, left, right), shape));
        }
        if let (Some(a), Some(b)) = (left.integer(), right.integer())
            && let Some(value) = a.checked_rem(b).and_then(exact)
        {
            return Ok((number(value), shape));
        }
        let js = unless_zero(right, |right| binary(Operator::Remainder, left, right));
        Ok((js, shape))
    })
}

/// `-it`
#[must_use]
pub fn negate(it: X) -> X {
    numeric(it, "-", |js, shape| {
        let js = match js {
            Js::Literal(Value::Number(ref number)) => match (number.as_i64(), number.as_f64()) {
                (Some(value), _) => super::number(-value),
                (None, Some(value)) => Js::Literal(Value::from(-value)),
                (None, None) => Js::Negative(Box::new(js)),
            },
            Js::Negative(inner) => *inner,
            js => Js::Negative(Box::new(js)),
        };
        Ok((js, shape))
    })
}

/// Something done with a number of any kind.
fn numeric(
    it: X,
    operation: &'static str,
    make: impl FnOnce(Js, Shape) -> Result<(Js, Shape), Fault>,
) -> X {
    one(it, |js, shape| match shape {
        Shape::Integer(_) | Shape::Number => make(js, shape),
        Shape::Single => Err(Fault::Single),
        other => Err(refused(operation, &other)),
    })
}

fn fractional(it: X, operation: &'static str, make: impl FnOnce(Js) -> Js) -> X {
    one(it, |js, shape| match shape {
        Shape::Number => Ok((make(js), Shape::Number)),
        Shape::Single => Err(Fault::Single),
        other => Err(refused(operation, &other)),
    })
}

/// `.abs()`
#[must_use]
pub fn abs(it: X) -> X {
    numeric(it, ".abs()", |js, shape| {
        Ok((Js::Call("abs", vec![js]), shape))
    })
}

/// `.abs_diff(other)`
#[must_use]
pub fn abs_diff(it: X, other: X) -> X {
    abs(subtract(it, other))
}

/// `.signum()` of a whole number
#[must_use]
pub fn signum(it: X) -> X {
    whole(it, ".signum()", |js, shape| {
        let js = bound("number", js, |js| {
            let negative = binary(Operator::Less, js.clone(), number(0));
            let positive = binary(Operator::Greater, js, number(0));
            conditional(
                positive,
                number(1),
                conditional(negative, number(-1), number(0)),
            )
        });
        (js, shape)
    })
}

/// `.is_positive()` of a whole number
#[must_use]
pub fn is_positive(it: X) -> X {
    whole(it, ".is_positive()", |js, _| {
        (binary(Operator::Greater, js, number(0)), Shape::Boolean)
    })
}

/// `.is_negative()` of a whole number
#[must_use]
pub fn is_negative(it: X) -> X {
    whole(it, ".is_negative()", |js, _| {
        (binary(Operator::Less, js, number(0)), Shape::Boolean)
    })
}

fn whole(it: X, operation: &'static str, make: impl FnOnce(Js, Shape) -> (Js, Shape)) -> X {
    one(it, |js, shape| match shape {
        Shape::Integer(_) => Ok(make(js, shape)),
        other => Err(refused(operation, &other)),
    })
}

/// `.pow(exponent)` of whole numbers
#[must_use]
pub fn pow(it: X, exponent: X) -> X {
    two(it, exponent, |(js, shape), (exponent, _)| match shape {
        Shape::Integer(_) => Ok((Js::Call("power", vec![js, exponent]), shape)),
        other => Err(refused(".pow(..)", &other)),
    })
}

fn extreme(function: &'static str, operation: &'static str, it: X, other: X) -> X {
    two(it, other, |(left, one), (right, other)| {
        let shape = joined(operation, &one, &other)?;
        let both = [left, right].map(|js| super::as_item(js, &Shape::Number));
        Ok((Js::Call(function, vec![Js::Items(both.into())]), shape))
    })
}

/// `.min(other)` of two numbers
#[must_use]
pub fn min(it: X, other: X) -> X {
    extreme("min", ".min(..)", it, other)
}

/// `.max(other)` of two numbers
#[must_use]
pub fn max(it: X, other: X) -> X {
    extreme("max", ".max(..)", it, other)
}

/// `.clamp(least, most)`
#[must_use]
pub fn clamp(it: X, least: X, most: X) -> X {
    max(least, min(it, most))
}

fn extreme_of(function: &'static str, operation: &'static str, it: X) -> X {
    one(it, |js, shape| match shape.item() {
        Some(item @ (Shape::Integer(_) | Shape::Number)) => {
            Ok((Js::Call(function, vec![js]), Shape::option_of(item)))
        }
        Some(item) => Err(refused(operation, &item)),
        None => Err(refused(operation, &shape)),
    })
}

/// `.iter().min()`
#[must_use]
pub fn least(it: X) -> X {
    extreme_of("min", ".min()", it)
}

/// `.iter().max()`
#[must_use]
pub fn greatest(it: X) -> X {
    extreme_of("max", ".max()", it)
}

/// `.saturating_sub(other)`
#[must_use]
pub fn saturating_sub(it: X, other: X) -> X {
    saturating(".saturating_sub(..)", subtract(it, other))
}

/// `.saturating_add(other)`
#[must_use]
pub fn saturating_add(it: X, other: X) -> X {
    saturating(".saturating_add(..)", add(it, other))
}

fn saturating(operation: &'static str, it: X) -> X {
    one(it, |js, shape| {
        let Shape::Integer(integer) = shape else {
            return Err(refused(operation, &shape));
        };
        Ok((within(js, integer), shape))
    })
}

/// The nearest number that the type holds. Of 64 bits, doubles do not reach the ends, save for 0.
fn within(js: Js, integer: Integer) -> Js {
    let call = |function, js, end| {
        let both = [js, number(end)].map(|js| super::as_item(js, &Shape::Number));
        Js::Call(function, vec![Js::Items(both.into())])
    };
    match integer.range() {
        Some((least, most)) => call("max", call("min", js, most), least),
        None if integer.is_signed() => js,
        None => call("max", js, 0),
    }
}

/// `.floor()`
#[must_use]
pub fn floor(it: X) -> X {
    fractional(it, ".floor()", |js| Js::Call("floor", vec![js]))
}

/// `.ceil()`
#[must_use]
pub fn ceil(it: X) -> X {
    fractional(it, ".ceil()", |js| Js::Call("ceil", vec![js]))
}

/// `.trunc()`
#[must_use]
pub fn trunc(it: X) -> X {
    fractional(it, ".trunc()", |js| truncated(js, true))
}

/// `.round()`: halves away from zero, where JSONata's own goes to the even number
#[must_use]
pub fn round(it: X) -> X {
    fractional(it, ".round()", |js| {
        bound("number", js, |js| {
            // `floor(x + 0.5)` would be wrong for the largest number below a half.
            let size = || Js::Call("abs", vec![js.clone()]);
            let rounded = bound("down", Js::Call("floor", vec![size()]), |down| {
                let rest = binary(Operator::Subtract, size(), down.clone());
                let half = Js::Literal(Value::from(0.5));
                let up = binary(Operator::GreaterOrEqual, rest, half);
                conditional(up, binary(Operator::Add, down.clone(), number(1)), down)
            });
            bound("rounded", rounded, |rounded| {
                let negative = binary(Operator::Less, js.clone(), number(0));
                conditional(negative, Js::Negative(Box::new(rounded.clone())), rounded)
            })
        })
    })
}

/// `.sqrt()`
#[must_use]
pub fn sqrt(it: X) -> X {
    fractional(it, ".sqrt()", |js| Js::Call("sqrt", vec![js]))
}

/// `it as T`, and `T::from(it)`
#[must_use]
pub fn cast(it: X, into: Shape) -> X {
    one(it, |js, shape| {
        let js = match (&shape, &into) {
            (Shape::Integer(_) | Shape::Number, Shape::Number) => js,
            (Shape::Integer(from), Shape::Integer(to)) => wrapped(js, *from, *to),
            (Shape::Number, Shape::Integer(to)) => within(truncated(js, true), *to),
            (Shape::Boolean, Shape::Integer(_)) => conditional(js, number(1), number(0)),
            (Shape::String, Shape::String) => js,
            (Shape::Single, _) | (_, Shape::Single) => return Err(Fault::Single),
            _ => return Err(refused("as", &shape)),
        };
        Ok((js, into))
    })
}

/// The number as another type has it: the lowest bits of it.
fn wrapped(js: Js, from: Integer, to: Integer) -> Js {
    if let (Some(value), Some((least, most))) = (js.integer(), to.range())
        && (i128::from(least)..=i128::from(most)).contains(&value)
    {
        return js;
    }
    let literal = js.integer().is_some_and(|value| value >= 0);
    if to.holds(from) || (literal && to.range().is_none()) {
        return js;
    }
    let Some((least, most)) = to.range() else {
        if to.is_signed() {
            // No double is so large and exact.
            return js;
        }
        // It would become larger than a double is exact.
        return bound("number", js, |js| {
            let negative = binary(Operator::Less, js.clone(), number(0));
            let text = "a negative number became larger than Step Functions can count";
            let text = Js::Literal(Value::from(text));
            conditional(negative, Js::Call("error", vec![text]), js)
        });
    };
    let size = number(most - least + 1);
    let shift = |js, by: i64| match by {
        0 => js,
        by if by > 0 => binary(Operator::Add, js, number(by)),
        by => binary(Operator::Subtract, js, number(-by)),
    };
    let rest = |js| binary(Operator::Remainder, js, size.clone());
    let mut rest_of = rest(shift(js, -least));
    if from.is_signed() {
        // The remainder of a negative number is negative.
        rest_of = rest(binary(Operator::Add, rest_of, size.clone()));
    }
    shift(rest_of, least)
}

/// A number as an expression, for what the runtime itself adds.
pub(super) fn constant(value: i64) -> X {
    E::new(Ok(number(value)), Shape::Integer(Integer::UNKNOWN))
}
