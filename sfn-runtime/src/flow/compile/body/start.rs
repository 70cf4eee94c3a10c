//! What is bound before the first state of a flow: no state is there yet to assign it.
//!
//! As a rule the first state works with the flow's input itself, and assigns on its way out what is read later. Where it cannot,
//! since other states lead to it too, the input is taken from the execution, or a Pass state assigns. Flows within a first state
//! cannot see what that state will assign; they are given it.

use super::{live::Live, straight::composed};
use crate::flow::{
    body::graph::{Assignment, EdgeId, Recorded, State, StateId, StateKind, Target, Work},
    expression::{Js, Part},
    variable::VariableId,
};

/// The key of the item, where an item's flow is given an object.
pub(super) const ITEM: &str = "item";
/// The key of the item's number.
pub(super) const INDEX: &str = "index";

pub(super) fn settle(graph: &mut Recorded) {
    // Those within others come first: what they are given is read by the flow around them.
    for state in graph.reached(graph.start).1 {
        hand_over(graph, state);
    }
    for state in graph.reached(graph.start).1 {
        if is_numbered(graph, state) {
            select_items(graph, state);
        }
    }
    settle_flow(graph, graph.start);
}

fn settle_flow(graph: &mut Recorded, start: EdgeId) {
    if let Target::State(first) = graph.edges[start].to {
        let leading = graph.leading_to(first);
        if leading.len() > 1 && !graph.edges[start].assigns.is_empty() {
            settle_loop(graph, start);
        } else {
            hand_in(graph, start, first);
        }
    }
    let (_, states) = graph.reached(start);
    let flow = graph.edges[start].flow;
    for state in states {
        for inner in graph.states[state].inner() {
            // Those deeper within are reached from there.
            let of = graph.states[state].edges().first().copied();
            if of.is_some_and(|edge| graph.edges[edge].flow == flow) {
                settle_flow(graph, inner);
            }
        }
    }
}

/// The first state is the head of a loop.
fn settle_loop(graph: &mut Recorded, start: EdgeId) {
    if start == graph.start {
        // Parts of the execution's input can be read from any state.
        let mut bound: Vec<(VariableId, Js)> = Vec::new();
        let assigns = graph.edges[start].assigns.clone();
        for Assignment { variable, value } in assigns {
            let value = composed(value, &bound);
            if !graph.variables[variable.number as usize].mutable && is_part_of_input(&value) {
                bound.push((variable, value));
            }
        }
        let bound: Vec<(VariableId, Js)> = bound
            .into_iter()
            .map(|(variable, value)| (variable, of_execution(value)))
            .collect();
        graph.edges[start].assigns.retain(|assign| {
            !bound
                .iter()
                .any(|(variable, _)| *variable == assign.variable)
        });
        let with = |id: VariableId| {
            let found = bound.iter().find(|(variable, _)| *variable == id);
            found.map(|(_, value)| value.clone())
        };
        graph.replace(start, &with);
    }
    if graph.edges[start].assigns.is_empty() {
        return;
    }
    let Target::State(first) = graph.edges[start].to else {
        return;
    };
    // A state of its own, named after what it binds for those behind it.
    let live = Live::of(graph);
    let assigns = graph.edges[start].assigns.iter();
    let names: Vec<&str> = assigns
        .filter(|assign| live.before(first).contains(&assign.variable))
        .map(|assign| assign.variable.name())
        .collect();
    let name = format!("let {}", names.join(", "));
    let State { file, line, .. } = graph.states[first];
    let behind = std::mem::take(&mut graph.edges[start]);
    let flow = behind.flow;
    graph.edges.push(behind);
    let next = graph.edges.len() - 1;
    graph.states.push(State {
        kind: StateKind::Work {
            work: Work::Pass,
            next,
            catches: Vec::new(),
        },
        given_name: None,
        name,
        comment: String::new(),
        file,
        line,
    });
    graph.edges[start].flow = flow;
    graph.edges[start].to = Target::State(graph.states.len() - 1);
}

fn is_part_of_input(js: &Js) -> bool {
    match js {
        Js::Input | Js::Literal(_) => true,
        Js::Part(of, _) | Js::OrNull(of) => is_part_of_input(of),
        _ => false,
    }
}

fn of_execution(js: Js) -> Js {
    match js {
        Js::Input => Js::Place("$states.context.Execution.Input".to_owned()),
        Js::Part(of, part) => Js::Part(Box::new(of_execution(*of)), part),
        Js::OrNull(of) => Js::OrNull(Box::new(of_execution(*of))),
        other => other,
    }
}

