//! What `Assign` may name: [`Code::ReservedVariable`], [`Code::BadVariableName`], [`Code::ShadowedVariable`].
//!
//! The three are one walk over the scopes: a machine has one, and so has each branch and each item processor in it.

use std::collections::HashSet;

use super::Subject;
use super::spots::assigns;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::{Flow, Kind, QueryLanguage, Visit};
use crate::place::Place;

/// How many characters a variable's name may have.
const LONGEST: usize = 80;

pub(super) fn check(subject: &Subject<'_>, report: &Report) {
    for visit in &subject.visits {
        for (place, name) in assigned(visit) {
            names(&place, name, report);
        }
    }
    scope(subject, &subject.machine.flow, &HashSet::new(), report);
}

/// The variables a state sets, each with the place of its name.
fn assigned<'a>(visit: &Visit<'a>) -> Vec<(Place, &'a str)> {
    let mut assigned = Vec::new();
    for (place, assign) in assigns(visit) {
        for key in assign.keys() {
            let name = match visit.language {
                QueryLanguage::JsonPath => key.strip_suffix(".$").unwrap_or(key),
                QueryLanguage::Jsonata => key,
            };
            assigned.push((place.then(key.as_str()), name));
        }
    }
    assigned
}

fn names(place: &Place, name: &str, report: &Report) {
    if name == "states" {
        report.add(
            Diagnostic::error(
                Code::ReservedVariable,
                place,
                "`states` is not for variables of your own",
            )
            .says_as(
                "RESERVED_VARIABLE_NAME",
                "Cannot assign to reserved variable '$states'.",
            )
            .help("take another name"),
        );
        return;
    }
    let mut characters = name.chars();
    let valid = characters
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|c| c.is_alphanumeric() || c == '_');
    if !valid {
        report.add(
            Diagnostic::error(
                Code::BadVariableName,
                place,
                format!("`{name}` is no name of a variable"),
            )
            .says_as(
                "INVALID_VARIABLE_NAME",
                format!(
                    "Invalid variable name '{name}': the variable name contains invalid characters."
                ),
            )
            .help("a letter, then letters, digits and `_`; parts of a variable cannot be assigned"),
        );
    } else if name.chars().count() > LONGEST {
        report.add(
            Diagnostic::error(
                Code::BadVariableName,
                place,
                format!("variable `{name}` has {} characters, {LONGEST} are allowed", name.chars().count()),
            )
            .says_as(
                "INVALID_VARIABLE_NAME",
                format!("Invalid variable name '{name}': the variable name exceeds the {LONGEST}-character limit."),
            ),
        );
    }
}

/// Reports names of this flow that are taken by a flow around it, then goes on with the flows within.
fn scope<'a>(subject: &Subject<'a>, flow: &'a Flow, outer: &HashSet<&'a str>, report: &Report) {
    let mut visible = outer.clone();
    let visits = subject
        .visits
        .iter()
        .filter(|visit| std::ptr::eq(visit.flow, flow));
    for visit in visits.clone() {
        for (place, name) in assigned(visit) {
            if outer.contains(name) {
                report.add(
                    Diagnostic::error(
                        Code::ShadowedVariable,
                        &place,
                        format!("variable `{name}` belongs to the flow around this one, which alone may set it"),
                    )
                    .says_as(
                        "DUPLICATE_VARIABLE_NAME",
                        format!("The variable name '{name}' was already defined in a parent scope."),
                    )
                    .help("take another name, and hand the value out as output"),
                );
            }
            visible.insert(name);
        }
    }
    let nothing = HashSet::new();
    for visit in visits {
        // The children of a distributed map are executions of their own and see nothing of this one's variables.
        let distributed = matches!(&visit.state.kind, Kind::Map(map) if map.is_distributed());
        for (_, inner) in visit.state.flows(&visit.place) {
            scope(
                subject,
                inner,
                if distributed { &nothing } else { &visible },
                report,
            );
        }
    }
}
