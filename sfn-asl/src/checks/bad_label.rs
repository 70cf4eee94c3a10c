#![doc = include_str!("../pages/bad_label.md")]

use std::collections::HashMap;

use super::Subject;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::Kind;

/// How many characters a label may have.
const LONGEST: usize = 40;

pub(super) fn check(subject: &Subject<'_>, report: &Report) {
    let mut first = HashMap::new();
    for visit in &subject.visits {
        let Kind::Map(map) = &visit.state.kind else {
            continue;
        };
        let Some(label) = &map.label else { continue };
        let place = visit.place.then("Label");
        let length = label.chars().count();
        if length > LONGEST {
            report.add(
                Diagnostic::error(
                    Code::BadLabel,
                    &place,
                    format!("label `{label}` has {length} characters, {LONGEST} are allowed"),
                )
                .says_as(
                    "INVALID_LABEL_NAME",
                    format!("Invalid Label name: {label} exceeds the {LONGEST}-character limit allowed by the service"),
                ),
            );
        }
        if let Some(bad) = label.chars().find(|c| is_forbidden(*c)) {
            report.add(
                Diagnostic::error(
                    Code::BadLabel,
                    &place,
                    format!(
                        "label `{}` has the character {bad:?}, which ARNs cannot hold",
                        label.escape_debug()
                    ),
                )
                .says_as("INVALID_LABEL_NAME", format!("Invalid Label name: {label}"))
                .help("letters, digits, `-` and `_` are safe"),
            );
        }
        if let Some(other) = first.insert(label, &visit.place) {
            report.add(
                Diagnostic::error(
                    Code::BadLabel,
                    &place,
                    format!("label `{label}` is taken by the map at {other}"),
                )
                .says_as(
                    "DUPLICATE_LABEL_NAME",
                    format!("Duplicate Label name: {label}"),
                ),
            );
        }
    }
}

fn is_forbidden(c: char) -> bool {
    c.is_whitespace() || c.is_control() || "?*<>{}[]:;,\\|^~$#%&`\"".contains(c)
}

#[cfg(test)]
mod tests {
    use crate::{
        Code, ExecutionType, Flow, ItemProcessor, Map, Mode, Pass, ProcessorConfig, StateMachine,
        check,
    };

    #[track_caller]
    fn faults(labels: [&str; 2], expected: usize) {
        let map = |label: &str, state: &str| Map {
            label: Some(label.to_owned()),
            item_processor: ItemProcessor {
                config: Some(ProcessorConfig {
                    mode: Some(Mode::Distributed),
                    execution_type: Some(ExecutionType::Express),
                }),
                flow: Flow::starting_at(state).state(state, Pass::default()),
                ..ItemProcessor::default()
            },
            ..Map::default()
        };
        let flow = Flow::starting_at("A")
            .state("A", map(labels[0], "a").then("B"))
            .state("B", map(labels[1], "b"));
        let found = check(&StateMachine::new(flow), ExecutionType::Standard);
        assert_eq!(
            found
                .iter()
                .filter(|found| found.code == Code::BadLabel)
                .count(),
            expected,
            "{found:#?}"
        );
    }

    #[test]
    fn knows_labels() {
        faults(["first", "second-2_b"], 0);
        faults(["same", "same"], 1);
        faults(["a b", "c:d"], 2);
        faults(["\u{84}", "a`"], 2);
        faults([&"a".repeat(40), &"a".repeat(41)], 1);
    }
}
