//! The gate that every change passes: `cargo xtask check`. And `cargo xtask programs [SEED]`, which writes the programs of
//! `tests/bodies/written`.
//!
//! The gate needs only cargo, and runs what a reviewer would otherwise ask for: formatting, lints,
//! documentation, each feature alone, and, where `cargo-deny` is installed, licences and advisories.
//! Tests are not among them: `cargo test` is a command of its own.

#![expect(
    clippy::print_stderr,
    reason = "it talks to the person at the terminal"
)]

mod programs;
#[path = "../../tests/src/random.rs"]
#[expect(unreachable_pub, reason = "it is public where it belongs to the tests")]
mod random;

use std::process::{Command, ExitCode};

/// One part of the gate.
struct Part {
    name: &'static str,
    args: &'static [&'static str],
    /// An environment variable to set, and its value.
    env: Option<(&'static str, &'static str)>,
}

const CHECK: &[Part] = &[
    Part {
        name: "formatting",
        args: &["fmt", "--all", "--check"],
        env: None,
    },
    Part {
        name: "lints",
        args: &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ],
        env: None,
    },
    Part {
        name: "lints of all features",
        args: &[
            "clippy",
            "-p",
            "sfn-runtime",
            "--all-targets",
            "--all-features",
            "--",
            "-D",
            "warnings",
        ],
        env: None,
    },
    Part {
        name: "the runtime without any feature",
        args: &[
            "clippy",
            "-p",
            "sfn-runtime",
            "--no-default-features",
            "--",
            "-D",
            "warnings",
        ],
        env: None,
    },
    Part {
        name: "the runtime on Lambda",
        args: &[
            "clippy",
            "-p",
            "sfn-runtime",
            "--no-default-features",
            "--features",
            "lambda",
            "--",
            "-D",
            "warnings",
        ],
        env: None,
    },
    Part {
        name: "documentation",
        args: &["doc", "--workspace", "--no-deps"],
        env: Some(("RUSTDOCFLAGS", "-D warnings")),
    },
];

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("check") => check(),
        Some("programs") => write_programs(),
        _ => usage(),
    }
}

fn usage() -> ExitCode {
    eprintln!("usage: cargo xtask check | programs [SEED]");
    ExitCode::from(2)
}

fn write_programs() -> ExitCode {
    let Ok(seed) = std::env::args().nth(2).map_or(Ok(1), |seed| seed.parse()) else {
        return usage();
    };
    match programs::write(seed) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: the programs cannot be written: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs every part, so that all faults are shown at once.
fn check() -> ExitCode {
    let mut failed = Vec::new();
    for part in CHECK {
        eprintln!("xtask: {}", part.name);
        let mut command = Command::new(env!("CARGO"));
        command.args(part.args);
        if let Some((name, value)) = part.env {
            command.env(name, value);
        }
        if !command.status().is_ok_and(|status| status.success()) {
            failed.push(part.name);
        }
    }
    eprintln!("xtask: generated programs");
    if !programs::are_written() {
        eprintln!("xtask: `cargo xtask programs` writes others");
        failed.push("generated programs");
    }
    if installed("deny") {
        eprintln!("xtask: licences and advisories");
        let deny = Command::new(env!("CARGO"))
            .args(["deny", "check", "licenses", "bans"])
            .status();
        if !deny.is_ok_and(|status| status.success()) {
            failed.push("licences and advisories");
        }
    } else {
        eprintln!("xtask: licences and advisories skipped: `cargo-deny` is not installed");
    }
    if failed.is_empty() {
        eprintln!("xtask: all parts passed");
        ExitCode::SUCCESS
    } else {
        eprintln!("xtask: failed: {}", failed.join(", "));
        ExitCode::FAILURE
    }
}

fn installed(subcommand: &str) -> bool {
    Command::new(env!("CARGO"))
        .args([subcommand, "--version"])
        .output()
        .is_ok_and(|output| output.status.success())
}
