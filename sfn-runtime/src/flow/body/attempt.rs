//! Errors that a function body catches.

use serde_json::Value;

use super::{
    Body, End,
    graph::{self, Assignment, Caught, EdgeId, Rule, StateId, StateKind, Target},
};
use crate::{
    Shape,
    flow::{
        compile::own_cause,
        expression::{Checked, E, Js, Operator, Part},
    },
};

/// What waits for errors while a part of the body is recorded.
#[derive(Debug, Default)]
pub(super) struct Frame {
    /// The states that may raise errors, and which.
    states: Vec<(StateId, Vec<String>)>,
    /// The errors that the source raises itself.
    raised: Vec<Raised>,
}

/// An error that the source raises, on the edge that leads to it.
#[derive(Debug, Clone)]
struct Raised {
    edge: EdgeId,
    error: Error,
    file: &'static str,
    line: u32,
}

#[derive(Debug, Clone)]
enum Error {
    /// Of a known name.
    Named { name: String, cause: Option<Js> },
    /// One that was caught before, and the names it may have; `None` where that is not known.
    Caught(Js, Option<Vec<String>>),
}

/// A part of the body whose errors are caught: error after error, then [`join`](Self::join).
#[derive(Debug)]
#[must_use = "an attempt goes on behind `join()`"]
pub struct Attempt<'b> {
    body: &'b mut Body,
    frame: Frame,
    /// How it went well, until [`ok`](Self::ok) takes it.
    well: Option<End>,
    ends: Vec<End>,
}

impl Body {
    /// Records something whose errors are caught.
    pub fn attempt(&mut self, inner: impl FnOnce(&mut Body) -> Option<E<Checked>>) -> Attempt<'_> {
        self.handlers.push(Frame::default());
        let value = inner(self);
        let frame = self.handlers.pop().unwrap_or_default();
        let well = self.end(value);
        Attempt {
            body: self,
            frame,
            well,
            ends: Vec::new(),
        }
    }

    /// Ends with an error, unless an attempt around catches it. The cause is a text, or JSON text with data.
    pub fn fail(&mut self, error: impl Into<String>, cause: Option<E<Checked>>) {
        let cause = cause.map(|cause| self.leaf(cause));
        let name = error.into();
        self.raise_error(Error::Named { name, cause });
    }

    /// Ends with an error that was caught before, as it came.
    pub fn raise(&mut self, error: E<Checked>) {
        let error = self.leaf(error);
        self.raise_error(Error::Caught(error, None));
    }

    fn raise_error(&mut self, error: Error) {
        if let Some(edge) = self.at.take() {
            self.raise_on(edge, error);
        }
    }

    /// What a nested execution failed with. Step Functions says only that a task failed, and hides the rest in the cause.
    pub(super) fn nested_error(&mut self, state: StateId, names: Vec<String>) {
        if names.is_empty() {
            return;
        }
        let variable = self.variable("error", false, false);
        let edge = self.edge();
        let cause = Js::Part(
            Box::new(graph::error_output()),
            Part::Key("Cause".to_owned()),
        );
        let execution = Js::Call("parse", vec![cause.clone()]);
        let part = |key: &str, otherwise: Js| {
            let part = Js::Part(Box::new(execution.clone()), Part::Key(key.to_owned()));
            let exists = Js::Call("exists", vec![part.clone()]);
            Js::Conditional(Box::new(exists), Box::new(part), Box::new(otherwise))
        };
        let failed = Js::Literal(Value::from("States.TaskFailed"));
        let value = Js::Object(vec![
            ("Error".to_owned(), part("Error", failed)),
            // The step that ended the other execution may have run on Lambda.
            ("Cause".to_owned(), own_cause(part("Cause", cause))),
        ]);
        self.recorded.edges[edge]
            .assigns
            .push(Assignment { variable, value });
        if let StateKind::Work { catches, .. } = &mut self.recorded.states[state].kind {
            catches.push(Caught {
                names: vec!["States.TaskFailed".to_owned()],
                edge,
            });
        }
        self.raise_on(edge, Error::Caught(Js::Variable(variable), Some(names)));
    }

    fn raise_on(&mut self, edge: EdgeId, error: Error) {
        let raised = Raised {
            edge,
            error,
            file: self.file,
            line: self.line,
        };
        self.hand_on(raised);
    }

    /// Gives an error to the next who waits, or to a state that ends with it.
    fn hand_on(&mut self, raised: Raised) {
        if let Some(frame) = self.handlers.last_mut() {
            frame.raised.push(raised);
            return;
        }
        let (error, cause, name, caught) = match raised.error {
            Error::Named { name, cause } => {
                self.leaving.push(name.clone());
                (Js::Literal(Value::from(name.clone())), cause, name, None)
            }
            Error::Caught(error, names) => {
                self.leaving.extend(names.unwrap_or_default());
                let variable = match &error {
                    Js::Variable(id) => Some(*id),
                    _ => None,
                };
                let part = |key: &str| {
                    or_empty(Js::Part(Box::new(error.clone()), Part::Key(key.to_owned())))
                };
                let label = format!("raise {}", error.label());
                (part("Error"), Some(part("Cause")), label, variable)
            }
        };
        let (file, line) = (self.file, self.line);
        (self.file, self.line) = (raised.file, raised.line);
        let kind = StateKind::Fail {
            error,
            cause,
            raised: caught,
        };
        let state = self.state(kind, None, name, String::new());
        (self.file, self.line) = (file, line);
        self.recorded.edges[raised.edge].to = Target::State(state);
    }

    /// Notes which errors a state may end with.
    pub(super) fn may_raise(&mut self, state: StateId, names: Vec<String>) {
        match self.handlers.last_mut() {
            Some(frame) => frame.states.push((state, names)),
            None => self.leaving.extend(names),
        }
    }
}

