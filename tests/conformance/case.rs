//! Recorded cases.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// One recorded case.
pub(crate) struct Case {
    /// The file's name without its ending.
    pub(crate) file: String,
    /// All that was recorded.
    pub(crate) value: Value,
}

/// All cases of a folder, by category and file name.
pub(crate) fn load(folder: &Path) -> Vec<Case> {
    let mut cases = Vec::new();
    for category in entries(folder) {
        for path in entries(&category) {
            if path.extension().is_some_and(|ending| ending == "json") {
                let text = fs::read_to_string(&path).expect("a case can be read");
                let value = serde_json::from_str(&text)
                    .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                let file = path
                    .file_stem()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                cases.push(Case { file, value });
            }
        }
    }
    cases
}

fn entries(folder: &Path) -> Vec<std::path::PathBuf> {
    let Ok(found) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found: Vec<_> = found
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .collect();
    found.sort();
    found
}

impl Case {
    pub(crate) fn text(&self, pointer: &str) -> Option<&str> {
        self.value.pointer(pointer).and_then(Value::as_str)
    }

    pub(crate) fn id(&self) -> &str {
        self.text("/id").unwrap_or_default()
    }

    pub(crate) fn category(&self) -> &str {
        self.text("/category").unwrap_or_default()
    }

    pub(crate) fn is_execution(&self) -> bool {
        self.text("/kind") == Some("execution")
    }

    /// Whether the case cannot be run on its own.
    pub(crate) fn is_skipped(&self) -> bool {
        self.value.get("skip").is_some()
    }

    /// Whether a worker has to do the tasks, not a mock.
    pub(crate) fn has_worker(&self) -> bool {
        self.value["needs"] == serde_json::json!(["activity"])
    }

    pub(crate) fn history(&self) -> Option<&Vec<Value>> {
        self.value
            .pointer("/expected/history")
            .and_then(Value::as_array)
    }
}
