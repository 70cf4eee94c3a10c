//! The zip that Lambda runs: this very program, built once more without what only a developer needs.
//!
//! The build is `cargo lambda build` where that is installed, which builds for either architecture, and a plain
//! `cargo build` for this machine's own otherwise. Both build the program's binary with the feature `lambda` alone:
//!
//! ```toml
//! [features]
//! default = ["local"]
//! local = ["sfn-runtime/local"]      # the embedded engine
//! deploy = ["sfn-runtime/deploy"]    # plan, deploy, drain, destroy
//! lambda = ["sfn-runtime/lambda"]    # what goes into the zip
//! ```
//!
//! The profile is `sfn-lambda`: made for size, unless the workspace defines one of that name.

mod archive;
mod cargo;

use std::{
    io,
    path::{Path, PathBuf},
    process::Stdio,
};

use tokio::process::Command;

pub use self::archive::Package;
use crate::placement::Architecture;

/// The feature that a program's binary is built with for Lambda.
pub const FEATURE: &str = "lambda";
/// The profile it is built with.
pub const PROFILE: &str = "sfn-lambda";

/// The glibc of Lambda's `provided.al2023`, which a program must not ask more of.
/// <https://docs.aws.amazon.com/linux/al2023/ug/core-glibc.html>
const GLIBC: (u32, u32) = (2, 34);

/// Why there is no zip.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PackageError {
    /// Cargo cannot be run.
    #[error(
        "`{command}` cannot be run: {source}\nhelp: deploying builds your program, which needs cargo and rustc"
    )]
    NoCargo {
        /// The command.
        command: String,
        /// What the system says.
        source: io::Error,
    },
    /// Cargo does not know the program.
    #[error(
        "no package in `{folder}` has a binary `{binary}`\n\
         help: run the command in your project's folder, with `cargo run --features deploy -- deploy`"
    )]
    NoBinary {
        /// The binary's name.
        binary: String,
        /// Where cargo has looked.
        folder: PathBuf,
    },
    /// The package has no feature for it.
    #[error(
        "the package `{package}` has no feature `{FEATURE}`, with which its Lambda functions are built\n\
         help: write in `{manifest}` under `[features]`: {FEATURE} = [\"sfn-runtime/{FEATURE}\"]"
    )]
    NoFeature {
        /// The package.
        package: String,
        /// Its `Cargo.toml`.
        manifest: PathBuf,
    },
    /// It is another machine's architecture, and nothing here can build for it.
    #[error(
        "this machine cannot build for {} by itself\n\
         help: install cargo-lambda (`cargo install cargo-lambda`, and zig), or write `architecture = \"{host}\"` in `sfn.toml`",
        .architecture.as_str()
    )]
    Foreign {
        /// The architecture asked for.
        architecture: Architecture,
        /// This machine's.
        host: &'static str,
    },
    /// The build failed; cargo has said why on standard error.
    #[error("`{command}` failed\nnote: {note}")]
    Failed {
        /// The command.
        command: String,
        /// The last that it said.
        note: String,
    },
    /// The program would not start on Lambda.
    #[error(
        "the program asks for glibc {}.{}, and Lambda's `provided.al2023` has {}.{}\n\
         help: install cargo-lambda (`cargo install cargo-lambda`, and zig), which builds for that glibc",
        .asked.0, .asked.1, GLIBC.0, GLIBC.1
    )]
    Glibc {
        /// The version asked for.
        asked: (u32, u32),
    },
    /// A file cannot be read.
    #[error("`{path}` cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// How the program is built for Lambda.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Build {
    /// The folder in which cargo runs.
    pub folder: PathBuf,
    /// The binary's name.
    pub binary: String,
    /// What it is built for.
    pub architecture: Architecture,
}

impl Build {
    /// Builds the program that is running, for `architecture`. Cargo looks for its package in the folder of the
    /// package that `cargo run` has started, or the current one.
    ///
    /// # Errors
    ///
    /// When the system does not say which program is running.
    pub fn of_this_program(architecture: Architecture) -> io::Result<Self> {
        let program = std::env::current_exe()?;
        let binary = program
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let folder = match std::env::var_os("CARGO_MANIFEST_DIR") {
            Some(folder) => PathBuf::from(folder),
            None => std::env::current_dir()?,
        };
        Ok(Self {
            folder,
            binary,
            architecture,
        })
    }

