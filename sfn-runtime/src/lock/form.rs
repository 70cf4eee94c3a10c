//! Shapes as JSON, and whether one reader understands what another wrote.

use std::{any::TypeId, collections::BTreeMap};

use serde_json::{Map, Value, json};

use crate::{Field, Shape, Tagging};

/// The form of a shape: JSON that looks like the values it stands for.
///
/// `"integer"`, `["string"]`, `{"name": "string", "note?": "string"}`; what has no such likeness is an object with one
/// key that begins with `$`: `{"$option": "integer"}`, `{"$enum": ["small", "large"]}`.
pub(super) fn of(shape: &Shape) -> Value {
    Walk::default().form(shape)
}

#[derive(Default)]
struct Walk {
    /// The types around the present one, with their names.
    around: BTreeMap<TypeId, &'static str>,
}

impl Walk {
    fn form(&mut self, shape: &Shape) -> Value {
        match shape {
            Shape::Null => json!("null"),
            Shape::Boolean => json!("boolean"),
            Shape::Integer(_) => json!("integer"),
            Shape::Number | Shape::Single => json!("number"),
            Shape::String => json!("string"),
            Shape::Any => json!("any"),
            Shape::List(item) | Shape::Set(item) => json!([self.form(&item())]),
            Shape::Tuple(items) => {
                let items: Vec<Value> = items.iter().map(|item| self.form(&item())).collect();
                json!({ "$tuple": items })
            }
            Shape::ListOf(item) => json!([self.form(item)]),
            Shape::OptionOf(value) => json!({ "$option": self.form(value) }),
            Shape::TupleOf(items) => {
                let items: Vec<Value> = items.iter().map(|item| self.form(item)).collect();
                json!({ "$tuple": items })
            }
            Shape::Map(value) => json!({ "$map": self.form(&value()) }),
            Shape::Option(value) => json!({ "$option": self.form(&value()) }),
            Shape::Transparent {
                origin,
                name,
                shape,
                ..
            } => self.within(origin.map(|origin| origin.id()), name, |walk| {
                walk.form(&shape())
            }),
            Shape::Struct {
                origin,
                name,
                fields,
            } => self.within(origin.map(|origin| origin.id()), name, |walk| {
                let mut members = Map::new();
                walk.fields(fields, &mut members);
                members.sort_keys();
                Value::Object(members)
            }),
            Shape::Enum {
                origin,
                name,
                tagging,
                variants,
            } => self.within(origin.map(|origin| origin.id()), name, |walk| {
                let plain = variants
                    .iter()
                    .all(|variant| matches!(variant.shape, Shape::Null));
                if plain && *tagging == Tagging::External {
                    let mut names: Vec<&str> =
                        variants.iter().map(|variant| variant.json).collect();
                    names.sort_unstable();
                    return json!({ "$enum": names });
                }
                if *tagging == Tagging::Untagged {
                    // They are tried in this order, and their names are written nowhere.
                    let forms: Vec<Value> = variants
                        .iter()
                        .map(|variant| walk.form(&variant.shape))
                        .collect();
                    return json!({ "$any of": forms });
                }
                let mut members = Map::new();
                for variant in variants {
                    members.insert(variant.json.to_owned(), walk.form(&variant.shape));
                }
                members.sort_keys();
                match tagging {
                    Tagging::Internal(tag) => json!({ "$enum": members, "tag": tag }),
                    Tagging::Adjacent(tag, content) => {
                        json!({ "$enum": members, "tag": tag, "content": content })
                    }
                    _ => json!({ "$enum": members }),
                }
            }),
        }
    }

