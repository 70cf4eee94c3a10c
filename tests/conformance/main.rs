//! The executions recorded on AWS, run by the engine: outcome and history must be the recorded ones.
//!
//! The recordings stand in `../shared/conformance` beside the repository, or where `SFN_CONFORMANCE` says; without them
//! the suite says so and passes. `cargo test -p sfn-tests --test conformance -- WORD` runs the cases whose id holds
//! WORD and shows how they differ. A report goes to `target/conformance.json`; the suite fails when a category passes
//! less than `floor.json` says.

#![expect(
    clippy::print_stdout,
    reason = "this suite has a report instead of a test harness"
)]

mod case;
mod compare;
mod report;
mod run;
mod tree;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = manifest
        .parent()
        .expect("the suites stand in the workspace");
    let recordings = match std::env::var_os("SFN_CONFORMANCE") {
        Some(path) => PathBuf::from(path),
        None => root.join("../shared/conformance"),
    };
    if !recordings.join("cases").is_dir() {
        println!(
            "conformance: skipped, there are no recordings in {}",
            recordings.display()
        );
        return ExitCode::SUCCESS;
    }
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let cases = case::load(&recordings.join("cases"));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime can be built");
    let mut report = report::Report::default();
    for case in &cases {
        let id = case.id();
        if !words.is_empty()
            && !words
                .iter()
                .any(|word| id.contains(word) || case.file.contains(word))
        {
            continue;
        }
        if !case.is_execution() || case.is_skipped() {
            report.skip(case);
            continue;
        }
        let agreed = runtime.block_on(run::run(case));
        if !words.is_empty() {
            match &agreed {
                Ok(how) => println!("agrees  {id} ({how})"),
                Err(why) => println!("differs {id}\n{why}\n"),
            }
        }
        report.add(case, agreed);
    }
    report.print();
    if !words.is_empty() {
        return ExitCode::SUCCESS;
    }
    report.write(&root.join("target/conformance.json"));
    match report.below(&manifest.join("conformance/floor.json")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            println!("{why}");
            ExitCode::FAILURE
        }
    }
}
