//! Writing expressions as JSONata for the definition.

mod label;

use std::collections::HashSet;

use serde_json::Value;

use super::expression::{Array, Js, Local, Operator, Part};

impl Operator {
    /// As JSONata writes it.
    #[must_use]
    pub fn jsonata(self) -> &'static str {
        match self {
            Operator::Or => "or",
            Operator::And => "and",
            Operator::Equal => "=",
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::LessOrEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterOrEqual => ">=",
            Operator::In => "in",
            Operator::Concat => "&",
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Remainder => "%",
        }
    }

    /// As Rust writes it.
    #[must_use]
    pub fn rust(self) -> &'static str {
        match self {
            Operator::Or => "||",
            Operator::And => "&&",
            Operator::Equal => "==",
            Operator::Concat => "+",
            other => other.jsonata(),
        }
    }

    /// How strongly it binds: JSONata's order.
    pub(super) fn binds(self) -> u8 {
        match self {
            Operator::Or => 1,
            Operator::And => 2,
            Operator::Equal
            | Operator::NotEqual
            | Operator::Less
            | Operator::LessOrEqual
            | Operator::Greater
            | Operator::GreaterOrEqual
            | Operator::In => 3,
            Operator::Concat | Operator::Add | Operator::Subtract => 4,
            Operator::Multiply | Operator::Divide | Operator::Remainder => 5,
        }
    }
}

/// As strong as a name: nothing around it takes it apart.
const ATOM: u8 = 9;

impl Js {
    /// The expression as JSONata, without the `{% %}` around it.
    ///
    /// `verdict` is the variable that holds a predicate step's answer, without its `$`.
    #[must_use]
    pub fn jsonata(&self, verdict: &str) -> String {
        let mut taken = HashSet::new();
        taken.insert(verdict.to_owned());
        self.free_names(&mut taken);
        let mut writer = Writer {
            text: String::new(),
            verdict,
            taken,
            names: Vec::new(),
        };
        writer.write(self, 0);
        writer.text
    }

    /// The same between `{%` and `%}`. A constant that needs no expression is itself; of objects and tuples each part
    /// is a leaf of its own.
    #[must_use]
    pub fn leaf(&self, verdict: &str) -> Value {
        match self {
            Js::Literal(value) => plain(value),
            Js::Object(members) => members
                .iter()
                .map(|(key, value)| (key.clone(), value.leaf(verdict)))
                .collect(),
            Js::Items(items) => items.iter().map(|item| item.js.leaf(verdict)).collect(),
            js => Value::from(expression(&js.jsonata(verdict))),
        }
    }

    /// The names that something outside of the expression has given.
    fn free_names(&self, taken: &mut HashSet<String>) {
        match self {
            Js::Variable(id) => {
                taken.insert(id.name().to_owned());
            }
            Js::Place(place) => {
                let name = place.trim_start_matches('$');
                let end = name.find(['.', '[']).unwrap_or(name.len());
                taken.insert(name[..end].to_owned());
            }
            other => {
                for child in other.children() {
                    child.free_names(taken);
                }
            }
        }
    }
}

struct Writer<'a> {
    text: String,
    verdict: &'a str,
    /// Names that mean something else.
    taken: HashSet<String>,
    /// The names within the expression that are in scope.
    names: Vec<(Local, String)>,
}

