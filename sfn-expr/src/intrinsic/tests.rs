use serde_json::json;

use super::*;

/// An environment that answers the same each time.
struct Fixed;

impl Environment for Fixed {
    fn now_millis(&mut self) -> i64 {
        0
    }

    fn random(&mut self) -> f64 {
        0.75
    }

    fn uuid(&mut self) -> String {
        "6fa459ea-ee8a-4ca4-894e-db77e160355e".to_owned()
    }
}

#[track_caller]
fn check(call: &str, expected: Result<Value, &str>) {
    let input = json!({
        "arr": [1, 2, 3, 4], "obj": {"Arg1": 1, "Arg2": [], "s": "x"}, "s": "héllo", "n": 2.5, "nul": null,
        "template": "{}-{}", "json": " {\"a\": -0} ", "other": {"Arg1": 2, "new": true}, "big": "x".repeat(10_001),
    });
    let context = json!({"State": {"Name": "S"}});
    let mut variables = serde_json::Map::new();
    variables.insert("v".to_owned(), json!("variable"));
    let scope = Scope::new(&input, &context).with_variables(&variables);
    let found = Call::parse(call).unwrap().evaluate(&scope, &mut Fixed);
    let found = found.map_err(|error| format!("{}: {error}", error.name()));
    let expected = expected.map_err(|reason| {
        format!("States.IntrinsicFailure: The function '{call}' had the following error: {reason}")
    });
    assert_eq!(found, expected, "{call}");
}

#[test]
fn arrays() {
    check("States.Array()", Ok(json!([])));
    check(
        "States.Array($.n, 'a', null, true, -1.5e1, $$.State.Name, $v)",
        Ok(json!([2.5, "a", null, true, -15.0, "S", "variable"])),
    );
    check(
        "States.ArrayPartition($.arr, 3)",
        Ok(json!([[1, 2, 3], [4]])),
    );
    check(
        "States.ArrayPartition($.arr, 2.5)",
        Ok(json!([[1, 2, 3], [4]])),
    );
    check(
        "States.ArrayPartition($.arr, 0)",
        Err("The chunk size must be a positive integer"),
    );
    check(
        "States.ArrayPartition($.s, 1)",
        Err("The first argument must be an array"),
    );
    check("States.ArrayContains($.arr, 2.0)", Ok(json!(true)));
    check("States.ArrayContains($.arr, '2')", Ok(json!(false)));
    check("States.ArrayRange(1, 9, 2)", Ok(json!([1, 3, 5, 7, 9])));
    check("States.ArrayRange(1, 9, 9)", Ok(json!([1])));
    check("States.ArrayRange(3, 0, -1)", Ok(json!([3, 2, 1, 0])));
    check("States.ArrayRange(0, 3, -1)", Ok(json!([])));
    check(
        "States.ArrayRange(0, 10, 0)",
        Err("The step must not be zero"),
    );
    check(
        "States.ArrayRange(0, 1000, 1)",
        Err("The range has more than 1000 elements"),
    );
    check(
        "States.ArrayLength(States.ArrayRange(1, 1000, 1))",
        Ok(json!(1000)),
    );
    check("States.ArrayGetItem($.arr, 3)", Ok(json!(4)));
    check(
        "States.ArrayGetItem($.arr, 4)",
        Err("Index 4 out of bounds for length 4"),
    );
    check(
        "States.ArrayGetItem($.arr, -1)",
        Err("Index -1 out of bounds for length 4"),
    );
    check("States.ArrayLength($.arr)", Ok(json!(4)));
    check(
        "States.ArrayUnique(States.Array(1, 1.0, '1', null, null))",
        Ok(json!([1, "1", null])),
    );
}

#[test]
fn strings() {
    check("States.Base64Encode($.s)", Ok(json!("aMOpbGxv")));
    check("States.Base64Decode('aMOpbGxv')", Ok(json!("héllo")));
    check("States.Base64Decode('YQ')", Ok(json!("a")));
    check(
        "States.Base64Decode('*')",
        Err("The input is not valid Base64"),
    );
    check(
        "States.Base64Encode($.big)",
        Err("The first argument has more than 10000 characters"),
    );
    check(
        "States.Hash('input data', 'SHA-1')",
        Ok(json!("aaff4a450a104cd177d28d18d74485e8cae074b7")),
    );
    check(
        "States.Hash('', 'MD5')",
        Ok(json!("d41d8cd98f00b204e9800998ecf8427e")),
    );
    check(
        "States.Hash('a', 'sha-1')",
        Err("The algorithm must be one of MD5, SHA-1, SHA-256, SHA-384, SHA-512"),
    );
    check(
        "States.StringSplit('a.b+,c', '.+,')",
        Ok(json!(["a", "b", "c"])),
    );
    check("States.StringSplit(',,', ',')", Ok(json!([])));
    check("States.StringSplit('ab', '')", Ok(json!(["ab"])));
    check(
        "States.UUID()",
        Ok(json!("6fa459ea-ee8a-4ca4-894e-db77e160355e")),
    );
}

