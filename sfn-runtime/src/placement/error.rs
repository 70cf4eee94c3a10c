use std::{fmt, io, path::PathBuf};

/// Why it is not known where the steps run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file cannot be read.
    #[error("`{}` cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// Keys, steps or values that are not known; all that were found, in the order of the file.
    #[error("{}", lines(.0))]
    Mistakes(Vec<Mistake>),
    /// A profile that the file does not have.
    #[error("no profile is named `{name}`\nhelp: {}", profiles(name, known))]
    NoSuchProfile {
        /// What was asked for.
        name: String,
        /// The profiles there are.
        known: Vec<String>,
    },
    /// A step runs on Lambda, and was to run in this program.
    #[error(
        "step `{step}` runs on Lambda ({origin}), and this program can run steps only here\n\
         help: set `run = \"here\"` there, or the variable `{variable}=here`"
    )]
    OnLambda {
        /// The step's name.
        step: &'static str,
        /// Where that was said.
        origin: Origin,
        /// The variable that says otherwise.
        variable: String,
    },
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mistake {
    /// Where it stands.
    pub origin: Origin,
    /// What is wrong.
    pub message: String,
    /// A way out.
    pub help: Option<String>,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.origin, self.message)?;
        match &self.help {
            Some(help) => write!(f, "\nhelp: {help}"),
            None => Ok(()),
        }
    }
}

/// Where a setting was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// In a file.
    File {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
    },
    /// By a variable of that name.
    Variable(String),
    /// In the program's own code.
    Program,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line, column } => write!(f, "{}:{line}:{column}", path.display()),
            Self::Variable(name) => write!(f, "variable `{name}`"),
            Self::Program => f.write_str("in the program"),
        }
    }
}

fn profiles(name: &str, known: &[String]) -> String {
    let known: Vec<_> = known.iter().map(String::as_str).collect();
    match known.as_slice() {
        [] => format!("write `[env.{name}]` in `sfn.toml`; it may be empty"),
        known => super::file::known("profiles", name, known),
    }
}

fn lines(mistakes: &[Mistake]) -> String {
    let lines: Vec<_> = mistakes.iter().map(Mistake::to_string).collect();
    lines.join("\n")
}
