//! Recording a function body: what `#[state_machine]` expands to.
//!
//! A [`Body`] is told of one thing after the other, in the order of the source: a binding, a call, a choice. What it gives back
//! are expressions ([`E`]) that stand for the values, to be used in what is told next. Nothing runs. The states are written from
//! the record by [`Definition::compile`](super::Definition::compile).
//!
//! ```
//! use sfn_runtime::{Payload, minutes, step, flow::{Body, CallSite, constant}};
//!
//! #[step]
//! fn charge(amount: u64) -> bool { amount < 100 }
//!
//! // fn pay(amount: u64) -> &str { if charge(amount) { "paid" } else { sleep(minutes(1)); "refused" } }
//! let mut body = Body::new("src/pay.rs");
//! let amount = body.parameter("amount", u64::shape());
//! body.at(3);
//! let charged = body.call(CallSite::of::<charge>(vec![amount]));
//! let text = body
//!     .choose(None)
//!     .when("charge(amount)", charged, |_| Some(constant("paid")))
//!     .otherwise(|body| {
//!         body.sleep(minutes(1));
//!         Some(constant("refused"))
//!     })
//!     .join();
//! body.return_(Some(text));
//! let recorded = body.finish();
//! # let _ = recorded;
//! ```

mod attempt;
mod aws;
mod callable;
mod choosing;
mod forks;
pub(crate) mod graph;

use std::mem;

use self::graph::{Assignment, Call, Edge, EdgeId, Known, State, StateId, StateKind, Target, Work};
pub use self::{
    attempt::Attempt,
    aws::AwsSite,
    callable::{CallSite, Callable, Callee, FragmentMeta, MachineMeta, RecordFragment},
    choosing::Choosing,
    forks::{Branches, MapSite},
    graph::Recorded,
};
use super::{
    compile::Mistake,
    expression::{Checked, E, Fault, Js, Part, constant},
    fits::Span,
    variable::VariableId,
};
use crate::Shape;

/// How deep fragments may call each other: one that calls itself would never end.
const DEEPEST: usize = 64;

/// A function body while it is recorded.
#[derive(Debug)]
pub struct Body {
    recorded: Recorded,
    /// The edge that what is told next stands on; `None` where nothing gets to.
    at: Option<EdgeId>,
    /// The flow that is recorded: 0 for the body.
    flow: usize,
    flows: usize,
    file: &'static str,
    line: u32,
    loops: Vec<Loop>,
    /// Those who wait for a `return`, the innermost last; without one the flow ends.
    returns: Vec<Vec<End>>,
    /// Those who wait for errors, the innermost last.
    handlers: Vec<attempt::Frame>,
    /// The errors that leave the flow which is recorded.
    leaving: Vec<String>,
}

/// An edge that leads to a place where several meet, and the value it brings.
#[derive(Debug)]
struct End {
    edge: EdgeId,
    value: Option<E<Checked>>,
}

#[derive(Debug)]
struct Loop {
    header: StateId,
    breaks: Vec<End>,
}

/// A loop, for `break` and `continue`.
#[derive(Debug, Clone, Copy)]
pub struct LoopId(usize);

/// A variable that the source assigns again.
#[derive(Debug, Clone)]
pub struct Variable {
    id: VariableId,
    value: E<Checked>,
}

impl Variable {
    /// Its value, as of where the expression is used: bind it first to keep it across an assignment.
    #[must_use]
    pub fn get(&self) -> E<Checked> {
        self.value.clone()
    }
}

impl Body {
    /// An empty body of that source file.
    #[must_use]
    pub fn new(file: &'static str) -> Self {
        let recorded = Recorded {
            variables: Vec::new(),
            states: Vec::new(),
            edges: vec![Edge::default()],
            start: 0,
            mistakes: Vec::new(),
        };
        Self {
            recorded,
            at: Some(0),
            flow: 0,
            flows: 1,
            file,
            line: 0,
            loops: Vec::new(),
            returns: Vec::new(),
            handlers: Vec::new(),
            leaving: Vec::new(),
        }
    }

    /// The record. What is still open ends with nothing.
    #[must_use]
    pub fn finish(mut self) -> Recorded {
        self.return_(None);
        self.recorded
    }

    /// Says on which line of the source the next thing stands.
    pub fn at(&mut self, line: u32) {
        self.line = line;
    }

    /// The parameter of a function that has one: the machine's input.
    pub fn parameter(&mut self, name: &'static str, shape: Shape) -> E<Checked> {
        self.assigned(name, Js::Input, shape)
    }

    /// One parameter of several: the member of that name of the machine's input.
    pub fn parameter_in(&mut self, name: &'static str, shape: Shape) -> E<Checked> {
        let member = Js::Part(Box::new(Js::Input), Part::Key(name.to_owned()));
        let value = match &shape {
            Shape::Option(_) => Js::OrNull(Box::new(member)),
            _ => member,
        };
        self.assigned(name, value, shape)
    }

