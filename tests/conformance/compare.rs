//! Comparing what happened with what was recorded, as `compare_history.py` beside the cases does.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value, json};

use crate::case::Case;
use crate::tree;

/// Where and how two values differ.
#[derive(Debug, Clone)]
pub(crate) struct Differ {
    pub(crate) path: String,
    what: Box<Difference>,
}

#[derive(Debug, Clone)]
struct Difference {
    expected: Option<Value>,
    actual: Option<Value>,
    why: String,
}

impl Differ {
    pub(crate) fn new(
        path: impl Into<String>,
        expected: Option<&Value>,
        actual: Option<&Value>,
        why: impl Into<String>,
    ) -> Self {
        let (expected, actual) = (expected.cloned(), actual.cloned());
        let what = Difference {
            expected,
            actual,
            why: why.into(),
        };
        Differ {
            path: path.into(),
            what: Box::new(what),
        }
    }
}

impl std::fmt::Display for Differ {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let show = |value: &Option<Value>| match value {
            None => "(absent)".to_owned(),
            Some(value) => value.to_string().chars().take(1200).collect(),
        };
        let path = if self.path.is_empty() {
            "(top)"
        } else {
            &self.path
        };
        write!(
            f,
            "at {path}: {}\n  expected: {}\n  actual:   {}",
            self.what.why,
            show(&self.what.expected),
            show(&self.what.actual)
        )
    }
}

/// What placeholders stand for.
pub(crate) type Bindings = BTreeMap<String, String>;

static PLACEHOLDER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"<[A-Za-z][A-Za-z0-9_.\-]*(?::\d+)?>").expect("a valid pattern"));
static TWICE_REPLACED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"<<([a-z_]+)>:(\d+)>").expect("a valid pattern"));
static NUMBERED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^<(.*?)(?::(\d+)|_(\d+)idx)>$").expect("a valid pattern"));
static ISO8601: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[1-9]\d{3}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-][01]\d:?(?:[0-5]\d)?)")
        .expect("a valid pattern")
});
static PARTITION: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"arn:aws(-[a-z-]+)?:").expect("a valid pattern"));

/// Values the recorder replaced by a fixed word whatever they were, by key.
const FIXED: [(&str, &str); 6] = [
    ("Date", "date"),
    ("RequestId", "RequestId"),
    ("X-Amzn-Trace-Id", "X-Amzn-Trace-Id"),
    ("x-amz-crc32", "x-amz-crc32"),
    ("x-amzn-RequestId", "x-amzn-RequestId"),
    ("x-amzn-requestid", "x-amzn-requestid"),
];

/// Compares values of one case.
pub(crate) struct Comparer {
    substitutions: Vec<(String, String)>,
    patterns: Vec<(Regex, String)>,
    fixed: HashMap<String, String>,
    fixed_words: BTreeSet<String>,
}

