#![doc = include_str!("../pages/static_path.md")]

use serde_json::Value;

use super::spots::templates;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::{Kind, QueryLanguage, Visit};
use crate::place::Place;

pub(super) fn check(visit: &Visit<'_>, report: &Report) {
    if visit.language != QueryLanguage::JsonPath {
        return;
    }
    for (place, template) in templates(visit) {
        leaves(&place, &template, &mut |place, key, text| {
            report.add(
                Diagnostic::warning(
                    Code::StaticPath,
                    place,
                    format!("`{key}` is the text `{text}`, not what the path picks"),
                )
                .says_as(
                    "NO_DOLLAR",
                    format!(
                        "The value of '{key}' looks like a JSONPath or intrinsic function. Use '{key}.$' to evaluate it \
                         at runtime."
                    ),
                )
                .help(format!("name the field `{key}.$`")),
            );
        });
    }
    if let Kind::Pass(pass) = &visit.state.kind
        && let Some(result) = &pass.result
    {
        leaves(
            &visit.place.then("Result"),
            result,
            &mut |place, _, text| {
                report.add(
                    Diagnostic::warning(
                        Code::StaticPath,
                        place,
                        format!("`Result` is taken literally, so `{text}` stays a text"),
                    )
                    .says_as(
                        "PASS_RESULT_IS_STATIC",
                        "The 'Result' of a Pass state is static",
                    )
                    .help("use `Parameters`"),
                );
            },
        );
    }
}

/// Calls back for every text in an object that looks as if it should be evaluated and will not be.
fn leaves(place: &Place, value: &Value, found: &mut impl FnMut(&Place, &str, &str)) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let place = place.then(key.as_str());
                match member {
                    Value::String(text) if !key.ends_with(".$") && looks_evaluated(text) => {
                        found(&place, key, text)
                    }
                    member => leaves(&place, member, found),
                }
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                leaves(&place.then(index), element, found);
            }
        }
        _ => {}
    }
}

fn looks_evaluated(text: &str) -> bool {
    ["$.", "$[", "$$."]
        .iter()
        .any(|start| text.starts_with(start))
        || (text.starts_with("States.") && text.ends_with(')'))
}
