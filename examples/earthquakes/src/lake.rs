//! Where the data lies between two steps: a folder here, a bucket on AWS.

use std::{
    fs,
    io::{self, ErrorKind, Write as _},
    path::{Component, Path, PathBuf},
};

use serde::{Serialize, de::DeserializeOwned};

use crate::trouble::Trouble;

/// A place for data that is too large for a state: objects under keys.
///
/// Steps hand each other keys, never paths, so that they may run on different machines as soon as the lake is
/// one that all of them reach.
#[derive(Debug, Clone)]
pub struct Lake {
    landing: PathBuf,
    work: PathBuf,
}

impl Lake {
    /// A lake whose feeds arrive in `landing`, and whose objects lie in `work`, which need not exist yet.
    pub fn new(landing: impl Into<PathBuf>, work: impl Into<PathBuf>) -> Self {
        Self {
            landing: landing.into(),
            work: work.into(),
        }
    }

    /// The feed of this name, as it arrived.
    pub fn feed(&self, name: &str) -> Result<Vec<u8>, Trouble> {
        let path = inside(&self.landing, name)?;
        fs::read(path).map_err(|error| failed(name, &error))
    }

    /// Writes `value` under `key`, in place of what was there.
    ///
    /// The object appears whole or not at all, and writing it again changes nothing: a step that is run
    /// twice does no harm.
    pub fn put(&self, key: &str, value: &impl Serialize) -> Result<(), Trouble> {
        let text = serde_json::to_string(value).map_err(|error| malformed(key, &error))?;
        self.put_text(key, &text)
    }

    /// Writes `text` under `key`, as [`put`](Self::put) does.
    pub fn put_text(&self, key: &str, text: &str) -> Result<(), Trouble> {
        let path = self.make_room(key)?;
        let draft = path.with_extension("draft");
        fs::write(&draft, text)
            .and_then(|()| fs::rename(&draft, &path))
            .map_err(|error| failed(key, &error))
    }

    /// Reads what was put under `key`.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Result<T, Trouble> {
        serde_json::from_str(&self.get_text(key)?).map_err(|error| malformed(key, &error))
    }

    /// Reads the text under `key`.
    pub fn get_text(&self, key: &str) -> Result<String, Trouble> {
        let path = inside(&self.work, key)?;
        fs::read_to_string(path).map_err(|error| failed(key, &error))
    }

    /// Writes `text` under `key` unless something is there already; says whether it was written.
    ///
    /// This is what makes sending idempotent: whatever is sent has a key that comes from its meaning, and goes
    /// out once, however often the step runs.
    pub fn put_once(&self, key: &str, text: &str) -> Result<bool, Trouble> {
        let path = self.make_room(key)?;
        match fs::File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes())) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(failed(key, &error)),
        }
    }

    /// Where the object lies on disk, its folder made: for SQLite, which wants a path.
    pub fn make_room(&self, key: &str) -> Result<PathBuf, Trouble> {
        let path = inside(&self.work, key)?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| failed(key, &error))?;
        }
        Ok(path)
    }
}

/// `text` as one part of a key: whatever a file name could not hold becomes `-`.
pub fn key_part(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    text.chars()
        .map(|c| if plain(c) { c } else { '-' })
        .collect()
}

/// `key` below `folder`. A key comes from an execution's input, so it must not lead out of the lake.
fn inside(folder: &Path, key: &str) -> Result<PathBuf, Trouble> {
    let parts = Path::new(key).components();
    if key.is_empty()
        || !parts
            .into_iter()
            .all(|part| matches!(part, Component::Normal(_)))
    {
        return Err(Trouble::Malformed {
            key: key.to_owned(),
            why: "a key is a path within the lake".to_owned(),
        });
    }
    Ok(folder.join(key))
}

fn failed(key: &str, error: &io::Error) -> Trouble {
    match error.kind() {
        ErrorKind::NotFound => Trouble::Missing {
            key: key.to_owned(),
        },
        _ => Trouble::Unreachable {
            key: key.to_owned(),
            why: error.to_string(),
        },
    }
}

fn malformed(key: &str, error: &serde_json::Error) -> Trouble {
    Trouble::Malformed {
        key: key.to_owned(),
        why: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_leads_out_of_the_lake() {
        for key in ["../secret", "/etc/passwd", "a/../../b", ""] {
            assert!(
                matches!(
                    inside(Path::new("lake"), key),
                    Err(Trouble::Malformed { .. })
                ),
                "`{key}`"
            );
        }
        assert_eq!(
            inside(Path::new("lake"), "a/b.json"),
            Ok(PathBuf::from("lake/a/b.json"))
        );
    }

    #[test]
    fn a_key_part_is_a_file_name() {
        assert_eq!(key_part("arn:aws:x/Wait 1"), "arn-aws-x-Wait-1");
    }
}
