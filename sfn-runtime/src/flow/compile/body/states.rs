//! Writing the settled graph as states.

mod edges;

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map as Object, Value, json};
use sfn_asl::{
    Catcher, Choice, ChoiceRule, Fail, Flow, Kind as AslKind, Map, OrExpression, Parallel, Pass,
    State as AslState, Succeed, Task, Transition, Wait,
};

use super::{
    live::Live,
    start::{INDEX, ITEM},
    straight::composed,
    variables::Names,
};
use crate::{
    Kind,
    flow::{
        body::{
            Callee,
            graph::{Call, EdgeId, Recorded, State, StateId, StateKind, Target, Work},
        },
        compile::{
            Mistake, lambda_error,
            names::{LONGEST, clean, refuse_state_name, shorten},
            states::{LONGEST_WAIT, condition, distribute},
            task::{self, seconds},
        },
        definition::Retry,
        expression::Js,
        places::Places,
        render::expression,
        variable::VariableId,
    },
};

/// Where the error of a state lies that asks functions: what is read there is unwrapped.
const OF_LAMBDA: &str = "$states.errorOutput";

/// What variables are worth while a state is written: those that no state has assigned yet.
type Bound = Vec<(VariableId, Js)>;

pub(super) struct Writer<'a> {
    graph: &'a Recorded,
    live: Live,
    variables: &'a Names,
    places: &'a dyn Places,
    kind: Kind,
    mistakes: &'a mut Vec<Mistake>,
    names: HashMap<StateId, String>,
    taken: HashSet<String>,
    /// The states that only end a flow, by flow.
    ends: BTreeMap<usize, String>,
    /// The states that end a flow with a value, by flow.
    returns: BTreeMap<usize, Vec<(String, AslState)>>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        graph: &'a Recorded,
        variables: &'a Names,
        places: &'a dyn Places,
        kind: Kind,
        mistakes: &'a mut Vec<Mistake>,
    ) -> Self {
        let mut writer = Self {
            graph,
            live: Live::of(graph),
            variables,
            places,
            kind,
            mistakes,
            names: HashMap::new(),
            taken: HashSet::new(),
            ends: BTreeMap::new(),
            returns: BTreeMap::new(),
        };
        writer.name_states();
        writer
    }

    /// Names all states: first those whose names are given, so that those from the source keep clear of them.
    fn name_states(&mut self) {
        let (_, states) = self.graph.reached(self.graph.start);
        let mut rest = Vec::new();
        for id in states {
            let state = &self.graph.states[id];
            let Some(name) = &state.given_name else {
                rest.push((id, &state.name));
                continue;
            };
            if let Some(why) = refuse_state_name(name) {
                self.mistakes.push(Mistake::BadName {
                    name: name.clone(),
                    what: "a state",
                    why,
                });
            }
            if !self.taken.insert(name.clone()) {
                self.mistakes
                    .push(Mistake::DuplicateState { name: name.clone() });
            }
            self.names.insert(id, name.clone());
        }
        for (id, wish) in rest {
            let name = self.fresh(wish);
            self.names.insert(id, name);
        }
    }

    /// A name that no state has yet: a step may be called twice in a body.
    fn fresh(&mut self, wish: &str) -> String {
        let wish = clean(if wish.is_empty() { "state" } else { wish });
        let mut name = shorten(&wish, LONGEST);
        let mut number = 2;
        while !self.taken.insert(name.clone()) {
            let suffix = format!(" ({number})");
            name = shorten(&wish, LONGEST - suffix.len()) + &suffix;
            number += 1;
        }
        name
    }

    pub(super) fn machine(mut self) -> Flow {
        self.flow(self.graph.start)
    }

    /// A flow that begins with an edge: the machine, a branch, an item's.
    fn flow(&mut self, start: EdgeId) -> Flow {
        let edge = &self.graph.edges[start];
        let bound = self.bound(&Bound::new(), start, "");
        let first = match &edge.to {
            Target::State(first) => *first,
            Target::Return(value) => {
                // Nothing but an expression; a machine has at least one state.
                let name = self.fresh("return");
                let value = self.leaf(value, &bound);
                return Flow::starting_at(name.clone()).state(name, giving(value));
            }
            // A loop without a state, which has been reported.
            Target::Nowhere => return Flow::default(),
        };
        let mut flow = Flow::starting_at(self.names[&first].clone());
        let mut left = vec![first];
        let mut own = std::collections::BTreeSet::new();
        while let Some(state) = left.pop() {
            if own.insert(state) {
                for edge in self.graph.states[state].edges() {
                    if let Target::State(to) = self.graph.edges[edge].to {
                        left.push(to);
                    }
                }
            }
        }
        for state in own {
            // What is bound before the first state is not assigned, and stands for itself there.
            let bound = if state == first {
                bound.clone()
            } else {
                Bound::new()
            };
            let written = self.state(state, &bound);
            flow.states.insert(self.names[&state].clone(), written);
        }
        flow.states
            .extend(self.returns.remove(&edge.flow).unwrap_or_default());
        if let Some(end) = self.ends.remove(&edge.flow) {
            flow.states.insert(end, AslState::from(Succeed));
        }
        flow
    }

    fn state(&mut self, id: StateId, bound: &Bound) -> AslState {
        let state = &self.graph.states[id];
        let mut written = match &state.kind {
            // Labels were taken out.
            StateKind::Label { .. } => AslState::from(Succeed),
            StateKind::Choice { rules, otherwise } => {
                let mut choices = Vec::new();
                for rule in rules {
                    let test = self.named(rule.test.clone(), bound);
                    let left = self.left_for_state(rule.edge, bound, "");
                    let mut written =
                        ChoiceRule::when(condition(&test, ""), left.to.unwrap_or_default());
                    written.comment = Some(rule.label.clone());
                    written.assign = left.assign;
                    written.output = left.output;
                    choices.push(written);
                }
                let otherwise = otherwise.map(|edge| self.otherwise(edge, bound));
                let mut written = AslState::from(Choice {
                    choices,
                    default: otherwise.as_ref().and_then(|left| left.to.clone()),
                });
                if let Some(left) = otherwise {
                    written.assign = left.assign;
                    written.output = left.output;
                }
                written
            }
            StateKind::Fail { error, cause, .. } => {
                let text = |value: Value| match value {
                    Value::String(text) => text,
                    other => other.to_string(),
                };
                let error = text(self.leaf(error, bound));
                let cause = cause.as_ref().map(|cause| text(self.leaf(cause, bound)));
                let mut fail = Fail::with(error, cause.clone().unwrap_or_default());
                if cause.is_none_or(|cause| cause.is_empty()) {
                    fail.cause = None;
                }
                AslState::from(fail)
            }
            StateKind::Work {
                work,
                next,
                catches,
            } => {
                let (mut written, result) = self.work(id, work, bound);
                let left = self.left(*next, bound, result);
                written.assign = left.assign;
                // A state's result is its output, unless it says otherwise.
                written.output = left
                    .output
                    .filter(|output| *output != expression("$states.result"));
                if let Some(transition) = written.transition_mut() {
                    *transition = left.to.map_or(Transition::End, Transition::Next);
                }
                let mut catchers = Vec::new();
                let error = if lambda_error::asks_lambda(&written) {
                    OF_LAMBDA
                } else {
                    ""
                };
                for caught in catches {
                    let left = self.left_for_state(caught.edge, bound, error);
                    let to = left.to.unwrap_or_default();
                    let mut catcher = Catcher::on(caught.names.iter().cloned(), to);
                    catcher.assign = left.assign;
                    catcher.output = left.output;
                    catchers.push(catcher);
                }
                match &mut written.kind {
                    AslKind::Task(task) => task.catch = catchers,
                    AslKind::Parallel(parallel) => parallel.catch = catchers,
                    AslKind::Map(map) => map.catch = catchers,
                    _ => {}
                }
                written
            }
        };
        written.comment = Some(comment(state));
        written
    }

    /// A state that does something, and where it leaves its result.
    fn work(&mut self, id: StateId, work: &Work, bound: &Bound) -> (AslState, &'static str) {
        const RESULT: &str = "$states.result";
        let name = self.names[&id].clone();
        match work {
            Work::Call(call) => self.call(&name, call, bound),
            Work::Aws {
                resource,
                arguments,
                retries,
                timeout,
                heartbeat,
            } => {
                let (timeout, heartbeat) = (timeout.map(seconds), heartbeat.map(seconds));
                self.check_limits(&name, timeout, heartbeat);
                let state = AslState::from(Task {
                    arguments: Some(self.leaf(arguments, bound)),
                    timeout_seconds: timeout.map(OrExpression::Value),
                    heartbeat_seconds: heartbeat.map(OrExpression::Value),
                    retry: self.retriers(&name, retries),
                    ..Task::new(resource.clone())
                });
                (state, RESULT)
            }
            Work::Parallel { branches, retries } => {
                let branches: Vec<Flow> = branches.iter().map(|start| self.flow(*start)).collect();
                let mut parallel = Parallel::of(branches);
                parallel.retry = self.retriers(&name, retries);
                (AslState::from(parallel), RESULT)
            }
            Work::Map {
                items,
                concurrency,
                body,
                handed,
                selects,
                distributed,
                retries,
                ..
            } => {
                if distributed.is_some() && self.kind == Kind::Express {
                    self.report(Mistake::DistributedInExpress {
                        state: name.clone(),
                    });
                }
                let items = self.leaf(items, bound);
                let selector = selects.then(|| {
                    let mut selector = Object::new();
                    let of = |what: &str| expression(&format!("$states.context.Map.Item.{what}"));
                    selector.insert(ITEM.to_owned(), of("Value").into());
                    selector.insert(INDEX.to_owned(), of("Index").into());
                    for (key, value) in handed {
                        selector.insert(key.clone(), self.leaf(value, bound));
                    }
                    Value::Object(selector)
                });
                let mut map = Map::of(self.flow(*body));
                map.items = Some(items);
                map.item_selector = selector;
                map.max_concurrency =
                    concurrency.map(|items| OrExpression::Value(u64::from(items)));
                map.retry = self.retriers(&name, retries);
                if let Some(distributed) = distributed {
                    distribute(&mut map, *distributed);
                }
                (AslState::from(map), RESULT)
            }
            Work::Wait(span) => {
                let wait = seconds(*span);
                if wait > LONGEST_WAIT {
                    let what =
                        "a wait of more than 99,999,999 seconds (three years) is not possible";
                    self.range(&name, what);
                }
                (AslState::from(Wait::seconds(wait)), RESULT)
            }
            Work::WaitSeconds(js) => {
                let wait = match self.leaf(js, bound) {
                    Value::Number(seconds) if seconds.as_u64().is_some() => {
                        OrExpression::Value(seconds.as_u64().unwrap_or_default())
                    }
                    Value::String(text) => OrExpression::Expression(text),
                    other => OrExpression::Expression(expression(&other.to_string())),
                };
                (AslState::from(Wait::seconds(wait)), RESULT)
            }
            Work::WaitUntil(js) => {
                let when = self.leaf(js, bound);
                let when = when.as_str().unwrap_or_default();
                (AslState::from(Wait::until(when)), RESULT)
            }
            Work::Pass => (AslState::from(Pass::default()), RESULT),
        }
    }

    fn call(&mut self, name: &str, call: &Call, bound: &Bound) -> (AslState, &'static str) {
        let mut input = Object::new();
        for (parameter, argument) in call.callee.params().iter().zip(&call.arguments) {
            input.insert(parameter.name.to_owned(), self.leaf(argument, bound));
        }
        let (mut state, result) = match call.callee {
            Callee::Step(step) => {
                let answered = call.callback.is_some();
                match task::called(step, input, answered, self.places, self.kind) {
                    Ok(mut state) => {
                        let lambda = state.output.take().is_some();
                        if let AslKind::Task(written) = &mut state.kind {
                            written.retry = task::retriers(&call.retries, Some(step));
                            if lambda || written.resource.starts_with("arn:aws:states:::lambda") {
                                task::add_lambda_retrier(&mut written.retry);
                            }
                            for (limit, own) in [
                                ("timeout", call.callback.or(call.timeout)),
                                ("heartbeat", call.heartbeat),
                            ] {
                                if let Some(own) = own {
                                    task::tell(written, limit, seconds(own));
                                }
                            }
                        }
                        let result = if lambda {
                            "$states.result.Payload"
                        } else {
                            "$states.result"
                        };
                        (state, result)
                    }
                    Err(mistake) => {
                        self.report(mistake);
                        (AslState::from(Task::default()), "$states.result")
                    }
                }
            }
            Callee::Machine(machine) => {
                let name_of = || machine.name.to_owned();
                if self.kind == Kind::Express {
                    self.report(Mistake::NestedInExpress { machine: name_of() });
                } else if machine.kind == Kind::Express {
                    self.report(Mistake::ExpressNested { machine: name_of() });
                }
                let arn = self.places.machine(machine).unwrap_or_else(|unplaced| {
                    self.report(unplaced.into());
                    String::new()
                });
                let mut parts = input.into_iter().map(|(_, value)| value);
                let input = match (machine.params, parts.next()) {
                    // The only parameter is the whole input.
                    ([_], Some(only)) => only,
                    ([], _) | (_, None) => json!({}),
                    (params, Some(first)) => {
                        let keys = params.iter().map(|parameter| parameter.name.to_owned());
                        keys.zip(std::iter::once(first).chain(parts)).collect()
                    }
                };
                // Named for its parent, so that the lines which both write are found together.
                let child = "$substring($states.context.Execution.Name, 0, 43) & '-' & $uuid()";
                let state = AslState::from(Task {
                    arguments: Some(json!({
                        "StateMachineArn": arn,
                        "Name": expression(child),
                        "Input": input,
                    })),
                    retry: self.retriers(name, &call.retries),
                    ..Task::new("arn:aws:states:::states:startExecution.sync:2")
                });
                (state, "$states.result.Output")
            }
            // Its body was recorded in its place.
            Callee::Fragment(_) => (AslState::from(Pass::default()), "$states.result"),
        };
        let (own_timeout, own_heartbeat) = match call.callee {
            Callee::Step(step) => (step.timeout, step.heartbeat),
            _ => (None, None),
        };
        let timeout = call.callback.or(call.timeout).or(own_timeout).map(seconds);
        // Whoever answers in its place sends no heartbeats, unless it is said that he does.
        let own_heartbeat = own_heartbeat.filter(|_| call.callback.is_none());
        let heartbeat = call.heartbeat.or(own_heartbeat).map(seconds);
        self.check_limits(name, timeout, heartbeat);
        if let AslKind::Task(task) = &mut state.kind {
            task.timeout_seconds = timeout.map(OrExpression::Value);
            task.heartbeat_seconds = heartbeat.map(OrExpression::Value);
        }
        (state, result)
    }

    /// Whether limits in seconds are such as AWS takes.
    fn check_limits(&mut self, name: &str, timeout: Option<u64>, heartbeat: Option<u64>) {
        for (limit, what) in [(timeout, "timeout"), (heartbeat, "heartbeat")] {
            if limit.is_some_and(|limit| !(1..=LONGEST_WAIT).contains(&limit)) {
                let what = format!("the {what} must be between 1 and 99,999,999 seconds");
                self.range(name, what);
            }
        }
        if let (Some(timeout), Some(heartbeat)) = (timeout, heartbeat)
            && heartbeat >= timeout
        {
            let what = format!(
                "the heartbeat ({heartbeat} s) must be shorter than the timeout ({timeout} s)"
            );
            self.range(name, what);
        }
    }

    fn retriers(&mut self, name: &str, retries: &[Retry]) -> Vec<sfn_asl::Retrier> {
        if retries.iter().any(|retry| retry.on.is_none()) {
            let what = "a retry here must say which errors: `retry(on(..))`";
            self.range(name, what);
        }
        task::retriers(retries, None)
    }

    fn report(&mut self, mistake: Mistake) {
        if !self.mistakes.contains(&mistake) {
            self.mistakes.push(mistake);
        }
    }

    fn range(&mut self, name: &str, what: impl Into<String>) {
        self.report(Mistake::Range {
            stage: format!("`{name}`"),
            what: what.into(),
        });
    }

    fn variable(&self, id: VariableId) -> String {
        // Whatever is read behind an edge was named.
        let name = self.variables.get(&id);
        name.cloned().unwrap_or_else(|| id.name().to_owned())
    }

    /// The expression with names in the place of variables.
    fn named(&self, js: Js, bound: &Bound) -> Js {
        composed(js, bound).replace(&|id| Some(Js::Place(format!("${}", self.variable(id)))))
    }

    fn leaf(&self, js: &Js, bound: &Bound) -> Value {
        self.named(js.clone(), bound).leaf("")
    }
}

/// A state that ends a flow with a value. A Pass state, as not every interpreter minds the `Output` of a Succeed state.
fn giving(value: Value) -> AslState {
    let pass = Pass {
        transition: Transition::End,
        ..Pass::default()
    };
    AslState::from(pass).output(value)
}

/// What the state is for, and where it stands in the source.
fn comment(state: &State) -> String {
    let place = format!("{}:{}", state.file, state.line);
    if state.comment.is_empty() {
        place
    } else {
        format!("{} ({place})", state.comment)
    }
}
