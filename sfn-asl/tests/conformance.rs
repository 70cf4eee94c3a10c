//! The definitions recorded on AWS: what AWS took, we take; what it refused, we refuse in its words.

use std::path::{Path, PathBuf};

use serde_json::Value;
use sfn_asl::{Severity, StateMachine, read};

/// The corpus, in this repository or beside it.
fn corpus() -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors()
        .skip(1)
        .flat_map(|folder| {
            [
                folder.join("conformance/cases"),
                folder.join("shared/conformance/cases"),
            ]
        })
        .find(|folder| folder.is_dir())
}

fn cases() -> Vec<(PathBuf, Value)> {
    let Some(corpus) = corpus() else {
        eprintln!("no recordings here, nothing to compare with");
        return Vec::new();
    };
    let mut files = Vec::new();
    let mut folders = vec![corpus];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                files.push(path);
            }
        }
    }
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let text = std::fs::read_to_string(&file).expect("a case");
            (file, serde_json::from_str(&text).expect("a case is JSON"))
        })
        .collect()
}

#[track_caller]
fn round_trip(name: &Path, machine: &StateMachine) {
    for written in [machine.to_string(), machine.to_string_pretty()] {
        let (again, found) = read(&written);
        assert_eq!(again.as_ref(), Some(machine), "{}", name.display());
        assert!(found.is_empty(), "{}: {found:?}", name.display());
    }
}

#[test]
fn reads_what_aws_ran() {
    // Some recordings kept no definition.
    for (name, case) in cases()
        .iter()
        .filter(|(_, case)| case["definition"].is_object())
    {
        let definition = serde_json::to_string_pretty(&case["definition"]).expect("JSON");
        let (machine, found) = read(&definition);
        let errors: Vec<String> = found
            .iter()
            .filter(|found| found.severity == Severity::Error)
            .map(ToString::to_string)
            .collect();
        assert!(
            errors.is_empty(),
            "{}:\n{}",
            name.display(),
            errors.join("\n")
        );
        round_trip(name, &machine.expect("a machine"));
    }
}
