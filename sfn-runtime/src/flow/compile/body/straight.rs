//! Makes the graph as small as it can be: no labels, no catcher that only passes an error on, no Choice state behind the
//! default of another.

use crate::flow::{
    body::graph::{EdgeId, Recorded, State, StateId, StateKind, Target},
    compile::Mistake,
    expression::Js,
    variable::VariableId,
};

pub(super) fn straighten(graph: &mut Recorded) {
    skip_labels(graph);
    drop_passing_catchers(graph);
    while merge_choices(graph) {}
}

/// Leads every edge to a state: what stands behind a label is done on each edge that comes to it.
fn skip_labels(graph: &mut Recorded) {
    for edge in 0..graph.edges.len() {
        let mut passed: Vec<StateId> = Vec::new();
        while let Target::State(to) = graph.edges[edge].to
            && let Some(next) = passes_on(&graph.states[to])
        {
            let State { file, line, .. } = graph.states[to];
            if passed.contains(&to) {
                let mistake = Mistake::Body {
                    file,
                    line,
                    what: "this loop has no step in it, and would never end\n\
                           help: call a step in it, or `sleep`"
                        .to_owned(),
                };
                if !graph.mistakes.contains(&mistake) {
                    graph.mistakes.push(mistake);
                }
                graph.edges[edge].to = Target::Nowhere;
                break;
            }
            passed.push(to);
            let behind = graph.edges[next].clone();
            let edge = &mut graph.edges[edge];
            edge.assigns.extend(behind.assigns);
            edge.to = behind.to;
        }
    }
}

/// The one edge that leaves something which is no state.
fn passes_on(state: &State) -> Option<EdgeId> {
    match &state.kind {
        StateKind::Label { next } => Some(*next),
        // A `match` with nothing but `_`.
        StateKind::Choice { rules, otherwise } if rules.is_empty() => *otherwise,
        _ => None,
    }
}

/// An error that is caught and goes on as it came need not be caught.
fn drop_passing_catchers(graph: &mut Recorded) {
    for state in 0..graph.states.len() {
        let passes = |graph: &Recorded, edge: EdgeId| {
            let Target::State(to) = graph.edges[edge].to else {
                return false;
            };
            let StateKind::Fail {
                raised: Some(raised),
                ..
            } = &graph.states[to].kind
            else {
                return false;
            };
            // The error itself, and not one that was unwrapped from it.
            let is = |variable: VariableId, value: &Js| {
                variable == *raised && *value == crate::flow::body::graph::error_output()
            };
            let assigns = &graph.edges[edge].assigns;
            let set = assigns.iter().rfind(|assign| assign.variable == *raised);
            set.is_some_and(|assign| is(assign.variable, &assign.value))
        };
        let StateKind::Work { catches, .. } = &graph.states[state].kind else {
            continue;
        };
        let mut kept: Vec<usize> = Vec::new();
        for (index, caught) in catches.iter().enumerate() {
            // A wider catcher behind it would take what this one lets pass.
            let wider = catches[index + 1..]
                .iter()
                .flat_map(|later| &later.names)
                .any(|name| name == "States.ALL" || name == "States.TaskFailed");
            if wider || !passes(graph, caught.edge) {
                kept.push(index);
            }
        }
        if let StateKind::Work { catches, .. } = &mut graph.states[state].kind {
            let mut index = 0;
            catches.retain(|_| {
                index += 1;
                kept.contains(&(index - 1))
            });
        }
    }
}

/// Moves the rules of a Choice state that only another's default leads to into that other: `else if`.
fn merge_choices(graph: &mut Recorded) -> bool {
    let (_, states) = graph.reached(graph.start);
    for first in states {
        let StateKind::Choice {
            otherwise: Some(default),
            ..
        } = graph.states[first].kind
        else {
            continue;
        };
        let Target::State(second) = graph.edges[default].to else {
            continue;
        };
        let StateKind::Choice {
            rules: more,
            otherwise: last,
        } = &graph.states[second].kind
        else {
            continue;
        };
        if second == first || graph.leading_to(second) != [default] {
            continue;
        }
        let (mut more, last) = (more.clone(), *last);
        let between = graph.edges[default].assigns.clone();
        // What is bound between the two is not yet assigned when the rules are looked at.
        let mut bound: Vec<(VariableId, Js)> = Vec::new();
        for assign in &between {
            let value = composed(assign.value.clone(), &bound);
            bound.retain(|(variable, _)| *variable != assign.variable);
            bound.push((assign.variable, value));
        }
        for rule in &mut more {
            rule.test = composed(rule.test.clone(), &bound);
        }
        for edge in more.iter().map(|rule| rule.edge).chain(last) {
            let behind = std::mem::take(&mut graph.edges[edge].assigns);
            graph.edges[edge].assigns = between.iter().cloned().chain(behind).collect();
        }
        if let StateKind::Choice { rules, otherwise } = &mut graph.states[first].kind {
            rules.extend(more);
            *otherwise = last;
        }
        return true;
    }
    false
}

/// The expression with these values in the place of their variables.
pub(super) fn composed(js: Js, bound: &[(VariableId, Js)]) -> Js {
    js.replace(&|id| {
        let found = bound.iter().find(|(variable, _)| *variable == id);
        found.map(|(_, value)| value.clone())
    })
}
