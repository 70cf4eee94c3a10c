//! What it means: the JSON names of a type.

use syn::{Data, DataEnum, DeriveInput, Fields, Generics, Ident, Type};

use super::{
    case::Case,
    parse::{Own, Serde, plain},
};
use crate::{diagnostics::Diagnostics, root::Root};

/// A type and its shape.
pub(super) struct Payload {
    pub(super) root: Root,
    pub(super) ident: Ident,
    pub(super) generics: Generics,
    pub(super) shape: Shape,
}

/// As the runtime's `Shape`, of the types in the source.
pub(super) enum Shape {
    Null,
    Any,
    Transparent {
        field: String,
        value: Value,
    },
    Tuple(Vec<Value>),
    Struct(Vec<Field>),
    Enum {
        tagging: Tagging,
        variants: Vec<Variant>,
    },
}

/// The shape of a field.
pub(super) enum Value {
    Of(Box<Type>),
    /// Only serde knows.
    Any,
}

pub(super) struct Field {
    pub(super) rust: String,
    pub(super) json: Option<String>,
    pub(super) flatten: bool,
    pub(super) optional: bool,
    pub(super) default: Option<Default>,
    pub(super) value: Value,
}

/// What serde takes for a key that is absent.
pub(super) enum Default {
    /// `#[serde(default)]` on the field.
    OfType,
    /// `#[serde(default)]` on the struct.
    OfStruct,
    /// `#[serde(default = "path")]` on the field.
    Path(syn::ExprPath),
}

pub(super) enum Tagging {
    External,
    Internal(String),
    Adjacent(String, String),
    Untagged,
}

pub(super) struct Variant {
    pub(super) rust: String,
    pub(super) json: String,
    pub(super) shape: Shape,
}

/// Serde reads or writes these by a function that the user names.
const BY_FUNCTION: &[&str] = &["with", "serialize_with", "deserialize_with"];
const SKIPPED: &[&str] = &["skip", "skip_serializing", "skip_deserializing"];

pub(super) fn check(input: DeriveInput, found: &mut Diagnostics) -> Option<Payload> {
    let before = found.len();
    let serde = Serde::read(&input.attrs);
    let own = Own::read(&input.attrs, found);
    if let Some(lifetime) = input.generics.lifetimes().next() {
        found
            .error(lifetime, "a payload cannot borrow")
            .note("it is read from JSON, which is gone when the step runs")
            .help("own the data: `String` for `&str`, `Vec<T>` for `&[T]`");
    }
    // These are written as another type, which serde knows and we do not see.
    let by_another_type = serde.has(&["from", "try_from", "into"]);
    let shape = if own.opaque.is_some() || by_another_type {
        Shape::Any
    } else {
        match &input.data {
            Data::Struct(data) => structure(&data.fields, &serde, found),
            Data::Enum(data) => enumeration(data, &serde, found),
            Data::Union(data) => {
                found
                    .error(&data.union_token, "a union cannot be a payload")
                    .help("use an enum: serde has to know which field is meant");
                Shape::Any
            }
        }
    };
    (found.len() == before).then_some(Payload {
        root: own.root,
        ident: input.ident,
        generics: input.generics,
        shape,
    })
}

fn structure(fields: &Fields, serde: &Serde, found: &mut Diagnostics) -> Shape {
    let case = case(serde, "rename_all", found);
    let defaulted = serde.has(&["default"]);
    if serde.has(&["transparent"]) {
        let written = fields
            .iter()
            .enumerate()
            .find(|(_, field)| !Serde::read(&field.attrs).has(SKIPPED));
        return match written {
            Some((index, field)) => Shape::Transparent {
                field: field.ident.as_ref().map_or(index.to_string(), plain),
                value: value(field, found),
            },
            // Serde reports it.
            None => Shape::Any,
        };
    }
    content(fields, case, defaulted, found)
}

