//! Variables: [`Code::ReservedVariable`], [`Code::BadVariableName`], [`Code::ShadowedVariable`], [`Code::UndefinedVariable`].
//!
//! The four are one walk over the scopes: a machine has one, and so has each branch and each item processor in it.

use std::collections::{HashMap, HashSet};

use sfn_expr::jsonata::Expression;
use sfn_expr::path::{Path, Root};
use sfn_expr::template::{Query, Template};

use super::Subject;
use super::spots::{assigns, expressions, paths, templates};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::{Assign, Flow, Kind, QueryLanguage, Visit, expression};
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
            assigned.push((place.then(key.as_str()), variable(key, visit.language)));
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

/// Looks at one flow, then at the flows within.
fn scope<'a>(subject: &Subject<'a>, flow: &'a Flow, outer: &HashSet<&'a str>, report: &Report) {
    let visits: Vec<&Visit<'a>> = subject
        .visits
        .iter()
        .filter(|visit| std::ptr::eq(visit.flow, flow))
        .collect();
    let set = set_on_entry(flow, &visits, outer);
    let nothing = HashSet::new();
    for visit in visits {
        let visible = set.get(visit.name).unwrap_or(&nothing);
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
        }
        for (place, name) in read(visit) {
            // Of a state that cannot be reached nothing is known.
            if set.contains_key(visit.name) && !visible.contains(name.as_str()) {
                report.add(
                    Diagnostic::warning(
                        Code::UndefinedVariable,
                        &place,
                        format!("no state before this one sets variable `{name}`"),
                    )
                    .says_as(
                        "POSSIBLY_UNDEFINED_VARIABLE",
                        format!("Variable '{name}' is possibly not defined."),
                    ),
                );
            }
        }
        // The children of a distributed map are executions of their own and see nothing of this one's variables.
        let distributed = matches!(&visit.state.kind, Kind::Map(map) if map.is_distributed());
        for (_, inner) in visit.state.flows(&visit.place) {
            scope(
                subject,
                inner,
                if distributed { &nothing } else { visible },
                report,
            );
        }
    }
}

/// Which variables may be set when each state is entered: those of the flows around, and those of states before it.
///
/// A state that comes later does not count: AWS lets a branch set a variable that its Parallel state's catcher sets, too.
fn set_on_entry<'a>(
    flow: &'a Flow,
    visits: &[&Visit<'a>],
    outer: &HashSet<&'a str>,
) -> HashMap<&'a str, HashSet<&'a str>> {
    let visits: HashMap<&str, &Visit<'a>> =
        visits.iter().map(|visit| (visit.name, *visit)).collect();
    let mut set: HashMap<&'a str, HashSet<&'a str>> = HashMap::new();
    let Some((start, _)) = flow.states.get_key_value(&flow.start_at) else {
        return set;
    };
    set.insert(start, outer.clone());
    let mut open = vec![start.as_str()];
    while let Some(name) = open.pop() {
        let (Some(visit), Some(before)) = (visits.get(name), set.get(name).cloned()) else {
            continue;
        };
        for (target, assign) in ways_out(visit) {
            let Some((target, _)) = flow.states.get_key_value(target) else {
                continue;
            };
            let known = set.get(target.as_str()).map_or(0, HashSet::len);
            let is_new = !set.contains_key(target.as_str());
            let after = set.entry(target).or_default();
            after.extend(before.iter().copied());
            after.extend(assign.keys().map(|key| variable(key, visit.language)));
            if is_new || after.len() > known {
                open.push(target);
            }
        }
    }
    set
}

/// Where a state may lead, and which `Assign` is done on the way.
fn ways_out<'a>(visit: &Visit<'a>) -> Vec<(&'a str, &'a Assign)> {
    let state = visit.state;
    let mut ways: Vec<(&str, &Assign)> = Vec::new();
    ways.extend(
        state
            .transition()
            .and_then(|transition| transition.next())
            .map(|next| (next, &state.assign)),
    );
    if let Kind::Choice(choice) = &state.kind {
        ways.extend(
            choice
                .choices
                .iter()
                .map(|rule| (rule.next.as_str(), &rule.assign)),
        );
        ways.extend(
            choice
                .default
                .as_deref()
                .map(|default| (default, &state.assign)),
        );
    }
    ways.extend(
        state
            .catch()
            .iter()
            .map(|catcher| (catcher.next.as_str(), &catcher.assign)),
    );
    ways
}

fn variable(key: &str, language: QueryLanguage) -> &str {
    match language {
        QueryLanguage::JsonPath => key.strip_suffix(".$").unwrap_or(key),
        QueryLanguage::Jsonata => key,
    }
}

/// The variables a state reads, each with the place that reads it.
fn read(visit: &Visit<'_>) -> Vec<(Place, String)> {
    match visit.language {
        QueryLanguage::JsonPath => read_by_paths(visit),
        QueryLanguage::Jsonata => read_by_expressions(visit),
    }
}

