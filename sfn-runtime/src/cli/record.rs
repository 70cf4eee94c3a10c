//! The file of `run --save-history`: an execution that has been, for `history` and `graph`.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{output, problem::Problem};
use crate::service::HistoryEvent;

/// What the file holds.
///
/// A file of a newer version may have more fields, which are left aside; one of an older version
/// lacks none that are read.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Record {
    /// The workflow's name.
    pub(super) workflow: String,
    /// The execution's ARN.
    pub(super) execution: String,
    /// The state machine that ran.
    pub(super) definition: Value,
    /// Its history, the oldest event first.
    pub(super) events: Vec<HistoryEvent>,
}

impl Record {
    pub(super) fn write(&self, path: &Path) -> Result<(), Problem> {
        let mut text = output::pretty(self);
        text.push('\n');
        std::fs::write(path, text).map_err(|error| {
            Problem::usage(format!(
                "the history cannot be written to `{}`: {error}",
                path.display()
            ))
        })
    }

    pub(super) fn read(path: &Path) -> Result<Self, Problem> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Problem::usage(format!(
                "the history `{}` cannot be read: {error}",
                path.display()
            ))
            .help("name a file of `run --save-history`, or an execution on AWS: its ARN, or `WORKFLOW/NAME`")
        })?;
        serde_json::from_str(&text).map_err(|error| {
            Problem::usage(format!(
                "`{}` is no history of `run --save-history`: {error}",
                path.display()
            ))
        })
    }
}
