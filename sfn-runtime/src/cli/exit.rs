use std::process::ExitCode;

/// How a command ended: the exit codes of the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Exit {
    /// It did what was asked; an execution succeeded.
    Ok,
    /// An execution failed.
    Failed,
    /// The command line or an input is wrong; nothing was run.
    Usage,
    /// The configuration, or what the program provides to its steps, is wrong; nothing was run.
    Configuration,
    /// A workflow is not one that Step Functions would take; nothing was run.
    Definition,
    /// Step Functions could not be reached, or refused.
    Service,
    /// An execution was stopped by someone else.
    Stopped,
    /// A limit that was to be kept is not, or something has changed that was to stay.
    Unmet,
    /// An execution took longer than its workflow allows.
    TimedOut,
    /// A signal ended the command before it was done.
    Interrupted,
}

impl Exit {
    /// All of them, by their codes.
    pub const ALL: [Self; 10] = [
        Self::Ok,
        Self::Failed,
        Self::Usage,
        Self::Configuration,
        Self::Definition,
        Self::Service,
        Self::Stopped,
        Self::Unmet,
        Self::TimedOut,
        Self::Interrupted,
    ];

    /// The number that the process gives to whoever started it.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Configuration => 3,
            Self::Definition => 4,
            Self::Service => 5,
            Self::Stopped => 6,
            Self::Unmet => 7,
            // As `timeout` of coreutils.
            Self::TimedOut => 124,
            // As a shell counts a process that Ctrl-C ended: 128 and the signal's number.
            Self::Interrupted => 130,
        }
    }

    /// What the documentation calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Usage => "usage",
            Self::Configuration => "configuration",
            Self::Definition => "definition",
            Self::Service => "service",
            Self::Stopped => "stopped",
            Self::Unmet => "unmet",
            Self::TimedOut => "timed out",
            Self::Interrupted => "interrupted",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    /// The table of docs/cli.md says what the code does.
    #[test]
    fn the_documented_codes_are_the_real_ones() {
        let page = include_str!("../../../docs/cli.md");
        for exit in Exit::ALL {
            let row = format!("| {} | {} |", exit.code(), exit.name());
            assert!(page.contains(&row), "docs/cli.md lacks `{row}`");
        }
    }
}
