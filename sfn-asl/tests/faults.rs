//! What is said about faulty definitions: by AWS, as it was measured, and by us, whole.

use sfn_asl::{ExecutionType, check_text, invalid_definition};

/// Checks what AWS says; `{}` stands for the state `X` in a machine that is right otherwise.
#[track_caller]
fn aws(state: &str, expected: &str) {
    machine(
        &format!(r#"{{ "StartAt": "X", "States": {{ "X": {state} }} }}"#),
        expected,
    );
}

#[track_caller]
fn machine(definition: &str, expected: &str) {
    let (_, found) = check_text(definition, ExecutionType::Standard);
    let expected =
        (!expected.is_empty()).then(|| format!("Invalid State Machine Definition: '{expected}'"));
    assert_eq!(invalid_definition(&found), expected, "{definition}");
}

#[test]
fn fields() {
    aws(
        r#"{ "Type": "Map", "TimeoutSeconds": 5, "End": true,
             "ItemProcessor": { "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 25, "End": true } } } }"#,
        "SCHEMA_VALIDATION_FAILED: Field 'TimeoutSeconds' is not supported at /States/X",
    );
    aws(
        r#"{ "Type": "Pass", "End": true, "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "X" }] }"#,
        "SCHEMA_VALIDATION_FAILED: Field 'Catch' is not supported at /States/X",
    );
    aws(
        r#"{ "Type": "Pass" }"#,
        "SCHEMA_VALIDATION_FAILED: This object should have only one of the following fields: [Next, End] at /States/X",
    );
    aws(
        r#"{ "Type": "Pass", "Next": "X", "End": true }"#,
        "SCHEMA_VALIDATION_FAILED: There should only be one of the following fields: [Next, End] at /States/X",
    );
    aws(
        r#"{ "Type": "Pass", "End": false, "Next": "Y" }"#,
        "MISSING_TRANSITION_TARGET: Missing 'Next' target: Y at /States/X/Next, MISSING_END_STATE: Workflow has no terminal state at null",
    );
    aws(
        r#"{ "End": true }"#,
        "SCHEMA_VALIDATION_FAILED: These fields are required: [Type] at /States/X",
    );
    aws(
        r#"{ "Type": "Choice", "Choices": [], "Default": "X" }"#,
        "SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/X/Choices, MISSING_END_STATE: Workflow has no terminal state at null",
    );
    machine(
        r#"{ "StartAt": "X", "Version": "1.1", "States": { "X": { "Type": "Succeed" } } }"#,
        "SCHEMA_VALIDATION_FAILED: Value should be one of the following: [1.0] at /Version",
    );
    machine(
        r#"{ "StartAt": "X", "QueryLanguage": "jsonata", "States": { "X": { "Type": "Succeed" } } }"#,
        "SCHEMA_VALIDATION_FAILED: Value should be one of the following: [JSONPath, JSONata] at /QueryLanguage",
    );
}

#[test]
fn numbers() {
    aws(
        r#"{ "Type": "Wait", "Seconds": -1, "End": true }"#,
        "SCHEMA_VALIDATION_FAILED: Minimum value is 0 at /States/X/Seconds",
    );
    aws(
        r#"{ "Type": "Wait", "Seconds": 100000000, "End": true }"#,
        "SCHEMA_VALIDATION_FAILED: Maximum value is 99999999 at /States/X/Seconds",
    );
    aws(
        r#"{ "Type": "Wait", "Seconds": "5", "End": true }"#,
        "SCHEMA_VALIDATION_FAILED: Expected value of type Integer at /States/X/Seconds",
    );
    aws(
        r#"{ "Type": "Wait", "Seconds": 1.5, "End": true }"#,
        "SCHEMA_VALIDATION_FAILED: Expected value of type Integer at /States/X/Seconds",
    );
    let task = |more: &str| {
        format!(
            r#"{{ "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:f", {more}, "End": true }}"#
        )
    };
    aws(
        &task(r#""TimeoutSeconds": 0"#),
        "SCHEMA_VALIDATION_FAILED: Minimum value is 1 at /States/X/TimeoutSeconds",
    );
    aws(
        &task(r#""Retry": [{ "ErrorEquals": ["A"], "IntervalSeconds": 0, "MaxAttempts": 0 }]"#),
        "",
    );
    aws(
        &task(r#""Retry": [{ "ErrorEquals": ["A"], "BackoffRate": 0.5 }]"#),
        "SCHEMA_VALIDATION_FAILED: Minimum value is 1 at /States/X/Retry[0]/BackoffRate",
    );
    aws(
        &task(r#""Retry": [{ "ErrorEquals": ["A"], "MaxDelaySeconds": 31622401 }]"#),
        "SCHEMA_VALIDATION_FAILED: Maximum value is 31622400 at /States/X/Retry[0]/MaxDelaySeconds",
    );
    aws(
        &task(r#""Retry": [{ "ErrorEquals": ["A"], "JitterStrategy": "HALF" }]"#),
        "SCHEMA_VALIDATION_FAILED: Value should be one of the following: [NONE, FULL] at /States/X/Retry[0]/JitterStrategy",
    );
    machine(
        r#"{ "StartAt": "X", "TimeoutSeconds": 0, "States": { "X": { "Type": "Succeed" } } }"#,
        "",
    );
}

#[test]
fn errors() {
    let task = |more: &str| {
        format!(
            r#"{{ "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:f", {more}, "End": true }}"#
        )
    };
    aws(
        &task(r#""Retry": [{ "MaxAttempts": 1 }]"#),
        "SCHEMA_VALIDATION_FAILED: These fields are required: [ErrorEquals] at /States/X/Retry[0]",
    );
    aws(
        &task(r#""Retry": [{ "ErrorEquals": [] }]"#),
        "SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/X/Retry[0]/ErrorEquals",
    );
    aws(
        &task(r#""Catch": [{ "ErrorEquals": ["A"] }]"#),
        "SCHEMA_VALIDATION_FAILED: These fields are required: [Next] at /States/X/Catch[0]",
    );
    aws(
        &task(r#""Retry": [{ "ErrorEquals": ["States.ALL", "A"] }]"#),
        "SCHEMA_VALIDATION_FAILED: States.ALL must appear alone and at end of list at /States/X/Retry[0]/ErrorEquals[0]",
    );
    aws(
        &task(r#""Credentials": { "InvalidField": "invalid" }"#),
        "SCHEMA_VALIDATION_FAILED: The field 'RoleArn' is required but was missing at /States/X/Credentials",
    );
    aws(&task(r#""Retry": []"#), "");
}

#[test]
fn resources() {
    aws(
        r#"{ "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true }"#,
        "SCHEMA_VALIDATION_FAILED: Parameters field is required for resource ARN: arn:aws:states:::lambda:invoke at /States/X/Resource",
    );
    aws(
        r#"{ "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.sync", "Parameters": { "FunctionName": "f" }, "End": true }"#,
        "SCHEMA_VALIDATION_FAILED: The resource provided arn:aws:states:::lambda:invoke.sync is not recognized. The value is not a valid resource ARN, or the resource is not available in this region. at /States/X/Resource",
    );
    for (resource, ours) in [
        (
            "arn:aws:states:::lamda:invoke",
            "`lambda` is meant, perhaps",
        ),
        (
            "arn:aws:states:::sqs:receiveMessage",
            "it has `sendMessage`; for others write `aws-sdk:SERVICE:ACTION`",
        ),
    ] {
        let state = format!(
            r#"{{ "Type": "Task", "Resource": "{resource}", "Parameters": {{ "FunctionName": "f" }}, "End": true }}"#
        );
        aws(
            &state,
            &format!(
                "SCHEMA_VALIDATION_FAILED: The resource provided {resource} is not recognized. The value is not a valid \
                 resource ARN, or the resource is not available in this region. at /States/X/Resource"
            ),
        );
        let text = format!(r#"{{ "StartAt": "X", "States": {{ "X": {state} }} }}"#);
        let (_, found) = check_text(&text, ExecutionType::Standard);
        assert_eq!(found[0].help.as_deref(), Some(ours));
    }
    aws(
        r#"{ "Type": "Task", "Resource": "make-dough", "End": true }"#,
        "SCHEMA_VALIDATION_FAILED: Value is not a valid resource ARN at /States/X/Resource",
    );
    let (_, found) = check_text(
        r#"{ "StartAt": "A", "States": { "A": { "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
             "Parameters": { "QueueUrl": "q", "MessageBody": "b" }, "End": true } } }"#,
        ExecutionType::Express,
    );
    assert_eq!(
        invalid_definition(&found).expect("refused"),
        "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Express state machine does not support \
         '.waitForTaskToken' service integration  at /States/A/Resource'"
    );
}

#[test]
fn choice_rules() {
    let choice = |rule: &str| {
        format!(
            r#"{{ "StartAt": "X", "States": {{ "X": {{ "Type": "Choice", "Choices": [{rule}] , "Default": "Y" }}, "Y": {{ "Type": "Succeed" }} }} }}"#
        )
    };
    machine(
        &choice(r#"{ "Variable": "$", "StringMatches": "Test" }"#),
        "SCHEMA_VALIDATION_FAILED: These fields are required: [Next] at /States/X/Choices[0]",
    );
    machine(
        &choice(r#"{ "And": [{ "Variable": "$.a", "IsNull": true, "Next": "Y" }], "Next": "Y" }"#),
        "SCHEMA_VALIDATION_FAILED: Field 'Next' is not supported at /States/X/Choices[0]/And[0]",
    );
    machine(
        &choice(r#"{ "Next": "Y" }"#),
        "SCHEMA_VALIDATION_FAILED: The object must have only one of the following fields, [And, Or, Not, Variable, Condition] at /States/X/Choices[0]",
    );
    machine(
        &choice(r#"{ "Condition": "{% true %}", "Next": "Y" }"#),
        "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONPath', but field 'Condition' is only supported for the 'JSONata' QueryLanguage at /States/X/Choices[0]",
    );
    machine(
        &choice(r#"{ "Variable": "a.b", "IsNull": true, "Next": "Y" }"#),
        "SCHEMA_VALIDATION_FAILED: Value is not a Reference Path: Reference path didn't start with '$' at /States/X/Choices[0]/Variable",
    );
}

#[test]
fn query_languages() {
    aws(
        r#"{ "Type": "Pass", "Output": {}, "End": true }"#,
        "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage at /States/X",
    );
    machine(
        r#"{ "QueryLanguage": "JSONata", "StartAt": "X", "States": { "X": { "Type": "Pass", "InputPath": "$.a", "End": true } } }"#,
        "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for the 'JSONPath' QueryLanguage at /States/X",
    );
    machine(
        r#"{ "QueryLanguage": "JSONata", "StartAt": "X", "States": { "X": { "Type": "Pass", "QueryLanguage": "JSONPath", "End": true } } }"#,
        "SCHEMA_VALIDATION_FAILED: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/X",
    );
    // That is the whole answer about its language.
    machine(
        r#"{ "QueryLanguage": "JSONata", "StartAt": "X", "States": { "X": { "Type": "Pass", "QueryLanguage": "JSONPath", "Output": 1, "End": true } } }"#,
        "SCHEMA_VALIDATION_FAILED: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/X",
    );
    // A language that is none is taken for JSONata.
    aws(
        r#"{ "Type": "Pass", "QueryLanguage": "jsonpath", "Output": { "v": "{% 1 %}" }, "End": true }"#,
        "SCHEMA_VALIDATION_FAILED: Value should be one of the following: [JSONPath, JSONata] at /States/X/QueryLanguage",
    );
    // A Map's language is its own, and the states within have the machine's.
    aws(
        r#"{ "Type": "Map", "QueryLanguage": "JSONata", "Items": [1], "End": true,
             "ItemProcessor": { "StartAt": "P", "States": { "P": { "Type": "Pass", "Output": 1, "End": true } } } }"#,
        "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage at /States/X/ItemProcessor/States/P",
    );
    aws(
        r#"{ "Type": "Map", "End": true,
             "ItemProcessor": { "QueryLanguage": "JSONata", "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true } } } }"#,
        "SCHEMA_VALIDATION_FAILED: Field 'QueryLanguage' is not supported at /States/X/ItemProcessor",
    );
    machine(
        r#"{ "QueryLanguage": "JSONata", "StartAt": "X", "States": { "X": { "Type": "Pass", "Assign": { "states": 1, "a.b": 2 }, "End": true } } }"#,
        "RESERVED_VARIABLE_NAME: Cannot assign to reserved variable '$states'. at /States/X/Assign/states, \
         INVALID_VARIABLE_NAME: Invalid variable name 'a.b': the variable name contains invalid characters. at /States/X/Assign/a.b",
    );
}

#[test]
fn maps() {
    aws(
        r#"{ "Type": "Map", "End": true }"#,
        "SCHEMA_VALIDATION_FAILED: This object should have only one of the following fields: [ItemProcessor, Iterator] at /States/X",
    );
    let map = |config: &str, more: &str| {
        format!(
            r#"{{ "Type": "Map", "End": true, {more} "ItemProcessor": {{ "ProcessorConfig": {config},
                 "StartAt": "P", "States": {{ "P": {{ "Type": "Pass", "End": true }} }} }} }}"#
        )
    };
    aws(
        &map(r#"{ "Mode": "DISTRIBUTED" }"#, ""),
        "SCHEMA_VALIDATION_FAILED: These fields are required: [ExecutionType] at /States/X/ItemProcessor/ProcessorConfig",
    );
    aws(
        &map(r#"{ "Mode": "DISTRIBUTED", "ExecutionType": "FAST" }"#, ""),
        "SCHEMA_VALIDATION_FAILED: Value should be one of the following: [STANDARD, EXPRESS] at /States/X/ItemProcessor/ProcessorConfig/ExecutionType",
    );
    aws(
        &map(
            r#"{ "Mode": "INLINE" }"#,
            r#""MaxConcurrency": 1, "MaxConcurrencyPath": "$.n","#,
        ),
        "SCHEMA_VALIDATION_FAILED: There should only be one of the following fields: [MaxConcurrency, MaxConcurrencyPath] at /States/X",
    );
    aws(
        &map(
            r#"{ "Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS" }"#,
            r#""ItemBatcher": { "BatchInput": { "a": 1 } },"#,
        ),
        "SCHEMA_VALIDATION_FAILED: This object should have at least one of the following fields: [MaxItemsPerBatch, MaxItemsPerBatchPath, MaxInputBytesPerBatch, MaxInputBytesPerBatchPath] at /States/X/ItemBatcher",
    );
}

#[track_caller]
fn ours(definition: &str, expected: &str) {
    let (_, found) = check_text(definition, ExecutionType::Standard);
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(found.join("\n"), expected);
}

#[test]
fn messages_for_people() {
    ours(
        r#"{
  "StartAt": "Charge",
  "States": {
    "Charge": { "Type": "Tsak", "Next": "Pakc" },
    "Pack": { "Type": "Wait", "Secnods": 5, "Result": 1, "Next": "Charge" }
  }
}"#,
        "error[SFN-A010]: there is no type of state `Tsak`
  at /States/Charge/Type (line 4, column 17)
  help: `Task` is meant, perhaps
error[SFN-A009]: a Wait state needs one of `SecondsPath`, `Seconds`, `TimestampPath`, `Timestamp`
  at /States/Pack (line 5, column 5)
error[SFN-A005]: a Wait state has no field `Secnods`
  at /States/Pack/Secnods (line 5, column 31)
  help: `Seconds` is meant, perhaps
error[SFN-A006]: a Wait state has no field `Result`
  at /States/Pack/Result (line 5, column 45)
  help: it belongs to Pass",
    );
    ours(
        "{ \"StartAt\": \"A\",\n  \"States\": { \"A\": { \"Type\": \"Pass\", \"End\": tru } } }",
        "error[SFN-A001]: the text is no JSON: Unrecognized token 'tru': was expecting (JSON String, Number, Array, \
         Object or token 'null', 'true' or 'false')
  at line 2, column 48",
    );
    ours(
        r#"{ "StartAt": "A", "States": { "A": { "Type": "Pass", "Next": "b" }, "B": { "Type": "Succeed" } } }"#,
        "error[SFN-A102]: there is no state `b` here
  at /States/A/Next (line 1, column 54)
  help: `B` is meant, perhaps
error[SFN-A101]: nothing leads to state `B`
  at /States/B (line 1, column 69)
  help: remove it, or name it in a `Next`",
    );
}
