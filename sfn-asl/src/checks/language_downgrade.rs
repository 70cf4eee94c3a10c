#![doc = include_str!("../pages/language_downgrade.md")]

use super::Subject;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::{QueryLanguage, Visit};

/// Whether the state is one; what else its language forbids is then beside the point.
pub(super) fn check(subject: &Subject<'_>, visit: &Visit<'_>, report: &Report) -> bool {
    let downgraded = subject.machine.language() == QueryLanguage::Jsonata
        && visit.state.query_language == Some(QueryLanguage::JsonPath);
    if downgraded {
        report.add(
            Diagnostic::error(
                Code::LanguageDowngrade,
                &visit.place.then("QueryLanguage"),
                "a JSONata machine has no JSONPath states",
            )
            .says(
                "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
            )
            .says_at(Some(&visit.place))
            .help("give each JSONata state its `QueryLanguage`, and the machine none"),
        );
    }
    downgraded
}
