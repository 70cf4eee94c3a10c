//! `if` and `match` in a function body.

use super::{
    Body, End,
    graph::{Rule, StateId, StateKind, Target},
};
use crate::flow::expression::{Checked, E};

/// A choice while it is recorded: arm after arm, then [`join`](Self::join).
#[derive(Debug)]
#[must_use = "a choice goes on behind `join()`"]
pub struct Choosing<'b> {
    body: &'b mut Body,
    /// `None` where nothing gets to.
    state: Option<StateId>,
    ends: Vec<End>,
    /// Whether nothing else is left to happen.
    closed: bool,
}

impl Body {
    /// Takes the first arm whose test holds. `title` is what the state is called where that is not its first test.
    pub fn choose(&mut self, title: Option<&str>) -> Choosing<'_> {
        let kind = StateKind::Choice {
            rules: Vec::new(),
            otherwise: None,
        };
        let state = self.at.take().map(|at| {
            let title = title.unwrap_or_default().to_owned();
            let state = self.state(kind, None, title, String::new());
            self.recorded.edges[at].to = Target::State(state);
            state
        });
        Choosing {
            body: self,
            state,
            ends: Vec::new(),
            closed: false,
        }
    }
}

impl Choosing<'_> {
    /// An arm: its test, as the source has it and as JSONata, and what it does and gives.
    pub fn when<R: ?Sized>(
        mut self,
        label: &str,
        test: E<R>,
        arm: impl FnOnce(&mut Body) -> Option<E<Checked>>,
    ) -> Self {
        let Some(state) = self.state else { return self };
        let test = test.into_js().unwrap_or_else(|fault| {
            self.body.fault_anyway(fault);
            super::graph::null()
        });
        let edge = self.body.edge();
        let recorded = &mut self.body.recorded.states[state];
        if recorded.name.is_empty() {
            label.clone_into(&mut recorded.name);
        }
        if let StateKind::Choice { rules, .. } = &mut recorded.kind {
            rules.push(Rule {
                test,
                label: label.to_owned(),
                edge,
            });
        }
        self.arm(edge, arm);
        self
    }

    /// What is done when no test holds.
    pub fn otherwise(mut self, arm: impl FnOnce(&mut Body) -> Option<E<Checked>>) -> Self {
        self.closed = true;
        let Some(state) = self.state else { return self };
        let edge = self.body.edge();
        if let StateKind::Choice { otherwise, .. } = &mut self.body.recorded.states[state].kind {
            *otherwise = Some(edge);
        }
        self.arm(edge, arm);
        self
    }

    /// Some test always holds, as in a `match` without `_`.
    pub fn exhausted(mut self) -> Self {
        self.closed = true;
        self
    }

    fn arm(&mut self, edge: usize, arm: impl FnOnce(&mut Body) -> Option<E<Checked>>) {
        self.body.at = Some(edge);
        let value = arm(self.body);
        self.ends.extend(self.body.end(value));
    }

    /// Goes on with what the arm that was taken gave. Without an `otherwise`, nothing is done when no test holds.
    pub fn join(mut self) -> E<Checked> {
        if !self.closed {
            self = self.otherwise(|_| None);
        }
        self.body.meet(self.ends)
    }
}
