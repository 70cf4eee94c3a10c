//! What cargo knows of the program, and cargo at work.

use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
    process::Stdio,
};

use serde::Deserialize;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
};

use super::{PROFILE, PackageError};

/// How many lines of a failed build are told again.
const LAST_WORDS: usize = 12;

/// The package of a binary.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) package: String,
    pub(super) manifest: PathBuf,
    pub(super) features: Vec<String>,
    /// Where cargo builds to.
    pub(super) target: PathBuf,
    /// Whether the workspace has a profile of our name.
    has_profile: bool,
}

impl Found {
    /// The profile, unless the workspace defines it: for size, and with panics that unwind, since a step's panic has an
    /// error name of its own.
    pub(super) fn profile(&self) -> Vec<String> {
        if self.has_profile {
            return Vec::new();
        }
        let settings = [
            "inherits=\"release\"",
            "opt-level=\"z\"",
            "lto=\"fat\"",
            "codegen-units=1",
            "strip=true",
        ];
        let say = |setting| {
            [
                "--config".to_owned(),
                format!("profile.{PROFILE}.{setting}"),
            ]
        };
        settings.into_iter().flat_map(say).collect()
    }
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<MetadataPackage>,
    target_directory: PathBuf,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct MetadataPackage {
    name: String,
    manifest_path: PathBuf,
    features: std::collections::BTreeMap<String, Vec<String>>,
    targets: Vec<MetadataTarget>,
}

#[derive(Deserialize)]
struct MetadataTarget {
    name: String,
    kind: Vec<String>,
}

/// Asks cargo which package has the binary.
pub(super) async fn find(folder: &Path, binary: &str) -> Result<Found, PackageError> {
    let mut command = Command::new("cargo");
    command
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(folder)
        .stdin(Stdio::null());
    let said = said(&command);
    let output = command
        .output()
        .await
        .map_err(|source| PackageError::NoCargo {
            command: said.clone(),
            source,
        })?;
    let failed = |note: String| PackageError::Failed {
        command: said.clone(),
        note,
    };
    if !output.status.success() {
        return Err(failed(
            String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        ));
    }
    let metadata: Metadata =
        serde_json::from_slice(&output.stdout).map_err(|error| failed(error.to_string()))?;
    let holds = |package: &MetadataPackage| {
        let mut binaries = package.targets.iter();
        binaries.any(|target| target.name == binary && target.kind.iter().any(|kind| kind == "bin"))
    };
    let package = metadata.packages.into_iter().find(holds);
    let package = package.ok_or_else(|| PackageError::NoBinary {
        binary: binary.to_owned(),
        folder: folder.to_owned(),
    })?;
    let root = super::read(&metadata.workspace_root.join("Cargo.toml"))?;
    let root = String::from_utf8_lossy(&root);
    let has_profile = toml::de::DeTable::parse(&root).is_ok_and(|root| {
        let profiles = root
            .get_ref()
            .get("profile")
            .and_then(|all| all.get_ref().as_table());
        profiles.is_some_and(|profiles| profiles.contains_key(PROFILE))
    });
    Ok(Found {
        package: package.name,
        manifest: package.manifest_path,
        features: package.features.into_keys().collect(),
        target: metadata.target_directory,
        has_profile,
    })
}

/// Runs cargo and passes on what it says. The last of it is told again when it fails.
pub(super) async fn watch(mut command: Command) -> Result<(), PackageError> {
    let said = said(&command);
    let unable = |source| PackageError::NoCargo {
        command: said.clone(),
        source,
    };
    let mut child = command
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(unable)?;
    let mut last = VecDeque::new();
    if let Some(stderr) = child.stderr.take() {
        let mut lines = BufReader::new(stderr).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            tracing::info!(target: "sfn::build", "{line}");
            if last.len() == LAST_WORDS {
                last.pop_front();
            }
            last.push_back(line);
        }
    }
    let status = child.wait().await.map_err(unable)?;
    if status.success() {
        return Ok(());
    }
    let note = Vec::from(last).join("\n");
    Err(PackageError::Failed {
        command: said.clone(),
        note: note.trim().to_owned(),
    })
}

fn said(command: &Command) -> String {
    let command = command.as_std();
    let arguments = command
        .get_args()
        .map(|argument| argument.to_string_lossy());
    std::iter::once("cargo".into())
        .chain(arguments)
        .collect::<Vec<_>>()
        .join(" ")
}
