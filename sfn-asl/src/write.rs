//! From model to JSON: stable, in the order people write, nothing added.
//!
//! What is absent stays absent, what is empty and says nothing (`Retry`, `Catch`, `Assign`) is left out, and `Next` or
//! `End` closes a state, so that a diff of two definitions shows what changed and nothing else.

mod map;

use serde_json::{Map, Value};

use crate::model::{
    Assign, Catcher, Choice, ChoiceRule, Comparison, Condition, Flow, Jitter, Kind, Operand,
    Operator, OrExpression, PathField, Retrier, State, StateMachine, Test, Transition, WaitFor,
};

impl StateMachine {
    /// The definition as a JSON value.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut object = Object::default();
        object.text("Comment", self.flow.comment.as_deref());
        object.text(
            "QueryLanguage",
            self.query_language.map(|language| language.as_str()),
        );
        object.text("Version", self.version.as_deref());
        object.some("TimeoutSeconds", self.timeout_seconds);
        object.flow(&self.flow);
        object.into_value()
    }

    /// The definition as readable JSON: two spaces deep, no line break at the end.
    #[must_use]
    pub fn to_string_pretty(&self) -> String {
        format!("{:#}", self.to_value())
    }
}

/// Writes the definition as JSON on one line; `{:#}` gives [`StateMachine::to_string_pretty`].
///
/// ```
/// use sfn_asl::{Flow, Pass, StateMachine};
/// let machine = StateMachine::new(Flow::starting_at("A").state("A", Pass::default()));
/// assert_eq!(machine.to_string(), r#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#);
/// ```
impl std::fmt::Display for StateMachine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&self.to_value(), f)
    }
}

impl State {
    /// The state's definition as a JSON value.
    #[must_use]
    pub fn to_value(&self) -> Value {
        state(self, true)
    }

    /// The same without the states within: enough for who wants to know which fields there are.
    pub(crate) fn to_value_shallow(&self) -> Value {
        state(self, false)
    }
}

/// A JSON object under construction.
#[derive(Default)]
struct Object(Map<String, Value>);

impl Object {
    fn into_value(self) -> Value {
        Value::Object(self.0)
    }

    fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    fn some(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }

    fn text(&mut self, name: &str, text: Option<&str>) {
        self.some(name, text);
    }

    fn value(&mut self, name: &str, value: Option<&Value>) {
        self.some(name, value.cloned());
    }

    fn path(&mut self, name: &str, path: &PathField) {
        match path {
            PathField::Absent => {}
            PathField::Null => self.set(name, Value::Null),
            PathField::Path(path) => self.set(name, path.as_str()),
        }
    }

    fn or_expression<T: Clone + Into<Value>>(
        &mut self,
        name: &str,
        value: Option<&OrExpression<T>>,
    ) {
        match value {
            None => {}
            Some(OrExpression::Value(value)) => self.set(name, value.clone()),
            Some(OrExpression::Expression(text)) => self.set(name, text.as_str()),
        }
    }

    fn assign(&mut self, assign: &Assign) {
        if !assign.is_empty() {
            self.set("Assign", assign.clone());
        }
    }

    fn flow(&mut self, flow: &Flow) {
        self.set("StartAt", flow.start_at.as_str());
        let states: Map<String, Value> = flow
            .states
            .iter()
            .map(|(name, inner)| (name.clone(), state(inner, true)))
            .collect();
        self.set("States", states);
    }

    fn transition(&mut self, transition: &Transition) {
        match transition {
            Transition::Next(next) => self.set("Next", next.as_str()),
            Transition::End => self.set("End", true),
        }
    }

    fn errors(&mut self, retry: &[Retrier], catch: &[Catcher]) {
        if !retry.is_empty() {
            self.set("Retry", retry.iter().map(retrier).collect::<Vec<_>>());
        }
        if !catch.is_empty() {
            self.set("Catch", catch.iter().map(catcher).collect::<Vec<_>>());
        }
    }
}