    /// `let name = value;`: no state. What is given back stands for the value.
    pub fn bind(&mut self, name: &'static str, value: E<Checked>) -> E<Checked> {
        // A part of another binding, or a constant, is as short as a variable of its own would be.
        if let Ok(js) = value.js()
            && self.is_cheap(js)
        {
            return value;
        }
        let shape = value.shape().clone();
        let value = self.leaf(value);
        self.assigned(name, value, shape)
    }

    /// `let mut name = value;`
    pub fn declare_mut(&mut self, name: &'static str, value: E<Checked>) -> Variable {
        let shape = value.shape().clone();
        let value = self.leaf(value);
        let id = self.variable(name, true, true);
        self.assign(id, value);
        Variable {
            id,
            value: E::variable(id, shape),
        }
    }

    /// `name = value;`
    pub fn set(&mut self, variable: &Variable, value: E<Checked>) {
        if self.recorded.variables[variable.id.number as usize].flow != self.flow {
            let name = variable.id.name;
            self.mistake(format!(
                "`{name}` is assigned in a branch or for an item, and belongs to what is around it\n\
                 help: let the branch or the item give the value, and assign it afterwards"
            ));
        }
        let value = self.leaf(value);
        self.assign(variable.id, value);
    }

    /// Calls something, and waits for what it gives. An error goes to the nearest attempt that catches it, or ends the machine.
    pub fn call(&mut self, site: CallSite) -> E<Checked> {
        if let Callee::Fragment(fragment) = site.callee {
            return self.expand(fragment, site.arguments);
        }
        let callee = site.callee;
        let shape = match callee {
            Callee::Step(step) => (step.output)(),
            Callee::Machine(machine) => (machine.output)(),
            Callee::Fragment(_) => Shape::Any,
        };
        let arguments = self.leaves(site.arguments);
        let work = Work::Call(Call {
            callee,
            arguments,
            timeout: site.timeout,
            heartbeat: site.heartbeat,
            retries: site.retries,
            callback: site.callback,
        });
        let state = self.work(
            work,
            site.name,
            callee.name().to_owned(),
            site.comment.unwrap_or_else(|| callee.doc().to_owned()),
        );
        let raises = callee.errors().iter().map(|error| error.name.to_owned());
        let raises = raises.collect();
        match callee {
            Callee::Machine(_) => self.nested_error(state, raises),
            _ => self.may_raise(state, raises),
        }
        self.result(state, callee.name(), shape)
    }

    fn expand(
        &mut self,
        fragment: &'static FragmentMeta,
        arguments: Vec<E<Checked>>,
    ) -> E<Checked> {
        if self.returns.len() >= DEEPEST {
            self.mistake(format!(
                "the fragment `{}` calls itself, and would never end\nhelp: write a loop",
                fragment.name
            ));
            return constant(&());
        }
        let (file, line) = (mem::replace(&mut self.file, fragment.file), self.line);
        let value = self.inline(|body| (fragment.record)(body, arguments));
        (self.file, self.line) = (file, line);
        value
    }

    /// Something that a `return` within ends, and whose value it gives: a fragment, or an `async` block that is awaited at once.
    pub fn inline(&mut self, inner: impl FnOnce(&mut Body) -> Option<E<Checked>>) -> E<Checked> {
        self.returns.push(Vec::new());
        let value = inner(self);
        let mut ends = self.returns.pop().unwrap_or_default();
        ends.extend(self.end(value));
        self.meet(ends)
    }

    /// A task of an AWS service, and what it answers.
    pub fn aws(&mut self, site: AwsSite) -> E<Checked> {
        let AwsSite {
            resource,
            arguments,
            shape,
            name,
            comment,
            timeout,
            heartbeat,
            retries,
        } = site;
        let wish = resource.rsplit(":::").next().unwrap_or(&resource);
        let wish = wish.to_owned();
        let work = Work::Aws {
            arguments: self.leaf(arguments),
            resource,
            retries,
            timeout,
            heartbeat,
        };
        let state = self.work(work, name, wish, comment);
        self.may_raise(state, vec!["States.TaskFailed".to_owned()]);
        self.result(state, "answer", shape)
    }

    /// Lets time pass; whole seconds, a part of one counts as one.
    pub fn sleep(&mut self, span: impl Span) {
        let span = span.span();
        let name = format!("sleep {}", crate::flow::compile::spoken(span));
        self.work(Work::Wait(span), None, name, String::new());
    }