/// The text, or an empty one where there is none: AWS leaves them out of errors that came without.
fn or_empty(text: Js) -> Js {
    Js::Conditional(
        Box::new(text.clone()),
        Box::new(text),
        Box::new(Js::Literal(Value::from(""))),
    )
}

/// Which errors an arm catches.
enum Which {
    Named(Vec<String>),
    /// Those that are left of what the states say they raise.
    Rest,
    /// Whatever happens.
    All,
}

impl Attempt<'_> {
    /// What is done with the value when all went well.
    pub fn ok(mut self, arm: impl FnOnce(&mut Body, E<Checked>) -> Option<E<Checked>>) -> Self {
        if let Some(End { edge, value }) = self.well.take() {
            self.body.at = Some(edge);
            let value = value.unwrap_or_else(|| crate::flow::constant(&()));
            let value = arm(self.body, value);
            self.ends.extend(self.body.end(value));
        }
        self
    }

    /// What is done with errors of these names. The error is an object with `Error` and `Cause`; see [`E::error_name`].
    pub fn error<N: Into<String>>(
        self,
        names: impl IntoIterator<Item = N>,
        arm: impl FnOnce(&mut Body, E<Checked>) -> Option<E<Checked>>,
    ) -> Self {
        let names = names.into_iter().map(Into::into).collect();
        self.arm(&Which::Named(names), arm)
    }

    /// What is done with every other error that the steps declare.
    pub fn rest(self, arm: impl FnOnce(&mut Body, E<Checked>) -> Option<E<Checked>>) -> Self {
        self.arm(&Which::Rest, arm)
    }

    /// What is done with every other error at all, time-outs and panics included.
    pub fn all(self, arm: impl FnOnce(&mut Body, E<Checked>) -> Option<E<Checked>>) -> Self {
        self.arm(&Which::All, arm)
    }

    fn arm(
        mut self,
        which: &Which,
        arm: impl FnOnce(&mut Body, E<Checked>) -> Option<E<Checked>>,
    ) -> Self {
        let body = &mut *self.body;
        let variable = body.variable("error", false, false);
        let next = body.edge();
        let label = body.state(
            StateKind::Label { next },
            None,
            String::new(),
            String::new(),
        );
        let mut used = false;
        for (state, declared) in &mut self.frame.states {
            let names = which.of(declared);
            if names.is_empty() {
                continue;
            }
            used = true;
            declared.retain(|name| !names.contains(name) && !matches!(which, Which::All));
            let edge = body.edge();
            body.recorded.edges[edge].assigns.push(Assignment {
                variable,
                value: graph::error_output(),
            });
            body.recorded.edges[edge].to = Target::State(label);
            if let StateKind::Work { catches, .. } = &mut body.recorded.states[*state].kind {
                catches.push(Caught { names, edge });
            }
        }
        for raised in std::mem::take(&mut self.frame.raised) {
            let (mine, other) = which.take(body, raised);
            self.frame.raised.extend(other);
            let Some(raised) = mine else { continue };
            used = true;
            let value = match raised.error {
                Error::Named { name, cause } => {
                    let cause = cause.unwrap_or_else(|| Js::Literal(Value::from("")));
                    Js::Object(vec![
                        ("Error".to_owned(), Js::Literal(Value::from(name))),
                        ("Cause".to_owned(), cause),
                    ])
                }
                Error::Caught(error, _) => error,
            };
            let edge = &mut body.recorded.edges[raised.edge];
            edge.assigns.push(Assignment { variable, value });
            edge.to = Target::State(label);
        }
        // What catches nothing is never reached; it is recorded all the same, for its mistakes.
        body.at = used.then_some(next);
        let value = arm(body, E::variable(variable, Shape::Any));
        self.ends.extend(body.end(value));
        self
    }

    /// Goes on with what the arm that was taken gave. Errors that no arm took go on to who is around.
    pub fn join(mut self) -> E<Checked> {
        self.ends.extend(self.well.take());
        for (state, left) in self.frame.states {
            if !left.is_empty() {
                self.body.may_raise(state, left);
            }
        }
        for raised in self.frame.raised {
            self.body.hand_on(raised);
        }
        self.body.meet(self.ends)
    }
}

