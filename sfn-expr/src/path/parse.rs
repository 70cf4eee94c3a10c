//! Reads the text of a path.

use super::filter;
use super::function::Function;
use super::{Parsed, Root, Step};

/// How deep filters may nest; recorded paths need two.
const MAX_DEPTH: usize = 32;

/// Why a text is not a path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at character {at}")]
pub struct ParseError {
    /// What is wrong, in lower case.
    pub reason: String,
    /// Where: the number of the character, from 0.
    pub at: usize,
}

/// Reads a whole path.
pub(super) fn path(text: &str) -> Result<Parsed, ParseError> {
    let mut reader = Reader::new(text, 0);
    let root = reader.root()?;
    let steps = reader.steps(false)?;
    if !reader.at_end() {
        return Err(reader.error("unexpected text after the path"));
    }
    Ok(Parsed {
        text: text.to_owned(),
        root,
        definite: is_definite(&steps),
        steps,
    })
}

pub(super) fn is_definite(steps: &[Step]) -> bool {
    steps.iter().enumerate().all(|(i, step)| match step {
        Step::Name(_) | Step::Index(_) | Step::Function(_) => true,
        // Several names at the end are merged into one object; before the end they branch.
        Step::Names(_) => i + 1 == steps.len(),
        Step::Indexes(_)
        | Step::Slice { .. }
        | Step::Wildcard
        | Step::Descend
        | Step::Filter(_) => false,
    })
}

/// A cursor over the characters of a text, shared with the reader of filters.
pub(super) struct Reader {
    chars: Vec<char>,
    pub(super) at: usize,
    depth: usize,
}

impl Reader {
    fn new(text: &str, depth: usize) -> Reader {
        Reader {
            chars: text.chars().collect(),
            at: 0,
            depth,
        }
    }

    pub(super) fn error(&self, reason: impl Into<String>) -> ParseError {
        ParseError {
            reason: reason.into(),
            at: self.at,
        }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn at_end(&self) -> bool {
        self.at == self.chars.len()
    }

    pub(super) fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.at += usize::from(found);
        found
    }

    pub(super) fn eat_str(&mut self, text: &str) -> bool {
        let found = text
            .chars()
            .enumerate()
            .all(|(i, c)| self.peek_at(i) == Some(c));
        if found {
            self.at += text.chars().count();
        }
        found
    }

    pub(super) fn expect(&mut self, c: char) -> Result<(), ParseError> {
        if self.eat(c) {
            Ok(())
        } else {
            Err(self.error(format!("expected `{c}`")))
        }
    }

    pub(super) fn skip_spaces(&mut self) {
        while self.peek() == Some(' ') {
            self.at += 1;
        }
    }

