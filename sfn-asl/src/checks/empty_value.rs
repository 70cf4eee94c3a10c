#![doc = include_str!("../pages/empty_value.md")]

use super::Subject;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::{Condition, Kind, Test, Visit};
use crate::place::Place;

pub(super) fn check(visit: &Visit<'_>, report: &Report) {
    let at = &visit.place;
    match &visit.state.kind {
        Kind::Parallel(parallel) if parallel.branches.is_empty() => {
            empty(&at.then("Branches"), "`Branches`", report)
        }
        Kind::Choice(choice) => {
            if choice.choices.is_empty() {
                empty(&at.then("Choices"), "`Choices`", report);
            }
            for (index, rule) in choice.choices.iter().enumerate() {
                if let Condition::Test(test) = &rule.condition {
                    self::test(test, &at.then("Choices").then(index), report);
                }
            }
        }
        _ => {}
    }
    let retry = visit
        .state
        .retry()
        .iter()
        .map(|retrier| ("Retry", &retrier.error_equals))
        .enumerate();
    let catch = visit
        .state
        .catch()
        .iter()
        .map(|catcher| ("Catch", &catcher.error_equals))
        .enumerate();
    for (index, (field, _)) in retry
        .chain(catch)
        .filter(|(_, (_, errors))| errors.is_empty())
    {
        empty(
            &at.then(field).then(index).then("ErrorEquals"),
            "`ErrorEquals`",
            report,
        );
    }
}

/// A flow needs states.
pub(super) fn check_flows(subject: &Subject<'_>, report: &Report) {
    for (at, flow) in subject.machine.flows() {
        if flow.states.is_empty() {
            empty(&at.then("States"), "`States`", report);
        }
    }
}

fn test(test: &Test, at: &Place, report: &Report) {
    match test {
        Test::And(tests) | Test::Or(tests) => {
            let name = if matches!(test, Test::And(_)) {
                "And"
            } else {
                "Or"
            };
            if tests.is_empty() {
                empty(&at.then(name), &format!("`{name}`"), report);
            }
            for (index, test) in tests.iter().enumerate() {
                self::test(test, &at.then(name).then(index), report);
            }
        }
        Test::Not(test) => self::test(test, &at.then("Not"), report),
        Test::Compare(_) => {}
    }
}

fn empty(place: &Place, what: &str, report: &Report) {
    report.add(
        Diagnostic::error(Code::EmptyValue, place, format!("{what} is empty"))
            .says("Value cannot be empty"),
    );
}
