//! The control-flow graph of a function body: states between edges, and on the edges what is assigned on the way.

use std::{collections::BTreeSet, time::Duration};

use serde_json::Value;

use super::callable::Callee;
use crate::flow::{
    compile::Mistake,
    definition::{Distributed, Retry},
    expression::Js,
    variable::VariableId,
};

pub(crate) type EdgeId = usize;
pub(crate) type StateId = usize;

/// A recorded function body: all that is needed to write its states, and nothing of Rust's types.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub(crate) variables: Vec<Known>,
    pub(crate) states: Vec<State>,
    pub(crate) edges: Vec<Edge>,
    /// Where the body begins.
    pub(crate) start: EdgeId,
    pub(crate) mistakes: Vec<Mistake>,
}

/// What is known of a variable.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    /// The flow that assigns it: 0 for the body, others for branches and items.
    pub(crate) flow: usize,
    /// Whether the source gave it its name. Others hold a value only until the next binding.
    pub(crate) named: bool,
    pub(crate) mutable: bool,
}

/// The way from one state to the next.
#[derive(Debug, Clone, Default)]
pub(crate) struct Edge {
    /// The flow it is part of.
    pub(crate) flow: usize,
    /// What is assigned on it, one after the other.
    pub(crate) assigns: Vec<Assignment>,
    pub(crate) to: Target,
}

#[derive(Debug, Clone)]
pub(crate) struct Assignment {
    pub(crate) variable: VariableId,
    pub(crate) value: Js,
}

#[derive(Debug, Clone, Default)]
pub(crate) enum Target {
    /// Nothing was recorded behind it: it is never reached.
    #[default]
    Nowhere,
    State(StateId),
    /// The flow ends with a value.
    Return(Js),
}

/// A state, or a place where edges meet.
#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) kind: StateKind,
    /// The name that the author gave it.
    pub(crate) given_name: Option<String>,
    /// The name it has from its source.
    pub(crate) name: String,
    /// What its comment says before the place in the source.
    pub(crate) comment: String,
    pub(crate) file: &'static str,
    pub(crate) line: u32,
}

#[derive(Debug, Clone)]
pub(crate) enum StateKind {
    /// No state: edges meet here.
    Label { next: EdgeId },
    Choice {
        rules: Vec<Rule>,
        otherwise: Option<EdgeId>,
    },
    Fail {
        error: Js,
        cause: Option<Js>,
        /// The caught error that goes on as it is, if it is one.
        raised: Option<VariableId>,
    },
    Work {
        work: Work,
        next: EdgeId,
        catches: Vec<Caught>,
    },
}

#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) test: Js,
    /// The test as the source has it.
    pub(crate) label: String,
    pub(crate) edge: EdgeId,
}

#[derive(Debug, Clone)]
pub(crate) struct Caught {
    pub(crate) names: Vec<String>,
    pub(crate) edge: EdgeId,
}

/// What a state does that gives a result.
#[derive(Debug, Clone)]
pub(crate) enum Work {
    Call(Call),
    Aws {
        resource: String,
        arguments: Js,
        retries: Vec<Retry>,
        timeout: Option<Duration>,
        heartbeat: Option<Duration>,
    },
    Parallel {
        branches: Vec<EdgeId>,
        retries: Vec<Retry>,
    },
    Map {
        items: Js,
        concurrency: Option<u32>,
        body: EdgeId,
        item: VariableId,
        /// What an item's flow is given beside the item, since it cannot read it from a variable: by key.
        handed: Vec<(String, Js)>,
        /// Whether an item's flow is given an object: the item, its number, and what is handed to it.
        selects: bool,
        /// Whether each item is an execution of its own.
        distributed: Option<Distributed>,
        retries: Vec<Retry>,
    },
    Wait(Duration),
    WaitSeconds(Js),
    WaitUntil(Js),
    /// Only assigns.
    Pass,
}

/// A step or nested workflow that is called.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) callee: Callee,
    pub(crate) arguments: Vec<Js>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) heartbeat: Option<Duration>,
    pub(crate) retries: Vec<Retry>,
    /// How long somebody may take to answer, if the step only asks.
    pub(crate) callback: Option<Duration>,
}

/// The result of a state, until it is known where the state leaves it.
pub(crate) fn result() -> Js {
    Js::Place("$states.result".to_owned())
}

