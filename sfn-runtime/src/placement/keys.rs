//! The keys of a step, whoever sets them.

use std::time::Duration;

use super::{Origin, Runs, duration};
use crate::MAX_CONCURRENCY;

/// What may be said of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Run,
    Concurrency,
    Timeout,
    Memory,
    MaxConcurrency,
}

/// What is said of a step, or of all.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings {
    pub(super) run: Option<Runs>,
    pub(super) run_origin: Option<Origin>,
    pub(super) concurrency: Option<usize>,
    pub(super) timeout: Option<Duration>,
    pub(super) memory: Option<u32>,
    pub(super) max_concurrency: Option<u32>,
}

/// A value, as a file or a variable gives it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Given<'a> {
    Text(&'a str),
    Number(i64),
    /// Something else, by its name in messages.
    Other(&'static str),
}

impl Given<'_> {
    pub(super) fn what(self) -> String {
        match self {
            Self::Text(text) => format!("`\"{text}\"`"),
            Self::Number(number) => format!("`{number}`"),
            Self::Other(what) => what.to_owned(),
        }
    }
}

impl Key {
    pub(super) const ALL: [Self; 5] = [
        Self::Run,
        Self::Concurrency,
        Self::Timeout,
        Self::Memory,
        Self::MaxConcurrency,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Concurrency => "concurrency",
            Self::Timeout => "timeout",
            Self::Memory => "memory",
            Self::MaxConcurrency => "max_concurrency",
        }
    }

    /// Where the step must run for the key to mean something; `None` when it always does.
    pub(super) fn needs(self) -> Option<Runs> {
        match self {
            Self::Run => None,
            Self::Concurrency => Some(Runs::Here),
            Self::Timeout | Self::Memory | Self::MaxConcurrency => Some(Runs::Lambda),
        }
    }

    pub(super) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.name() == name)
    }

    /// The names of all keys, for messages.
    pub(super) fn names() -> Vec<&'static str> {
        Self::ALL.into_iter().map(Self::name).collect()
    }
}

impl Settings {
    /// # Errors
    ///
    /// What the key takes, when it is not this.
    pub(super) fn set(
        &mut self,
        key: Key,
        given: Given<'_>,
        origin: &Origin,
    ) -> Result<(), String> {
        match key {
            Key::Run => {
                self.run = Some(run(given)?);
                self.run_origin = Some(origin.clone());
            }
            Key::Concurrency => {
                self.concurrency =
                    Some(number(key, given, 1, MAX_CONCURRENCY as i64, "")? as usize);
            }
            Key::Timeout => self.timeout = Some(timeout(given)?),
            Key::Memory => self.memory = Some(number(key, given, 128, 10_240, " (MB)")? as u32),
            Key::MaxConcurrency => {
                self.max_concurrency = Some(number(key, given, 1, 10_000, "")? as u32);
            }
        }
        Ok(())
    }
}

fn run(given: Given<'_>) -> Result<Runs, String> {
    match given {
        Given::Text("here") => Ok(Runs::Here),
        Given::Text("lambda") => Ok(Runs::Lambda),
        other => Err(format!(
            "`run` is `\"here\"` or `\"lambda\"`, not {}",
            other.what()
        )),
    }
}

/// A number between two bounds. A variable's text is read as one.
fn number(key: Key, given: Given<'_>, from: i64, to: i64, unit: &str) -> Result<i64, String> {
    let found = match given {
        Given::Number(number) => Some(number),
        Given::Text(text) => text.trim().parse().ok(),
        Given::Other(_) => None,
    };
    match found {
        Some(number) if (from..=to).contains(&number) => Ok(number),
        _ => Err(format!(
            "`{}` is a number from {from} to {to}{unit}, not {}",
            key.name(),
            given.what()
        )),
    }
}

fn timeout(given: Given<'_>) -> Result<Duration, String> {
    let Given::Text(text) = given else {
        let found = given.what();
        return Err(format!(
            "`timeout` is a text such as `\"40s\"`, not {found}"
        ));
    };
    let span = duration::parse(text)?;
    // What Lambda allows.
    if (1..=900).contains(&span.as_secs()) {
        Ok(span)
    } else {
        Err(format!("`timeout` is from `1s` to `15m`, not `{text}`"))
    }
}
