//! Which variables a definition's states read.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use sfn_asl::QueryLanguage;
use sfn_expr::jsonata::{Expression, expression_in};
use sfn_expr::path::Root;
use sfn_expr::template::Query;

/// The variables each state reads, sorted, by state name; states that read none are left out.
pub(super) fn of(definition: &str, language: QueryLanguage) -> Vec<(String, Vec<String>)> {
    let mut found = BTreeMap::new();
    if let Ok(Value::Object(machine)) = serde_json::from_str(definition) {
        flow(&machine, language, &mut found);
    }
    found
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(state, names)| (state, names.into_iter().collect()))
        .collect()
}

type Found = BTreeMap<String, BTreeSet<String>>;

fn flow(flow: &Map<String, Value>, machine: QueryLanguage, found: &mut Found) {
    for (name, state) in flow
        .get("States")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let Some(fields) = state.as_object() else {
            continue;
        };
        let language = match fields.get("QueryLanguage").and_then(Value::as_str) {
            Some("JSONata") => QueryLanguage::Jsonata,
            Some(_) => QueryLanguage::JsonPath,
            None => machine,
        };
        let mut names = BTreeSet::new();
        for (key, value) in fields {
            match (key.as_str(), value) {
                ("Branches", Value::Array(branches)) => {
                    branches
                        .iter()
                        .filter_map(Value::as_object)
                        .for_each(|branch| self::flow(branch, machine, found));
                }
                ("ItemProcessor" | "Iterator", Value::Object(inner)) => {
                    self::flow(inner, machine, found)
                }
                _ => field(key, value, language, &mut names),
            }
        }
        found.insert(name.clone(), names);
    }
}

fn field(key: &str, value: &Value, language: QueryLanguage, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(key, value)| field(key, value, language, names)),
        Value::Array(items) => items
            .iter()
            .for_each(|item| field(key, item, language, names)),
        Value::String(text) => {
            match language {
                QueryLanguage::Jsonata => {
                    if let Some(Ok(expression)) = expression_in(text).map(Expression::parse) {
                        names.extend(expression.variables().map(str::to_owned));
                    }
                }
                QueryLanguage::JsonPath => {
                    if (key.ends_with(".$") || key.ends_with("Path") || key == "Variable")
                        && let Ok(query) = Query::parse(text)
                    {
                        names.extend(query.paths().into_iter().filter_map(
                            |path| match path.root() {
                                Root::Variable(name) => Some(name.clone()),
                                _ => None,
                            },
                        ));
                    }
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found_in_both_languages_and_in_inner_states() {
        let definition = serde_json::json!({
            "StartAt": "A",
            "States": {
                "A": { "Type": "Pass", "Parameters": { "x.$": "States.Format('{}', $b)", "y.$": "$a.z" }, "Next": "M" },
                "M": { "Type": "Map", "ItemsPath": "$list", "ItemProcessor": { "StartAt": "I", "States": {
                    "I": { "Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $inner + $states.input %}", "End": true }
                } }, "End": true }
            }
        });
        let found = of(&definition.to_string(), QueryLanguage::JsonPath);
        let expected = [
            ("A", vec!["a", "b"]),
            ("I", vec!["inner"]),
            ("M", vec!["list"]),
        ];
        let expected: Vec<(String, Vec<String>)> = expected
            .map(|(state, names)| {
                (
                    state.to_owned(),
                    names.into_iter().map(str::to_owned).collect(),
                )
            })
            .into();
        assert_eq!(found, expected);
    }
}
