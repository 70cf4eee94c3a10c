//! Structs, enums and tuples, as serde writes them, and comparisons.

use serde_json::Value;

use super::{
    Fault, Item, Js, Local, Operator, Shape, X, as_item, binary, conditional, made, null, number,
    one, part, refused, two,
};
use crate::{
    Field, Payload, Tagging, Variant,
    flow::{Part, expression::Array, ops},
};

/// The shape of what a function gives that is never called.
pub fn shape_of<T: Payload>(_: impl FnOnce() -> T) -> Shape {
    T::shape()
}

/// `it.name`, by the field's name in the source
#[must_use]
pub fn field(it: X, name: &str) -> X {
    one(it, |js, shape| member(js, shape, name))
}

fn unknown(field: &str) -> Fault {
    Fault::Unknown {
        field: field.to_owned(),
    }
}

fn member(js: Js, shape: Shape, name: &str) -> Result<(Js, Shape), Fault> {
    match shape {
        Shape::Transparent { field, shape, .. } if field == name => Ok((js, shape())),
        Shape::Tuple(_) | Shape::TupleOf(_) => {
            let parts = shape.parts().unwrap_or_default();
            let index = name.parse::<usize>().map_err(|_| unknown(name))?;
            let part = parts.get(index).cloned().ok_or_else(|| unknown(name))?;
            Ok((element(js, index, &part), part))
        }
        Shape::Struct {
            name: owner,
            fields,
            ..
        } => {
            let field = fields
                .iter()
                .find(|field| field.rust == name)
                .ok_or_else(|| unknown(name))?;
            of_field(js, owner, field)
        }
        _ => Err(unknown(name)),
    }
}

/// A part of a list is taken out of it as it is: the brackets are for what is read as a whole.
pub(super) fn unwrapped(js: Js) -> Js {
    match js {
        Js::Sequence(inner) if matches!(*inner, Js::Part(..) | Js::At(..)) => *inner,
        other => other,
    }
}

/// The part of a tuple.
fn element(js: Js, index: usize, shape: &Shape) -> Js {
    match js {
        Js::Items(mut items) if index < items.len() => items.swap_remove(index).js,
        Js::Literal(Value::Array(mut items)) if index < items.len() => {
            Js::Literal(items.swap_remove(index))
        }
        js => {
            let js = unwrapped(js);
            let at = |js| Js::Part(Box::new(js), Part::Index(index));
            match shape.array() {
                Array::Never => at(js),
                Array::Always => Js::Sequence(Box::new(at(js))),
                // Of an empty list, `[…]` would give nothing.
                Array::Maybe => {
                    let (found, each, place) =
                        (Local::new("found"), Local::new("item"), Local::new("index"));
                    let here = binary(
                        Operator::Equal,
                        Js::Local(place.clone()),
                        number(i64::try_from(index).unwrap_or(i64::MAX)),
                    );
                    let body = conditional(here, Js::Local(each.clone()), Js::Local(found.clone()));
                    let function = Js::Function(vec![found, each, place], Box::new(body));
                    Js::Call("reduce", vec![js, function, null()])
                }
            }
        }
    }
}

fn of_field(js: Js, owner: &str, field: &Field) -> Result<(Js, Shape), Fault> {
    let shape = (field.shape)();
    let Some(key) = field.json else {
        if field.flatten {
            return Ok((js, shape));
        }
        return Err(Fault::Skipped {
            field: field.rust.to_owned(),
            owner: owner.to_owned(),
        });
    };
    let js = match js {
        Js::Object(mut members) if members.iter().any(|(known, _)| known == key) => {
            let at = members.iter().position(|(known, _)| known == key);
            at.map_or_else(null, |at| members.swap_remove(at).1)
        }
        Js::Literal(Value::Object(mut members)) if members.contains_key(key) => {
            Js::Literal(members.remove(key).unwrap_or_default())
        }
        js => part(js, key),
    };
    match field.default {
        // Where the key is absent, serde takes the default; so does the expression.
        Some(default) if !shape.is_option() && matches!(js, Js::Part(..)) => {
            let default = ops::known(&default(), Some(shape.clone())).into_js()?;
            let exists = Js::Call("exists", vec![js.clone()]);
            Ok((conditional(exists, js, default), shape))
        }
        _ => Ok((js, shape)),
    }
}

