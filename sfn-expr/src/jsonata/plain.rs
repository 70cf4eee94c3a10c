//! Expressions simple enough to be evaluated on the data itself, without handing it to the evaluator.
//!
//! Paths, literals, comparisons, arithmetic, logic and constructors of these are most of what state
//! machines hold. Here they cost no conversion, and integers that a double cannot hold stay as they are.
//! Whatever is not certain to come out as the evaluator would have it is left to the evaluator:
//! errors above all, so that they are worded in one place.

use std::cmp::Ordering;

use serde_json::{Map, Number, Value};

use super::Bindings;
use crate::{equality, number};

mod compile;
mod function;
mod path;

use function::Function;
use path::Path;

/// A simple expression.
#[derive(Debug, Clone)]
pub(super) enum Plain {
    Literal(Value),
    Path(Path),
    Equal {
        left: Box<Plain>,
        right: Box<Plain>,
        negated: bool,
    },
    Order {
        left: Box<Plain>,
        right: Box<Plain>,
        accepts: fn(Ordering) -> bool,
    },
    Arithmetic {
        left: Box<Plain>,
        right: Box<Plain>,
        operator: Arithmetic,
    },
    Negate(Box<Plain>),
    Concatenate(Box<Plain>, Box<Plain>),
    And(Box<Plain>, Box<Plain>),
    Or(Box<Plain>, Box<Plain>),
    Conditional(Box<Plain>, Box<Plain>, Option<Box<Plain>>),
    /// `… in …`.
    In(Box<Plain>, Box<Plain>),
    /// A function of one argument.
    Call(Function, Box<Plain>),
    Object(Vec<(String, Plain)>),
    /// Each item with whether it is an array written right there, which is kept; others are poured out.
    Array(Vec<(bool, Plain)>),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// What came of a simple expression.
pub(super) enum Outcome {
    /// The value; `None` for undefined.
    Known(Option<Value>),
    /// The evaluator must be asked.
    Unsure,
}

/// The value of a part.
enum Part<'a> {
    Undefined,
    Borrowed(&'a Value),
    /// A sequence of several values.
    Several(Vec<&'a Value>),
    Owned(Value),
}

/// The evaluator must be asked.
struct Unsure;

impl Plain {
    pub(super) fn evaluate(&self, bindings: &Bindings<'_>) -> Outcome {
        match self.part(bindings) {
            Ok(part) => Outcome::Known(part.into_value()),
            Err(Unsure) => Outcome::Unsure,
        }
    }

    fn part<'a>(&'a self, bindings: &Bindings<'a>) -> Result<Part<'a>, Unsure> {
        match self {
            Plain::Literal(value) => Ok(Part::Borrowed(value)),
            Plain::Path(path) => path.evaluate(bindings),
            Plain::Equal {
                left,
                right,
                negated,
            } => {
                let (left, right) = (left.part(bindings)?, right.part(bindings)?);
                // What is undefined neither equals nor differs.
                Ok(Part::bool(match (left.as_value(), right.as_value()) {
                    (Some(left), Some(right)) => equality::equal(&left, &right) != *negated,
                    _ => false,
                }))
            }
            Plain::Order {
                left,
                right,
                accepts,
            } => {
                let (left, right) = (left.part(bindings)?, right.part(bindings)?);
                let order = match (left.single()?, right.single()?) {
                    (Some(Value::Number(left)), Some(Value::Number(right))) => {
                        equality::order(left, right).ok_or(Unsure)?
                    }
                    // Java and JavaScript compare UTF-16 code units.
                    (Some(Value::String(left)), Some(Value::String(right))) => {
                        left.encode_utf16().cmp(right.encode_utf16())
                    }
                    (None, None | Some(Value::Number(_) | Value::String(_)))
                    | (Some(Value::Number(_) | Value::String(_)), None) => {
                        return Ok(Part::Undefined);
                    }
                    _ => return Err(Unsure),
                };
                Ok(Part::bool(accepts(order)))
            }
            Plain::Arithmetic {
                left,
                right,
                operator,
            } => {
                let (left, right) = (left.part(bindings)?, right.part(bindings)?);
                match (left.single()?, right.single()?) {
                    (Some(Value::Number(left)), Some(Value::Number(right))) => operator
                        .apply(left, right)
                        .map(|n| Part::Owned(Value::Number(n)))
                        .ok_or(Unsure),
                    (None, None | Some(Value::Number(_))) | (Some(Value::Number(_)), None) => {
                        Ok(Part::Undefined)
                    }
                    _ => Err(Unsure),
                }
            }
            Plain::Negate(operand) => match operand.part(bindings)?.single()? {
                None => Ok(Part::Undefined),
                Some(Value::Number(n)) => {
                    let negative = match n.as_i64().and_then(i64::checked_neg) {
                        Some(n) => Some(Number::from(n)),
                        None => n.as_f64().and_then(|n| number::from_f64(-n)),
                    };
                    negative
                        .map(|n| Part::Owned(Value::Number(n)))
                        .ok_or(Unsure)
                }
                Some(_) => Err(Unsure),
            },
            Plain::Concatenate(left, right) => {
                let mut text = left.part(bindings)?.text()?;
                text.push_str(&right.part(bindings)?.text()?);
                Ok(Part::Owned(Value::String(text)))
            }
            Plain::And(left, right) => Ok(Part::bool(
                left.part(bindings)?.truth()? && right.part(bindings)?.truth()?,
            )),
            Plain::Or(left, right) => Ok(Part::bool(
                left.part(bindings)?.truth()? || right.part(bindings)?.truth()?,
            )),
            Plain::Conditional(condition, then, otherwise) => {
                if condition.part(bindings)?.truth()? {
                    then.part(bindings)
                } else {
                    otherwise
                        .as_ref()
                        .map_or(Ok(Part::Undefined), |otherwise| otherwise.part(bindings))
                }
            }
            Plain::In(item, list) => {
                let (item, list) = (item.part(bindings)?, list.part(bindings)?);
                let item = match item.single()? {
                    None => return Ok(Part::bool(false)),
                    // These are compared by identity, which values here do not have.
                    Some(Value::Array(_) | Value::Object(_)) => return Err(Unsure),
                    Some(item) => item,
                };
                let found = list
                    .items()
                    .is_some_and(|mut items| items.any(|other| equality::equal(item, other)));
                Ok(Part::bool(found))
            }
            Plain::Call(function, argument) => {
                // A variable of that name would be called instead.
                if bindings.variables.get(function.name()).is_some() {
                    return Err(Unsure);
                }
                function.apply(argument.part(bindings)?)
            }
            Plain::Object(members) => {
                let mut object = Map::with_capacity(members.len());
                for (name, member) in members {
                    if let Some(value) = member.part(bindings)?.into_value() {
                        object.insert(name.clone(), value);
                    }
                }
                Ok(Part::Owned(Value::Object(object)))
            }
            Plain::Array(items) => {
                let mut array = Vec::with_capacity(items.len());
                for (kept, item) in items {
                    match item.part(bindings)?.into_value() {
                        None => {}
                        Some(Value::Array(values)) if !kept => array.extend(values),
                        Some(value) => array.push(value),
                    }
                }
                Ok(Part::Owned(Value::Array(array)))
            }
        }
    }
}

impl Part<'_> {
    fn bool(b: bool) -> Self {
        Part::Owned(Value::Bool(b))
    }

    fn into_value(self) -> Option<Value> {
        match self {
            Part::Undefined => None,
            Part::Borrowed(value) => Some(value.clone()),
            Part::Several(values) => Some(values.into_iter().cloned().collect()),
            Part::Owned(value) => Some(value),
        }
    }

    fn as_value(&self) -> Option<std::borrow::Cow<'_, Value>> {
        use std::borrow::Cow;
        match self {
            Part::Undefined => None,
            Part::Borrowed(value) => Some(Cow::Borrowed(value)),
            Part::Several(values) => Some(Cow::Owned(
                values.iter().map(|value| (*value).clone()).collect(),
            )),
            Part::Owned(value) => Some(Cow::Borrowed(value)),
        }
    }