/// The error that a catcher got.
pub(crate) fn error_output() -> Js {
    Js::Place("$states.errorOutput".to_owned())
}

pub(crate) fn null() -> Js {
    Js::Literal(Value::Null)
}

impl State {
    /// The edges that leave it, in order.
    pub(crate) fn edges(&self) -> Vec<EdgeId> {
        match &self.kind {
            StateKind::Label { next } => vec![*next],
            StateKind::Choice { rules, otherwise } => {
                let rules = rules.iter().map(|rule| rule.edge);
                rules.chain(*otherwise).collect()
            }
            StateKind::Fail { .. } => Vec::new(),
            StateKind::Work { next, catches, .. } => {
                let catches = catches.iter().map(|caught| caught.edge);
                std::iter::once(*next).chain(catches).collect()
            }
        }
    }

    /// The beginnings of the flows within.
    pub(crate) fn inner(&self) -> Vec<EdgeId> {
        match &self.kind {
            StateKind::Work {
                work: Work::Parallel { branches, .. },
                ..
            } => branches.clone(),
            StateKind::Work {
                work: Work::Map { body, .. },
                ..
            } => vec![*body],
            _ => Vec::new(),
        }
    }

    /// The expressions that it evaluates itself.
    pub(crate) fn expressions(&mut self) -> Vec<&mut Js> {
        match &mut self.kind {
            StateKind::Label { .. } => Vec::new(),
            StateKind::Choice { rules, .. } => {
                rules.iter_mut().map(|rule| &mut rule.test).collect()
            }
            StateKind::Fail { error, cause, .. } => std::iter::once(error).chain(cause).collect(),
            StateKind::Work { work, .. } => match work {
                Work::Call(call) => call.arguments.iter_mut().collect(),
                Work::Aws { arguments, .. } => vec![arguments],
                Work::Map { items, handed, .. } => {
                    let handed = handed.iter_mut().map(|(_, value)| value);
                    std::iter::once(items).chain(handed).collect()
                }
                Work::WaitSeconds(js) | Work::WaitUntil(js) => vec![js],
                Work::Parallel { .. } | Work::Wait(_) | Work::Pass => Vec::new(),
            },
        }
    }
}

impl Recorded {
    /// Everything that is reached from an edge, flows within included: the edges and the states, each in the order of the
    /// source.
    pub(crate) fn reached(&self, from: EdgeId) -> (BTreeSet<EdgeId>, BTreeSet<StateId>) {
        let (mut edges, mut states) = (BTreeSet::new(), BTreeSet::new());
        let mut left = vec![from];
        while let Some(edge) = left.pop() {
            if !edges.insert(edge) {
                continue;
            }
            if let Target::State(state) = self.edges[edge].to
                && states.insert(state)
            {
                left.extend(self.states[state].edges());
                left.extend(self.states[state].inner());
            }
        }
        (edges, states)
    }

    /// Every edge that leads to a state, of those that are reached at all.
    pub(crate) fn leading_to(&self, state: StateId) -> Vec<EdgeId> {
        let (edges, _) = self.reached(self.start);
        let leads =
            |edge: &EdgeId| matches!(self.edges[*edge].to, Target::State(to) if to == state);
        edges.into_iter().filter(leads).collect()
    }

    /// A variable of that flow, named like another.
    pub(crate) fn variable_like(&mut self, other: VariableId, flow: usize) -> VariableId {
        let number = u32::try_from(self.variables.len()).unwrap_or(u32::MAX);
        self.variables.push(Known {
            flow,
            ..self.variables[other.number as usize]
        });
        VariableId { number, ..other }
    }

    /// Puts something else in the place of variables, in all that is reached from an edge.
    pub(crate) fn replace(&mut self, from: EdgeId, with: &impl Fn(VariableId) -> Option<Js>) {
        let (edges, states) = self.reached(from);
        let put = |js: &mut Js| {
            let found = std::mem::replace(js, null());
            *js = found.replace(with);
        };
        for edge in edges {
            let edge = &mut self.edges[edge];
            for assign in &mut edge.assigns {
                put(&mut assign.value);
            }
            if let Target::Return(value) = &mut edge.to {
                put(value);
            }
        }
        for state in states {
            for js in self.states[state].expressions() {
                put(js);
            }
        }
    }
}
