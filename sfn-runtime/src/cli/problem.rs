use std::{error::Error, fmt::Write as _, io, io::Write as _};

use super::exit::Exit;
use crate::{
    EnsureError, MissingProvider, StartError, WorkError,
    flow::CompileError,
    placement, registry, service,
    view::{Look, Status},
};

/// Why a command did not do what it was asked, as it is told to the user.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Problem {
    exit: Exit,
    /// What is wrong; lines that begin with `help:` or `note:` may follow, and further problems with `error:`.
    /// Empty to say nothing.
    message: String,
}

impl Problem {
    pub(super) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
        }
    }

    /// The command line or an input is wrong.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// An error with all that caused it.
    pub(super) fn caused(exit: Exit, error: &dyn Error) -> Self {
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            let text = cause.to_string();
            // Some errors say their source themselves.
            if !message.contains(&text) {
                // What follows on lines of its own (`help:`) stays last.
                let end = message.find('\n').unwrap_or(message.len());
                message.insert_str(end, &format!(": {text}"));
            }
            source = cause.source();
        }
        Self::new(exit, message)
    }

    /// Adds a way out.
    #[must_use]
    pub(super) fn help(mut self, help: impl AsRef<str>) -> Self {
        write!(self.message, "\nhelp: {}", help.as_ref())
            .expect("a string takes what is written to it");
        self
    }

    /// Adds what is good to know.
    #[must_use]
    pub(super) fn note(mut self, note: impl AsRef<str>) -> Self {
        write!(self.message, "\nnote: {}", note.as_ref())
            .expect("a string takes what is written to it");
        self
    }

    /// The exit code and the whole message.
    pub(super) fn into_parts(self) -> (Exit, String) {
        (self.exit, self.message)
    }

    /// Tells it on standard error.
    pub(super) fn report(self) -> Exit {
        if !self.message.is_empty() {
            let text = self.text(Look::of_stderr());
            // There is nowhere else to say it.
            let _ = writeln!(io::stderr(), "{text}");
        }
        self.exit
    }

    #[cfg(test)]
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    fn text(&self, look: Look) -> String {
        let mut lines = self.message.lines();
        let first = lines.next().unwrap_or_default();
        let mut text = format!("{} {first}", look.status(Status::Failed, "error:"));
        for line in lines {
            let line = match line.split_once(' ') {
                Some((word @ ("help:" | "note:"), rest)) => format!("{} {rest}", look.bold(word)),
                Some((word @ "error:", rest)) => {
                    format!("{} {rest}", look.status(Status::Failed, word))
                }
                _ => line.to_owned(),
            };
            write!(text, "\n{line}").expect("a string takes what is written to it");
        }
        text
    }
}

impl From<registry::Error> for Problem {
    fn from(error: registry::Error) -> Self {
        let exit = match error {
            registry::Error::NoSuchStep { .. } | registry::Error::NoSuchWorkflow { .. } => {
                Exit::Usage
            }
            _ => Exit::Definition,
        };
        Self::caused(exit, &error)
    }
}

impl From<placement::Error> for Problem {
    fn from(error: placement::Error) -> Self {
        if let placement::Error::Mistakes(mistakes) = &error {
            let mistakes: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            return Self::new(Exit::Configuration, mistakes.join("\nerror: "));
        }
        Self::caused(Exit::Configuration, &error)
    }
}

impl From<MissingProvider> for Problem {
    fn from(error: MissingProvider) -> Self {
        Self::caused(Exit::Configuration, &error)
    }
}

impl From<CompileError> for Problem {
    fn from(error: CompileError) -> Self {
        Self::caused(Exit::Definition, &error)
    }
}

impl From<EnsureError> for Problem {
    fn from(error: EnsureError) -> Self {
        let exit = match &error {
            EnsureError::Service { source, .. }
                if source.kind() != service::ErrorKind::InvalidRequest =>
            {
                Exit::Service
            }
            _ => Exit::Definition,
        };
        Self::caused(exit, &error)
    }
}

impl From<service::Error> for Problem {
    fn from(error: service::Error) -> Self {
        Self::caused(exit(&error), &error)
    }
}

/// Whose the fault is: who asks does not say who he is, or the service does not do what it is asked.
fn exit(error: &service::Error) -> Exit {
    match error.kind() {
        service::ErrorKind::Credentials => Exit::Configuration,
        _ => Exit::Service,
    }
}

impl From<WorkError> for Problem {
    fn from(error: WorkError) -> Self {
        let exit = match error {
            WorkError::Service(ref error) => exit(error),
            _ => Exit::Configuration,
        };
        Self::caused(exit, &error)
    }
}

impl From<StartError> for Problem {
    fn from(error: StartError) -> Self {
        let exit = match error {
            StartError::Service(ref error)
                if error.kind() != service::ErrorKind::InvalidRequest =>
            {
                exit(error)
            }
            _ => Exit::Usage,
        };
        Self::caused(exit, &error)
    }
}

impl From<io::Error> for Problem {
    /// Standard output could not be written.
    fn from(error: io::Error) -> Self {
        // Whoever read it has had enough, as `head` has.
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::new(Exit::Ok, "");
        }
        Self::new(
            Exit::Usage,
            format!("the output cannot be written: {error}"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement::{Mistake, Origin};

    #[test]
    fn each_of_several_mistakes_is_an_error_of_its_own() {
        let mistake = |message: &str, help: Option<&str>| Mistake {
            origin: Origin::Program,
            message: message.to_owned(),
            help: help.map(str::to_owned),
        };
        let mistakes = vec![mistake("one", Some("a way")), mistake("two", None)];
        let problem = Problem::from(placement::Error::Mistakes(mistakes));
        assert_eq!(
            problem.into_parts(),
            (
                Exit::Configuration,
                "in the program: one\nhelp: a way\nerror: in the program: two".to_owned()
            )
        );
    }
}
