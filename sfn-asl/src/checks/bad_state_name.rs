#![doc = include_str!("../pages/bad_state_name.md")]

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::Visit;

/// How many characters a state's name may have.
const LONGEST: usize = 80;

pub(super) fn check(visit: &Visit<'_>, report: &Report) {
    let name = visit.name;
    let length = name.chars().count();
    if length > LONGEST {
        report.add(
            Diagnostic::error(
                Code::BadStateName,
                &visit.place,
                format!("the name of state `{name}` has {length} characters, {LONGEST} are allowed"),
            )
            .says_as(
                "INVALID_STATE_NAME",
                format!("Invalid State name: {name} exceeds the {LONGEST}-character limit allowed by the service"),
            )
            .help("shorten it, and say the rest in a `Comment`"),
        );
    } else if name.is_empty() {
        report.add(
            Diagnostic::error(
                Code::BadStateName,
                &visit.place,
                "a state has an empty name",
            )
            .says_as("INVALID_STATE_NAME", "Invalid State name: ")
            .help("name it for what it does"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::{Code, ExecutionType, Flow, Pass, StateMachine, check};

    #[track_caller]
    fn accepted(name: &str, expected: bool) {
        let machine = StateMachine::new(Flow::starting_at(name).state(name, Pass::default()));
        let found = check(&machine, ExecutionType::Standard);
        assert_eq!(
            !found.iter().any(|found| found.code == Code::BadStateName),
            expected,
            "{name}"
        );
    }

    #[test]
    fn counts_characters() {
        accepted(&"é".repeat(80), true);
        accepted(&"é".repeat(81), false);
        accepted("", false);
        accepted("Place / order (again)?", true);
    }
}
