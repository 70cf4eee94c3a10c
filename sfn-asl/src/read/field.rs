//! Taking the fields of one object, with a diagnostic for each that is not as it should be.

use serde_json::{Map, Value};

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::{OrExpression, PathField, expression};
use crate::place::Place;
use crate::suggest::nearest;

/// One object that is being read: every method takes a field, [`Fields::finish`] reports those nobody took.
pub(super) struct Fields<'r> {
    map: &'r Map<String, Value>,
    /// Where the object stands.
    pub(super) at: Place,
    /// What the object is, with its article.
    what: &'static str,
    /// The fields that have been asked for, whether they were there or not.
    known: Vec<&'static str>,
    pub(super) report: &'r Report,
}

/// A field whose value is one of the words on the left.
pub(super) type Words<T> = [(&'static str, T)];

impl<'r> Fields<'r> {
    pub(super) fn new(
        map: &'r Map<String, Value>,
        at: Place,
        what: &'static str,
        report: &'r Report,
    ) -> Self {
        Self {
            map,
            at,
            what,
            known: Vec::new(),
            report,
        }
    }

    /// The field as it is; `null` is a value.
    pub(super) fn take(&mut self, name: &'static str) -> Option<&'r Value> {
        self.known.push(name);
        self.map.get(name)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    /// Where the field of that name stands.
    pub(super) fn place(&self, name: &'static str) -> Place {
        self.at.then(name)
    }

    pub(super) fn value(&mut self, name: &'static str) -> Option<Value> {
        self.take(name).cloned()
    }

    pub(super) fn text(&mut self, name: &'static str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) => Some(text.clone()),
            other => self.wrong(name, "a string", other),
        }
    }

    pub(super) fn boolean(&mut self, name: &'static str) -> Option<bool> {
        match self.take(name)? {
            Value::Bool(value) => Some(*value),
            other => self.wrong(name, "`true` or `false`", other),
        }
    }

    pub(super) fn object(&mut self, name: &'static str) -> Option<(&'r Map<String, Value>, Place)> {
        match self.take(name)? {
            Value::Object(map) => Some((map, self.place(name))),
            other => self.wrong(name, "an object", other),
        }
    }

    pub(super) fn array(&mut self, name: &'static str) -> Option<(&'r Vec<Value>, Place)> {
        match self.take(name)? {
            Value::Array(elements) => Some((elements, self.place(name))),
            other => self.wrong(name, "an array", other),
        }
    }

    /// The objects in an array; an element that is no object is reported and left out.
    pub(super) fn objects(&mut self, name: &'static str, what: &'static str) -> Vec<Fields<'r>> {
        let Some((elements, at)) = self.array(name) else {
            return Vec::new();
        };
        let mut objects = Vec::with_capacity(elements.len());
        for (index, element) in elements.iter().enumerate() {
            match element {
                Value::Object(map) => {
                    objects.push(Fields::new(map, at.then(index), what, self.report))
                }
                other => self
                    .report
                    .add(wrong_type(&at.then(index), what, "an object", other)),
            }
        }
        objects
    }

    /// The texts in an array; an element that is no text is reported and left out.
    pub(super) fn texts(&mut self, name: &'static str) -> Vec<String> {
        let Some((elements, at)) = self.array(name) else {
            return Vec::new();
        };
        let mut texts = Vec::with_capacity(elements.len());
        for (index, element) in elements.iter().enumerate() {
            match element {
                Value::String(text) => texts.push(text.clone()),
                other => {
                    let what = format!("an element of `{name}`");
                    self.report
                        .add(wrong_type(&at.then(index), &what, "a string", other));
                }
            }
        }
        texts
    }

    pub(super) fn path(&mut self, name: &'static str) -> PathField {
        match self.take(name) {
            None => PathField::Absent,
            Some(Value::Null) => PathField::Null,
            Some(Value::String(path)) => PathField::Path(path.clone()),
            Some(other) => self
                .wrong(name, "a path or `null`", other)
                .unwrap_or_default(),
        }
    }

    pub(super) fn word<T: Clone>(&mut self, name: &'static str, words: &Words<T>) -> Option<T> {
        let text = self.text(name)?;
        let found = words
            .iter()
            .find(|(word, _)| *word == text)
            .map(|(_, value)| value.clone());
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.report.add(
                Diagnostic::error(
                    Code::BadValue,
                    &self.place(name),
                    format!("`{text}` is no value of `{name}`"),
                )
                .says(format!(
                    "Value should be one of the following: [{}]",
                    known.join(", ")
                ))
                .help(one_of(&text, &known)),
            );
        }
        found
    }

    /// A whole number that is not negative; AWS's least value is only for the message about negative ones.
    pub(super) fn whole(&mut self, name: &'static str, least: u64) -> Option<u64> {
        let value = self.take(name)?;
        match value {
            Value::Number(number) => self.whole_number(name, number, least),
            other => self.not_whole(name, other),
        }
    }

    pub(super) fn whole_or_expression(
        &mut self,
        name: &'static str,
        least: u64,
    ) -> Option<OrExpression<u64>> {
        match self.take(name)? {
            Value::Number(number) => self
                .whole_number(name, number, least)
                .map(OrExpression::Value),
            Value::String(text) if looks_like_expression(text) => {
                Some(OrExpression::Expression(text.clone()))
            }
            other => self.not_whole(name, other),
        }
    }

    fn whole_number<T: From<u64>>(
        &self,
        name: &'static str,
        number: &serde_json::Number,
        least: u64,
    ) -> Option<T> {
        if let Some(value) = number.as_u64() {
            return Some(T::from(value));
        }
        if number.as_i64().is_some() {
            self.report.add(
                Diagnostic::error(
                    Code::OutOfRange,
                    &self.place(name),
                    format!("`{name}` is {number}, at least {least} is wanted"),
                )
                .says(format!("Minimum value is {least}")),
            );
            return None;
        }
        self.not_whole(name, &Value::Number(number.clone()))
    }

    fn not_whole<T>(&self, name: &'static str, found: &Value) -> Option<T> {
        self.report.add(
            wrong_type(
                &self.place(name),
                &format!("`{name}`"),
                "a whole number",
                found,
            )
            .says("Expected value of type Integer"),
        );
        None
    }

    pub(super) fn number(&mut self, name: &'static str) -> Option<f64> {
        match self.take(name)? {
            Value::Number(number) => number.as_f64(),
            other => self.wrong(name, "a number", other),
        }
    }

    pub(super) fn number_or_expression(&mut self, name: &'static str) -> Option<OrExpression<f64>> {
        match self.take(name)? {
            Value::Number(number) => number.as_f64().map(OrExpression::Value),
            Value::String(text) if looks_like_expression(text) => {
                Some(OrExpression::Expression(text.clone()))
            }
            other => self.wrong(name, "a number", other),
        }
    }

    /// Reports a wrong type and gives what `?` wants.
    pub(super) fn wrong<T>(&self, name: &'static str, wanted: &str, found: &Value) -> Option<T> {
        self.report.add(wrong_type(
            &self.place(name),
            &format!("`{name}`"),
            wanted,
            found,
        ));
        None
    }

    /// Reports those of the fields that are missing, all in one.
    pub(super) fn require(&self, names: &[&'static str]) {
        let missing: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| !self.has(name))
            .collect();
        if missing.is_empty() {
            return;
        }
        let named: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
        self.report.add(
            Diagnostic::error(
                Code::MissingField,
                &self.at,
                format!("{} needs {}", self.what, named.join(" and ")),
            )
            .says(format!(
                "These fields are required: [{}]",
                missing.join(", ")
            )),
        );
    }

    /// Reports it when more than one of the fields is there; gives how many are.
    pub(super) fn at_most_one(&self, names: &[&'static str]) -> usize {
        let present: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| self.has(name))
            .collect();
        if present.len() > 1 {
            let named: Vec<String> = present.iter().map(|name| format!("`{name}`")).collect();
            self.report.add(
                Diagnostic::error(
                    Code::ConflictingFields,
                    &self.at,
                    format!(
                        "{} has {}, only one of them may be there",
                        self.what,
                        named.join(" and ")
                    ),
                )
                .says(format!(
                    "There should only be one of the following fields: [{}]",
                    names.join(", ")
                ))
                .help("keep one of them"),
            );
        }
        present.len()
    }

    /// Reports it when none of the fields is there.
    pub(super) fn at_least_one(&self, names: &[&'static str]) {
        if names.iter().any(|name| self.has(name)) {
            return;
        }
        let named: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        self.report.add(
            Diagnostic::error(
                Code::MissingField,
                &self.at,
                format!("{} needs one of {}", self.what, named.join(", ")),
            )
            .says(format!(
                "This object should have at least one of the following fields: [{}]",
                names.join(", ")
            )),
        );
    }

    /// Reports it when not exactly one of the fields is there.
    pub(super) fn exactly_one(&self, names: &[&'static str]) {
        if self.at_most_one(names) > 0 {
            return;
        }
        let named: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        self.report.add(
            Diagnostic::error(
                Code::ConflictingFields,
                &self.at,
                format!("{} needs one of {}", self.what, named.join(", ")),
            )
            .says(format!(
                "This object should have only one of the following fields: [{}]",
                names.join(", ")
            )),
        );
    }

    /// Names fields as known that need no reading.
    pub(super) fn know(&mut self, names: impl IntoIterator<Item = &'static str>) {
        self.known.extend(names);
    }

    /// All keys.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'r String> {
        self.map.keys()
    }

    /// The keys nobody asked for.
    pub(super) fn rest(&self) -> impl Iterator<Item = &'r String> {
        self.map
            .keys()
            .filter(|key| !self.known.contains(&key.as_str()))
    }

    /// Reports the keys nobody asked for.
    pub(super) fn finish(self) {
        for key in self.rest() {
            self.unknown(key);
        }
    }

    pub(super) fn unknown(&self, key: &str) {
        let mut diagnostic = Diagnostic::error(
            Code::UnknownField,
            &self.at.then(key),
            format!("{} has no field `{key}`", self.what),
        )
        .says(format!("Field '{key}' is not supported"))
        .says_at(Some(&self.at));
        diagnostic.help = nearest(key, self.known.iter().copied())
            .map(|near| format!("`{near}` is meant, perhaps"));
        self.report.add(diagnostic);
    }
}

/// Anything that was meant as an expression; whether it is one, the checks say.
fn looks_like_expression(text: &str) -> bool {
    expression(text).is_some() || text.starts_with("{%")
}

fn one_of(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(near) => format!("`{near}` is meant, perhaps"),
        None => {
            let known: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
            format!("the values are {}", known.join(", "))
        }
    }
}

/// A value of the wrong JSON type.
pub(super) fn wrong_type(at: &Place, what: &str, wanted: &str, found: &Value) -> Diagnostic {
    let found = match found {
        Value::Null => "`null`".to_owned(),
        Value::Bool(value) => format!("`{value}`"),
        Value::Number(number) => format!("the number {number}"),
        Value::String(text) if text.chars().count() <= 40 => format!("the string `{text}`"),
        Value::String(_) => "a string".to_owned(),
        Value::Array(_) => "an array".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    };
    let type_name = match wanted {
        "an object" => "OBJECT",
        "an array" => "ARRAY",
        "a number" => "NUMBER",
        "`true` or `false`" => "BOOLEAN",
        _ => "STRING",
    };
    Diagnostic::error(
        Code::WrongType,
        at,
        format!("{what} must be {wanted}, but is {found}"),
    )
    .says(format!("Expected value of type [{type_name}]"))
}
