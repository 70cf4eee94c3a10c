#![doc = include_str!("../pages/heartbeat_not_below_timeout.md")]

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::{Kind, OrExpression, Visit};

pub(super) fn check(visit: &Visit<'_>, report: &Report) {
    let Kind::Task(task) = &visit.state.kind else {
        return;
    };
    if let (Some(OrExpression::Value(heartbeat)), Some(OrExpression::Value(timeout))) =
        (&task.heartbeat_seconds, &task.timeout_seconds)
        && heartbeat >= timeout
    {
        report.add(
            Diagnostic::error(
                Code::HeartbeatNotBelowTimeout,
                &visit.place.then("HeartbeatSeconds"),
                format!("`HeartbeatSeconds` is {heartbeat}, which is not less than the timeout of {timeout}"),
            )
            .says("HeartbeatSeconds must be smaller than TimeoutSeconds")
            .help("lower it, so that a silent task is noticed before its time is up"),
        );
    }
}
