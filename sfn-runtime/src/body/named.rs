//! Several parameters as one input.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::Error as _};
use serde_json::{Map, Value};

use crate::{Field, Payload, Shape};

/// The parameters of a `#[state_machine]` function that has several: an object with a key for each.
pub trait NamedParameters: Send + 'static {
    /// The parameters as a tuple.
    type Values: Payload;
    /// Their names in the source, which are the keys.
    const NAMES: &'static [&'static str];
}

/// The input of a state machine with several parameters: a JSON object, by name.
pub struct Named<M: NamedParameters>(pub M::Values);

impl<M: NamedParameters> Serialize for Named<M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serde_json::to_value(&self.0) {
            Ok(Value::Array(values)) => {
                let names = M::NAMES.iter().map(|name| (*name).to_owned());
                names
                    .zip(values)
                    .collect::<Map<String, Value>>()
                    .serialize(serializer)
            }
            Ok(_) => Err(S::Error::custom("the parameters are no tuple")),
            Err(error) => Err(S::Error::custom(error)),
        }
    }
}

impl<'de, M: NamedParameters> Deserialize<'de> for Named<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut given = Map::deserialize(deserializer)?;
        let optional = match M::Values::shape() {
            Shape::Tuple(shapes) => shapes
                .iter()
                .map(|shape| matches!(shape(), Shape::Option(_) | Shape::Null))
                .collect(),
            _ => Vec::new(),
        };
        let mut values = Vec::new();
        for (index, name) in M::NAMES.iter().enumerate() {
            match given.remove(*name) {
                Some(value) => values.push(value),
                None if optional.get(index).copied().unwrap_or(false) => values.push(Value::Null),
                None => return Err(D::Error::missing_field(name)),
            }
        }
        serde_json::from_value(Value::Array(values))
            .map(Named)
            .map_err(D::Error::custom)
    }
}

impl<M: NamedParameters> Payload for Named<M> {
    fn shape() -> Shape {
        let Shape::Tuple(shapes) = M::Values::shape() else {
            return Shape::Any;
        };
        let fields = M::NAMES.iter().zip(shapes).map(|(name, shape)| Field {
            rust: name,
            json: Some(name),
            flatten: false,
            optional: matches!(shape(), Shape::Option(_)),
            default: None,
            shape,
        });
        Shape::Struct {
            origin: None,
            name: "input",
            fields: fields.collect(),
        }
    }
}

impl<M: NamedParameters> fmt::Debug for Named<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Named").field(&M::NAMES).finish()
    }
}

/// The input of a state machine without parameters.
#[must_use]
pub fn no_input() -> Value {
    Value::Object(Map::new())
}