/// The content of a struct or of a variant.
fn content(fields: &Fields, case: Option<Case>, defaulted: bool, found: &mut Diagnostics) -> Shape {
    match fields {
        Fields::Unit => Shape::Null,
        Fields::Named(fields) => Shape::Struct(
            fields
                .named
                .iter()
                .filter_map(|field| named(field, case, defaulted, found))
                .collect(),
        ),
        Fields::Unnamed(fields) => {
            for field in &fields.unnamed {
                if Serde::read(&field.attrs).has(SKIPPED) {
                    found
                        .error(&field.ty, "a payload cannot skip a field that has no name")
                        .note("the places of the others in the JSON array would shift")
                        .help("give the fields names");
                }
            }
            let mut values: Vec<_> = fields
                .unnamed
                .iter()
                .map(|field| value(field, found))
                .collect();
            match values.len() {
                1 => Shape::Transparent {
                    field: "0".to_owned(),
                    value: values.remove(0),
                },
                _ => Shape::Tuple(values),
            }
        }
    }
}

fn named(
    field: &syn::Field,
    case: Option<Case>,
    defaulted: bool,
    found: &mut Diagnostics,
) -> Option<Field> {
    let serde = Serde::read(&field.attrs);
    let rust = plain(field.ident.as_ref()?);
    let renamed = serde.one_name("rename", found);
    let flatten = serde.has(&["flatten"]);
    let value = value(field, found);
    // A field that is only read or only written does not survive from one state to the next.
    let skipped = serde.has(SKIPPED);
    let json = match (skipped || flatten, renamed, case) {
        (true, _, _) => None,
        (false, Some(name), _) => Some(name),
        (false, None, Some(case)) => Some(case.field(&rust)),
        (false, None, None) => Some(rust.clone()),
    };
    Some(Field {
        rust,
        json,
        flatten: flatten && !skipped,
        optional: defaulted || serde.has(&["default", "skip_serializing_if"]),
        default: default(&serde, defaulted).filter(|_| matches!(value, Value::Of(_))),
        value: if skipped { Value::Any } else { value },
    })
}

fn default(serde: &Serde, defaulted: bool) -> Option<Default> {
    match serde.text("default") {
        Some(path) => Some(Default::Path(syn::parse_str(&path).ok()?)),
        None if serde.has(&["default"]) => Some(Default::OfType),
        None if defaulted => Some(Default::OfStruct),
        None => None,
    }
}

fn value(field: &syn::Field, found: &mut Diagnostics) -> Value {
    let opaque = Own::read(&field.attrs, found).opaque.is_some();
    if opaque || Serde::read(&field.attrs).has(BY_FUNCTION) {
        Value::Any
    } else {
        Value::Of(Box::new(field.ty.clone()))
    }
}

fn enumeration(data: &DataEnum, serde: &Serde, found: &mut Diagnostics) -> Shape {
    let variant_case = case(serde, "rename_all", found);
    let field_case = case(serde, "rename_all_fields", found);
    let tagging = match (
        serde.has(&["untagged"]),
        serde.text("tag"),
        serde.text("content"),
    ) {
        (true, _, _) => Tagging::Untagged,
        (false, Some(tag), Some(content)) => Tagging::Adjacent(tag, content),
        (false, Some(tag), None) => Tagging::Internal(tag),
        (false, None, _) => Tagging::External,
    };
    let mut variants = Vec::new();
    let mut mixed = false;
    for variant in &data.variants {
        let own = Serde::read(&variant.attrs);
        if own.has(SKIPPED) {
            continue;
        }
        mixed |= own.has(&["untagged"]);
        let rust = plain(&variant.ident);
        let json = own
            .one_name("rename", found)
            .unwrap_or_else(|| variant_case.map_or(rust.clone(), |case| case.variant(&rust)));
        let case = case(&own, "rename_all", found).or(field_case);
        let shape = match own.has(BY_FUNCTION) {
            true => Shape::Transparent {
                field: "0".to_owned(),
                value: Value::Any,
            },
            false => content(&variant.fields, case, false, found),
        };
        variants.push(Variant { rust, json, shape });
    }
    match mixed {
        // Some tagged, some not: no shape of ours says so.
        true => Shape::Any,
        false => Shape::Enum { tagging, variants },
    }
}

/// The rule of `rename_all = "…"`; an unknown one is serde's to report.
fn case(serde: &Serde, option: &str, found: &mut Diagnostics) -> Option<Case> {
    serde
        .one_name(option, found)
        .and_then(|name| Case::named(&name))
}
