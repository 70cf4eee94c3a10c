#![doc = include_str!("../pages/language_downgrade.md")]

use super::Subject;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::QueryLanguage;

pub(super) fn check(subject: &Subject<'_>, report: &Report) {
    if subject.machine.language() != QueryLanguage::Jsonata {
        return;
    }
    for visit in subject
        .visits
        .iter()
        .filter(|visit| visit.state.query_language == Some(QueryLanguage::JsonPath))
    {
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
}