#[test]
fn format() {
    check(
        "States.Format('{} and {}', $.s, $.nul)",
        Ok(json!("héllo and null")),
    );
    check(
        "States.Format('{}', $.obj)",
        Ok(json!("{Arg1=1, Arg2=[], s=x}")),
    );
    check("States.Format($.template, 1, true)", Ok(json!("1-true")));
    check(
        r"States.Format('\{\} \'{}\' \\', 1)",
        Ok(json!(r"{} '1' \")),
    );
    check(
        "States.Format('{}')",
        Err("Invalid arguments: there are more {} than arguments"),
    );
    check(
        "States.Format('x', 1)",
        Err("Invalid arguments: there are more arguments than {}"),
    );
    check(
        "States.Format('{x}', 1)",
        Err("Invalid arguments: matching curly braces are missing"),
    );
    check(
        "States.Format(1)",
        Err("The first argument must be a string"),
    );
}

#[test]
fn json_values() {
    check(
        "States.JsonMerge($.obj, $.other, false)",
        Ok(json!({"Arg1": 2, "Arg2": [], "s": "x", "new": true})),
    );
    check(
        "States.JsonMerge($.obj, $.other, true)",
        Err("Only shallow merging is supported: the third argument must be false"),
    );
    check(
        "States.JsonMerge($.obj, $.s, false)",
        Err("The second argument must be a JSON object"),
    );
    check("States.StringToJson($.json)", Ok(json!({"a": 0})));
    check("States.StringToJson(' ')", Ok(json!(null)));
    check(
        "States.JsonToString($.obj)",
        Ok(json!(r#"{"Arg1":1,"Arg2":[],"s":"x"}"#)),
    );
    check("States.JsonToString('a')", Ok(json!("\"a\"")));
}

#[test]
fn numbers() {
    for (sum, expected) in [
        ("1.49, 1.5", 3),
        ("-1.49, -1.5", -2),
        ("-0.5, 0.5", 1),
        ("-2.5, 0", -2),
        ("2.5, 0", 3),
        ("-9, 3", -6),
        ("2147483647, 1", 2_147_483_648_i64),
    ] {
        check(&format!("States.MathAdd({sum})"), Ok(json!(expected)));
    }
    check(
        "States.MathAdd('1', 2)",
        Err("The first argument must be a number"),
    );
    check(
        "States.MathAdd(9223372036854775807, 1)",
        Err("The sum is too large"),
    );
    check("States.MathRandom(10, 20)", Ok(json!(17)));
    check(
        "States.MathRandom(1, 1)",
        Err("The start of the range must be less than its end"),
    );
    let seeded = |seed| {
        let call = Call::parse(&format!("States.MathRandom(0, 1000000, {seed})")).unwrap();
        call.evaluate(&Scope::new(&Value::Null, &Value::Null), &mut Fixed)
            .unwrap()
    };
    assert_eq!(seeded(7), seeded(7), "a seed decides");
    assert_ne!(seeded(7), seeded(8));
}

#[test]
fn a_missing_path_is_a_runtime_error() {
    let call = Call::parse("States.Format('{}', $.missing)").unwrap();
    let error = call
        .evaluate(&Scope::new(&json!({"a": 1}), &json!({})), &mut Fixed)
        .unwrap_err();
    assert_eq!(error.name(), "States.Runtime");
    assert_eq!(
        error.to_string(),
        "The function 'States.Format('{}', $.missing)' had the following error: The JsonPath argument for the field \
         '$.missing' could not be found in the input '{\"a\":1}'"
    );
}

#[test]
fn says_what_is_wrong_with_a_text() {
    for (text, expected) in [
        (
            "States.Nope()",
            "no intrinsic function is called `States.Nope` at character 0",
        ),
        (
            "States.array()",
            "no intrinsic function is called `States.array` at character 0",
        ),
        ("States.UUID", "expected `(` at character 11"),
        (
            "States.UUID(1)",
            "`States.UUID` takes 0 arguments, not 1 at character 0",
        ),
        (
            "States.MathRandom(1)",
            "`States.MathRandom` takes 2 to 3 arguments, not 1 at character 0",
        ),
        (
            "States.Format()",
            "`States.Format` takes at least 1 arguments, not 0 at character 0",
        ),
        (
            r#"States.StringToJson('{\"a\"}')"#,
            r"only \', \{, \} and \\ are escapes at character 22",
        ),
        ("States.Array('a", "a string is not closed at character 15"),
        ("States.Array($.a", "expected `,` or `)` at character 16"),
        ("States.Array(1 2)", "expected `,` or `)` at character 15"),
        (
            "States.Array($.)",
            "a path must not end with `.` at character 15",
        ),
        (
            "States.Array({})",
            "expected a path, a call, a number, a string in single quotes, true, false or null at character 13",
        ),
        (
            "States.UUID() x",
            "unexpected text after the call at character 14",
        ),
    ] {
        assert_eq!(
            Call::parse(text).unwrap_err().to_string(),
            expected,
            "{text}"
        );
    }
}

#[test]
fn counts_the_calls_of_a_field() {
    let nested = |count: usize| format!("{}1{}", "States.Array(".repeat(count), ")".repeat(count));
    assert!(Call::parse(&nested(MAX_CALLS)).is_ok());
    assert!(Call::parse(&nested(MAX_CALLS + 1)).is_err());
}

#[test]
fn paths_are_found_wherever_they_stand() {
    let call =
        Call::parse("States.Format($.a, States.Array($$.b, $c['d)'], $.e[?(@.f == ',')]), '$.no')")
            .unwrap();
    let paths: Vec<_> = call.paths().into_iter().map(Path::as_str).collect();
    assert_eq!(paths, ["$.a", "$$.b", "$c['d)']", "$.e[?(@.f == ',')]"]);
}
