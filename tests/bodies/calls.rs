//! Options of calls, nested state machines, fragments.

use sfn_runtime::{Failure, Payload, aws, state_machine};

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

#[derive(serde::Serialize, serde::Deserialize, Payload)]
#[serde(rename_all = "PascalCase")]
struct Published {
    message_id: String,
}

#[derive(serde::Serialize, serde::Deserialize, Payload)]
#[serde(rename_all = "PascalCase")]
struct Message {
    topic_arn: String,
    message: String,
}

#[state_machine]
async fn tells(n: i64) -> Result<String, Failure> {
    let published = aws::<Published>(
        "sns:publish",
        Message {
            topic_arn: "arn:aws:sns:us-east-1:123456789012:news".to_owned(),
            message: format!("{n} are here"),
        },
    )
    .named("tell everybody")
    .comment("once a day")
    .timeout("2m")
    .retry(
        on("Sns.ThrottledException", Timeout),
        interval = "5s",
        max_attempts = 4,
    )
    .await?;
    let again = match aws::<Published>("sns:publish", published.message_id.clone()).await {
        Ok(again) => again.message_id,
        Err(_) => "silent".to_owned(),
    };
    Ok(again)
}

#[test]
fn options_of_a_service() {
    let machine = tells::WORKFLOW
        .definition()
        .compile(&sfn_runtime::flow::SamplePlaces::new("tests"))
        .expect("it is right");
    let states = &machine.to_value()["States"];
    let told = &states["tell everybody"];
    assert_eq!(told["TimeoutSeconds"], 120);
    assert!(
        told["Comment"]
            .as_str()
            .is_some_and(|comment| comment.starts_with("once a day"))
    );
    assert_eq!(
        told["Retry"],
        serde_json::json!([{
            "ErrorEquals": ["Sns.ThrottledException", "States.Timeout"],
            "IntervalSeconds": 5,
            "MaxAttempts": 4,
            "BackoffRate": 2.0,
        }])
    );
    assert_eq!(
        states["sns:publish"]["Catch"][0]["ErrorEquals"],
        serde_json::json!(["States.TaskFailed"])
    );
}
