//! Distributed Maps that read from S3 and write there.

#[path = "../support/failing_at.rs"]
mod failing_at;
mod failing_store;
mod results;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use sfn_engine::api::{
    CreateStateMachine, DescribedExecution, Page, StartExecution, StopExecution,
};
use sfn_engine::store::{Kept, MemoryStore, Store};
use sfn_engine::{
    BoxFuture, Engine, ExecutionStatus, Handle, IntegrationCall, Integrations, Response, TestClock,
    TestIds,
};
use tokio::sync::Semaphore;

/// Objects by their keys; the bucket is always the same.
#[derive(Clone)]
struct Bucket {
    objects: Arc<Mutex<BTreeMap<String, String>>>,
    /// Every request takes one, and waits until there is one.
    permits: Arc<Semaphore>,
    asked: Arc<AtomicUsize>,
    /// The journal, and what it has to hold before anything may be written here.
    before_writing: Option<(MemoryStore, Vec<&'static str>)>,
    too_early: Arc<AtomicBool>,
}

impl Bucket {
    fn with(objects: &[(&str, &str)]) -> Self {
        let objects = objects
            .iter()
            .map(|(key, body)| ((*key).to_owned(), (*body).to_owned()));
        Bucket {
            objects: Arc::new(Mutex::new(objects.collect())),
            permits: Arc::new(Semaphore::new(1000)),
            asked: Arc::default(),
            before_writing: None,
            too_early: Arc::default(),
        }
    }

    /// Lets nobody through until permits are added.
    fn closed(self) -> Self {
        Bucket {
            permits: Arc::new(Semaphore::new(0)),
            ..self
        }
    }

    fn answer<T: Send + 'static>(
        &self,
        answer: impl FnOnce(&mut BTreeMap<String, String>) -> T + Send + 'static,
    ) -> Option<BoxFuture<T>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let (objects, permits) = (self.objects.clone(), self.permits.clone());
        Some(Box::pin(async move {
            permits.acquire().await.expect("it stays open").forget();
            answer(&mut objects.lock().expect("nobody panics with it"))
        }))
    }

    /// What a Map Run wrote: by the name of the file, without the folder that is named for the run.
    fn written(&self) -> BTreeMap<String, String> {
        let objects = self.objects.lock().expect("nobody panics with it");
        let written = objects.iter().filter(|(key, _)| key.starts_with("out/"));
        let name = |key: &String| key.rsplit('/').next().unwrap_or_default().to_owned();
        written
            .map(|(key, body)| (name(key), body.clone()))
            .collect()
    }
}

impl Integrations for Bucket {
    fn call(&self, _call: &IntegrationCall) -> Option<Response> {
        None
    }

    fn get_object(&self, _bucket: &str, key: &str) -> Option<BoxFuture<Result<Vec<u8>, String>>> {
        let key = key.to_owned();
        self.answer(move |objects| {
            let body = objects.get(&key).map(|body| body.clone().into_bytes());
            body.ok_or_else(|| "The specified key does not exist.".to_owned())
        })
    }

    fn list_objects(
        &self,
        _bucket: &str,
        prefix: &str,
    ) -> Option<BoxFuture<Result<Vec<Value>, String>>> {
        let prefix = prefix.to_owned();
        self.answer(move |objects| {
            let keys = objects.keys().filter(|key| key.starts_with(&prefix));
            Ok(keys.map(|key| json!({ "Key": key })).collect())
        })
    }

    fn put_object(
        &self,
        _bucket: &str,
        key: &str,
        body: &[u8],
    ) -> Option<BoxFuture<Result<(), String>>> {
        if let Some((journal, needed)) = &self.before_writing {
            let mut text = String::new();
            let read = journal.load(&mut |kept| {
                if let Kept::Frame(frame) = kept {
                    text.push_str(frame);
                }
                Ok(())
            });
            read.expect("it can be read");
            if !needed.iter().all(|needed| text.contains(needed)) {
                self.too_early.store(true, Ordering::SeqCst);
            }
        }
        let body = String::from_utf8_lossy(body).into_owned();
        let key = key.to_owned();
        self.answer(move |objects| {
            objects.insert(key, body);
            Ok(())
        })
    }
}

fn engine(clock: &TestClock, s3: &Bucket) -> Handle {
    let made = Engine::builder()
        .clock(clock.clone())
        .ids(TestIds::default())
        .integrations(s3.clone())
        .start();
    made.expect("there is a runtime")
}

/// A Map with these fields; `processor` is its only inner state.
fn map(fields: Value, processor: Value) -> Value {
    let mut map = json!({
        "Type": "Map",
        "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "P",
            "States": { "P": processor }
        },
        "End": true
    });
    let members = fields.as_object().expect("an object").clone();
    map.as_object_mut().expect("an object").extend(members);
    json!({ "StartAt": "M", "States": { "M": map } })
}

