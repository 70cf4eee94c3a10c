//! Workflows within workflows: pipelines that a body calls, and what a nested execution knows of the first.

use sfn_runtime::{
    Failed, Failure, Payload, StepContext, StepError, Workflow, join, service::ExecutionStatus,
    state_machine, step, testing::Test, workflow,
};

use crate::steps::{Log, double, ship};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, StepError)]
enum ParentError {
    #[error(transparent)]
    #[step_error(transparent)]
    Child(#[from] Failure),
    #[error("out of it")]
    Out,
}

static DOUBLES: Workflow<i64, i64> = workflow!(
    /// Twice.
    name = "doubles",
    double,
    double.named("again")
);

static SHIPS: Workflow<i64, String> = workflow!(name = "ships", ship);

static SHIPS_TWO: Workflow<(i64, i64), String> = workflow!(
    name = "ships-two",
    pass(|both: (i64, i64)| both.1),
    ship.named("ship the second"),
);

#[state_machine]
async fn calls_pipelines(n: i64) -> Result<String, ParentError> {
    let doubled = DOUBLES.call(n).await?;
    let text = SHIPS.call(doubled).named("ship them").timeout("1h").await?;
    let other = SHIPS_TWO.call((n, doubled + 1)).await?;
    Ok(format!("{text}, {other}"))
}

#[state_machine]
async fn catches_pipelines(n: i64) -> Result<String, ParentError> {
    let text = match SHIPS.call(n).await {
        Ok(text) => text,
        Err(_) => "failed".to_owned(),
    };
    let timed = match SHIPS.call(n + 1).failure().await {
        Ok(text) => text,
        Err(Failed::Timeout) => "late".to_owned(),
        Err(_) => return Err(ParentError::Out),
    };
    let (one, two) = join!(SHIPS.call(n), DOUBLES.call(3)).await;
    let both = one.is_ok() && two.is_ok();
    Ok(format!("{text}, {timed}, {both}"))
}

async fn check<I: Payload, O: Payload + PartialEq + std::fmt::Debug>(
    workflow: &Workflow<I, O>,
    input: I,
    ends: Result<O, (&str, &str)>,
) {
    let test = Test::new().await;
    test.provide(Log::default());
    let execution = test.run(workflow, input).await;
    let ended = match execution.status() {
        ExecutionStatus::Succeeded => Ok(execution.output()),
        _ => Err(execution.failure()),
    };
    let ends = ends.map_err(|(error, cause)| Failure::new(error, cause));
    assert_eq!(ended, ends, "{}", execution.story());
}

#[tokio::test]
async fn pipelines_are_called() {
    check(
        &calls_pipelines::WORKFLOW,
        1,
        Ok("shipped 4, shipped 5".to_owned()),
    )
    .await;
    check(
        &calls_pipelines::WORKFLOW,
        0,
        Err(("ShipError.OutOfStock", "nothing is in stock")),
    )
    .await;
    check(
        &catches_pipelines::WORKFLOW,
        2,
        Ok("failed, shipped 3, false".to_owned()),
    )
    .await;
    check(
        &catches_pipelines::WORKFLOW,
        1,
        Err(("ParentError.Out", "out of it")),
    )
    .await;
}

/// A plain call has nobody who runs them.
#[tokio::test]
async fn a_plain_call_says_so() {
    let ended = calls_pipelines(1).await;
    let Err(ParentError::Child(failure)) = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(failure.error, Failure::ERROR);
    assert!(failure.cause.contains("`doubles`"), "{failure}");
}

/// Says where it is.
#[step]
async fn whose(#[inject] ctx: StepContext) -> (String, String) {
    (ctx.root_name().to_owned(), ctx.execution_name)
}

#[state_machine]
async fn grandchild() -> (String, String) {
    whose().await
}

#[state_machine]
async fn child() -> ((String, String), (String, String)) {
    let own = whose().await;
    (own, grandchild().await)
}

#[state_machine]
async fn first() -> ((String, String), ((String, String), (String, String))) {
    let own = whose().await;
    (own, child().await)
}

#[tokio::test]
async fn the_first_is_known_to_all() {
    let test = Test::new().await;
    let execution = test.run(&first::WORKFLOW, serde_json::json!({})).await;
    let ((root, name), (child, grandchild)) = execution.output();
    assert_eq!(root, name);
    for (known, nested) in [child, grandchild] {
        assert_eq!(known, name, "{nested}");
        assert!(nested.starts_with(&format!("{name}-")), "{nested}");
        assert_ne!(nested, name);
    }
}

#[state_machine(kind = express)]
async fn express() -> i64 {
    3
}

#[state_machine]
async fn calls_express() -> i64 {
    express().await
}

#[test]
fn express_ones_are_not_waited_for() {
    let error = calls_express::WORKFLOW
        .definition()
        .compile(&sfn_runtime::flow::SamplePlaces::new("tests"))
        .expect_err("nothing tells of its end")
        .to_string();
    assert!(
        error.contains("`express` is an express workflow"),
        "{error}"
    );
    assert!(error.contains("help: "), "{error}");
}
