//! Filters: `[?(@.a == 'x' && !@.b)]`.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use regex::{Regex, RegexBuilder};
use serde_json::{Map, Value};

use crate::equality;

use super::parse::{self, ParseError, Reader};
use super::{Parsed, Path, Root, evaluate};

/// A condition on one value.
#[derive(Debug, Clone)]
pub(super) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    /// The path finds something, be it null or false.
    Exists(Operand),
    Compare(Operand, Comparison, Operand),
}

#[derive(Debug, Clone)]
pub(super) enum Operand {
    /// `@…`: from the value being filtered.
    Here(Path),
    /// `$…`: from the root of the document.
    Root(Path),
    Literal(Value),
    Pattern(Regex),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Same,
    NotSame,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Matches,
    In,
    NotIn,
    Contains,
    Size,
    Empty,
    SubsetOf,
    AnyOf,
    NoneOf,
}

/// The symbols, longer ones before their beginnings.
const SYMBOLS: [(&str, Comparison); 9] = [
    ("===", Comparison::Same),
    ("!==", Comparison::NotSame),
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    ("=~", Comparison::Matches),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

/// The words, written in any case.
const WORDS: [(&str, Comparison); 8] = [
    ("IN", Comparison::In),
    ("NIN", Comparison::NotIn),
    ("CONTAINS", Comparison::Contains),
    ("SIZE", Comparison::Size),
    ("EMPTY", Comparison::Empty),
    ("SUBSETOF", Comparison::SubsetOf),
    ("ANYOF", Comparison::AnyOf),
    ("NONEOF", Comparison::NoneOf),
];

/// Whether `c` ends the name of a field inside a filter.
pub(super) fn ends_a_path(c: char) -> bool {
    matches!(c, ' ' | ')' | ']' | '=' | '!' | '<' | '>' | '&' | '|' | ',')
}

/// Reads a condition up to the parenthesis that closes it.
pub(super) fn read(reader: &mut Reader) -> Result<Filter, ParseError> {
    reader.deeper()?;
    let filter = any(reader)?;
    reader.shallower();
    Ok(filter)
}

fn any(reader: &mut Reader) -> Result<Filter, ParseError> {
    let mut terms = vec![all(reader)?];
    while separator(reader, "||") {
        terms.push(all(reader)?);
    }
    Ok(if terms.len() == 1 {
        terms.remove(0)
    } else {
        Filter::Any(terms)
    })
}

fn all(reader: &mut Reader) -> Result<Filter, ParseError> {
    let mut terms = vec![not(reader)?];
    while separator(reader, "&&") {
        terms.push(not(reader)?);
    }
    Ok(if terms.len() == 1 {
        terms.remove(0)
    } else {
        Filter::All(terms)
    })
}

fn separator(reader: &mut Reader, text: &str) -> bool {
    reader.skip_spaces();
    reader.eat_str(text)
}

fn not(reader: &mut Reader) -> Result<Filter, ParseError> {
    reader.skip_spaces();
    if reader.peek() == Some('!') {
        reader.eat('!');
        reader.deeper()?;
        let inner = not(reader)?;
        reader.shallower();
        return Ok(Filter::Not(Box::new(inner)));
    }
    if reader.eat('(') {
        let inner = read(reader)?;
        reader.skip_spaces();
        reader.expect(')')?;
        return Ok(inner);
    }
    compare(reader)
}

fn compare(reader: &mut Reader) -> Result<Filter, ParseError> {
    let left = operand(reader)?;
    reader.skip_spaces();
    let Some(comparison) = comparison(reader) else {
        return match left {
            Operand::Here(_) | Operand::Root(_) => {
                reader.skip_spaces();
                Ok(Filter::Exists(left))
            }
            Operand::Literal(_) | Operand::Pattern(_) => Err(reader.error("expected a comparison")),
        };
    };
    reader.skip_spaces();
    let right = operand(reader)?;
    reader.skip_spaces();
    Ok(Filter::Compare(left, comparison, right))
}

fn comparison(reader: &mut Reader) -> Option<Comparison> {
    for (symbol, comparison) in SYMBOLS {
        if reader.eat_str(symbol) {
            return Some(comparison);
        }
    }
    let word: String = (0..)
        .map_while(|i| reader.peek_at(i).filter(char::is_ascii_alphabetic))
        .collect();
    let (_, comparison) = WORDS
        .iter()
        .find(|(name, _)| word.eq_ignore_ascii_case(name))?;
    reader.eat_str(&word);
    Some(*comparison)
}

fn operand(reader: &mut Reader) -> Result<Operand, ParseError> {
    match reader.peek() {
        Some('@') => Ok(Operand::Here(path(reader)?)),
        Some('$') => Ok(Operand::Root(path(reader)?)),
        Some('/') => pattern(reader),
        _ => literal(reader).map(Operand::Literal),
    }
}

fn path(reader: &mut Reader) -> Result<Path, ParseError> {
    let start = reader.at;
    reader.at += 1;
    let steps = reader.steps(true)?;
    Ok(Path(Arc::new(Parsed {
        text: reader.text(start),
        root: Root::Input,
        definite: parse::is_definite(&steps),
        steps,
    })))
}

fn pattern(reader: &mut Reader) -> Result<Operand, ParseError> {
    let start = reader.at;
    reader.eat('/');
    let mut source = String::new();
    loop {
        match reader.peek() {
            None => return Err(reader.error("a regular expression is not closed")),
            Some('/') => break,
            Some('\\') if reader.peek_at(1).is_some() => {
                if reader.peek_at(1) != Some('/') {
                    source.push('\\');
                }
                source.extend(reader.peek_at(1));
                reader.at += 2;
            }
            Some(c) => {
                source.push(c);
                reader.at += 1;
            }
        }
    }
    reader.eat('/');
    // The whole text must match, as Java's `matches` has it.
    let mut builder = RegexBuilder::new(&format!("^(?:{source})$"));
    loop {
        match reader.peek() {
            Some('i') => drop(builder.case_insensitive(true)),
            Some('s') => drop(builder.dot_matches_new_line(true)),
            Some('m') => drop(builder.multi_line(true)),
            Some('x') => drop(builder.ignore_whitespace(true)),
            Some('u' | 'U' | 'd') => {}
            _ => break,
        }
        reader.at += 1;
    }
    match builder.build() {
        Ok(regex) => Ok(Operand::Pattern(regex)),
        Err(_) => {
            reader.at = start;
            Err(reader.error("not a regular expression that is supported"))
        }
    }
}

/// A literal: JSON, with strings in either kind of quotes.
fn literal(reader: &mut Reader) -> Result<Value, ParseError> {
    reader.deeper()?;
    let value = match reader.peek() {
        Some('\'' | '"') => Value::String(string(reader)?),
        Some('[') => {
            reader.eat('[');
            let mut items = Vec::new();
            loop {
                reader.skip_spaces();
                if reader.eat(']') {
                    break;
                }
                if !items.is_empty() {
                    reader.expect(',')?;
                    reader.skip_spaces();
                }
                items.push(literal(reader)?);
            }
            Value::Array(items)
        }
        Some('{') => {
            reader.eat('{');
            let mut members = Map::new();
            loop {
                reader.skip_spaces();
                if reader.eat('}') {
                    break;
                }
                if !members.is_empty() {
                    reader.expect(',')?;
                    reader.skip_spaces();
                }
                let name = string(reader)?;
                reader.skip_spaces();
                reader.expect(':')?;
                reader.skip_spaces();
                members.insert(name, literal(reader)?);
            }
            Value::Object(members)
        }
        Some(c) if c == '-' || c.is_ascii_digit() => number(reader)?,
        _ if reader.eat_str("true") => Value::Bool(true),
        _ if reader.eat_str("false") => Value::Bool(false),
        _ if reader.eat_str("null") => Value::Null,
        _ => return Err(reader.error("expected a path or a literal")),
    };
    reader.shallower();
    Ok(value)
}

fn number(reader: &mut Reader) -> Result<Value, ParseError> {
    let start = reader.at;
    while reader
        .peek()
        .is_some_and(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E'))
    {
        reader.at += 1;
    }
    serde_json::from_str(&reader.text(start)).map_err(|_| reader.error("not a number"))
}

fn string(reader: &mut Reader) -> Result<String, ParseError> {
    let Some(quote @ ('\'' | '"')) = reader.peek() else {
        return Err(reader.error("expected a string"));
    };
    reader.at += 1;
    let mut text = String::new();
    loop {
        let Some(c) = reader.peek() else {
            return Err(reader.error("a string is not closed"));
        };
        reader.at += 1;
        match c {
            _ if c == quote => return Ok(text),
            '\\' => {
                let Some(escaped) = reader.peek() else {
                    return Err(reader.error("a string is not closed"));
                };
                reader.at += 1;
                match escaped {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    'r' => text.push('\r'),
                    'b' => text.push('\u{8}'),
                    'f' => text.push('\u{c}'),
                    'u' => {
                        let hex: String = (0..4).map_while(|i| reader.peek_at(i)).collect();
                        let unit = u16::from_str_radix(&hex, 16)
                            .ok()
                            .filter(|_| hex.chars().count() == 4);
                        let unit = unit.ok_or_else(|| reader.error("not a Unicode escape"))?;
                        text.push(
                            char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER),
                        );
                        reader.at += 4;
                    }
                    other => text.push(other),
                }
            }
            c => text.push(c),
        }
    }
}

/// A comparison with what cannot be compared so: nothing passes the filter it stands in.
struct Invalid;

impl Filter {
    /// Whether `here` passes. `root` is what `$` stands for.
    pub(super) fn accepts(&self, here: &Value, root: &Value) -> bool {
        self.holds(here, root).unwrap_or(false)
    }

    fn holds(&self, here: &Value, root: &Value) -> Result<bool, Invalid> {
        match self {
            Filter::All(terms) => {
                for term in terms {
                    if !term.holds(here, root)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Filter::Any(terms) => {
                for term in terms {
                    if term.holds(here, root)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Filter::Not(term) => Ok(!term.holds(here, root)?),
            Filter::Exists(operand) => Ok(operand.value(here, root).is_some()),
            Filter::Compare(Operand::Pattern(pattern), Comparison::Matches, subject)
            | Filter::Compare(subject, Comparison::Matches, Operand::Pattern(pattern)) => {
                Ok(subject
                    .value(here, root)
                    .is_some_and(|subject| is_match(pattern, &subject)))
            }
            Filter::Compare(left, comparison, right) => {
                let (left, right) = (left.value(here, root), right.value(here, root));
                comparison.holds(left.as_deref(), right.as_deref())
            }
        }
    }
}

impl Operand {
    fn value<'v>(&'v self, here: &'v Value, root: &'v Value) -> Option<Cow<'v, Value>> {
        match self {
            Operand::Here(path) => evaluate::in_filter(path, here),
            Operand::Root(path) => evaluate::in_filter(path, root),
            Operand::Literal(value) => Some(Cow::Borrowed(value)),
            Operand::Pattern(_) => None,
        }
    }
}

impl Comparison {
    /// Whether it holds; `None` is what a path did not find. It equals nothing, not even null.
    fn holds(self, left: Option<&Value>, right: Option<&Value>) -> Result<bool, Invalid> {
        // The operators on lists come first: they cannot do without one on the right.
        match self {
            Comparison::In | Comparison::NotIn => {
                let found = match (left, list(right)?) {
                    (Some(left), Some(items)) => has(items, left),
                    _ => false,
                };
                return Ok(found == (self == Comparison::In));
            }
            Comparison::SubsetOf | Comparison::AnyOf | Comparison::NoneOf => {
                let (Some(left), Some(right)) = (list(left)?, list(right)?) else {
                    return Ok(false);
                };
                return Ok(match self {
                    Comparison::SubsetOf => left.iter().all(|item| has(right, item)),
                    Comparison::AnyOf => left.iter().any(|item| has(right, item)),
                    _ => !left.iter().any(|item| has(right, item)),
                });
            }
            _ => {}
        }
        let (Some(left), Some(right)) = (left, right) else {
            return Ok(matches!(self, Comparison::NotEqual | Comparison::NotSame));
        };
        Ok(match self {
            Comparison::Equal => equal(left, right),
            Comparison::NotEqual => !equal(left, right),
            Comparison::Same => equality::equal(left, right),
            Comparison::NotSame => !equality::equal(left, right),
            Comparison::Less => order(left, right) == Some(Ordering::Less),
            Comparison::LessOrEqual => order(left, right).is_some_and(Ordering::is_le),
            Comparison::Greater => order(left, right) == Some(Ordering::Greater),
            Comparison::GreaterOrEqual => order(left, right).is_some_and(Ordering::is_ge),
            Comparison::Contains => match (left, right) {
                (Value::String(left), Value::String(right)) => left.contains(right.as_str()),
                (Value::Array(items), item) => has(items, item),
                _ => false,
            },
            Comparison::Size => {
                let size = match left {
                    Value::String(text) => text.encode_utf16().count(),
                    Value::Array(items) => items.len(),
                    _ => return Ok(false),
                };
                right.as_u64() == Some(size as u64)
            }
            Comparison::Empty => {
                let empty = match left {
                    Value::String(text) => text.is_empty(),
                    Value::Array(items) => items.is_empty(),
                    Value::Object(members) => members.is_empty(),
                    _ => return Ok(false),
                };
                right.as_bool() == Some(empty)
            }
            // Without a pattern on either side, or treated above.
            Comparison::Matches
            | Comparison::In
            | Comparison::NotIn
            | Comparison::SubsetOf
            | Comparison::AnyOf
            | Comparison::NoneOf => false,
        })
    }
}

/// The items of a list; an object is none, and has no items either.
fn list(value: Option<&Value>) -> Result<Option<&[Value]>, Invalid> {
    match value {
        Some(Value::Array(items)) => Ok(Some(items)),
        Some(Value::Object(_)) => Ok(None),
        _ => Err(Invalid),
    }
}

fn has(items: &[Value], item: &Value) -> bool {
    items.iter().any(|candidate| equal(item, candidate))
}

/// Equality where a number equals the text that shows it; the left side decides how.
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::String(left), Value::Number(right)) => *left == right.to_string(),
        (Value::Number(_), Value::String(right)) => right
            .parse::<f64>()
            .is_ok_and(|right| left.as_f64() == Some(right)),
        _ => equality::equal(left, right),
    }
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(l), Value::Number(r)) => equality::order(l, r),
        // Java compares by UTF-16 code unit.
        (Value::String(l), Value::String(r)) => Some(l.encode_utf16().cmp(r.encode_utf16())),
        _ => None,
    }
}

fn is_match(pattern: &Regex, subject: &Value) -> bool {
    match subject {
        Value::String(text) => pattern.is_match(text),
        Value::Number(number) => pattern.is_match(&number.to_string()),
        Value::Bool(b) => pattern.is_match(if *b { "true" } else { "false" }),
        Value::Array(items) => items.iter().any(|item| is_match(pattern, item)),
        Value::Null | Value::Object(_) => false,
    }
}
