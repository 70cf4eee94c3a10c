//! `explain`: what a code of `check` or of the macros means.

use std::fmt::Write as _;

use super::{Exit, output, problem::Problem};
use crate::{
    pages::{self, PAGES},
    registry,
};

/// Prints the page of a code of `check`; without one, every code with the first line of its page.
pub(super) fn explain(code: Option<&str>) -> Result<Exit, Problem> {
    match code {
        None => output::line(all().trim_end())?,
        Some(code) => output::line(page(code)?.trim_end())?,
    }
    Ok(Exit::Ok)
}

fn page(code: &str) -> Result<&'static str, Problem> {
    if let Some(page) = pages::page(code) {
        return Ok(page);
    }
    sfn_asl::explain(code).map_err(|error| {
        let mut problem = Problem::caused(Exit::Usage, &error);
        let known: Vec<&'static str> = sfn_asl::Code::ALL
            .iter()
            .map(|code| code.as_str())
            .chain(PAGES.iter().map(|(code, _)| *code))
            .collect();
        if let Some(near) = registry::near_miss(&code.to_ascii_uppercase(), &known) {
            problem = problem.help(format!("did you mean `{near}`?"));
        }
        problem.help("`explain` without a code lists them all")
    })
}

fn all() -> String {
    let machines = sfn_asl::Code::ALL
        .iter()
        .map(|code| (code.as_str(), code.page()));
    machines
        .chain(PAGES.iter().copied())
        .fold(String::new(), |mut text, (code, page)| {
            let first = page.lines().next().unwrap_or_default();
            writeln!(text, "{code}  {first}").expect("a string takes what is written to it");
            text
        })
}
