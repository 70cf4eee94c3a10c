//! Values of keys, as a file or a variable gives them.

use std::{collections::BTreeMap, time::Duration};

use super::duration;

/// A value, as a file or a variable gives it.
#[derive(Debug, Clone)]
pub(super) enum Given<'a> {
    Text(&'a str),
    Number(i64),
    Flag(bool),
    List(Vec<&'a str>),
    Map(Vec<(String, &'a str)>),
    /// Something else, by its name in messages.
    Other(&'static str),
}

impl Given<'_> {
    pub(super) fn what(&self) -> String {
        match self {
            Self::Text(text) => format!("`\"{text}\"`"),
            Self::Number(number) => format!("`{number}`"),
            Self::Flag(flag) => format!("`{flag}`"),
            Self::List(_) => "a list".to_owned(),
            Self::Map(_) => "a table".to_owned(),
            Self::Other(what) => (*what).to_owned(),
        }
    }
}

/// A number between two bounds. A variable's text is read as one.
pub(super) fn number(
    key: &str,
    given: &Given<'_>,
    from: i64,
    to: i64,
    unit: &str,
) -> Result<u32, String> {
    let found = match given {
        Given::Number(number) => Some(*number),
        Given::Text(text) => text.trim().parse().ok(),
        _ => None,
    };
    found
        .filter(|number| (from..=to).contains(number))
        .and_then(|number| u32::try_from(number).ok())
        .ok_or_else(|| {
            format!(
                "`{key}` is a number from {from} to {to}{unit}, not {}",
                given.what()
            )
        })
}

/// A number of a list that AWS gives.
pub(super) fn one_of_numbers(key: &str, given: &Given<'_>, known: &[u32]) -> Result<u32, String> {
    let found = match given {
        Given::Number(number) => u32::try_from(*number).ok(),
        Given::Text(text) => text.trim().parse().ok(),
        _ => None,
    };
    found
        .filter(|number| known.contains(number))
        .ok_or_else(|| {
            let known: Vec<_> = known.iter().map(u32::to_string).collect();
            format!(
                "`{key}` is one of {}, not {}",
                known.join(", "),
                given.what()
            )
        })
}

/// One of a few words.
pub(super) fn word<T: Copy>(
    key: &str,
    given: &Given<'_>,
    words: &[(&str, T)],
) -> Result<T, String> {
    let found = match given {
        Given::Text(text) => words.iter().find(|(word, _)| word == text),
        _ => None,
    };
    found.map(|(_, value)| *value).ok_or_else(|| {
        let known: Vec<_> = words
            .iter()
            .map(|(word, _)| format!("`\"{word}\"`"))
            .collect();
        let known = match known.as_slice() {
            [one, other] => format!("{one} or {other}"),
            many => many.join(", "),
        };
        format!("`{key}` is {known}, not {}", given.what())
    })
}

/// Yes or no. A variable says `true` or `false`.
pub(super) fn flag(key: &str, given: &Given<'_>) -> Result<bool, String> {
    match given {
        Given::Flag(flag) => Ok(*flag),
        Given::Text("true") => Ok(true),
        Given::Text("false") => Ok(false),
        other => Err(format!(
            "`{key}` is `true` or `false`, not {}",
            other.what()
        )),
    }
}

/// A text that is not empty; `sample` shows one.
pub(super) fn text(key: &str, given: &Given<'_>, sample: &str) -> Result<String, String> {
    match given {
        Given::Text(text) if !text.trim().is_empty() => Ok((*text).to_owned()),
        other => Err(format!(
            "`{key}` is a text such as `\"{sample}\"`, not {}",
            other.what()
        )),
    }
}

/// An ARN of that service.
pub(super) fn arn(
    key: &str,
    given: &Given<'_>,
    service: &str,
    sample: &str,
) -> Result<String, String> {
    let found = text(key, given, sample)?;
    let mut parts = found.split(':');
    let (begins, _, of) = (parts.next(), parts.next(), parts.next());
    if begins == Some("arn") && of == Some(service) && parts.count() >= 3 {
        Ok(found)
    } else {
        Err(format!(
            "`{key}` is an ARN such as `{sample}`, not `{found}`"
        ))
    }
}

/// A list of texts. A variable separates them by commas.
pub(super) fn list(key: &str, given: &Given<'_>, prefix: &str) -> Result<Vec<String>, String> {
    let items: Vec<String> = match given {
        Given::List(items) => items.iter().map(|item| (*item).to_owned()).collect(),
        Given::Text(text) => text.split(',').map(|item| item.trim().to_owned()).collect(),
        other => {
            return Err(format!(
                "`{key}` is a list such as `[\"{prefix}0a1b2c3d\"]`, not {}",
                other.what()
            ));
        }
    };
    match items.iter().find(|item| !item.starts_with(prefix)) {
        None => Ok(items),
        Some(wrong) => Err(format!(
            "`{key}` names what begins with `{prefix}`, unlike `{wrong}`"
        )),
    }
}

/// Texts by name. A variable writes `A=1,B=2`.
pub(super) fn map(key: &str, given: &Given<'_>) -> Result<BTreeMap<String, String>, String> {
    match given {
        Given::Map(pairs) => Ok(pairs
            .iter()
            .map(|(name, value)| (name.clone(), (*value).to_owned()))
            .collect()),
        Given::Text(text) => text
            .split(',')
            .filter(|pair| !pair.trim().is_empty())
            .map(|pair| match pair.split_once('=') {
                Some((name, value)) => Ok((name.trim().to_owned(), value.trim().to_owned())),
                None => Err(format!(
                    "`{key}` is written as `NAME=VALUE,NAME=VALUE`, unlike `{pair}`"
                )),
            })
            .collect(),
        other => Err(format!("`{key}` is a table of texts, not {}", other.what())),
    }
}

/// A span of time between two bounds, in whole seconds.
pub(super) fn span(
    key: &str,
    given: &Given<'_>,
    bounds: std::ops::RangeInclusive<u64>,
    words: &str,
) -> Result<Duration, String> {
    let Given::Text(text) = given else {
        return Err(format!(
            "`{key}` is a text such as `\"40s\"`, not {}",
            given.what()
        ));
    };
    let span = duration::parse(text)?;
    if bounds.contains(&span.as_secs()) {
        Ok(span)
    } else {
        Err(format!("`{key}` is {words}, not `{text}`"))
    }
}

/// JSON text of an object.
pub(super) fn json(key: &str, given: &Given<'_>, sample: &str) -> Result<String, String> {
    let found = text(key, given, sample)?;
    match serde_json::from_str::<serde_json::Value>(&found) {
        Ok(serde_json::Value::Object(_)) => Ok(found),
        Ok(_) => Err(format!(
            "`{key}` is the text of a JSON object, not `{found}`"
        )),
        Err(error) => Err(format!(
            "`{key}` is JSON text such as `'{sample}'`: {error}"
        )),
    }
}

/// JSON text of an IAM policy.
pub(super) fn policy(key: &str, given: &Given<'_>) -> Result<String, String> {
    let sample = r#"{ "Statement": [{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::menu/*" }] }"#;
    let found = json(key, given, sample)?;
    let policy: serde_json::Value = serde_json::from_str(&found).expect("it was read just now");
    match policy.get("Statement") {
        Some(_) => Ok(found),
        None => Err(format!(
            "`{key}` has no `Statement`; a policy is `'{sample}'`"
        )),
    }
}
