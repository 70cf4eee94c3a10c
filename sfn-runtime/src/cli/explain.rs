//! `explain`: what a code of `check` or of the macros means.

use std::fmt::Write as _;

use super::{Exit, output, problem::Problem};
use crate::{lint, pages::PAGES, registry};

/// Prints the page of a code of `check`; without one, every code with the first line of its page.
pub(super) fn explain(code: Option<&str>) -> Result<Exit, Problem> {
    match code {
        None => output::line(all().trim_end())?,
        Some(code) => output::line(page(code)?.trim_end())?,
    }
    Ok(Exit::Ok)
}

/// Every code with its page: those of definitions, those that know the steps, those of the macros.
fn pages() -> impl Iterator<Item = (&'static str, &'static str)> {
    let of_definitions = sfn_asl::Code::ALL
        .iter()
        .map(|code| (code.as_str(), code.page()));
    let of_steps = lint::Code::ALL
        .iter()
        .map(|code| (code.as_str(), code.page()));
    of_definitions.chain(of_steps).chain(PAGES.iter().copied())
}

fn page(code: &str) -> Result<&'static str, Problem> {
    let found = pages().find(|(known, _)| known.eq_ignore_ascii_case(code));
    found.map(|(_, page)| page).ok_or_else(|| {
        let mut problem = Problem::usage(format!("there is no code `{code}`"));
        let known: Vec<&'static str> = pages().map(|(code, _)| code).collect();
        if let Some(near) = registry::near_miss(&code.to_ascii_uppercase(), &known) {
            problem = problem.help(format!("did you mean `{near}`?"));
        }
        problem.help("`explain` without a code lists them all")
    })
}

fn all() -> String {
    pages().fold(String::new(), |mut text, (code, page)| {
        let first = page.lines().next().unwrap_or_default();
        writeln!(text, "{code}  {first}").expect("a string takes what is written to it");
        text
    })
}
