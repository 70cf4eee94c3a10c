//! What express machines cannot do: [`Code::ExpressActivity`], [`Code::ExpressPattern`], [`Code::ExpressDistributed`].
//!
//! The three are one walk, because a distributed map makes its children express or standard anew.

use super::Subject;
use super::resource::{Pattern, Resource};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::{ExecutionType, Flow, Kind, Task};
use crate::place::Place;

pub(super) fn check(subject: &Subject<'_>, report: &Report) {
    let express = subject.machine_type == ExecutionType::Express;
    flow(&subject.machine.flow, &Place::root(), express, report);
}

fn flow(flow: &Flow, at: &Place, express: bool, report: &Report) {
    for (name, state) in &flow.states {
        let place = at.then("States").then(name.as_str());
        let mut inner = express;
        match &state.kind {
            Kind::Task(task) if express => self::task(task, &place, report),
            Kind::Map(map) if map.is_distributed() => {
                let config = map.item_processor.config.as_ref();
                inner =
                    config.and_then(|config| config.execution_type) == Some(ExecutionType::Express);
                if express {
                    let mode = place
                        .then(map.item_processor.field.as_str())
                        .then("ProcessorConfig")
                        .then("Mode");
                    report.add(
                        Diagnostic::error(Code::ExpressDistributed, &mode, "an express execution has no child executions")
                            .says("The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines")
                            .help("make the map inline, or the machine standard"),
                    );
                }
            }
            _ => {}
        }
        for (at, flow) in state.flows(&place) {
            self::flow(flow, &at, inner, report);
        }
    }
}

fn task(task: &Task, at: &Place, report: &Report) {
    let place = at.then("Resource");
    match Resource::parse(&task.resource) {
        Resource::Activity => report.add(
            Diagnostic::error(
                Code::ExpressActivity,
                &place,
                "express executions hand no tasks to activities",
            )
            .says("Express state machine does not support Activity ARN")
            .help("run the step on Lambda, or make the machine standard"),
        ),
        Resource::Integration { pattern, .. } if pattern != Pattern::RequestResponse => {
            // AWS ends the one sentence with a space, the other without.
            let space = if pattern == Pattern::Token { " " } else { "" };
            let suffix = if pattern == Pattern::Token {
                ".waitForTaskToken"
            } else {
                ".sync"
            };
            report.add(
                Diagnostic::error(
                    Code::ExpressPattern,
                    &place,
                    format!("express executions do not wait with `{suffix}`"),
                )
                .says(format!(
                    "Express state machine does not support '{suffix}' service integration{space}"
                ))
                .help(format!("drop the `{suffix}`, or make the machine standard")),
            );
        }
        _ => {}
    }
}
