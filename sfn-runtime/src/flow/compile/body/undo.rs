//! What steps with an `undo` did is taken back when the machine fails after them.
//!
//! Every state that such a step may have run before, and whose error nobody catches, leads to a chain of states: one for each
//! such step, the last first, and at the end the machine fails with the error that it came with. Where a step has run on some
//! paths only, a choice asks whether it did.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    StepMeta,
    flow::{
        body::{
            Callee,
            graph::{
                self, Assignment, Call, Caught, Edge, EdgeId, Known, Recorded, Rule, State,
                StateId, StateKind, Target, Work,
            },
        },
        compile::Mistake,
        expression::{Js, Operator, Part},
        variable::VariableId,
    },
};

/// The steps that may have run, in the order of the source, and whether they have on every path.
type Done = Vec<(StateId, bool)>;

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

fn undo_of(state: &State) -> Option<&'static StepMeta> {
    match &state.kind {
        StateKind::Work {
            work:
                Work::Call(Call {
                    callee: Callee::Step(step),
                    ..
                }),
            ..
        } => step.undo.map(|undo| undo()),
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
    // On some path, and on every path; of the latter everything, until a path says otherwise.
    let mut may: BTreeMap<StateId, BTreeSet<StateId>> = BTreeMap::new();
    let mut must: BTreeMap<StateId, BTreeSet<StateId>> = BTreeMap::new();
    if let Target::State(first) = graph.edges[graph.start].to {
        must.insert(first, BTreeSet::new());
    }
    loop {
        let mut changed = false;
        for &state in outer {
            let next = match graph.states[state].kind {
                StateKind::Work { next, .. } => Some(next),
                _ => None,
            };
            for edge in graph.states[state].edges() {
                let Target::State(to) = graph.edges[edge].to else {
                    continue;
                };
                let ran = (undone.contains(&state) && next == Some(edge)).then_some(state);
                let some: BTreeSet<StateId> = may
                    .get(&state)
                    .into_iter()
                    .flatten()
                    .copied()
                    .chain(ran)
                    .collect();
                let known = may.entry(to).or_default();
                let count = known.len();
                known.extend(some);
                changed |= known.len() != count;
                // A state that was not come to yet says nothing of those behind it.
                let Some(all) = must.get(&state) else {
                    continue;
                };
                let all: BTreeSet<StateId> = all.iter().copied().chain(ran).collect();
                match must.get_mut(&to) {
                    Some(known) => {
                        let count = known.len();
                        known.retain(|one| all.contains(one));
                        changed |= known.len() != count;
                    }
                    None => {
                        must.insert(to, all);
                        changed = true;
                    }
                }
            }
        }
        if !changed {
            break;
        }
    }
    let surely =
        |state: &StateId, one: &StateId| must.get(state).is_some_and(|all| all.contains(one));
    may.iter()
        .map(|(state, some)| {
            let done = some.iter().map(|one| (*one, surely(state, one)));
            (*state, done.collect())
        })
        .collect()
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
                let (test, value) = self.kept(*of);
                let rest = self.chain(&earlier.to_vec());
                let next = self.edge(Target::State(rest));
                let Some(undo) = undo_of(&self.graph.states[*of]) else {
                    return rest;
                };
                let kind = StateKind::Work {
                    work: Work::Call(Call {
                        callee: Callee::Step(undo),
                        arguments: undo.params.iter().take(1).map(|_| value.clone()).collect(),
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

    /// Whether a step has run, and what it gave.
    fn kept(&mut self, of: StateId) -> (Js, Js) {
        let asked = self.asked.contains(&of);
        let variable = match self.kept.get(&of) {
            Some(variable) => *variable,
            None => {
                let name = match &self.graph.states[of].kind {
                    StateKind::Work {
                        work: Work::Call(call),
                        ..
                    } => call.callee.name(),
                    _ => "done",
                };
                let variable = variable(self.graph, name);
                self.kept.insert(of, variable);
                if let StateKind::Work { next, .. } = self.graph.states[of].kind {
                    let value = if asked {
                        // It may give `null`, and has run all the same.
                        Js::Object(vec![("result".to_owned(), graph::result())])
                    } else {
                        graph::result()
                    };
                    let assign = Assignment { variable, value };
                    self.graph.edges[next].assigns.insert(0, assign);
                }
                if asked {
                    let start = self.graph.start;
                    let value = graph::null();
                    let assign = Assignment { variable, value };
                    self.graph.edges[start].assigns.insert(0, assign);
                }
                variable
            }
        };
        let value = Js::Variable(variable);
        let null = Box::new(graph::null());
        let test = Js::Binary(Operator::NotEqual, Box::new(value.clone()), null);
        if asked {
            let result = Js::Part(Box::new(value), Part::Key("result".to_owned()));
            (test, Js::OrNull(Box::new(result)))
        } else {
            (test, value)
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