/// Gives the flows within a flow's first state what that flow binds before it.
fn hand_in(graph: &mut Recorded, start: EdgeId, first: StateId) {
    let inner = graph.states[first].inner();
    if inner.is_empty() {
        return;
    }
    let mut bound: Vec<(VariableId, Js)> = Vec::new();
    for Assignment { variable, value } in graph.edges[start].assigns.clone() {
        let value = composed(value, &bound);
        bound.retain(|(other, _)| *other != variable);
        bound.push((variable, value));
    }
    for within in inner {
        let captured = Live::of(graph).on(graph, within);
        let flow = graph.edges[within].flow;
        let mut renamed: Vec<(VariableId, VariableId)> = Vec::new();
        let mut assigns: Vec<Assignment> = Vec::new();
        let mut handed_any = false;
        for (variable, value) in &bound {
            if !captured.contains(variable) {
                continue;
            }
            let own = graph.variable_like(*variable, flow);
            renamed.push((*variable, own));
            let value = match handed(graph, first) {
                Some(handed) => {
                    handed_any = true;
                    let key = free_key(variable.name(), handed);
                    handed.push((key.clone(), Js::Variable(*variable)));
                    member(&key)
                }
                // A branch is given what its Parallel state is given.
                None => value.clone(),
            };
            assigns.push(Assignment {
                variable: own,
                value,
            });
        }
        graph.replace(within, &|id| {
            let found = renamed.iter().find(|(variable, _)| *variable == id);
            found.map(|(_, own)| Js::Variable(*own))
        });
        assigns.append(&mut graph.edges[within].assigns);
        graph.edges[within].assigns = assigns;
        if handed_any {
            select_items(graph, first);
        }
    }
}

/// Gives the items of a distributed map all that they read from around: as executions of their own they see no variables
/// but theirs.
fn hand_over(graph: &mut Recorded, state: StateId) {
    let StateKind::Work {
        work:
            Work::Map {
                body: within,
                distributed: Some(_),
                ..
            },
        ..
    } = graph.states[state].kind
    else {
        return;
    };
    let flow = graph.edges[within].flow;
    let captured = Live::of(graph).on(graph, within);
    if captured.is_empty() {
        return;
    }
    let mut renamed: Vec<(VariableId, VariableId)> = Vec::new();
    let mut assigns: Vec<Assignment> = Vec::new();
    for variable in captured {
        let own = graph.variable_like(variable, flow);
        renamed.push((variable, own));
        if let Some(handed) = handed(graph, state) {
            let key = free_key(variable.name(), handed);
            handed.push((key.clone(), Js::Variable(variable)));
            assigns.push(Assignment {
                variable: own,
                value: member(&key),
            });
        }
    }
    graph.replace(within, &|id| {
        let found = renamed.iter().find(|(variable, _)| *variable == id);
        found.map(|(_, own)| Js::Variable(*own))
    });
    assigns.append(&mut graph.edges[within].assigns);
    graph.edges[within].assigns = assigns;
    select_items(graph, state);
}

/// What a Map state hands to its items' flows.
fn handed(graph: &mut Recorded, state: StateId) -> Option<&mut Vec<(String, Js)>> {
    match &mut graph.states[state].kind {
        StateKind::Work {
            work: Work::Map { handed, .. },
            ..
        } => Some(handed),
        _ => None,
    }
}

fn free_key(wish: &str, handed: &[(String, Js)]) -> String {
    let taken =
        |key: &str| [ITEM, INDEX].contains(&key) || handed.iter().any(|(other, _)| other == key);
    let mut key = wish.to_owned();
    let mut number = 2;
    while taken(&key) {
        key = format!("{wish}{number}");
        number += 1;
    }
    key
}

fn member(key: &str) -> Js {
    Js::Part(Box::new(Js::Input), Part::Key(key.to_owned()))
}

/// Whether the flow of a Map state's items reads an item's number.
fn is_numbered(graph: &Recorded, state: StateId) -> bool {
    let StateKind::Work {
        work: Work::Map { body, .. },
        ..
    } = &graph.states[state].kind
    else {
        return false;
    };
    // It is assigned where the flow begins, and was dropped if nobody reads it.
    let assigns = &graph.edges[*body].assigns;
    assigns.iter().any(|assign| assign.value == member(INDEX))
}

/// Gives the flow of a Map state's items an object, since the item alone is not enough.
fn select_items(graph: &mut Recorded, state: StateId) {
    let StateKind::Work {
        work:
            Work::Map {
                body,
                item,
                selects,
                ..
            },
        ..
    } = &mut graph.states[state].kind
    else {
        return;
    };
    *selects = true;
    for assign in &mut graph.edges[*body].assigns {
        if assign.variable == *item {
            assign.value = member(ITEM);
        }
    }
}
