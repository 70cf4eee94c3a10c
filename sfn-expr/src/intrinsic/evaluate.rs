//! What each function does.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use serde_json::{Map, Value};

use super::{Function, format};
use crate::Environment;
use crate::equality::equal;
use crate::hash::Algorithm;

/// The longest text, in characters, that the hash and Base64 functions take.
const MAX_TEXT: usize = 10_000;

/// Java's decoder, which wants no padding, and no zeros where nothing is left.
const AS_JAVA: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The most elements `States.ArrayRange` makes.
const MAX_RANGE: i64 = 1_000;

type Arguments<'v, 'a> = &'v [Cow<'a, Value>];

/// The value of `function`, or what is wrong with its arguments.
pub(super) fn apply(
    function: Function,
    arguments: Arguments<'_, '_>,
    env: &mut dyn Environment,
) -> Result<Value, String> {
    match function {
        Function::Array => Ok(arguments
            .iter()
            .map(|argument| argument.clone().into_owned())
            .collect()),
        Function::ArrayContains => {
            let items = array(arguments, 0)?;
            Ok(Value::Bool(
                items.iter().any(|item| equal(item, &arguments[1])),
            ))
        }
        Function::ArrayGetItem => {
            let items = array(arguments, 0)?;
            let index = integer(arguments, 1)?;
            usize::try_from(index)
                .ok()
                .and_then(|index| items.get(index))
                .cloned()
                .ok_or_else(|| format!("Index {index} out of bounds for length {}", items.len()))
        }
        Function::ArrayLength => Ok(Value::from(array(arguments, 0)?.len())),
        Function::ArrayPartition => {
            let items = array(arguments, 0)?;
            let size = usize::try_from(integer(arguments, 1)?)
                .ok()
                .filter(|size| *size > 0);
            let size = size.ok_or("The chunk size must be a positive integer")?;
            Ok(items
                .chunks(size)
                .map(|chunk| Value::Array(chunk.to_vec()))
                .collect())
        }
        Function::ArrayRange => range(
            integer(arguments, 0)?,
            integer(arguments, 1)?,
            integer(arguments, 2)?,
        ),
        Function::ArrayUnique => {
            let mut unique: Vec<Value> = Vec::new();
            for item in array(arguments, 0)? {
                if !unique.iter().any(|seen| equal(seen, item)) {
                    unique.push(item.clone());
                }
            }
            Ok(Value::Array(unique))
        }
        Function::Base64Encode => Ok(STANDARD.encode(short_text(arguments, 0)?).into()),
        Function::Base64Decode => {
            let bytes = AS_JAVA
                .decode(short_text(arguments, 0)?)
                .map_err(|_| "The input is not valid Base64")?;
            String::from_utf8(bytes)
                .map(Value::String)
                .map_err(|_| "The decoded input is not valid UTF-8".to_owned())
        }
        Function::Format => format::format(text(arguments, 0)?, &arguments[1..]),
        Function::Hash => {
            let algorithm = Algorithm::named(text(arguments, 1)?).ok_or_else(|| {
                format!(
                    "The algorithm must be one of {}",
                    Algorithm::ALL.map(Algorithm::name).join(", ")
                )
            })?;
            let data = match &*arguments[0] {
                Value::String(_) => Cow::Borrowed(short_text(arguments, 0)?),
                other => Cow::Owned(crate::java::json(other)),
            };
            Ok(algorithm.hex(data.as_bytes()).into())
        }
        Function::JsonMerge => {
            let (first, second) = (object(arguments, 0)?, object(arguments, 1)?);
            match &*arguments[2] {
                Value::Bool(false) => {}
                _ => {
                    return Err(
                        "Only shallow merging is supported: the third argument must be false"
                            .to_owned(),
                    );
                }
            }
            let mut merged = first.clone();
            merged.extend(
                second
                    .iter()
                    .map(|(name, value)| (name.clone(), value.clone())),
            );
            Ok(Value::Object(merged))
        }
        Function::JsonToString => Ok(crate::java::json(&arguments[0]).into()),
        Function::MathAdd => {
            let (a, b) = (integer(arguments, 0)?, integer(arguments, 1)?);
            a.checked_add(b)
                .map(Value::from)
                .ok_or_else(|| "The sum is too large".to_owned())
        }
        Function::MathRandom => {
            let (start, end) = (integer(arguments, 0)?, integer(arguments, 1)?);
            if start >= end {
                return Err("The start of the range must be less than its end".to_owned());
            }
            let fraction = match arguments.len() {
                3 => crate::random::JavaRandom::new(integer(arguments, 2)?).next_double(),
                _ => env.random(),
            };
            let width = end.abs_diff(start);
            let offset = ((fraction * width as f64) as u64).min(width - 1);
            Ok(Value::from(start.wrapping_add_unsigned(offset)))
        }
        Function::StringSplit => {
            let (subject, separators) = (text(arguments, 0)?, text(arguments, 1)?);
            let parts = subject
                .split(|c| separators.contains(c))
                .filter(|part| !part.is_empty());
            Ok(parts.map(Value::from).collect())
        }
        Function::StringToJson => parse_json(text(arguments, 0)?),
        Function::Uuid => Ok(env.uuid().into()),
    }
}

