//! Tests as users write them with the testing kit: on the embedded engine in `cargo test`, and word for word the same
//! against an endpoint in `tests/stand-in/testing-kit`. They wait for seconds only, since time is real there.

use std::sync::Arc;

use sfn_runtime::{
    Callback, Payload, StepContext, StepError, Workflow, ensure, seconds, sleep, state_machine,
    step,
    testing::{Test, fault, mock},
    try_join, workflow, workflow_test,
};
use tokio::sync::Notify;

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, Payload)]
struct Order {
    lines: Vec<u32>,
    express: bool,
}

#[derive(Debug, PartialEq, thiserror::Error, StepError)]
enum ShopError {
    #[error("the shop is busy")]
    Busy,
    #[error("{left} left")]
    #[step_error(data, retryable = false)]
    SoldOut { left: u32 },
    #[error("nothing was ordered")]
    #[step_error(retryable = false)]
    Empty,
}

/// What steps ask for.
#[derive(Debug, Clone)]
struct Price(u32);

#[step(retry(on(ShopError::Busy), interval = "1s", max_attempts = 2))]
async fn reserve(line: u32, #[inject] price: Price) -> Result<u32, ShopError> {
    if line > 9 {
        return Err(ShopError::SoldOut { left: line - 9 });
    }
    Ok(line * price.0)
}

#[step(timeout = "2s")]
fn pack(order: &Order) -> String {
    format!("{} lines", order.lines.len())
}

#[step]
fn bill(sums: Vec<u32>) -> u32 {
    sums.iter().sum()
}

#[step]
async fn apologise(left: u32) -> u32 {
    left
}

static LINES: Workflow<Vec<u32>, u32> =
    workflow!(name = "kit-lines", map(reserve).max_concurrency(4), bill);

/// Packs and bills side by side.
#[state_machine(name = "kit-shop")]
async fn shop(order: Order) -> Result<(String, u32), ShopError> {
    ensure!(!order.lines.is_empty(), ShopError::Empty);
    if !order.express {
        sleep(seconds(1)).await;
    }
    let (parcel, first) = try_join!(pack(&order), reserve(order.lines[0])).await?;
    let mut sum = first;
    for line in order.lines.iter().skip(1) {
        match reserve(*line).await {
            Ok(price) => sum += price,
            Err(ShopError::SoldOut { left }) => sum += apologise(left).await,
            Err(error) => return Err(error),
        }
    }
    Ok((parcel, sum))
}

fn order(lines: &[u32]) -> Order {
    Order {
        lines: lines.to_vec(),
        express: true,
    }
}

#[workflow_test]
async fn items_are_worked_on_by_workers_of_this_process(test: Test) {
    test.provide(Price(3));
    let execution = test.run(&LINES, (1..=8).collect()).await;
    assert_eq!(execution.output(), 108);
    assert_eq!(
        execution
            .path()
            .iter()
            .filter(|state| **state == "reserve")
            .count(),
        8
    );
}

#[workflow_test]
async fn a_body_goes_its_ways(test: Test) {
    test.provide(Price(3));
    let execution = test.run(&shop::WORKFLOW, order(&[1, 2, 14])).await;
    assert_eq!(execution.output(), ("3 lines".to_owned(), 3 + 6 + 5));
    execution.assert_visited(["apologise"]);

    let slow = Order {
        express: false,
        ..order(&[4])
    };
    let execution = test.run(&shop::WORKFLOW, slow).await;
    assert_eq!(execution.output(), ("1 lines".to_owned(), 12));
    assert!(execution.took() >= seconds(1));

    let execution = test.run(&shop::WORKFLOW, order(&[])).await;
    execution.assert_failed_with(&ShopError::Empty);
    execution.assert_not_visited(["pack", "reserve"]);
}

#[workflow_test]
async fn busy_once_and_then_sold_out(test: Test) {
    let reserve = test.mock(
        mock::<reserve>()
            .fails(ShopError::Busy)
            .fails(ShopError::SoldOut { left: 2 }),
    );
    let execution = test.run(&LINES, vec![5]).await;
    execution.assert_failed_with(&ShopError::SoldOut { left: 2 });
    assert_eq!(reserve.inputs(), [5, 5]);
    assert_eq!(execution.attempts("reserve"), 2);
    assert!(execution.took() >= seconds(1));
}

#[workflow_test]
async fn a_parcel_that_takes_too_long(test: Test) {
    test.provide(Price(1));
    test.fault(fault("pack").times_out());
    let execution = test.run(&shop::WORKFLOW, order(&[1])).await;
    assert_eq!(execution.failure().error, "States.Timeout");
    assert!(execution.took() >= seconds(2));
}

#[workflow_test]
async fn a_bug_is_not_tried_again(test: Test) {
    test.fault(fault("reserve").panics());
    test.provide(Price(1));
    let execution = test.run(&LINES, vec![5]).await;
    assert_eq!(execution.failure().error, "Sfn.Panic");
    assert_eq!(execution.attempts("reserve"), 1);
    assert_eq!(execution.failing_state(), Some("reserve"));
}

/// Where the question lies until it is answered.
#[derive(Debug, Clone, Default)]
struct Desk {
    asked: Arc<Notify>,
    token: Arc<std::sync::Mutex<String>>,
}

#[step]
async fn ask(
    amount: u32,
    #[inject] desk: Desk,
    #[inject] ctx: StepContext,
) -> Result<Callback<String>, ShopError> {
    assert!(amount > 0, "nothing to ask");
    let token = ctx.task_token().ok_or(ShopError::Busy)?;
    token.clone_into(&mut desk.token.lock().expect("no test has panicked with it"));
    desk.asked.notify_one();
    Ok(Callback::pending())
}

/// Asks somebody.
#[state_machine(name = "kit-desk")]
async fn desk(amount: u32) -> Result<String, ShopError> {
    let answer = ask(amount).callback("1 minute").await?;
    Ok(answer)
}

#[workflow_test]
async fn a_question_is_answered_from_outside(test: Test) {
    let desk_of_the_shop = Desk::default();
    test.provide(desk_of_the_shop.clone());
    if test.has_clock() {
        // Nobody but the test is at work while it waits for the answer.
        test.clock().hold();
    }
    let running = test.start(&desk::WORKFLOW, 5).await;
    desk_of_the_shop.asked.notified().await;
    let token = desk_of_the_shop
        .token
        .lock()
        .expect("no test has panicked with it")
        .clone();
    test.client()
        .send_success(&token, &"yes")
        .await
        .expect("the question is open");
    assert_eq!(running.ended().await.output(), "yes");
}

#[workflow_test]
async fn the_story_is_the_same_everywhere(test: Test) {
    test.provide(Price(2));
    test.fault(fault("reserve").attempt(1).fails(ShopError::Busy));
    let execution = test.run(&LINES, vec![12]).await;
    assert_eq!(
        execution.story(),
        r#"started [12]
map entered [12]
map[0] started
map[0] > reserve entered 12
map[0] > reserve failed: ShopError.Busy: the shop is busy
map[0] > reserve failed: ShopError.SoldOut: {"message":"3 left","data":{"left":3}}
map[0] failed
map[0] > reserve aborted
map failed
failed: ShopError.SoldOut: {"message":"3 left","data":{"left":3}}
"#
    );
}