impl Comparer {
    pub(crate) fn new(case: &Case) -> Self {
        let pairs = |key: &str| -> Vec<(String, String)> {
            let list = case.value.get(key).and_then(Value::as_array);
            let text =
                |pair: &Value, index: usize| pair[index].as_str().unwrap_or_default().to_owned();
            list.into_iter()
                .flatten()
                .map(|pair| (text(pair, 0), text(pair, 1)))
                .collect()
        };
        let mut patterns: Vec<_> = pairs("regex_substitutions")
            .into_iter()
            .map(|(find, replace)| (pattern(&find), with_surroundings(&replace)))
            .collect();
        for (find, replace) in [
            (
                r"Extended Request ID: [a-zA-Z0-9\-/=+]+",
                "Extended Request ID: <extended_request_id>",
            ),
            (r"\bRequest ID: [a-zA-Z0-9\-]+", "Request ID: <request_id>"),
        ] {
            patterns.push((
                Regex::new(find).expect("a valid pattern"),
                with_surroundings(replace),
            ));
        }
        let mut fixed: HashMap<_, _> = FIXED
            .iter()
            .map(|(key, word)| ((*key).to_owned(), (*word).to_owned()))
            .collect();
        let mut fixed_words = BTreeSet::new();
        for transformer in case
            .value
            .get("transformers")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            if let (Some(path), Some(becomes)) = (
                transformer["jsonpath"].as_str(),
                transformer["becomes"].as_str(),
            ) {
                if !becomes.ends_with(":N>") {
                    let path = path.trim_end_matches(']');
                    let last = path.rsplit(['.', '[', ']']).next().unwrap_or_default();
                    fixed.insert(
                        last.trim_matches(['\'', '"']).to_owned(),
                        becomes.to_owned(),
                    );
                }
            } else if let Some(becomes) = transformer["values_of_some_key_become"].as_str()
                && !becomes.ends_with(":N>")
            {
                fixed_words.insert(becomes.to_owned());
            }
        }
        for word in case
            .value
            .get("free_words")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            fixed_words.extend(word.as_str().map(str::to_owned));
        }
        Comparer {
            substitutions: pairs("substitutions"),
            patterns,
            fixed,
            fixed_words,
        }
    }

    fn norm_text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (find, replace) in &self.substitutions {
            text = text.replace(find, replace);
        }
        for (pattern, replace) in &self.patterns {
            text = pattern.replace_all(&text, replace).into_owned();
        }
        text = text.replace("us-east-1", "<region>");
        text = PARTITION
            .replace_all(&text, "arn:<partition>:")
            .into_owned();
        ISO8601
            .replace_all(&text, |found: &regex::Captures<'_>| {
                if is_a_day(&found[0][..10]) {
                    "date".to_owned()
                } else {
                    found[0].to_owned()
                }
            })
            .into_owned()
    }

    /// The actual side with what the recorder would have replaced.
    pub(crate) fn norm(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.norm_text(text)),
            Value::Array(items) => items.iter().map(|item| self.norm(item)).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(key, value)| (self.norm_text(key), self.norm(value)))
                .collect(),
            other => other.clone(),
        }
    }

    fn match_text(&self, e: &str, a: &str, bind: &mut Bindings, path: &str) -> Result<(), Differ> {
        if e == a {
            return Ok(());
        }
        // Two recordings had their placeholder replaced once more; it is still one placeholder.
        let e = &*TWICE_REPLACED.replace_all(e, "<$1:$2>");
        let differ = |why: &str| Differ::new(path, Some(&json!(e)), Some(&json!(a)), why);
        let parsed = (
            serde_json::from_str::<Value>(e),
            serde_json::from_str::<Value>(a),
        );
        if let (Ok(expected), Ok(actual)) = &parsed
            && (expected.is_array() || expected.is_object())
        {
            return self.matches(expected, actual, bind, &format!("{path}(json)"));
        }
        if PLACEHOLDER.is_match(e) {
            let mut found = bind.clone();
            if !match_pieces(&pieces(e), a, &mut found) {
                return Err(differ("text does not fit the pattern"));
            }
            for (placeholder, text) in found
                .iter()
                .filter(|(placeholder, _)| !bind.contains_key(*placeholder))
            {
                let stem = stem(placeholder);
                let twin = found.iter().find(|(other, known)| {
                    *other != placeholder && *known == text && self::stem(other) == stem
                });
                if let Some((other, _)) = twin {
                    return Err(differ(&format!(
                        "{placeholder} and {other} would both be {text:?}"
                    )));
                }
            }
            *bind = found;
            return Ok(());
        }
        if let (Ok(expected), Ok(actual)) = parsed
            && expected == actual
        {
            return Ok(());
        }
        Err(differ("text differs"))
    }

    /// Whether the actual value is the expected one.
    pub(crate) fn matches(
        &self,
        e: &Value,
        a: &Value,
        bind: &mut Bindings,
        path: &str,
    ) -> Result<(), Differ> {
        let key = path.rsplit('.').next().unwrap_or_default();
        let differ = |why: &str| Differ::new(path, Some(e), Some(a), why);
        match (e, a) {
            (Value::String(text), _) => {
                if self.fixed.get(key) == Some(text)
                    || self.fixed_words.contains(text)
                    || text == "timestamp" && key.to_lowercase().contains("timestamp")
                    || text == "datetime" && (a.is_string() || a.is_number())
                {
                    return Ok(());
                }
                match a {
                    Value::Array(_) | Value::Object(_) if is_placeholder(text) => Ok(()),
                    Value::String(actual) => self.match_text(text, actual, bind, path),
                    _ => Err(differ("expected text")),
                }
            }
            (Value::Bool(_) | Value::Null, _) if e == a => Ok(()),
            (Value::Bool(_) | Value::Null, _) => Err(differ("value differs")),
            (Value::Number(expected), Value::Number(actual)) if same_number(expected, actual) => {
                Ok(())
            }
            (Value::Number(_), _) => Err(differ("number differs")),
            (Value::Array(_) | Value::Object(_), Value::String(text)) => {
                let open = if e.is_object() { '{' } else { '[' };
                match serde_json::from_str::<Value>(text) {
                    Ok(parsed) if text.starts_with(open) => self.matches(e, &parsed, bind, path),
                    _ => Err(differ("expected an object or a list")),
                }
            }
            (Value::Array(expected), Value::Array(actual)) => {
                for (index, (x, y)) in expected.iter().zip(actual).enumerate() {
                    self.matches(x, y, bind, &format!("{path}[{index}]"))?;
                }
                if expected.len() == actual.len() {
                    Ok(())
                } else {
                    Err(differ("list length differs"))
                }
            }
            (Value::Object(expected), Value::Object(actual)) => {
                self.match_object(expected, actual, bind, path)
            }
            (Value::Array(_), _) => Err(differ("expected a list")),
            (Value::Object(_), _) => Err(differ("expected an object")),
        }
    }

    fn match_object(
        &self,
        expected: &Map<String, Value>,
        actual: &Map<String, Value>,
        bind: &mut Bindings,
        path: &str,
    ) -> Result<(), Differ> {
        let mut rest = actual.clone();
        for (key, value) in expected {
            let here = format!("{path}.{key}");
            if let Some(actual) = rest.shift_remove(key) {
                self.matches(value, &actual, bind, &here)?;
                continue;
            }
            let missing = || Differ::new(&here, Some(value), None, "key is missing");
            if !PLACEHOLDER.is_match(key) {
                return Err(missing());
            }
            let fits = |(name, actual): (&String, &Value)| {
                let mut trial = bind.clone();
                self.match_text(key, name, &mut trial, path).ok()?;
                self.matches(value, actual, &mut trial, &format!("{path}.{name}"))
                    .ok()?;
                Some((name.clone(), trial))
            };
            let (name, trial) = rest.iter().find_map(fits).ok_or_else(missing)?;
            *bind = trial;
            rest.shift_remove(&name);
        }
        match rest.iter().next() {
            None => Ok(()),
            Some((key, value)) => Err(Differ::new(
                format!("{path}.{key}"),
                None,
                Some(value),
                "key is not expected",
            )),
        }
    }

    /// Compares histories; answers how they agree.
    pub(crate) fn compare(
        &self,
        expected: &[Value],
        actual: &[Value],
        ordered: bool,
    ) -> Result<&'static str, Differ> {
        let expected: Vec<Value> = expected.iter().map(parse_texts).collect();
        let actual: Vec<Value> = actual
            .iter()
            .map(|event| self.norm(&parse_texts(event)))
            .collect();
        if !ordered {
            return tree::compare_bags(self, &expected, &actual).map(|()| "bag");
        }
        let first = match self.compare_lists(&expected, &actual) {
            Ok(()) => return Ok("exact"),
            Err(first) => first,
        };
        if !expected.iter().any(tree::is_fork) {
            return Err(first);
        }
        tree::compare_trees(self, &expected, &actual).map(|()| "partial-order")
    }

    fn compare_lists(&self, expected: &[Value], actual: &[Value]) -> Result<(), Differ> {
        let mut bind = Bindings::new();
        for (index, (e, a)) in expected.iter().zip(actual).enumerate() {
            let path = format!(
                "events[{index}]({})",
                e["type"].as_str().unwrap_or_default()
            );
            if e["type"] != a["type"] {
                return Err(Differ::new(path, Some(e), Some(a), "another type"));
            }
            self.matches(e, a, &mut bind, &path)?;
        }
        let index = expected.len().min(actual.len());
        if expected.len() == actual.len() {
            return Ok(());
        }
        let why = format!("{} events expected, {} found", expected.len(), actual.len());
        Err(Differ::new(
            format!("events[{index}]"),
            expected.get(index),
            actual.get(index),
            why,
        ))
    }
}

