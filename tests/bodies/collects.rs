//! Pipelines whose branches and items give how they ended.

use sfn_runtime::{
    Workflow,
    flow::{CaughtError, Collected},
    minutes, step,
    testing::Test,
    workflow,
};

use crate::steps::{Log, double, ship};

#[step]
fn tell(all: Vec<Collected<String>>) -> Vec<String> {
    let text = |one: Collected<String>| match one.into_result() {
        Ok(text) => text,
        Err(error) => format!("{}: {}", error.name, error.cause),
    };
    all.into_iter().map(text).collect()
}

static EACH: Workflow<Vec<i64>, Vec<String>> = workflow!(
    name = "collect-each",
    map(ship).collect().max_concurrency(2),
    tell
);

static LONGER: Workflow<Vec<i64>, Vec<String>> = workflow!(
    name = "collect-longer",
    input = Vec<i64>,
    map((
        choose(|n: &i64| if n > &4 {
            fail("TooLarge", "no more than four")
        } else if n == &4 {
            wait(minutes(1))
        }),
        ship.named("ship it"),
        choose(|text| if text == "shipped 3" {
            succeed()
        }),
    ))
    .collect(),
    tell.named("tell of them"),
);

#[step]
fn tell_both(number: Collected<i64>, text: Collected<String>) -> (bool, Option<String>) {
    let error: Result<String, CaughtError> = text.into();
    (number.is_ok(), error.err().map(|error| error.name))
}

static BOTH: Workflow<i64, (bool, Option<String>)> = workflow!(
    name = "collect-both",
    parallel(double, (ship.named("ship"), pass()))
        .collect()
        .named("both"),
    tell_both,
);

async fn check<I: sfn_runtime::Payload, O: sfn_runtime::Payload + PartialEq + std::fmt::Debug>(
    workflow: &Workflow<I, O>,
    input: I,
    ends: O,
) {
    let test = Test::new().await;
    test.provide(Log::default());
    let execution = test.run(workflow, input).await;
    assert_eq!(execution.output(), ends, "{}", execution.story());
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[tokio::test]
async fn no_error_stops_another() {
    check(
        &EACH,
        vec![0, 5, 7],
        texts(&[
            "ShipError.OutOfStock: nothing is in stock",
            "shipped 5",
            "shipped 7",
        ]),
    )
    .await;
    check(&EACH, vec![], Vec::new()).await;
    check(
        &LONGER,
        vec![0, 5, 3, 4],
        texts(&[
            "ShipError.OutOfStock: nothing is in stock",
            "TooLarge: no more than four",
            "shipped 3",
            "shipped 4",
        ]),
    )
    .await;
    check(&BOTH, 5, (true, None)).await;
    check(&BOTH, 0, (true, Some("ShipError.OutOfStock".to_owned()))).await;
}
