#![doc = include_str!("../pages/duplicate_state_name.md")]

use std::collections::HashMap;

use super::Subject;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};

pub(super) fn check(subject: &Subject<'_>, report: &Report) {
    let mut first = HashMap::new();
    for visit in &subject.visits {
        if let Some(other) = first.insert(visit.name, &visit.place) {
            report.add(
                Diagnostic::error(
                    Code::DuplicateStateName,
                    &visit.place,
                    format!("there is another state `{}`, at {other}", visit.name),
                )
                .says_as(
                    "DUPLICATE_STATE_NAME",
                    format!("Duplicate State name: {}", visit.name),
                )
                .help("give one of them another name; names are unique in the whole machine"),
            );
        }
    }
}
