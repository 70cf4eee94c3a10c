//! Writing the planned stages as states.

use serde_json::{Value, json};
use sfn_asl::{
    Catcher, Choice, ChoiceRule, Condition, ExecutionType, Fail, Flow, Kind as StateKind, Map,
    Mode, OrExpression, Parallel, Pass, ProcessorConfig, State, Succeed, Transition, Wait,
};

use super::{
    Mistake, collect, lambda_error,
    names::{Asked, Group, Names, Parts, Plan, Planned},
    task::{self, retriers, seconds},
    undo::Undone,
};
use crate::{
    Kind,
    flow::{
        definition::{Call, Distributed, Stage, Tolerated},
        expression::Js,
        places::Places,
        render::{expression, literal_text},
    },
};

/// The longest wait that AWS accepts, in seconds.
pub(super) const LONGEST_WAIT: u64 = 99_999_999;

pub(super) struct Writer<'a> {
    pub(super) places: &'a dyn Places,
    pub(super) kind: Kind,
    pub(super) names: Names,
    pub(super) mistakes: &'a mut Vec<Mistake>,
    /// How many flows the one that is written stands in, itself included.
    depth: usize,
    undone: Vec<Undone>,
}

/// Where stages lead when they are done.
#[derive(Clone, Copy)]
enum Next<'a> {
    State(&'a str),
    End,
}

impl Next<'_> {
    fn transition(self) -> Transition {
        match self {
            Next::State(name) => Transition::Next(name.to_owned()),
            Next::End => Transition::End,
        }
    }
}

/// The state that stages begin with.
fn entry<'a>(plan: &'a [Planned<'_>], next: Next<'a>) -> Next<'a> {
    match plan.first() {
        Some(first) => Next::State(first.entry()),
        None => next,
    }
}

impl Planned<'_> {
    fn entry(&self) -> &str {
        match &self.parts {
            Parts::Choose(groups, _) => groups.first().map_or(self.name.as_str(), Group::entry),
            _ => &self.name,
        }
    }
}

