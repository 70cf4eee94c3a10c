//! The examples of the page: what stands between two marks is shown there.

use serde::{Deserialize, Serialize};
use sfn_runtime::{
    Callback, Failed, Failure, Payload, StepContext, StepError, aws, bail, ensure, join,
    map_concurrent, minutes, sleep, sleep_until, state_machine, step, try_join,
};

use crate::all;

// guide: steps
#[derive(Clone, Serialize, Deserialize, Payload)]
struct Order {
    id: u64,
    amount: i64,
    parcels: Vec<i64>,
    delivery: Delivery,
    ready_at: String,
}

#[derive(Clone, Serialize, Deserialize, Payload)]
enum Delivery {
    Pickup,
    Courier { hours: i64 },
}

#[derive(Serialize, Deserialize, Payload)]
struct Fraud {
    score: i64,
}

#[derive(Debug, thiserror::Error, StepError)]
enum ShipError {
    #[error("nothing is in stock")]
    OutOfStock,
    #[error("{days} days late")]
    #[step_error(data)]
    Late { days: i64 },
}

#[derive(Debug, thiserror::Error, StepError)]
enum OrderError {
    #[error("rejected")]
    Rejected,
    #[error(transparent)]
    #[step_error(transparent)]
    Ship(ShipError),
}

/// Looks for signs of fraud.
#[step]
async fn check_fraud(order: &Order) -> Fraud {
    Fraud {
        score: order.amount / 100,
    }
}

/// Who orders much pays less, in percent.
#[step]
async fn find_discount(order: &Order) -> Option<i64> {
    (order.amount > 50).then_some(5)
}

/// Reserves what was ordered.
#[step]
async fn reserve(amount: i64) -> i64 {
    amount
}

#[step]
async fn pack(parcel: i64) -> i64 {
    parcel + 1
}

#[step]
async fn ship(amount: i64) -> Result<String, ShipError> {
    match amount {
        0 => Err(ShipError::OutOfStock),
        1..=5 => Err(ShipError::Late { days: amount }),
        _ => Ok(format!("shipped {amount}")),
    }
}

/// Asks somebody, and does not wait for the answer.
#[step]
async fn approval(order: &Order, #[inject] ctx: StepContext) -> Callback<bool> {
    let _mail = format!(
        "order {}: answer to {}",
        order.id,
        ctx.task_token().unwrap_or_default()
    );
    Callback::pending()
}
// guide: end

// guide: order
/// From order to receipt.
#[state_machine(name = "process-order", timeout = "7 days")]
async fn process_order(order: Order) -> Result<String, OrderError> {
    let fraud = check_fraud(&order).await;
    ensure!(fraud.score <= 80, OrderError::Rejected);
    let receipt = ship(order.amount).await?;
    Ok(receipt)
}
// guide: end

// guide: variables
#[state_machine]
async fn variables(order: Order) -> i64 {
    let Order {
        amount, parcels, ..
    } = order;
    let mut total = amount;
    total += reserve(amount).await;
    let count = parcels.len() as i64;
    total * count
}
// guide: end

// guide: tuples
#[state_machine]
async fn tuples(order: Order) -> i64 {
    let (reserved, count) = (reserve(order.amount).await, order.parcels.len() as i64);
    let reserved = pack(reserved - count).await;
    let [first, ..] = [reserved, count];
    first * count
}
// guide: end

// guide: blocks
#[state_machine]
async fn blocks(order: Order) -> String {
    let spare = {
        let reserved = reserve(order.amount).await;
        pack(reserved).await - order.amount
    };
    let size = if order.amount > 10 { "large" } else { "small" };
    format!("{size}, {spare} to spare")
}
// guide: end

// guide: choices
#[state_machine]
async fn choices(order: Order) -> i64 {
    let fraud = check_fraud(&order).await;
    if fraud.score > 80 {
        reserve(0).await
    } else if order.parcels.is_empty() {
        0
    } else {
        reserve(order.amount).await
    }
}
// guide: end

