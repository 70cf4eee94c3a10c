//! Hands a command to the package's own program.

use std::{
    ffi::OsString,
    process::{Command, ExitCode},
};

/// A command for the package's own program.
#[derive(Debug)]
pub(crate) struct Forward {
    /// Options of `cargo run`.
    pub(crate) cargo: Vec<OsString>,
    /// The program's arguments.
    pub(crate) program: Vec<OsString>,
}

/// Builds the program and runs it. On Unix this process becomes it: signals and the exit code are
/// then its own.
pub(crate) fn forward(forward: &Forward) -> Result<ExitCode, String> {
    // Cargo tells its subcommands where it is.
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["run", "--quiet"])
        .args(&forward.cargo)
        .arg("--")
        .args(&forward.program);
    become_it(&mut command)
}

#[cfg(unix)]
fn become_it(command: &mut Command) -> Result<ExitCode, String> {
    use std::os::unix::process::CommandExt;
    // Comes back only when it could not start.
    Err(format!("cargo cannot be started: {}", command.exec()))
}

#[cfg(not(unix))]
fn become_it(command: &mut Command) -> Result<ExitCode, String> {
    let status = command
        .status()
        .map_err(|error| format!("cargo cannot be started: {error}"))?;
    // Windows has exit codes of 32 bits; those of the command line fit into eight.
    Ok(status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from))
}
