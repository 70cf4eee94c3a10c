#![doc = include_str!("../pages/missing_execution_type.md")]

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::{Kind, Mode, Visit};

pub(super) fn check(visit: &Visit<'_>, report: &Report) {
    let Kind::Map(map) = &visit.state.kind else {
        return;
    };
    let Some(config) = &map.item_processor.config else {
        return;
    };
    let place = visit
        .place
        .then(map.item_processor.field.as_str())
        .then("ProcessorConfig");
    match (config.mode, config.execution_type) {
        (Some(Mode::Distributed), None) => report.add(
            Diagnostic::error(
                Code::MissingExecutionType,
                &place,
                "a distributed map needs `ExecutionType`",
            )
            .says("These fields are required: [ExecutionType]")
            .help("`EXPRESS` for items done in five minutes, else `STANDARD`"),
        ),
        (Some(Mode::Inline), Some(_)) => report.add(
            Diagnostic::error(
                Code::MissingExecutionType,
                &place.then("ExecutionType"),
                "an inline map has no child executions, and so no `ExecutionType`",
            )
            .says("Field 'ExecutionType' is not supported")
            .says_at(Some(&place))
            .help("remove it, or make the map `DISTRIBUTED`"),
        ),
        _ => {}
    }
}
