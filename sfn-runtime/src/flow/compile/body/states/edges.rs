//! What an edge of the graph means for the state that it leaves.

use serde_json::Value;
use sfn_asl::Assign;

use super::{Bound, OF_LAMBDA, Writer, giving};
use crate::flow::{
    body::graph::{EdgeId, Target},
    compile::{body::straight::composed, lambda_error},
    expression::Js,
    render::expression,
};

/// What an edge means for the state that it leaves.
pub(super) struct Left {
    pub(super) assign: Assign,
    pub(super) output: Option<Value>,
    /// The state it leads to; `None` for the end of the flow.
    pub(super) to: Option<String>,
}

impl Writer<'_> {
    /// What is bound at the end of an edge that no state has assigned yet.
    pub(super) fn bound(&self, before: &Bound, edge: EdgeId, result: &str) -> Bound {
        let mut bound = before.clone();
        for assign in &self.graph.edges[edge].assigns {
            let value = placed(composed(assign.value.clone(), &bound), result);
            bound.retain(|(variable, _)| *variable != assign.variable);
            bound.push((assign.variable, value));
        }
        bound
    }

    pub(super) fn left(&mut self, edge: EdgeId, bound: &Bound, result: &str) -> Left {
        let bound = self.bound(bound, edge, result);
        let graph = self.graph;
        match &graph.edges[edge].to {
            Target::State(to) => {
                let read = self.live.before(*to);
                let mut assign = Assign::new();
                for (variable, value) in &bound {
                    if read.contains(variable) && *value != Js::Variable(*variable) {
                        let value = self.named(value.clone(), &Bound::new()).leaf("");
                        let name = self.variable(*variable);
                        // Two variables of one name are never read at one time.
                        if value != expression(&format!("${name}")) {
                            assign.insert(name, value);
                        }
                    }
                }
                Left {
                    assign,
                    output: None,
                    to: Some(self.names[to].clone()),
                }
            }
            Target::Return(value) => Left {
                assign: Assign::new(),
                // A field that is null is one that is not there, to some readers of definitions.
                output: Some(match self.leaf(value, &bound) {
                    Value::Null => expression("null").into(),
                    value => value,
                }),
                to: None,
            },
            Target::Nowhere => Left {
                assign: Assign::new(),
                output: None,
                to: None,
            },
        }
    }

    /// The same where an edge must lead to a state: a Choice state and a catcher cannot end a flow.
    pub(super) fn left_for_state(&mut self, edge: EdgeId, bound: &Bound, result: &str) -> Left {
        let mut left = self.left(edge, bound, result);
        if left.to.is_none() {
            let flow = self.graph.edges[edge].flow;
            let end = match self.ends.get(&flow) {
                Some(end) => end.clone(),
                None => {
                    let end = self.fresh("return");
                    self.ends.insert(flow, end.clone());
                    end
                }
            };
            left.to = Some(end);
        }
        left
    }

    /// What the default of a Choice state means. Its value is given by a state of its own: the `Output` that a Choice state has
    /// beside those of its rules is young, and not every interpreter minds it.
    pub(super) fn otherwise(&mut self, edge: EdgeId, bound: &Bound) -> Left {
        let graph = self.graph;
        let Target::Return(value) = &graph.edges[edge].to else {
            return self.left_for_state(edge, bound, "");
        };
        let bound = self.bound(bound, edge, "");
        let value = self.leaf(value, &bound);
        let name = self.fresh("return");
        let flow = self.returns.entry(graph.edges[edge].flow).or_default();
        // A Choice state passes on what it was given.
        flow.push((name.clone(), giving(value)));
        Left {
            assign: Assign::new(),
            output: None,
            to: Some(name),
        }
    }
}

/// The expression with the place where a state leaves its result, or its error.
fn placed(mut js: Js, result: &str) -> Js {
    if result == OF_LAMBDA {
        return lambda_error::unwrapped(js);
    }
    fn put(js: &mut Js, result: &str) {
        if let Js::Place(place) = js
            && place == "$states.result"
            && !result.is_empty()
        {
            result.clone_into(place);
        }
        for child in js.children_mut() {
            put(child, result);
        }
    }
    put(&mut js, result);
    js
}
