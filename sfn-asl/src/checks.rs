//! The checks: what a definition of the right shape can still have wrong.
//!
//! One file a check, named for its code. A check looks at one state ([`STATE`]) or at the machine ([`MACHINE`]), and
//! none relies on another having passed.

mod bad_label;
mod bad_reader;
mod bad_resource;
mod bad_state_name;
mod bad_timestamp;
mod bad_writer;
mod delay_below_interval;
mod distributed_only;
mod duplicate_state_name;
mod empty_value;
mod express;
mod heartbeat_not_below_timeout;
mod invalid_path;
mod invalid_template;
mod jsonata;
mod language_downgrade;
mod missing_execution_type;
mod missing_payload;
mod missing_role;
mod missing_target;
mod no_machine_timeout;
mod no_terminal_state;
mod out_of_range;
mod resource;
mod retries_everything;
mod spots;
mod states_all_not_last;
mod static_path;
mod unknown_states_error;
mod unreachable_state;
mod variables;
mod wrong_language;

use std::collections::HashSet;

use crate::code::Code;
use crate::diagnostic::{self, Diagnostic, Report, has_errors};
use crate::model::{ExecutionType, Flow, State, StateMachine, Visit};
use crate::place::{Place, Segment};
use crate::read::{self, LONE_STATE, read, read_state};

/// A machine with what most checks want to know of it.
struct Subject<'a> {
    machine: &'a StateMachine,
    visits: Vec<Visit<'a>>,
    machine_type: ExecutionType,
}

