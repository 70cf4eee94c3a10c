#![doc = include_str!("../pages/wrong_language.md")]

use serde_json::Value;

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Report};
use crate::fields;
use crate::model::{Condition, Kind, OrExpression, QueryLanguage, Visit, WaitFor};
use crate::place::Place;

pub(super) fn check(visit: &Visit<'_>, report: &Report) {
    let Value::Object(written) = visit.state.to_value_shallow() else {
        return;
    };
    for name in written.keys() {
        if let Some(language) = fields::find(name).and_then(|field| field.language) {
            field(visit, &visit.place, name, language, report);
        }
    }
    for (index, catcher) in visit.state.catch().iter().enumerate() {
        let at = visit.place.then("Catch").then(index);
        if catcher.result_path.is_present() {
            field(visit, &at, "ResultPath", QueryLanguage::JsonPath, report);
        }
        if catcher.output.is_some() {
            field(visit, &at, "Output", QueryLanguage::Jsonata, report);
        }
    }
    match &visit.state.kind {
        Kind::Choice(choice) => {
            for (index, rule) in choice.choices.iter().enumerate() {
                let at = visit.place.then("Choices").then(index);
                match &rule.condition {
                    Condition::Jsonata(_) => {
                        field(visit, &at, "Condition", QueryLanguage::Jsonata, report)
                    }
                    Condition::Test(test) => field(
                        visit,
                        &at,
                        first_field(test),
                        QueryLanguage::JsonPath,
                        report,
                    ),
                }
                if rule.output.is_some() {
                    field(visit, &at, "Output", QueryLanguage::Jsonata, report);
                }
            }
        }
        Kind::Map(map) => {
            let reader = map.item_reader.as_ref();
            let writer = map.result_writer.as_ref();
            for (name, parameters, arguments) in [
                (
                    "ItemReader",
                    reader.is_some_and(|reader| reader.parameters.is_some()),
                    reader.is_some_and(|reader| reader.arguments.is_some()),
                ),
                (
                    "ResultWriter",
                    writer.is_some_and(|writer| writer.parameters.is_some()),
                    writer.is_some_and(|writer| writer.arguments.is_some()),
                ),
            ] {
                let at = visit.place.then(name);
                if parameters {
                    field(visit, &at, "Parameters", QueryLanguage::JsonPath, report);
                }
                if arguments {
                    field(visit, &at, "Arguments", QueryLanguage::Jsonata, report);
                }
            }
        }
        _ => {}
    }
    if visit.language == QueryLanguage::JsonPath {
        for place in numbers_as_text(visit) {
            report.add(
                Diagnostic::error(
                    Code::WrongLanguage,
                    &place,
                    "a JSONPath state has no expressions in `{%` and `%}`",
                )
                .says("Expected value of type Integer")
                .help("use the `…Path` field, or make the state `\"QueryLanguage\": \"JSONata\"`"),
            );
        }
    }
}

fn field(visit: &Visit<'_>, at: &Place, name: &str, language: QueryLanguage, report: &Report) {
    if language == visit.language {
        return;
    }
    report.add(
        Diagnostic::error(
            Code::WrongLanguage,
            &at.then(name),
            format!("`{name}` is for {language}, and this state is written in {}", visit.language),
        )
        .says(format!(
            "The QueryLanguage is set to '{}', but field '{name}' is only supported for the '{language}' QueryLanguage",
            visit.language
        ))
        .says_at(Some(at))
        .help(instead(name, language)),
    );
}

/// What the other language has for a field.
fn instead(name: &str, language: QueryLanguage) -> String {
    match (name, language) {
        ("InputPath" | "Parameters", QueryLanguage::JsonPath) => {
            "JSONata has `Arguments`".to_owned()
        }
        ("OutputPath" | "ResultPath" | "ResultSelector" | "Result", QueryLanguage::JsonPath) => {
            "JSONata has `Output`".to_owned()
        }
        ("ItemsPath", QueryLanguage::JsonPath) => "JSONata has `Items`".to_owned(),
        ("And" | "Or" | "Not" | "Variable", QueryLanguage::JsonPath) => {
            "JSONata has `Condition`".to_owned()
        }
        (name, QueryLanguage::JsonPath) => match name.strip_suffix("Path") {
            Some(field) => format!("in JSONata `{field}` takes an expression"),
            None => "write the state in JSONPath".to_owned(),
        },
        (_, QueryLanguage::Jsonata) => {
            "JSONPath has other fields; or make the state `\"QueryLanguage\": \"JSONata\"`"
                .to_owned()
        }
    }
}

fn first_field(test: &crate::Test) -> &'static str {
    match test {
        crate::Test::And(_) => "And",
        crate::Test::Or(_) => "Or",
        crate::Test::Not(_) => "Not",
        crate::Test::Compare(_) => "Variable",
    }
}

/// Where an expression stands in place of a number.
fn numbers_as_text(visit: &Visit<'_>) -> Vec<Place> {
    fn is<T>(value: Option<&OrExpression<T>>) -> bool {
        matches!(value, Some(OrExpression::Expression(_)))
    }
    let at = &visit.place;
    let mut places = Vec::new();
    match &visit.state.kind {
        Kind::Task(task) => {
            places.push((at.then("TimeoutSeconds"), is(task.timeout_seconds.as_ref())));
            places.push((
                at.then("HeartbeatSeconds"),
                is(task.heartbeat_seconds.as_ref()),
            ));
        }
        Kind::Wait(wait) => {
            let seconds = wait.wait_for.iter().find_map(|wait_for| match wait_for {
                WaitFor::Seconds(seconds) => Some(seconds),
                _ => None,
            });
            places.push((at.then("Seconds"), is(seconds)));
        }
        Kind::Map(map) => {
            places.push((at.then("MaxConcurrency"), is(map.max_concurrency.as_ref())));
            places.push((
                at.then("ToleratedFailurePercentage"),
                is(map.tolerated_failure_percentage.as_ref()),
            ));
            places.push((
                at.then("ToleratedFailureCount"),
                is(map.tolerated_failure_count.as_ref()),
            ));
            if let Some(config) = map
                .item_reader
                .as_ref()
                .and_then(|reader| reader.reader_config.as_ref())
            {
                let at = at.then("ItemReader").then("ReaderConfig");
                places.push((at.then("MaxItems"), is(config.max_items.as_ref())));
            }
            if let Some(batcher) = &map.item_batcher {
                let at = at.then("ItemBatcher");
                places.push((
                    at.then("MaxItemsPerBatch"),
                    is(batcher.max_items_per_batch.as_ref()),
                ));
                places.push((
                    at.then("MaxInputBytesPerBatch"),
                    is(batcher.max_input_bytes_per_batch.as_ref()),
                ));
            }
        }
        _ => {}
    }
    places
        .into_iter()
        .filter(|(_, is)| *is)
        .map(|(place, _)| place)
        .collect()
}