    /// Enters one level of nesting.
    pub(super) fn deeper(&mut self) -> Result<(), ParseError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            Err(self.error("filters are nested too deeply"))
        } else {
            Ok(())
        }
    }

    pub(super) fn shallower(&mut self) {
        self.depth -= 1;
    }

    fn root(&mut self) -> Result<Root, ParseError> {
        if !self.eat('$') {
            return Err(self.error("a path starts with `$`"));
        }
        if self.eat('$') {
            return Ok(Root::Context);
        }
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_alphanumeric() || c == '_') {
            self.at += 1;
        }
        Ok(if start == self.at {
            Root::Input
        } else {
            Root::Variable(self.text(start))
        })
    }

    pub(super) fn text(&self, start: usize) -> String {
        self.chars[start..self.at].iter().collect()
    }

    /// The steps after the root. Inside a filter the path ends where the filter's own text goes on.
    pub(super) fn steps(&mut self, in_filter: bool) -> Result<Vec<Step>, ParseError> {
        let mut steps = Vec::new();
        loop {
            match self.peek() {
                Some('[') => steps.push(self.bracket()?),
                Some('.') => {
                    self.at += 1;
                    if self.eat('.') {
                        steps.push(Step::Descend);
                        if self.peek() == Some('.') {
                            return Err(self.error("character `.` is not valid here"));
                        }
                    }
                    match self.peek() {
                        None => return Err(self.error("a path must not end with `.`")),
                        Some('[') => steps.push(self.bracket()?),
                        Some('*') => {
                            self.at += 1;
                            steps.push(Step::Wildcard);
                        }
                        Some(_) => steps.push(self.name_or_function(in_filter)?),
                    }
                }
                _ => break,
            }
            if matches!(steps.last(), Some(Step::Function(_))) && !self.at_end() && !in_filter {
                return Err(self.error("a function must be the last step"));
            }
        }
        Ok(steps)
    }

    fn name_or_function(&mut self, in_filter: bool) -> Result<Step, ParseError> {
        let start = self.at;
        while let Some(c) = self.peek() {
            match c {
                '.' | '[' | '(' => break,
                ' ' if !in_filter => {
                    return Err(self.error(
                        "a field whose name holds a blank is written in brackets, `['my field']`",
                    ));
                }
                _ if in_filter && filter::ends_a_path(c) => break,
                _ => self.at += 1,
            }
        }
        if start == self.at {
            return Err(self.error("expected a field name"));
        }
        let name = self.text(start);
        if !self.eat('(') {
            return Ok(Step::Name(name));
        }
        let arguments_at = self.at;
        let mut open = 1usize;
        while open > 0 {
            match self.peek() {
                None => return Err(self.error("expected `)`")),
                Some('(') => open += 1,
                Some(')') => open -= 1,
                Some(_) => {}
            }
            self.at += 1;
        }
        let arguments: String = self.chars[arguments_at..self.at - 1].iter().collect();
        match Function::named(&name, arguments.trim()) {
            Ok(function) => Ok(Step::Function(function)),
            Err(reason) => {
                self.at = start;
                Err(self.error(reason))
            }
        }
    }

    fn bracket(&mut self) -> Result<Step, ParseError> {
        self.expect('[')?;
        self.skip_spaces();
        let step = match self.peek() {
            Some('\'' | '"') => self.quoted_names()?,
            Some('*') => {
                self.at += 1;
                Step::Wildcard
            }
            Some('?') => self.filter()?,
            Some(c) if c.is_ascii_digit() || c == '-' || c == ':' => self.indexes()?,
            _ => {
                return Err(
                    self.error("expected a quoted name, an index, a slice, `*` or a filter")
                );
            }
        };
        self.skip_spaces();
        self.expect(']')?;
        Ok(step)
    }

    fn quoted_names(&mut self) -> Result<Step, ParseError> {
        let mut names = vec![self.quoted_name()?];
        loop {
            self.skip_spaces();
            if !self.eat(',') {
                break;
            }
            self.skip_spaces();
            if !matches!(self.peek(), Some('\'' | '"')) {
                return Err(self.error("expected a quoted name"));
            }
            names.push(self.quoted_name()?);
        }
        Ok(match <[String; 1]>::try_from(names) {
            Ok([name]) => Step::Name(name),
            Err(names) => Step::Names(names),
        })
    }

    /// A name in quotes. A backslash protects the quote; any other stands for itself, as AWS was recorded to read it.
    fn quoted_name(&mut self) -> Result<String, ParseError> {
        let quote = self.peek().expect("the caller saw a quote");
        self.at += 1;
        let mut name = String::new();
        loop {
            match self.peek() {
                None => return Err(self.error("a quoted name is not closed")),
                Some(c) if c == quote => {
                    self.at += 1;
                    return Ok(name);
                }
                Some('\\') if self.peek_at(1) == Some(quote) => {
                    name.push(quote);
                    self.at += 2;
                }
                Some('\\') if self.peek_at(1) == Some('\\') => {
                    name.push_str("\\\\");
                    self.at += 2;
                }
                Some(c) => {
                    name.push(c);
                    self.at += 1;
                }
            }
        }
    }

    fn integer(&mut self) -> Result<Option<i64>, ParseError> {
        let start = self.at;
        self.eat('-');
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        if start == self.at {
            return Ok(None);
        }
        // Jayway's indexes are Java ints.
        match self.text(start).parse::<i32>() {
            Ok(index) => Ok(Some(i64::from(index))),
            Err(_) => Err(self.error("not an index")),
        }
    }

    fn indexes(&mut self) -> Result<Step, ParseError> {
        let first = self.integer()?;
        self.skip_spaces();
        if self.eat(':') {
            self.skip_spaces();
            let to = self.integer()?;
            self.skip_spaces();
            if self.eat(':') {
                // A step is read and, as in Jayway, without effect.
                self.skip_spaces();
                if (first.is_none() && to.is_none()) || self.integer()?.is_none() {
                    return Err(self.error("expected an index"));
                }
            }
            if first.is_none() && to.is_none() {
                return Err(self.error("a slice needs an index"));
            }
            return Ok(Step::Slice { from: first, to });
        }
        let Some(first) = first else {
            return Err(self.error("expected an index"));
        };
        let mut indexes = vec![first];
        while self.eat(',') {
            self.skip_spaces();
            indexes.push(
                self.integer()?
                    .ok_or_else(|| self.error("expected an index"))?,
            );
            self.skip_spaces();
        }
        Ok(match indexes[..] {
            [index] => Step::Index(index),
            _ => Step::Indexes(indexes),
        })
    }

    fn filter(&mut self) -> Result<Step, ParseError> {
        self.expect('?')?;
        self.skip_spaces();
        self.expect('(')?;
        let filter = filter::read(self)?;
        self.expect(')')?;
        Ok(Step::Filter(filter))
    }
}
