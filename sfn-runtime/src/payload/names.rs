//! Whether a shape's names are those that serde asks for.

use std::{any::TypeId, collections::HashSet, fmt};

use serde::de::{Deserializer, Visitor};

use super::{Payload, Shape, Tagging};

/// A shape names a key that serde does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the shape of `{type_name}` says `{name}`, but serde asks for {}",
    listed(asked)
)]
pub struct NamesDiffer {
    /// The Rust type.
    pub type_name: &'static str,
    /// The name in the shape that serde does not ask for.
    pub name: &'static str,
    /// What serde asks for.
    pub asked: &'static [&'static str],
}

fn listed(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// Checks the names in the shape of `T`, and of every type it is made of, against what serde asks for.
///
/// `#[derive(Payload)]` repeats serde's rules for names; this is how we know that it repeats them
/// well. It is asserted whenever a definition is built in a debug build. Nothing can be seen of
/// flattened fields, internally tagged and untagged enums: serde asks no names there.
///
/// # Errors
///
/// The first name that serde does not ask for. With the derive it is a bug of ours; with a
/// `Payload` written by hand, correct its names.
pub fn check_names<T: Payload>() -> Result<(), NamesDiffer> {
    check_shape(T::shape)
}

/// The same for a shape whose type is not at hand.
pub(crate) fn check_shape(shape: fn() -> Shape) -> Result<(), NamesDiffer> {
    walk(&shape(), &mut HashSet::new())
}

fn walk(shape: &Shape, seen: &mut HashSet<TypeId>) -> Result<(), NamesDiffer> {
    if let Shape::Struct { origin, .. }
    | Shape::Enum { origin, .. }
    | Shape::Transparent { origin, .. } = shape
        && let Some(origin) = origin
    {
        if !seen.insert(origin.id) {
            return Ok(());
        }
        (origin.check)()?;
    }
    match shape {
        Shape::List(inner) | Shape::Set(inner) | Shape::Map(inner) | Shape::Option(inner) => {
            walk(&inner(), seen)
        }
        Shape::ListOf(inner) | Shape::OptionOf(inner) => walk(inner, seen),
        Shape::TupleOf(items) => items.iter().try_for_each(|item| walk(item, seen)),
        Shape::Transparent { shape, .. } => walk(&shape(), seen),
        Shape::Tuple(items) => items.iter().try_for_each(|item| walk(&item(), seen)),
        Shape::Struct { fields, .. } => fields
            .iter()
            .filter(|field| field.json.is_some() || field.flatten)
            .try_for_each(|field| walk(&(field.shape)(), seen)),
        Shape::Enum { variants, .. } => variants
            .iter()
            .try_for_each(|variant| walk(&variant.shape, seen)),
        Shape::Null
        | Shape::Boolean
        | Shape::Integer(_)
        | Shape::Single
        | Shape::Number
        | Shape::String
        | Shape::Any => Ok(()),
    }
}

/// The names of `T` itself, without those of its parts.
pub(super) fn check_own_names<T: Payload>() -> Result<(), NamesDiffer> {
    let mut asked = None;
    // The tracer ends every reading with an error, which says nothing.
    drop(T::deserialize(Tracer(&mut asked)));
    let Some(asked) = asked else {
        return Ok(());
    };
    let named: Vec<&'static str> = match (asked, T::shape()) {
        (Asked::Struct(_), Shape::Struct { fields, .. }) => {
            fields.iter().filter_map(|field| field.json).collect()
        }
        (Asked::Enum(_), Shape::Enum { variants, .. }) => {
            variants.iter().map(|variant| variant.json).collect()
        }
        (
            Asked::Struct(_),
            Shape::Enum {
                tagging: Tagging::Adjacent(tag, content),
                ..
            },
        ) => vec![tag, content],
        _ => return Ok(()),
    };
    let (Asked::Struct(asked) | Asked::Enum(asked)) = asked;
    match named.into_iter().find(|name| !asked.contains(name)) {
        Some(name) => Err(NamesDiffer {
            type_name: std::any::type_name::<T>(),
            name,
            asked,
        }),
        None => Ok(()),
    }
}

#[derive(Clone, Copy)]
enum Asked {
    Struct(&'static [&'static str]),
    Enum(&'static [&'static str]),
}

/// A deserializer that notes what it is asked for, and then gives up.
struct Tracer<'a>(&'a mut Option<Asked>);

#[derive(Debug)]
struct GivesUp;

impl fmt::Display for GivesUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing to read: only the names are asked for")
    }
}

impl std::error::Error for GivesUp {}

impl serde::de::Error for GivesUp {
    fn custom<T: fmt::Display>(_: T) -> Self {
        GivesUp
    }
}

impl<'de> Deserializer<'de> for Tracer<'_> {
    type Error = GivesUp;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, GivesUp> {
        Err(GivesUp)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, GivesUp> {
        *self.0 = Some(Asked::Struct(fields));
        Err(GivesUp)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, GivesUp> {
        *self.0 = Some(Asked::Enum(variants));
        Err(GivesUp)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string
        bytes byte_buf option unit unit_struct newtype_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}
