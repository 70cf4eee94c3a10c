#![doc = include_str!("../pages/states_all_not_last.md")]

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::Visit;

pub(super) fn check(visit: &Visit<'_>, report: &Report) {
    let lists = [
        (
            "Retry",
            visit
                .state
                .retry()
                .iter()
                .map(|retrier| &retrier.error_equals)
                .collect::<Vec<_>>(),
        ),
        (
            "Catch",
            visit
                .state
                .catch()
                .iter()
                .map(|catcher| &catcher.error_equals)
                .collect(),
        ),
    ];
    for (field, lists) in lists {
        for (index, errors) in lists.iter().enumerate() {
            let Some(number) = errors.iter().position(|error| error == "States.ALL") else {
                continue;
            };
            if errors.len() == 1 && index + 1 == lists.len() {
                continue;
            }
            let place = visit
                .place
                .then(field)
                .then(index)
                .then("ErrorEquals")
                .then(number);
            let message = if errors.len() > 1 {
                "`States.ALL` stands beside other errors, which it covers"
            } else {
                "`States.ALL` leaves nothing to what comes after it"
            };
            report.add(
                Diagnostic::error(Code::StatesAllNotLast, &place, message)
                    .says("States.ALL must appear alone and at end of list")
                    .help(format!(
                        "give it an element of its own, the last of `{field}`"
                    )),
            );
        }
    }
}
