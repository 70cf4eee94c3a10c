#![doc = include_str!("../pages/unknown_states_error.md")]

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::Visit;
use crate::suggest::nearest;

/// The error names AWS has made its own.
pub(super) const KNOWN: [&str; 16] = [
    "States.ALL",
    "States.BranchFailed",
    "States.DataLimitExceeded",
    "States.ExceedToleratedFailureThreshold",
    "States.HeartbeatTimeout",
    "States.Http.Socket",
    "States.IntrinsicFailure",
    "States.ItemReaderFailed",
    "States.NoChoiceMatched",
    "States.ParameterPathFailure",
    "States.Permissions",
    "States.QueryEvaluationError",
    "States.ResultPathMatchFailure",
    "States.ResultWriterFailed",
    "States.Runtime",
    "States.TaskFailed",
];

fn is_known(name: &str) -> bool {
    KNOWN.contains(&name) || name == "States.Timeout" || name.starts_with("States.Http.StatusCode.")
}

pub(super) fn check(visit: &Visit<'_>, report: &Report) {
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
    for (index, (field, errors)) in retry.chain(catch) {
        for (number, error) in errors.iter().enumerate() {
            // `State.ALL` is a name as good as any, and never what was meant.
            if !error.starts_with("States.") && !error.starts_with("State.") || is_known(error) {
                continue;
            }
            let place = visit
                .place
                .then(field)
                .then(index)
                .then("ErrorEquals")
                .then(number);
            let mut diagnostic = Diagnostic::warning(
                Code::UnknownStatesError,
                &place,
                format!("Step Functions raises no error `{error}`"),
            );
            diagnostic.help = nearest(error, KNOWN.into_iter().chain(["States.Timeout"]))
                .map(|near| format!("`{near}` is meant, perhaps"))
                .or_else(|| {
                    Some(
                        "names that begin with `States.` are not for errors of your own".to_owned(),
                    )
                });
            report.add(diagnostic);
        }
    }
}
