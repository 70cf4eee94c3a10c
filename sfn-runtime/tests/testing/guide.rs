//! The code of the guide's page on testing: what stands between `// begin: NAME` and `// end` must stand there word for
//! word, and here it runs.

// begin: kitchen
use sfn_runtime::{
    Payload, StepError, Workflow, days, hours, minutes, step,
    testing::{Golden, Test, fault, mock},
    workflow, workflow_test,
};

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, Payload)]
struct Order {
    table: u8,
    size: u32,
}

#[derive(Debug, thiserror::Error, StepError)]
enum OvenError {
    #[error("the oven is busy")]
    Busy,
    #[error("forgotten")]
    #[step_error(retryable = false)]
    Burnt,
}

#[step]
fn make_dough(order: &Order) -> u32 {
    order.size * 8
}

#[step(timeout = "1h", retry(on(OvenError::Busy, Timeout), interval = "10m"))]
async fn bake(grams: u32) -> Result<String, OvenError> {
    Ok(format!("{grams} g, crisp"))
}

#[step]
fn order_elsewhere() -> String {
    "from elsewhere".to_owned()
}

static PIZZA: Workflow<Order, String> = workflow!(
    name = "pizza",
    make_dough,
    bake.catch(on(OvenError::Burnt), order_elsewhere),
    wait(days(30)),
);
// end

// begin: first
#[workflow_test]
async fn a_pizza_ripens_for_thirty_days(test: Test) {
    let execution = test.run(&PIZZA, Order { table: 7, size: 30 }).await;
    assert_eq!(execution.output(), "240 g, crisp");
    assert_eq!(execution.took(), days(30));
    execution.assert_path(["make_dough", "bake", "wait 30 days"]);
}
// end

// begin: mocks
#[workflow_test]
async fn the_oven_is_busy_twice(test: Test) {
    let oven = test.mock(
        mock::<bake>()
            .fails(OvenError::Busy)
            .times(2)
            .answers(|grams| Ok(format!("{grams} g, pale"))),
    );
    let execution = test.run(&PIZZA, Order { table: 7, size: 30 }).await;
    assert_eq!(execution.output(), "240 g, pale");
    assert_eq!(oven.inputs(), [240, 240, 240]);
    // Ten minutes before the second attempt, twenty before the third.
    assert_eq!(execution.took(), days(30) + minutes(30));
}
// end

// begin: faults
#[workflow_test]
async fn an_attempt_takes_too_long(test: Test) {
    test.fault(fault("bake").attempt(1).times_out());
    let execution = test.run(&PIZZA, Order { table: 7, size: 30 }).await;
    assert_eq!(execution.attempts("bake"), 2);
    assert_eq!(execution.took(), days(30) + hours(1) + minutes(10));
}
// end

