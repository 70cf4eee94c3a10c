use serde_json::{Map, json};

use super::*;

/// An environment that answers the same each time.
struct Fixed;

impl Environment for Fixed {
    fn now_millis(&mut self) -> i64 {
        0
    }

    fn random(&mut self) -> f64 {
        0.5
    }

    fn uuid(&mut self) -> String {
        "6fa459ea-ee8a-4ca4-894e-db77e160355e".to_owned()
    }
}

#[track_caller]
fn check(template: Value, input: Value, expected: Result<Value, &str>) {
    let context = json!({"Execution": {"Name": "e"}});
    let mut variables = Map::new();
    variables.insert("x".to_owned(), json!([1]));
    let scope = Scope::new(&input, &context).with_variables(&variables);
    let found = Template::parse(&template)
        .unwrap()
        .evaluate(&scope, &mut Fixed);
    let found = found.map_err(|error| format!("{}: {error}", error.name()));
    assert_eq!(found, expected.map_err(str::to_owned), "{template}");
}

#[test]
fn evaluates_members_with_the_suffix_alone() {
    check(
        json!({"a.$": "$.n", "b": "$.n", "c": [{"d.$": "$$.Execution.Name"}, 1], "e.$": "$x", "f.$": "States.UUID()"}),
        json!({"n": 5}),
        Ok(json!({
            "a": 5, "b": "$.n", "c": [{"d": "e"}, 1], "e": [1], "f": "6fa459ea-ee8a-4ca4-894e-db77e160355e",
        })),
    );
    check(json!([1, "$.n"]), json!({}), Ok(json!([1, "$.n"])));
    check(json!("text"), json!(null), Ok(json!("text")));
}

#[test]
fn fails_with_the_text_of_the_service() {
    check(
        json!({"a": {"value.$": "$.no_such"}}),
        json!({"int-literal": 0}),
        Err(
            "States.Runtime: The JSONPath '$.no_such' specified for the field 'value.$' could not be found in the \
             input '{\"int-literal\":0}'",
        ),
    );
    check(
        json!({"value.$": "$"}),
        json!(null),
        Err("States.Runtime: Unable to apply Path transformation to null or empty input."),
    );
    check(
        json!({"value.$": "States.StringToJson('{')"}),
        json!({}),
        Err(
            "States.IntrinsicFailure: The function 'States.StringToJson('{')' had the following error: The input is \
             not valid JSON: EOF while parsing an object at line 1 column 1",
        ),
    );
}

#[test]
fn says_what_is_wrong_and_where() {
    let template =
        json!({"a/b": [{"ok.$": "$.x", "bad.$": "x"}], "n.$": 5, "call.$": "States.Nope()"});
    let errors = Template::check(&template);
    let told: Vec<_> = errors
        .iter()
        .map(|error| (error.pointer.as_str(), error.field.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("/a~1b/0/bad.$", "bad.$"),
            ("/n.$", "n.$"),
            ("/call.$", "call.$")
        ]
    );
    assert_eq!(
        errors[0].to_string(),
        "The value for the field 'bad.$' must be a valid JSONPath or a valid intrinsic function call"
    );
    assert!(Template::parse(&template).is_err());
}

#[test]
fn lists_its_queries() {
    let template =
        Template::parse(&json!({"a.$": "$.x", "b": [1, {"c~d.$": "States.UUID()"}]})).unwrap();
    let queries: Vec<_> = template
        .queries()
        .into_iter()
        .map(|(at, query)| (at, query.to_string()))
        .collect();
    assert_eq!(
        queries,
        [
            ("/a.$".to_owned(), "$.x".to_owned()),
            ("/b/1/c~0d.$".to_owned(), "States.UUID()".to_owned())
        ]
    );
    assert!(Template::parse(&json!({"a": [1]})).unwrap().is_constant());
}
