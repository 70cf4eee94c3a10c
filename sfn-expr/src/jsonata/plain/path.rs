//! Paths from a variable over fields and indexes, with the rules by which JSONata maps over arrays.

use serde_json::Value;

use super::super::Bindings;
use super::{Part, Unsure};

/// `$x[0].y.z[-1]`.
#[derive(Debug, Clone)]
pub(in super::super) struct Path {
    pub(super) root: Root,
    /// The indexes behind the root.
    pub(super) indexes: Vec<i64>,
    pub(super) steps: Vec<Step>,
}

#[derive(Debug, Clone)]
pub(super) enum Root {
    Input,
    Result,
    ErrorOutput,
    /// A member of the context object.
    Context(String),
    Variable(String),
}

/// A field, with the indexes behind it.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) name: String,
    pub(super) indexes: Vec<i64>,
}

/// What one item of a step's input gives.
enum Found<'a> {
    Undefined,
    /// A value of the data; an array stays one.
    Value(&'a Value),
    /// A sequence: it is poured into the next.
    Sequence(Vec<&'a Value>),
}

impl Path {
    pub(super) fn evaluate<'a>(&self, bindings: &Bindings<'a>) -> Result<Part<'a>, Unsure> {
        let start = match &self.root {
            Root::Input => Some(bindings.input),
            Root::Result => bindings.result,
            Root::ErrorOutput => bindings.error_output,
            Root::Context(name) => bindings.context.member(name),
            // Without a variable of that name it may be a function.
            Root::Variable(name) => Some(bindings.variables.get(name).ok_or(Unsure)?),
        };
        let Some(start) = start else {
            return Ok(Part::Undefined);
        };
        if let Some(part) = self.through_objects(start) {
            return Ok(part);
        }
        Ok(self.through_arrays(start))
    }

    /// The value, when only objects lead to it.
    fn through_objects<'a>(&self, start: &'a Value) -> Option<Part<'a>> {
        if !self.indexes.is_empty() {
            return None;
        }
        let mut here = start;
        for step in &self.steps {
            if !step.indexes.is_empty() {
                return None;
            }
            match here {
                Value::Object(members) => match members.get(&step.name) {
                    Some(found) => here = found,
                    None => return Some(Part::Undefined),
                },
                Value::Array(_) => return None,
                _ => return Some(Part::Undefined),
            }
        }
        Some(Part::Borrowed(here))
    }

    fn through_arrays<'a>(&self, start: &'a Value) -> Part<'a> {
        let mut found = vec![Found::Value(start).at(&self.indexes)];
        for step in &self.steps {
            let input = poured(found);
            if input.is_empty() {
                return Part::Undefined;
            }
            found = input
                .into_iter()
                .map(|item| field(item, &step.name).at(&step.indexes))
                .collect();
            found.retain(|found| !matches!(found, Found::Undefined));
        }
        // The one array that the last step gives stays an array, even of one item or none.
        if let [Found::Value(array @ Value::Array(_))] = found[..] {
            return Part::Borrowed(array);
        }
        let mut values = poured(found);
        match values.len() {
            0 => Part::Undefined,
            1 => Part::Borrowed(values.remove(0)),
            _ => Part::Several(values),
        }
    }
}

impl<'a> Found<'a> {
    /// The item at each index in turn.
    fn at(self, indexes: &[i64]) -> Found<'a> {
        indexes.iter().fold(self, |found, index| {
            let items = match &found {
                Found::Undefined => &[],
                Found::Value(Value::Array(items)) => {
                    return Found::item(items.iter(), items.len(), *index);
                }
                Found::Value(value) => &[*value][..],
                Found::Sequence(items) => &items[..],
            };
            Found::item(items.iter().copied(), items.len(), *index)
        })
    }

    fn item(mut items: impl Iterator<Item = &'a Value>, length: usize, index: i64) -> Found<'a> {
        let index = if index < 0 {
            index + length as i64
        } else {
            index
        };
        match usize::try_from(index)
            .ok()
            .and_then(|index| items.nth(index))
        {
            Some(array @ Value::Array(_)) => Found::Value(array),
            Some(value) => Found::Sequence(vec![value]),
            None => Found::Sequence(Vec::new()),
        }
    }
}

/// The values of a step as the next one sees them: arrays and sequences are poured out, one level deep.
fn poured(found: Vec<Found<'_>>) -> Vec<&Value> {
    let mut values = Vec::with_capacity(found.len());
    for found in found {
        match found {
            Found::Undefined => {}
            Found::Value(Value::Array(items)) => values.extend(items),
            Found::Value(value) => values.push(value),
            Found::Sequence(items) => values.extend(items),
        }
    }
    values
}

/// The field `name` of an item; of an array, those of its items at any depth.
fn field<'a>(item: &'a Value, name: &str) -> Found<'a> {
    match item {
        Value::Object(members) => members.get(name).map_or(Found::Undefined, Found::Value),
        Value::Array(_) => {
            let mut values = Vec::new();
            collect(item, name, &mut values);
            match values.len() {
                0 => Found::Undefined,
                1 => Found::Value(values[0]),
                _ => Found::Sequence(values),
            }
        }
        _ => Found::Undefined,
    }
}

fn collect<'a>(item: &'a Value, name: &str, values: &mut Vec<&'a Value>) {
    match item {
        Value::Array(items) => items.iter().for_each(|item| collect(item, name, values)),
        Value::Object(members) => match members.get(name) {
            Some(Value::Array(items)) => values.extend(items),
            Some(value) => values.push(value),
            None => {}
        },
        _ => {}
    }
}
