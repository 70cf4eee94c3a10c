//! An execution's input: where it comes from, and what is wrong with it.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::problem::Problem;
use crate::{Shape, Tagging, WorkflowEntry};

/// The most that is read as an input. Far beyond what an execution may take, so that the message
/// is about the limit of Step Functions and not about ours.
const MOST: u64 = 64 << 20;
/// The most of a line that is shown around a mistake, in characters.
const SHOWN: usize = 76;

/// Reads what `--input` names: JSON text, `@FILE`, or `-`. Without it, an empty object.
pub(super) fn read(argument: Option<&str>) -> Result<Value, Problem> {
    match argument {
        None => Ok(Value::Object(serde_json::Map::new())),
        Some(argument) => value(argument, "`--input`"),
    }
}

/// Reads what an option names: JSON text, `@FILE`, or `-`. `option` is the option, as messages say it.
pub(super) fn value(argument: &str, option: &str) -> Result<Value, Problem> {
    match argument {
        "-" => {
            let mut text = String::new();
            std::io::stdin()
                .take(MOST)
                .read_to_string(&mut text)
                .map_err(|error| {
                    Problem::usage(format!(
                        "the input cannot be read from standard input: {error}"
                    ))
                })?;
            parse(&text, "standard input")
        }
        argument => match argument.strip_prefix('@') {
            Some(path) => {
                let path = PathBuf::from(path);
                parse(&file(&path)?, &format!("`{}`", path.display()))
            }
            None => parse(argument, option),
        },
    }
}

fn file(path: &Path) -> Result<String, Problem> {
    std::fs::read_to_string(path).map_err(|error| {
        Problem::usage(format!(
            "the input `{}` cannot be read: {error}",
            path.display()
        ))
    })
}

/// Reads JSON; `source` is where it comes from, as messages say it.
pub(super) fn parse(text: &str, source: &str) -> Result<Value, Problem> {
    serde_json::from_str(text).map_err(|error| {
        let problem = if text.trim().is_empty() {
            Problem::usage(format!("{source} is empty, and not JSON"))
        } else {
            Problem::usage(mistake(text, source, &error))
        };
        match hint(text) {
            Some(hint) => problem.help(hint),
            None => problem,
        }
    })
}

/// What is wrong and where, with the line and a mark below the place.
fn mistake(text: &str, source: &str, error: &serde_json::Error) -> String {
    let said = error.to_string();
    // serde_json ends its messages with the place, in bytes; people count characters.
    let reason = match said.rsplit_once(" at line ") {
        Some((reason, _)) => reason,
        None => &said,
    };
    let reason = match reason {
        "expected ident" | "expected value" => "expected a value".to_owned(),
        reason => match reason.strip_prefix("EOF while parsing ") {
            Some(what) => format!("it ends in the middle of {what}"),
            None => reason.to_owned(),
        },
    };
    // A text that ends too early is at fault where it ends, not on the empty line after that.
    let early = error.is_eof();
    let whole = if early { text.trim_end() } else { text };
    let number = match early {
        true => whole.lines().count(),
        false => error.line(),
    };
    let line = whole
        .lines()
        .nth(number.saturating_sub(1))
        .unwrap_or_default();
    let before = line
        .char_indices()
        .take_while(|(at, letter)| match early {
            true => at + letter.len_utf8() < line.len(),
            false => at + 1 < error.column(),
        })
        .count();
    let letters: Vec<char> = line
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    let first = before
        .saturating_sub(SHOWN / 2)
        .min(letters.len().saturating_sub(SHOWN));
    let shown: String = letters.iter().skip(first).take(SHOWN).collect();
    let until: String = letters.iter().take(before).skip(first).collect();
    format!(
        "{source} is not JSON: {reason} at line {}, column {}\n  {shown}\n  {:indent$}^",
        number,
        before + 1,
        "",
        indent = console::measure_text_width(&until)
    )
}

/// What people mean who write no JSON.
fn hint(text: &str) -> Option<String> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Some("give JSON text, @FILE, or - for standard input".to_owned());
    }
    if Path::new(trimmed).is_file() {
        return Some(format!("to read a file, write `--input @{trimmed}`"));
    }
    if trimmed.starts_with(['{', '[']) && trimmed.contains('\'') && !trimmed.contains('"') {
        return Some("JSON takes double quotes".to_owned());
    }
    let word = trimmed
        .chars()
        .all(|c| c.is_alphanumeric() || c == ' ' || c == '_' || c == '-');
    word.then(|| format!("a text needs its quotes: '\"{trimmed}\"'"))
}

/// Whether the workflow takes this input.
pub(super) fn check(workflow: &WorkflowEntry, input: &Value) -> Result<(), Problem> {
    let definition = (workflow.define)();
    let Err(reason) = (definition.check_input)(input) else {
        return Ok(());
    };
    let shape = (definition.input)();
    let problem = Problem::usage(format!(
        "the input does not fit `{}`: {reason}",
        workflow.name
    ));
    Err(match shape {
        // Nothing is known of what it looks like.
        Shape::Any => problem,
        shape => {
            let sample = serde_json::to_string(&sample(&shape, 0)).unwrap_or_default();
            problem.help(format!("an input looks like `{sample}`"))
        }
    })
}

/// How deep a sample goes; types may contain themselves.
const DEPTH: usize = 5;

