//! What steps with an `undo` did is taken back when the machine fails after them.
//!
//! Every state that such a step may have run before, and whose error nobody catches, leads to a chain of states: one for each
//! such step, the last first, and at the end the machine fails with the error that it came with. Where a step has run on some
//! paths only, a choice asks whether it did.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    Undo, UndoGiven,
    flow::{
        body::{
            Callee,
            graph::{
                self, Assignment, Call, Caught, Edge, EdgeId, Known, Recorded, Rule, State,
                StateId, StateKind, Target, Work,
            },
        },
        compile::{
            Mistake,
            ran::{self, Ran},
        },
        expression::{Js, Operator, Part},
        variable::VariableId,
    },
};

type Done = Ran<StateId>;

pub(super) fn take_back(graph: &mut Recorded) {
    let (_, reached) = graph.reached(graph.start);
    let undone: Vec<StateId> = reached
        .iter()
        .copied()
        .filter(|state| undo_of(&graph.states[*state]).is_some())
        .collect();
    if undone.is_empty() {
        return;
    }
    let outer: BTreeSet<StateId> = outer(graph);
    for state in &undone {
        let why = if !outer.contains(state) {
            "runs in a branch or for an item of a list"
        } else if comes_round(graph, *state) {
            "runs in a loop"
        } else {
            continue;
        };
        let State {
            name, file, line, ..
        } = &graph.states[*state];
        let (file, line) = (*file, *line);
        let what = format!(
            "`{name}` has an `undo`, and {why}, where Step Functions cannot keep what there is to take back\n\
             help: put the branch or the loop into a state machine of its own, or take it back by hand where its error is matched"
        );
        let mistake = Mistake::Body { file, line, what };
        graph.mistakes.push(mistake);
    }
    if !graph.mistakes.is_empty() {
        return;
    }
    let before = before(graph, &outer, &undone);
    let mut writer = Writer {
        error: variable(graph, "error"),
        kept: BTreeMap::new(),
        asked: BTreeSet::new(),
        chains: BTreeMap::new(),
        graph,
    };
    for done in before.values() {
        let unsure = done.iter().filter(|(_, surely)| !surely);
        writer.asked.extend(unsure.map(|(state, _)| *state));
    }
    for (state, done) in before {
        if !done.is_empty() {
            writer.lead(state, &done);
        }
    }
}

fn undo_of(state: &State) -> Option<Undo> {
    match &state.kind {
        StateKind::Work {
            work:
                Work::Call(Call {
                    callee: Callee::Step(step),
                    ..
                }),
            ..
        } => step.undo,
        _ => None,
    }
}

/// The states of the body itself, not of the flows within.
fn outer(graph: &Recorded) -> BTreeSet<StateId> {
    let mut found = BTreeSet::new();
    let mut left = vec![graph.start];
    while let Some(edge) = left.pop() {
        if let Target::State(state) = graph.edges[edge].to
            && found.insert(state)
        {
            left.extend(graph.states[state].edges());
        }
    }
    found
}

fn comes_round(graph: &Recorded, state: StateId) -> bool {
    let edges = graph.states[state].edges();
    edges
        .into_iter()
        .any(|edge| graph.reached(edge).1.contains(&state))
}

/// Which steps may have run before each state.
fn before(
    graph: &Recorded,
    outer: &BTreeSet<StateId>,
    undone: &[StateId],
) -> BTreeMap<StateId, Done> {
    let first = match graph.edges[graph.start].to {
        Target::State(first) => Some(first),
        _ => None,
    };
    ran::before(first, outer, &|state| {
        let next = match graph.states[state].kind {
            StateKind::Work { next, .. } => Some(next),
            _ => None,
        };
        let ways = graph.states[state].edges().into_iter();
        ways.filter_map(|edge| match graph.edges[edge].to {
            Target::State(to) => Some((to, undone.contains(&state) && next == Some(edge))),
            _ => None,
        })
        .collect()
    })
}