impl Group<'_> {
    fn entry(&self) -> &str {
        match &self.asked {
            Some(asked) => &asked.name,
            None => &self.choice,
        }
    }
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        places: &'a dyn Places,
        kind: Kind,
        names: Names,
        mistakes: &'a mut Vec<Mistake>,
    ) -> Self {
        Self {
            places,
            kind,
            names,
            mistakes,
            depth: 0,
            undone: Vec::new(),
        }
    }

    /// The whole machine.
    pub(super) fn machine(&mut self, plan: &Plan<'_>) -> Flow {
        let mut flow = self.flow(plan);
        let undone = std::mem::take(&mut self.undone);
        if !undone.is_empty() && self.mistakes.is_empty() {
            self.take_back(&mut flow, &undone);
        }
        flow
    }

    /// Notes that what a state does can be taken back.
    fn note_undo(&mut self, state: &str, call: Call) {
        let Some(undo) = call.step.undo else { return };
        if self.depth > 1 {
            self.mistakes.push(Mistake::UndoWithin {
                step: call.step.name.to_owned(),
            });
            return;
        }
        self.undone.push(Undone {
            state: state.to_owned(),
            step: call.step,
            undo,
            input: task::given(call),
        });
    }

    /// Stages that begin and end by themselves: a machine's, a branch's, an item's.
    fn flow(&mut self, plan: &Plan<'_>) -> Flow {
        self.depth += 1;
        let mut flow = Flow::starting_at(match entry(plan, Next::End) {
            Next::State(name) => name,
            // Stages without a state have been reported.
            Next::End => "",
        });
        self.stages(plan, Next::End, &mut flow);
        self.depth -= 1;
        flow
    }

    /// The flow of a branch or an item. With `collects` it gives how it ended.
    fn inner(&mut self, plan: &Plan<'_>, collects: bool) -> Flow {
        let mut flow = self.flow(plan);
        if collects {
            collect::keep(&mut flow, &mut self.names);
        }
        flow
    }

    fn stages(&mut self, plan: &[Planned<'_>], next: Next<'_>, flow: &mut Flow) {
        for (index, stage) in plan.iter().enumerate() {
            let next = entry(&plan[index + 1..], next);
            self.stage(stage, next, flow);
        }
    }

    fn stage(&mut self, stage: &Planned<'_>, next: Next<'_>, flow: &mut Flow) {
        let node = stage.node;
        if let Parts::Choose(groups, otherwise) = &stage.parts {
            self.choose(stage, groups, otherwise.as_ref(), next, flow);
            return;
        }
        let mut state = match (&node.stage, &stage.parts) {
            (Stage::Task(call), _) => self.task(stage, *call),
            (Stage::Parallel(_), Parts::Parallel(branches)) => {
                let branches: Vec<Flow> = branches
                    .iter()
                    .map(|plan| self.inner(plan, node.collects))
                    .collect();
                let mut parallel = Parallel::of(branches);
                parallel.retry = retriers(&node.retries, None);
                State::from(parallel)
            }
            (
                Stage::Map {
                    items,
                    max_concurrency,
                    distributed,
                    ..
                },
                Parts::Map(body),
            ) => {
                let mut map = Map::of(self.inner(body, node.collects));
                if let Some(distributed) = distributed {
                    if self.kind == Kind::Express {
                        self.mistakes.push(Mistake::DistributedInExpress {
                            state: stage.name.clone(),
                        });
                    }
                    distribute(&mut map, *distributed);
                }
                // Without `Items` a Map goes over its input; to say so is clearer.
                map.items = Some(leaf(items));
                map.max_concurrency =
                    max_concurrency.map(|items| OrExpression::Value(u64::from(items)));
                map.retry = retriers(&node.retries, None);
                State::from(map)
            }
            (Stage::Wait(span), _) => {
                let wait = seconds(*span);
                if wait > LONGEST_WAIT {
                    let what =
                        "a wait of more than 99,999,999 seconds (three years) is not possible";
                    self.range(&stage.name, what);
                }
                State::from(Wait::seconds(wait))
            }
            (Stage::WaitUntil(when), _) => {
                let when = leaf(when);
                State::from(Wait::until(when.as_str().unwrap_or_default()))
            }
            (Stage::Fail { error, cause }, _) => {
                let text = |text: &str| match literal_text(text) {
                    Value::String(text) => text,
                    other => other.to_string(),
                };
                let mut fail = Fail::with(text(error), text(cause));
                if cause.is_empty() {
                    fail.cause = None;
                }
                State::from(fail)
            }
            (Stage::Succeed, _) => State::from(Succeed),
            (Stage::Pass(template), _) => {
                let state = State::from(Pass::default());
                match template {
                    Some(template) => state.output(template.value()),
                    None => state,
                }
            }
            // Their stages stand in their place, and a choice is written above.
            _ => return,
        };
        if let Some(transition) = state.transition_mut() {
            *transition = next.transition();
        }
        if node.comment.is_some() {
            state.comment.clone_from(&node.comment);
        }
        let lambda = lambda_error::asks_lambda(&state);
        let catchers = stage.handlers.iter().zip(&node.catches);
        let catchers: Vec<Catcher> = catchers
            .filter_map(|(handler, catch)| {
                // A handler without stages has been reported.
                let Next::State(first) = entry(handler, Next::End) else {
                    return None;
                };
                let mut catcher = Catcher::on(catch.on.iter().cloned(), first);
                catcher.output = Some(caught(lambda));
                Some(catcher)
            })
            .collect();
        match &mut state.kind {
            StateKind::Task(task) => task.catch = catchers,
            StateKind::Parallel(parallel) => parallel.catch = catchers,
            StateKind::Map(map) => map.catch = catchers,
            _ => {}
        }
        flow.states.insert(stage.name.clone(), state);
        for handler in &stage.handlers {
            self.stages(handler, next, flow);
        }
    }

    fn range(&mut self, stage: &str, what: impl Into<String>) {
        self.mistakes.push(Mistake::Range {
            stage: format!("`{stage}`"),
            what: what.into(),
        });
    }

    fn task(&mut self, stage: &Planned<'_>, call: Call) -> State {
        let node = stage.node;
        let timeout = node.timeout.or(call.step.timeout).map(seconds);
        let heartbeat = node.heartbeat.or(call.step.heartbeat).map(seconds);
        for (limit, what) in [(timeout, "timeout"), (heartbeat, "heartbeat")] {
            if limit.is_some_and(|limit| !(1..=LONGEST_WAIT).contains(&limit)) {
                self.range(
                    &stage.name,
                    format!("the {what} must be between 1 and 99,999,999 seconds"),
                );
            }
        }
        if let (Some(timeout), Some(heartbeat)) = (timeout, heartbeat)
            && heartbeat >= timeout
        {
            self.range(
                &stage.name,
                format!(
                    "the heartbeat ({heartbeat} s) must be shorter than the timeout ({timeout} s)"
                ),
            );
        }
        self.note_undo(&stage.name, call);
        let mut written = self.bare_task(call);
        let lambda = written.output.is_some();
        if let StateKind::Task(task) = &mut written.kind {
            task.timeout_seconds = timeout.map(OrExpression::Value);
            task.heartbeat_seconds = heartbeat.map(OrExpression::Value);
            for (limit, own) in [("timeout", node.timeout), ("heartbeat", node.heartbeat)] {
                if let Some(own) = own {
                    task::tell(task, limit, seconds(own));
                }
            }
            task.retry = retriers(&node.retries, Some(call.step));
            if lambda {
                task::add_lambda_retrier(&mut task.retry);
            }
        }
        written
    }

    /// The task without what its use adds.
    fn bare_task(&mut self, call: Call) -> State {
        match task::state(call, self.places, self.kind) {
            Ok(state) => state,
            Err(mistake) => {
                if !self.mistakes.contains(&mistake) {
                    self.mistakes.push(mistake);
                }
                State::from(sfn_asl::Task::default())
            }
        }
    }

    fn choose(
        &mut self,
        stage: &Planned<'_>,
        groups: &[Group<'_>],
        otherwise: Option<&Plan<'_>>,
        next: Next<'_>,
        flow: &mut Flow,
    ) {
        // A Choice state leads to a state, never to the end: there the value needs one to end with.
        let passes = |plan: &Plan<'_>| plan.is_empty();
        let needs_end = groups
            .iter()
            .flat_map(|group| &group.rules)
            .any(|(_, arm)| passes(arm))
            || otherwise.is_some_and(passes);
        let done;
        let after = match next {
            Next::End if needs_end => {
                done = self.names.fresh("done");
                Next::State(&done)
            }
            next => next,
        };
        for (index, group) in groups.iter().enumerate() {
            let default = match groups.get(index + 1) {
                Some(group) => Some(group.entry().to_owned()),
                None => otherwise.and_then(|arm| match entry(arm, after) {
                    Next::State(name) => Some(name.to_owned()),
                    Next::End => None,
                }),
            };
            if let Some(asked) = &group.asked {
                let state = self.ask(asked, &group.choice);
                flow.states.insert(asked.name.clone(), state);
            }
            let verdict = group.asked.as_ref().map_or("", |asked| &asked.variable);
            let mut rules = Vec::new();
            for (test, arm) in &group.rules {
                if let Next::State(target) = entry(arm, after) {
                    rules.push(ChoiceRule::when(condition(test, verdict), target));
                }
            }
            let choice = Choice {
                choices: rules,
                default,
            };
            let mut state = State::from(choice);
            if index == 0 {
                state.comment.clone_from(&stage.node.comment);
            }
            flow.states.insert(group.choice.clone(), state);
            for (_, arm) in &group.rules {
                self.stages(arm, next, flow);
            }
        }
        if let Some(arm) = otherwise {
            self.stages(arm, next, flow);
        }
        if let (Next::End, Next::State(done)) = (next, after) {
            flow.states.insert(done.to_owned(), State::from(Succeed));
        }
    }

    /// The task that asks a predicate step. It keeps the value, and its verdict in a variable.
    fn ask(&mut self, asked: &Asked, choice: &str) -> State {
        self.note_undo(&asked.name, asked.call);
        let mut state = self.own_task(asked.call.step, task::given(asked.call));
        let verdict = match state.output.take() {
            Some(output) => output,
            None => Value::from(expression("$states.result")),
        };
        state
            .output(expression("$states.input"))
            .assign(asked.variable.clone(), verdict)
            .then(choice)
    }
}

/// Makes each item an execution of its own.
pub(super) fn distribute(map: &mut Map, distributed: Distributed) {
    map.item_processor.config = Some(ProcessorConfig {
        mode: Some(Mode::Distributed),
        execution_type: Some(ExecutionType::Standard),
    });
    match distributed.tolerated {
        Some(Tolerated::Items(items)) => {
            map.tolerated_failure_count = Some(OrExpression::Value(u64::from(items)));
        }
        Some(Tolerated::Percent(part)) => {
            map.tolerated_failure_percentage = Some(OrExpression::Value(part));
        }
        None => {}
    }
}

pub(super) fn condition(test: &Js, verdict: &str) -> Condition {
    match test.leaf(verdict) {
        Value::Bool(known) => Condition::Jsonata(OrExpression::Value(known)),
        Value::String(text) => Condition::from(text),
        // A condition is neither a number nor null: rustc has seen to it.
        other => Condition::from(expression(&other.to_string())),
    }
}

fn leaf(js: &Result<Js, crate::flow::Fault>) -> Value {
    // A fault has been reported; the definition is not written.
    js.as_ref().map_or(Value::Null, |js| js.leaf(""))
}

/// What a catch handler is given. Name and cause may be null when a task fails without saying why.
///
/// A step on Lambda says its cause within Lambda's answer.
pub(super) fn caught(lambda: bool) -> Value {
    let given = |field: &str| {
        let path = format!("$states.errorOutput.{field}");
        expression(&format!("{path} ? {path} : ''"))
    };
    let cause = match lambda {
        true => lambda_error::caught_cause().leaf(""),
        false => given("Cause").into(),
    };
    json!({
        "input": expression("$states.input"),
        "error": { "name": given("Error"), "cause": cause },
    })
}
