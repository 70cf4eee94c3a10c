use serde_json::{Value, json};

use super::*;
use crate::NoVariables;

/// What Jayway's own implementation answered: path, document, and the value as JSON,
/// or `!` and the error's text, or `?` where the path is refused.
const JAYWAY: &str = include_str!("tests/jayway.tsv");

#[test]
fn agrees_with_jayway() {
    for line in JAYWAY.lines() {
        let [path, document, expected] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("three columns are expected: {line}");
        };
        let document: Value = serde_json::from_str(document).unwrap();
        let found = match Path::parse(path) {
            Err(_) => "?".to_owned(),
            Ok(path) => match path.evaluate_in(&document) {
                Ok(value) => value.to_string(),
                Err(error) => format!("! {error}"),
            },
        };
        let same = match (serde_json::from_str(&found), serde_json::from_str(expected)) {
            (Ok(found), Ok(expected)) => crate::equality::equal(&found, &expected),
            _ => found == expected,
        };
        assert!(
            same,
            "{path} on {document} gave {found}, expected {expected}"
        );
    }
}

#[track_caller]
fn check(path: &str, expected: Result<Value, &str>) {
    let input = json!({
        "items": [{"v": 1}, {"v": 2}],
        "one": {"two": null},
        r#"Test\""Name""#: "quoted",
        "it's": "apostrophe",
    });
    let context = json!({"Execution": {"Name": "e", "Input": {"a": 1}}});
    let mut variables = serde_json::Map::new();
    variables.insert("x".to_owned(), json!({"y": [10, 20]}));
    let scope = Scope::new(&input, &context).with_variables(&variables);
    let path = Path::parse(path).unwrap();
    let found = path
        .evaluate(&scope)
        .map(Cow::into_owned)
        .map_err(|error| invalid_path(&path, &error));
    assert_eq!(found, expected.map_err(str::to_owned), "{path}");
}

#[test]
fn starts_at_the_input_the_context_or_a_variable() {
    check("$.one.two", Ok(Value::Null));
    check("$$.Execution.Input.a", Ok(json!(1)));
    check("$$['Execution'].Name", Ok(json!("e")));
    check("$x.y[1]", Ok(json!(20)));
    check("$x", Ok(json!({"y": [10, 20]})));
    check("$z", Err("Invalid path '$z' : Variable 'z' is not defined"));
    check(
        "$$.Nothing",
        Err("Invalid path '$$.Nothing' : No results for path: $['Nothing']"),
    );
    check(
        "$$.No.Such",
        Err("Invalid path '$$.No.Such' : Missing property in path $['No']"),
    );
}