fn variable(graph: &mut Recorded, name: &'static str) -> VariableId {
    let number = u32::try_from(graph.variables.len()).unwrap_or(u32::MAX);
    graph.variables.push(Known {
        flow: 0,
        named: false,
        // It is assigned on several edges.
        mutable: true,
    });
    VariableId { number, name }
}

struct Writer<'a> {
    graph: &'a mut Recorded,
    /// The error that everything began with.
    error: VariableId,
    /// What each step gave, which its undo is given.
    kept: BTreeMap<StateId, VariableId>,
    /// The steps of which it is asked whether they ran.
    asked: BTreeSet<StateId>,
    chains: BTreeMap<Done, StateId>,
}

impl Writer<'_> {
    /// Leads the errors of a state to the chain.
    fn lead(&mut self, state: StateId, done: &Done) {
        match &self.graph.states[state].kind {
            StateKind::Work {
                work: Work::Wait(_) | Work::Pass,
                ..
            }
            | StateKind::Label { .. }
            | StateKind::Choice { .. } => {}
            StateKind::Work { catches, .. } => {
                let all = |caught: &Caught| caught.names.iter().any(|name| name == "States.ALL");
                if catches.iter().any(all) {
                    return;
                }
                let chain = self.chain(done);
                let edge = self.edge(Target::State(chain));
                let error = self.error;
                self.assign(edge, error, graph::error_output());
                if let StateKind::Work { catches, .. } = &mut self.graph.states[state].kind {
                    catches.push(Caught {
                        names: vec!["States.ALL".to_owned()],
                        edge,
                    });
                }
            }
            StateKind::Fail { error, cause, .. } => {
                let cause = cause
                    .clone()
                    .unwrap_or_else(|| Js::Literal(Value::from("")));
                let value = Js::Object(vec![
                    ("Error".to_owned(), error.clone()),
                    ("Cause".to_owned(), cause),
                ]);
                let chain = self.chain(done);
                let variable = self.error;
                for edge in self.graph.leading_to(state) {
                    self.assign(edge, variable, value.clone());
                    self.graph.edges[edge].to = Target::State(chain);
                }
            }
        }
    }

    /// The first state that takes these steps back.
    fn chain(&mut self, done: &Done) -> StateId {
        if let Some(state) = self.chains.get(done) {
            return *state;
        }
        let state = match done.split_last() {
            None => {
                let part = |key: &str| {
                    let error = Box::new(Js::Variable(self.error));
                    Js::Part(error, Part::Key(key.to_owned()))
                };
                let text = |text: Js| {
                    let none = Js::Literal(Value::from(""));
                    Js::Conditional(Box::new(text.clone()), Box::new(text), Box::new(none))
                };
                let kind = StateKind::Fail {
                    error: text(part("Error")),
                    cause: Some(text(part("Cause"))),
                    raised: None,
                };
                let first = self.kept.keys().next().copied().unwrap_or_default();
                self.state(
                    kind,
                    first,
                    "fail after undo",
                    "Fails with the error that came first.",
                )
            }
            Some(((of, surely), earlier)) => {
                // Kept before the rest is written, so that its end knows a place in the source.
                let undo = undo_of(&self.graph.states[*of]);
                let (test, arguments) = self.kept(*of, undo);
                let rest = self.chain(&earlier.to_vec());
                let next = self.edge(Target::State(rest));
                let Some(undo) = undo.map(|undo| (undo.step)()) else {
                    return rest;
                };
                let kind = StateKind::Work {
                    work: Work::Call(Call {
                        callee: Callee::Step(undo),
                        // One that takes nothing is given nothing.
                        arguments: arguments.into_iter().take(undo.params.len()).collect(),
                        timeout: None,
                        heartbeat: None,
                        retries: Vec::new(),
                        callback: None,
                    }),
                    next,
                    catches: Vec::new(),
                };
                let call = self.state(kind, *of, undo.name, undo.doc);
                if *surely {
                    call
                } else {
                    let label = format!("{} has run", self.graph.states[*of].name);
                    let (edge, otherwise) = (
                        self.edge(Target::State(call)),
                        self.edge(Target::State(rest)),
                    );
                    let kind = StateKind::Choice {
                        rules: vec![Rule {
                            test,
                            label: label.clone(),
                            edge,
                        }],
                        otherwise: Some(otherwise),
                    };
                    self.state(kind, *of, &label, "")
                }
            }
        };
        self.chains.insert(done.clone(), state);
        state
    }

    /// Whether a step has run, and what its undo is given.
    fn kept(&mut self, of: StateId, undo: Option<Undo>) -> (Js, Vec<Js>) {
        let asked = self.asked.contains(&of);
        let given = undo.map_or(UndoGiven::Output, |undo| undo.given);
        let (name, params) = match &self.graph.states[of].kind {
            StateKind::Work {
                work: Work::Call(call),
                ..
            } => (call.callee.name(), call.callee.params()),
            _ => ("done", &[][..]),
        };
        let variable = match self.kept.get(&of) {
            Some(variable) => *variable,
            None => {
                let variable = variable(self.graph, name);
                self.kept.insert(of, variable);
                self.keep(of, variable, given, asked);
                variable
            }
        };
        let value = Js::Variable(variable);
        let test = Js::Binary(
            Operator::NotEqual,
            Box::new(value.clone()),
            Box::new(graph::null()),
        );
        if given == UndoGiven::Output && !asked {
            return (test, vec![value]);
        }
        let part = |of: Js, part: Part| Js::Part(Box::new(of), part);
        let input = part(value.clone(), Part::Key("input".to_owned()));
        let inputs = params
            .iter()
            .map(|parameter| part(input.clone(), Part::Key(parameter.name.to_owned())));
        let output = part(value, Part::Key("result".to_owned()));
        let mut arguments: Vec<Js> = inputs.filter(|_| given.takes_input()).collect();
        arguments.extend(Some(output).filter(|_| given.takes_output()));
        let arguments = arguments
            .into_iter()
            .map(|argument| Js::OrNull(Box::new(argument)))
            .collect();
        (test, arguments)
    }

    /// Keeps what an undo is given, where the step leaves its state.
    fn keep(&mut self, of: StateId, variable: VariableId, given: UndoGiven, asked: bool) {
        let StateKind::Work {
            work: Work::Call(call),
            next,
            ..
        } = &self.graph.states[of].kind
        else {
            return;
        };
        let next = *next;
        let value = if given == UndoGiven::Output && !asked {
            graph::result()
        } else {
            let mut kept = Vec::new();
            if given.takes_output() {
                // It may give `null`, and has run all the same.
                kept.push(("result".to_owned(), graph::result()));
            }
            if given.takes_input() {
                let parameters = call.callee.params().iter().zip(&call.arguments);
                let given = parameters.map(|(parameter, argument)| {
                    let argument = Js::OrNull(Box::new(argument.clone()));
                    (parameter.name.to_owned(), argument)
                });
                kept.push(("input".to_owned(), Js::Object(given.collect())));
            }
            Js::Object(kept)
        };
        let assign = Assignment { variable, value };
        self.graph.edges[next].assigns.insert(0, assign);
        if asked {
            let start = self.graph.start;
            let value = graph::null();
            let assign = Assignment { variable, value };
            self.graph.edges[start].assigns.insert(0, assign);
        }
    }

    fn edge(&mut self, to: Target) -> EdgeId {
        self.graph.edges.push(Edge {
            flow: 0,
            assigns: Vec::new(),
            to,
        });
        self.graph.edges.len() - 1
    }

    fn assign(&mut self, edge: EdgeId, variable: VariableId, value: Js) {
        let assigns = &mut self.graph.edges[edge].assigns;
        assigns.push(Assignment { variable, value });
    }

    /// A state whose place in the source is that of the step that is taken back.
    fn state(&mut self, kind: StateKind, of: StateId, name: &str, comment: &str) -> StateId {
        let State { file, line, .. } = self.graph.states[of];
        self.graph.states.push(State {
            kind,
            given_name: None,
            name: name.to_owned(),
            comment: comment.to_owned(),
            file,
            line,
        });
        self.graph.states.len() - 1
    }
}
