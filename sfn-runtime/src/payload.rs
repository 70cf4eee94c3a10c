//! What may cross a state boundary.

use serde::{Serialize, de::DeserializeOwned};

/// A value that may be a step's parameter or result.
///
/// Between two states a value is stored as JSON, so a payload is whatever serde writes and reads
/// again. `#[derive(Payload)]` beside `Serialize` and `Deserialize` adds what the macros need on
/// top: the JSON names of the fields.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot cross a state boundary",
    label = "not a workflow payload",
    note = "every value a step receives or returns is stored as JSON between states",
    note = "help: add `#[derive(Serialize, Deserialize, Payload)]` to `{Self}`, or mark the parameter `#[inject]` when the runtime should provide it"
)]
pub trait Payload: Serialize + DeserializeOwned + Send + 'static {
    /// What the type looks like as JSON. Never recurses: nested shapes are behind functions.
    fn shape() -> Shape;
}

/// What a payload looks like as JSON.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Shape {
    /// `null`: the unit type.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A number with a fraction.
    Number,
    /// A text.
    String,
    /// An array whose items all have one shape.
    List(fn() -> Shape),
    /// An array of fixed length, an item a shape.
    Tuple(Vec<fn() -> Shape>),
    /// An object with any keys, whose values all have one shape.
    Map(fn() -> Shape),
    /// The value, or `null`.
    Option(fn() -> Shape),
    /// An object with known fields.
    Struct {
        /// The Rust type's name without its path, for messages.
        name: &'static str,
        /// Its fields, in the order of the source.
        fields: Vec<Field>,
    },
    /// One of several variants.
    Enum {
        /// The Rust type's name without its path, for messages.
        name: &'static str,
        /// How the variant's name is written.
        tagging: Tagging,
        /// Its variants, in the order of the source.
        variants: Vec<Variant>,
    },
    /// JSON that only serde knows: a foreign type, or `serde_json::Value`.
    Any,
}

/// One field of a struct, as Rust and as JSON names it.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The name in the source; the index as text for a tuple struct.
    pub rust: &'static str,
    /// The key in the JSON object; `None` for a field that serde skips.
    pub json: Option<&'static str>,
    /// Whether the fields of its value stand in the parent's object (`#[serde(flatten)]`).
    pub flatten: bool,
    /// Whether the key may be absent (`default`, `skip_serializing_if`).
    pub optional: bool,
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
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// The name in the source.
    pub rust: &'static str,
    /// The name in the JSON.
    pub json: &'static str,
    /// What it holds: `Shape::Null` for a unit variant.
    pub shape: Shape,
}
