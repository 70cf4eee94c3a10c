//! The JSON of what flows only within a workflow.

use super::caught::{Caught, CaughtError, Never};
use crate::{Field, Origin, Payload, Shape};

fn field<T: Payload>(name: &'static str) -> Field {
    Field {
        rust: name,
        json: Some(name),
        flatten: false,
        optional: false,
        default: None,
        shape: T::shape,
    }
}

impl<T: Payload> Payload for Caught<T> {
    fn shape() -> Shape {
        Shape::Struct {
            origin: Some(Origin::of::<Self>()),
            name: "Caught",
            fields: vec![field::<T>("input"), field::<CaughtError>("error")],
        }
    }
}

#[diagnostic::do_not_recommend]
impl Payload for CaughtError {
    fn shape() -> Shape {
        Shape::Struct {
            origin: Some(Origin::of::<Self>()),
            name: "CaughtError",
            fields: vec![field::<String>("name"), field::<String>("cause")],
        }
    }
}

#[diagnostic::do_not_recommend]
impl Payload for Never {
    fn shape() -> Shape {
        Shape::Null
    }
}
