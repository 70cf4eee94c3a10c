//! Stores that fail while items are read or results are written.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use sfn_engine::api::{CreateStateMachine, DescribedExecution, StartExecution};
use sfn_engine::store::MemoryStore;
use sfn_engine::{Engine, Handle, TestClock, TestIds};

use crate::{Bucket, failing_at::FailingAt, map, output, reader};

#[tokio::test]
async fn whenever_the_store_fails_items_are_read_and_results_written_again() {
    let fields = json!({
        "ItemReader": reader(json!({ "InputType": "JSON" })),
        "ResultWriter": {
            "Resource": "arn:aws:states:::s3:putObject",
            "WriterConfig": { "Transformation": "COMPACT", "OutputType": "JSON" },
            "Parameters": { "Bucket": "b", "Prefix": "out" }
        }
    });
    let processor = json!({ "Type": "Wait", "Seconds": 5, "End": true });
    let definition = map(fields, processor);
    let mut failures = 0;
    for n in 0.. {
        let memory = MemoryStore::default();
        let s3 = Bucket {
            // The last thing that is written of a child: its timer was due, and it went on.
            before_writing: Some((memory.clone(), vec!["\"Timer\""])),
            ..Bucket::with(&[("items", r#"["one","two"]"#)])
        };
        let make = |store: FailingAt, seed: u64| {
            let made = Engine::builder()
                .clock(TestClock::auto())
                .ids(TestIds::new(seed))
                .store(store)
                .integrations(s3.clone())
                .start();
            made.expect("the store can be read")
        };
        let left = Arc::new(AtomicUsize::new(n));
        let first = make(
            FailingAt {
                inner: memory.clone(),
                left,
            },
            1,
        );
        let mut ended = drive(&first, &definition).await;
        drop(first);
        let failed = ended.is_none();
        if failed {
            failures += 1;
            let second = make(
                FailingAt {
                    inner: memory,
                    left: Arc::new(AtomicUsize::new(usize::MAX)),
                },
                2,
            );
            ended = drive(&second, &definition).await;
        }
        let described = ended.expect("it ends, at the latest by the second engine");
        assert_eq!(
            output(&described)["ResultWriterDetails"]["Bucket"],
            "b",
            "after {n} writes"
        );
        let written = s3.written();
        assert_eq!(
            written["SUCCEEDED_0.json"], r#"["one","two"]"#,
            "after {n} writes"
        );
        assert!(written.contains_key("manifest.json"));
        assert!(
            !s3.too_early.load(Ordering::SeqCst),
            "written before the journal, after {n} writes"
        );
        if !failed {
            break;
        }
    }
    // The machine, the start, what led to the results, and the end each wait for a write of their own. What else is
    // written in between goes with one of these when it comes in time.
    assert!(failures >= 4, "only {failures} writes");
}

/// Has the machine run to its end; `None` when the store fails on the way.
async fn drive(engine: &Handle, definition: &Value) -> Option<DescribedExecution> {
    let machine = CreateStateMachine::new("m", definition.to_string());
    let machine = engine.create_state_machine(machine).await.ok()?;
    let start = StartExecution::new(&machine.state_machine_arn).name("e");
    let arn = machine
        .state_machine_arn
        .replace(":stateMachine:", ":execution:");
    match engine.start_execution(start).await {
        Ok(_) | Err(sfn_engine::Error::ExecutionAlreadyExists(_)) => {}
        Err(_) => return None,
    }
    // An engine whose store has failed does nothing any more; it does not say so to those who wait.
    let arn = format!("{arn}:e");
    for _ in 0..100_000 {
        let described = engine.describe_execution(&arn).await.ok()?;
        if described.status.is_over() {
            return Some(described);
        }
        tokio::task::yield_now().await;
    }
    panic!("it does not end");
}
