//! What may cross a state boundary.

mod hash;
mod impls;
mod integer;
mod names;
mod words;

use std::any::TypeId;

use serde::{Serialize, de::DeserializeOwned};

pub(crate) use hash::Fnv;
pub use hash::schema_hash;
pub use integer::Integer;
#[cfg(debug_assertions)]
pub(crate) use names::check_shape;
pub use names::{NamesDiffer, check_names};
pub(crate) use words::{field_of, in_words};

/// A value that may be a step's parameter or result.
///
/// Between two states a value is stored as JSON, so a payload is whatever serde writes and reads
/// again. `#[derive(Payload)]` beside `Serialize` and `Deserialize` adds what the macros need on
/// top: the JSON names of the fields.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use sfn_runtime::{Payload, Shape};
///
/// #[derive(Serialize, Deserialize, Payload)]
/// #[serde(rename_all = "camelCase")]
/// struct Order {
///     order_id: u64,
///     extra_toppings: Vec<String>,
/// }
///
/// let Shape::Struct { fields, .. } = Order::shape() else { unreachable!() };
/// assert_eq!(fields[1].rust, "extra_toppings");
/// assert_eq!(fields[1].json, Some("extraToppings"));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot cross a state boundary",
    label = "not a workflow payload",
    note = "every value a step receives or returns is stored as JSON between states",
    note = "help: add `#[derive(Serialize, Deserialize, Payload)]` to `{Self}`, or mark the parameter `#[inject]` when the runtime should provide it",
    note = "help: a field of a foreign type that serde knows takes `#[payload(opaque)]`"
)]
pub trait Payload: Json + Send + 'static {
    /// What the type looks like as JSON. Never recurses: nested shapes are behind functions.
    fn shape() -> Shape;

    /// Whether it is a [`Callback`](crate::Callback) that somebody else answers.
    #[doc(hidden)]
    fn is_pending(&self) -> bool {
        false
    }
}

/// Whatever serde writes as JSON and reads again, owning its data. Never implemented by hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no JSON form",
    label = "serde cannot both write and read it",
    note = "help: add `#[derive(Serialize, Deserialize)]` to `{Self}`"
)]
pub trait Json: Serialize + DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> Json for T {}

/// What a payload looks like as JSON.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Shape {
    /// `null`: the unit type.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer(Integer),
    /// A number with a fraction: an `f64`.
    Number,
    /// A number with a fraction, in single precision: an `f32`.
    Single,
    /// A text.
    String,
    /// An array whose items all have one shape.
    List(fn() -> Shape),
    /// The same, of a set: its order means nothing.
    Set(fn() -> Shape),
    /// An array of fixed length, an item a shape.
    Tuple(Vec<fn() -> Shape>),
    /// An object with any keys, whose values all have one shape.
    Map(fn() -> Shape),
    /// The value, or `null`.
    Option(fn() -> Shape),
    /// A value written as its only field: a newtype, or `#[serde(transparent)]`.
    Transparent {
        /// The type; `None` for the content of an enum's variant.
        origin: Option<Origin>,
        /// The Rust type's or variant's name without its path, for messages.
        name: &'static str,
        /// The field's name in the source; `0` for a newtype.
        field: &'static str,
        /// The shape of its value.
        shape: fn() -> Shape,
    },
    /// An object with known fields.
    Struct {
        /// The type; `None` for the content of an enum's variant.
        origin: Option<Origin>,
        /// The Rust type's or variant's name without its path, for messages.
        name: &'static str,
        /// Its fields, in the order of the source.
        fields: Vec<Field>,
    },
    /// One of several variants.
    Enum {
        /// The type.
        origin: Option<Origin>,
        /// The Rust type's name without its path, for messages.
        name: &'static str,
        /// How the variant's name is written.
        tagging: Tagging,
        /// Its variants, in the order of the source.
        variants: Vec<Variant>,
    },
    /// JSON that only serde knows: a foreign type, or `serde_json::Value`.
    Any,
    /// A list that an expression makes; as [`List`](Self::List), for items whose type only the expression knows.
    ListOf(Box<Shape>),
    /// `Option` of a shape that is no type's.
    OptionOf(Box<Shape>),
    /// A tuple that an expression makes; as [`Tuple`](Self::Tuple).
    TupleOf(Vec<Shape>),
}

impl Shape {
    /// A list of items of that shape.
    #[must_use]
    pub fn list_of(item: Shape) -> Self {
        Shape::ListOf(Box::new(item))
    }

    /// A tuple of values of these shapes.
    #[must_use]
    pub fn tuple_of(items: Vec<Shape>) -> Self {
        Shape::TupleOf(items)
    }
}

/// Which Rust type a shape is of: cuts recursion, and lets the names be checked against serde.
#[derive(Debug, Clone, Copy)]
pub struct Origin {
    id: TypeId,
    check: fn() -> Result<(), NamesDiffer>,
}

impl Origin {
    /// The origin of `T`'s own shape.
    pub fn of<T: Payload>() -> Self {
        Origin {
            id: TypeId::of::<T>(),
            check: names::check_own_names::<T>,
        }
    }

    /// The type.
    pub fn id(&self) -> TypeId {
        self.id
    }
}

/// One field of a struct, as Rust and as JSON names it.
#[derive(Debug, Clone)]
pub struct Field {
    /// The name in the source; the index as text for a tuple struct.
    pub rust: &'static str,
    /// The key in the JSON object; `None` for a field that serde skips or flattens.
    pub json: Option<&'static str>,
    /// Whether the fields of its value stand in the parent's object (`#[serde(flatten)]`).
    pub flatten: bool,
    /// Whether the key may be absent (`default`, `skip_serializing_if`).
    pub optional: bool,
    /// What serde takes where the key is absent (`default`); none where it is refused, or stands for `None`.
    pub default: Option<fn() -> serde_json::Value>,
    /// The shape of its value.
    pub shape: fn() -> Shape,
}

/// How serde writes which variant a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tagging {
    /// `"Variant"` or `{"Variant": …}`: serde's default.
    External,
    /// `{"tag": "Variant", …}`.
    Internal(&'static str),
    /// `{"tag": "Variant", "content": …}`.
    Adjacent(&'static str, &'static str),
    /// No mark at all.
    Untagged,
}

/// One variant of an enum.
#[derive(Debug, Clone)]
pub struct Variant {
    /// The name in the source.
    pub rust: &'static str,
    /// The name in the JSON.
    pub json: &'static str,
    /// What it holds: `Shape::Null` for a unit variant, `Shape::Transparent` for one field.
    pub shape: Shape,
}

/// The shape of a value that only serde knows.
pub fn any_shape() -> Shape {
    Shape::Any
}