// guide: discounts
#[state_machine]
async fn discounts(order: Order) -> i64 {
    if let Some(percent) = find_discount(&order).await {
        reserve(order.amount * (100 - percent) / 100).await
    } else {
        reserve(order.amount).await
    }
}
// guide: end

// guide: early
#[state_machine]
async fn early(order: Order) -> i64 {
    if order.parcels.is_empty() {
        return 0;
    }
    let Some(percent) = find_discount(&order).await else {
        return reserve(order.amount).await;
    };
    percent
}
// guide: end

// guide: matches
#[state_machine]
async fn matches(order: Order) -> i64 {
    match order.amount {
        0 => 0,
        small @ 1..=9 => reserve(small).await,
        large => reserve(large * 2).await,
    }
}
// guide: end

// guide: variants
#[state_machine]
async fn variants(order: Order) -> i64 {
    match order.delivery {
        Delivery::Pickup => 0,
        Delivery::Courier { hours } if hours < 3 => reserve(20).await,
        Delivery::Courier { hours } => reserve(hours).await,
    }
}
// guide: end

// guide: optional
#[state_machine]
async fn optional(order: Order) -> i64 {
    let discount = find_discount(&order).await;
    match (discount, order.amount) {
        (Some(percent), amount) if amount > 100 => reserve(amount - percent).await,
        (None, 0) => 0,
        (_, amount) => reserve(amount).await,
    }
}
// guide: end

// guide: loops
#[state_machine]
async fn loops(order: Order) -> i64 {
    let mut left = order.amount;
    let mut rounds = 0;
    while left > 10 {
        left = reserve(left - 10).await;
        rounds += 1;
    }
    rounds
}
// guide: end

// guide: repeats
#[state_machine]
async fn repeats(order: Order) -> i64 {
    let mut tried = 0;
    let even = loop {
        tried += 1;
        if tried > 5 {
            break 0;
        }
        let reserved = reserve(order.amount - tried).await;
        if reserved % 2 != 0 {
            continue;
        }
        break reserved;
    };
    even + tried
}
// guide: end

// guide: leaves
#[state_machine]
async fn leaves(order: Order) -> i64 {
    let mut left = order.amount;
    'all: for parcel in &order.parcels {
        while left > 0 {
            left = reserve(left - parcel).await;
            if left == 3 {
                break 'all;
            }
        }
    }
    left
}
// guide: end

// guide: lists
#[state_machine]
async fn lists(order: Order) -> u64 {
    for parcel in &order.parcels {
        let packed = pack(*parcel).await;
        reserve(packed + order.amount).await;
    }
    order.id
}
// guide: end

// guide: carries
#[state_machine]
async fn carries(order: Order) -> i64 {
    let mut total = 0;
    for (number, parcel) in order.parcels.iter().enumerate() {
        total += pack(*parcel).await * number as i64;
    }
    total
}
// guide: end

// guide: joins
#[state_machine]
async fn joins(order: Order) -> i64 {
    let (fraud, reserved) = join!(check_fraud(&order), async {
        let packed = pack(order.amount).await;
        reserve(packed).await
    })
    .await;
    fraud.score + reserved
}
// guide: end

// guide: both-or-none
#[state_machine]
async fn both_or_none(order: Order) -> Result<String, OrderError> {
    let (first, second) = try_join!(ship(order.amount), ship(order.amount + 1)).await?;
    Ok(format!("{first}, {second}"))
}
// guide: end

// guide: gathers
#[state_machine]
async fn gathers(order: Order) -> String {
    let (shipped, reserved) = join!(ship(order.amount), reserve(order.amount)).await;
    match shipped {
        Ok(receipt) => receipt,
        Err(ShipError::OutOfStock) => format!("{reserved} reserved"),
        Err(ShipError::Late { days }) => format!("{days} days"),
    }
}
// guide: end

// guide: maps
#[state_machine]
async fn maps(order: Order) -> i64 {
    let packed = map_concurrent(4, &order.parcels, |parcel| pack(*parcel)).await;
    packed.iter().sum::<i64>()
}
// guide: end

