//! What the steps of a pipeline did is taken back when it fails after them.
//!
//! As in a function body: what may fail behind such a step, and whose error nobody catches, leads to a chain of states, one for each
//! such step, the last first, at whose end the machine fails with the error that it came with.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value, json};
use sfn_asl::{
    Catcher, Choice, ChoiceRule, Fail, Flow, Kind, OrExpression, Pass, State, Transition,
};

use super::{
    lambda_error,
    ran::{self, Ran},
    states::{Writer, caught, condition},
    task::{self, seconds},
};
use crate::{
    StepMeta, Undo, UndoGiven,
    flow::{
        expression::{Js, Operator, Part},
        render::expression,
    },
};

/// A state whose step has an `undo`.
pub(super) struct Undone {
    pub(super) state: String,
    pub(super) step: &'static StepMeta,
    pub(super) undo: Undo,
    /// What the step is given.
    pub(super) input: Map<String, Value>,
}

/// What is known while the chains are written.
struct Chains<'u> {
    /// The steps, by the numbers of their states, and the variables that keep what their undos are given.
    undone: BTreeMap<usize, (&'u Undone, String)>,
    /// Those of which it is asked whether they ran.
    asked: BTreeSet<usize>,
    /// The variable of the error that everything began with.
    error: String,
    /// The first states of the chains.
    begun: HashMap<Ran<usize>, String>,
    written: Vec<(String, State)>,
}

impl Writer<'_> {
    /// Adds the chains to a machine's states.
    pub(super) fn take_back(&mut self, flow: &mut Flow, undone: &[Undone]) {
        let number = |name: &str| flow.states.get_index_of(name);
        let mut known = BTreeMap::new();
        for one in undone {
            if let Some(number) = number(&one.state) {
                known.insert(number, (one, self.names.variable(&one.state)));
            }
        }
        let all: BTreeSet<usize> = (0..flow.states.len()).collect();
        let before = ran::before(number(&flow.start_at), &all, &|state| {
            let Some((_, written)) = flow.states.get_index(state) else {
                return Vec::new();
            };
            let mut ways: Vec<(&str, bool)> = Vec::new();
            if let Some(Transition::Next(next)) = written.transition() {
                ways.push((next, known.contains_key(&state)));
            }
            let caught = written.catch().iter().map(|catcher| catcher.next.as_str());
            ways.extend(caught.map(|next| (next, false)));
            if let Kind::Choice(choice) = &written.kind {
                let rules = choice.choices.iter().map(|rule| rule.next.as_str());
                ways.extend(
                    rules
                        .chain(choice.default.as_deref())
                        .map(|next| (next, false)),
                );
            }
            let ways = ways.into_iter();
            ways.filter_map(|(next, ran)| Some((number(next)?, ran)))
                .collect()
        });
        let unsure = before.values().flatten().filter(|(_, surely)| !surely);
        let mut chains = Chains {
            asked: unsure.map(|(state, _)| *state).collect(),
            undone: known,
            error: self.names.variable("failure"),
            begun: HashMap::new(),
            written: Vec::new(),
        };
        for (state, ran) in &before {
            if ran.is_empty() {
                continue;
            }
            if let Some((_, written)) = flow.states.get_index_mut(*state) {
                self.lead(written, ran, &mut chains);
            }
        }
        if chains.begun.is_empty() {
            // Nothing can fail behind them.
            return;
        }
        for (state, (undone, variable)) in &chains.undone {
            let asked = chains.asked.contains(state);
            if let Some((_, written)) = flow.states.get_index_mut(*state) {
                keep(written, undone, variable, asked);
            }
            if asked && let Some(first) = flow.states.get_mut(&flow.start_at) {
                let own = undone.state == flow.start_at;
                forget(first, variable, own);
            }
        }
        // The states of a chain were written from its end.
        flow.states.extend(chains.written.into_iter().rev());
    }

    /// Leads the errors of a state to the chain.
    fn lead(&mut self, state: &mut State, ran: &Ran<usize>, chains: &mut Chains<'_>) {
        if let Kind::Fail(fail) = &state.kind {
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            let error = json!({ "Error": text(&fail.error), "Cause": text(&fail.cause) });
            let pass = Pass {
                transition: Transition::Next(self.chain(ran, chains)),
                ..Pass::default()
            };
            let comment = state.comment.take();
            *state = State::from(pass).assign(chains.error.clone(), error);
            state.comment = comment;
            return;
        }
        let lambda = lambda_error::asks_lambda(state);
        let catch = match &mut state.kind {
            Kind::Task(task) => &mut task.catch,
            Kind::Parallel(parallel) => &mut parallel.catch,
            Kind::Map(map) => &mut map.catch,
            _ => return,
        };
        let all = |catcher: &Catcher| catcher.error_equals.iter().any(|name| name == "States.ALL");
        if catch.iter().any(all) {
            return;
        }
        let given = caught(lambda);
        let error = json!({ "Error": given["error"]["name"], "Cause": given["error"]["cause"] });
        let mut catcher = Catcher::on(["States.ALL"], self.chain(ran, chains));
        catcher.assign.insert(chains.error.clone(), error);
        catch.push(catcher);
    }

    /// The first state that takes these steps back.
    fn chain(&mut self, ran: &Ran<usize>, chains: &mut Chains<'_>) -> String {
        if let Some(first) = chains.begun.get(ran) {
            return first.clone();
        }
        let Some(((of, surely), earlier)) = ran.split_last() else {
            let error = Js::Place(format!("${}", chains.error));
            let part = |key: &str| Js::Part(Box::new(error.clone()), Part::Key(key.to_owned()));
            let text = |key: &str| {
                let none = Js::Literal(Value::from(""));
                let text =
                    Js::Conditional(Box::new(part(key)), Box::new(part(key)), Box::new(none));
                text.leaf("").as_str().unwrap_or_default().to_owned()
            };
            let fail = Fail::with(text("Error"), text("Cause"));
            let state = State::from(fail).comment("Fails with the error that came first.");
            let name = self.names.fresh("fail after undo");
            chains.written.push((name.clone(), state));
            chains.begun.insert(Vec::new(), name.clone());
            return name;
        };
        let rest = self.chain(&earlier.to_vec(), chains);
        let Some((undone, variable)) = chains.undone.get(of) else {
            return rest;
        };
        let undo = (undone.undo.step)();
        let asked = chains.asked.contains(of);
        let input = undo.params.iter().zip(arguments(undone, variable, asked));
        let input = input
            .map(|(parameter, value)| (parameter.name.to_owned(), value))
            .collect();
        let question = Js::Binary(
            Operator::NotEqual,
            Box::new(Js::Place(format!("${variable}"))),
            Box::new(Js::Literal(Value::Null)),
        );
        let label = format!("{} has run", undone.state);
        let mut state = self.own_task(undo, input).then(rest.clone());
        state.output = None;
        let mut name = self.names.fresh(undo.name);
        chains.written.push((name.clone(), state));
        if !surely {
            let choice = Choice {
                choices: vec![ChoiceRule::when(condition(&question, ""), name)],
                default: Some(rest),
            };
            name = self.names.fresh(&label);
            chains.written.push((name.clone(), State::from(choice)));
        }
        chains.begun.insert(ran.clone(), name.clone());
        name
    }

    /// The task of a step with what it says of itself, and that alone.
    pub(super) fn own_task(&mut self, step: &'static StepMeta, input: Map<String, Value>) -> State {
        let mut state = match task::called(step, input, false, self.places, self.kind) {
            Ok(state) => state,
            Err(mistake) => {
                if !self.mistakes.contains(&mistake) {
                    self.mistakes.push(mistake);
                }
                State::from(sfn_asl::Task::default())
            }
        };
        let lambda = state.output.is_some();
        if let Kind::Task(task) = &mut state.kind {
            task.timeout_seconds = step.timeout.map(|span| OrExpression::Value(seconds(span)));
            task.heartbeat_seconds = step
                .heartbeat
                .map(|span| OrExpression::Value(seconds(span)));
            task.retry = task::retriers(&[], Some(step));
            if lambda {
                task::add_lambda_retrier(&mut task.retry);
            }
        }
        state
    }
}