    /// The one value there is, or none; several are for the evaluator.
    fn single(&self) -> Result<Option<&Value>, Unsure> {
        match self {
            Part::Undefined => Ok(None),
            Part::Borrowed(value) => Ok(Some(value)),
            Part::Owned(value) => Ok(Some(value)),
            Part::Several(_) => Err(Unsure),
        }
    }

    /// The items of an array or a sequence; a single value is its own item. `None` when undefined.
    fn items(&self) -> Option<Box<dyn ExactSizeIterator<Item = &Value> + '_>> {
        match self {
            Part::Undefined => None,
            Part::Several(values) => Some(Box::new(values.iter().copied())),
            Part::Borrowed(Value::Array(items)) => Some(Box::new(items.iter())),
            Part::Owned(Value::Array(items)) => Some(Box::new(items.iter())),
            Part::Borrowed(value) => Some(Box::new(std::iter::once(*value))),
            Part::Owned(value) => Some(Box::new(std::iter::once(value))),
        }
    }

    /// The text that `&` makes of it.
    fn text(&self) -> Result<String, Unsure> {
        match self.single()? {
            None => Ok(String::new()),
            Some(Value::String(text)) => Ok(text.clone()),
            Some(Value::Bool(b)) => Ok(b.to_string()),
            Some(Value::Null) => Ok("null".to_owned()),
            Some(Value::Number(n)) => match n.as_i64() {
                Some(n) => Ok(n.to_string()),
                None => Err(Unsure),
            },
            Some(Value::Array(_) | Value::Object(_)) => Err(Unsure),
        }
    }

    /// What a condition makes of it.
    fn truth(&self) -> Result<bool, Unsure> {
        match self.single()? {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(b)) => Ok(*b),
            Some(Value::Number(n)) => Ok(n.as_f64() != Some(0.0)),
            Some(Value::String(text)) => Ok(!text.is_empty()),
            Some(Value::Object(members)) => Ok(!members.is_empty()),
            Some(Value::Array(_)) => Err(Unsure),
        }
    }
}

impl Arithmetic {
    /// The result, unless it is no JSON number.
    fn apply(self, left: &Number, right: &Number) -> Option<Number> {
        if let (Some(left), Some(right)) = (left.as_i64(), right.as_i64()) {
            let exact = match self {
                Arithmetic::Add => left.checked_add(right),
                Arithmetic::Subtract => left.checked_sub(right),
                Arithmetic::Multiply => left.checked_mul(right),
                Arithmetic::Divide if left.checked_rem(right) == Some(0) => left.checked_div(right),
                Arithmetic::Divide => None,
                Arithmetic::Modulo => left.checked_rem(right),
            };
            if let Some(exact) = exact {
                return Some(Number::from(exact));
            }
        }
        let (left, right) = (left.as_f64()?, right.as_f64()?);
        number::from_f64(match self {
            Arithmetic::Add => left + right,
            Arithmetic::Subtract => left - right,
            Arithmetic::Multiply => left * right,
            Arithmetic::Divide => left / right,
            Arithmetic::Modulo => left % right,
        })
    }
}
