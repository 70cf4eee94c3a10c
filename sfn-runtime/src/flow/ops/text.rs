//! Texts.

use serde_json::Value;

use super::{
    E, Fault, Js, Operator, Shape, X, as_item, binary, bound, conditional, null, number, one,
    refused, two,
};
use crate::flow::{expression::CHARS, ops};

/// What Rust takes for white space at the ends of a text. `\s` means another set in JavaScript.
macro_rules! space {
    () => {
        "[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+"
    };
}

fn string(value: &str) -> Js {
    Js::Literal(Value::from(value))
}

fn literal(js: &Js) -> Option<&str> {
    match js {
        Js::Literal(Value::String(text)) => Some(text),
        _ => None,
    }
}

/// Something done with a text.
fn of_text(it: X, operation: &'static str, shape: Shape, make: impl FnOnce(Js) -> Js) -> X {
    one(it, |js, found| match found {
        Shape::String => Ok((make(js), shape)),
        other => Err(refused(operation, &other)),
    })
}

/// Something done with two.
fn of_texts(
    it: X,
    other: X,
    operation: &'static str,
    shape: Shape,
    make: impl FnOnce(Js, Js) -> Result<Js, Fault>,
) -> X {
    two(it, other, |(js, one), (other, two)| match (one, two) {
        (Shape::String, Shape::String) => Ok((make(js, other)?, shape)),
        (Shape::String, found) | (found, _) => Err(refused(operation, &found)),
    })
}

/// `+` of texts
pub(super) fn concatenated(left: X, right: X) -> X {
    of_texts(left, right, "+", Shape::String, |left, right| {
        Ok(match (literal(&left), literal(&right)) {
            (Some(left), Some(right)) => string(&format!("{left}{right}")),
            (Some(""), _) => right,
            (_, Some("")) => left,
            _ => binary(Operator::Concat, left, right),
        })
    })
}

/// `String::from(it)`
#[must_use]
pub fn as_text(it: X) -> X {
    of_text(it, "String::from", Shape::String, |js| js)
}

/// `.into()` of a text
#[must_use]
pub fn into(it: X) -> X {
    of_text(it, ".into()", Shape::String, |js| js)
}

/// `.to_string()`
#[must_use]
pub fn to_string(it: X) -> X {
    one(it, |js, shape| {
        Ok((shown_plainly(js, &shape, ".to_string()")?, Shape::String))
    })
}

fn shown_plainly(js: Js, shape: &Shape, operation: &'static str) -> Result<Js, Fault> {
    match shape {
        Shape::String => Ok(js),
        Shape::Integer(_) => Ok(match js.integer() {
            Some(value) => string(&value.to_string()),
            // `$string` keeps 15 digits of a number.
            None => Js::Call("formatInteger", vec![js, string("0")]),
        }),
        Shape::Boolean => Ok(Js::Call("string", vec![js])),
        Shape::Number | Shape::Single => Err(Fault::FractionText),
        other => Err(refused(operation, other)),
    }
}

/// `.chars()`, which exist only to be counted
#[must_use]
pub fn chars(it: X) -> X {
    let characters = Shape::Transparent {
        origin: None,
        name: CHARS,
        field: "",
        shape: || Shape::String,
    };
    of_text(it, ".chars()", characters, |js| js)
}

/// `.to_uppercase()`
#[must_use]
pub fn to_uppercase(it: X) -> X {
    of_text(it, ".to_uppercase()", Shape::String, |js| {
        Js::Call("uppercase", vec![js])
    })
}

/// `.to_lowercase()`
#[must_use]
pub fn to_lowercase(it: X) -> X {
    of_text(it, ".to_lowercase()", Shape::String, |js| {
        Js::Call("lowercase", vec![js])
    })
}

fn trimmed(it: X, operation: &'static str, pattern: &'static str) -> X {
    of_text(it, operation, Shape::String, |js| {
        Js::Call("replace", vec![js, Js::Regex(pattern), string("")])
    })
}

/// `.trim()`; JSONata's own makes one space of several within the text
#[must_use]
pub fn trim(it: X) -> X {
    trimmed(it, ".trim()", concat!("^", space!(), "|", space!(), "$"))
}

/// `.trim_start()`
#[must_use]
pub fn trim_start(it: X) -> X {
    trimmed(it, ".trim_start()", concat!("^", space!()))
}

/// `.trim_end()`
#[must_use]
pub fn trim_end(it: X) -> X {
    trimmed(it, ".trim_end()", concat!(space!(), "$"))
}

/// `.contains(part)` of a text
pub(super) fn contains(it: X, part: X) -> X {
    of_texts(it, part, ".contains(..)", Shape::Boolean, |js, part| {
        Ok(Js::Call("contains", vec![js, part]))
    })
}