    /// Lets as many seconds pass as the expression says.
    pub fn sleep_seconds(&mut self, label: &str, seconds: E<Checked>) {
        let seconds = self.leaf(seconds);
        let name = format!("sleep {label}");
        self.work(Work::WaitSeconds(seconds), None, name, String::new());
    }

    /// Lets time pass up to a point in time, a text in RFC 3339.
    pub fn sleep_until(&mut self, label: &str, when: E<Checked>) {
        let when = self.leaf(when);
        let name = format!("sleep until {label}");
        self.work(Work::WaitUntil(when), None, name, String::new());
    }

    /// Names the state recorded last. For what has no options of its own: a `sleep`, a choice.
    pub fn named(&mut self, name: impl Into<String>) {
        let states = &mut self.recorded.states;
        if let Some(state) = states
            .iter_mut()
            .rev()
            .find(|state| !matches!(state.kind, StateKind::Label { .. }))
        {
            state.given_name = Some(name.into());
        }
    }

    /// `loop { … }`, left by [`break_`](Self::break_), whose value it has.
    pub fn loop_(&mut self, inner: impl FnOnce(&mut Body, LoopId)) -> E<Checked> {
        let Some(entry) = self.at.take() else {
            return never();
        };
        let next = self.edge();
        let header = self.state(
            StateKind::Label { next },
            None,
            String::new(),
            String::new(),
        );
        self.recorded.edges[entry].to = Target::State(header);
        self.at = Some(next);
        let id = LoopId(self.loops.len());
        self.loops.push(Loop {
            header,
            breaks: Vec::new(),
        });
        inner(self, id);
        self.continue_(id);
        let ended = self.loops.pop();
        self.meet(ended.map_or_else(Vec::new, |ended| ended.breaks))
    }

    /// `break`, perhaps with a value.
    pub fn break_(&mut self, of: LoopId, value: Option<E<Checked>>) {
        let end = self.end(value);
        if let Some(of) = self.loops.get_mut(of.0) {
            of.breaks.extend(end);
        }
    }

    /// `continue`
    pub fn continue_(&mut self, of: LoopId) {
        if let (Some(at), Some(of)) = (self.at.take(), self.loops.get(of.0)) {
            self.recorded.edges[at].to = Target::State(of.header);
        }
    }

    /// `return value;`, and the end of the function: it succeeds.
    pub fn return_(&mut self, value: Option<E<Checked>>) {
        if !self.returns.is_empty() {
            let end = self.end(value);
            if let Some(waiting) = self.returns.last_mut() {
                waiting.extend(end);
            }
            return;
        }
        let Some(at) = self.at else { return };
        // Before this is where it ends: what is wrong with a value that nothing reaches is not told.
        let value = match value {
            Some(value) => self.leaf(value),
            None => graph::null(),
        };
        self.at = None;
        self.recorded.edges[at].to = Target::Return(value);
    }