// guide: items
#[state_machine]
async fn items(order: Order) -> Vec<i64> {
    map_concurrent(0, &order.parcels, |parcel| async move {
        match ship(*parcel).await {
            Ok(_) => 0,
            Err(ShipError::OutOfStock) => reserve(*parcel).await,
            Err(ShipError::Late { days }) => days,
        }
    })
    .await
}
// guide: end

// guide: waits
#[state_machine]
async fn waits(order: Order) -> i64 {
    sleep(minutes(1)).named("cool down").await;
    sleep(minutes(order.amount as u64)).await;
    order.amount
}
// guide: end

// guide: appointed
#[state_machine]
async fn appointed(order: Order) -> i64 {
    sleep_until(&order.ready_at).await;
    reserve(order.amount).await
}
// guide: end

// guide: refuses
#[state_machine]
async fn refuses(order: Order) -> Result<i64, OrderError> {
    ensure!(!order.parcels.is_empty(), OrderError::Rejected);
    let fraud = check_fraud(&order).await;
    if fraud.score > 80 {
        bail!(OrderError::Rejected);
    }
    if order.amount == 0 {
        return Err(OrderError::Ship(ShipError::OutOfStock));
    }
    Ok(fraud.score)
}
// guide: end

// guide: catches
#[state_machine]
async fn catches(order: Order) -> Result<String, OrderError> {
    match ship(order.amount).await {
        Ok(receipt) => Ok(receipt),
        Err(ShipError::OutOfStock) => {
            reserve(order.amount).await;
            Ok("later".to_owned())
        }
        Err(ShipError::Late { days }) if days > 3 => Err(OrderError::Rejected),
        Err(error) => Err(error.into()),
    }
}
// guide: end

// guide: asks
#[state_machine]
async fn asks(order: Order) -> String {
    let Ok(receipt) = ship(order.amount).await else {
        return "not shipped".to_owned();
    };
    let second = ship(order.amount - 10)
        .await
        .unwrap_or("no second".to_owned());
    format!("{receipt}, {second}")
}
// guide: end

// guide: converts
#[state_machine]
async fn converts(order: Order) -> Result<String, OrderError> {
    let percent = find_discount(&order).await.ok_or(OrderError::Rejected)?;
    let receipt = ship(order.amount % 100)
        .await
        .map_err(|error| match error {
            ShipError::OutOfStock => OrderError::Rejected,
            late => late.into(),
        })?;
    Ok(format!("{receipt} at {percent} %"))
}
// guide: end

// guide: whatever
#[state_machine]
async fn whatever(order: Order) -> String {
    match ship(order.amount).timeout("5m").failure().await {
        Ok(receipt) => receipt,
        Err(Failed::Timeout) => "too slow".to_owned(),
        Err(Failed::Error(ShipError::OutOfStock)) => "sold out".to_owned(),
        Err(_) => "broken".to_owned(),
    }
}
// guide: end

// guide: takes-back
/// Puts money aside.
#[step(undo = release)]
async fn hold(amount: i64) -> i64 {
    amount
}

/// Gives it back, and does no harm when it runs twice.
#[step(retry(max_attempts = 5))]
async fn release(held: i64) -> i64 {
    held
}

#[state_machine]
async fn takes_back(order: Order) -> Result<String, ShipError> {
    hold(order.amount).await;
    ship(order.amount).await
}
// guide: end

// guide: options
#[state_machine]
async fn with_options(order: Order) -> Result<String, ShipError> {
    ship(order.amount)
        .named("ship it")
        .comment("the last step")
        .timeout("5m")
        .retry(on(Timeout), interval = "10s", max_attempts = 2)
        .await
}
// guide: end

// guide: callback
#[state_machine]
async fn callback(order: Order) -> Result<bool, OrderError> {
    let approved = approval(&order).callback("2 days").await;
    if !approved {
        bail!(OrderError::Rejected);
    }
    Ok(approved)
}
// guide: end

