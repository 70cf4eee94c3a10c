//! What is not known until it is applied, as it stands in a text meanwhile.
//!
//! A model is made of plain texts: an ARN is written out, account and all. For a template, each open part is written as a
//! mark between two characters that nobody can have meant, and taken out again when the text is written.

use std::{collections::BTreeMap, fmt};

use crate::service::Location;

/// These two are for private use: no text of a user has a meaning for them.
const OPEN: char = '\u{E000}';
const CLOSE: char = '\u{E001}';

/// Something that stands in a text and is not known yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    Partition,
    Region,
    Account,
    /// The ARN of a role, by its name; and so on.
    Role(String),
    Activity(String),
    /// The ARN of a function with the version that is published.
    Version(String),
    Machine(String),
    Alias(String),
    /// The ARN of a log group, with `:*` behind it.
    LogGroup(String),
    Topic(String),
}

impl Mark {
    fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Partition => ("partition", ""),
            Self::Region => ("region", ""),
            Self::Account => ("account", ""),
            Self::Role(name) => ("role", name),
            Self::Activity(name) => ("activity", name),
            Self::Version(name) => ("version", name),
            Self::Machine(name) => ("machine", name),
            Self::Alias(name) => ("alias", name),
            Self::LogGroup(name) => ("logs", name),
            Self::Topic(name) => ("topic", name),
        }
    }

    fn read(text: &str) -> Option<Self> {
        let (kind, name) = text.split_once(' ')?;
        let name = name.to_owned();
        Some(match kind {
            "partition" => Self::Partition,
            "region" => Self::Region,
            "account" => Self::Account,
            "role" => Self::Role(name),
            "activity" => Self::Activity(name),
            "version" => Self::Version(name),
            "machine" => Self::Machine(name),
            "alias" => Self::Alias(name),
            "logs" => Self::LogGroup(name),
            "topic" => Self::Topic(name),
            _ => return None,
        })
    }
}

/// The mark as it stands in a text. No colon is in it, so that an ARN keeps its parts.
impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, name) = self.parts();
        write!(f, "{OPEN}{kind} {name}{CLOSE}")
    }
}

/// A location that is not known yet.
pub(super) fn anywhere() -> Location {
    Location {
        partition: Mark::Partition.to_string(),
        region: Mark::Region.to_string(),
        account: Mark::Account.to_string(),
    }
}

/// A part of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    Plain(&'a str),
    Mark(Mark),
}

/// Takes a text apart.
pub(super) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let Some((mark, behind)) = after
            .split_once(CLOSE)
            .and_then(|(mark, behind)| Some((Mark::read(mark)?, behind)))
        else {
            break;
        };
        if !before.is_empty() {
            found.push(Part::Plain(before));
        }
        found.push(Part::Mark(mark));
        rest = behind;
    }
    if !rest.is_empty() {
        found.push(Part::Plain(rest));
    }
    found
}

/// What is made beside it, by the ARN that names it.
#[derive(Debug, Default)]
pub(super) struct Known(BTreeMap<String, Mark>);

impl Known {
    pub(super) fn insert(&mut self, arn: String, mark: Mark) {
        self.0.insert(arn, mark);
    }

    pub(super) fn get(&self, arn: &str) -> Option<&Mark> {
        self.0.get(arn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_comes_apart_at_its_marks() {
        let at = anywhere();
        let text = format!("{}:${{a}}", at.activity("bake"));
        assert_eq!(
            parts(&text),
            [
                Part::Plain("arn:"),
                Part::Mark(Mark::Partition),
                Part::Plain(":states:"),
                Part::Mark(Mark::Region),
                Part::Plain(":"),
                Part::Mark(Mark::Account),
                Part::Plain(":activity:bake:${a}"),
            ]
        );
        assert_eq!(parts(""), []);
        let strange = format!("{OPEN}else{CLOSE}");
        assert_eq!(parts(&strange), [Part::Plain(&strange)]);
    }
}
