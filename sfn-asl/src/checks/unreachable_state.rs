#![doc = include_str!("../pages/unreachable_state.md")]

use super::{Subject, no_terminal_state};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};

pub(super) fn check(subject: &Subject<'_>, report: &Report) {
    // AWS does not look for unreachable states in a machine that cannot end. People may as well hear of both.
    let silent = no_terminal_state::is_endless(&subject.machine.flow);
    for (at, flow) in subject.machine.flows() {
        let reached = flow.reachable();
        for name in flow
            .states
            .keys()
            .filter(|name| !reached.contains(name.as_str()))
        {
            let place = at.then("States").then(name.as_str());
            let mut diagnostic = Diagnostic::error(
                Code::UnreachableState,
                &place,
                format!("nothing leads to state `{name}`"),
            )
            .says_as(
                "MISSING_TRANSITION_TARGET",
                format!("State \"{name}\" is not reachable."),
            )
            .help("remove it, or name it in a `Next`");
            if silent {
                diagnostic.aws = None;
            }
            report.add(diagnostic);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{ExecutionType, check_text, invalid_definition};

    #[test]
    fn finds_islands_and_states_of_branches() {
        let text = r#"{ "StartAt": "P", "States": {
            "P": { "Type": "Parallel", "End": true, "Branches": [
                { "StartAt": "W", "States": { "W": { "Type": "Pass", "End": true }, "Ghost": { "Type": "Succeed" } } }
            ] },
            "X": { "Type": "Pass", "Next": "Y" },
            "Y": { "Type": "Pass", "Next": "X" }
        } }"#;
        let (_, found) = check_text(text, ExecutionType::Standard);
        assert_eq!(
            invalid_definition(&found).expect("refused"),
            "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: State \"X\" is not reachable. at /States/X, \
             MISSING_TRANSITION_TARGET: State \"Y\" is not reachable. at /States/Y, \
             MISSING_TRANSITION_TARGET: State \"Ghost\" is not reachable. at /States/P/Branches[0]/States/Ghost'"
        );
    }

    #[test]
    fn counts_catchers_and_rules() {
        let text = r#"{ "StartAt": "T", "States": {
            "T": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:f", "Next": "C",
                   "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "Caught" }] },
            "C": { "Type": "Choice", "Choices": [{ "Variable": "$.a", "IsNull": true, "Next": "Ruled" }], "Default": "D" },
            "Caught": { "Type": "Fail" }, "Ruled": { "Type": "Succeed" }, "D": { "Type": "Succeed" }
        } }"#;
        let (_, found) = check_text(text, ExecutionType::Standard);
        assert_eq!(found, []);
    }
}