// guide: nested
#[state_machine]
async fn nested(order: Order) -> Result<String, OrderError> {
    let receipt = process_order(order.clone()).await?;
    Ok(format!("{receipt} for {}", order.id))
}
// guide: end

// guide: with-fragments
#[state_machine(inline)]
fn fee(amount: i64) -> i64 {
    amount / 10
}

#[state_machine(inline)]
async fn pack_twice(parcel: i64) -> i64 {
    let once = pack(parcel).await;
    pack(once).await
}

#[state_machine]
async fn with_fragments(order: Order) -> i64 {
    let packed = pack_twice(order.amount).await;
    packed + fee(order.amount)
}
// guide: end

// guide: announces
#[derive(Serialize, Deserialize, Payload)]
#[serde(rename_all = "PascalCase")]
struct Message {
    topic_arn: String,
    message: String,
}

#[derive(Serialize, Deserialize, Payload)]
#[serde(rename_all = "PascalCase")]
struct Published {
    message_id: String,
}

const TOPIC: &str = "arn:aws:sns:eu-central-1:123456789012:orders";

#[state_machine]
async fn announces(order: Order) -> Result<String, Failure> {
    let message = Message {
        topic_arn: TOPIC.to_owned(),
        message: format!("order {} is on its way", order.id),
    };
    let published = aws::<Published>("sns:publish", message).await?;
    Ok(published.message_id)
}
// guide: end

fn order(amount: i64) -> Order {
    Order {
        id: 1,
        amount,
        parcels: vec![1, 2],
        delivery: match amount {
            0 => Delivery::Pickup,
            hours => Delivery::Courier { hours },
        },
        ready_at: "2026-12-24T18:00:00Z".to_owned(),
    }
}

fn empty() -> Order {
    Order {
        parcels: Vec::new(),
        ..order(7)
    }
}

#[tokio::test]
async fn values_and_choices_end_alike() {
    all!(process_order: order(9_000), order(10), order(0));
    all!(variables: order(3));
    all!(tuples: order(3));
    all!(blocks: order(3), order(30));
    all!(choices: order(9_000), order(10), empty());
    all!(discounts: order(10), order(60));
    all!(early: order(10), order(60), empty());
    all!(matches: order(0), order(5), order(20));
    all!(variants: order(0), order(2), order(5));
    all!(optional: order(0), order(60), order(200));
}

#[tokio::test]
async fn loops_end_alike() {
    all!(loops: order(35), order(1));
    all!(repeats: order(5), order(4));
    all!(leaves: order(5), order(4));
    all!(lists: order(1), empty());
    all!(carries: order(1), empty());
    all!(unordered joins: order(10));
    all!(unordered both_or_none: order(10));
    all!(unordered gathers: order(0), order(2), order(10));
    all!(unordered maps: order(10), empty());
    all!(unordered items: order(10));
    all!(waits: order(1));
    all!(appointed: order(1));
}

#[tokio::test]
async fn errors_and_calls_end_alike() {
    all!(refuses: order(0), order(10), order(9_000), empty());
    all!(catches: order(0), order(2), order(4), order(10));
    all!(asks: order(0), order(10), order(20));
    all!(converts: order(0), order(60), order(100), order(103));
    all!(whatever: order(0), order(2), order(10));
    all!(takes_back: order(0), order(10));
    all!(with_options: order(10));
    all!(nested: order(0), order(10), order(9_000));
    all!(with_fragments: order(17));
}

/// Somebody has to answer, and a service to be there: these run on the engine alone.
#[tokio::test]
async fn what_a_plain_call_cannot_do() {
    use sfn_runtime::testing::{Test, mock};

    let test = Test::new().await;
    test.mock(
        mock::<approval>()
            .returns(Callback::ready(true))
            .times(1)
            .returns(Callback::ready(false)),
    );
    assert!(test.run(&callback::WORKFLOW, order(1)).await.output());
    let refused = test.run(&callback::WORKFLOW, order(1)).await;
    assert_eq!(refused.failure().error, "OrderError.Rejected");
}
