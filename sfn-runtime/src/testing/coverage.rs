//! Which states, arms of choices, retriers and catchers the tests of this program have reached.
//!
//! After the last `#[workflow_test]` of a test program, a line for each workflow goes to standard error, whether the
//! tests' own output is shown or not:
//!
//! ```text
//! coverage of make-pizza: 9/10 states, 1/2 arms, 2/3 retriers, 0/1 catchers
//! ```
//!
//! `SFN_COVERAGE=full` adds a line for each thing that no test has reached, `SFN_COVERAGE=off` keeps quiet. The same as
//! JSON goes to `sfn-coverage/<test program>.json` in cargo's target folder, or into the folder that `SFN_COVERAGE_DIR`
//! names.
//!
//! What runs at an endpoint counts as well as what runs on the embedded engine. Faults count: a retrier is covered when
//! it has led to another attempt, a catcher when it has caught. Two rules of one choice that lead to one state are one arm.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
    io::Write as _,
    path::PathBuf,
    sync::Mutex,
};

use serde::Serialize;
use sfn_asl::{Kind, StateMachine};

use super::{cast::lock, run::TestEntry};
use crate::service::HistoryEvent;

/// The variable that says how much is told: `off`, or `full`.
pub const VARIABLE: &str = "SFN_COVERAGE";

/// The variable that names the folder for the report.
pub const FOLDER_VARIABLE: &str = "SFN_COVERAGE_DIR";

/// What can be reached in a state machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Part {
    /// A state, when it was entered.
    State,
    /// A way out of a choice.
    Arm,
    /// A retrier, when it has led to another attempt.
    Retrier,
    /// A catcher, when it has caught.
    Catcher,
}

impl Part {
    const ALL: [Self; 4] = [Self::State, Self::Arm, Self::Retrier, Self::Catcher];

    fn plural(self) -> &'static str {
        match self {
            Self::State => "states",
            Self::Arm => "arms",
            Self::Retrier => "retriers",
            Self::Catcher => "catchers",
        }
    }

    fn singular(self) -> &'static str {
        self.plural().trim_end_matches('s')
    }
}

/// Something that can be reached, and how often it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Reached {
    /// What it is.
    pub part: Part,
    /// The state.
    pub state: String,
    /// Of an arm, where it leads; of a retrier or catcher, the errors it takes; empty of a state.
    pub detail: String,
    /// How often.
    pub times: u64,
}

/// What was reached of one workflow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Coverage {
    /// The workflow's name.
    pub workflow: String,
    /// Everything that can be reached, in the order of the definition.
    pub parts: Vec<Reached>,
}

impl Coverage {
    /// How many things of this kind were reached, and how many there are.
    #[must_use]
    pub fn of(&self, part: Part) -> (usize, usize) {
        let all = || self.parts.iter().filter(|reached| reached.part == part);
        (
            all().filter(|reached| reached.times > 0).count(),
            all().count(),
        )
    }

    /// What was not reached.
    pub fn missing(&self) -> impl Iterator<Item = &Reached> {
        self.parts.iter().filter(|reached| reached.times == 0)
    }

    /// The line that is told after the tests.
    #[must_use]
    pub fn line(&self) -> String {
        let counts: Vec<String> = Part::ALL
            .into_iter()
            .map(|part| {
                let (reached, all) = self.of(part);
                format!("{reached}/{all} {}", part.plural())
            })
            .collect();
        format!("coverage of {}: {}", self.workflow, counts.join(", "))
    }

    fn count(&mut self, part: Part, state: &str, detail: &str) {
        let found = self.parts.iter_mut().find(|reached| {
            reached.part == part && reached.state == state && reached.detail == detail
        });
        if let Some(reached) = found {
            reached.times += 1;
        }
    }

    /// Makes place for all that can be reached in the machine.
    fn make_place(&mut self, machine: &StateMachine) {
        for visit in machine.walk() {
            self.add(Part::State, visit.name, "");
            if let Kind::Choice(choice) = &visit.state.kind {
                for rule in &choice.choices {
                    self.add(Part::Arm, visit.name, &rule.next);
                }
                if let Some(default) = &choice.default {
                    self.add(Part::Arm, visit.name, default);
                }
            }
            for retrier in visit.state.retry() {
                self.add(Part::Retrier, visit.name, &names(&retrier.error_equals));
            }
            for catcher in visit.state.catch() {
                self.add(Part::Catcher, visit.name, &names(&catcher.error_equals));
            }
        }
    }

    fn add(&mut self, part: Part, state: &str, detail: &str) {
        let known = self.parts.iter().any(|reached| {
            reached.part == part && reached.state == state && reached.detail == detail
        });
        if !known {
            self.parts.push(Reached {
                part,
                state: state.to_owned(),
                detail: detail.to_owned(),
                times: 0,
            });
        }
    }