/// The variant of that name, and the enum's name and tagging.
fn variant_of<'s>(
    shape: &'s Shape,
    name: &str,
) -> Result<(&'s Variant, &'s Tagging, &'s str), Fault> {
    let Shape::Enum {
        name: owner,
        tagging,
        variants,
        ..
    } = shape
    else {
        return Err(Fault::Variant {
            variant: name.to_owned(),
            owner: shape.describe().to_owned(),
        });
    };
    let variant = variants.iter().find(|variant| variant.rust == name);
    let variant = variant.ok_or_else(|| Fault::Variant {
        variant: name.to_owned(),
        owner: (*owner).to_owned(),
    })?;
    Ok((variant, tagging, owner))
}

/// Whether an enum's value is of that variant, whatever data it carries. Whether a struct is of its own type: it is.
#[must_use]
pub fn is_variant(it: X, name: &str) -> X {
    one(it, |js, shape| {
        let shape = match shape {
            Shape::Struct { .. } | Shape::Tuple(_) | Shape::TupleOf(_) | Shape::Null => {
                return Ok((Js::Literal(Value::Bool(true)), Shape::Boolean));
            }
            // A newtype's pattern, or that of an enum within one that serde does not see.
            Shape::Transparent { name: own, .. } if own == name => {
                return Ok((Js::Literal(Value::Bool(true)), Shape::Boolean));
            }
            other => other.bare(),
        };
        let (variant, tagging, owner) = variant_of(&shape, name)?;
        let tag = |js: Js| {
            let literal = Js::Literal(Value::from(variant.json));
            binary(Operator::Equal, js, literal)
        };
        let js = match tagging {
            Tagging::External if matches!(variant.shape, Shape::Null) => tag(js),
            Tagging::External => Js::Call("exists", vec![part(js, variant.json)]),
            Tagging::Internal(at) | Tagging::Adjacent(at, _) => tag(part(js, at)),
            Tagging::Untagged => {
                return Err(Fault::Variant {
                    variant: name.to_owned(),
                    owner: owner.to_owned(),
                });
            }
        };
        Ok((js, Shape::Boolean))
    })
}

/// A field of a variant's data, or of a struct that a pattern takes apart.
#[must_use]
pub fn data(it: X, name: &str, field: &str) -> X {
    one(it, |js, shape| {
        let Shape::Enum { .. } = shape else {
            return member(js, shape, field);
        };
        let (variant, tagging, _) = variant_of(&shape, name)?;
        let content = match tagging {
            Tagging::External => part(js, variant.json),
            Tagging::Adjacent(_, content) => part(js, content),
            Tagging::Internal(_) | Tagging::Untagged => js,
        };
        member(content, variant.shape.clone(), field)
    })
}

/// Whether the value is what a path in a pattern names: a variant of its enum, or a constant.
#[must_use]
pub fn is_path(it: X, last: &str, value: impl FnOnce() -> X) -> X {
    match it.shape.clone().bare() {
        Shape::Enum { variants, .. } if variants.iter().any(|variant| variant.rust == last) => {
            is_variant(it, last)
        }
        _ => equals(it, value()),
    }
}

/// A struct, or a variant with data, from its fields; what they leave out comes from `base`.
#[must_use]
pub fn structure(shape: Shape, last: &str, fields: Vec<(&str, X)>, base: Option<X>) -> X {
    made(written(&shape, last, fields, base.as_ref()).map(|js| (js, shape)))
}

