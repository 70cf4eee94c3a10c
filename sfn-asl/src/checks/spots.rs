//! Where in a state expressions, paths and templates stand.

use serde_json::Value;

use crate::model::{
    Assign, Condition, Kind, Operand, Operator, OrExpression, PathField, Test, Visit, WaitFor,
};
use crate::place::Place;

/// A text of a JSONata state that is an expression, or may be one.
pub(super) struct Expression<'a> {
    pub(super) place: Place,
    pub(super) text: &'a str,
    /// Whether nothing but an expression makes sense here.
    pub(super) required: bool,
    /// Whether `$states.result` is there to be read.
    pub(super) result: bool,
    /// Whether `$states.errorOutput` is there to be read.
    pub(super) error_output: bool,
}

/// All texts of a state that JSONata may stand in; those in templates are only the leaves that begin with `{%`.
pub(super) fn expressions<'a>(visit: &Visit<'a>) -> Vec<Expression<'a>> {
    let mut found = Found {
        list: Vec::new(),
        result: false,
        error_output: false,
    };
    let (at, state) = (&visit.place, visit.state);
    match &state.kind {
        Kind::Task(task) => {
            found.template(at, "Arguments", task.arguments.as_ref());
            found.template(at, "Credentials", task.credentials.as_ref());
            found.or_expression(at, "TimeoutSeconds", task.timeout_seconds.as_ref());
            found.or_expression(at, "HeartbeatSeconds", task.heartbeat_seconds.as_ref());
        }
        Kind::Parallel(parallel) => found.template(at, "Arguments", parallel.arguments.as_ref()),
        Kind::Map(map) => {
            match &map.items {
                Some(Value::String(text)) => found.push(at.then("Items"), text, true),
                items => found.template(at, "Items", items.as_ref()),
            }
            found.template(at, "ItemSelector", map.item_selector.as_ref());
            found.or_expression(at, "MaxConcurrency", map.max_concurrency.as_ref());
            found.or_expression(
                at,
                "ToleratedFailurePercentage",
                map.tolerated_failure_percentage.as_ref(),
            );
            found.or_expression(
                at,
                "ToleratedFailureCount",
                map.tolerated_failure_count.as_ref(),
            );
            if let Some(reader) = &map.item_reader {
                let at = at.then("ItemReader");
                found.template(&at, "Arguments", reader.arguments.as_ref());
                if let Some(config) = &reader.reader_config {
                    found.or_expression(
                        &at.then("ReaderConfig"),
                        "MaxItems",
                        config.max_items.as_ref(),
                    );
                }
            }
            if let Some(batcher) = &map.item_batcher {
                let at = at.then("ItemBatcher");
                found.or_expression(
                    &at,
                    "MaxItemsPerBatch",
                    batcher.max_items_per_batch.as_ref(),
                );
                found.or_expression(
                    &at,
                    "MaxInputBytesPerBatch",
                    batcher.max_input_bytes_per_batch.as_ref(),
                );
                found.template(&at, "BatchInput", batcher.batch_input.as_ref());
            }
            if let Some(writer) = &map.result_writer {
                found.template(
                    &at.then("ResultWriter"),
                    "Arguments",
                    writer.arguments.as_ref(),
                );
            }
        }
        Kind::Wait(wait) => {
            for wait_for in &wait.wait_for {
                match wait_for {
                    WaitFor::Seconds(seconds) => found.or_expression(at, "Seconds", Some(seconds)),
                    WaitFor::Timestamp(text) => found.leaf(at.then("Timestamp"), text),
                    WaitFor::SecondsPath(_) | WaitFor::TimestampPath(_) => {}
                }
            }
        }
        Kind::Choice(choice) => {
            for (index, rule) in choice.choices.iter().enumerate() {
                let at = at.then("Choices").then(index);
                if let Condition::Jsonata(condition) = &rule.condition {
                    found.or_expression(&at, "Condition", Some(condition));
                }
                found.template(&at, "Output", rule.output.as_ref());
                found.assign(&at, &rule.assign);
            }
        }
        Kind::Fail(fail) => {
            for (name, text) in [("Error", &fail.error), ("Cause", &fail.cause)] {
                if let Some(text) = text {
                    found.leaf(at.then(name), text);
                }
            }
        }
        Kind::Pass(_) | Kind::Succeed(_) => {}
    }
    found.result = matches!(state.kind, Kind::Task(_) | Kind::Parallel(_) | Kind::Map(_));
    found.template(at, "Output", state.output.as_ref());
    found.assign(at, &state.assign);
    found.result = false;
    found.error_output = true;
    for (index, catcher) in state.catch().iter().enumerate() {
        let at = at.then("Catch").then(index);
        found.template(&at, "Output", catcher.output.as_ref());
        found.assign(&at, &catcher.assign);
    }
    found.list
}