/// A pattern of the recorder's. Looking behind and ahead, which is not to be had here, becomes matching what is there.
fn pattern(find: &str) -> Regex {
    let find = find
        .replace("(?<=", "(?P<before>")
        .replace("(?=", "(?P<after>");
    Regex::new(&find).expect("the cases' patterns are plain")
}

/// What a pattern's match becomes: the replacement, with what was there before and after it.
fn with_surroundings(replace: &str) -> String {
    format!("${{before}}{}${{after}}", replace.replace('$', "$$"))
}

fn same_number(a: &serde_json::Number, b: &serde_json::Number) -> bool {
    a == b || a.as_f64() == b.as_f64()
}

fn stem(placeholder: &str) -> Option<String> {
    NUMBERED
        .captures(placeholder)
        .map(|found| found[1].to_owned())
}

fn is_placeholder(text: &str) -> bool {
    PLACEHOLDER
        .find(text)
        .is_some_and(|found| found.len() == text.len())
}

/// A part of a pattern.
enum Piece<'a> {
    Literal(&'a str),
    Placeholder(&'a str),
}

fn pieces(pattern: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut from) = (Vec::new(), 0);
    for found in PLACEHOLDER.find_iter(pattern) {
        if found.start() > from {
            pieces.push(Piece::Literal(&pattern[from..found.start()]));
        }
        pieces.push(Piece::Placeholder(found.as_str()));
        from = found.end();
    }
    if from < pattern.len() {
        pieces.push(Piece::Literal(&pattern[from..]));
    }
    pieces
}

