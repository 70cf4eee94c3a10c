//! What is wrong with values that are right each by itself.

use std::time::Duration;

use super::{Mistake, Origin, Placement, Runs, variables};
use crate::StepMeta;

/// The longest that Lambda lets a function run.
const LONGEST: Duration = Duration::from_secs(900);

pub(super) fn check(
    placement: &Placement,
    steps: &[&'static StepMeta],
    mistakes: &mut Vec<Mistake>,
) {
    for step in steps {
        if placement.runs(step) == Runs::Lambda {
            timeouts(placement, step, mistakes);
            network(placement, step, mistakes);
        }
    }
}

/// A function that ends before its step may: the step would never see its own time-out.
fn timeouts(placement: &Placement, step: &StepMeta, mistakes: &mut Vec<Mistake>) {
    let Some(wanted) = step.timeout else { return };
    let given = placement.look_up(step, |settings| settings.timeout);
    let (message, help) = match given {
        Some(given) if given < wanted => (
            format!(
                "step `{}` may take {}, and its function is ended after {}",
                step.name,
                seconds(wanted),
                seconds(given)
            ),
            "make `timeout` at least as long, or that of the step shorter".to_owned(),
        ),
        None if wanted > LONGEST => (
            format!(
                "step `{}` may take {}, and Lambda ends every function after 15 minutes",
                step.name,
                seconds(wanted)
            ),
            format!(
                "run it here (`{}=here`), or make the step's own timeout shorter",
                variables::name_of(step, "run")
            ),
        ),
        _ => return,
    };
    let key = if given.is_some() { "timeout" } else { "run" };
    mistakes.push(Mistake {
        origin: placement.origin(step, key),
        message,
        help: Some(help),
    });
}

/// Lambda takes both or none.
fn network(placement: &Placement, step: &StepMeta, mistakes: &mut Vec<Mistake>) {
    let subnets = placement.look_up(step, |settings| settings.subnets.clone());
    let groups = placement.look_up(step, |settings| settings.security_groups.clone());
    let (has, lacks) = match (subnets, groups) {
        (Some(_), None) => ("subnets", "security_groups"),
        (None, Some(_)) => ("security_groups", "subnets"),
        _ => return,
    };
    mistakes.push(Mistake {
        origin: placement.origin(step, has),
        message: format!("step `{}` has `{has}` and no `{lacks}`", step.name),
        help: Some("a function in a network of one's own needs both".to_owned()),
    });
}

fn seconds(span: Duration) -> String {
    crate::graph::span(span.as_secs())
}

impl Placement {
    /// Where that was said of the step, or of all.
    pub(super) fn origin(&self, step: &StepMeta, key: &str) -> Origin {
        self.look_up(step, |settings| settings.origins.get(key).cloned())
            .unwrap_or(Origin::Program)
    }
}