/// How long a text is, in characters.
fn length(js: &Js) -> Js {
    match literal(js) {
        Some(text) => number(i64::try_from(text.chars().count()).unwrap_or(i64::MAX)),
        None => Js::Call("length", vec![js.clone()]),
    }
}

fn begins(js: Js, start: Js) -> Js {
    let length = length(&start);
    let begin = Js::Call("substring", vec![js, number(0), length]);
    binary(Operator::Equal, begin, start)
}

fn ends(js: &Js, end: &Js) -> Js {
    let rest = binary(Operator::Subtract, length(js), length(end));
    let at = binary(Operator::GreaterOrEqual, length(js), length(end));
    let last = Js::Call("substring", vec![js.clone(), rest]);
    binary(
        Operator::And,
        at,
        binary(Operator::Equal, last, end.clone()),
    )
}

/// `.starts_with(start)`
#[must_use]
pub fn starts_with(it: X, start: X) -> X {
    of_texts(
        it,
        start,
        ".starts_with(..)",
        Shape::Boolean,
        |js, start| Ok(bound("start", start, |start| begins(js, start))),
    )
}

/// `.ends_with(end)`
#[must_use]
pub fn ends_with(it: X, end: X) -> X {
    of_texts(it, end, ".ends_with(..)", Shape::Boolean, |js, end| {
        Ok(bound("text", js, |js| {
            bound("end", end, |end| self::ends(&js, &end))
        }))
    })
}

/// `.strip_prefix(start)`
#[must_use]
pub fn strip_prefix(it: X, start: X) -> X {
    let shape = Shape::option_of(Shape::String);
    of_texts(it, start, ".strip_prefix(..)", shape, |js, start| {
        Ok(bound("text", js, |js| {
            bound("start", start, |start| {
                let rest = Js::Call("substring", vec![js.clone(), length(&start)]);
                conditional(begins(js, start), rest, null())
            })
        }))
    })
}

/// `.strip_suffix(end)`
#[must_use]
pub fn strip_suffix(it: X, end: X) -> X {
    let shape = Shape::option_of(Shape::String);
    of_texts(it, end, ".strip_suffix(..)", shape, |js, end| {
        Ok(bound("text", js, |js| {
            bound("end", end, |end| {
                let count = binary(Operator::Subtract, length(&js), length(&end));
                let rest = Js::Call("substring", vec![js.clone(), number(0), count]);
                conditional(self::ends(&js, &end), rest, null())
            })
        }))
    })
}

/// A constant that is not empty: an empty one stands between any two characters in Rust, and nowhere in JSONata.
fn separator(js: Js, operation: &'static str) -> Result<Js, Fault> {
    match literal(&js) {
        Some("") | None => Err(Fault::Separator { operation }),
        Some(_) => Ok(js),
    }
}

/// `.split(separator)`
#[must_use]
pub fn split(it: X, separator: X) -> X {
    let shape = Shape::list_of(Shape::String);
    of_texts(it, separator, ".split(..)", shape, |js, by| {
        let by = self::separator(by, ".split(..)")?;
        Ok(Js::Call("split", vec![js, by]))
    })
}

/// `.split_once(separator)`
#[must_use]
pub fn split_once(it: X, separator: X) -> X {
    let shape = Shape::option_of(Shape::tuple_of(vec![Shape::String, Shape::String]));
    of_texts(it, separator, ".split_once(..)", shape, |js, by| {
        let by = self::separator(by, ".split_once(..)")?;
        Ok(bound("text", js, |js| {
            let part = |function| {
                let part = Js::Call(function, vec![js.clone(), by.clone()]);
                as_item(part, &Shape::String)
            };
            let both = [part("substringBefore"), part("substringAfter")];
            let found = Js::Call("contains", vec![js.clone(), by.clone()]);
            conditional(found, Js::Items(both.into()), null())
        }))
    })
}

/// `.replace(from, to)`
#[must_use]
pub fn replace(it: X, from: X, to: X) -> X {
    let to_shape = to.shape.clone();
    let to = to.into_js();
    of_texts(it, from, ".replace(..)", Shape::String, |js, from| {
        let from = separator(from, ".replace(..)")?;
        match to_shape {
            Shape::String => Ok(Js::Call("replace", vec![js, from, to?])),
            other => Err(refused(".replace(..)", &other)),
        }
    })
}

/// `.join(separator)` of texts
pub(super) fn join(it: X, separator: X) -> X {
    two(it, separator, |(js, shape), (by, _)| match shape.item() {
        Some(Shape::String | Shape::Any) => Ok((Js::Call("join", vec![js, by]), Shape::String)),
        Some(item) => Err(refused(".join(..)", &item)),
        None => Err(refused(".join(..)", &shape)),
    })
}

