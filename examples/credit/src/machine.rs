//! The workflow.

use sfn_runtime::{Workflow, workflow};

use crate::{
    bureau::{Application, get_credit_limit},
    desk::{Decision, approve, ask_an_officer},
};

/// From an application to a decision.
///
/// The comparison runs inside Step Functions: no function is called to find out that 12,000 is more than 5,000.
pub static CREDIT: Workflow<Application, Decision> = workflow!(
    name = "credit",
    timeout = "2 days",
    get_credit_limit,
    choose(|rated| if rated.applied >= 5000 {
        ask_an_officer
    } else {
        approve
    })
    .named("Credit applied >= 5000?"),
);