/// Whether the text is the pieces one after the other; the shortest texts are tried first for placeholders.
fn match_pieces(pieces: &[Piece<'_>], text: &str, bind: &mut Bindings) -> bool {
    match pieces {
        [] => text.is_empty(),
        [Piece::Literal(literal), rest @ ..] => text
            .strip_prefix(literal)
            .is_some_and(|text| match_pieces(rest, text, bind)),
        [Piece::Placeholder(name), rest @ ..] => {
            let numbered = NUMBERED.is_match(name);
            if numbered && let Some(known) = bind.get(*name).cloned() {
                return [known.as_str(), name]
                    .iter()
                    .filter_map(|known| text.strip_prefix(*known))
                    .any(|text| match_pieces(rest, text, bind));
            }
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            for end in ends.filter(|end| !numbered || *end > 0) {
                // Only ends after which the next literal stands are worth a try.
                if let Some(Piece::Literal(literal)) = rest.first()
                    && !text[end..].starts_with(literal)
                {
                    continue;
                }
                if rest.is_empty() && end < text.len() {
                    continue;
                }
                let before = bind.clone();
                if numbered {
                    bind.insert((*name).to_owned(), text[..end].to_owned());
                }
                if match_pieces(rest, &text[end..], bind) {
                    return true;
                }
                *bind = before;
            }
            false
        }
    }
}

/// As the recorder did: JSON objects carried as text are parsed, one level.
pub(crate) fn parse_texts(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| {
                let parsed = match value {
                    Value::String(text) if text.starts_with('{') => serde_json::from_str(text).ok(),
                    _ => None,
                };
                (key.clone(), parsed.unwrap_or_else(|| parse_texts(value)))
            })
            .collect(),
        Value::Array(items) => items
            .iter()
            .map(|item| {
                if item.is_object() {
                    parse_texts(item)
                } else {
                    item.clone()
                }
            })
            .collect(),
        other => other.clone(),
    }
}

fn is_a_day(text: &str) -> bool {
    sfn_engine::Timestamp::parse_rfc3339(&format!("{text}T00:00:00Z")).is_some()
}
