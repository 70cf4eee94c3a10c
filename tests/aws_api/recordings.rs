//! The recordings of AWS over HTTP, by the runner that stands beside them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use sfn_engine::mock::MockConfig;

use crate::server::Server;

/// How many cases of each category must pass. What does not is listed in `docs/divergences.md`.
const FLOOR: &str = include_str!("floor.json");

fn python() -> Command {
    Command::new("python3")
}

#[test]
fn recorded_calls_are_answered_as_recorded() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let recordings = match std::env::var_os("SFN_CONFORMANCE") {
        Some(path) => PathBuf::from(path),
        None => manifest.join("../../shared/conformance"),
    };
    let runner = recordings.join("conformance_http.py");
    if !runner.is_file() {
        println!(
            "conformance over HTTP: skipped, there are no recordings in {}",
            recordings.display()
        );
        return;
    }
    if !python()
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
    {
        println!("conformance over HTTP: skipped, there is no python3");
        return;
    }
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (mocks, report) = (
        target.join("recorded-mocks.json"),
        target.join("conformance-http.json"),
    );
    let run = |command: &mut Command| {
        // Python would write beside the runner what it compiled.
        let output = command
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .output()
            .expect("python3 was just found");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    let cases = recordings.join("cases");
    run(python()
        .arg(&runner)
        .arg("--cases")
        .arg(&cases)
        .arg("--mock-config-out")
        .arg(&mocks)
        .arg("--mock-extras"));
    let config = std::fs::read_to_string(&mocks).expect("it was just written");
    let config = MockConfig::parse(&config).expect("the runner writes the format");
    let server = Server::with(|builder| builder.integrations(config));
    run(python()
        .arg(&runner)
        .args([
            "--endpoint",
            &format!("http://{}", server.address),
            "--assume-mocks",
            "--jobs",
            "4",
        ])
        .arg("--cases")
        .arg(&cases)
        .arg("--json")
        .arg(&report));
    let report: Value =
        serde_json::from_str(&std::fs::read_to_string(&report).expect("it was just written"))
            .expect("a report is JSON");
    let total = &report["summary"]["total"];
    println!(
        "conformance over HTTP: {} passed, {} failed",
        total["passed"], total["failed"]
    );
    let floor: BTreeMap<String, u64> = serde_json::from_str(FLOOR).expect("the floor is JSON");
    let categories = &report["summary"]["categories"];
    let below: Vec<String> = floor
        .iter()
        .filter(|(category, least)| {
            categories[category.as_str()]["passed"]
                .as_u64()
                .unwrap_or(0)
                < **least
        })
        .map(|(category, least)| {
            format!("{category}: {} of {least}", categories[category]["passed"])
        })
        .collect();
    assert!(below.is_empty(), "fewer cases pass than did: {below:?}");
}
