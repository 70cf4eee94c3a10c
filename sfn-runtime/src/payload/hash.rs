//! A short mark of what JSON a set of shapes admits.

use std::{any::TypeId, collections::HashMap};

use super::{Field, Shape, Tagging};

/// A 64-bit FNV-1a. Ours, because the standard library's hasher promises no value across versions,
/// and this one stands in activity names.
pub(crate) struct Fnv(u64);

impl Fnv {
    pub(crate) fn new() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    /// Text with its length before it, so that `ab` + `c` differs from `a` + `bc`.
    pub(crate) fn write_text(&mut self, text: &str) {
        self.write(&(text.len() as u64).to_le_bytes());
        self.write(text.as_bytes());
    }

    pub(crate) fn finish(&self) -> u64 {
        self.0
    }
}

/// A mark of the JSON that a sequence of shapes admits, the same on every run, machine and compiler.
///
/// Names of Rust types and the order of fields do not count; JSON names, their order in a tuple,
/// the kinds of values, and which keys may be absent do. Activity names end with it, so a step
/// whose input or output changed is polled apart from the old one.
///
/// ```
/// use sfn_runtime::{schema_hash, Payload};
///
/// assert_eq!(schema_hash(&[u8::shape]), schema_hash(&[u64::shape]));
/// assert_ne!(schema_hash(&[u8::shape]), schema_hash(&[String::shape]));
/// ```
pub fn schema_hash(shapes: &[fn() -> Shape]) -> u64 {
    let mut walk = Walk {
        hash: Fnv::new(),
        seen: HashMap::new(),
    };
    walk.hash.write(&(shapes.len() as u64).to_le_bytes());
    for shape in shapes {
        walk.shape(&shape());
    }
    walk.hash.finish()
}

struct Walk {
    hash: Fnv,
    /// The types met so far, numbered in the order of the walk.
    seen: HashMap<TypeId, u64>,
}

impl Walk {
    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Null => self.mark("null"),
            Shape::Boolean => self.mark("boolean"),
            Shape::Integer(_) => self.mark("integer"),
            Shape::Number | Shape::Single => self.mark("number"),
            Shape::String => self.mark("string"),
            Shape::Any => self.mark("any"),
            Shape::List(item) | Shape::Set(item) => {
                self.mark("list");
                self.shape(&item());
            }
            Shape::ListOf(item) => {
                self.mark("list");
                self.shape(item);
            }
            Shape::TupleOf(items) => {
                self.mark("tuple");
                self.count(items.len());
                items.iter().for_each(|item| self.shape(item));
            }
            Shape::Map(value) => {
                self.mark("map");
                self.shape(&value());
            }
            Shape::OptionOf(value) => {
                self.mark("option");
                self.shape(value);
            }
            Shape::Option(value) => {
                self.mark("option");
                self.shape(&value());
            }
            Shape::Tuple(items) => {
                self.mark("tuple");
                self.count(items.len());
                for item in items {
                    self.shape(&item());
                }
            }
            Shape::Transparent { origin, shape, .. } => {
                // A newtype is its content, unless it contains itself.
                match origin.and_then(|origin| self.met(origin.id())) {
                    Some(number) => self.recursion(number),
                    None => self.shape(&shape()),
                }
            }
            Shape::Struct { origin, fields, .. } => {
                match origin.and_then(|origin| self.met(origin.id())) {
                    Some(number) => self.recursion(number),
                    None => self.fields(fields),
                }
            }
            Shape::Enum {
                origin,
                tagging,
                variants,
                ..
            } => {
                if let Some(number) = origin.and_then(|origin| self.met(origin.id())) {
                    return self.recursion(number);
                }
                self.mark("enum");
                match tagging {
                    Tagging::External => self.mark("external"),
                    Tagging::Internal(tag) => {
                        self.mark("internal");
                        self.mark(tag);
                    }
                    Tagging::Adjacent(tag, content) => {
                        self.mark("adjacent");
                        self.mark(tag);
                        self.mark(content);
                    }
                    Tagging::Untagged => self.mark("untagged"),
                }
                let mut variants: Vec<_> = variants.iter().collect();
                if *tagging != Tagging::Untagged {
                    // Untagged variants are tried in the order of the source, so it counts there.
                    variants.sort_by_key(|variant| variant.json);
                }
                self.count(variants.len());
                for variant in variants {
                    if *tagging != Tagging::Untagged {
                        self.mark(variant.json);
                    }
                    self.shape(&variant.shape);
                }
            }
        }
    }

    fn fields(&mut self, fields: &[Field]) {
        self.mark("struct");
        let mut fields: Vec<_> = fields
            .iter()
            .filter(|field| field.json.is_some() || field.flatten)
            .collect();
        fields.sort_by_key(|field| field.json);
        self.count(fields.len());
        for field in fields {
            match field.json {
                Some(json) => self.mark(json),
                None => self.mark("…flattened"),
            }
            self.mark(if field.optional {
                "optional"
            } else {
                "required"
            });
            self.shape(&(field.shape)());
        }
    }

    /// The number of a type met before; else numbers it.
    fn met(&mut self, id: TypeId) -> Option<u64> {
        let next = self.seen.len() as u64;
        match self.seen.entry(id) {
            std::collections::hash_map::Entry::Occupied(seen) => Some(*seen.get()),
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(next);
                None
            }
        }
    }

    fn recursion(&mut self, number: u64) {
        self.mark("again");
        self.hash.write(&number.to_le_bytes());
    }

    fn count(&mut self, count: usize) {
        self.hash.write(&(count as u64).to_le_bytes());
    }

    fn mark(&mut self, text: &str) {
        self.hash.write_text(text);
    }
}
