//! What can go wrong within a state.

use sfn_expr::template::QueryError;

use crate::program::JsonataError;

/// What can go wrong within a state, before it is told as a failure.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(super) error: &'static str,
    /// Without the words about state and event that all causes begin with.
    pub(super) cause: String,
    pub(super) told: Told,
    /// Whether retriers and catchers may see it.
    pub(super) catchable: bool,
}

/// How a fault appears in the history, besides the failure it leads to.
#[derive(Debug)]
pub(super) enum Told {
    /// Not at all; the cause names the state.
    Silently,
    /// The cause is complete as it is.
    Verbatim,
    /// As `EvaluationFailed`; the field, if one is to blame. `entered`: whether it follows the state's own entry.
    Evaluation {
        location: Option<String>,
        entered: bool,
    },
}

impl Fault {
    /// `States.Runtime`: nobody can catch it.
    pub(super) fn runtime(cause: impl Into<String>) -> Fault {
        Fault {
            error: "States.Runtime",
            cause: cause.into(),
            told: Told::Silently,
            catchable: false,
        }
    }

    /// A JSONata state's field gave a value it may not have.
    pub(super) fn evaluation(location: Option<&str>, cause: impl Into<String>) -> Fault {
        Fault {
            error: "States.QueryEvaluationError",
            cause: cause.into(),
            told: Told::Evaluation {
                location: location.map(str::to_owned),
                entered: false,
            },
            catchable: true,
        }
    }

    /// The same, found when the value was used: AWS then numbers the event after the state's entry.
    pub(super) fn after_entering(location: &str, cause: impl Into<String>) -> Fault {
        Fault {
            told: Told::Evaluation {
                location: Some(location.to_owned()),
                entered: true,
            },
            ..Fault::evaluation(None, cause)
        }
    }
}

pub(super) fn evaluation(error: JsonataError) -> Fault {
    Fault::evaluation(Some(&error.location), error.message)
}

pub(super) fn query_fault(error: QueryError) -> Fault {
    let catchable = error.name() != "States.Runtime";
    let error_name = if catchable {
        "States.IntrinsicFailure"
    } else {
        "States.Runtime"
    };
    Fault {
        error: error_name,
        cause: error.to_string(),
        told: Told::Silently,
        catchable,
    }
}

/// A state's output is larger than the service allows.
pub(crate) fn size_fault(name: &str) -> Fault {
    Fault {
        error: "States.DataLimitExceeded",
        cause: too_large(name),
        told: Told::Verbatim,
        catchable: false,
    }
}

/// The words for what is larger than the service allows.
pub(super) fn too_large(name: &str) -> String {
    format!(
        "The state/task '{name}' returned a result with a size exceeding the maximum number of bytes service limit."
    )
}
