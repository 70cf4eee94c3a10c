//! JSON text: the value, its duplicate keys, where things stand, and what AWS says about text that is no JSON.
//!
//! AWS parses with Jackson and hands Jackson's sentences to the caller, so a drop-in server needs them. No crate words
//! its errors that way or keeps positions and duplicate keys, hence a parser of our own; it is small and knows nothing else.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde_json::{Map, Value};

use crate::place::{Place, Segment};

/// How deep values may nest.
///
/// AWS refuses definitions that are too deep without saying where the limit is. Ours keeps every recursion over a
/// definition far from the end of a small thread's stack.
const DEEPEST: usize = 128;

/// How much of the text Jackson quotes in an error.
const QUOTED: usize = 500;

/// A line and a column, both from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
}

impl Position {
    /// The position of that byte of a text; the end when there is no such byte.
    #[must_use]
    pub fn of(text: &str, byte: usize) -> Self {
        let mut end = byte.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &text[..end];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// Why a text is no JSON, in the words of AWS.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// The sentence, without the place.
    pub message: String,
    /// The position up to which the text was read.
    pub position: Position,
    /// The beginning of the text, quoted.
    quoted: String,
    /// Whether the text is JSON, but nested too deeply.
    pub too_deep: bool,
}

impl SyntaxError {
    /// The place as AWS gives it.
    #[must_use]
    pub fn aws_source(&self) -> String {
        let Position { line, column } = self.position;
        format!(
            "[Source: (String){}; line: {line}, column: {column}]",
            self.quoted
        )
    }

    /// The sentence with the place, as AWS gives it.
    #[must_use]
    pub fn aws_message(&self) -> String {
        format!("{}\n at {}", self.message, self.aws_source())
    }
}

/// A text that is JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The value; of a key that occurs twice, the last occurrence.
    pub value: Value,
    /// Where a key occurs that its object already has.
    pub duplicates: Vec<Place>,
}

/// Reads a JSON text.
///
/// # Errors
///
/// When it is no JSON; the error words it as AWS does.
///
/// ```
/// let error = sfn_asl::json::parse("not a definition").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
/// );
/// assert_eq!(error.aws_source(), r#"[Source: (String)"not a definition"; line: 1, column: 4]"#);
/// ```
pub fn parse(text: &str) -> Result<Parsed, SyntaxError> {
    let mut ignore = |_: &[Segment], _: usize| {};
    let mut parser = Parser::new(text, &mut ignore);
    let value = parser.document()?;
    Ok(Parsed {
        value,
        duplicates: parser.duplicates,
    })
}

/// Where the wanted places begin in a text: members at their key, elements at their value.
///
/// Places that are not in the text are not in the answer; nor are any when the text is no JSON.
pub(crate) fn locate(text: &str, wanted: &HashSet<&Place>) -> HashMap<Place, Position> {
    let mut positions = HashMap::new();
    let longest = wanted
        .iter()
        .map(|place| place.segments().len())
        .max()
        .unwrap_or(0);
    // Places come in the order of the text, so its characters are counted once and not once a place.
    let (mut counted, mut position) = (0, Position { line: 1, column: 1 });
    let mut note = |path: &[Segment], offset: usize| {
        if path.len() > longest {
            return;
        }
        let place = Place::from(path);
        if wanted.contains(&place) {
            for c in text[counted..offset].chars() {
                position = match c {
                    '\n' => Position {
                        line: position.line + 1,
                        column: 1,
                    },
                    _ => Position {
                        column: position.column + 1,
                        ..position
                    },
                };
            }
            counted = offset;
            positions.insert(place, position);
        }
    };
    // The text was parsed before; an error here has been reported there.
    let _ = Parser::new(text, &mut note).document();
    positions
}

struct Parser<'t, 'n> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    path: Vec<Segment>,
    duplicates: Vec<Place>,
    note: &'n mut dyn FnMut(&[Segment], usize),
}

const VALUE: &str = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

