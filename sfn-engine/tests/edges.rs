//! States at the edges of what they take: wrong types, missing values, sizes at the limit.

use serde_json::{Value, json};
use sfn_engine::api::{CreateStateMachine, DescribedExecution, StartExecution};
use sfn_engine::{Engine, ExecutionStatus, TestClock, TestIds};

/// Runs a machine of the state `S`, which may lead to `Y` and `N`.
async fn run(state: &Value, input: &str) -> DescribedExecution {
    let made = Engine::builder()
        .clock(TestClock::auto())
        .ids(TestIds::default())
        .start();
    let engine = made.expect("there is a runtime");
    let mut state = state.clone();
    let ends = !["Choice", "Fail", "Succeed"].contains(&state["Type"].as_str().unwrap_or_default());
    if ends && state.get("Next").is_none() {
        state["End"] = json!(true);
    }
    let mut states = json!({ "S": state });
    for name in ["Y", "N"] {
        if states.to_string().contains(&format!(r#":"{name}""#)) {
            states[name] = json!({ "Type": "Pass", "Result": name, "End": true });
        }
    }
    let definition = json!({ "StartAt": "S", "States": states }).to_string();
    let machine = CreateStateMachine::new("m", definition);
    let machine = engine.create_state_machine(machine).await;
    let machine = machine.expect("a valid definition").state_machine_arn;
    let started = engine
        .start_execution(StartExecution::new(machine).input(input))
        .await;
    let arn = started.expect("it starts").execution_arn;
    engine.wait(&arn).await.expect("it ends")
}

async fn check(state: Value, input: Value, expected: Value) {
    let described = run(&state, &input.to_string()).await;
    let output = described
        .output
        .as_deref()
        .map(serde_json::from_str::<Value>);
    let output = output.transpose().expect("JSON");
    assert_eq!(
        output.as_ref(),
        Some(&expected),
        "{state} {input}: {described:?}"
    );
}

/// `cause` without the words about state and event that it begins with.
async fn check_failure(state: Value, input: Value, error: &str, cause: &str) {
    const BEGINNING: &str =
        "An error occurred while executing the state 'S' (entered at the event id #2). ";
    let described = run(&state, &input.to_string()).await;
    assert_eq!(described.status, ExecutionStatus::Failed, "{state} {input}");
    assert_eq!(described.error.as_deref(), Some(error), "{state} {input}");
    let told = described.cause.as_deref().unwrap_or_default();
    let told = told.strip_prefix(BEGINNING).unwrap_or(told);
    assert_eq!(told, cause, "{state} {input}");
}

fn pass(query: &str) -> Value {
    json!({ "Type": "Pass", "Parameters": { "v.$": query } })
}

fn put(path: &str) -> Value {
    json!({ "Type": "Pass", "Result": 1, "ResultPath": path })
}

#[tokio::test]
async fn a_result_is_put_where_it_fits() {
    check(
        put("$.a[0]"),
        json!({ "a": [0, 2] }),
        json!({ "a": [1, 2] }),
    )
    .await;
    check(
        put("$.x.y.z"),
        json!({}),
        json!({ "x": { "y": { "z": 1 } } }),
    )
    .await;
    for (path, input) in [
        ("$.a[5]", json!({ "a": [0, 2] })),
        ("$.a.b", json!({ "a": 1 })),
        ("$.a", json!(5)),
        ("$.a", json!([1])),
        ("$.a", Value::Null),
    ] {
        let cause = format!("Unable to apply ReferencePath {path} to input {input}");
        check_failure(put(path), input, "States.ResultPathMatchFailure", &cause).await;
    }
}

#[tokio::test]
async fn paths_that_find_nothing_end_the_execution() {
    let missing = "Invalid path '$.x' : No results for path: $['x']";
    for field in ["InputPath", "OutputPath"] {
        let state = json!({ "Type": "Pass", field: "$.x" });
        check_failure(state, json!({}), "States.Runtime", missing).await;
    }
    for query in [
        "$.a[5].b",
        "$.b[5]",
        "$.a.b",
        "$$.Execution.Foo",
        "$foo",
        "$foo.bar",
    ] {
        let cause = format!(
            r#"The JSONPath '{query}' specified for the field 'v.$' could not be found in the input '{{"a":[1]}}'"#
        );
        check_failure(pass(query), json!({ "a": [1] }), "States.Runtime", &cause).await;
    }
    check(pass("$.a[*].b"), json!({ "a": [] }), json!({ "v": [] })).await;
    check(pass("$.a[-1]"), json!({ "a": [1, 2] }), json!({ "v": 2 })).await;
    // An item behind the end is null in a template, and missing as an argument.
    check(pass("$.a[5]"), json!({ "a": [1] }), json!({ "v": null })).await;
    let cause = "The function 'States.Format('{}', $.a[5])' had the following error: The JsonPath argument for the \
                 field '$.a[5]' could not be found in the input '{\"a\":[1]}'";
    let call = pass("States.Format('{}', $.a[5])");
    check_failure(call, json!({ "a": [1] }), "States.Runtime", cause).await;
}

#[tokio::test]
async fn functions_that_cannot_are_intrinsic_failures() {
    for (call, reason) in [
        (
            "States.ArrayGetItem($.a, 5)",
            "Index 5 out of bounds for length 1",
        ),
        (
            "States.ArrayPartition($.a, 0)",
            "The chunk size must be a positive integer",
        ),
        (
            "States.ArrayLength('a')",
            "The first argument must be an array",
        ),
        ("States.ArrayRange(1, 10, 0)", "The step must not be zero"),
        (
            "States.MathAdd('1', 1)",
            "The first argument must be a number",
        ),
        (
            "States.Format('{} {}', 1)",
            "Invalid arguments: there are more {} than arguments",
        ),
        (
            "States.StringSplit(1, ',')",
            "The first argument must be a string",
        ),
    ] {
        let cause = format!("The function '{call}' had the following error: {reason}");
        check_failure(
            pass(call),
            json!({ "a": [1] }),
            "States.IntrinsicFailure",
            &cause,
        )
        .await;
    }
    check(
        pass("States.ArrayRange(10, 1, -3)"),
        json!({}),
        json!({ "v": [10, 7, 4, 1] }),
    )
    .await;
    check(
        pass("States.ArrayRange(10, 1, 3)"),
        json!({}),
        json!({ "v": [] }),
    )
    .await;
}

#[tokio::test]
async fn expressions_have_to_give_what_the_field_takes() {
    let jsonata = |mut state: Value| {
        state["QueryLanguage"] = "JSONata".into();
        state
    };
    for (state, input, location, wanted, was) in [
        (
            json!({ "Type": "Wait", "Seconds": "{% $states.input %}" }),
            json!(1.5),
            "Seconds",
            "integer",
            "number",
        ),
        (
            json!({ "Type": "Wait", "Timestamp": "{% $states.input %}" }),
            json!(5),
            "Timestamp",
            "string",
            "number",
        ),
        (
            json!({ "Type": "Fail", "Error": "{% $states.input %}" }),
            json!(1),
            "Error",
            "string",
            "number",
        ),
    ] {
        let cause = format!(
            "The JSONata expression '$states.input' specified for the field '{location}' returned an unexpected result \
             type. Expected '{wanted}', but was '{was}' for value: {input}"
        );
        check_failure(jsonata(state), input, "States.QueryEvaluationError", &cause).await;
    }
    let state = json!({ "Type": "Wait", "Seconds": "{% $states.input %}" });
    let negative = "The Seconds field is negative: -1";
    check_failure(
        jsonata(state),
        json!(-1),
        "States.QueryEvaluationError",
        negative,
    )
    .await;
    let state = json!({
        "Type": "Choice", "Default": "N",
        "Choices": [{ "Condition": "{% $states.input %}", "Next": "Y" }]
    });
    let cause = "The JSONata expression '$states.input' specified for the field 'Choices[0]/Condition' returned an \
                 unexpected result type. Expected 'boolean', but was 'number' for value: 1";
    check_failure(
        jsonata(state),
        json!(1),
        "States.QueryEvaluationError",
        cause,
    )
    .await;
}

#[tokio::test]
async fn comparisons_of_other_types_do_not_hold() {
    let choice = |rule: Value| {
        let mut rule = rule;
        rule["Next"] = "Y".into();
        json!({ "Type": "Choice", "Choices": [rule], "Default": "N" })
    };
    for (rule, input, expected) in [
        (
            json!({ "Variable": "$.x", "NumericGreaterThan": 1 }),
            json!({ "x": "2" }),
            "N",
        ),
        (
            json!({ "Variable": "$.x", "BooleanEquals": true }),
            json!({ "x": "true" }),
            "N",
        ),
        (
            json!({ "Variable": "$.x", "NumericEqualsPath": "$.y" }),
            json!({ "x": 1, "y": "1" }),
            "N",
        ),
        (
            json!({ "Variable": "$.x", "TimestampEquals": "2020-01-01T00:00:00Z" }),
            json!({ "x": "bad" }),
            "N",
        ),
        (
            json!({ "Variable": "$.x", "TimestampLessThan": "2020-01-01T00:00:00Z" }),
            json!({ "x": "2019-01-01T00:00Z" }),
            "Y",
        ),
        (
            json!({ "Variable": "$.x", "IsPresent": false }),
            json!({}),
            "Y",
        ),
        (
            json!({ "Variable": "$v", "IsPresent": false }),
            json!({}),
            "Y",
        ),
        (
            json!({ "And": [{ "Variable": "$.x", "IsPresent": true }, { "Variable": "$.x", "StringEquals": "a" }] }),
            json!({}),
            "N",
        ),
    ] {
        check(choice(rule), input, json!(expected)).await;
    }
    let cause =
        "Invalid path '$.x': The choice state's condition path references an invalid value.";
    for rule in [
        json!({ "Variable": "$.x", "StringEquals": "a" }),
        json!({ "Variable": "$.x", "IsNull": true }),
        json!({ "Variable": "$.y", "StringEqualsPath": "$.x" }),
    ] {
        check_failure(choice(rule), json!({ "y": "a" }), "States.Runtime", cause).await;
    }
}

fn map(fields: Value) -> Value {
    let mut map = json!({
        "Type": "Map",
        "ItemsPath": "$.a",
        "ItemProcessor": { "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true } } }
    });
    let members = map.as_object_mut().expect("an object");
    members.extend(fields.as_object().expect("an object").clone());
    map
}

#[tokio::test]
async fn a_map_takes_what_its_paths_lead_to() {
    let runtime = "States.Runtime";
    let concurrency = || map(json!({ "MaxConcurrencyPath": "$.m" }));
    check(concurrency(), json!({ "a": [1], "m": "2" }), json!([1])).await;
    let cause = "Expected non-negative integer for MaxConcurrency, but got '-1' instead.";
    check_failure(concurrency(), json!({ "a": [1], "m": -1 }), runtime, cause).await;
    let cause =
        "The MaxConcurrencyPath field refers to value \"1.5\" which is not a valid integer: $.m";
    check_failure(concurrency(), json!({ "a": [1], "m": 1.5 }), runtime, cause).await;
    let cause = "Reference path \"$.a\" must point to array.";
    check_failure(map(json!({})), json!({ "a": {} }), runtime, cause).await;
    let selector = json!({ "ItemSelector": { "item.$": "$$.Map.Item" } });
    let item = |index: u32, value: &str| json!({ "item": { "Index": index, "Value": value, "Source": "STATE_DATA" } });
    check(
        map(selector),
        json!({ "a": ["x", "y"] }),
        json!([item(0, "x"), item(1, "y")]),
    )
    .await;
}

#[tokio::test]
async fn a_batch_has_so_many_items_or_bytes() {
    let batched = |batcher: Value| {
        let mut map = map(json!({ "ItemBatcher": batcher }));
        map["ItemProcessor"]["ProcessorConfig"] =
            json!({ "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" });
        map
    };
    let few = json!([{ "Items": [1, 2] }, { "Items": [3] }]);
    check(
        batched(json!({ "MaxItemsPerBatch": 2 })),
        json!({ "a": [1, 2, 3] }),
        few,
    )
    .await;
    let items = json!({ "a": [{ "k": 1 }, { "k": 2 }] });
    let alone = json!([{ "Items": [{ "k": 1 }] }, { "Items": [{ "k": 2 }] }]);
    check(
        batched(json!({ "MaxInputBytesPerBatch": 40 })),
        items,
        alone,
    )
    .await;
    let limit = batched(json!({ "MaxItemsPerBatchPath": "$.n" }));
    let cause = "MaxItemsPerBatch must be a positive integer but was: 0";
    check_failure(limit, json!({ "a": [1], "n": 0 }), "States.Runtime", cause).await;
}

#[tokio::test]
async fn what_an_expression_gives_can_be_caught_when_no_field_takes_it() {
    let state = json!({
        "Type": "Map", "QueryLanguage": "JSONata", "MaxConcurrency": "{% -1 %}", "Items": [1],
        "ItemProcessor": { "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true } } },
        "Catch": [{ "ErrorEquals": ["States.QueryEvaluationError"], "Next": "Y", "Output": 1 }]
    });
    check(state, json!({}), json!("Y")).await;
}

#[tokio::test]
async fn a_failure_tells_no_more_than_the_api_can() {
    let state = json!({
        "Type": "Fail", "QueryLanguage": "JSONata",
        "Error": "{% $pad('é', 300, 'x') %}", "Cause": "{% $pad('y', 40000, 'z') %}"
    });
    let described = run(&state, "{}").await;
    let error = described.error.expect("a name");
    let cause = described.cause.expect("a cause");
    assert_eq!(
        (error.chars().count(), cause.chars().count()),
        (256, 32_768)
    );
}

#[tokio::test]
async fn timeouts_are_positive_whole_numbers() {
    let task = json!({
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "TimeoutSecondsPath": "$.t",
        "Parameters": { "QueueUrl": "q", "MessageBody": "b" }
    });
    for (seconds, cause) in [
        (
            json!(0),
            "TimeoutSeconds must be a positive integer but was: 0",
        ),
        (
            json!(-5),
            "TimeoutSeconds must be a positive integer but was: -5",
        ),
        (
            json!("x"),
            "The TimeoutSecondsPath field refers to value \"x\" which is not a valid integer: $.t",
        ),
    ] {
        check_failure(
            task.clone(),
            json!({ "t": seconds }),
            "States.Runtime",
            cause,
        )
        .await;
    }
}

#[tokio::test]
async fn data_may_have_256_kibibytes_and_no_more() {
    const MOST: usize = 262_144;
    let text = |bytes: usize| json!("x".repeat(bytes - 2));
    check(json!({ "Type": "Pass" }), text(MOST), text(MOST)).await;
    // Behind the key and its braces.
    let within = text(MOST - r#"{"v":}"#.len());
    check(pass("$"), within.clone(), json!({ "v": within })).await;
    let cause = "The state/task 'S' returned a result with a size exceeding the maximum number of bytes service limit.";
    let beyond = text(MOST - r#"{"v":}"#.len() + 1);
    check_failure(pass("$"), beyond, "States.DataLimitExceeded", cause).await;

    let assign = json!({ "Type": "Pass", "Assign": { "v.$": "$" } });
    let within = text(MOST - r#"{"v":}"#.len());
    check(assign.clone(), within.clone(), within).await;
    let cause = "The size of the variables assigned is 262145 bytes, more than the 262144 that are allowed.";
    let beyond = text(MOST - r#"{"v":}"#.len() + 1);
    check_failure(assign, beyond, "States.DataLimitExceeded", cause).await;
}