    fn reach(&mut self, machine: &StateMachine, events: &[HistoryEvent]) {
        let states: HashMap<&str, _> = machine
            .walk()
            .into_iter()
            .map(|visit| (visit.name, visit.state))
            .collect();
        let by_id: HashMap<u64, &HistoryEvent> =
            events.iter().map(|event| (event.id, event)).collect();
        for event in events {
            let before = by_id.get(&event.previous);
            if event.enters_state() {
                let Some(state) = event.state.as_deref() else {
                    continue;
                };
                self.count(Part::State, state, "");
                let Some(left) = before.filter(|before| before.exits_state()) else {
                    continue;
                };
                let from = left.state.as_deref().unwrap_or_default();
                if left.kind == "ChoiceStateExited" {
                    self.count(Part::Arm, from, state);
                } else if let Some(error) = by_id.get(&left.previous).and_then(|last| failed(last))
                    && let Some(from_state) = states.get(from)
                    && let Some(catcher) = from_state
                        .catch()
                        .iter()
                        .find(|catcher| takes(&catcher.error_equals, error))
                {
                    self.count(Part::Catcher, from, &names(&catcher.error_equals));
                }
            } else if let Some(error) = before.and_then(|before| failed(before))
                && (event.kind.ends_with("Scheduled") || event.kind.ends_with("StateStarted"))
                && let Some(name) = state_of(event, &by_id)
                && let Some(state) = states.get(name)
                && let Some(retrier) = state
                    .retry()
                    .iter()
                    .find(|retrier| takes(&retrier.error_equals, error))
            {
                self.count(Part::Retrier, name, &names(&retrier.error_equals));
            }
        }
    }
}

fn names(errors: &[String]) -> String {
    errors.join(", ")
}

/// The name of the error, if the event is the failure of an attempt.
fn failed(event: &HistoryEvent) -> Option<&str> {
    let kind = event.kind.as_str();
    if kind.ends_with("Failed") {
        Some(event.error.as_deref().unwrap_or_default())
    } else if kind.ends_with("TimedOut") {
        Some(event.error.as_deref().unwrap_or("States.Timeout"))
    } else {
        None
    }
}

/// Whether one of these names takes an error, as AWS has it.
fn takes(names: &[String], error: &str) -> bool {
    names.iter().any(|name| match name.as_str() {
        "States.ALL" => true,
        "States.TaskFailed" => !matches!(error, "States.Timeout" | "States.HeartbeatTimeout"),
        // The history calls a heartbeat that did not come a timeout, too.
        "States.Timeout" | "States.HeartbeatTimeout" => {
            matches!(error, "States.Timeout" | "States.HeartbeatTimeout")
        }
        name => name == error,
    })
}

/// The state that an event belongs to: back along what led to it, to where the state was entered.
fn state_of<'a>(event: &HistoryEvent, by_id: &HashMap<u64, &'a HistoryEvent>) -> Option<&'a str> {
    let mut event = by_id.get(&event.previous)?;
    loop {
        if event.enters_state() {
            return event.state.as_deref();
        }
        // INVARIANT: ids fall along the chain, so the walk ends.
        event = by_id
            .get(&event.previous)
            .filter(|before| before.id < event.id)?;
    }
}

static REACHED: Mutex<BTreeMap<String, Coverage>> = Mutex::new(BTreeMap::new());
static FINISHED: Mutex<usize> = Mutex::new(0);

/// Notes a workflow that is about to run.
pub(super) fn meet(workflow: &str, machine: &StateMachine) {
    let mut all = lock(&REACHED);
    let coverage = all.entry(workflow.to_owned()).or_default();
    workflow.clone_into(&mut coverage.workflow);
    coverage.make_place(machine);
}

/// Notes what an execution has reached.
pub(super) fn record(workflow: &str, machine: &StateMachine, events: &[HistoryEvent]) {
    let mut all = lock(&REACHED);
    if let Some(coverage) = all.get_mut(workflow) {
        coverage.reach(machine, events);
    }
}

/// What the tests of this program have reached so far, by the workflows' names.
#[must_use]
pub fn so_far() -> Vec<Coverage> {
    lock(&REACHED).values().cloned().collect()
}

