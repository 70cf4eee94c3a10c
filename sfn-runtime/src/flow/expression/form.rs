//! What the shape of a value says of the JSONata that it needs.

use serde_json::Value;

use crate::{Integer, Shape, Tagging};

/// Whether JSONata might take a value for a sequence, and flatten it into the list it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Array {
    /// It is never an array.
    Never,
    /// It is an array.
    Always,
    /// It may be one.
    Maybe,
}

/// The characters of a text, which exist only to be counted.
pub(crate) const CHARS: &str = "Chars";

impl Shape {
    /// Such a value, or none.
    #[must_use]
    pub fn option_of(value: Shape) -> Self {
        Shape::OptionOf(Box::new(value))
    }

    /// What a value's JSON tells of it.
    pub(crate) fn of_value(value: &Value) -> Shape {
        match value {
            Value::Null => Shape::option_of(Shape::Any),
            Value::Bool(_) => Shape::Boolean,
            Value::Number(number) if number.is_f64() => Shape::Number,
            Value::Number(_) => Shape::Integer(Integer::UNKNOWN),
            Value::String(_) => Shape::String,
            Value::Array(items) => {
                Shape::list_of(items.first().map_or(Shape::Any, Shape::of_value))
            }
            Value::Object(_) => Shape::Any,
        }
    }

    /// The shape without the newtypes around it.
    pub(crate) fn bare(self) -> Shape {
        match self {
            Shape::Transparent { shape, .. } => shape().bare(),
            other => other,
        }
    }

    pub(crate) fn is_option(&self) -> bool {
        matches!(self, Shape::Option(_) | Shape::OptionOf(_))
    }

    /// What an `Option` may hold.
    pub(crate) fn content(&self) -> Option<Shape> {
        match self {
            Shape::Option(value) => Some(value()),
            Shape::OptionOf(value) => Some((**value).clone()),
            _ => None,
        }
    }

    /// What the items of a list are.
    pub(crate) fn item(&self) -> Option<Shape> {
        match self {
            Shape::List(item) | Shape::Set(item) => Some(item()),
            Shape::ListOf(item) => Some((**item).clone()),
            // An array of a fixed length.
            Shape::Tuple(items) => Some(items.first().map_or(Shape::Any, |item| item())),
            _ => None,
        }
    }

    /// The parts of a tuple.
    pub(crate) fn parts(&self) -> Option<Vec<Shape>> {
        match self {
            Shape::Tuple(items) => Some(items.iter().map(|item| item()).collect()),
            Shape::TupleOf(items) => Some(items.clone()),
            _ => None,
        }
    }

    pub(crate) fn array(&self) -> Array {
        match self {
            Shape::List(_)
            | Shape::ListOf(_)
            | Shape::Set(_)
            | Shape::Tuple(_)
            | Shape::TupleOf(_) => Array::Always,
            Shape::Any
            | Shape::Enum {
                tagging: Tagging::Untagged,
                ..
            } => Array::Maybe,
            Shape::Option(_) | Shape::OptionOf(_) => {
                match self
                    .content()
                    .map_or(Array::Maybe, |content| content.array())
                {
                    Array::Never => Array::Never,
                    _ => Array::Maybe,
                }
            }
            Shape::Transparent { shape, .. } => shape().array(),
            _ => Array::Never,
        }
    }

    /// The shape of a value that has the one or the other: rustc has seen that they are of one type.
    pub(crate) fn or(self, other: Shape) -> Shape {
        match (self, other) {
            (Shape::Any, known) | (known, Shape::Any) => known,
            (Shape::Integer(one), Shape::Integer(other)) => Shape::Integer(one.or(other)),
            (Shape::OptionOf(one), other) | (other, Shape::OptionOf(one)) => {
                match other.content() {
                    Some(content) => Shape::option_of(one.or(content)),
                    None => other,
                }
            }
            (Shape::ListOf(one), other) | (other, Shape::ListOf(one)) => match other.item() {
                Some(item) => Shape::list_of(one.or(item)),
                None => other,
            },
            (Shape::TupleOf(one), other) | (other, Shape::TupleOf(one)) => match other.parts() {
                Some(parts) if parts.len() == one.len() => {
                    let both = one.into_iter().zip(parts);
                    Shape::tuple_of(both.map(|(one, other)| one.or(other)).collect())
                }
                _ => other,
            },
            (known, _) => known,
        }
    }

    /// As messages call it.
    pub(crate) fn describe(&self) -> &'static str {
        match self {
            Shape::Null => "nothing (`()`)",
            Shape::Boolean => "a `bool`",
            Shape::Integer(_) | Shape::Number => "a number",
            Shape::Single => "an `f32`",
            Shape::String => "a text",
            Shape::List(_) | Shape::ListOf(_) => "a list",
            Shape::Set(_) => "a set",
            Shape::Tuple(_) | Shape::TupleOf(_) => "a tuple",
            Shape::Map(_) => "a map",
            Shape::Option(_) | Shape::OptionOf(_) => "an `Option`",
            Shape::Transparent { name: CHARS, .. } => "an iterator of characters",
            Shape::Transparent { .. } => "a newtype",
            Shape::Struct { .. } => "a struct",
            Shape::Enum { .. } => "an enum",
            Shape::Any => "a value of unknown shape",
        }
    }
}
