//! The fuzz targets over their seeds and over mutations of them, bounded and the same every time.
//!
//! `SFN_FUZZ_SEED` and `SFN_FUZZ_CASES` choose another run. What a target was given last stands in
//! `target/fuzz/TARGET.last`: the culprit, should the process die of it. For longer runs see `fuzz/README.md`.

#![expect(
    clippy::print_stdout,
    reason = "the seed of a run belongs into its report"
)]

mod mutate;
#[path = "../../fuzz/src/targets.rs"]
#[expect(unreachable_pub, reason = "elsewhere it is a library")]
mod targets;

use std::fs::File;
use std::io::{Seek, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use mutate::Pool;
use sfn_tests::random::Random;

/// The definitions that the repository has anyway.
const DEFINITIONS: [&str; 3] = [
    include_str!("../../examples/credit/credit.asl.json"),
    include_str!("../../examples/earthquakes/earthquakes.asl.json"),
    include_str!("../../examples/pizza/make-pizza.asl.json"),
];

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().expect("the variable holds a number"))
}

/// Runs a target over `seeds`, parted by lines of `====`, and over `cases` mutations.
#[track_caller]
fn check(name: &str, target: fn(&[u8]) -> bool, seeds: &str, more: &[&str], cases: u64) {
    let seeds = seeds.trim_end().split("\n====\n");
    let seeds: Vec<Vec<u8>> = seeds
        .chain(more.iter().copied())
        .map(|seed| seed.as_bytes().to_vec())
        .collect();
    let pool = Pool::of(&seeds);
    let seed = number("SFN_FUZZ_SEED").unwrap_or(1);
    let cases = number("SFN_FUZZ_CASES").unwrap_or(cases);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/fuzz");
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    // Kept open: a file system may flush a file that is cut and closed, which takes a hundred times as long.
    let last = File::create(folder.join(format!("{name}.last")));
    let mut last = last.expect("the target folder can be written");
    let mut random = Random::new(seed);
    let mutations = (0..cases).map(|_| {
        let mut case = random.pick(&seeds).clone();
        for _ in 0..=random.below(2) {
            case = pool.mutate(&case, &mut random);
        }
        case
    });
    let mut taken = 0;
    for case in seeds.iter().cloned().chain(mutations) {
        let length = u64::try_from(case.len()).expect("a length fits 64 bits");
        last.rewind()
            .and_then(|()| last.write_all(&case))
            .and_then(|()| last.set_len(length))
            .expect("the target folder can be written");
        match catch_unwind(AssertUnwindSafe(|| target(&case))) {
            Ok(accepted) => taken += u64::from(accepted),
            Err(_) => panic!("`{name}` panics at\n{}", String::from_utf8_lossy(&case)),
        }
    }
    println!(
        "{name}: {} seeds, {cases} mutations, {taken} of all were more than refused; SFN_FUZZ_SEED={seed}",
        seeds.len()
    );
    assert!(
        taken > cases / 10,
        "the mutations of `{name}` reach too little"
    );
}

#[test]
fn definitions() {
    let seeds = include_str!("../../fuzz/seeds/definition.txt");
    check("definition", targets::definition, seeds, &DEFINITIONS, 1500);
}

#[test]
fn paths() {
    let seeds = include_str!("../../fuzz/seeds/path.txt");
    check("path", targets::path, seeds, &[], 4000);
}

#[test]
fn templates() {
    let seeds = include_str!("../../fuzz/seeds/template.txt");
    check("template", targets::template, seeds, &[], 3000);
}

#[test]
fn expressions() {
    let seeds = include_str!("../../fuzz/seeds/jsonata.txt");
    check("jsonata", targets::jsonata, seeds, &[], 1500);
}

#[test]
fn api_bodies() {
    let seeds = include_str!("../../fuzz/seeds/api.txt");
    check("api", targets::api, seeds, &[], 800);
}

#[test]
fn executions() {
    let seeds = include_str!("../../fuzz/seeds/run.txt");
    check("run", targets::run, seeds, &DEFINITIONS, 1500);
}
