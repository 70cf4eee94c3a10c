#![doc = include_str!("../pages/missing_role.md")]

use serde_json::Value;

use super::resource::Resource;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::{Kind, QueryLanguage, Visit};

pub(super) fn check(visit: &Visit<'_>, report: &Report) {
    let Kind::Task(task) = &visit.state.kind else {
        return;
    };
    let Some(credentials) = &task.credentials else {
        return;
    };
    let place = visit.place.then("Credentials");
    if matches!(Resource::parse(&task.resource), Resource::Activity) {
        report.add(
            Diagnostic::error(
                Code::MissingRole,
                &place,
                "an activity runs under no role, so it has no `Credentials`",
            )
            .says("The field 'Credentials' is not supported for activities")
            .help("remove them"),
        );
        return;
    }
    let has_role = match credentials {
        Value::Object(fields) => {
            fields.contains_key("RoleArn")
                || (visit.language == QueryLanguage::JsonPath && fields.contains_key("RoleArn.$"))
        }
        // An expression for the whole of it is no object, but it may give one.
        Value::String(text) => {
            visit.language == QueryLanguage::Jsonata && crate::expression(text).is_some()
        }
        _ => false,
    };
    if !has_role {
        report.add(
            Diagnostic::error(Code::MissingRole, &place, "`Credentials` needs `RoleArn`")
                .says("The field 'RoleArn' is required but was missing"),
        );
    }
}