struct Found<'a> {
    list: Vec<Expression<'a>>,
    result: bool,
    error_output: bool,
}

impl<'a> Found<'a> {
    fn push(&mut self, place: Place, text: &'a str, required: bool) {
        let Self {
            result,
            error_output,
            ..
        } = *self;
        self.list.push(Expression {
            place,
            text,
            required,
            result,
            error_output,
        });
    }

    /// A text that is an expression or literal.
    fn leaf(&mut self, place: Place, text: &'a str) {
        if text.starts_with("{%") {
            self.push(place, text, false);
        }
    }

    fn or_expression<T>(&mut self, at: &Place, name: &str, value: Option<&'a OrExpression<T>>) {
        if let Some(OrExpression::Expression(text)) = value {
            self.push(at.then(name), text, true);
        }
    }

    fn template(&mut self, at: &Place, name: &str, value: Option<&'a Value>) {
        if let Some(value) = value {
            self.leaves(at.then(name), value);
        }
    }

    fn assign(&mut self, at: &Place, assign: &'a Assign) {
        for (name, value) in assign {
            self.leaves(at.then("Assign").then(name.as_str()), value);
        }
    }

    fn leaves(&mut self, place: Place, value: &'a Value) {
        match value {
            Value::String(text) => self.leaf(place, text),
            Value::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    self.leaves(place.then(index), element);
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    self.leaves(place.then(name.as_str()), member);
                }
            }
            _ => {}
        }
    }
}

/// What kind of path a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PathKind {
    /// Any path.
    Any,
    /// A path that picks one value: a Reference Path.
    Reference,
    /// A Reference Path to write to: it begins with `$`.
    Target,
    /// A Reference Path, or a call of an intrinsic function that gives a string.
    Text,
}

/// A path field of a JSONPath state.
pub(super) struct Path<'a> {
    pub(super) place: Place,
    pub(super) text: &'a str,
    pub(super) kind: PathKind,
}

/// All path fields of a state, without those in templates.
pub(super) fn paths<'a>(visit: &Visit<'a>) -> Vec<Path<'a>> {
    let mut paths = Vec::new();
    let (at, state) = (&visit.place, visit.state);
    let mut push = |place: Place, text: &'a str, kind| paths.push(Path { place, text, kind });
    for (name, field, kind) in [
        ("InputPath", &state.input_path, PathKind::Any),
        ("ResultPath", state.result_path(), PathKind::Target),
        ("OutputPath", &state.output_path, PathKind::Any),
    ] {
        if let PathField::Path(path) = field {
            push(at.then(name), path, kind);
        }
    }
    let mut optional: Vec<(Place, Option<&'a String>, PathKind)> = Vec::new();
    match &state.kind {
        Kind::Task(task) => {
            optional.push((
                at.then("TimeoutSecondsPath"),
                task.timeout_seconds_path.as_ref(),
                PathKind::Reference,
            ));
            optional.push((
                at.then("HeartbeatSecondsPath"),
                task.heartbeat_seconds_path.as_ref(),
                PathKind::Reference,
            ));
        }
        Kind::Map(map) => {
            optional.push((
                at.then("ItemsPath"),
                map.items_path.as_ref(),
                PathKind::Reference,
            ));
            for (name, path) in [
                ("MaxConcurrencyPath", &map.max_concurrency_path),
                (
                    "ToleratedFailurePercentagePath",
                    &map.tolerated_failure_percentage_path,
                ),
                (
                    "ToleratedFailureCountPath",
                    &map.tolerated_failure_count_path,
                ),
            ] {
                optional.push((at.then(name), path.as_ref(), PathKind::Reference));
            }
            if let Some(config) = map
                .item_reader
                .as_ref()
                .and_then(|reader| reader.reader_config.as_ref())
            {
                let at = at.then("ItemReader").then("ReaderConfig");
                optional.push((
                    at.then("MaxItemsPath"),
                    config.max_items_path.as_ref(),
                    PathKind::Reference,
                ));
            }
            if let Some(batcher) = &map.item_batcher {
                let at = at.then("ItemBatcher");
                for (name, path) in [
                    ("MaxItemsPerBatchPath", &batcher.max_items_per_batch_path),
                    (
                        "MaxInputBytesPerBatchPath",
                        &batcher.max_input_bytes_per_batch_path,
                    ),
                ] {
                    optional.push((at.then(name), path.as_ref(), PathKind::Reference));
                }
            }
        }
        Kind::Wait(wait) => {
            for wait_for in &wait.wait_for {
                if let WaitFor::SecondsPath(path) | WaitFor::TimestampPath(path) = wait_for {
                    push(at.then(wait_for.field()), path, PathKind::Reference);
                }
            }
        }
        Kind::Choice(choice) => {
            for (index, rule) in choice.choices.iter().enumerate() {
                if let Condition::Test(test) = &rule.condition {
                    test_paths(test, &at.then("Choices").then(index), &mut push);
                }
            }
        }
        Kind::Fail(fail) => {
            optional.push((
                at.then("ErrorPath"),
                fail.error_path.as_ref(),
                PathKind::Text,
            ));
            optional.push((
                at.then("CausePath"),
                fail.cause_path.as_ref(),
                PathKind::Text,
            ));
        }
        _ => {}
    }
    for (place, path, kind) in optional {
        if let Some(path) = path {
            push(place, path, kind);
        }
    }
    for (index, catcher) in state.catch().iter().enumerate() {
        if let PathField::Path(path) = &catcher.result_path {
            push(
                at.then("Catch").then(index).then("ResultPath"),
                path,
                PathKind::Target,
            );
        }
    }
    paths
}