    fn fields(&mut self, fields: &[Field], members: &mut Map<String, Value>) {
        for field in fields {
            let shape = (field.shape)();
            match field.json {
                Some(name) => {
                    let optional = field.optional || matches!(shape, Shape::Option(_));
                    let name = format!("{name}{}", if optional { "?" } else { "" });
                    members.insert(name, self.form(&shape));
                }
                None if field.flatten => match self.form(&shape) {
                    Value::Object(inner) if !is_special(&inner) => members.extend(inner),
                    other => {
                        members.insert(format!("…{}", field.rust), other);
                    }
                },
                None => {}
            }
        }
    }

    /// Cuts recursion at the type's name.
    fn within(
        &mut self,
        origin: Option<TypeId>,
        name: &'static str,
        form: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        let Some(origin) = origin else {
            return form(self);
        };
        if let Some(name) = self.around.get(&origin) {
            return json!({ "$again": name });
        }
        self.around.insert(origin, name);
        let value = form(self);
        self.around.remove(&origin);
        value
    }
}

fn is_special(members: &Map<String, Value>) -> bool {
    members.keys().any(|key| key.starts_with('$'))
}

/// Whether whoever reads the form `reader` understands every value of the form `writer`. If not, what it minds, with the
/// place.
pub(super) fn understands(reader: &Value, writer: &Value) -> Result<(), String> {
    check(reader, writer, "")
}

fn check(reader: &Value, writer: &Value, at: &str) -> Result<(), String> {
    let fails = |what: String| {
        Err(match at {
            "" => what,
            at => format!("`{at}` {what}"),
        })
    };
    if reader == writer || reader == "any" {
        return Ok(());
    }
    if reader == "number" && writer == "integer" {
        return Ok(());
    }
    let special = |form: &Value, key: &str| form.get(key).cloned();
    match (special(reader, "$option"), special(writer, "$option")) {
        (Some(_), None) if writer == "null" => return Ok(()),
        (Some(reader), None) => return check(&reader, writer, at),
        (Some(reader), Some(writer)) => return check(&reader, &writer, at),
        (None, Some(_)) => return fails("may have been `null`".to_owned()),
        (None, None) => {}
    }
    match (reader, writer) {
        (Value::Array(reader), Value::Array(writer)) => match (reader.first(), writer.first()) {
            (Some(reader), Some(writer)) => check(reader, writer, &format!("{at}[]")),
            _ => Ok(()),
        },
        (Value::Object(reader_members), Value::Object(writer_members))
            if !is_special(reader_members) && !is_special(writer_members) =>
        {
            for (key, form) in reader_members {
                let (name, optional) = match key.strip_suffix('?') {
                    Some(name) => (name, true),
                    None => (key.as_str(), false),
                };
                let place = match at {
                    "" => name.to_owned(),
                    at => format!("{at}.{name}"),
                };
                let always = writer_members.get(name);
                let perhaps = writer_members.get(&format!("{name}?"));
                match (always.or(perhaps), optional) {
                    (None, true) => {}
                    (None, false) => return Err(format!("`{place}` is new and required")),
                    (Some(_), false) if always.is_none() => {
                        return Err(format!("`{place}` was optional and is required"));
                    }
                    (Some(writer), _) => check(form, writer, &place)?,
                }
            }
            Ok(())
        }
        _ => match (reader.get("$enum"), writer.get("$enum")) {
            (Some(new), Some(old))
                if reader.get("tag") == writer.get("tag")
                    && reader.get("content") == writer.get("content") =>
            {
                let (new, old) = (variants(new), variants(old));
                for (name, form) in &old {
                    match new.get(name) {
                        None => return fails(format!("no longer has the variant `{name}`")),
                        Some(new) => check(new, form, at)?,
                    }
                }
                Ok(())
            }
            _ => fails(format!("was {writer} and is {reader}")),
        },
    }
}

fn variants(of: &Value) -> BTreeMap<String, Value> {
    match of {
        Value::Array(names) => names
            .iter()
            .filter_map(Value::as_str)
            .map(|name| (name.to_owned(), json!("null")))
            .collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, form)| (name.clone(), form.clone()))
            .collect(),
        _ => BTreeMap::new(),
    }
}
