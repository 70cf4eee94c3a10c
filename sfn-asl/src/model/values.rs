//! Values that fields of several state types share.

use std::fmt;

/// The variables a state sets: name to value. An expression may stand at any leaf (JSONata), or a key may end in `.$`
/// and have a path or an intrinsic function as its value (JSONPath).
pub type Assign = serde_json::Map<String, serde_json::Value>;

/// The language of expressions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum QueryLanguage {
    /// Paths and intrinsic functions; what applies when a machine says nothing.
    #[default]
    JsonPath,
    /// Expressions between `{%` and `%}`.
    Jsonata,
}

impl QueryLanguage {
    /// The word as the definition has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::JsonPath => "JSONPath",
            Self::Jsonata => "JSONata",
        }
    }
}

impl fmt::Display for QueryLanguage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What is between `{%` and `%}`, or `None` when the text is no JSONata expression.
///
/// AWS is strict: a text with anything, even a space, before `{%` or after `%}` is a literal.
///
/// ```
/// assert_eq!(sfn_asl::expression("{% 1 + 1 %}"), Some(" 1 + 1 "));
/// assert_eq!(sfn_asl::expression(" {% 1 + 1 %}"), None);
/// ```
#[must_use]
pub fn expression(text: &str) -> Option<&str> {
    text.strip_prefix("{%")?.strip_suffix("%}")
}

/// A value, or a JSONata expression that yields it.
#[derive(Debug, Clone, PartialEq)]
pub enum OrExpression<T> {
    /// The value itself.
    Value(T),
    /// A text; in a definition AWS accepts, one that [`expression`] recognises.
    Expression(String),
}

impl<T> OrExpression<T> {
    /// The value, when it is written out.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Expression(_) => None,
        }
    }
}

impl From<u64> for OrExpression<u64> {
    fn from(value: u64) -> Self {
        Self::Value(value)
    }
}

impl From<f64> for OrExpression<f64> {
    fn from(value: f64) -> Self {
        Self::Value(value)
    }
}

impl From<bool> for OrExpression<bool> {
    fn from(value: bool) -> Self {
        Self::Value(value)
    }
}

impl<T> From<&str> for OrExpression<T> {
    fn from(expression: &str) -> Self {
        Self::Expression(expression.to_owned())
    }
}

impl<T> From<String> for OrExpression<T> {
    fn from(expression: String) -> Self {
        Self::Expression(expression)
    }
}

/// A path field in which `null` means something else than absence.
///
/// `InputPath` and `OutputPath`: `null` gives `{}`. `ResultPath`: `null` discards the result.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum PathField {
    /// Not written; the same as `$`.
    #[default]
    Absent,
    /// Written as `null`.
    Null,
    /// A path.
    Path(String),
}

impl PathField {
    /// Whether the field is written at all.
    #[must_use]
    pub fn is_present(&self) -> bool {
        *self != Self::Absent
    }

    /// The path that applies: `$` when absent, `None` when `null`.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::Absent => Some("$"),
            Self::Null => None,
            Self::Path(path) => Some(path),
        }
    }
}

/// Where a state leads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Transition {
    /// To the state of that name.
    Next(String),
    /// To the end of its flow.
    #[default]
    End,
}

impl Transition {
    /// The next state's name.
    #[must_use]
    pub fn next(&self) -> Option<&str> {
        match self {
            Self::Next(name) => Some(name),
            Self::End => None,
        }
    }
}