// begin: errors
#[workflow_test]
async fn a_burnt_pizza_is_ordered_elsewhere(test: Test) {
    test.mock(mock::<bake>().fails(OvenError::Burnt));
    let execution = test.run(&PIZZA, Order { table: 7, size: 30 }).await;
    assert_eq!(
        execution.story(),
        "\
started {\"table\":7,\"size\":30}
make_dough entered {\"table\":7,\"size\":30}
make_dough left 240
bake entered 240
bake failed: OvenError.Burnt: forgotten
bake left {\"input\":240,\"error\":{\"name\":\"OvenError.Burnt\",\"cause\":\"forgotten\"}}
order_elsewhere entered {\"input\":240,\"error\":{\"name\":\"OvenError.Burnt\",\"cause\":\"forgotten\"}}
order_elsewhere left \"from elsewhere\"
wait 30 days entered \"from elsewhere\"
wait 30 days left \"from elsewhere\"
succeeded \"from elsewhere\"
"
    );
}
// end

// begin: exhaustive
#[workflow_test]
async fn whatever_fails_it_ends_as_declared(test: Test) {
    let exhausted = test.exhaust(&PIZZA, Order { table: 7, size: 30 }).await;
    exhausted.assert_declared();
    assert_eq!(
        exhausted.to_string(),
        "\
make_dough       Sfn.Panic        fails with it
bake             OvenError.Busy   fails with it
bake             OvenError.Burnt  succeeds
bake             States.Timeout   fails with it
bake             Sfn.Panic        fails with it
order_elsewhere  Sfn.Panic        fails with it, when `bake` fails with OvenError.Burnt
"
    );
}
// end

// begin: clock
#[workflow_test]
async fn nobody_waits_longer_than_needed(test: Test) {
    test.clock().hold();
    let running = test.start(&PIZZA, Order { table: 7, size: 30 }).await;
    test.clock().advance(days(29)).await;
    assert!(
        !running
            .handle()
            .describe()
            .await
            .unwrap()
            .status
            .is_closed()
    );
    test.clock().advance(days(1)).await;
    assert_eq!(running.ended().await.took(), days(30));
}
// end

// begin: golden
#[workflow_test]
async fn todays_definition_goes_the_way_of_order_17(test: Test) {
    let golden = Golden::read(HISTORY).expect("it was downloaded");
    if let Err(parted) = test.replay(&PIZZA, &golden).await {
        panic!("{parted}");
    }
}
// end

const HISTORY: &str = r#"{ "events": [
    { "timestamp": 1772359200.0, "type": "ExecutionStarted", "id": 1, "previousEventId": 0,
      "executionStartedEventDetails": { "input": "{\"table\":7,\"size\":30}" } },
    { "timestamp": 1772359200.0, "type": "TaskStateEntered", "id": 2, "previousEventId": 0,
      "stateEnteredEventDetails": { "name": "make_dough", "input": "{\"table\":7,\"size\":30}" } },
    { "timestamp": 1772359200.0, "type": "ActivityScheduled", "id": 3, "previousEventId": 2,
      "activityScheduledEventDetails": { "resource": "arn:aws:states:eu-central-1:111122223333:activity:a" } },
    { "timestamp": 1772359200.0, "type": "ActivityStarted", "id": 4, "previousEventId": 3,
      "activityStartedEventDetails": { "workerName": "w" } },
    { "timestamp": 1772359200.0, "type": "ActivitySucceeded", "id": 5, "previousEventId": 4,
      "activitySucceededEventDetails": { "output": "240" } },
    { "timestamp": 1772359200.0, "type": "TaskStateExited", "id": 6, "previousEventId": 5,
      "stateExitedEventDetails": { "name": "make_dough", "output": "240" } },
    { "timestamp": 1772359200.0, "type": "TaskStateEntered", "id": 7, "previousEventId": 6,
      "stateEnteredEventDetails": { "name": "bake", "input": "240" } },
    { "timestamp": 1772359200.0, "type": "ActivityScheduled", "id": 8, "previousEventId": 7,
      "activityScheduledEventDetails": { "resource": "arn:aws:states:eu-central-1:111122223333:activity:b" } },
    { "timestamp": 1772359200.0, "type": "ActivityStarted", "id": 9, "previousEventId": 8,
      "activityStartedEventDetails": { "workerName": "w" } },
    { "timestamp": 1772359200.0, "type": "ActivityFailed", "id": 10, "previousEventId": 9,
      "activityFailedEventDetails": { "error": "Other.Error", "cause": "the fire is out" } },
    { "timestamp": 1772359200.0, "type": "ExecutionFailed", "id": 11, "previousEventId": 10,
      "executionFailedEventDetails": { "error": "Other.Error", "cause": "the fire is out" } }
] }"#;

#[test]
fn the_page_holds_this_code() {
    let source = include_str!("guide.rs");
    let page = include_str!("../../../docs/guide/testing.md");
    let regions: Vec<&str> = source
        .split("// begin: ")
        .skip(1)
        .filter_map(|region| Some(region.split_once('\n')?.1.split_once("// end\n")?.0))
        .collect();
    assert_eq!(regions.len(), 8);
    for region in regions {
        assert!(
            page.contains(&format!("{region}```\n")),
            "the page lacks:\n{region}"
        );
    }
    let _ = (Order { table: 1, size: 1 }, OvenError::Busy);
}