fn written(
    shape: &Shape,
    last: &str,
    mut given: Vec<(&str, X)>,
    base: Option<&X>,
) -> Result<Js, Fault> {
    if let Shape::Enum { .. } = shape {
        let (variant, tagging, _) = variant_of(shape, last)?;
        let tag = || Js::Literal(Value::from(variant.json));
        if let (Shape::Null, Tagging::External) = (&variant.shape, tagging) {
            return Ok(tag());
        }
        let content = match variant.shape {
            Shape::Null => None,
            ref shape => Some(written(shape, last, given, base)?),
        };
        return Ok(match (tagging, content) {
            (Tagging::External, Some(content)) => {
                Js::Object(vec![(variant.json.to_owned(), content)])
            }
            (Tagging::External | Tagging::Untagged, None) => null(),
            (Tagging::Untagged, Some(content)) => content,
            (Tagging::Adjacent(at, content_at), content) => {
                let mut members = vec![((*at).to_owned(), tag())];
                members.extend(content.map(|content| ((*content_at).to_owned(), content)));
                Js::Object(members)
            }
            (Tagging::Internal(at), None) => Js::Object(vec![((*at).to_owned(), tag())]),
            (Tagging::Internal(at), Some(Js::Object(mut members))) => {
                members.insert(0, ((*at).to_owned(), tag()));
                Js::Object(members)
            }
            (Tagging::Internal(at), Some(content)) => {
                merged(vec![Js::Object(vec![((*at).to_owned(), tag())]), content])
            }
        });
    }
    let mut take = |name: &str| -> Result<X, Fault> {
        if let Some(at) = given.iter().position(|(known, _)| *known == name) {
            return Ok(given.swap_remove(at).1);
        }
        match base {
            Some(base) => Ok(field(base.clone(), name)),
            None => Err(unknown(name)),
        }
    };
    match shape {
        Shape::Null => Ok(null()),
        Shape::Transparent { field, .. } => take(field)?.into_leaf(),
        Shape::Tuple(_) | Shape::TupleOf(_) => {
            let parts = shape.parts().unwrap_or_default();
            let items: Result<Vec<Item>, Fault> = parts
                .iter()
                .enumerate()
                .map(|(at, part)| Ok(as_item(take(&at.to_string())?.into_leaf()?, part)))
                .collect();
            Ok(Js::Items(items?))
        }
        Shape::Struct { fields, .. } => {
            let mut members = Vec::new();
            let mut flattened = Vec::new();
            for field in fields {
                match field.json {
                    Some(key) => members.push((key.to_owned(), take(field.rust)?.into_leaf()?)),
                    None if field.flatten => flattened.push(take(field.rust)?.into_js()?),
                    None => {}
                }
            }
            let object = Js::Object(members);
            if flattened.is_empty() {
                return Ok(object);
            }
            flattened.insert(0, object);
            Ok(merged(flattened))
        }
        other => Err(refused("a struct's literal", other)),
    }
}

fn merged(objects: Vec<Js>) -> Js {
    let mut members = Vec::new();
    if objects.iter().all(|object| matches!(object, Js::Object(_))) {
        for object in objects {
            if let Js::Object(some) = object {
                members.extend(some);
            }
        }
        return Js::Object(members);
    }
    let items = objects.into_iter().map(|js| Item {
        js,
        array: Array::Never,
    });
    Js::Call("merge", vec![Js::Items(items.collect())])
}

/// `==`
#[must_use]
pub fn equals(left: X, right: X) -> X {
    two(left, right, |(left, one), (right, other)| {
        let (js, negative) = equal(Operator::Equal, (left, one), (right, other))?;
        Ok((
            if negative { Js::Not(Box::new(js)) } else { js },
            Shape::Boolean,
        ))
    })
}

/// `!=`
#[must_use]
pub fn differs(left: X, right: X) -> X {
    two(left, right, |(left, one), (right, other)| {
        let (js, negative) = equal(Operator::NotEqual, (left, one), (right, other))?;
        Ok((
            if negative { Js::Not(Box::new(js)) } else { js },
            Shape::Boolean,
        ))
    })
}