/// How `format!` shows a value.
#[derive(Debug, Clone)]
pub struct Spec {
    /// What it is filled up with.
    pub fill: char,
    /// `<` or `>`; numbers stand on the right unless told otherwise, and all else on the left.
    pub align: Option<char>,
    /// Whether zeros stand between sign and digits.
    pub zero: bool,
    /// How many characters it has at least.
    pub width: Option<u64>,
    /// How many characters of a text are shown, or digits of a number after its point.
    pub precision: Option<u64>,
    /// `x`, `X`, `b`, `o`, or empty.
    pub kind: &'static str,
}

/// The most digits that are shown after the point: what a double holds near one.
const DIGITS: u64 = 15;

/// A number with so many digits after the point.
///
/// Both round what the double is exactly. Between two neighbours Rust takes the even one, and `$formatNumber` the one
/// further from zero. A number lies there when it is an odd multiple of a half of the last digit's power of two; since
/// 5ⁿ leaves 1 when divided by 4, the even neighbour is the nearer to zero when the multiple leaves 1. Then the next double
/// towards zero is shown.
fn with_digits(js: Js, digits: u64) -> Result<Js, Fault> {
    if digits > DIGITS {
        return Err(Fault::FractionText);
    }
    let picture = match usize::try_from(digits) {
        Ok(0) | Err(_) => "0".to_owned(),
        Ok(digits) => format!("0.{}", "0".repeat(digits)),
    };
    Ok(bound("number", js, |js| {
        let parts = binary(
            Operator::Multiply,
            Js::Call("abs", vec![js.clone()]),
            number(2 << digits),
        );
        let rest = binary(Operator::Remainder, parts, number(4));
        let halfway = binary(Operator::Equal, rest, number(1));
        let next = Js::Literal(Value::from(1.0 - f64::EPSILON / 2.0));
        let nearer = binary(Operator::Multiply, js.clone(), next);
        let shown = conditional(halfway, nearer, js);
        Js::Call("formatNumber", vec![shown, string(&picture)])
    }))
}

/// `{}` in `format!`
#[must_use]
pub fn shown(it: X, spec: Spec) -> X {
    one(it, |js, shape| {
        let is_number = matches!(shape, Shape::Integer(_) | Shape::Number);
        let mut js = match (&*spec.kind, &shape) {
            ("", Shape::Number) if let Some(digits) = spec.precision => with_digits(js, digits)?,
            ("", _) => shown_plainly(js, &shape, "format!")?,
            (kind, Shape::Integer(integer)) if !integer.is_signed() => {
                let base = match kind {
                    "b" => 2,
                    "o" => 8,
                    _ => 16,
                };
                let digits = Js::Call("formatBase", vec![js, number(base)]);
                match kind {
                    "X" => Js::Call("uppercase", vec![digits]),
                    _ => digits,
                }
            }
            _ => return Err(refused("format!", &shape)),
        };
        if let Some(precision) = spec.precision
            && !matches!(shape, Shape::Number)
        {
            if !matches!(shape, Shape::String) {
                return Err(refused("format!", &shape));
            }
            js = Js::Call("substring", vec![js, number(0), small(precision)]);
        }
        let Some(width) = spec.width else {
            return Ok((js, Shape::String));
        };
        if spec.zero && matches!(shape, Shape::Number) {
            return Err(refused("format!", &shape));
        }
        if let (true, Shape::Integer(integer)) = (spec.zero, &shape) {
            if integer.is_signed() {
                // Zeros would stand before the sign.
                return Err(refused("format!", &shape));
            }
            return Ok((padded(js, -small_of(width), '0'), Shape::String));
        }
        let right = match spec.align {
            Some(align) => align == '>',
            None => is_number,
        };
        let width = small_of(width);
        let width = if right { -width } else { width };
        Ok((padded(js, width, spec.fill), Shape::String))
    })
}

fn padded(js: Js, width: i64, fill: char) -> Js {
    let mut arguments = vec![js, number(width)];
    if fill != ' ' {
        arguments.push(string(&fill.to_string()));
    }
    Js::Call("pad", arguments)
}

fn small_of(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn small(count: u64) -> Js {
    number(small_of(count))
}

/// `format!`: its parts one after the other
#[must_use]
pub fn format(parts: Vec<X>) -> X {
    parts.into_iter().fold(ops::text(""), concatenated)
}

/// `.is_empty()` of a text
pub(super) fn is_empty(it: X) -> X {
    of_text(it, ".is_empty()", Shape::Boolean, |js| {
        binary(Operator::Equal, js, string(""))
    })
}

/// `.chars().count()`
pub(super) fn count(it: X) -> X {
    let js = it.into_js();
    E::new(
        js.map(|js| length(&js)),
        Shape::Integer(crate::Integer::new(64, false)),
    )
}
