//! Writing expressions: as JSONata for the definition, and as a label for people.

use serde_json::Value;

use super::expression::{Js, Operator, Part};

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
        }
    }

    /// As Rust writes it.
    #[must_use]
    pub fn rust(self) -> &'static str {
        match self {
            Operator::Or => "||",
            Operator::And => "&&",
            Operator::Equal => "==",
            other => other.jsonata(),
        }
    }

    fn binds(self) -> u8 {
        match self {
            Operator::Or => 1,
            Operator::And => 2,
            _ => 3,
        }
    }
}

impl Js {
    /// The expression as JSONata, without the `{% %}` around it.
    ///
    /// `verdict` is the variable that holds a predicate step's answer, without its `$`.
    #[must_use]
    pub fn jsonata(&self, verdict: &str) -> String {
        let mut text = String::new();
        self.write(&mut text, verdict, 0);
        text
    }

    /// The same between `{%` and `%}`; a constant that needs no expression is itself.
    #[must_use]
    pub fn leaf(&self, verdict: &str) -> Value {
        match self {
            Js::Literal(Value::String(text)) => literal_text(text),
            Js::Literal(value @ (Value::Null | Value::Bool(_) | Value::Number(_))) => value.clone(),
            // Written as JSON with an expression a leaf, which no flattening of JSONata's touches.
            Js::Object(members) => members
                .iter()
                .map(|(key, value)| (key.clone(), value.leaf(verdict)))
                .collect(),
            Js::Array(items) => items.iter().map(|item| item.leaf(verdict)).collect(),
            js => Value::from(expression(&js.jsonata(verdict))),
        }
    }

    fn write(&self, text: &mut String, verdict: &str, outer: u8) {
        match self {
            Js::Input => text.push_str("$states.input"),
            Js::Verdict => {
                text.push('$');
                text.push_str(verdict);
            }
            // A name was put in its place long before.
            Js::Variable(id) => {
                text.push('$');
                text.push_str(id.name());
            }
            Js::Place(name) => text.push_str(name),
            Js::Part(of, Part::Key(key)) => {
                of.write(text, verdict, 9);
                text.push('.');
                text.push_str(&quote_key(key));
            }
            Js::Part(of, Part::Index(index)) => {
                of.write(text, verdict, 9);
                text.push_str(&format!("[{index}]"));
            }
            Js::Literal(value) => text.push_str(&literal(value)),
            Js::Not(inner) => {
                text.push_str("$not(");
                inner.write(text, verdict, 0);
                text.push(')');
            }
            Js::Call(function, arguments) => {
                text.push('$');
                text.push_str(function);
                text.push('(');
                for (index, argument) in arguments.iter().enumerate() {
                    if index > 0 {
                        text.push_str(", ");
                    }
                    argument.write(text, verdict, 0);
                }
                text.push(')');
            }
            Js::Object(members) => {
                text.push('{');
                for (index, (key, value)) in members.iter().enumerate() {
                    if index > 0 {
                        text.push_str(", ");
                    }
                    text.push_str(&quote_text(key));
                    text.push_str(": ");
                    value.write(text, verdict, 0);
                }
                text.push('}');
            }
            Js::Array(items) => {
                text.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        text.push_str(", ");
                    }
                    item.write(text, verdict, 0);
                }
                text.push(']');
            }
            Js::Conditional(test, then, otherwise) => {
                if outer > 0 {
                    text.push('(');
                }
                test.write(text, verdict, 1);
                text.push_str(" ? ");
                then.write(text, verdict, 1);
                text.push_str(" : ");
                otherwise.write(text, verdict, 1);
                if outer > 0 {
                    text.push(')');
                }
            }
            Js::OrNull(inner) => {
                let inner = inner.jsonata(verdict);
                let choice = format!("$exists({inner}) ? {inner} : null");
                if outer > 0 {
                    text.push_str(&format!("({choice})"));
                } else {
                    text.push_str(&choice);
                }
            }
            Js::Binary(operator, left, right) => {
                let binds = operator.binds();
                let parentheses = binds < outer;
                if parentheses {
                    text.push('(');
                }
                left.write(text, verdict, binds);
                text.push(' ');
                text.push_str(operator.jsonata());
                text.push(' ');
                // One more on the right: comparisons do not associate, and `and` reads from the left.
                right.write(text, verdict, binds + 1);
                if parentheses {
                    text.push(')');
                }
            }
        }
    }

    /// The expression for people: `size > 3 && kind == small`.
    #[must_use]
    pub fn label(&self) -> String {
        self.labelled(0)
    }

    fn labelled(&self, outer: u8) -> String {
        match self {
            Js::Input => "it".to_owned(),
            Js::Verdict => "yes".to_owned(),
            Js::Variable(id) => id.name().to_owned(),
            Js::Place(name) => name.trim_start_matches('$').to_owned(),
            Js::Part(of, part) => {
                let part = match part {
                    Part::Key(key) => key.clone(),
                    Part::Index(index) => index.to_string(),
                };
                match &**of {
                    Js::Input => part,
                    of => format!("{}.{part}", of.labelled(9)),
                }
            }
            Js::Literal(Value::String(text)) => text.clone(),
            Js::Literal(value) => value.to_string(),
            Js::Not(inner) => {
                let label = inner.labelled(9);
                // `is_none()` reads as one question.
                match (&**inner, label.strip_suffix(" is given")) {
                    (Js::Binary(..) | Js::Call(..), Some(of)) => format!("{of} is not given"),
                    _ => format!("!{label}"),
                }
            }
            Js::Call("exists", arguments) => match arguments.first() {
                Some(first) => format!("{} is given", first.labelled(9)),
                None => "given".to_owned(),
            },
            Js::Call("count", arguments) => match arguments.first() {
                Some(Js::Call(_, keys)) if !keys.is_empty() => {
                    format!("{}.len", keys[0].labelled(9))
                }
                Some(first) => format!("{}.len", first.labelled(9)),
                None => "len".to_owned(),
            },
            Js::Call(function, _) => (*function).to_owned(),
            Js::OrNull(inner) => inner.labelled(outer),
            Js::Object(_) => "{ .. }".to_owned(),
            Js::Array(_) => "[ .. ]".to_owned(),
            Js::Conditional(test, ..) => format!("{}?", test.labelled(9)),
            // `is_some()`, which takes two tests in JSONata and one in Rust.
            Js::Binary(Operator::And, left, right)
                if matches!(&**left, Js::Call("exists", _))
                    && matches!(&**right, Js::Binary(Operator::NotEqual, _, null) if **null == Js::Literal(Value::Null)) =>
            {
                left.labelled(outer)
            }
            Js::Binary(operator, left, right) => {
                let binds = operator.binds();
                let text = format!(
                    "{} {} {}",
                    left.labelled(binds),
                    operator.rust(),
                    right.labelled(binds + 1)
                );
                if binds < outer {
                    format!("({text})")
                } else {
                    text
                }
            }
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
        other => other.to_string(),
    }
}