/// Tells the coverage when the last test has ended.
#[derive(Debug)]
pub(super) struct Finished(pub(super) &'static str);

impl Drop for Finished {
    fn drop(&mut self) {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let filter = Filter::read(&arguments);
        if !filter.takes(name_of(self.0)) {
            return;
        }
        let wanted = inventory::iter::<TestEntry>
            .into_iter()
            .filter(|entry| filter.takes(name_of((entry.path)())))
            .count();
        let mut finished = lock(&FINISHED);
        *finished += 1;
        if *finished == wanted {
            tell();
        }
    }
}

/// A test's name as the harness has it: its path without the crate.
fn name_of(path: &'static str) -> &'static str {
    path.split_once("::").map_or(path, |(_, name)| name)
}

/// Which tests the harness was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Filter<'a> {
    wanted: Vec<&'a str>,
    skipped: Vec<&'a str>,
    exact: bool,
}

impl<'a> Filter<'a> {
    fn read(arguments: &'a [String]) -> Self {
        /// The harness's options that are followed by a value.
        const WITH_VALUE: &[&str] = &[
            "--test-threads",
            "--format",
            "--color",
            "--logfile",
            "--shuffle-seed",
            "-Z",
        ];
        let mut filter = Self::default();
        let mut rest = arguments.iter().map(String::as_str);
        while let Some(argument) = rest.next() {
            match argument {
                "--exact" => filter.exact = true,
                "--skip" => filter.skipped.extend(rest.next()),
                _ if WITH_VALUE.contains(&argument) => {
                    rest.next();
                }
                _ => match argument.strip_prefix("--skip=") {
                    Some(skipped) => filter.skipped.push(skipped),
                    None if argument.starts_with('-') => {}
                    None => filter.wanted.push(argument),
                },
            }
        }
        filter
    }

    fn takes(&self, name: &str) -> bool {
        let fits = |filter: &&str| match self.exact {
            true => name == *filter,
            false => name.contains(*filter),
        };
        (self.wanted.is_empty() || self.wanted.iter().any(fits)) && !self.skipped.iter().any(fits)
    }
}

fn tell() {
    let how = std::env::var(VARIABLE).unwrap_or_default();
    let all = so_far();
    if all.is_empty() || how == "off" {
        return;
    }
    let mut text = String::new();
    for coverage in &all {
        text.push_str(&coverage.line());
        text.push('\n');
        if how == "full" {
            for missing in coverage.missing() {
                text.push_str(&format!(
                    "  never: {} `{}`",
                    missing.part.singular(),
                    missing.state
                ));
                match missing.part {
                    Part::State => {}
                    Part::Arm => {
                        write!(text, " → `{}`", missing.detail).expect("a string takes it")
                    }
                    Part::Retrier | Part::Catcher => {
                        write!(text, " on {}", missing.detail).expect("a string takes it");
                    }
                }
                text.push('\n');
            }
        }
    }
    if let Some((folder, program)) = report_file() {
        let json = serde_json::to_string_pretty(&all).expect("text keys and whole numbers");
        let path = folder.join(format!("{program}.json"));
        let written =
            std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, json + "\n"));
        if let Err(error) = written {
            text.push_str(&format!("  not written to `{}`: {error}\n", path.display()));
        }
    }
    // Not by `eprint!`, which the harness keeps to itself when a test succeeds. There is nowhere else to say it.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// The folder for the report, and the name of this test program without cargo's mark.
fn report_file() -> Option<(PathBuf, String)> {
    let program = std::env::current_exe().ok()?;
    let name = program.file_stem()?.to_str()?;
    let name = match name.rsplit_once('-') {
        Some((name, mark)) if mark.len() == 16 => name,
        _ => name,
    };
    let folder = match std::env::var_os(FOLDER_VARIABLE) {
        Some(folder) => PathBuf::from(folder),
        None => {
            let deps = program.parent().filter(|folder| folder.ends_with("deps"))?;
            deps.parent()?.parent()?.join("sfn-coverage")
        }
    };
    Some((folder, name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(arguments: &[&str], taken: &[&str]) {
        let arguments: Vec<String> = arguments.iter().copied().map(str::to_owned).collect();
        let filter = Filter::read(&arguments);
        let all = ["oven::bakes", "oven::bakes_again", "table::serves"];
        let found: Vec<&str> = all.into_iter().filter(|name| filter.takes(name)).collect();
        assert_eq!(found, taken);
    }

    #[test]
    fn the_harness_is_asked_as_it_understands_it() {
        check(&[], &["oven::bakes", "oven::bakes_again", "table::serves"]);
        check(&["oven"], &["oven::bakes", "oven::bakes_again"]);
        check(&["--exact", "oven::bakes", "--nocapture"], &["oven::bakes"]);
        check(&["--test-threads", "1", "serves"], &["table::serves"]);
        check(&["--skip", "bakes"], &["table::serves"]);
        check(&["--skip=again", "oven"], &["oven::bakes"]);
    }
}
