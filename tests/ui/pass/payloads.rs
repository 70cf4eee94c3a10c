//! The names of `derive(Payload)` are those that serde writes and asks for.

use std::collections::{BTreeMap, HashMap, VecDeque};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use sfn_runtime::{Field, Payload, Shape, Tagging, check_names, schema_hash};

macro_rules! payload {
    ($($item:item)*) => {$(
        #[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Payload)]
        $item
    )*};
}

payload! {
    #[serde(rename_all = "camelCase")]
    struct Camel { order_id: u8, r#type: u8, #[serde(rename = "The Name")] name: u8 }
    #[serde(rename_all = "PascalCase")]
    struct Pascal { order_id: u8 }
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    struct ScreamingSnake { order_id: u8 }
    #[serde(rename_all = "kebab-case")]
    struct Kebab { order_id: u8 }
    #[serde(rename_all = "SCREAMING-KEBAB-CASE")]
    struct ScreamingKebab { order_id: u8 }
    #[serde(rename_all = "lowercase")]
    struct Lower { order_id: u8 }
    #[serde(rename_all = "UPPERCASE")]
    struct Upper { order_id: u8 }
    struct Plain {
        #[serde(alias = "old")]
        new: u8,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        maybe: Option<u8>,
        #[serde(skip)]
        hidden: u8,
        #[serde(flatten)]
        rest: Pascal,
    }
    struct Unit;
    struct Newtype(Vec<u8>);
    struct Pair(u8, String);
    #[serde(transparent)]
    struct Transparent { inner: Camel }
    struct Page<T> where T: Default { items: Vec<T>, next: Option<Box<Page<T>>> }
    struct Foreign { #[payload(opaque)] number: serde_json::Value, #[serde(with = "hex")] bytes: u8 }
}

mod hex {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(byte: &u8, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&format!("{byte:x}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u8, D::Error> {
        let text = String::deserialize(from)?;
        u8::from_str_radix(&text, 16).map_err(serde::de::Error::custom)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
enum External {
    VeryPlain,
    #[serde(rename = "one")]
    Single(u8),
    Two(u8, u8),
    WithFields {
        some_field: u8,
    },
    #[serde(rename_all = "UPPERCASE")]
    Loud {
        some_field: u8,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(tag = "kind")]
enum Internal {
    A,
    B { x: u8 },
    C(Camel),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(tag = "kind", content = "value")]
enum Adjacent {
    A,
    B { x: u8 },
    C(u8, u8),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(untagged)]
enum Untagged {
    A(u8),
    B { x: u8 },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
enum Tree {
    Leaf,
    Node(Box<Tree>, Vec<Tree>),
    Wrapped(Box<Tree>),
}

/// Whether JSON that serde wrote has the shape that we say.
fn fits(value: &Value, shape: &Shape) -> bool {
    match shape {
        Shape::Null => value.is_null(),
        Shape::Boolean => value.is_boolean(),
        Shape::Integer(_) => value.is_i64() || value.is_u64(),
        Shape::Number | Shape::Single => value.is_number(),
        Shape::String => value.is_string(),
        Shape::Any => true,
        Shape::Option(inner) => value.is_null() || fits(value, &inner()),
        Shape::Transparent { shape, .. } => fits(value, &shape()),
        Shape::List(item) | Shape::Set(item) => value
            .as_array()
            .is_some_and(|items| items.iter().all(|value| fits(value, &item()))),
        Shape::Tuple(items) => value.as_array().is_some_and(|values| {
            values.len() == items.len()
                && values
                    .iter()
                    .zip(items)
                    .all(|(value, item)| fits(value, &item()))
        }),
        Shape::Map(item) => value
            .as_object()
            .is_some_and(|object| object.values().all(|value| fits(value, &item()))),
        Shape::Struct { fields, .. } => struct_fits(value, fields, &[]),
        Shape::Enum {
            tagging, variants, ..
        } => variants.iter().any(|variant| match tagging {
            Tagging::External => match &variant.shape {
                Shape::Null => value == variant.json,
                shape => value
                    .get(variant.json)
                    .is_some_and(|value| fits(value, shape)),
            },
            Tagging::Internal(tag) => {
                value[tag] == variant.json
                    && match &variant.shape {
                        Shape::Null => true,
                        Shape::Struct { fields, .. } => struct_fits(value, fields, &[tag]),
                        Shape::Transparent { shape, .. } => match shape() {
                            Shape::Struct { fields, .. } => struct_fits(value, &fields, &[tag]),
                            _ => false,
                        },
                        _ => false,
                    }
            }
            Tagging::Adjacent(tag, content) => {
                value[tag] == variant.json
                    && match &variant.shape {
                        Shape::Null => value.get(content).is_none(),
                        shape => fits(&value[content], shape),
                    }
            }
            Tagging::Untagged => fits(value, &variant.shape),
        }),
        other => panic!("no rule for {other:?}"),
    }
}

fn struct_fits(value: &Value, fields: &[Field], more: &[&str]) -> bool {
    let Some(object) = value.as_object() else {
        return false;
    };
    let known = |key: &String| {
        more.contains(&key.as_str())
            || fields.iter().any(|field| {
                field.json == Some(key)
                    || field.flatten
                        && match (field.shape)() {
                            Shape::Struct { fields, .. } => {
                                fields.iter().any(|field| field.json == Some(key))
                            }
                            _ => true,
                        }
            })
    };
    object.keys().all(known)
        && fields.iter().all(|field| match field.json {
            Some(key) => match object.get(key) {
                Some(value) => fits(value, &(field.shape)()),
                None => field.optional,
            },
            None => true,
        })
}

#[track_caller]
fn check<T: Payload + Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: T) {
    assert_eq!(check_names::<T>(), Ok(()));
    let json = serde_json::to_value(&value).expect("it serializes");
    assert!(fits(&json, &T::shape()), "{json} is no {:#?}", T::shape());
    assert_eq!(
        serde_json::from_value::<T>(json).expect("it deserializes"),
        value
    );
}

#[test]
fn shapes_are_what_serde_writes() {
    check(Camel::default());
    check(Pascal::default());
    check(ScreamingSnake::default());
    check(Kebab::default());
    check(ScreamingKebab::default());
    check(Lower::default());
    check(Upper::default());
    check(Plain::default());
    check(Plain {
        maybe: Some(1),
        ..Plain::default()
    });
    check(Unit);
    check(Newtype(vec![1]));
    check(Pair(1, "a".into()));
    check(Transparent::default());
    check(Page {
        items: vec![1_u8],
        next: Some(Box::default()),
    });
    check(Foreign {
        number: json!({"any": 1}),
        bytes: 255,
    });
    for value in [
        External::VeryPlain,
        External::Single(1),
        External::Two(1, 2),
        External::WithFields { some_field: 1 },
        External::Loud { some_field: 1 },
    ] {
        check(value);
    }
    for value in [
        Internal::A,
        Internal::B { x: 1 },
        Internal::C(Camel::default()),
    ] {
        check(value);
    }
    for value in [Adjacent::A, Adjacent::B { x: 1 }, Adjacent::C(1, 2)] {
        check(value);
    }
    check(Untagged::A(1));
    check(Untagged::B { x: 1 });
    check(Tree::Wrapped(Box::new(Tree::Node(
        Box::new(Tree::Leaf),
        vec![Tree::Leaf],
    ))));
}

#[test]
fn standard_types_have_shapes() {
    check(());
    check((1_u8, "a".to_owned(), Some(true), [1.5, 2.5]));
    check(vec![VecDeque::from([1_i64])]);
    check(HashMap::from([("a".to_owned(), 1_u8)]));
    check(BTreeMap::from([(1_u8, json!(null))]));
    check(std::time::Duration::from_millis(1_500));
    check(std::time::SystemTime::UNIX_EPOCH);
    check('c');
    check(std::num::NonZeroU8::MIN);
}

#[derive(Serialize, Deserialize)]
struct ByHand {
    total: u8,
}

impl Payload for ByHand {
    fn shape() -> Shape {
        Shape::Struct {
            origin: Some(sfn_runtime::Origin::of::<Self>()),
            name: "ByHand",
            fields: vec![Field {
                rust: "total",
                json: Some("sum"),
                flatten: false,
                optional: false,
                default: None,
                shape: u8::shape,
            }],
        }
    }
}

#[test]
fn a_shape_with_other_names_is_found_however_deep() {
    let differ = check_names::<Option<Vec<(u8, ByHand)>>>().expect_err("`sum` is not `total`");
    assert_eq!((differ.name, differ.asked), ("sum", &["total"][..]));
    assert!(
        differ
            .to_string()
            .ends_with("says `sum`, but serde asks for `total`"),
        "{differ}"
    );
}

#[test]
fn schema_hashes_tell_data_apart_and_stay() {
    #[derive(Serialize, Deserialize, Payload)]
    struct Reordered {
        #[serde(rename = "The Name")]
        any: u64,
        #[serde(rename = "type")]
        other: i8,
        #[serde(rename = "orderId")]
        id: u16,
    }
    let hash = |shape: fn() -> Shape| schema_hash(&[shape]);
    // Written down: activities are named by them, so they must not move with a compiler.
    assert_eq!(format!("{:016x}", hash(Camel::shape)), "ccfa5e21767ec8fe");
    assert_eq!(format!("{:016x}", hash(Tree::shape)), "1075da6ed556cfc2");
    assert_eq!(hash(Camel::shape), hash(Reordered::shape));
    assert_eq!(hash(Newtype::shape), hash(Vec::<u8>::shape));
    assert_ne!(hash(Page::<u8>::shape), hash(Page::<String>::shape));
    assert_ne!(
        hash(Page::<Page<u8>>::shape),
        hash(Page::<Page<String>>::shape)
    );
    assert_ne!(hash(Camel::shape), hash(Pascal::shape));
    assert_ne!(hash(Internal::shape), hash(Adjacent::shape));
    assert_ne!(
        schema_hash(&[u8::shape, String::shape]),
        schema_hash(&[String::shape, u8::shape])
    );
}