/// A JSON text as Step Functions reads it: a blank one is null, and there is no negative zero.
pub(crate) fn parse_json(text: &str) -> Result<Value, String> {
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    let mut value = serde_json::from_str(text)
        .map_err(|error| format!("The input is not valid JSON: {error}"))?;
    crate::number::without_negative_zero(&mut value);
    Ok(value)
}

fn range(first: i64, last: i64, step: i64) -> Result<Value, String> {
    if step == 0 {
        return Err("The step must not be zero".to_owned());
    }
    let too_many = || format!("The range has more than {MAX_RANGE} elements");
    let width = last.checked_sub(first).ok_or_else(too_many)?;
    let steps = width.checked_div(step).ok_or_else(too_many)?;
    if width != 0 && (width < 0) != (step < 0) {
        return Ok(Value::Array(Vec::new()));
    }
    if steps >= MAX_RANGE {
        return Err(too_many());
    }
    Ok((0..=steps).map(|i| Value::from(first + i * step)).collect())
}

fn ordinal(at: usize) -> &'static str {
    ["first", "second", "third"]
        .get(at)
        .copied()
        .unwrap_or("next")
}

fn array<'v>(arguments: Arguments<'v, '_>, at: usize) -> Result<&'v [Value], String> {
    match &*arguments[at] {
        Value::Array(items) => Ok(items),
        _ => Err(format!("The {} argument must be an array", ordinal(at))),
    }
}

fn object<'v>(arguments: Arguments<'v, '_>, at: usize) -> Result<&'v Map<String, Value>, String> {
    match &*arguments[at] {
        Value::Object(members) => Ok(members),
        _ => Err(format!(
            "The {} argument must be a JSON object",
            ordinal(at)
        )),
    }
}

fn text<'v>(arguments: Arguments<'v, '_>, at: usize) -> Result<&'v str, String> {
    match &*arguments[at] {
        Value::String(text) => Ok(text),
        _ => Err(format!("The {} argument must be a string", ordinal(at))),
    }
}

fn short_text<'v>(arguments: Arguments<'v, '_>, at: usize) -> Result<&'v str, String> {
    let text = text(arguments, at)?;
    if text.chars().count() > MAX_TEXT {
        return Err(format!(
            "The {} argument has more than {MAX_TEXT} characters",
            ordinal(at)
        ));
    }
    Ok(text)
}

/// A number, rounded as Java's `Math.round` does: halves go up, also below zero.
fn integer(arguments: Arguments<'_, '_>, at: usize) -> Result<i64, String> {
    match &*arguments[at] {
        Value::Number(number) => Ok(number.as_i64().unwrap_or_else(|| {
            // A double out of range becomes the nearest integer there is, as in Java.
            (number.as_f64().unwrap_or(0.0) + 0.5).floor() as i64
        })),
        _ => Err(format!("The {} argument must be a number", ordinal(at))),
    }
}