fn pass() -> Value {
    json!({ "Type": "Pass", "End": true })
}

fn reader(config: Value) -> Value {
    json!({
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": config,
        "Parameters": { "Bucket": "b", "Key": "items" }
    })
}

async fn start(engine: &Handle, name: &str, definition: &Value, input: Value) -> String {
    let machine = CreateStateMachine::new(name, definition.to_string());
    let machine = engine.create_state_machine(machine).await;
    let machine = machine.expect("a valid definition").state_machine_arn;
    let request = StartExecution::new(machine)
        .name("e")
        .input(input.to_string());
    let started = engine.start_execution(request).await;
    started.expect("it starts").execution_arn
}

async fn run(s3: &Bucket, definition: &Value, input: Value) -> DescribedExecution {
    let engine = engine(&TestClock::auto(), s3);
    let arn = start(&engine, "m", definition, input).await;
    engine.wait(&arn).await.expect("it ends")
}

#[track_caller]
fn output(described: &DescribedExecution) -> Value {
    assert_eq!(
        described.status,
        ExecutionStatus::Succeeded,
        "{described:?}"
    );
    let output = described.output.as_deref().unwrap_or_default();
    serde_json::from_str(output).expect("JSON")
}

/// Checks what items are made of an object.
async fn check_items(config: Value, body: &str, input: Value, expected: Value) {
    let definition = map(json!({ "ItemReader": reader(config.clone()) }), pass());
    let described = run(&Bucket::with(&[("items", body)]), &definition, input).await;
    assert_eq!(output(&described), expected, "{config}");
}

/// Checks why no items are made of an object.
async fn check_no_items(config: Value, body: &str, cause: &str) {
    let definition = map(json!({ "ItemReader": reader(config.clone()) }), pass());
    let described = run(&Bucket::with(&[("items", body)]), &definition, json!({})).await;
    assert_eq!(
        described.error.as_deref(),
        Some("States.ItemReaderFailed"),
        "{config}"
    );
    assert_eq!(described.cause.as_deref(), Some(cause), "{config}");
}

