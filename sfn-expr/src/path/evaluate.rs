//! Walks a document along the steps of a path.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::filter::Filter;
use super::{Error, Path, Step};

/// What a missing field on the way of an indefinite path means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Missing {
    /// No result: so Step Functions was recorded to do.
    IsNothing,
    /// An error, as in plain Jayway; it decides whether a filter's path exists.
    IsAnError,
}

/// The value of `steps`, the last steps of `path`, on `document`.
pub(super) fn run<'a>(
    path: &Path,
    steps: &[Step],
    document: &'a Value,
    missing: Missing,
) -> Result<Cow<'a, Value>, Error> {
    // Plain fields and indexes are nearly all there is; they need no list of results.
    let mut here = document;
    let mut done = 0;
    for step in steps {
        here = match step {
            Step::Name(name) => match here.as_object().and_then(|members| members.get(name)) {
                Some(found) => found,
                None => break,
            },
            Step::Index(index) => match here.as_array().and_then(|items| at(items, *index)) {
                Some(found) => found,
                None => break,
            },
            _ => break,
        };
        done += 1;
    }
    if done == steps.len() {
        return Ok(Cow::Borrowed(here));
    }
    let before = path.0.steps.len() - steps.len();
    let mut walk = Walk {
        path,
        root: document,
        found: Vec::new(),
        missing,
    };
    walk.step(before + done, here, true)?;
    if path.0.definite {
        return walk.found.pop().ok_or_else(|| Error::NoResults {
            path: path.compiled(),
        });
    }
    let all = Value::Array(walk.found.into_iter().map(Cow::into_owned).collect());
    match path.over_all() {
        Some(function) => function.apply_over_all(&all).map(Cow::Owned),
        None => Ok(Cow::Owned(all)),
    }
}

/// The error for a first field `name` that is missing, where `rest` would have followed.
pub(super) fn absent(path: &Path, name: &str, rest: &[Step]) -> Error {
    if rest.is_empty() {
        Error::NoResults {
            path: path.compiled(),
        }
    } else {
        Error::MissingProperty {
            path: format!("$['{name}']"),
        }
    }
}

/// The item at `index`, which counts from the end when it is negative.
pub(super) fn at(items: &[Value], index: i64) -> Option<&Value> {
    let index = if index < 0 {
        index + items.len() as i64
    } else {
        index
    };
    usize::try_from(index)
        .ok()
        .and_then(|index| items.get(index))
}

/// The values of `steps` in a filter, or `None` where Jayway would say "path not found".
///
/// An indefinite path gives one array.
pub(super) fn in_filter<'a>(path: &Path, document: &'a Value) -> Option<Cow<'a, Value>> {
    run(path, &path.0.steps, document, Missing::IsAnError).ok()
}

struct Walk<'p, 'a> {
    path: &'p Path,
    root: &'a Value,
    found: Vec<Cow<'a, Value>>,
    missing: Missing,
}

