#![doc = include_str!("../pages/missing_target.md")]

use super::Subject;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::Flow;
use crate::place::Place;
use crate::suggest::nearest;

pub(super) fn check(subject: &Subject<'_>, report: &Report) {
    for (at, flow) in subject.machine.flows() {
        target(flow, at.then("StartAt"), &flow.start_at, report);
        let states = at.then("States");
        for (name, state) in &flow.states {
            for (place, name) in state.targets(&states.then(name.as_str())) {
                target(flow, place, name, report);
            }
        }
    }
}

fn target(flow: &Flow, place: Place, name: &str, report: &Report) {
    if flow.states.contains_key(name) {
        return;
    }
    let mut diagnostic = Diagnostic::error(
        Code::MissingTarget,
        &place,
        format!("there is no state `{name}` here"),
    )
    // AWS says `Next` of any field.
    .says_as(
        "MISSING_TRANSITION_TARGET",
        format!("Missing 'Next' target: {name}"),
    );
    diagnostic.help = nearest(name, flow.states.keys().map(String::as_str))
        .map(|near| format!("`{near}` is meant, perhaps"));
    report.add(diagnostic);
}

#[cfg(test)]
mod tests {
    use crate::{ExecutionType, check_text, invalid_definition};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let (_, found) = check_text(text, ExecutionType::Standard);
        assert_eq!(
            invalid_definition(&found).expect("refused"),
            format!("Invalid State Machine Definition: '{expected}'")
        );
    }

    #[test]
    fn says_what_aws_says() {
        check(
            r#"{ "StartAt": "pass1", "States": {
                "pass1": { "Type": "Pass", "Next": "pass3" }, "pass2": { "Type": "Pass", "End": true } } }"#,
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: pass3 at /States/pass1/Next, \
             MISSING_TRANSITION_TARGET: State \"pass2\" is not reachable. at /States/pass2",
        );
        check(
            r#"{ "StartAt": "Nope", "States": { "A": { "Type": "Pass", "End": true } } }"#,
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: Nope at /StartAt, \
             MISSING_TRANSITION_TARGET: State \"A\" is not reachable. at /States/A",
        );
        check(
            r#"{ "StartAt": "C", "States": { "C": { "Type": "Choice",
                "Choices": [{ "Variable": "$.x", "IsPresent": true, "Next": "Ghost" }], "Default": "Z" },
                "Z": { "Type": "Pass", "End": true } } }"#,
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: Ghost at /States/C/Choices[0]/Next",
        );
        check(
            r#"{ "StartAt": "T", "States": { "T": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:f",
                "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "Ghost" }], "End": true } } }"#,
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: Ghost at /States/T/Catch[0]/Next",
        );
    }

    #[test]
    fn a_flow_does_not_see_the_states_around_it() {
        check(
            r#"{ "StartAt": "M", "States": { "M": { "Type": "Map", "Next": "Z", "ItemProcessor": {
                "StartAt": "A", "States": { "A": { "Type": "Pass", "Next": "Z" }, "B": { "Type": "Pass", "End": true } } } },
                "Z": { "Type": "Succeed" } } }"#,
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: Z at /States/M/ItemProcessor/States/A/Next, \
             MISSING_TRANSITION_TARGET: State \"B\" is not reachable. at /States/M/ItemProcessor/States/B",
        );
    }
}
