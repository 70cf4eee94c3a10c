#![doc = include_str!("../pages/no_machine_timeout.md")]

use super::Subject;
use super::resource::Resource;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::Kind;
use crate::place::Place;

pub(super) fn check(subject: &Subject<'_>, report: &Report) {
    if subject.machine.timeout_seconds.is_some() {
        return;
    }
    let waits = subject.visits.iter().find(|visit| {
        matches!(&visit.state.kind, Kind::Task(task) if matches!(Resource::parse(&task.resource), Resource::Activity))
    });
    if let Some(visit) = waits {
        report.add(
            Diagnostic::warning(
                Code::NoMachineTimeout,
                &Place::root(),
                format!(
                    "an execution waits up to a year when nobody works on activity `{}`",
                    visit.name
                ),
            )
            .help("give the machine `TimeoutSeconds`"),
        );
    }
}
