//! YAML, as far as a template needs it.

use std::fmt::Write as _;

use serde_json::Value;

/// Writes a value as YAML.
///
/// A text of several lines stands as such; any other text that a reader of YAML, of whatever version, might take for
/// something else is quoted.
///
/// ```
/// use sfn_runtime::deploy::export::yaml;
///
/// let value = serde_json::json!({ "Version": "2012-10-17", "Action": ["s3:GetObject"], "Say": "one\ntwo" });
/// assert_eq!(yaml(&value), "Version: \"2012-10-17\"\nAction:\n- s3:GetObject\nSay: |-\n  one\n  two\n");
/// ```
#[must_use]
pub fn yaml(value: &Value) -> String {
    let mut text = String::new();
    match value {
        Value::Object(fields) if !fields.is_empty() => block(value, 0, &mut text),
        Value::Array(items) if !items.is_empty() => block(value, 0, &mut text),
        _ => {
            scalar(value, 0, &mut text);
            text.push('\n');
        }
    }
    text
}

/// A mapping or a sequence that is not empty, from the beginning of a line on.
fn block(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Object(fields) => {
            for (at, (name, value)) in fields.iter().enumerate() {
                // The first one may stand behind the dash of a sequence.
                if at > 0 || text.is_empty() || text.ends_with('\n') {
                    indent(depth, text);
                }
                text.push_str(&plain_or_quoted(name));
                text.push(':');
                after(value, depth, text);
            }
        }
        Value::Array(items) => {
            for item in items {
                indent(depth, text);
                text.push('-');
                match item {
                    Value::Object(fields) if !fields.is_empty() => {
                        text.push(' ');
                        block(item, depth + 1, text);
                    }
                    Value::Array(items) if !items.is_empty() => {
                        text.push('\n');
                        block(item, depth + 1, text);
                    }
                    other => {
                        text.push(' ');
                        scalar(other, depth + 1, text);
                        text.push('\n');
                    }
                }
            }
        }
        other => scalar(other, depth, text),
    }
}

/// What follows the colon of a name.
fn after(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            text.push('\n');
            block(value, depth + 1, text);
        }
        // A sequence in a mapping may stand as deep as its name.
        Value::Array(items) if !items.is_empty() => {
            text.push('\n');
            block(value, depth, text);
        }
        other => {
            text.push(' ');
            scalar(other, depth + 1, text);
            text.push('\n');
        }
    }
}

fn scalar(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::String(words) if fits_block(words) => {
            text.push_str("|-");
            for line in words.split('\n') {
                text.push('\n');
                if !line.is_empty() {
                    indent(depth, text);
                    text.push_str(line);
                }
            }
        }
        Value::String(words) => text.push_str(&plain_or_quoted(words)),
        other => write!(text, "{other}").expect("a string takes what is written to it"),
    }
}

/// Whether a text can stand line by line, as it is.
fn fits_block(words: &str) -> bool {
    let visible = |c: char| c == '\n' || (c != '\u{FEFF}' && !c.is_control());
    words.contains('\n')
        // The first line says how far all are indented, and lines at the end would be lost.
        && !words.starts_with([' ', '\n'])
        && !words.ends_with('\n')
        && words.chars().all(visible)
        // These two end a line in YAML 1.1.
        && !words.contains(['\u{2028}', '\u{2029}'])
}

fn plain_or_quoted(words: &str) -> String {
    let mut letters = words.chars();
    let begins = letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '/');
    let legal = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    // A colon says something only before a space.
    let bytes = words.as_bytes();
    let colons = bytes
        .windows(2)
        .all(|two| two[0] != b':' || two[1].is_ascii_alphanumeric() || two[1] == b':');
    let plain = begins
        && letters.all(|c| legal(c) || c == ':')
        && colons
        && !words.ends_with(':')
        && !is_word(words);
    if plain {
        words.to_owned()
    } else {
        // A text of JSON is one of YAML, but for the one character that JSON leaves as it is.
        Value::from(words)
            .to_string()
            .replace('\u{7F}', "\\u007f")
            .replace('\u{FEFF}', "\\ufeff")
            .replace('\u{85}', "\\u0085")
            .replace('\u{2028}', "\\u2028")
            .replace('\u{2029}', "\\u2029")
    }
}

/// What YAML 1.1 or 1.2 takes for something else than a text.
fn is_word(words: &str) -> bool {
    const WORDS: [&str; 10] = [
        "true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan",
    ];
    WORDS.contains(&words.to_ascii_lowercase().as_str())
}

fn indent(depth: usize, text: &mut String) {
    text.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(value: Value, expected: &str) {
        assert_eq!(yaml(&value), expected);
    }

    #[test]
    fn what_might_be_something_else_is_quoted() {
        for words in [
            "no", "On", "1", "1e3", "-x", "", " a", "a: b", "a:", "#a", "~", "a\tb", "*", "&a",
            "é", "a\u{7f}b", "x:-1",
        ] {
            let text = yaml(&json!(words));
            assert!(text.starts_with('"'), "{text}");
        }
        for words in [
            "arn:aws:iam::123:role/x",
            "/aws/lambda/x",
            "AWS::S3::Bucket",
            "north-1",
        ] {
            check(json!(words), &format!("{words}\n"));
        }
    }

    #[test]
    fn lists_and_maps_stand_in_each_other() {
        check(
            json!({ "a": [{ "b": 1, "c": [true, []] }, [[1], {}], "x"], "d": { "e": {} }, "f": null }),
            "a:\n- b: 1\n  c:\n  - true\n  - []\n-\n  -\n    - 1\n  - {}\n- x\nd:\n  e: {}\nf: null\n",
        );
    }

    #[test]
    fn lines_stand_as_lines() {
        check(
            json!({ "a": "{\n  \"b\": 1\n\n}" }),
            "a: |-\n  {\n    \"b\": 1\n\n  }\n",
        );
        check(json!("one\n"), "\"one\\n\"\n");
        check(json!("\n one"), "\"\\n one\"\n");
        check(json!(["x\ny"]), "- |-\n  x\n  y\n");
    }
}