impl Which {
    /// The names of a catcher for a state that says it raises these.
    fn of(&self, declared: &[String]) -> Vec<String> {
        match self {
            Which::Named(names) => names
                .iter()
                // What belongs to no step's type may happen to each of them.
                .filter(|name| declared.contains(name) || is_built_in(name))
                .cloned()
                .collect(),
            Which::Rest => {
                let mut names: Vec<String> = Vec::new();
                for name in declared {
                    if !names.contains(name) {
                        names.push(name.clone());
                    }
                }
                names
            }
            Which::All => vec!["States.ALL".to_owned()],
        }
    }

    /// Splits an error into what the arm takes and what is left for others. Where only its name tells, a choice decides.
    fn take(&self, body: &mut Body, raised: Raised) -> (Option<Raised>, Option<Raised>) {
        let names = match (self, &raised.error) {
            (Which::Named(names), Error::Named { name, .. }) => {
                return match names.contains(name) {
                    true => (Some(raised), None),
                    false => (None, Some(raised)),
                };
            }
            (Which::All, _) | (Which::Rest, Error::Named { .. } | Error::Caught(_, None)) => {
                return (Some(raised), None);
            }
            (Which::Named(names), Error::Caught(_, None)) => names.clone(),
            (_, Error::Caught(_, Some(may_have))) => self.of(may_have),
        };
        if names.iter().any(|name| name == "States.TaskFailed") {
            return (Some(raised), None);
        }
        let Error::Caught(error, may_have) = &raised.error else {
            return (None, Some(raised));
        };
        let is = |name: &String| {
            let own = or_empty(Js::Part(
                Box::new(error.clone()),
                Part::Key("Error".to_owned()),
            ));
            let name = Js::Literal(Value::from(name.clone()));
            Js::Binary(Operator::Equal, Box::new(own), Box::new(name))
        };
        let Some(test) = names
            .iter()
            .map(is)
            .reduce(|left, right| Js::Binary(Operator::Or, Box::new(left), Box::new(right)))
        else {
            return (None, Some(raised));
        };
        let (edge, otherwise) = (body.edge(), body.edge());
        let label = names.join(" or ");
        let kind = StateKind::Choice {
            rules: vec![Rule {
                test,
                label: label.clone(),
                edge,
            }],
            otherwise: Some(otherwise),
        };
        let state = body.state(kind, None, label, String::new());
        body.recorded.edges[raised.edge].to = Target::State(state);
        let left = may_have.as_ref().map(|may_have| {
            let left = may_have.iter().filter(|name| !names.contains(name));
            left.cloned().collect()
        });
        let error = error.clone();
        let with = |edge, names| Raised {
            edge,
            error: Error::Caught(error.clone(), names),
            ..raised.clone()
        };
        (
            Some(with(edge, Some(names.clone()))),
            Some(with(otherwise, left)),
        )
    }
}

fn is_built_in(name: &str) -> bool {
    name.starts_with("States.") || crate::ErrorName::ALL.iter().any(|known| known.name == name)
}

impl E<Checked> {
    /// The name of a caught error.
    #[must_use]
    pub fn error_name(&self) -> Self {
        self.error_part("Error", Shape::String)
    }

    /// The cause of a caught error: a text, or JSON text if the error carries data.
    #[must_use]
    pub fn error_cause(&self) -> Self {
        self.error_part("Cause", Shape::String)
    }

    fn error_part(&self, key: &str, shape: Shape) -> Self {
        let js = self.js().cloned();
        let part = js.map(|js| or_empty(Js::Part(Box::new(js), Part::Key(key.to_owned()))));
        Self::of(part.map_err(Clone::clone), shape)
    }

    /// The text of a caught error that carries data.
    #[must_use]
    pub fn error_message(&self) -> Self {
        self.parsed_cause("message", Shape::String)
    }

    /// The data of a caught error that carries some: an object with the error's fields, or an array.
    #[must_use]
    pub fn error_data(&self, shape: Shape) -> Self {
        self.parsed_cause("data", shape)
    }

    fn parsed_cause(&self, key: &str, shape: Shape) -> Self {
        let js = self.js().cloned().map(|js| {
            let cause = Js::Part(Box::new(js), Part::Key("Cause".to_owned()));
            let parsed = Js::Call("parse", vec![cause]);
            Js::Part(Box::new(parsed), Part::Key(key.to_owned()))
        });
        Self::of(js.map_err(Clone::clone), shape)
    }
}
