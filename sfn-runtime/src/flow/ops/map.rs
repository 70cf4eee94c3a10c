//! Maps.

use super::{Fault, Js, Shape, X, conditional, null, one, refused, two};

/// The value of a key.
fn lookup(map: Js, key: Js, key_shape: &Shape) -> Result<Js, Fault> {
    let key = match key_shape {
        Shape::String | Shape::Enum { .. } => key,
        // JSON's keys are texts.
        Shape::Integer(_) => Js::Call("string", vec![key]),
        other => return Err(refused("a key", other)),
    };
    Ok(Js::Call("lookup", vec![map, key]))
}

/// `.get(key)` of a map
pub(super) fn get(it: X, key: X) -> X {
    two(it, key, |(map, shape), (key, key_shape)| {
        let Shape::Map(value) = shape else {
            return Err(refused(".get(..)", &shape));
        };
        let value = value();
        if value.is_option() {
            return Err(Fault::NestedOption);
        }
        Ok((lookup(map, key, &key_shape)?, Shape::option_of(value)))
    })
}

/// `map[key]`
pub(super) fn index(it: X, key: X) -> X {
    two(it, key, |(map, shape), (key, key_shape)| {
        let Shape::Map(value) = shape else {
            return Err(refused("[..]", &shape));
        };
        Ok((lookup(map, key, &key_shape)?, value()))
    })
}

/// `.contains_key(key)`
#[must_use]
pub fn contains_key(it: X, key: X) -> X {
    two(it, key, |(map, shape), (key, key_shape)| {
        let Shape::Map(_) = shape else {
            return Err(refused(".contains_key(..)", &shape));
        };
        let value = lookup(map, key, &key_shape)?;
        Ok((Js::Call("exists", vec![value]), Shape::Boolean))
    })
}

/// How many keys a map has.
pub(super) fn len(it: X) -> X {
    one(it, |map, _| {
        let keys = Js::Call("keys", vec![map]);
        Ok((
            Js::Call("count", vec![keys]),
            Shape::Integer(crate::Integer::new(64, false)),
        ))
    })
}

/// A value, or null where a test fails.
pub(super) fn only_if(test: Js, value: Js) -> Js {
    conditional(test, value, null())
}