/// The comparison, and whether it says the opposite.
fn equal(
    operator: Operator,
    (mut left, one): (Js, Shape),
    (mut right, other): (Js, Shape),
) -> Result<(Js, bool), Fault> {
    // Of a literal's parts none is absent, and against one of its kind neither is the other's.
    let literal = |js: &Js| matches!(js, Js::Literal(_));
    let (one, other) = (one.bare(), other.bare());
    if !literal(&left) && !literal(&right) {
        comparable(&one, 0)?;
        comparable(&other, 0)?;
    } else if matches!(one, Shape::Single) || matches!(other, Shape::Single) {
        return Err(Fault::Single);
    }
    if !one.is_option() && !other.is_option() {
        return Ok((binary(operator, left, right), false));
    }
    let given = |js: &Js| matches!(js, Js::Literal(value) if !value.is_null());
    // An absent key equals nothing in JSONata, not even another absent key, and differs from nothing either.
    if one.is_option() && !given(&right) {
        left = left.or_null();
    }
    if other.is_option() && !given(&left) {
        right = right.or_null();
    }
    let equal = binary(Operator::Equal, left, right);
    Ok((equal, operator == Operator::NotEqual))
}

/// Whether values of the shape are equal exactly where their JSON is.
fn comparable(shape: &Shape, depth: u8) -> Result<(), Fault> {
    /// Types may contain themselves; what is deeper was seen before.
    const DEEPEST: u8 = 8;
    if depth > DEEPEST {
        return Ok(());
    }
    let deeper = |shape: &Shape| comparable(shape, depth + 1);
    match shape {
        Shape::Single => Err(Fault::Single),
        Shape::Set(_) => Err(refused("==", shape)),
        Shape::Struct { name, fields, .. } => fields.iter().try_for_each(|field| {
            // Serde may write it or not; equal values written by different states would differ.
            if field.optional {
                return Err(Fault::Compared {
                    owner: (*name).to_owned(),
                    field: field.rust.to_owned(),
                });
            }
            deeper(&(field.shape)())
        }),
        Shape::Enum { variants, .. } => variants
            .iter()
            .try_for_each(|variant| deeper(&variant.shape)),
        Shape::Transparent { shape, .. } => deeper(&shape()),
        Shape::Option(_) | Shape::OptionOf(_) => shape.content().map_or(Ok(()), |of| deeper(&of)),
        Shape::List(_) | Shape::ListOf(_) => shape.item().map_or(Ok(()), |of| deeper(&of)),
        Shape::Tuple(_) | Shape::TupleOf(_) => {
            let parts = shape.parts().unwrap_or_default();
            parts.iter().try_for_each(deeper)
        }
        Shape::Map(value) => deeper(&value()),
        _ => Ok(()),
    }
}

fn ordered(operator: Operator, left: X, right: X) -> X {
    two(left, right, |(left, one), (right, other)| {
        for shape in [&one, &other] {
            // A text with an order of its own, such as an IP address.
            let own = matches!(shape, Shape::Transparent { field: "", .. });
            match shape.clone().bare() {
                Shape::Integer(_) | Shape::Number | Shape::String | Shape::Any if !own => {}
                Shape::Single => return Err(Fault::Single),
                _ => {
                    return Err(Fault::NoOrder {
                        operator: operator.rust(),
                        found: shape.describe(),
                    });
                }
            }
        }
        Ok((binary(operator, left, right), Shape::Boolean))
    })
}

/// `<`
#[must_use]
pub fn less_than(left: X, right: X) -> X {
    ordered(Operator::Less, left, right)
}

/// `<=`
#[must_use]
pub fn at_most(left: X, right: X) -> X {
    ordered(Operator::LessOrEqual, left, right)
}

/// `>`
#[must_use]
pub fn more_than(left: X, right: X) -> X {
    ordered(Operator::Greater, left, right)
}

/// `>=`
#[must_use]
pub fn at_least(left: X, right: X) -> X {
    ordered(Operator::GreaterOrEqual, left, right)
}
