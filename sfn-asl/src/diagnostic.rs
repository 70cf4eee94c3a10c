//! What is wrong with a definition, where, and what to do about it.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;

use crate::code::Code;
use crate::json::{self, Position};
use crate::place::Place;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// AWS takes the definition; its author should think again.
    Warning,
    /// AWS refuses the definition.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// What AWS says about the same fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aws {
    /// The code, such as `SCHEMA_VALIDATION_FAILED`.
    pub code: &'static str,
    /// The text, without the place.
    pub message: String,
    /// The place; a few faults have none.
    pub place: Option<String>,
}

/// One fault of a definition.
///
/// Displayed, it is what a person should read: the code, our message, the place, the way out. [`Diagnostic::aws`] has
/// what AWS says, for a server that stands in for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which fault it is; stable.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// Where it stands in the definition.
    pub place: Place,
    /// Where it stands in the text, when there is one.
    pub position: Option<Position>,
    /// What is wrong.
    pub message: String,
    /// A way out.
    pub help: Option<String>,
    /// What AWS says; `None` when AWS says nothing, as about most warnings.
    pub aws: Option<Aws>,
}

impl Diagnostic {
    /// A fault AWS refuses, in AWS's words: `SCHEMA_VALIDATION_FAILED` with our message until [`Diagnostic::says`].
    pub(crate) fn error(code: Code, place: &Place, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            code,
            severity: Severity::Error,
            place: place.clone(),
            position: None,
            aws: Some(Aws {
                code: "SCHEMA_VALIDATION_FAILED",
                message: message.clone(),
                place: Some(place.aws()),
            }),
            message,
            help: None,
        }
    }

    /// A fault AWS says nothing about.
    pub(crate) fn warning(code: Code, place: &Place, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Warning,
            place: place.clone(),
            position: None,
            message: message.into(),
            help: None,
            aws: None,
        }
    }

    /// Adds a way out.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Sets AWS's text, at this place, under the code `SCHEMA_VALIDATION_FAILED`.
    pub(crate) fn says(self, message: impl Into<String>) -> Self {
        self.says_as("SCHEMA_VALIDATION_FAILED", message)
    }

    /// Sets AWS's text, at this place, and its code.
    pub(crate) fn says_as(mut self, code: &'static str, message: impl Into<String>) -> Self {
        self.aws = Some(Aws {
            code,
            message: message.into(),
            place: Some(self.place.aws()),
        });
        self
    }

    /// Moves AWS's text to another place.
    pub(crate) fn says_at(mut self, place: Option<&Place>) -> Self {
        if let Some(aws) = &mut self.aws {
            aws.place = place.map(Place::aws);
        }
        self
    }

    /// AWS's code for the fault, if AWS knows it.
    #[must_use]
    pub fn aws_code(&self) -> Option<&'static str> {
        self.aws.as_ref().map(|aws| aws.code)
    }

    /// AWS's text for the fault, with code and place: `<CODE>: <text> at <place>`.
    ///
    /// Where AWS has no place it says `null`; so do we.
    #[must_use]
    pub fn aws_message(&self) -> Option<String> {
        let Aws {
            code,
            message,
            place,
        } = self.aws.as_ref()?;
        Some(format!(
            "{code}: {message} at {}",
            place.as_deref().unwrap_or("null")
        ))
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: {}", self.severity, self.code, self.message)?;
        match (self.place.segments().is_empty(), self.position) {
            (true, None) => {}
            (true, Some(position)) => write!(f, "\n  at {position}")?,
            (false, None) => write!(f, "\n  at {}", self.place)?,
            (false, Some(position)) => write!(f, "\n  at {} ({position})", self.place)?,
        }
        if let Some(help) = &self.help {
            write!(f, "\n  help: {help}")?;
        }
        Ok(())
    }
}

/// The message of `CreateStateMachine`'s `InvalidDefinition`, or `None` when nothing here makes AWS refuse.
///
/// ```
/// let (_, found) = sfn_asl::read("{}");
/// assert_eq!(
///     sfn_asl::invalid_definition(&found).as_deref(),
///     Some("Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /'")
/// );
/// ```
#[must_use]
pub fn invalid_definition(diagnostics: &[Diagnostic]) -> Option<String> {
    let errors: Vec<String> = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .filter_map(Diagnostic::aws_message)
        .collect();
    (!errors.is_empty())
        .then(|| format!("Invalid State Machine Definition: '{}'", errors.join(", ")))
}

/// Whether AWS would refuse the definition these were found in.
#[must_use]
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics
        .iter()
        .any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// Collects what readers and checks find.
#[derive(Debug, Default)]
pub(crate) struct Report(RefCell<Vec<Diagnostic>>);

impl Report {
    pub(crate) fn add(&self, diagnostic: Diagnostic) {
        self.0.borrow_mut().push(diagnostic);
    }

    pub(crate) fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.0.into_inner()
    }
}

/// Says of each diagnostic where in the text it stands.
pub(crate) fn locate(text: &str, diagnostics: &mut [Diagnostic]) {
    let wanted: HashSet<&Place> = diagnostics
        .iter()
        .map(|diagnostic| &diagnostic.place)
        .collect();
    if wanted.is_empty() {
        return;
    }
    let positions = json::locate(text, &wanted);
    for diagnostic in diagnostics
        .iter_mut()
        .filter(|diagnostic| diagnostic.position.is_none())
    {
        diagnostic.position = positions.get(&diagnostic.place).copied();
    }
}