fn state(state: &State, deep: bool) -> Value {
    let mut object = Object::default();
    object.set("Type", state.state_type().as_str());
    object.text("Comment", state.comment.as_deref());
    object.text(
        "QueryLanguage",
        state.query_language.map(|language| language.as_str()),
    );
    object.path("InputPath", &state.input_path);
    match &state.kind {
        Kind::Task(task) => {
            object.set("Resource", task.resource.as_str());
            object.value("Parameters", task.parameters.as_ref());
            object.value("Arguments", task.arguments.as_ref());
            object.value("Credentials", task.credentials.as_ref());
            object.or_expression("TimeoutSeconds", task.timeout_seconds.as_ref());
            object.text("TimeoutSecondsPath", task.timeout_seconds_path.as_deref());
            object.or_expression("HeartbeatSeconds", task.heartbeat_seconds.as_ref());
            object.text(
                "HeartbeatSecondsPath",
                task.heartbeat_seconds_path.as_deref(),
            );
        }
        Kind::Parallel(parallel) => {
            object.value("Parameters", parallel.parameters.as_ref());
            object.value("Arguments", parallel.arguments.as_ref());
            if deep {
                object.set(
                    "Branches",
                    parallel.branches.iter().map(branch).collect::<Vec<_>>(),
                );
            }
        }
        Kind::Map(map) => self::map::map(&mut object, map, deep),
        Kind::Pass(pass) => {
            object.value("Result", pass.result.as_ref());
            object.value("Parameters", pass.parameters.as_ref());
        }
        Kind::Wait(wait) => {
            for wait_for in &wait.wait_for {
                match wait_for {
                    WaitFor::Seconds(seconds) => object.or_expression("Seconds", Some(seconds)),
                    WaitFor::Timestamp(text)
                    | WaitFor::SecondsPath(text)
                    | WaitFor::TimestampPath(text) => {
                        object.set(wait_for.field(), text.as_str());
                    }
                }
            }
        }
        Kind::Choice(choice) => self::choice(&mut object, choice),
        Kind::Succeed(_) => {}
        Kind::Fail(fail) => {
            object.text("Error", fail.error.as_deref());
            object.text("ErrorPath", fail.error_path.as_deref());
            object.text("Cause", fail.cause.as_deref());
            object.text("CausePath", fail.cause_path.as_deref());
        }
    }
    object.value("ResultSelector", state.result_selector());
    object.path("ResultPath", state.result_path());
    object.path("OutputPath", &state.output_path);
    object.assign(&state.assign);
    object.value("Output", state.output.as_ref());
    object.errors(state.retry(), state.catch());
    if let Some(transition) = state.transition() {
        object.transition(transition);
    }
    if let Kind::Choice(choice) = &state.kind {
        object.text("Default", choice.default.as_deref());
    }
    object.into_value()
}

fn branch(flow: &Flow) -> Value {
    let mut object = Object::default();
    object.text("Comment", flow.comment.as_deref());
    object.flow(flow);
    object.into_value()
}

fn retrier(retrier: &Retrier) -> Value {
    let mut object = Object::default();
    object.text("Comment", retrier.comment.as_deref());
    object.set("ErrorEquals", retrier.error_equals.clone());
    object.some("IntervalSeconds", retrier.interval_seconds);
    object.some("MaxAttempts", retrier.max_attempts);
    object.some("BackoffRate", retrier.backoff_rate);
    object.some("MaxDelaySeconds", retrier.max_delay_seconds);
    object.text(
        "JitterStrategy",
        retrier.jitter_strategy.map(|jitter| match jitter {
            Jitter::None => "NONE",
            Jitter::Full => "FULL",
        }),
    );
    object.into_value()
}

fn catcher(catcher: &Catcher) -> Value {
    let mut object = Object::default();
    object.text("Comment", catcher.comment.as_deref());
    object.set("ErrorEquals", catcher.error_equals.clone());
    object.path("ResultPath", &catcher.result_path);
    object.assign(&catcher.assign);
    object.value("Output", catcher.output.as_ref());
    object.set("Next", catcher.next.as_str());
    object.into_value()
}

fn choice(object: &mut Object, choice: &Choice) {
    object.set(
        "Choices",
        choice.choices.iter().map(rule).collect::<Vec<_>>(),
    );
}

fn rule(rule: &ChoiceRule) -> Value {
    let mut object = Object::default();
    object.text("Comment", rule.comment.as_deref());
    match &rule.condition {
        Condition::Jsonata(condition) => object.or_expression("Condition", Some(condition)),
        Condition::Test(test) => self::test(&mut object, test),
    }
    object.assign(&rule.assign);
    object.value("Output", rule.output.as_ref());
    object.set("Next", rule.next.as_str());
    object.into_value()
}

fn test(object: &mut Object, test: &Test) {
    match test {
        Test::And(tests) => object.set("And", tests.iter().map(nested).collect::<Vec<_>>()),
        Test::Or(tests) => object.set("Or", tests.iter().map(nested).collect::<Vec<_>>()),
        Test::Not(inner) => object.set("Not", nested(inner)),
        Test::Compare(Comparison { variable, operator }) => {
            object.set("Variable", variable.as_str());
            object.set(&operator.name(), operand(operator));
        }
    }
}

fn nested(test: &Test) -> Value {
    let mut object = Object::default();
    self::test(&mut object, test);
    object.into_value()
}

fn operand(operator: &Operator) -> Value {
    fn of<T: Clone + Into<Value>>(operand: &Operand<T>) -> Value {
        match operand {
            Operand::Value(value) => value.clone().into(),
            Operand::Path(path) => path.as_str().into(),
        }
    }
    match operator {
        Operator::String(_, operand) | Operator::Timestamp(_, operand) => of(operand),
        Operator::StringMatches(pattern) => pattern.as_str().into(),
        Operator::Numeric(_, operand) => of(operand),
        Operator::Boolean(operand) => of(operand),
        Operator::Is(_, wanted) => (*wanted).into(),
    }
}
