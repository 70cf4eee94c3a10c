#![doc = include_str!("../pages/retries_everything.md")]

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::Visit;

pub(super) fn check(visit: &Visit<'_>, report: &Report) {
    for (index, retrier) in visit.state.retry().iter().enumerate() {
        if retrier.attempts() > 0
            && retrier
                .error_equals
                .iter()
                .any(|error| error == "States.ALL")
        {
            report.add(
                Diagnostic::warning(
                    Code::RetriesEverything,
                    &visit.place.then("Retry").then(index),
                    "every error is retried, even those that cannot pass",
                )
                .help("name the errors that may pass, such as `States.Timeout` or your own"),
            );
        }
    }
}
