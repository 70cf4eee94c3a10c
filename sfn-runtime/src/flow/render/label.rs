//! Writing expressions for people: as the name of a state that decides by them.

use serde_json::Value;

use crate::flow::expression::{Js, Operator, Part};

impl Js {
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
            Js::Local(local) => local.hint.to_string(),
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
            Js::At(of, index) => format!("{}[{}]", of.labelled(9), index.labelled(0)),
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
            Js::Negative(inner) => format!("-{}", inner.labelled(9)),
            Js::Call("exists", arguments) => match arguments.first() {
                Some(first) => format!("{} is given", first.labelled(9)),
                None => "given".to_owned(),
            },
            Js::Call("count", arguments) => match arguments.first() {
                Some(Js::Call("keys", keys)) if !keys.is_empty() => {
                    format!("{}.len", keys[0].labelled(9))
                }
                Some(first) => format!("{}.len", first.labelled(9)),
                None => "len".to_owned(),
            },
            Js::Call(function, arguments) => match arguments.first() {
                Some(first) => format!("{}.{function}", first.labelled(9)),
                None => (*function).to_owned(),
            },
            Js::OrNull(inner) | Js::Sequence(inner) => inner.labelled(outer),
            Js::Function(_, body) | Js::Let(_, _, body) => body.labelled(outer),
            Js::Object(_) => "{ .. }".to_owned(),
            Js::Items(_) => "[ .. ]".to_owned(),
            Js::Range(first, last) => format!("{}..={}", first.labelled(9), last.labelled(9)),
            Js::Regex(pattern) => (*pattern).to_owned(),
            // A key that serde may leave out, or its default.
            Js::Conditional(test, then, _) if matches!(&**test, Js::Call("exists", _)) => {
                then.labelled(outer)
            }
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
