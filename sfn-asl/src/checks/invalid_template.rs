#![doc = include_str!("../pages/invalid_template.md")]

use sfn_expr::template::Template;

use super::spots::templates;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::{QueryLanguage, Visit};

pub(super) fn check(visit: &Visit<'_>, report: &Report) {
    if visit.language != QueryLanguage::JsonPath {
        return;
    }
    for (place, template) in templates(visit) {
        for error in Template::check(&template) {
            let at = place.pointer(&error.pointer);
            let object = at.parent();
            let reason = match &error.reason {
                Some(reason) => reason.to_string(),
                None => "it is no string".to_owned(),
            };
            report.add(
                Diagnostic::error(
                    Code::InvalidTemplate,
                    &at,
                    format!(
                        "`{}` must be a path or a call of an intrinsic function: {reason}",
                        error.field
                    ),
                )
                .says(error.to_string())
                .says_at(Some(&object)),
            );
        }
    }
}
