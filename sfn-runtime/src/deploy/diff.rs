//! How two values differ.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

/// One difference between what there is and what there shall be.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// Where: `memory`, `definition.States.bake.Resource`.
    pub path: String,
    /// What there is; `None` for nothing.
    pub from: Option<Value>,
    /// What there shall be; `None` for nothing.
    pub to: Option<Value>,
}

/// How much of a value a line shows, in characters.
const SHOWN: usize = 60;

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |value: &Value| {
            let text = match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            match text.chars().count() {
                ..=SHOWN => text,
                _ => {
                    // The end of an ARN says more than its beginning.
                    let tail = text.chars().count() - SHOWN + 1;
                    format!("…{}", text.chars().skip(tail).collect::<String>())
                }
            }
        };
        match (&self.from, &self.to) {
            (Some(from), Some(to)) => write!(f, "{}: {} → {}", self.path, text(from), text(to)),
            (None, Some(to)) => write!(f, "{}: {}", self.path, text(to)),
            (Some(from), None) => write!(f, "{}: {} is removed", self.path, text(from)),
            (None, None) => f.write_str(&self.path),
        }
    }
}

impl Difference {
    pub(super) fn new(path: &str, from: Option<Value>, to: Option<Value>) -> Self {
        Self {
            path: path.to_owned(),
            from,
            to,
        }
    }
}

/// All differences, the outermost first. `null` is the same as nothing.
pub(super) fn differences(from: &Value, to: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    walk("", from, to, &mut found);
    found
}

fn walk(path: &str, from: &Value, to: &Value, found: &mut Vec<Difference>) {
    match (from, to) {
        (Value::Object(from), Value::Object(to)) => {
            let keys = to
                .keys()
                .chain(from.keys().filter(|key| !to.contains_key(*key)));
            for key in keys {
                let path = match path {
                    "" => key.clone(),
                    path => format!("{path}.{key}"),
                };
                let null = Value::Null;
                let (from, to) = (from.get(key).unwrap_or(&null), to.get(key).unwrap_or(&null));
                walk(&path, from, to, found);
            }
        }
        // A branch of a parallel that changed is better named than shown.
        (Value::Array(from), Value::Array(to))
            if from.len() == to.len() && to.iter().any(Value::is_object) =>
        {
            for (index, (from, to)) in from.iter().zip(to).enumerate() {
                walk(&format!("{path}[{index}]"), from, to, found);
            }
        }
        // Of a list of texts, what comes and what goes says more than both lists.
        (Value::Array(from), Value::Array(to)) if texts(from) && texts(to) => {
            let gone = from.iter().filter(|text| !to.contains(text));
            let come = to.iter().filter(|text| !from.contains(text));
            found.extend(gone.map(|text| Difference::new(path, Some(text.clone()), None)));
            found.extend(come.map(|text| Difference::new(path, None, Some(text.clone()))));
        }
        (from, to) if same(from, to) => {}
        (from, to) => {
            let some = |value: &Value| (!value.is_null()).then(|| value.clone());
            found.push(Difference::new(path, some(from), some(to)));
        }
    }
}

fn texts(items: &[Value]) -> bool {
    items.iter().all(Value::is_string)
}

/// Whether two values are the same to AWS, which gives whole numbers for fractions at times.
fn same(from: &Value, to: &Value) -> bool {
    match (from.as_f64(), to.as_f64()) {
        (Some(from), Some(to)) => from == to,
        _ => from == to,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(from: Value, to: Value, expected: &[&str]) {
        let found = differences(&from, &to);
        let found: Vec<String> = found.iter().map(Difference::to_string).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_difference_has_its_path() {
        check(json!({"a": 1, "b": null}), json!({"a": 1.0}), &[]);
        check(
            json!({"memory": 128}),
            json!({"memory": 256}),
            &["memory: 128 → 256"],
        );
        check(
            json!({"a": {"x": 1, "old": true}}),
            json!({"a": {"x": 1, "new": "y"}}),
            &["a.new: y", "a.old: true is removed"],
        );
        check(
            json!({"Branches": [{"a": 1}, {"a": 2}]}),
            json!({"Branches": [{"a": 1}, {"a": 3}]}),
            &["Branches[1].a: 2 → 3"],
        );
        check(
            json!({"Resource": ["a", "b"]}),
            json!({"Resource": ["b", "c"]}),
            &["Resource: a is removed", "Resource: c"],
        );
    }
}