impl Writer<'_> {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn write(&mut self, js: &Js, outer: u8) {
        match js {
            Js::Input => self.push("$states.input"),
            Js::Verdict => {
                self.text.push('$');
                self.push(self.verdict);
            }
            // A name was put in its place long before.
            Js::Variable(id) => {
                self.text.push('$');
                self.push(id.name());
            }
            Js::Place(name) => self.push(name),
            Js::Local(local) => {
                let name = self.names.iter().rev().find(|(named, _)| named == local);
                let name = name.map_or_else(|| local.hint.to_string(), |(_, name)| name.clone());
                self.text.push('$');
                self.push(&name);
            }
            Js::Part(of, Part::Key(key)) => {
                self.write(of, ATOM);
                self.text.push('.');
                self.push(&quote_key(key));
            }
            Js::Part(of, Part::Index(index)) => {
                self.write(of, ATOM);
                self.push(&format!("[{index}]"));
            }
            Js::At(of, index) => {
                self.write(of, ATOM);
                self.text.push('[');
                self.write(index, 0);
                self.text.push(']');
            }
            Js::Literal(value) => match value.as_f64() {
                // After an operator, a sign would read as another.
                Some(number) if number < 0.0 && outer > 4 => {
                    self.push(&format!("({})", literal(value)));
                }
                _ => self.push(&literal(value)),
            },
            Js::Not(inner) => {
                self.push("$not(");
                self.write(inner, 0);
                self.text.push(')');
            }
            Js::Negative(inner) => self.wrapped(outer > 3, |writer| {
                writer.text.push('-');
                writer.write(inner, ATOM);
            }),
            Js::Call(function, arguments) => {
                self.text.push('$');
                self.push(function);
                self.text.push('(');
                self.all(arguments);
                self.text.push(')');
            }
            Js::OrNull(inner) => self.wrapped(outer > 0, |writer| {
                writer.push("$exists(");
                writer.write(inner, 0);
                writer.push(") ? ");
                writer.write(inner, 1);
                writer.push(" : null");
            }),
            Js::Conditional(test, then, otherwise) => self.wrapped(outer > 0, |writer| {
                writer.write(test, 1);
                writer.push(" ? ");
                writer.write(then, 1);
                writer.push(" : ");
                writer.write(otherwise, 0);
            }),
            Js::Let(local, value, body) => {
                self.text.push('(');
                let name = self.name(local);
                self.push(&format!("${name} := "));
                self.write(value, 1);
                self.push("; ");
                self.names.push((local.clone(), name));
                self.write(body, 0);
                self.names.pop();
                self.text.push(')');
            }
            Js::Function(parameters, body) => {
                let before = self.names.len();
                self.push("function(");
                for (at, parameter) in parameters.iter().enumerate() {
                    let name = self.name(parameter);
                    self.push(if at > 0 { ", $" } else { "$" });
                    self.push(&name);
                    self.names.push((parameter.clone(), name));
                }
                self.push(") { ");
                self.write(body, 0);
                self.push(" }");
                self.names.truncate(before);
            }
            Js::Items(items) => self.items(items),
            Js::Sequence(inner) => {
                self.text.push('[');
                self.write(inner, 0);
                self.text.push(']');
            }
            Js::Range(first, last) => {
                self.text.push('[');
                self.write(first, 1);
                self.push("..");
                self.write(last, 1);
                self.text.push(']');
            }
            Js::Object(members) => {
                self.text.push('{');
                for (at, (key, value)) in members.iter().enumerate() {
                    if at > 0 {
                        self.push(", ");
                    }
                    self.push(&quote_text(key));
                    self.push(": ");
                    self.write(value, 0);
                }
                self.text.push('}');
            }
            Js::Regex(pattern) => {
                self.text.push('/');
                self.push(pattern);
                self.text.push('/');
            }
            Js::Binary(operator, left, right) => {
                let binds = operator.binds();
                self.wrapped(binds < outer, |writer| {
                    writer.write(left, binds);
                    writer.text.push(' ');
                    writer.push(operator.jsonata());
                    writer.text.push(' ');
                    // One more on the right: all of them read from the left.
                    writer.write(right, binds + 1);
                });
            }
        }
    }

    fn wrapped(&mut self, parentheses: bool, inner: impl FnOnce(&mut Self)) {
        if parentheses {
            self.text.push('(');
        }
        inner(self);
        if parentheses {
            self.text.push(')');
        }
    }

    fn all(&mut self, arguments: &[Js]) {
        for (at, argument) in arguments.iter().enumerate() {
            if at > 0 {
                self.push(", ");
            }
            self.write(argument, 0);
        }
    }

    /// An array. JSONata puts an array's items in the place of the array, unless it is written in brackets of its own.
    fn items(&mut self, items: &[super::expression::Item]) {
        let plain = items
            .iter()
            .take_while(|item| item.array != Array::Maybe)
            .count();
        let (first, rest) = items.split_at(plain);
        for _ in rest {
            self.push("$append(");
        }
        self.text.push('[');
        for (at, item) in first.iter().enumerate() {
            if at > 0 {
                self.push(", ");
            }
            if item.array == Array::Always && !in_brackets(&item.js) {
                self.text.push('[');
                self.write(&item.js, 0);
                self.text.push(']');
            } else {
                self.write(&item.js, 0);
            }
        }
        self.text.push(']');
        for item in rest {
            self.push(", ");
            self.write(&appended(item), 0);
            self.text.push(')');
        }
    }

    /// A name that is free here.
    fn name(&self, local: &Local) -> String {
        let hint: String = local
            .hint
            .chars()
            .filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_')
            .collect();
        let hint = match hint.chars().next() {
            Some(first) if !first.is_ascii_digit() => hint,
            _ => "it".to_owned(),
        };
        let free = |name: &str| {
            !self.taken.contains(name)
                && name != "states"
                && !sfn_asl::JSONATA_FUNCTIONS.contains(&name)
                && !self.names.iter().any(|(_, other)| other == name)
        };
        if free(&hint) {
            return hint;
        }
        (2..)
            .map(|number| format!("{hint}{number}"))
            .find(|name| free(name))
            .expect("the numbers do not end")
    }
}