    /// Whether what is told next is never reached.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.at.is_none()
    }

    /// Notes that the source cannot become states, at the line that was told last.
    pub fn refuse(&mut self, why: impl Into<String>) {
        self.mistake(why.into());
    }

    /// Notes a mistake, unless nothing gets to where it stands: rustc warns of that, and there are no values.
    fn mistake(&mut self, what: String) {
        if self.at.is_some() {
            self.mistake_anyway(what);
        }
    }

    fn mistake_anyway(&mut self, what: String) {
        let (file, line) = (self.file, self.line);
        let mistake = Mistake::Body { file, line, what };
        // What stands once in the source may be recorded several times.
        if !self.recorded.mistakes.contains(&mistake) {
            self.recorded.mistakes.push(mistake);
        }
    }

    /// Whether an expression may stand wherever its value is used.
    fn is_cheap(&self, js: &Js) -> bool {
        match js {
            Js::Literal(value) => !value.is_array() && !value.is_object(),
            Js::Part(of, _) => self.is_cheap(of) && !matches!(**of, Js::Literal(_)),
            Js::Variable(id) => {
                let known = self.recorded.variables[id.number as usize];
                known.named && !known.mutable
            }
            _ => false,
        }
    }

    fn variable(&mut self, name: &'static str, named: bool, mutable: bool) -> VariableId {
        let number = u32::try_from(self.recorded.variables.len()).unwrap_or(u32::MAX);
        self.recorded.variables.push(Known {
            flow: self.flow,
            named,
            mutable,
        });
        VariableId { number, name }
    }

    fn assign(&mut self, variable: VariableId, value: Js) {
        if let Some(at) = self.at {
            let assigns = &mut self.recorded.edges[at].assigns;
            assigns.push(Assignment { variable, value });
        }
    }

    fn assigned(&mut self, name: &'static str, value: Js, shape: Shape) -> E<Checked> {
        let id = self.variable(name, true, false);
        self.assign(id, value);
        E::variable(id, shape)
    }

    /// Notes what is wrong with an expression, at its own line where that is known.
    fn fault(&mut self, fault: Fault) {
        if self.at.is_some() {
            self.fault_anyway(fault);
        }
    }

    fn fault_anyway(&mut self, fault: Fault) {
        let line = self.line;
        let what = match fault {
            Fault::At { line, fault } => {
                self.line = line;
                fault.to_string()
            }
            other => other.to_string(),
        };
        self.mistake_anyway(what);
        self.line = line;
    }

    /// The expression where a value must not be absent. One that has no JSONata is a mistake.
    fn leaf(&mut self, value: E<Checked>) -> Js {
        value.into_leaf().unwrap_or_else(|fault| {
            self.fault(fault);
            graph::null()
        })
    }

    fn leaves(&mut self, values: Vec<E<Checked>>) -> Vec<Js> {
        values.into_iter().map(|value| self.leaf(value)).collect()
    }

    fn edge(&mut self) -> EdgeId {
        self.recorded.edges.push(Edge {
            flow: self.flow,
            ..Edge::default()
        });
        self.recorded.edges.len() - 1
    }

    fn state(
        &mut self,
        kind: StateKind,
        given_name: Option<String>,
        name: String,
        comment: String,
    ) -> StateId {
        self.recorded.states.push(State {
            kind,
            given_name,
            name,
            comment,
            file: self.file,
            line: self.line,
        });
        self.recorded.states.len() - 1
    }

    /// A state on the edge that is recorded; what is told next stands behind it.
    fn work(
        &mut self,
        work: Work,
        given_name: Option<String>,
        name: String,
        comment: String,
    ) -> StateId {
        let next = self.edge();
        let kind = StateKind::Work {
            work,
            next,
            catches: Vec::new(),
        };
        let state = self.state(kind, given_name, name, comment);
        if let Some(at) = self.at {
            self.recorded.edges[at].to = Target::State(state);
            self.at = Some(next);
        }
        state
    }

    /// What the state that was just recorded gives.
    fn result(&mut self, state: StateId, name: &'static str, shape: Shape) -> E<Checked> {
        let id = self.variable(name, false, false);
        if let StateKind::Work { next, .. } = self.recorded.states[state].kind {
            self.recorded.edges[next].assigns.push(Assignment {
                variable: id,
                value: graph::result(),
            });
        }
        E::variable(id, shape)
    }

    /// The end of an arm: takes the edge, if something gets to it.
    fn end(&mut self, value: Option<E<Checked>>) -> Option<End> {
        self.at.take().map(|edge| End { edge, value })
    }

    /// Goes on where edges meet, with the value that each of them brings.
    fn meet(&mut self, ends: Vec<End>) -> E<Checked> {
        let mut ends = ends;
        if let [_] = ends.as_slice()
            && let Some(End { edge, value }) = ends.pop()
        {
            self.at = Some(edge);
            return value.unwrap_or_else(|| constant(&()));
        }
        if ends.is_empty() {
            self.at = None;
            return never();
        }
        let next = self.edge();
        let label = self.state(
            StateKind::Label { next },
            None,
            String::new(),
            String::new(),
        );
        let values: Option<Vec<&E<Checked>>> = ends.iter().map(|end| end.value.as_ref()).collect();
        let met = values.and_then(|values| common(&values)).map(|shape| {
            let id = self.variable("value", false, false);
            (id, shape)
        });
        for End { edge, value } in ends {
            if let (Some((id, _)), Some(value)) = (&met, value) {
                self.at = Some(edge);
                let value = self.leaf(value);
                self.assign(*id, value);
            }
            self.recorded.edges[edge].to = Target::State(label);
        }
        self.at = Some(next);
        match met {
            Some((id, shape)) => E::variable(id, shape),
            None => constant(&()),
        }
    }
}

/// What stands for a value that never comes about.
fn never() -> E<Checked> {
    E::of(Ok(graph::null()), Shape::Any)
}

impl From<E<bool>> for E<Checked> {
    fn from(truth: E<bool>) -> Self {
        E::of(truth.into_js(), Shape::Boolean)
    }
}

/// The shape of what several arms give; `None` for nothing but `()`.
fn common(values: &[&E<Checked>]) -> Option<Shape> {
    values
        .iter()
        .filter(|value| !(value.is_nothing() && matches!(value.shape(), Shape::Null)))
        .map(|value| value.shape().clone())
        .reduce(Shape::or)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_a_return_is_dropped() {
        let mut body = Body::new("a.rs");
        body.return_(None);
        assert!(body.is_over());
        body.sleep(crate::minutes(1));
        let recorded = body.finish();
        assert!(matches!(
            recorded.edges[recorded.start].to,
            Target::Return(_)
        ));
    }
}
