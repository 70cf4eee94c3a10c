//! What is written of a Map Run, however it ends.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use sfn_engine::TestClock;
use sfn_engine::api::{DescribedExecution, StopExecution};

use crate::{Bucket, engine, map, output, pass, run, start};

/// What a result writer with this configuration writes, and the state's output.
async fn write(config: Value, tolerated: u64) -> (DescribedExecution, BTreeMap<String, String>) {
    let s3 = Bucket::with(&[]);
    let fields = json!({
        "ItemsPath": "$.items",
        "MaxConcurrency": 1,
        "ToleratedFailureCount": tolerated,
        "ResultWriter": {
            "Resource": "arn:aws:states:::s3:putObject",
            "WriterConfig": config,
            "Parameters": { "Bucket": "b", "Prefix": "out/" }
        }
    });
    let fails = json!({
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage",
        "Parameters": { "QueueUrl": "u", "MessageBody": "m" }, "End": true
    });
    let processor = json!({
        "Type": "Choice",
        "Choices": [{ "Variable": "$", "IsString": true, "Next": "Fails" }],
        "Default": "Good"
    });
    let mut definition = map(fields, processor);
    let states = &mut definition["States"]["M"]["ItemProcessor"]["States"];
    states["Fails"] = fails;
    states["Good"] = pass();
    let input = json!({ "items": [[1, 2], "bad", { "a": 3 }] });
    let described = run(&s3, &definition, input).await;
    (described, s3.written())
}

#[tokio::test]
async fn results_are_written_as_their_configuration_says() {
    let parsed = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
    let compact = json!({ "Transformation": "COMPACT", "OutputType": "JSON" });
    let (described, written) = write(compact, 1).await;
    assert!(output(&described).get("MapRunArn").is_some());
    assert_eq!(
        parsed(&written["SUCCEEDED_0.json"]),
        json!([[1, 2], { "a": 3 }])
    );
    let failed = parsed(&written["FAILED_0.json"]);
    assert_eq!(failed[0]["Status"], "FAILED");
    assert_eq!(failed[0]["Error"], "States.TaskFailed");
    assert_eq!(failed[0]["Input"], "\"bad\"");
    let files = parsed(&written["manifest.json"])["ResultFiles"].clone();
    assert_eq!(files["PENDING"], json!([]));
    assert_eq!(
        files["SUCCEEDED"][0]["Size"],
        written["SUCCEEDED_0.json"].len()
    );

    let lines = json!({ "Transformation": "FLATTEN", "OutputType": "JSONL" });
    let (_, written) = write(lines, 1).await;
    assert_eq!(written["SUCCEEDED_0.jsonl"], "1\n2\n{\"a\":3}\n");

    let (_, written) = write(json!({ "Transformation": "NONE", "OutputType": "JSON" }), 1).await;
    let told = parsed(&written["SUCCEEDED_0.json"]);
    assert_eq!(told[0]["Output"], "[1,2]");
    assert_eq!(told[0]["InputDetails"], json!({ "Included": true }));
}

#[tokio::test]
async fn a_map_run_that_failed_writes_what_it_had_not_begun() {
    let (described, written) = write(
        json!({ "Transformation": "COMPACT", "OutputType": "JSON" }),
        0,
    )
    .await;
    assert_eq!(
        described.error.as_deref(),
        Some("States.ExceedToleratedFailureThreshold")
    );
    let names: Vec<_> = written.keys().collect();
    assert_eq!(
        names,
        [
            "FAILED_0.json",
            "PENDING_0.json",
            "SUCCEEDED_0.json",
            "manifest.json"
        ]
    );
    let pending: Value = serde_json::from_str(&written["PENDING_0.json"]).expect("JSON");
    assert_eq!(pending[0]["Input"], r#"{"a":3}"#);
    assert_eq!(pending.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_map_run_that_was_stopped_writes_what_it_had_come_to() {
    let s3 = Bucket::with(&[]);
    let engine = engine(&TestClock::manual(), &s3);
    let fields = json!({
        "ItemsPath": "$.items",
        "MaxConcurrency": 2,
        "ResultWriter": {
            "Resource": "arn:aws:states:::s3:putObject",
            "Parameters": { "Bucket": "b", "Prefix": "out/" }
        }
    });
    let mut definition = map(
        fields,
        json!({
            "Type": "Choice",
            "Choices": [{ "Variable": "$", "NumericEquals": 1, "Next": "Good" }],
            "Default": "Slow"
        }),
    );
    let states = &mut definition["States"]["M"]["ItemProcessor"]["States"];
    states["Good"] = pass();
    states["Slow"] = json!({ "Type": "Wait", "Seconds": 9, "End": true });
    let arn = start(&engine, "m", &definition, json!({ "items": [1, 2, 3, 4] })).await;
    let stop = StopExecution::new(&arn);
    engine.stop_execution(stop).await.expect("it runs");
    let written = async {
        while !s3.written().contains_key("manifest.json") {
            tokio::task::yield_now().await;
        }
        s3.written()
    };
    let written = tokio::time::timeout(Duration::from_secs(20), written).await;
    let written = written.expect("it is written");
    let parsed = |name: &str| serde_json::from_str::<Value>(&written[name]).expect("JSON");
    let of = |name: &str, member: &str| -> Vec<Value> {
        let list = parsed(name);
        let list = list.as_array().expect("a list");
        list.iter().map(|told| told[member].clone()).collect()
    };
    assert_eq!(of("SUCCEEDED_0.json", "Input"), ["1"]);
    assert_eq!(of("FAILED_0.json", "Status"), ["ABORTED", "ABORTED"]);
    assert_eq!(of("PENDING_0.json", "Input"), ["4"]);
    assert_eq!(parsed("manifest.json")["DestinationBucket"], "b");
}

#[tokio::test]
async fn results_can_be_formed_without_being_written() {
    let check = async |transformation: &str, expected: Value| {
        let fields = json!({
            "ItemsPath": "$.items",
            "ResultWriter": { "WriterConfig": { "Transformation": transformation, "OutputType": "JSON" } }
        });
        let input = json!({ "items": [[1, 2], 3] });
        let described = run(&Bucket::with(&[]), &map(fields, pass()), input).await;
        let output = output(&described);
        if transformation == "NONE" {
            assert_eq!(output[1]["Output"], expected);
        } else {
            assert_eq!(output, expected);
        }
    };
    check("COMPACT", json!([[1, 2], 3])).await;
    check("FLATTEN", json!([1, 2, 3])).await;
    check("NONE", json!("3")).await;
}
