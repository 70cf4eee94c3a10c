//! `lock`: writes `sfn.lock`; and what `check` says of it.

use std::path::{Path, PathBuf};

use super::{Exit, output, problem::Problem, program::Program};
use crate::{
    lock::{Change, Drift, FILE, Lock},
    placement, registry,
    view::{Look, Status},
};

/// What `lock` was asked for.
#[derive(Debug)]
pub(super) struct Options {
    /// Whether changes that break something may be written down.
    pub(super) breaking: bool,
    pub(super) json: bool,
}

/// Writes the lock, and tells what has changed.
pub(super) fn lock(program: &Program, options: &Options) -> Result<Exit, Problem> {
    let path = file(program);
    let now = now()?;
    let before = read(&path)?;
    let changes = before
        .as_ref()
        .map(|before| before.changes_to(&now))
        .unwrap_or_default();
    if options.json {
        output::json(&changes)?;
    } else {
        for change in &changes {
            output::text(&text(change, Look::of_stdout()))?;
        }
    }
    let breaking = changes.iter().any(|change| change.drift == Drift::Breaking);
    if breaking && !options.breaking {
        return Err(Problem::new(
            Exit::Unmet,
            format!("`{}` is not written: something would break", path.display()),
        )
        .help("mend it, or write it down nevertheless: `lock --breaking`"));
    }
    if before.as_ref() == Some(&now) {
        if !options.json {
            output::line(&format!("`{}` is up to date", path.display()))?;
        }
        return Ok(Exit::Ok);
    }
    std::fs::write(&path, now.text()).map_err(|error| {
        Problem::usage(format!("`{}` cannot be written: {error}", path.display()))
    })?;
    if !options.json {
        output::line(&format!("`{}` is written", path.display()))?;
    }
    Ok(Exit::Ok)
}

/// What has changed since the lock was written; `None` when there is no lock.
pub(super) fn changes(program: &Program) -> Result<Option<Vec<Change>>, Problem> {
    let Some(before) = read(&file(program))? else {
        return Ok(None);
    };
    Ok(Some(before.changes_to(&now()?)))
}

/// A change as it is shown.
pub(super) fn text(change: &Change, look: Look) -> String {
    let status = match change.drift {
        Drift::Breaking => Status::Failed,
        Drift::Additive => Status::Succeeded,
    };
    let word = look.status(status, &format!("{}:", change.drift));
    let mut text = format!("{word} {}\n", change.message);
    if let Some(help) = &change.help {
        text.push_str(&format!("{} {help}\n", look.bold("help:")));
    }
    text
}

/// The lock of the program as it is.
fn now() -> Result<Lock, Problem> {
    let workflows: Vec<_> = registry::workflows()?
        .into_iter()
        .map(|workflow| (workflow.define)())
        .collect();
    Ok(Lock::of(&registry::steps()?, &workflows)?)
}

fn read(path: &Path) -> Result<Option<Lock>, Problem> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(Problem::new(
                Exit::Configuration,
                format!("`{}` cannot be read: {error}", path.display()),
            ));
        }
    };
    let lock = Lock::read(&text).map_err(|error| {
        Problem::new(
            Exit::Configuration,
            format!("`{}`: {error}", path.display()),
        )
    })?;
    Ok(Some(lock))
}

/// Where the lock is: beside the configuration that is in use, else beside `Cargo.toml`, else in the current folder.
pub(super) fn file(program: &Program) -> PathBuf {
    let beside_manifest = || {
        let folder = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR")?);
        // In the package's own folder, the short name is what people know.
        match std::env::current_dir() {
            Ok(current) if current == folder => None,
            _ => Some(folder),
        }
    };
    let folder = placement::file_in_use(program.config())
        .and_then(|file| file.parent().map(Path::to_owned))
        .or_else(beside_manifest)
        .unwrap_or_default();
    folder.join(FILE)
}