impl<'t, 'n> Parser<'t, 'n> {
    fn new(text: &'t str, note: &'n mut dyn FnMut(&[Segment], usize)) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            path: Vec::new(),
            duplicates: Vec::new(),
            note,
        }
    }

    fn document(&mut self) -> Result<Value, SyntaxError> {
        self.space();
        (self.note)(&[], self.at);
        let value = self.value()?;
        self.space();
        match self.bytes.get(self.at) {
            None => Ok(value),
            Some(_) => Err(self.unrecognized_or(VALUE)),
        }
    }

    fn space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn value(&mut self) -> Result<Value, SyntaxError> {
        match self.bytes.get(self.at) {
            None => Err(self.ended("No content to map due to end-of-input")),
            Some(b'{') => self.object(),
            Some(b'[') => self.array(),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => {
                for (word, value) in [
                    ("true", Value::Bool(true)),
                    ("false", Value::Bool(false)),
                    ("null", Value::Null),
                ] {
                    let end = self.at + word.len();
                    if self.text[self.at..].starts_with(word)
                        && !self.bytes.get(end).is_some_and(|byte| is_word(*byte))
                    {
                        self.at = end;
                        return Ok(value);
                    }
                }
                Err(self.unrecognized_or(VALUE))
            }
        }
    }

    fn object(&mut self) -> Result<Value, SyntaxError> {
        let start = self.at;
        self.deeper()?;
        let mut members = Map::new();
        self.at += 1;
        self.space();
        if self.bytes.get(self.at) == Some(&b'}') {
            self.at += 1;
            return Ok(Value::Object(members));
        }
        loop {
            self.space();
            let key_at = self.at;
            match self.bytes.get(self.at) {
                Some(b'"') => {}
                None => return Err(self.unclosed("Object", start)),
                Some(_) => {
                    return Err(self.unexpected("was expecting double-quote to start field name"));
                }
            }
            let key = self.string()?;
            self.space();
            match self.bytes.get(self.at) {
                Some(b':') => self.at += 1,
                None => return Err(self.unclosed("Object", start)),
                Some(_) => {
                    return Err(
                        self.unexpected("was expecting a colon to separate field name and value")
                    );
                }
            }
            self.space();
            if self.at == self.bytes.len() {
                return Err(self.unclosed("Object", start));
            }
            self.path.push(Segment::Key(key));
            (self.note)(&self.path, key_at);
            let value = self.value()?;
            if let Some(Segment::Key(key)) = self.path.last()
                && members.insert(key.clone(), value).is_some()
            {
                self.duplicates.push(Place::from(self.path.as_slice()));
            }
            self.path.pop();
            self.space();
            match self.bytes.get(self.at) {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Value::Object(members));
                }
                None => return Err(self.unclosed("Object", start)),
                Some(_) => {
                    return Err(self.unexpected("was expecting comma to separate Object entries"));
                }
            }
        }
    }

    fn array(&mut self) -> Result<Value, SyntaxError> {
        let start = self.at;
        self.deeper()?;
        let mut elements = Vec::new();
        self.at += 1;
        self.space();
        if self.bytes.get(self.at) == Some(&b']') {
            self.at += 1;
            return Ok(Value::Array(elements));
        }
        loop {
            self.space();
            if self.at == self.bytes.len() {
                return Err(self.unclosed("Array", start));
            }
            self.path.push(Segment::Index(elements.len()));
            (self.note)(&self.path, self.at);
            elements.push(self.value()?);
            self.path.pop();
            self.space();
            match self.bytes.get(self.at) {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Value::Array(elements));
                }
                None => return Err(self.unclosed("Array", start)),
                Some(_) => {
                    return Err(self.unexpected("was expecting comma to separate Array entries"));
                }
            }
        }
    }

    fn string(&mut self) -> Result<String, SyntaxError> {
        let start = self.at;
        let mut escaped = false;
        let mut end = self.at + 1;
        loop {
            match self.bytes.get(end) {
                None => {
                    self.at = end;
                    return Err(self.ended(
                        "Unexpected end-of-input: was expecting closing quote for a string value",
                    ));
                }
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    end += 2;
                }
                Some(control @ 0..0x20) => {
                    self.at = end + 1;
                    return Err(self.error(format!(
                        "Illegal unquoted character ((CTRL-CHAR, code {control})): has to be escaped using backslash to \
                         be included in string value"
                    )));
                }
                Some(_) => end += 1,
            }
        }
        self.at = end + 1;
        if !escaped {
            return Ok(self.text[start + 1..end].to_owned());
        }
        serde_json::from_str(&self.text[start..=end])
            .map_err(|_| self.error("Unrecognized character escape in a string value".to_owned()))
    }

    fn number(&mut self) -> Result<Value, SyntaxError> {
        let start = self.at;
        while matches!(
            self.bytes.get(self.at),
            Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')
        ) {
            self.at += 1;
        }
        let text = &self.text[start..self.at];
        match serde_json::from_str(text) {
            Ok(number) => Ok(Value::Number(number)),
            Err(_) if text.trim_start_matches('-').starts_with('0') && text.len() > 1 => {
                Err(self.error("Invalid numeric value: Leading zeroes not allowed".to_owned()))
            }
            Err(_) => Err(self.error(format!("Invalid numeric value: `{text}`"))),
        }
    }

    fn deeper(&self) -> Result<(), SyntaxError> {
        if self.path.len() < DEEPEST {
            return Ok(());
        }
        let message = format!("values nest deeper than {DEEPEST} levels");
        Err(SyntaxError {
            too_deep: true,
            ..self.error(message)
        })
    }

    /// An error about a word that is no JSON, or about a character that cannot begin a value.
    fn unrecognized_or(&mut self, expected: &str) -> SyntaxError {
        let start = self.at;
        let rest = &self.text[start..];
        let word: String = rest
            .chars()
            .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '$'))
            .collect();
        if word.is_empty() {
            return self.unexpected(&format!("expected a valid value {expected}"));
        }
        self.at += word.len();
        self.error(format!(
            "Unrecognized token '{word}': was expecting {expected}"
        ))
    }

    fn unexpected(&mut self, expectation: &str) -> SyntaxError {
        let found = self.text[self.at..].chars().next().unwrap_or('\0');
        self.at += found.len_utf8();
        self.error(format!(
            "Unexpected character ('{found}' (code {})): {expectation}",
            u32::from(found)
        ))
    }

    fn unclosed(&self, what: &str, start: usize) -> SyntaxError {
        let Position { line, column } = Position::of(self.text, start);
        self.ended(&format!(
            "Unexpected end-of-input: expected close marker for {what} (start marker at [Source: (String){}; line: \
             {line}, column: {column}])",
            quoted(self.text)
        ))
    }

    fn ended(&self, message: &str) -> SyntaxError {
        self.error(message.to_owned())
    }

    fn error(&self, message: String) -> SyntaxError {
        SyntaxError {
            message,
            position: Position::of(self.text, self.at),
            quoted: quoted(self.text),
            too_deep: false,
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$'
}

fn quoted(text: &str) -> String {
    let length = text.chars().count();
    if length <= QUOTED {
        return format!("\"{text}\"");
    }
    let beginning: String = text.chars().take(QUOTED).collect();
    format!("\"{beginning}\"[truncated {} chars]", length - QUOTED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str, message: &str, column: usize) {
        let error = parse(text).expect_err("the text is no JSON");
        assert_eq!(error.message, message);
        assert_eq!(error.position.column, column, "{text}");
    }

    #[test]
    fn words_errors_as_aws_does() {
        refused(
            "'x'",
            &format!("Unexpected character (''' (code 39)): expected a valid value {VALUE}"),
            2,
        );
        refused(
            "{'a': 1}",
            "Unexpected character (''' (code 39)): was expecting double-quote to start field name",
            3,
        );
        refused(
            r#"{"a": 1,}"#,
            "Unexpected character ('}' (code 125)): was expecting double-quote to start field name",
            10,
        );
        refused(
            r#"{"a" 1}"#,
            "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value",
            7,
        );
        refused(
            "[1 2]",
            "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries",
            5,
        );
        refused(
            "[nul]",
            &format!("Unrecognized token 'nul': was expecting {VALUE}"),
            5,
        );
        refused(
            "[01]",
            "Invalid numeric value: Leading zeroes not allowed",
            4,
        );
        refused(
            "[1] x",
            &format!("Unrecognized token 'x': was expecting {VALUE}"),
            6,
        );
        refused(
            "{\"a\":\n [1,",
            "Unexpected end-of-input: expected close marker for Array (start marker at [Source: (String)\"{\"a\":\n \
             [1,\"; line: 2, column: 2])",
            5,
        );
    }

    #[test]
    fn agrees_with_serde_json() {
        for text in [
            "null",
            " true ",
            "-0.5e3",
            "18446744073709551615",
            "1e400",
            r#""a\u00e9\n\"""#,
            "[]",
            "{}",
            r#"{"a": [1, {"b": null}], "": "x"}"#,
            "nulll",
            "[1,]",
            "\"\u{1}\"",
            "\"\\q\"",
            "",
            "{\"a\"",
            "+1",
            ".5",
            "1.",
            "\"\\",
            "\"a\\\"",
        ] {
            let ours = parse(text).ok().map(|parsed| parsed.value);
            assert_eq!(ours, serde_json::from_str::<Value>(text).ok(), "{text}");
        }
    }

    #[test]
    fn finds_duplicates_and_places() {
        let text = "{\"a\": [{\"b\": 1, \"b\": 2}],\n \"é\": {\"c\": 3}}";
        let parsed = parse(text).expect("JSON");
        let duplicate = Place::root().then("a").then(0).then("b");
        assert_eq!(parsed.duplicates, [duplicate]);
        assert_eq!(parsed.value["a"][0]["b"], 2);
        let c = Place::root().then("é").then("c");
        let element = Place::root().then("a").then(0);
        let found = locate(text, &HashSet::from([&c, &element]));
        assert_eq!(found[&c], Position { line: 2, column: 8 });
        assert_eq!(found[&element], Position { line: 1, column: 8 });
    }

    #[test]
    fn refuses_what_is_too_deep() {
        let text = "[".repeat(100_000);
        assert!(parse(&text).expect_err("too deep").too_deep);
    }
}
