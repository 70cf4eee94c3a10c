//! The map of the crates holds: who may use whom, and what a local-only build never pulls in.
//!
//! `ARCHITECTURE.md` explains the table; this test is what keeps it true.

use std::{collections::BTreeMap, path::Path, process::Command};

use serde_json::Value;

/// Which of our own crates each crate may name in `[dependencies]`. Nothing points up.
///
/// `bench`, `tests` and `xtask` stand outside: they may use everything, and nothing may use them.
const MAY_USE: &[(&str, &[&str])] = &[
    ("sfn-expr", &[]),
    ("sfn-asl", &["sfn-expr"]),
    ("sfn-macros", &["sfn-asl"]),
    ("sfn-engine", &["sfn-asl", "sfn-expr"]),
    ("sfn-server", &["sfn-engine", "sfn-asl"]),
    (
        "sfn-runtime",
        &["sfn-macros", "sfn-asl", "sfn-engine", "sfn-server"],
    ),
    ("cargo-sfn", &["sfn-asl"]),
];

/// What an example may use of ours.
const EXAMPLES_MAY_USE: &[&str] = &["sfn-runtime"];

/// What may use everything.
const OUTSIDE: &[&str] = &["bench-load", "sfn-tests", "xtask"];

/// Name prefixes of crates that a build with default features must not pull in.
const NOT_LOCAL: &[&str] = &[
    "aws-",
    "rustls",
    "openssl",
    "native-tls",
    "ring",
    "hyper",
    "reqwest",
    "ureq",
    "webpki",
];

fn cargo(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(args)
        .current_dir(root())
        .output()
        .expect("cargo runs, since it runs this test");
    assert!(
        output.status.success(),
        "`cargo {}` failed:\n{}",
        args.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("cargo writes UTF-8")
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Each member of the workspace with the members it depends on (dev-dependencies left out), and its folder.
fn members() -> BTreeMap<String, (Vec<String>, String)> {
    let metadata: Value =
        serde_json::from_str(&cargo(&["metadata", "--no-deps", "--format-version", "1"]))
            .expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let names: Vec<&str> = packages
        .iter()
        .filter_map(|package| package["name"].as_str())
        .collect();
    packages
        .iter()
        .map(|package| {
            let uses = package["dependencies"]
                .as_array()
                .expect("dependencies")
                .iter()
                .filter(|dependency| dependency["kind"] != "dev")
                .filter_map(|dependency| dependency["name"].as_str())
                .filter(|name| names.contains(name))
                .map(str::to_owned)
                .collect();
            let folder = package["manifest_path"]
                .as_str()
                .expect("manifest_path")
                .to_owned();
            (
                package["name"].as_str().expect("name").to_owned(),
                (uses, folder),
            )
        })
        .collect()
}

#[test]
fn no_crate_uses_what_stands_above_it() {
    let mut faults = Vec::new();
    for (name, (uses, manifest)) in members() {
        let allowed = if OUTSIDE.contains(&name.as_str()) {
            continue;
        } else if manifest.contains("/examples/") {
            EXAMPLES_MAY_USE
        } else if manifest.contains("/tests/") {
            // Fixtures are small programs of a user's kind.
            EXAMPLES_MAY_USE
        } else {
            match MAY_USE.iter().find(|(known, _)| *known == name) {
                Some((_, allowed)) => allowed,
                None => {
                    faults.push(format!("`{name}` is not in the table: give it a row"));
                    continue;
                }
            }
        };
        for used in uses.iter().filter(|used| !allowed.contains(&used.as_str())) {
            faults.push(format!("`{name}` may use {allowed:?}, but uses `{used}`"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_local_build_pulls_in_no_aws_and_no_tls_crate() {
    let tree = cargo(&[
        "tree",
        "-p",
        "pizza",
        "-e",
        "normal,build",
        "--prefix",
        "none",
    ]);
    let names: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(
        names.contains(&"sfn-engine"),
        "the tree is not the one meant:\n{tree}"
    );
    let found: Vec<&&str> = names
        .iter()
        .filter(|name| NOT_LOCAL.iter().any(|prefix| name.starts_with(prefix)))
        .collect();
    assert!(
        found.is_empty(),
        "a default build of `pizza` pulls in {found:?}"
    );
}

#[test]
fn nothing_of_ours_is_called_by_a_name_that_says_nothing() {
    // `task.rs` beside `task/`, found by its name: no drawers for odds and ends.
    const EMPTY_WORDS: &[&str] = &[
        "mod.rs",
        "utils.rs",
        "util.rs",
        "common.rs",
        "helpers.rs",
        "imp.rs",
    ];
    let listed = Command::new("git")
        .args(["ls-files", "*.rs"])
        .current_dir(root())
        .output();
    let Ok(listed) = listed else { return };
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let found: Vec<&str> = listed
        .lines()
        .filter(|path| {
            EMPTY_WORDS.contains(
                &path
                    .rsplit('/')
                    .next()
                    .expect("split yields at least one part"),
            )
        })
        .collect();
    assert!(found.is_empty(), "these files need a name: {found:?}");
}
