//! The table of an error type's names, put together when it is compiled: its own, and those of what it wraps.

use std::marker::PhantomData;

use super::ErrorMeta;
use crate::{Field, Payload, Shape};

/// A part of a table.
#[derive(Debug, Clone, Copy)]
pub enum ErrorPart {
    /// An error of its own.
    Own(ErrorMeta),
    /// The errors of the type that a transparent variant holds.
    Within(&'static str, &'static [ErrorMeta]),
}

/// How many errors the parts make.
#[must_use]
pub const fn counted(parts: &[ErrorPart]) -> usize {
    let mut count = 0;
    let mut part = 0;
    while part < parts.len() {
        count += match parts[part] {
            ErrorPart::Own(_) => 1,
            ErrorPart::Within(_, errors) => errors.len(),
        };
        part += 1;
    }
    count
}

/// The parts as one table.
#[must_use]
pub const fn joined<const N: usize>(parts: &[ErrorPart]) -> [ErrorMeta; N] {
    let mut table = [ErrorMeta::new("", "", false); N];
    let mut at = 0;
    let mut part = 0;
    while part < parts.len() {
        match parts[part] {
            ErrorPart::Own(error) => {
                table[at] = error;
                at += 1;
            }
            ErrorPart::Within(variant, errors) => {
                let mut index = 0;
                while index < errors.len() {
                    table[at] = ErrorMeta {
                        variant,
                        within: Some(&errors[index]),
                        ..errors[index]
                    };
                    at += 1;
                    index += 1;
                }
            }
        }
        part += 1;
    }
    table
}

/// Asks whether a type is a payload, by method look-up on a reference: [`OfPayload`] is found first.
#[derive(Debug)]
pub struct Probe<T>(PhantomData<T>);

impl<T> Probe<T> {
    /// A probe for that type.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "it has one use, in expansions")]
    pub const fn new() -> Self {
        Probe(PhantomData)
    }
}

/// The shape of a payload.
pub trait OfPayload {
    /// The payload's own.
    fn shape_of(&self) -> Shape;
}

impl<T: Payload> OfPayload for Probe<T> {
    fn shape_of(&self) -> Shape {
        T::shape()
    }
}

/// The shape of anything else.
pub trait NoPayload {
    /// Only serde knows.
    fn shape_of(&self) -> Shape;
}

impl<T> NoPayload for &Probe<T> {
    fn shape_of(&self) -> Shape {
        Shape::Any
    }
}

/// A field of an error, and what its value looks like.
pub type DataField = (&'static str, fn() -> Shape);

/// The shape of an error's data whose fields have names.
#[must_use]
pub fn data_object(name: &'static str, fields: &[DataField]) -> Shape {
    let fields = fields.iter().map(|(field, shape)| Field {
        rust: field,
        json: Some(field),
        flatten: false,
        optional: false,
        default: None,
        shape: *shape,
    });
    Shape::Struct {
        origin: None,
        name,
        fields: fields.collect(),
    }
}

/// The shape of an error's data whose fields have no names.
#[must_use]
pub fn data_array(shapes: &[fn() -> Shape]) -> Shape {
    // Made when it is asked for, and told by that from a field that is a tuple itself.
    Shape::TupleOf(shapes.iter().map(|shape| shape()).collect())
}