    /// Builds the zip. What cargo says goes to standard error, as it says it.
    ///
    /// # Errors
    ///
    /// When the program cannot be built here, or would not start on Lambda: see [`PackageError`].
    pub async fn run(&self) -> Result<Package, PackageError> {
        let found = cargo::find(&self.folder, &self.binary).await?;
        if !found.features.iter().any(|feature| feature == FEATURE) {
            return Err(PackageError::NoFeature {
                package: found.package,
                manifest: found.manifest,
            });
        }
        let crossing = Command::new("cargo")
            .args(["lambda", "--version"])
            .stdin(Stdio::null())
            .output()
            .await
            .is_ok_and(|output| output.status.success());
        let host = host();
        if !crossing && host != Some(self.architecture) {
            return Err(PackageError::Foreign {
                architecture: self.architecture,
                host: host.map_or("x86_64", Architecture::as_str),
            });
        }
        let mut command = Command::new("cargo");
        command.current_dir(&self.folder);
        let built = if crossing {
            let to = found.target.join("lambda");
            command.args(["lambda", "build", "--lambda-dir"]).arg(&to);
            command.arg(match self.architecture {
                Architecture::Arm64 => "--arm64",
                Architecture::X86_64 => "--x86-64",
            });
            to.join(&self.binary).join("bootstrap")
        } else {
            command.arg("build");
            found.target.join(PROFILE).join(&self.binary)
        };
        command
            .args([
                "--profile",
                PROFILE,
                "--no-default-features",
                "--features",
                FEATURE,
            ])
            .args(["--bin", &self.binary, "--manifest-path"])
            .arg(&found.manifest)
            .args(found.profile())
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        cargo::watch(command).await?;
        let program = read(&built)?;
        if !crossing && let Some(asked) = newest_glibc(&program).filter(|asked| *asked > GLIBC) {
            return Err(PackageError::Glibc { asked });
        }
        Ok(Package::of(&program))
    }
}

fn read(path: &Path) -> Result<Vec<u8>, PackageError> {
    std::fs::read(path).map_err(|source| PackageError::Unreadable {
        path: path.to_owned(),
        source,
    })
}

/// What a plain `cargo build` builds for; `None` where that does not run on Lambda.
fn host() -> Option<Architecture> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => Some(Architecture::X86_64),
        ("linux", "aarch64") => Some(Architecture::Arm64),
        _ => None,
    }
}

/// The newest version of glibc that a program names: its symbols' versions stand in it as texts.
fn newest_glibc(program: &[u8]) -> Option<(u32, u32)> {
    const MARK: &[u8] = b"GLIBC_";
    let starts = program
        .windows(MARK.len())
        .enumerate()
        .filter(|(_, window)| *window == MARK);
    starts
        .filter_map(|(at, _)| {
            let rest = &program[at + MARK.len()..];
            let end = rest
                .iter()
                .take(8)
                .position(|byte| !byte.is_ascii_digit() && *byte != b'.')?;
            let (major, minor) = std::str::from_utf8(&rest[..end]).ok()?.split_once('.')?;
            let minor = minor.split('.').next()?;
            Some((major.parse().ok()?, minor.parse().ok()?))
        })
        .max()
}

#[cfg(test)]
mod tests {
    use super::newest_glibc;

    #[track_caller]
    fn check(program: &[u8], expected: Option<(u32, u32)>) {
        assert_eq!(newest_glibc(program), expected);
    }

    #[test]
    fn the_newest_glibc_counts() {
        check(b"\0GLIBC_2.4\0GLIBC_2.34\0GLIBC_2.2.5\0", Some((2, 34)));
        check(b"GLIBC_PRIVATE\0GLIBC_2.39\0", Some((2, 39)));
        check(b"a static program", None);
        check(b"GLIBC_2.", None);
    }
}
