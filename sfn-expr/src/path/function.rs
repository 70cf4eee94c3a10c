//! The functions a path may end in: `.length()`, `.sum()` and their like.

use std::fmt;

use serde_json::Value;

use super::Error;

/// A function at the end of a path.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Function {
    Length,
    Min,
    Max,
    Avg,
    Stddev,
    Sum,
    Keys,
    Concat,
    First,
    Last,
    Index(i64),
    Append(Value),
}

impl Function {
    /// The function `name`, or why there is none. `arguments` is the text between the parentheses.
    pub(super) fn named(name: &str, arguments: &str) -> Result<Function, String> {
        let function = match name {
            "length" | "size" => Function::Length,
            "min" => Function::Min,
            "max" => Function::Max,
            "avg" => Function::Avg,
            "stddev" => Function::Stddev,
            "sum" => Function::Sum,
            "keys" => Function::Keys,
            "concat" => Function::Concat,
            "first" => Function::First,
            "last" => Function::Last,
            "index" => {
                return arguments
                    .parse()
                    .map(Function::Index)
                    .map_err(|_| "`index` takes an integer".to_owned());
            }
            "append" => {
                return serde_json::from_str(arguments)
                    .map(Function::Append)
                    .map_err(|_| "`append` takes a JSON value".to_owned());
            }
            _ => return Err(format!("no function is called `{name}`")),
        };
        if arguments.is_empty() {
            Ok(function)
        } else {
            Err(format!("`{name}` takes no argument"))
        }
    }

    /// Its value for `subject`.
    pub(super) fn apply(&self, subject: &Value) -> Result<Value, Error> {
        let value = match self {
            Function::Length => match subject {
                Value::Array(items) => Value::from(items.len()),
                Value::Object(members) => Value::from(members.len()),
                _ => Value::Null,
            },
            Function::Keys => match subject {
                Value::Object(members) => members.keys().cloned().collect(),
                _ => Value::Null,
            },
            Function::Min => number(numbers(subject)?.into_iter().fold(f64::INFINITY, f64::min)),
            Function::Max => number(
                numbers(subject)?
                    .into_iter()
                    .fold(f64::NEG_INFINITY, f64::max),
            ),
            Function::Sum => number(numbers(subject)?.into_iter().sum()),
            Function::Avg => {
                let numbers = numbers(subject)?;
                number(numbers.iter().sum::<f64>() / numbers.len() as f64)
            }
            Function::Stddev => {
                let numbers = numbers(subject)?;
                let count = numbers.len() as f64;
                let sum: f64 = numbers.iter().sum();
                let squares: f64 = numbers.iter().map(|n| n * n).sum();
                number(
                    (squares / count - sum * sum / count / count)
                        .max(0.0)
                        .sqrt(),
                )
            }
            Function::Concat => match subject {
                Value::Array(items) => items
                    .iter()
                    .filter_map(Value::as_str)
                    .collect::<String>()
                    .into(),
                _ => Value::from(""),
            },
            Function::First => return pick(subject, 0),
            Function::Last => return pick(subject, -1),
            Function::Index(index) => return pick(subject, *index),
            Function::Append(value) => {
                let mut subject = subject.clone();
                if let Value::Array(items) = &mut subject {
                    items.push(value.clone());
                }
                subject
            }
        };
        Ok(value)
    }
}

impl Function {
    /// Its value for all that a path beginning with `..` has found.
    ///
    /// Jayway counts what is below the results, and picks none of them.
    pub(super) fn apply_over_all(&self, all: &Value) -> Result<Value, Error> {
        match self {
            Function::Length => {
                let below = |value: &Value| match value {
                    Value::Array(items) => items.len(),
                    Value::Object(members) => members.len(),
                    _ => 0,
                };
                let count: usize = all.as_array().into_iter().flatten().map(below).sum();
                Ok(Value::from(count))
            }
            Function::First | Function::Last | Function::Index(_) => Err(empty()),
            _ => self.apply(all),
        }
    }
}

/// Aggregates are computed in doubles, as in Java, and so is their result.
fn number(n: f64) -> Value {
    Value::from(n)
}

fn numbers(subject: &Value) -> Result<Vec<f64>, Error> {
    let numbers: Vec<f64> = match subject {
        Value::Array(items) => items.iter().filter_map(Value::as_f64).collect(),
        _ => Vec::new(),
    };
    if numbers.is_empty() {
        return Err(empty());
    }
    Ok(numbers)
}

fn empty() -> Error {
    Error::Function {
        reason: "Aggregation function attempted to calculate value using empty array".to_owned(),
    }
}

fn pick(subject: &Value, index: i64) -> Result<Value, Error> {
    let items = subject.as_array().ok_or_else(empty)?;
    super::evaluate::at(items, index).cloned().ok_or_else(empty)
}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Function::Length => "length",
            Function::Min => "min",
            Function::Max => "max",
            Function::Avg => "avg",
            Function::Stddev => "stddev",
            Function::Sum => "sum",
            Function::Keys => "keys",
            Function::Concat => "concat",
            Function::First => "first",
            Function::Last => "last",
            Function::Index(_) => "index",
            Function::Append(_) => "append",
        };
        write!(f, "{name}()")
    }
}
