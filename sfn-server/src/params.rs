//! The parameters of a request, read with the API's own words for what is wrong with them.

use serde_json::{Map, Value};
use sfn_engine::{Error, api::Page};

use crate::answer::Failure;

/// The JSON object that a request carries.
///
/// Members that are `null` are absent, as SDKs have it; members nobody asks for are ignored, as AWS does.
pub(crate) struct Params(Map<String, Value>);

/// A violated constraint of the API's model.
fn violation(message: String) -> Failure {
    Failure::Engine(Error::Validation(format!(
        "1 validation error detected: {message}"
    )))
}

impl Params {
    /// Reads a request's body.
    pub(crate) fn read(body: &[u8]) -> Result<Self, Failure> {
        if body.is_empty() {
            return Ok(Self(Map::new()));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => Ok(Self(members)),
            Ok(_) => Err(Failure::Serialization(
                "the request is not a JSON object".to_owned(),
            )),
            Err(error) => Err(Failure::Serialization(format!(
                "the request is not JSON: {error}"
            ))),
        }
    }

    /// All of them.
    pub(crate) fn whole(&self) -> &Map<String, Value> {
        &self.0
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }

    fn mistyped(name: &str, wanted: &str) -> Failure {
        Failure::Serialization(format!("`{name}` must be {wanted}"))
    }

    /// A text that must be there.
    pub(crate) fn text(&mut self, name: &str) -> Result<String, Failure> {
        self.optional_text(name)?.ok_or_else(|| {
            violation(format!(
                "Value null at '{name}' failed to satisfy constraint: Member must not be null"
            ))
        })
    }

    /// A text that must be there, not be empty, and not be longer than `most` characters.
    pub(crate) fn bounded_text(&mut self, name: &str, most: usize) -> Result<String, Failure> {
        let text = self.text(name)?;
        if text.is_empty() {
            return Err(violation(format!(
                "Value '' at '{name}' failed to satisfy constraint: Member must have length greater than or equal to 1"
            )));
        }
        bound(name, &text, most)?;
        Ok(text)
    }

    /// An ARN that must be there. What it means is looked at by whoever asks for it.
    pub(crate) fn arn(&mut self, name: &str) -> Result<String, Failure> {
        self.bounded_text(name, longest_arn(name))
    }

    /// An ARN that may be absent.
    pub(crate) fn optional_arn(&mut self, name: &str) -> Result<Option<String>, Failure> {
        if self.has(name) {
            return self.arn(name).map(Some);
        }
        Ok(None)
    }

    /// The ARN of the role that executions would run as.
    pub(crate) fn role_arn(&mut self) -> Result<String, Failure> {
        let arn = self.arn("roleArn")?;
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        match parts[..] {
            ["arn", _, "iam", "", account, role]
                if account.bytes().all(|digit| digit.is_ascii_digit())
                    && role
                        .strip_prefix("role/")
                        .is_some_and(|name| !name.is_empty()) =>
            {
                Ok(arn)
            }
            _ => Err(Failure::Engine(Error::InvalidRoleArn(arn))),
        }
    }

    /// The ARN of the role that executions would run as; it may be absent.
    pub(crate) fn optional_role_arn(&mut self) -> Result<Option<String>, Failure> {
        if self.has("roleArn") {
            return self.role_arn().map(Some);
        }
        Ok(None)
    }

