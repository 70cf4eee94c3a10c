//! Options of calls, nested state machines, fragments.

use sfn_runtime::state_machine;

use crate::{
    all,
    steps::{OrderError, ShipError, double, note, ship, sum},
};

#[state_machine(inline)]
async fn twice(n: i64) -> i64 {
    let m = double(n).await;
    double(m).await
}

#[state_machine(inline)]
fn discount(n: i64, percent: i64) -> i64 {
    n - n * percent / 100
}

#[state_machine(inline)]
async fn shipped(n: i64) -> Result<String, ShipError> {
    if n > 100 {
        return Ok("too large to see".to_owned());
    }
    let text = ship(n).await?;
    Ok(text)
}

#[state_machine]
async fn fragments(n: i64) -> Result<String, OrderError> {
    let m = twice(n).await;
    let d = discount(m, 10);
    let text = shipped(d).await?;
    note(&text).await;
    Ok(format!("{text} {d}"))
}

#[state_machine]
async fn options(n: i64) -> Result<String, OrderError> {
    let m = double(n)
        .named("double it")
        .comment("because")
        .timeout("5m")
        .await;
    let text = ship(m)
        .retry(
            on(ShipError::OutOfStock, Timeout),
            interval = "2s",
            max_attempts = 2,
        )
        .heartbeat("30s")
        .await?;
    let s = sum(m, 1).named("add one");
    Ok(format!("{text} {s}"))
}

#[tokio::test]
async fn calls() {
    all!(fragments: 0, 2, 100);
    all!(options: 5);
}

#[test]
fn options_are_in_the_definition() {
    let definition = options::WORKFLOW.definition();
    let machine = definition
        .compile(&sfn_runtime::flow::SamplePlaces::new("tests"))
        .expect("it is right");
    let text = serde_json::to_string(&machine.to_value()).expect("it is JSON");
    for part in [
        "\"double it\"",
        "\"add one\"",
        "because",
        "\"TimeoutSeconds\":300",
        "\"HeartbeatSeconds\":30",
        "ShipError.OutOfStock",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}
