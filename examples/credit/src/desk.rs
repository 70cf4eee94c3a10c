//! The desk where it is decided.

use serde::{Deserialize, Serialize};
use sfn_runtime::{Payload, step};

use crate::bureau::Rated;

/// What became of an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// Who asked.
    pub applicant: String,
    /// The credit granted: nothing, or what was applied for.
    pub granted: u32,
    /// Who decided.
    pub decided_by: Decider,
}

/// Who decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "lowercase")]
pub enum Decider {
    /// The rule.
    Rule,
    /// The officer.
    Officer,
}

/// Grants a small credit, if it is within the limit.
#[step(name = "Auto-approve limit")]
pub fn approve(rated: Rated) -> Decision {
    decide(rated, Decider::Rule)
}

/// Puts a large credit before the officer.
///
/// An activity is how people take part in a workflow: the task waits until somebody at the desk takes it.
/// This officer is quick, and holds to the bureau's advice.
#[step(name = "Wait for human approval", timeout = "1 day")]
pub fn ask_an_officer(rated: Rated) -> Decision {
    decide(rated, Decider::Officer)
}

fn decide(rated: Rated, decided_by: Decider) -> Decision {
    Decision {
        granted: if rated.applied <= rated.limit {
            rated.applied
        } else {
            0
        },
        applicant: rated.applicant,
        decided_by,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credit_is_granted_up_to_the_limit() {
        // A step is the function that was written: a test calls it.
        for (applied, granted) in [(1, 1), (18_600, 18_600), (18_601, 0)] {
            let rated = Rated {
                applicant: "Ada".to_owned(),
                applied,
                limit: 18_600,
            };
            assert_eq!(approve(rated.clone()).granted, granted, "{applied}");
            assert_eq!(
                ask_an_officer(rated).decided_by,
                Decider::Officer,
                "{applied}"
            );
        }
    }
}
