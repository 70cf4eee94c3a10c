#![doc = include_str!("../pages/bad_writer.md")]

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::{Kind, QueryLanguage, Visit};

pub(super) fn check(visit: &Visit<'_>, report: &Report) {
    let Kind::Map(map) = &visit.state.kind else {
        return;
    };
    let Some(writer) = &map.result_writer else {
        return;
    };
    let at = visit.place.then("ResultWriter");
    if let Some(resource) = &writer.resource {
        let action = resource
            .splitn(3, ':')
            .nth(2)
            .and_then(|rest| rest.strip_prefix("states:::"));
        if action != Some("s3:putObject") {
            report.add(
                Diagnostic::error(
                    Code::BadWriter,
                    &at.then("Resource"),
                    format!("no result writer writes to `{resource}`"),
                )
                .says("The field 'Resource' does not match any of the allowed values")
                .help("write `arn:aws:states:::s3:putObject`"),
            );
        }
        let (field, payload) = match visit.language {
            QueryLanguage::JsonPath => ("Parameters", &writer.parameters),
            QueryLanguage::Jsonata => ("Arguments", &writer.arguments),
        };
        if payload.is_none() {
            report.add(
                Diagnostic::error(
                    Code::BadWriter,
                    &at,
                    format!("a result writer needs `{field}`"),
                )
                .says(format!("These fields are required: [{field}]"))
                .help("they name the `Bucket`, and perhaps a `Prefix`"),
            );
        }
    } else if writer.writer_config.is_none() {
        report.add(
            Diagnostic::error(
                Code::BadWriter,
                &at,
                "a result writer needs `Resource` or `WriterConfig`",
            )
            .says("These fields are required: [Resource]"),
        );
    }
    if let Some(config) = &writer.writer_config
        && config.transformation.is_some() != config.output_type.is_some()
    {
        let missing = if config.transformation.is_some() {
            "OutputType"
        } else {
            "Transformation"
        };
        report.add(
            Diagnostic::error(
                Code::BadWriter,
                &at.then("WriterConfig"),
                "`Transformation` and `OutputType` go together",
            )
            .says(format!("These fields are required: [{missing}]")),
        );
    }
}