fn read_by_paths(visit: &Visit<'_>) -> Vec<(Place, String)> {
    let mut read = Vec::new();
    let mut add = |place: &Place, path: &Path| {
        if let Root::Variable(name) = path.root() {
            read.push((place.clone(), name.clone()));
        }
    };
    for field in paths(visit) {
        if let Ok(query) = Query::parse(field.text) {
            query
                .paths()
                .into_iter()
                .for_each(|path| add(&field.place, path));
        }
    }
    for (place, template) in templates(visit) {
        // What does not parse is another fault.
        let Ok(template) = Template::parse(&template) else {
            continue;
        };
        for (pointer, query) in template.queries() {
            let place = place.pointer(&pointer);
            query.paths().into_iter().for_each(|path| add(&place, path));
        }
    }
    read
}

fn read_by_expressions(visit: &Visit<'_>) -> Vec<(Place, String)> {
    let mut read = Vec::new();
    for spot in expressions(visit) {
        let Some(text) = expression(spot.text) else {
            continue;
        };
        if !may_read_variables(text) {
            continue;
        }
        let Ok(expression) = Expression::parse(text) else {
            continue;
        };
        for name in expression.variables() {
            // A name that the expression itself binds, or a function handed over by its name, is none of ours.
            if !sfn_expr::jsonata::FUNCTIONS.contains(&name) && !binds(text, name) {
                read.push((spot.place.clone(), name.to_owned()));
            }
        }
    }
    read
}

/// Whether an expression may read a variable besides `$states`, seen from the text alone: parsing takes longer.
fn may_read_variables(expression: &str) -> bool {
    expression.split('$').skip(1).any(|name| {
        name.starts_with(|c: char| c.is_alphabetic() || c == '_') && !name.starts_with("states.")
    })
}

/// Whether an expression binds a name: `$name := …`, `function($name)`, `@$name` or `#$name`.
///
/// Seen from the text alone, it may be taken to bind a name that it only reads elsewhere; better to miss a warning than
/// to give a wrong one.
fn binds(expression: &str, name: &str) -> bool {
    let mut rest = expression;
    while let Some(at) = rest.find('$') {
        let before = rest[..at].trim_end();
        let after = &rest[at + 1..];
        rest = after;
        let Some(after) = after.strip_prefix(name) else {
            continue;
        };
        if after.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let after = after.trim_start();
        // A parameter stands after `(` or `,` and before `,` or `)`; so does an argument, which only costs a warning.
        let parameter = before.ends_with(['(', ',']) && after.starts_with([',', ')']);
        let has_functions = expression.contains("function") || expression.contains('λ');
        if after.starts_with(":=") || before.ends_with(['@', '#']) || (parameter && has_functions) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{Code, ExecutionType, check, from_value};

    #[track_caller]
    fn undefined(expression: &str, expected: &[&str]) {
        let definition = json!({ "QueryLanguage": "JSONata", "StartAt": "A", "States": {
            "A": { "Type": "Pass", "Assign": { "known": 1 }, "Next": "B" },
            "B": { "Type": "Pass", "Output": format!("{{% {expression} %}}"), "End": true }
        } });
        let machine = from_value(&definition).0.expect("a machine");
        let found: Vec<String> = check(&machine, ExecutionType::Standard)
            .iter()
            .map(|found| {
                assert_eq!(found.code, Code::UndefinedVariable, "{found}");
                found.message.clone()
            })
            .collect();
        let expected: Vec<String> = expected
            .iter()
            .map(|name| format!("no state before this one sets variable `{name}`"))
            .collect();
        assert_eq!(found, expected, "{expression}");
    }

    #[test]
    fn knows_what_an_expression_binds_itself() {
        undefined("$known + $unknown", &["unknown"]);
        undefined("($x := 1; $x + $known)", &[]);
        undefined("$map([1, 2], function($v, $i) { $v + $i })", &[]);
        undefined("$map([1, 2], $string)", &[]);
        undefined("$states.input.items#$i.{ 'n': $i }", &[]);
        undefined("$uuid() & $knownNot", &["knownNot"]);
    }

    #[test]
    fn sees_through_flows_but_not_into_distributed_children() {
        let machine = |config: serde_json::Value| {
            let definition = json!({ "StartAt": "A", "States": {
                "A": { "Type": "Pass", "Assign": { "total": 0 }, "Next": "M" },
                "M": { "Type": "Map", "End": true, "ItemProcessor": { "ProcessorConfig": config, "StartAt": "B", "States": {
                    "B": { "Type": "Pass", "Parameters": { "t.$": "$total" }, "End": true }
                } } }
            } });
            let machine = from_value(&definition).0.expect("a machine");
            check(&machine, ExecutionType::Standard)
        };
        assert_eq!(machine(json!({ "Mode": "INLINE" })), []);
        let found = machine(json!({ "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" }));
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].place.to_string(),
            "/States/M/ItemProcessor/States/B/Parameters/t.$"
        );
    }
}