    /// A text that may be absent.
    pub(crate) fn optional_text(&mut self, name: &str) -> Result<Option<String>, Failure> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Self::mistyped(name, "a text")),
        }
    }

    /// A text that may be absent, and is not longer than `most` characters.
    pub(crate) fn optional_bounded_text(
        &mut self,
        name: &str,
        most: usize,
    ) -> Result<Option<String>, Failure> {
        let text = self.optional_text(name)?;
        if let Some(text) = &text {
            bound(name, text, most)?;
        }
        Ok(text)
    }

    /// `true` or `false`; `false` when absent.
    pub(crate) fn flag(&mut self, name: &str) -> Result<bool, Failure> {
        Ok(self.optional_flag(name)?.unwrap_or(false))
    }

    /// `true` or `false`, or absent.
    pub(crate) fn optional_flag(&mut self, name: &str) -> Result<Option<bool>, Failure> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(_) => Err(Self::mistyped(name, "true or false")),
        }
    }

    /// A number that may be absent, between bounds.
    pub(crate) fn optional_integer(
        &mut self,
        name: &str,
        least: u64,
        most: u64,
    ) -> Result<Option<u64>, Failure> {
        let Some(value) = self.take(name) else {
            return Ok(None);
        };
        let number = value
            .as_i64()
            .ok_or_else(|| Self::mistyped(name, "a whole number"))?;
        let outside = |bound: &str| {
            violation(format!(
                "Value '{number}' at '{name}' failed to satisfy constraint: Member must have value {bound}"
            ))
        };
        match u64::try_from(number) {
            Ok(number) if number > most => Err(outside(&format!("less than or equal to {most}"))),
            Ok(number) if number >= least => Ok(Some(number)),
            _ => Err(outside(&format!("greater than or equal to {least}"))),
        }
    }

    /// A number with a fraction that may be absent.
    pub(crate) fn optional_number(&mut self, name: &str) -> Result<Option<f64>, Failure> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Number(number)) => Ok(number.as_f64()),
            Some(_) => Err(Self::mistyped(name, "a number")),
        }
    }

    /// One of some words, or absent. `words` holds the words in the order in which AWS lists them.
    pub(crate) fn optional_word(
        &mut self,
        name: &str,
        words: &[&'static str],
    ) -> Result<Option<&'static str>, Failure> {
        let Some(text) = self.optional_text(name)? else {
            return Ok(None);
        };
        match words.iter().find(|word| **word == text) {
            Some(word) => Ok(Some(word)),
            None => Err(violation(format!(
                "Value '{text}' at '{name}' failed to satisfy constraint: Member must satisfy enum value set: [{}]",
                words.join(", ")
            ))),
        }
    }

    /// One of some words, which must be there.
    pub(crate) fn word(
        &mut self,
        name: &str,
        words: &[&'static str],
    ) -> Result<&'static str, Failure> {
        self.optional_word(name, words)?.ok_or_else(|| {
            violation(format!(
                "Value null at '{name}' failed to satisfy constraint: Member must not be null"
            ))
        })
    }

    /// An object that may be absent.
    pub(crate) fn optional_object(&mut self, name: &str) -> Result<Option<Params>, Failure> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Object(members)) => Ok(Some(Params(members))),
            Some(_) => Err(Self::mistyped(name, "an object")),
        }
    }

    /// A list of objects; empty when absent.
    pub(crate) fn objects(&mut self, name: &str) -> Result<Vec<Params>, Failure> {
        match self.take(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => items
                .into_iter()
                .map(|item| match item {
                    Value::Object(members) => Ok(Params(members)),
                    _ => Err(Self::mistyped(name, "a list of objects")),
                })
                .collect(),
            Some(_) => Err(Self::mistyped(name, "a list")),
        }
    }

    /// A list of texts that must be there.
    pub(crate) fn texts(&mut self, name: &str) -> Result<Vec<String>, Failure> {
        match self.take(name) {
            Some(Value::Array(items)) => items
                .into_iter()
                .map(|item| match item {
                    Value::String(text) => Ok(text),
                    _ => Err(Self::mistyped(name, "a list of texts")),
                })
                .collect(),
            Some(_) => Err(Self::mistyped(name, "a list")),
            None => Err(violation(format!(
                "Value null at '{name}' failed to satisfy constraint: Member must not be null"
            ))),
        }
    }

    /// Tags: `[{"key", "value"}, …]`; none when absent.
    pub(crate) fn tags(&mut self) -> Result<Vec<(String, String)>, Failure> {
        self.objects("tags")?
            .into_iter()
            .map(|mut tag| {
                let value = tag.optional_bounded_text("value", 256)?.unwrap_or_default();
                Ok((tag.bounded_text("key", 128)?, value))
            })
            .collect()
    }

    /// `maxResults` and `nextToken`.
    pub(crate) fn page(&mut self) -> Result<Page, Failure> {
        let max_results = self.optional_integer("maxResults", 0, 1000)?.unwrap_or(0);
        // INVARIANT: at most 1000, as just checked.
        let max_results = u32::try_from(max_results).expect("1000 fits");
        Ok(Page {
            max_results,
            next_token: self.optional_text("nextToken")?,
        })
    }

    /// Whether the member is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// How many characters an ARN may have. Source: the API's model.
fn longest_arn(name: &str) -> usize {
    match name {
        "mapRunArn" => 2000,
        _ => 256,
    }
}

fn bound(name: &str, text: &str, most: usize) -> Result<(), Failure> {
    if text.chars().count() > most {
        return Err(violation(format!(
            "Value '{text}' at '{name}' failed to satisfy constraint: Member must have length less than or equal to {most}"
        )));
    }
    Ok(())
}
