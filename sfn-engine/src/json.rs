//! JSON values that are shared instead of copied.

use std::fmt;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

/// A JSON value that many places hold at once.
///
/// Cloning is a reference count. The text (what crosses the API, and whose length the 256 KiB limit counts) is
/// written when first asked for and kept; a value that came in as text keeps that very text, as AWS does.
#[derive(Clone)]
pub struct Json(Arc<Shared>);

struct Shared {
    value: Value,
    text: OnceLock<Arc<str>>,
}

impl Json {
    /// Shares `value`.
    pub fn new(value: Value) -> Self {
        Json(Arc::new(Shared {
            value,
            text: OnceLock::new(),
        }))
    }

    /// Reads `text`, which stays the value's text.
    ///
    /// # Errors
    /// When it is not JSON.
    pub fn parse(text: impl Into<Arc<str>>) -> Result<Self, serde_json::Error> {
        let text = text.into();
        let value = serde_json::from_str(&text)?;
        Ok(Json(Arc::new(Shared {
            value,
            text: OnceLock::from(text),
        })))
    }

    /// The value itself.
    pub fn value(&self) -> &Value {
        &self.0.value
    }

    /// The value as JSON text: as it came in, or without any space between its parts.
    pub fn text(&self) -> &Arc<str> {
        self.0.text.get_or_init(|| self.0.value.to_string().into())
    }

    /// Length of the text in bytes (UTF-8).
    pub fn size(&self) -> usize {
        // A number, `true`, or `null` is never near a limit; spare the allocation.
        match (&self.0.value, self.0.text.get()) {
            (Value::Null | Value::Bool(_) | Value::Number(_), None) => 8,
            (Value::Array(items), None) if items.is_empty() => 2,
            (Value::Object(members), None) if members.is_empty() => 2,
            _ => self.text().len(),
        }
    }

    /// Whether both are one and the same shared value.
    pub fn same(&self, other: &Json) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The value, copied only when someone else holds it too.
    pub fn into_value(self) -> Value {
        match Arc::try_unwrap(self.0) {
            Ok(shared) => shared.value,
            Err(shared) => shared.value.clone(),
        }
    }
}

impl Default for Json {
    fn default() -> Self {
        Json::new(Value::Null)
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        Json::new(value)
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.same(other) || self.0.value == other.0.value
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0.value, f)
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl serde::Serialize for Json {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text())
    }
}

impl<'de> serde::Deserialize<'de> for Json {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Json::parse(text).map_err(serde::de::Error::custom)
    }
}
