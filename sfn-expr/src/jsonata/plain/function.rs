//! The functions of one argument that simple expressions may call.

use serde_json::{Number, Value};

use super::{Part, Unsure};
use crate::number;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(in super::super) enum Function {
    Abs,
    Ceil,
    Count,
    Exists,
    Floor,
    Length,
    Lowercase,
    Max,
    Min,
    Not,
    Parse,
    String,
    Sum,
    Uppercase,
}

const ALL: [Function; 14] = [
    Function::Abs,
    Function::Ceil,
    Function::Count,
    Function::Exists,
    Function::Floor,
    Function::Length,
    Function::Lowercase,
    Function::Max,
    Function::Min,
    Function::Not,
    Function::Parse,
    Function::String,
    Function::Sum,
    Function::Uppercase,
];

impl Function {
    pub(super) fn named(name: &str) -> Option<Function> {
        ALL.into_iter().find(|function| function.name() == name)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Function::Abs => "abs",
            Function::Ceil => "ceil",
            Function::Count => "count",
            Function::Exists => "exists",
            Function::Floor => "floor",
            Function::Length => "length",
            Function::Lowercase => "lowercase",
            Function::Max => "max",
            Function::Min => "min",
            Function::Not => "not",
            Function::Parse => "parse",
            Function::String => "string",
            Function::Sum => "sum",
            Function::Uppercase => "uppercase",
        }
    }

    /// Its value for `argument`, where that is of the type it takes.
    pub(super) fn apply<'a>(self, argument: Part<'a>) -> Result<Part<'a>, Unsure> {
        match self {
            Function::Exists => return Ok(Part::bool(!matches!(argument, Part::Undefined))),
            Function::Count => {
                let count = argument.items().map_or(0, |items| items.len());
                return Ok(Part::Owned(Value::from(count)));
            }
            Function::Sum | Function::Max | Function::Min => {
                return self
                    .aggregate(&argument)
                    .map(|n| Part::Owned(Value::Number(n)));
            }
            _ => {}
        }
        let value = match (self, argument.single()?.ok_or(Unsure)?) {
            (Function::Not, _) => Value::Bool(!argument.truth()?),
            (Function::String, Value::String(_)) => return Ok(argument),
            (Function::String, _) => Value::String(argument.text()?),
            (Function::Parse, Value::String(text)) => {
                let mut value = serde_json::from_str(text).map_err(|_| Unsure)?;
                number::without_negative_zero(&mut value);
                value
            }
            (Function::Length, Value::String(text)) => Value::from(text.chars().count()),
            (Function::Lowercase, Value::String(text)) => Value::String(text.to_lowercase()),
            (Function::Uppercase, Value::String(text)) => Value::String(text.to_uppercase()),
            (Function::Abs, Value::Number(n)) => match n.as_i64() {
                Some(n) => Value::from(n.checked_abs().ok_or(Unsure)?),
                None => rounded(n, f64::abs)?,
            },
            (Function::Floor | Function::Ceil, Value::Number(n)) if n.is_i64() => {
                Value::Number(n.clone())
            }
            (Function::Floor, Value::Number(n)) => rounded(n, f64::floor)?,
            (Function::Ceil, Value::Number(n)) => rounded(n, f64::ceil)?,
            _ => return Err(Unsure),
        };
        Ok(Part::Owned(value))
    }

    fn aggregate(self, argument: &Part<'_>) -> Result<Number, Unsure> {
        let numbers = argument.items().ok_or(Unsure)?.map(|item| match item {
            Value::Number(n) => Ok(n),
            _ => Err(Unsure),
        });
        let numbers = numbers.collect::<Result<Vec<&Number>, Unsure>>()?;
        if let Some(exact) = numbers
            .iter()
            .map(|n| n.as_i64())
            .collect::<Option<Vec<i64>>>()
        {
            return match self {
                Function::Sum => exact.into_iter().try_fold(0i64, i64::checked_add),
                Function::Max => exact.into_iter().max(),
                _ => exact.into_iter().min(),
            }
            .map(Number::from)
            .ok_or(Unsure);
        }
        let doubles = numbers
            .iter()
            .map(|n| n.as_f64())
            .collect::<Option<Vec<f64>>>()
            .ok_or(Unsure)?;
        number::from_f64(match self {
            Function::Sum => doubles.into_iter().fold(0.0, |sum, n| sum + n),
            Function::Max => doubles.into_iter().fold(f64::NEG_INFINITY, f64::max),
            _ => doubles.into_iter().fold(f64::INFINITY, f64::min),
        })
        .ok_or(Unsure)
    }
}

fn rounded(n: &Number, round: fn(f64) -> f64) -> Result<Value, Unsure> {
    n.as_f64()
        .and_then(|n| number::from_f64(round(n)))
        .map(Value::Number)
        .ok_or(Unsure)
}