type StateCheck = fn(&Visit<'_>, &Report);
type MachineCheck = fn(&Subject<'_>, &Report);

/// Run state by state, so that what is said about one state stands together, as AWS has it.
const STATE: &[StateCheck] = &[
    bad_state_name::check,
    empty_value::check,
    out_of_range::check,
    bad_resource::check,
    missing_role::check,
    missing_payload::check,
    missing_execution_type::check,
    bad_reader::check,
    bad_writer::check,
    distributed_only::check,
    bad_timestamp::check,
    invalid_path::check,
    invalid_template::check,
    jsonata::check,
    static_path::check,
    heartbeat_not_below_timeout::check,
    states_all_not_last::check,
    unknown_states_error::check,
    delay_below_interval::check,
    retries_everything::check,
];

/// Run once. They come after the others in AWS's answers.
const MACHINE: &[MachineCheck] = &[
    empty_value::check_flows,
    out_of_range::check_machine,
    bad_label::check,
    express::check,
    no_machine_timeout::check,
    variables::check,
    duplicate_state_name::check,
];

/// Run once and only on a machine that was understood wholly: what is missing would look unreachable.
const GRAPH: &[MachineCheck] = &[
    missing_target::check,
    no_terminal_state::check,
    unreachable_state::check,
];

/// Checks a machine, for instance one built in code.
///
/// Standard and express machines are not allowed the same. Diagnostics have places, but no positions.
///
/// ```
/// use sfn_asl::{ExecutionType, Flow, Pass, StateMachine, check};
///
/// let flow = Flow::starting_at("A").state("A", Pass::default().then("B"));
/// let found = check(&StateMachine::new(flow), ExecutionType::Standard);
/// assert_eq!(found[0].message, "there is no state `B` here");
/// ```
#[must_use]
pub fn check(machine: &StateMachine, machine_type: ExecutionType) -> Vec<Diagnostic> {
    run(machine, machine_type, &[STATE_AND_MACHINE, GRAPH])
}

/// Reads and checks a definition: everything that is wrong with it, with places and positions.
///
/// ```
/// use sfn_asl::{ExecutionType, check_text};
/// let text = r#"{ "StartAt": "A", "States": { "A": { "Type": "Wait", "Seconds": 100000000, "End": true } } }"#;
/// let (_, found) = check_text(text, ExecutionType::Standard);
/// assert_eq!(found[0].code.as_str(), "SFN-A015");
/// assert_eq!(found[0].position.unwrap().column, 54);
/// ```
#[must_use]
pub fn check_text(
    text: &str,
    machine_type: ExecutionType,
) -> (Option<StateMachine>, Vec<Diagnostic>) {
    let (machine, mut found) = read(text);
    if let Some(machine) = &machine {
        let graph = if has_errors(&found) { &[] } else { GRAPH };
        let checked = run(machine, machine_type, &[STATE_AND_MACHINE, graph]);
        // What the reader has reported, a check need not say again.
        add(&mut found, checked.into_iter());
        diagnostic::locate(text, &mut found);
    }
    (machine, found)
}

/// Reads and checks the definition of a single state, as `TestState` takes it; places begin with `/States/StateName`.
///
/// Where the state leads and which variables it finds is not asked: that is in the machine around it.
#[must_use]
pub fn check_state_text(text: &str) -> (Option<State>, Vec<Diagnostic>) {
    let (state, mut found) = read_state(text);
    if let Some(state) = &state {
        let machine =
            StateMachine::new(Flow::starting_at(LONE_STATE).state(LONE_STATE, state.clone()));
        let checked = run(
            &machine,
            ExecutionType::Standard,
            &[STATE_AND_MACHINE, GRAPH],
        );
        add(
            &mut found,
            checked
                .into_iter()
                .filter(|new| !asks_for_surroundings(new)),
        );
        read::locate_state(text, &mut found);
    }
    (state, found)
}

/// Whether a diagnostic about a lone state would go away with the right machine around it.
fn asks_for_surroundings(found: &Diagnostic) -> bool {
    match found.code {
        Code::UndefinedVariable | Code::NoMachineTimeout => true,
        // Flows within the state have their surroundings.
        Code::NoTerminalState => found.place.segments().is_empty(),
        Code::MissingTarget => matches!(
            found.place.segments().get(2),
            Some(Segment::Key(field)) if ["Next", "Default", "Choices", "Catch"].contains(&field.as_str())
        ),
        _ => false,
    }
}

/// Adds what checks have found to what the reader has reported, unless that explains it.
fn add(found: &mut Vec<Diagnostic>, checked: impl Iterator<Item = Diagnostic>) {
    let read = found.len();
    let reported: HashSet<(Code, Place)> = found
        .iter()
        .map(|read| (read.code, read.place.clone()))
        .collect();
    for new in checked {
        let known = reported.contains(&(new.code, new.place.clone()));
        if !known && !found[..read].iter().any(|read| explains(read, &new)) {
            found.push(new);
        }
    }
}

/// Whether what the reader has reported is the reason for what a check has found.
fn explains(read: &Diagnostic, checked: &Diagnostic) -> bool {
    // What could not be read, or not wholly, is not missing; nor is the part of something that is not as it should be.
    match checked.code {
        Code::EmptyValue => {
            let near = checked.place.parent().parent();
            read.place.is_within(&checked.place)
                || (checked.place.is_within(&read.place) && read.place.is_within(&near))
        }
        Code::MissingExecutionType | Code::BadReader | Code::BadWriter => {
            read.place.is_within(&checked.place)
        }
        _ => false,
    }
}

/// The list of [`STATE`] and [`MACHINE`] checks in the form [`run`] takes.
const STATE_AND_MACHINE: &[MachineCheck] = &[states, machine];

fn states(subject: &Subject<'_>, report: &Report) {
    for visit in &subject.visits {
        if !language_downgrade::check(subject, visit, report) {
            wrong_language::check(visit, report);
        }
        for check in STATE {
            check(visit, report);
        }
    }
}

fn machine(subject: &Subject<'_>, report: &Report) {
    for check in MACHINE {
        check(subject, report);
    }
}

fn run(
    machine: &StateMachine,
    machine_type: ExecutionType,
    lists: &[&[MachineCheck]],
) -> Vec<Diagnostic> {
    let subject = Subject {
        machine,
        visits: machine.walk(),
        machine_type,
    };
    let report = Report::default();
    for check in lists.iter().copied().flatten() {
        check(&subject, &report);
    }
    report.into_diagnostics()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definitions on a code's page.
    fn definitions(page: &str) -> Vec<&str> {
        page.split("```json\n")
            .skip(1)
            .map(|block| block.split("```").next().expect("a split gives one"))
            .collect()
    }

    #[test]
    fn every_page_shows_what_it_tells() {
        for code in Code::ALL.iter().copied() {
            let machine_type = if code.as_str() >= "SFN-A6" {
                ExecutionType::Express
            } else {
                ExecutionType::Standard
            };
            let definitions = definitions(code.page());
            if matches!(code, Code::TooLarge | Code::TooDeep) {
                assert!(
                    definitions.is_empty(),
                    "{code}: no page holds a definition that long"
                );
                continue;
            }
            let [bad, good] = definitions.as_slice() else {
                panic!("{code}: a bad and a good definition are wanted")
            };
            let (_, found) = check_text(bad, machine_type);
            assert!(
                found.iter().any(|found| found.code == code),
                "{code} is not found on its page: {found:#?}"
            );
            let others: Vec<_> = found.iter().filter(|found| found.code != code).collect();
            assert!(
                others.is_empty(),
                "{code}: its page shows other faults: {others:#?}"
            );
            let (_, found) = check_text(good, machine_type);
            assert!(
                found.is_empty(),
                "{code}: the good definition has faults: {found:#?}"
            );
        }
    }

    #[test]
    fn pages_are_written() {
        for code in Code::ALL.iter().copied() {
            let page = code.page();
            let first = page.lines().next().expect("a first line");
            assert!(first.ends_with('.') && first.len() >= 20, "{code}: {first}");
            assert!(
                page.lines().all(|line| line.len() <= 120),
                "{code}: a line is too long"
            );
        }
    }
}