/// A value of that shape, to show what one looks like.
pub(super) fn sample(shape: &Shape, depth: usize) -> Value {
    if depth > DEPTH {
        return Value::String("…".to_owned());
    }
    let inner = |shape: &fn() -> Shape| sample(&shape(), depth + 1);
    match shape {
        Shape::Null => Value::Null,
        Shape::Boolean => Value::Bool(true),
        Shape::Integer(_) | Shape::Number | Shape::Single => Value::from(0),
        Shape::List(item) | Shape::Set(item) => Value::Array(vec![inner(item)]),
        Shape::Tuple(items) => items.iter().map(inner).collect(),
        Shape::OptionOf(value) => sample(value, depth + 1),
        Shape::ListOf(item) => Value::Array(vec![sample(item, depth + 1)]),
        Shape::TupleOf(items) => items.iter().map(|item| sample(item, depth + 1)).collect(),
        Shape::Map(value) => [("…".to_owned(), inner(value))]
            .into_iter()
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Shape::Option(value) | Shape::Transparent { shape: value, .. } => inner(value),
        Shape::Struct { fields, .. } => {
            let mut object = serde_json::Map::new();
            for field in fields {
                if let Some(name) = field.json {
                    object.insert(name.to_owned(), inner(&field.shape));
                } else if field.flatten
                    && let Value::Object(parts) = inner(&field.shape)
                {
                    object.extend(parts);
                }
            }
            Value::Object(object)
        }
        Shape::Enum {
            tagging, variants, ..
        } => {
            let Some(variant) = variants.first() else {
                return Value::Null;
            };
            let name = Value::String(variant.json.to_owned());
            let content = match &variant.shape {
                Shape::Null => None,
                shape => Some(sample(shape, depth + 1)),
            };
            let pair = |key: &str, value: Value| (key.to_owned(), value);
            let object = |pairs: Vec<(String, Value)>| Value::Object(pairs.into_iter().collect());
            match (*tagging, content) {
                (Tagging::External, None) => name,
                (Tagging::External, Some(content)) => object(vec![pair(variant.json, content)]),
                (Tagging::Internal(tag), Some(Value::Object(parts))) => {
                    object(std::iter::once(pair(tag, name)).chain(parts).collect())
                }
                (Tagging::Internal(tag), _) | (Tagging::Adjacent(tag, _), None) => {
                    object(vec![pair(tag, name)])
                }
                (Tagging::Adjacent(tag, key), Some(content)) => {
                    object(vec![pair(tag, name), pair(key, content)])
                }
                (Tagging::Untagged, content) => content.unwrap_or(Value::Null),
            }
        }
        // Texts, and whatever shapes may come.
        _ => Value::String("…".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let problem = parse(text, "`--input`").expect_err("the text is no JSON");
        expected.assert_eq(&format!("{}\n", problem.message()));
    }

    #[test]
    fn a_missing_comma_is_pointed_at() {
        check(
            r#"{"table": 7 "size": 3}"#,
            expect![[r#"
            `--input` is not JSON: expected `,` or `}` at line 1, column 13
              {"table": 7 "size": 3}
                          ^
        "#]],
        );
    }

    #[test]
    fn the_line_is_shown_and_no_other() {
        check(
            "{\n  \"größe\": nix,\n  \"b\": 1\n}",
            expect![[r#"
                `--input` is not JSON: expected a value at line 2, column 13
                    "größe": nix,
                              ^
            "#]],
        );
    }

    #[test]
    fn a_long_line_is_cut_around_the_mistake() {
        let long = format!("[{}x]", "1, ".repeat(100));
        check(
            &long,
            expect![[r#"
                `--input` is not JSON: expected a value at line 1, column 302
                  , 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, x]
                                                                                            ^
            "#]],
        );
    }

    #[test]
    fn what_was_meant_is_guessed() {
        check(
            "",
            expect![[r#"
                `--input` is empty, and not JSON
                help: give JSON text, @FILE, or - for standard input
            "#]],
        );
        check(
            "hello",
            expect![[r#"
                `--input` is not JSON: expected a value at line 1, column 1
                  hello
                  ^
                help: a text needs its quotes: '"hello"'
            "#]],
        );
        check(
            "{'a': 1}",
            expect![[r#"
            `--input` is not JSON: key must be a string at line 1, column 2
              {'a': 1}
               ^
            help: JSON takes double quotes
        "#]],
        );
        check(
            "Cargo.toml",
            expect![[r#"
                `--input` is not JSON: expected a value at line 1, column 1
                  Cargo.toml
                  ^
                help: to read a file, write `--input @Cargo.toml`
            "#]],
        );
    }

    #[derive(serde::Serialize, serde::Deserialize, crate::Payload)]
    struct Claim {
        id: String,
        #[serde(flatten)]
        holder: Holder,
    }

    #[derive(serde::Serialize, serde::Deserialize, crate::Payload)]
    #[serde(rename_all = "camelCase")]
    struct Holder {
        policy_number: u8,
    }

    #[test]
    fn a_sample_has_the_fields_that_are_flattened() {
        use crate::Payload as _;
        let sample = sample(&Claim::shape(), 0);
        assert_eq!(sample, serde_json::json!({ "id": "…", "policyNumber": 0 }));
    }

    #[test]
    fn an_unfinished_text_ends_behind_its_last_line() {
        check(
            "{\"a\": 1,\n\n",
            expect![[r#"
                `--input` is not JSON: it ends in the middle of a value at line 1, column 8
                  {"a": 1,
                         ^
            "#]],
        );
        check(
            "{\"a\": [1, 2",
            expect![[r#"
                `--input` is not JSON: it ends in the middle of a list at line 1, column 11
                  {"a": [1, 2
                            ^
            "#]],
        );
    }
}