#[test]
fn differs_from_jayway_where_the_service_does() {
    // An indefinite path finds nothing behind a missing field, rather than failing.
    check("$.nothing[*]", Ok(json!([])));
    check("$.no.such[1:5].v", Ok(json!([])));
    check("$.no.such[?(@.v == 1)]", Ok(json!([])));
    check("$.items[1:].v", Ok(json!([2])));
    check(
        "$.nothing[0]",
        Err("Invalid path '$.nothing[0]' : Missing property in path $['nothing']"),
    );
    // A backslash in a quoted name stands for itself, unless it protects the quote.
    check(r#"$['Test\""Name"']"#, Ok(json!("quoted")));
    check(r"$['it\'s']", Ok(json!("apostrophe")));
}

#[test]
fn words_errors_as_the_service_does() {
    check(
        "$.x",
        Err("Invalid path '$.x' : No results for path: $['x']"),
    );
    check(
        "$.no.such.result.path",
        Err("Invalid path '$.no.such.result.path' : Missing property in path $['no']"),
    );
}

#[test]
fn borrows_what_it_picks() {
    let input = json!({"a": [{"b": [1, 2, 3]}]});
    let context = json!({});
    let scope = Scope {
        input: &input,
        context: &context,
        variables: &NoVariables,
    };
    let found = Path::parse("$.a[0].b").unwrap().evaluate(&scope).unwrap();
    assert!(matches!(found, Cow::Borrowed(_)));
}

#[test]
fn tells_definite_paths_and_reference_paths() {
    for (text, definite, reference) in [
        ("$", true, true),
        ("$.a['b'][0]", true, true),
        ("$.a[-1]", true, false),
        ("$['a','b']", true, false),
        ("$['a','b'].c", false, false),
        ("$.a.length()", true, false),
        ("$.a[*]", false, false),
        ("$..a", false, false),
        ("$.a[0,1]", false, false),
        ("$.a[1:]", false, false),
        ("$.a[?(@.b)]", false, false),
        ("$$.Execution.Id", true, true),
        ("$x.y", true, true),
    ] {
        let path = Path::parse(text).unwrap();
        assert_eq!(
            (path.is_definite(), path.is_reference()),
            (definite, reference),
            "{text}"
        );
    }
}

#[test]
fn says_what_is_wrong_with_a_text() {
    for (text, expected) in [
        ("", "a path starts with `$` at character 0"),
        ("foo", "a path starts with `$` at character 0"),
        ("$.", "a path must not end with `.` at character 2"),
        ("$.a..", "a path must not end with `.` at character 5"),
        (
            "$.a b",
            "a field whose name holds a blank is written in brackets, `['my field']` at character 3",
        ),
        ("$['a", "a quoted name is not closed at character 4"),
        ("$[1", "expected `]` at character 3"),
        (
            "$[a]",
            "expected a quoted name, an index, a slice, `*` or a filter at character 2",
        ),
        ("$[99999999999]", "not an index at character 13"),
        ("$.a.foo()", "no function is called `foo` at character 4"),
        (
            "$.a.length().b",
            "a function must be the last step at character 12",
        ),
        ("$ .a", "unexpected text after the path at character 1"),
        ("$[?(@.a = 1)]", "expected `)` at character 8"),
        (
            "$[?(@.a =~ /(/)]",
            "not a regular expression that is supported at character 11",
        ),
    ] {
        assert_eq!(
            Path::parse(text).unwrap_err().to_string(),
            expected,
            "{text}"
        );
    }
}

#[test]
fn sets_through_a_reference_path() {
    for (path, before, value, after) in [
        ("$", json!({"a": 1}), json!(2), Some(json!(2))),
        (
            "$.b",
            json!({"a": 1}),
            json!(2),
            Some(json!({"a": 1, "b": 2})),
        ),
        (
            "$.a",
            json!({"a": 1, "b": 2}),
            json!(3),
            Some(json!({"a": 3, "b": 2})),
        ),
        (
            "$.a.b.c",
            json!({}),
            json!(1),
            Some(json!({"a": {"b": {"c": 1}}})),
        ),
        (
            "$.a[1]",
            json!({"a": [1, 2]}),
            json!(9),
            Some(json!({"a": [1, 9]})),
        ),
        (
            "$.a[0].b",
            json!({"a": [{}]}),
            json!(9),
            Some(json!({"a": [{"b": 9}]})),
        ),
        ("$.a[2]", json!({"a": [1, 2]}), json!(9), None),
        ("$.a.b", json!({"a": "text"}), json!(9), None),
        ("$.a.b", json!({"a": null}), json!(9), None),
        ("$.a[0]", json!({}), json!(9), None),
        ("$.a", json!([1]), json!(9), None),
    ] {
        let mut target = before.clone();
        let result = ReferencePath::parse(path).unwrap().set(&mut target, value);
        match after {
            Some(after) => assert_eq!((result, target), (Ok(()), after), "{path} on {before}"),
            None => {
                let message = format!("Unable to apply ReferencePath {path} to input {before}");
                assert_eq!(result.unwrap_err().to_string(), message);
                assert_eq!(target, before, "a failure leaves the target alone");
            }
        }
    }
}

#[test]
fn refuses_what_is_no_reference_path() {
    for text in [
        "$$.a",
        "$x.a",
        "$.a[*]",
        "$.a[-1]",
        "$..a",
        "$['a','b']",
        "$.a.length()",
    ] {
        assert!(ReferencePath::parse(text).is_err(), "{text}");
    }
}
