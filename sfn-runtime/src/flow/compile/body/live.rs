//! Which variables are still read: the others are not assigned, for a state's data is a budget.

use std::collections::BTreeSet;

use crate::flow::{
    body::graph::{Edge, EdgeId, Recorded, StateId, Target},
    expression::Js,
    variable::VariableId,
};

pub(super) type Variables = BTreeSet<VariableId>;

/// The variables that are read in a state or behind it before they are assigned again, a set a state.
pub(super) struct Live {
    before: Vec<Variables>,
}

impl Live {
    pub(super) fn of(graph: &Recorded) -> Self {
        let mut live = Self {
            before: vec![Variables::new(); graph.states.len()],
        };
        // The expressions of a state, once: they do not change.
        let own: Vec<Variables> = graph.states.iter().cloned().map(own).collect();
        let (_, states) = graph.reached(graph.start);
        loop {
            let mut changed = false;
            // Backwards, since a reader mostly stands behind what it reads.
            for &state in states.iter().rev() {
                let mut before = own[state].clone();
                for edge in graph.states[state].edges() {
                    before.extend(live.on(graph, edge));
                }
                // A flow within reads what is around it.
                for start in graph.states[state].inner() {
                    before.extend(live.on(graph, start));
                }
                if before != live.before[state] {
                    live.before[state] = before;
                    changed = true;
                }
            }
            if !changed {
                return live;
            }
        }
    }

    pub(super) fn before(&self, state: StateId) -> &Variables {
        &self.before[state]
    }

    /// What is read where the edge leads to.
    pub(super) fn behind(&self, edge: &Edge) -> Variables {
        match &edge.to {
            Target::State(to) => self.before[*to].clone(),
            Target::Return(value) => read(value),
            Target::Nowhere => Variables::new(),
        }
    }

    /// What is read where the edge begins.
    pub(super) fn on(&self, graph: &Recorded, edge: EdgeId) -> Variables {
        let edge = &graph.edges[edge];
        let mut live = self.behind(edge);
        for assign in edge.assigns.iter().rev() {
            // What nobody reads reads nothing itself.
            if live.remove(&assign.variable) {
                live.extend(read(&assign.value));
            }
        }
        live
    }
}

fn own(mut state: crate::flow::body::graph::State) -> Variables {
    let mut all = Variables::new();
    for js in state.expressions() {
        all.extend(read(js));
    }
    all
}

pub(super) fn read(js: &Js) -> Variables {
    let mut all = Variables::new();
    js.each_variable(&mut |id| {
        all.insert(id);
    });
    all
}

/// Takes away what is assigned and never read.
pub(super) fn drop_dead(graph: &mut Recorded) {
    let live = Live::of(graph);
    let (edges, _) = graph.reached(graph.start);
    for edge in edges {
        let mut read_later = live.behind(&graph.edges[edge]);
        let mut kept = Vec::new();
        for assign in std::mem::take(&mut graph.edges[edge].assigns)
            .into_iter()
            .rev()
        {
            if read_later.remove(&assign.variable) {
                read_later.extend(read(&assign.value));
                kept.push(assign);
            }
        }
        kept.reverse();
        graph.edges[edge].assigns = kept;
    }
}
