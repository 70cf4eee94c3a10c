//! The control-flow graph of a function body: states between edges, and on the edges what is assigned on the way.

use std::time::Duration;

use serde_json::Value;

use super::callable::Callee;
use crate::flow::{compile::Mistake, definition::Retry, expression::Js, variable::VariableId};

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
        index: VariableId,
        /// What an item's flow is given beside the item, for it cannot read it from a variable.
        handed: Vec<(VariableId, Js)>,
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