/// Whether it is written in brackets of its own, which JSONata does not take away.
fn in_brackets(js: &Js) -> bool {
    match js {
        Js::Items(items) => items.iter().all(|item| item.array != Array::Maybe),
        Js::Sequence(_) | Js::Range(..) => true,
        Js::Literal(value) => value.is_array(),
        _ => false,
    }
}

/// What `$append` is given so that it appends one item, whatever the item is.
pub(crate) fn appended(item: &super::expression::Item) -> Js {
    let wrapped = |js: Js| {
        let inner = if in_brackets(&js) {
            js
        } else {
            Js::Sequence(Box::new(js))
        };
        Js::Sequence(Box::new(inner))
    };
    let either = |js: Js| {
        Js::Conditional(
            Box::new(Js::Binary(
                Operator::Equal,
                Box::new(Js::Call("type", vec![js.clone()])),
                Box::new(Js::Literal(Value::from("array"))),
            )),
            Box::new(wrapped(js.clone())),
            Box::new(js),
        )
    };
    match item.array {
        Array::Never => item.js.clone(),
        Array::Always => wrapped(item.js.clone()),
        Array::Maybe if item.js.is_cheap() => either(item.js.clone()),
        Array::Maybe => {
            let local = Local::new("item");
            let read = either(Js::Local(local.clone()));
            Js::Let(local, Box::new(item.js.clone()), Box::new(read))
        }
    }
}

/// The text between `{%` and `%}`.
pub(super) fn expression(jsonata: &str) -> String {
    format!("{{% {jsonata} %}}")
}

/// A text as a leaf: itself, unless it would be taken for an expression.
pub(super) fn literal_text(text: &str) -> Value {
    if sfn_asl::expression(text).is_some() {
        Value::from(expression(&quote_text(text)))
    } else {
        Value::from(text)
    }
}

/// A constant as it stands in a definition.
fn plain(value: &Value) -> Value {
    match value {
        Value::String(text) => literal_text(text),
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), plain(value)))
            .collect(),
        other => other.clone(),
    }
}

/// A key after a dot; in backticks where it is no plain name.
fn quote_key(key: &str) -> String {
    let mut characters = key.chars();
    let plain = characters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|other| other.is_ascii_alphanumeric() || other == '_')
        && !matches!(
            key,
            "and" | "or" | "in" | "true" | "false" | "null" | "function"
        );
    if plain {
        key.to_owned()
    } else if key.contains('`') {
        quote_text(key)
    } else {
        format!("`{key}`")
    }
}

/// A text in single quotes, which need no escape within JSON; JSONata itself has no escape for them.
fn quote_text(text: &str) -> String {
    let escaped = Value::from(text).to_string();
    let inner = &escaped[1..escaped.len() - 1];
    let inner = inner.replace("\\\"", "\"").replace('\'', "\\u0027");
    // `%}` would end the expression early in the eyes of some readers.
    format!("'{}'", inner.replace("%}", "\\u0025}"))
}

fn literal(value: &Value) -> String {
    match value {
        Value::String(text) => quote_text(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(literal).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| format!("{}: {}", quote_text(key), literal(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        Value::Number(number) => match number.as_f64() {
            // `2.0` is 2 in JSONata, which knows one kind of numbers.
            Some(double) if number.is_f64() && double.fract() == 0.0 && double.abs() < 1e15 => {
                format!("{double:.0}")
            }
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}
