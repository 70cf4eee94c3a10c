//! How many cases agree.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::case::Case;

/// What became of the cases.
#[derive(Default)]
pub(crate) struct Report {
    categories: BTreeMap<String, Counts>,
    cases: BTreeMap<String, Value>,
}

#[derive(Default)]
struct Counts {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Report {
    fn counts(&mut self, case: &Case) -> &mut Counts {
        self.categories
            .entry(case.category().to_owned())
            .or_default()
    }

    /// A case that is not for this suite.
    pub(crate) fn skip(&mut self, case: &Case) {
        if case.is_execution() {
            self.counts(case).skipped += 1;
        }
    }

    pub(crate) fn add(&mut self, case: &Case, agreed: Result<String, String>) {
        let counts = self.counts(case);
        let told = match agreed {
            Ok(how) => {
                counts.passed += 1;
                json!({ "agrees": how })
            }
            Err(why) => {
                counts.failed += 1;
                json!({ "differs": why })
            }
        };
        self.cases.insert(case.id().to_owned(), told);
    }

    pub(crate) fn print(&self) {
        println!(
            "{:24} {:>6} {:>6} {:>7}",
            "category", "passed", "failed", "skipped"
        );
        let mut total = (0, 0, 0);
        for (
            category,
            Counts {
                passed,
                failed,
                skipped,
            },
        ) in &self.categories
        {
            println!("{category:24} {passed:>6} {failed:>6} {skipped:>7}");
            total = (total.0 + passed, total.1 + failed, total.2 + skipped);
        }
        println!("{:24} {:>6} {:>6} {:>7}", "all", total.0, total.1, total.2);
        let mut ways = BTreeMap::<&str, u64>::new();
        for how in self
            .cases
            .values()
            .filter_map(|told| told["agrees"].as_str())
        {
            *ways.entry(how).or_default() += 1;
        }
        println!("they agree in these ways: {ways:?}");
        for (id, told) in &self.cases {
            if let Some(why) = told["differs"].as_str() {
                println!("differs: {id}: {}", why.lines().next().unwrap_or_default());
            }
        }
    }

    pub(crate) fn write(&self, path: &Path) {
        let categories: BTreeMap<_, _> = self
            .categories
            .iter()
            .map(
                |(
                    category,
                    Counts {
                        passed,
                        failed,
                        skipped,
                    },
                )| {
                    (
                        category,
                        json!({ "passed": passed, "failed": failed, "skipped": skipped }),
                    )
                },
            )
            .collect();
        let report = json!({ "categories": categories, "cases": self.cases });
        let text = serde_json::to_string_pretty(&report).expect("a report is JSON");
        if let Err(error) = fs::write(path, text) {
            println!(
                "the report could not be written to {}: {error}",
                path.display()
            );
        }
    }

    /// Says which categories pass less than they did.
    pub(crate) fn below(&self, floor: &Path) -> Result<(), String> {
        let text =
            fs::read_to_string(floor).map_err(|error| format!("{}: {error}", floor.display()))?;
        let floor: BTreeMap<String, u64> =
            serde_json::from_str(&text).map_err(|error| format!("{}: {error}", floor.display()))?;
        let lost: Vec<String> = floor
            .iter()
            .filter_map(|(category, floor)| {
                let passed = self
                    .categories
                    .get(category)
                    .map_or(0, |counts| counts.passed);
                (passed < *floor)
                    .then(|| format!("`{category}` passes {passed} cases, the floor is {floor}"))
            })
            .collect();
        if lost.is_empty() {
            Ok(())
        } else {
            Err(lost.join("\n"))
        }
    }
}
