#![doc = include_str!("../pages/no_terminal_state.md")]

use super::Subject;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::{Flow, Kind, Transition};

pub(super) fn check(subject: &Subject<'_>, report: &Report) {
    for (at, flow) in subject.machine.flows() {
        if !is_endless(flow) {
            continue;
        }
        let message = "no state ends this flow";
        let help = "give its last state `\"End\": true`, or lead to a Succeed or Fail state";
        if at.segments().is_empty() {
            report.add(
                Diagnostic::error(Code::NoTerminalState, &at, message)
                    .says_as("MISSING_END_STATE", "Workflow has no terminal state")
                    .says_at(None)
                    .help(help),
            );
        } else {
            // AWS asks it of the whole machine only.
            report.add(Diagnostic::warning(Code::NoTerminalState, &at, message).help(help));
        }
    }
}

/// Whether no state of the flow ends it. A flow without states is another fault.
pub(super) fn is_endless(flow: &Flow) -> bool {
    !flow.states.is_empty()
        && !flow.states.values().any(|state| {
            matches!(state.kind, Kind::Succeed(_) | Kind::Fail(_))
                || state.transition() == Some(&Transition::End)
        })
}

#[cfg(test)]
mod tests {
    use crate::{ExecutionType, Severity, check_text, invalid_definition};

    #[test]
    fn silences_aws_about_unreachable_states() {
        let text = r#"{ "StartAt": "A", "States": { "A": { "Type": "Pass", "Next": "NOPE" } } }"#;
        let (_, found) = check_text(text, ExecutionType::Standard);
        assert_eq!(
            invalid_definition(&found).expect("refused"),
            "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: NOPE at \
             /States/A/Next, MISSING_END_STATE: Workflow has no terminal state at null'"
        );
        let text = r#"{ "StartAt": "A", "States": {
            "A": { "Type": "Pass", "Next": "B" }, "B": { "Type": "Pass", "Next": "A" }, "C": { "Type": "Pass", "Next": "A" } } }"#;
        let (_, found) = check_text(text, ExecutionType::Standard);
        assert_eq!(
            invalid_definition(&found).expect("refused"),
            "Invalid State Machine Definition: 'MISSING_END_STATE: Workflow has no terminal state at null'"
        );
        assert_eq!(found.len(), 2, "people hear of `C` all the same");
    }

    #[test]
    fn warns_about_endless_branches() {
        let text = r#"{ "StartAt": "M", "States": { "M": { "Type": "Map", "End": true, "ItemProcessor": {
            "StartAt": "A", "States": { "A": { "Type": "Pass", "Next": "B" }, "B": { "Type": "Pass", "Next": "A" } } } } } }"#;
        let (_, found) = check_text(text, ExecutionType::Standard);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Severity::Warning);
        assert_eq!(invalid_definition(&found), None);
    }
}