/// Whether the variable of a step holds its result and nothing else.
fn is_plain(undone: &Undone, asked: bool) -> bool {
    undone.undo.given == UndoGiven::Output && !asked
}

/// Keeps what an undo is given, where its step leaves its state.
fn keep(state: &mut State, undone: &Undone, variable: &str, asked: bool) {
    // On Lambda the result stands within the function's answer, and where it is asked for its verdict, a variable has it.
    let result = match &state.kind {
        Kind::Task(task) if task.resource.starts_with("arn:aws:states:::lambda") => {
            "$states.result.Payload"
        }
        _ => "$states.result",
    };
    let result = Value::from(expression(result));
    let kept = match is_plain(undone, asked) {
        true => result,
        false => {
            let mut kept = Map::new();
            if undone.undo.given.takes_output() {
                // It may give `null`, and has run all the same.
                kept.insert("result".to_owned(), result);
            }
            if undone.undo.given.takes_input() {
                kept.insert("input".to_owned(), undone.input.clone().into());
            }
            Value::Object(kept)
        }
    };
    state.assign.insert(variable.to_owned(), kept);
}

/// Says in a machine's first state that a step has not run. `own` says that this is its state.
fn forget(first: &mut State, variable: &str, own: bool) {
    let name = || variable.to_owned();
    if !own {
        first.assign.entry(name()).or_insert(Value::Null);
    }
    let catch = match &mut first.kind {
        Kind::Task(task) => &mut task.catch,
        Kind::Parallel(parallel) => &mut parallel.catch,
        Kind::Map(map) => &mut map.catch,
        Kind::Choice(choice) => {
            for rule in &mut choice.choices {
                rule.assign.insert(name(), Value::Null);
            }
            return;
        }
        _ => return,
    };
    for catcher in catch {
        catcher.assign.insert(name(), Value::Null);
    }
}

/// What the undo of a step is given.
fn arguments(undone: &Undone, variable: &str, asked: bool) -> Vec<Value> {
    let variable = Js::Place(format!("${variable}"));
    if is_plain(undone, asked) {
        return vec![variable.leaf("")];
    }
    let part = |of: &Js, key: &str| Js::Part(Box::new(of.clone()), Part::Key(key.to_owned()));
    let given = undone.undo.given;
    let input = part(&variable, "input");
    let inputs = undone
        .step
        .params
        .iter()
        .map(|parameter| part(&input, parameter.name));
    let mut all: Vec<Js> = inputs.filter(|_| given.takes_input()).collect();
    all.extend(Some(part(&variable, "result")).filter(|_| given.takes_output()));
    all.into_iter()
        .map(|value| Js::OrNull(Box::new(value)).leaf(""))
        .collect()
}
