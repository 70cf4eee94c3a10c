//! `join!`, `try_join!`, `map_concurrent`.

use crate::{
    all,
    steps::{Order, OrderError, ShipError, double, note, order, ship, sum, validate},
};
use sfn_runtime::{join, map_concurrent, minutes, sleep, state_machine, try_join};

#[state_machine]
async fn join_of_calls(n: i64) -> i64 {
    let (a, b, c) = join!(double(n), double(n + 1), sum(n, 1)).await;
    a + b + c
}

#[state_machine]
async fn join_of_blocks(order: Order) -> i64 {
    let checked = validate(&order).await;
    let (a, b) = join!(
        async {
            let x = double(checked.score).await;
            double(x).await
        },
        async {
            if checked.score > 5 {
                double(1).await
            } else {
                0
            }
        },
    )
    .await;
    a + b
}

#[state_machine]
async fn first_error_stops(n: i64) -> Result<String, OrderError> {
    let (a, b) = join!(ship(n), ship(5)).await?;
    Ok(format!("{a} {b}"))
}

#[state_machine]
async fn try_join_is_the_same(n: i64) -> Result<String, OrderError> {
    let (a, b) = try_join!(ship(n), async {
        let s = ship(5).await?;
        Ok(s)
    })
    .await?;
    Ok(format!("{a} {b}"))
}

#[state_machine]
async fn results_are_gathered(n: i64) -> String {
    let (a, b) = join!(ship(n), double(n)).await;
    match a {
        Ok(text) => format!("{text} {b}"),
        Err(ShipError::OutOfStock) => format!("out of stock {b}"),
        Err(_) => format!("other {b}"),
    }
}

#[state_machine]
async fn map_of_calls(order: Order) -> Vec<i64> {
    map_concurrent(2, &order.items, |item| double(*item)).await
}

#[state_machine]
async fn map_of_blocks(order: Order) -> Result<Vec<String>, OrderError> {
    let amount = order.amount;
    let all = map_concurrent(
        3,
        order.items.iter().map(|item| item + 2),
        |item| async move {
            let m = double(item).await;
            let text = ship(m + amount).await?;
            Ok(text)
        },
    )
    .await?;
    Ok(all)
}

#[state_machine]
async fn sleeps(n: i64) -> i64 {
    sleep(minutes(1)).await;
    note("awake").await;
    sleep(minutes(n as u64)).await;
    n
}

/// Each item is an execution of its own, and is given what it reads from around it.
#[state_machine]
async fn distributed(order: Order) -> Result<Vec<String>, OrderError> {
    let amount = order.amount;
    let checked = validate(&order).await;
    let all = map_concurrent(0, &order.items, |item| async move {
        let m = double(*item + amount).await;
        let text = ship(m + checked.score).await?;
        Ok(format!("{text} of {}", order.order_id))
    })
    .distributed()
    .named("all of them")
    .await?;
    Ok(all)
}

/// The first state is the distributed one, and within it are two more.
#[state_machine]
async fn distributed_first(order: Order) -> Vec<Vec<i64>> {
    let amount = order.amount;
    let items = &order.items;
    map_concurrent(2, items, |item| async move {
        map_concurrent(2, items, |other| async move {
            double(item * amount + other).await
        })
        .distributed()
        .await
    })
    .distributed()
    .await
}

#[state_machine]
async fn tolerates(order: Order) -> Result<Vec<String>, OrderError> {
    let few = map_concurrent(0, &order.items, |item| ship(*item))
        .distributed()
        .tolerate(2)
        .await?;
    let more = map_concurrent(0, &order.items, |item| ship(*item))
        .tolerate("70%")
        .distributed()
        .await?;
    Ok([few, more].concat())
}

#[state_machine]
async fn distributed_in_a_loop(order: Order) -> i64 {
    let mut sum = order.amount;
    while sum < 100 {
        let more = map_concurrent(0, &order.items, |item| double(*item + sum))
            .distributed()
            .await;
        sum += more.iter().sum::<i64>();
    }
    sum
}

#[tokio::test]
async fn executions_of_their_own() {
    all!(unordered distributed: order(4));
    all!(unordered distributed_first: order(4));
    all!(unordered tolerates: order(5));
    all!(unordered distributed_in_a_loop: order(4));
}

#[tokio::test]
async fn side_by_side() {
    all!(unordered join_of_calls: 1);
    all!(unordered join_of_blocks: order(1), order(9));
    all!(unordered results_are_gathered: 0, 1, 5);
    all!(unordered map_of_calls: order(4));
    all!(unordered map_of_blocks: order(4));
    all!(sleeps: 3);
}

/// Which steps still run beside one that fails is a matter of luck; how it ends is not.
#[tokio::test]
async fn the_first_error() {
    all!(unordered first_error_stops: 6);
    all!(unordered try_join_is_the_same: 6);
}
