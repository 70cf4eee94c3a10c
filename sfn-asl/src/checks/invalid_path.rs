#![doc = include_str!("../pages/invalid_path.md")]

use sfn_expr::intrinsic::Call;
use sfn_expr::path::{self, Root};

use super::spots::{PathKind, paths};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::{Kind, QueryLanguage, Visit};

pub(super) fn check(visit: &Visit<'_>, report: &Report) {
    if visit.language != QueryLanguage::JsonPath {
        return;
    }
    for field in paths(visit) {
        let Err(fault) = fault(field.text, field.kind) else {
            continue;
        };
        let text = field.text;
        // AWS's words differ by who reads the field.
        let aws = match (&visit.state.kind, text.starts_with('$')) {
            (Kind::Choice(_), false) => {
                "Value is not a Reference Path: Reference path didn't start with '$'".to_owned()
            }
            (_, false) => "Value must be a valid JSONPath.".to_owned(),
            (_, true) if field.kind == PathKind::Any => {
                "Value must be a valid JSONPath.".to_owned()
            }
            (_, true) => format!("Value is not a Reference Path: {fault}"),
        };
        report.add(
            Diagnostic::error(
                Code::InvalidPath,
                &field.place,
                format!("`{text}` is not a path that fits here: {fault}"),
            )
            .says(aws),
        );
    }
}

fn fault(text: &str, kind: PathKind) -> Result<(), String> {
    if kind == PathKind::Text && Call::is_call(text) {
        let call = Call::parse(text).map_err(|error| error.to_string())?;
        return if call.function().may_give_string() {
            Ok(())
        } else {
            Err(format!("`{}` gives no string", call.function()))
        };
    }
    let path = path::Path::parse(text).map_err(|error| error.to_string())?;
    if kind == PathKind::Target && *path.root() != Root::Input {
        return Err("a result goes into the data, so the path begins with `$.`".to_owned());
    }
    if matches!(kind, PathKind::Reference | PathKind::Target) && !path.is_reference() {
        return Err("it may pick more than one value, so it is no reference path".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{PathKind, fault};

    #[track_caller]
    fn check(kind: PathKind, good: &[&str], bad: &[&str]) {
        for path in good {
            assert_eq!(fault(path, kind), Ok(()), "{path}");
        }
        for path in bad {
            assert!(fault(path, kind).is_err(), "{path}");
        }
    }

    #[test]
    fn tells_paths_by_their_use() {
        check(
            PathKind::Any,
            &[
                "$",
                "$.a[*].b",
                "$$",
                "$$.Execution.Id",
                "$variable.a",
                "$..a",
            ],
            &["", "a", "a.b", "$.a["],
        );
        check(
            PathKind::Reference,
            &["$.a.b[0]", "$['a b']", "$variable", "$$.Execution.Input.a"],
            &["$.a[*]", "$..a", "$.a[0:1]"],
        );
        check(
            PathKind::Target,
            &["$", "$.a.b"],
            &["$$.a", "$variable", "$.a[*]"],
        );
        check(
            PathKind::Text,
            &["$.a", "States.Format('{}', $.a)"],
            &["States.ArrayLength($.a)", "States.Nope()", "text"],
        );
    }
}
