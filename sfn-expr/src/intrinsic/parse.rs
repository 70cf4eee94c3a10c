//! Reads the text of a call.

use std::sync::Arc;

use serde_json::Value;

use super::{Argument, Call, Function, MAX_CALLS, Parsed};
use crate::path::Path;

/// Why a text is not a call of an intrinsic function.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at character {at}")]
pub struct ParseError {
    /// What is wrong, in lower case.
    pub reason: String,
    /// Where: the number of the character, from 0.
    pub at: usize,
}

pub(super) fn call(text: &str) -> Result<Call, ParseError> {
    let mut reader = Reader {
        chars: text.chars().collect(),
        at: 0,
        calls: 0,
    };
    reader.skip_blanks();
    let call = reader.call()?;
    reader.skip_blanks();
    if reader.at < reader.chars.len() {
        return Err(reader.error("unexpected text after the call"));
    }
    Ok(call)
}

/// The text of a literal without the backslashes that protect quotes, braces and backslashes.
pub(super) fn unescaped(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.extend(chars.next()),
            c => text.push(c),
        }
    }
    text
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    /// How many calls were begun.
    calls: usize,
}

impl Reader {
    fn error(&self, reason: impl Into<String>) -> ParseError {
        ParseError {
            reason: reason.into(),
            at: self.at,
        }
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.at += usize::from(found);
        found
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn text(&self, start: usize) -> String {
        self.chars[start..self.at].iter().collect()
    }

    fn call(&mut self) -> Result<Call, ParseError> {
        self.calls += 1;
        if self.calls > MAX_CALLS {
            return Err(self.error(format!("a field holds at most {MAX_CALLS} calls")));
        }
        let start = self.at;
        while self
            .peek()
            .is_some_and(|c| c.is_ascii_alphanumeric() || c == '.')
        {
            self.at += 1;
        }
        let name = self.text(start);
        let Some(function) = Function::ALL
            .into_iter()
            .find(|function| function.name() == name)
        else {
            self.at = start;
            return Err(self.error(format!("no intrinsic function is called `{name}`")));
        };
        if !self.eat('(') {
            return Err(self.error("expected `(`"));
        }
        let mut arguments = Vec::new();
        self.skip_blanks();
        if !self.eat(')') {
            loop {
                arguments.push(self.argument()?);
                self.skip_blanks();
                if self.eat(')') {
                    break;
                }
                if !self.eat(',') {
                    return Err(self.error("expected `,` or `)`"));
                }
                self.skip_blanks();
            }
        }
        let (least, most) = function.arity();
        if arguments.len() < least || arguments.len() > most {
            let wanted = match (least, most) {
                (least, usize::MAX) => format!("at least {least}"),
                (least, most) if least == most => least.to_string(),
                (least, most) => format!("{least} to {most}"),
            };
            self.at = start;
            return Err(self.error(format!(
                "`{name}` takes {wanted} arguments, not {}",
                arguments.len()
            )));
        }
        Ok(Call(Arc::new(Parsed {
            text: self.text(start),
            function,
            arguments,
        })))
    }

    fn argument(&mut self) -> Result<Argument, ParseError> {
        match self.peek() {
            Some('\'') => self.string().map(Argument::Text),
            Some('$') => self.path().map(Argument::Path),
            Some('S') => self.call().map(Argument::Call),
            Some(_) => self.literal().map(Argument::Literal),
            None => Err(self.error("expected an argument")),
        }
    }

    /// A literal in quotes; its escapes are checked and kept.
    fn string(&mut self) -> Result<String, ParseError> {
        self.eat('\'');
        let start = self.at;
        loop {
            match self.peek() {
                None => return Err(self.error("a string is not closed")),
                Some('\'') => {
                    let raw = self.text(start);
                    self.at += 1;
                    return Ok(raw);
                }
                Some('\\') => match self.chars.get(self.at + 1) {
                    Some('\'' | '{' | '}' | '\\') => self.at += 2,
                    _ => return Err(self.error(r"only \', \{, \} and \\ are escapes")),
                },
                Some(_) => self.at += 1,
            }
        }
    }

    /// A path, which ends at the comma or parenthesis that is not its own.
    fn path(&mut self) -> Result<Path, ParseError> {
        let start = self.at;
        let mut open = 0usize;
        let mut quote = None;
        while let Some(c) = self.peek() {
            match (quote, c) {
                (Some(_), '\\') => self.at += 1,
                (Some(q), c) if c == q => quote = None,
                (Some(_), _) => {}
                (None, '\'' | '"') if open > 0 => quote = Some(c),
                (None, '(' | '[') => open += 1,
                (None, ')' | ',') if open == 0 => break,
                (None, ')' | ']') => open = open.saturating_sub(1),
                (None, c) if open == 0 && c.is_whitespace() => break,
                (None, _) => {}
            }
            self.at += 1;
        }
        self.at = self.at.min(self.chars.len());
        Path::parse(&self.text(start)).map_err(|error| ParseError {
            reason: error.reason,
            at: start + error.at,
        })
    }

    fn literal(&mut self) -> Result<Value, ParseError> {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.'))
        {
            self.at += 1;
        }
        let text = self.text(start);
        match serde_json::from_str(&text) {
            Ok(value @ (Value::Null | Value::Bool(_) | Value::Number(_))) => Ok(value),
            _ => {
                self.at = start;
                Err(self.error("expected a path, a call, a number, a string in single quotes, true, false or null"))
            }
        }
    }
}