fn test_paths<'a>(test: &'a Test, at: &Place, push: &mut impl FnMut(Place, &'a str, PathKind)) {
    match test {
        Test::And(tests) | Test::Or(tests) => {
            let name = if matches!(test, Test::And(_)) {
                "And"
            } else {
                "Or"
            };
            for (index, test) in tests.iter().enumerate() {
                test_paths(test, &at.then(name).then(index), push);
            }
        }
        Test::Not(test) => test_paths(test, &at.then("Not"), push),
        Test::Compare(comparison) => {
            push(
                at.then("Variable"),
                &comparison.variable,
                PathKind::Reference,
            );
            let path = match &comparison.operator {
                Operator::String(_, Operand::Path(path))
                | Operator::Numeric(_, Operand::Path(path))
                | Operator::Boolean(Operand::Path(path))
                | Operator::Timestamp(_, Operand::Path(path)) => path,
                _ => return,
            };
            push(
                at.then(comparison.operator.name().as_str()),
                path,
                PathKind::Reference,
            );
        }
    }
}

/// All payload templates of a JSONPath state.
pub(super) fn templates(visit: &Visit<'_>) -> Vec<(Place, Value)> {
    let mut templates = Vec::new();
    let (at, state) = (&visit.place, visit.state);
    let mut push = |at: &Place, name: &str, value: Option<&Value>| {
        if let Some(value) = value {
            templates.push((at.then(name), value.clone()));
        }
    };
    push(at, "Parameters", state.parameters());
    push(at, "ResultSelector", state.result_selector());
    match &state.kind {
        Kind::Task(task) => push(at, "Credentials", task.credentials.as_ref()),
        Kind::Map(map) => {
            push(at, "ItemSelector", map.item_selector.as_ref());
            if let Some(reader) = &map.item_reader {
                push(
                    &at.then("ItemReader"),
                    "Parameters",
                    reader.parameters.as_ref(),
                );
            }
            if let Some(batcher) = &map.item_batcher {
                push(
                    &at.then("ItemBatcher"),
                    "BatchInput",
                    batcher.batch_input.as_ref(),
                );
            }
            if let Some(writer) = &map.result_writer {
                push(
                    &at.then("ResultWriter"),
                    "Parameters",
                    writer.parameters.as_ref(),
                );
            }
        }
        _ => {}
    }
    for (place, assign) in assigns(visit) {
        templates.push((place, Value::Object(assign.clone())));
    }
    templates
}

/// Every `Assign` of a state: its own, its rules' and its catchers'.
pub(super) fn assigns<'a>(visit: &Visit<'a>) -> Vec<(Place, &'a Assign)> {
    let (at, state) = (&visit.place, visit.state);
    let mut assigns = vec![(at.then("Assign"), &state.assign)];
    if let Kind::Choice(choice) = &state.kind {
        for (index, rule) in choice.choices.iter().enumerate() {
            assigns.push((at.then("Choices").then(index).then("Assign"), &rule.assign));
        }
    }
    for (index, catcher) in state.catch().iter().enumerate() {
        assigns.push((at.then("Catch").then(index).then("Assign"), &catcher.assign));
    }
    assigns.retain(|(_, assign)| !assign.is_empty());
    assigns
}