#[tokio::test]
async fn objects_are_read_by_their_configuration() {
    let given = |delimiter: &str| {
        json!({
            "InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["x", "y"],
            "CSVDelimiter": delimiter
        })
    };
    let both = json!([{ "x": "1", "y": "2" }, { "x": "3", "y": "" }]);
    for (delimiter, body) in [
        ("COMMA", "1,2\n3\n"),
        ("PIPE", "1|2\n3|\n"),
        ("SEMICOLON", "1;2\r\n3;\r\n"),
        ("SPACE", "1 2\n3 \n"),
        ("TAB", "1\t2\t9\n3\n"),
    ] {
        check_items(given(delimiter), body, json!({}), both.clone()).await;
    }
    let lines = json!({ "InputType": "JSONL" });
    check_items(
        lines,
        "{\"a\":1}\n\n[2]\n\"3\"",
        json!({}),
        json!([{ "a": 1 }, [2], "3"]),
    )
    .await;
    let pointed = json!({ "InputType": "JSON", "ItemsPointer": "/deep/0/items" });
    let body = r#"{"deep":[{"items":[1,2]}]}"#;
    check_items(pointed, body, json!({}), json!([1, 2])).await;
    let most = json!({ "InputType": "JSON", "MaxItemsPath": "$.most" });
    check_items(most, "[1,2,3]", json!({ "most": 2 }), json!([1, 2])).await;
    let first = json!({ "InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "MaxItems": 1 });
    check_items(
        first,
        "a,b\n1,2\n3,4\n",
        json!({}),
        json!([{ "a": "1", "b": "2" }]),
    )
    .await;
}

#[tokio::test]
async fn an_object_that_cannot_be_read_fails_the_map() {
    let doubled = json!({ "InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW" });
    check_no_items(
        doubled,
        "a,a\n1,2\n",
        "CSV headers cannot contain duplicates.",
    )
    .await;
    let json = json!({ "InputType": "JSON" });
    check_no_items(json, "7", "Attempting to map over non-iterable node.").await;
}

#[tokio::test]
async fn a_child_gets_no_more_than_an_execution_may() {
    let line = |bytes: usize| format!("\"{}\"\n", "x".repeat(bytes - 2));
    let lines = json!({ "InputType": "JSONL" });
    let big = line(262_145);
    let s3 = Bucket::with(&[("items", &big)]);
    let definition = map(json!({ "ItemReader": reader(lines.clone()) }), pass());
    let described = run(&s3, &definition, json!({})).await;
    let error = Some("States.DataLimitExceeded");
    assert_eq!(described.error.as_deref(), error, "{described:?}");

    // Batches are made so small that they fit.
    let three = line(100_000).repeat(3);
    let s3 = Bucket::with(&[("items", &three)]);
    let fields = json!({
        "ItemReader": reader(lines),
        "ItemBatcher": { "MaxItemsPerBatch": 10 },
        "ResultSelector": { "children.$": "States.ArrayLength($)" }
    });
    let described = run(&s3, &map(fields, pass()), json!({})).await;
    assert_eq!(output(&described), json!({ "children": 2 }));
}

#[tokio::test]
async fn listed_objects_are_loaded_one_after_the_other() {
    let s3 = Bucket::with(&[
        ("in/a.json", "[1,2]"),
        ("in/b.json", "[3,4]"),
        ("in/c/", ""),
        ("other", "[5]"),
    ]);
    let reader = |max: u64| {
        json!({
            "Resource": "arn:aws:states:::s3:listObjectsV2",
            "ReaderConfig": {
                "InputType": "JSON", "Transformation": "LOAD_AND_FLATTEN", "MaxItems": max
            },
            "Parameters": { "Bucket": "b", "Prefix": "in/" }
        })
    };
    let described = run(
        &s3,
        &map(json!({ "ItemReader": reader(0) }), pass()),
        json!({}),
    )
    .await;
    assert_eq!(output(&described), json!([1, 2, 3, 4]));
    let described = run(
        &s3,
        &map(json!({ "ItemReader": reader(3) }), pass()),
        json!({}),
    )
    .await;
    assert_eq!(output(&described), json!([1, 2, 3]));
}

#[tokio::test]
async fn while_s3_is_slow_everything_else_goes_on() {
    let s3 = Bucket::with(&[("items", "[1,2]")]).closed();
    let clock = TestClock::manual();
    let engine = engine(&clock, &s3);
    let fields = json!({
        "ItemReader": reader(json!({ "InputType": "JSON" })),
        "ResultWriter": {
            "Resource": "arn:aws:states:::s3:putObject",
            "Parameters": { "Bucket": "b", "Prefix": "out" }
        }
    });
    let slow = start(&engine, "slow", &map(fields, pass()), json!({})).await;
    let pass = json!({ "StartAt": "P", "States": { "P": pass() } });
    // One request to read the items, and two to write: a file and the manifest.
    for asked in 1..=3 {
        while s3.asked.load(Ordering::SeqCst) < asked {
            tokio::task::yield_now().await;
        }
        let name = format!("quick-{asked}");
        let quick = start(&engine, &name, &pass, json!({})).await;
        assert_eq!(
            output(&engine.wait(&quick).await.expect("it ends")),
            json!({})
        );
        let waiting = engine.describe_execution(&slow).await.expect("it is known");
        assert_eq!(waiting.status, ExecutionStatus::Running);
        let runs = engine
            .list_map_runs(&slow, Page::first())
            .await
            .expect("listed");
        assert_eq!(
            runs.items.len(),
            usize::from(asked > 1),
            "none before its items are there"
        );
        if let Some(run) = runs.items.first() {
            let described = engine
                .describe_map_run(&run.map_run_arn)
                .await
                .expect("known");
            assert_eq!(described.status.as_str(), "RUNNING");
            assert_eq!(described.execution_counts.succeeded, 2);
        }
        s3.permits.add_permits(1);
    }
    let described = engine.wait(&slow).await.expect("it ends");
    let details = &output(&described)["ResultWriterDetails"];
    assert_eq!(details["Bucket"], "b");
    let written = s3.written();
    assert_eq!(
        written.keys().collect::<Vec<_>>(),
        ["SUCCEEDED_0.json", "manifest.json"]
    );
    let told: Value = serde_json::from_str(&written["SUCCEEDED_0.json"]).expect("JSON");
    assert_eq!(told[1]["Output"], "2");
    assert_eq!(told[1]["Status"], "SUCCEEDED");
}

#[tokio::test]
async fn whoever_is_stopped_waits_for_s3_no_more() {
    let s3 = Bucket::with(&[("items", "[1,2]")]).closed();
    let engine = engine(&TestClock::auto(), &s3);
    let fields = json!({ "ItemReader": reader(json!({ "InputType": "JSON" })) });
    let slow = start(&engine, "slow", &map(fields, pass()), json!({})).await;
    let stop = StopExecution::new(&slow);
    engine.stop_execution(stop).await.expect("it runs");
    let stopped = engine.wait(&slow).await.expect("it ends");
    assert_eq!(stopped.status, ExecutionStatus::Aborted);
    // The clock only jumps when nobody is busy.
    let rest = json!({ "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 100, "End": true } } });
    let rest = start(&engine, "rest", &rest, json!({})).await;
    let ended = tokio::time::timeout(Duration::from_secs(20), engine.wait(&rest)).await;
    output(&ended.expect("the clock jumps").expect("it ends"));
}