impl<'a> Walk<'_, 'a> {
    /// Applies the steps from number `at` on to `here`.
    ///
    /// `definite` says that only definite steps led here: then a misfit is an error,
    /// while behind a wildcard, a slice or a filter it is simply no result.
    fn step(&mut self, number: usize, here: &'a Value, definite: bool) -> Result<(), Error> {
        let steps = &self.path.0.steps;
        let Some(step) = steps.get(number) else {
            self.found.push(Cow::Borrowed(here));
            return Ok(());
        };
        let is_last = number + 1 == steps.len();
        match step {
            Step::Name(name) => self.name(number, name, here, definite),
            Step::Names(names) => {
                let Value::Object(members) = here else {
                    return self.not_an_object(number, &names.join("','"), here, definite);
                };
                if is_last {
                    let merged: Map<String, Value> = names
                        .iter()
                        .filter_map(|name| Some((name.clone(), members.get(name)?.clone())))
                        .collect();
                    self.found.push(Cow::Owned(Value::Object(merged)));
                    return Ok(());
                }
                names
                    .iter()
                    .try_for_each(|name| self.name(number, name, here, false))
            }
            Step::Index(index) => self.index(number, *index, here, definite),
            Step::Indexes(indexes) => {
                if !self.is_array(number, here, definite)? {
                    return Ok(());
                }
                indexes
                    .iter()
                    .try_for_each(|index| self.item(number, *index, here, false))
            }
            Step::Slice { from, to } => {
                if !self.is_array(number, here, definite)? {
                    return Ok(());
                }
                let length = here.as_array().map_or(0, |items| items.len() as i64);
                sliced(*from, *to, length)
                    .try_for_each(|index| self.item(number, index, here, false))
            }
            Step::Wildcard => children(here).try_for_each(|child| self.lenient(number + 1, child)),
            Step::Descend => self.descend(number + 1, here),
            Step::Filter(filter) => self.filter(number, filter, here, definite),
            // After `..` a function sees all results as one array, once they are known.
            Step::Function(_) if self.path.over_all().is_some() => {
                self.found.push(Cow::Borrowed(here));
                Ok(())
            }
            Step::Function(function) => {
                self.found.push(Cow::Owned(function.apply(here)?));
                Ok(())
            }
        }
    }

    fn name(
        &mut self,
        number: usize,
        name: &str,
        here: &'a Value,
        definite: bool,
    ) -> Result<(), Error> {
        if !here.is_object() {
            return self.not_an_object(number, name, here, definite);
        }
        match here.get(name) {
            Some(found) => self.step(number + 1, found, definite),
            None if definite
                && number + 1 < self.path.0.steps.len()
                && (self.path.0.definite || self.missing == Missing::IsAnError) =>
            {
                Err(Error::MissingProperty {
                    path: format!("{}['{name}']", self.upto(number)),
                })
            }
            None => Ok(()),
        }
    }

    fn not_an_object(
        &self,
        number: usize,
        name: &str,
        here: &Value,
        definite: bool,
    ) -> Result<(), Error> {
        if !definite {
            return Ok(());
        }
        Err(Error::NotAnObject {
            property: name.to_owned(),
            path: self.upto(number),
            found: java_class(here),
        })
    }

    fn index(
        &mut self,
        number: usize,
        index: i64,
        here: &'a Value,
        definite: bool,
    ) -> Result<(), Error> {
        if self.is_array(number, here, definite)? {
            self.item(number, index, here, definite)
        } else {
            Ok(())
        }
    }

    fn is_array(&self, number: usize, here: &Value, definite: bool) -> Result<bool, Error> {
        match here {
            Value::Array(_) => Ok(true),
            _ if !definite => Ok(false),
            Value::Null => Err(Error::Null {
                path: self.upto(number),
            }),
            other => Err(Error::NotAnArray {
                step: self.rest(number),
                found: crate::java::text(other),
            }),
        }
    }

    fn item(
        &mut self,
        number: usize,
        index: i64,
        here: &'a Value,
        definite: bool,
    ) -> Result<(), Error> {
        match here.as_array().and_then(|items| at(items, index)) {
            Some(found) => self.step(number + 1, found, definite),
            None => Ok(()),
        }
    }

    /// Goes on behind a step that branches: what does not fit is no result.
    fn lenient(&mut self, number: usize, here: &'a Value) -> Result<(), Error> {
        self.step(number, here, false)
    }

    fn filter(
        &mut self,
        number: usize,
        filter: &Filter,
        here: &'a Value,
        definite: bool,
    ) -> Result<(), Error> {
        match here {
            Value::Object(_) => {
                if filter.accepts(here, self.root) {
                    self.lenient(number + 1, here)?;
                }
                Ok(())
            }
            Value::Array(_) => children(here).try_for_each(|item| {
                if filter.accepts(item, self.root) {
                    self.lenient(number + 1, item)
                } else {
                    Ok(())
                }
            }),
            _ if !definite => Ok(()),
            other => Err(Error::FilterOnPrimitive {
                step: self.rest(number),
                found: crate::java::text(other),
            }),
        }
    }

    /// Applies step `number` to `here` and to everything below, parents first.
    fn descend(&mut self, number: usize, here: &'a Value) -> Result<(), Error> {
        let applies = match &self.path.0.steps[number] {
            Step::Name(name) => here
                .as_object()
                .is_some_and(|members| members.contains_key(name)),
            Step::Names(names) => here
                .as_object()
                .is_some_and(|members| names.iter().all(|name| members.contains_key(name))),
            Step::Index(_) | Step::Indexes(_) | Step::Slice { .. } => here.is_array(),
            Step::Wildcard => here.is_object() || here.is_array(),
            Step::Filter(filter) => filter.accepts(here, self.root),
            Step::Descend | Step::Function(_) => false,
        };
        if applies && (here.is_object() || here.is_array()) {
            self.lenient(number, here)?;
        }
        children(here).try_for_each(|child| self.descend(number, child))
    }

    /// The path from step `number` on, each step in brackets.
    fn rest(&self, number: usize) -> String {
        self.path.0.steps[number..]
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    /// The path up to step `number`, each step in brackets.
    fn upto(&self, number: usize) -> String {
        let mut text = String::from("$");
        for step in &self.path.0.steps[..number] {
            write!(text, "{step}").expect("writing to a string succeeds");
        }
        text
    }
}

/// The members or items of a value, in order.
fn children(value: &Value) -> impl Iterator<Item = &Value> {
    let (items, members) = match value {
        Value::Array(items) => (Some(items), None),
        Value::Object(members) => (None, Some(members)),
        _ => (None, None),
    };
    items
        .into_iter()
        .flatten()
        .chain(members.into_iter().flat_map(|members| members.values()))
}

/// The indexes of a slice. Between two bounds a negative index stays one, as Jayway does it.
fn sliced(from: Option<i64>, to: Option<i64>, length: i64) -> std::ops::Range<i64> {
    match (from, to) {
        (Some(from), None) => {
            (if from < 0 {
                (from + length).max(0)
            } else {
                from
            })..length
        }
        (None, Some(to)) => 0..(if to < 0 { to + length } else { to.min(length) }),
        (Some(from), Some(to)) => from..to.min(length),
        (None, None) => 0..length,
    }
}

/// The Java class that stands for a value's type in Jayway's texts.
fn java_class(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "java.lang.Boolean",
        Value::Number(n) if n.is_f64() => "java.lang.Double",
        Value::Number(n) if n.as_i64().is_some_and(|n| i32::try_from(n).is_ok()) => {
            "java.lang.Integer"
        }
        Value::Number(_) => "java.lang.Long",
        Value::String(_) => "java.lang.String",
        Value::Array(_) => "net.minidev.json.JSONArray",
        Value::Object(_) => "java.util.LinkedHashMap",
    }
}
