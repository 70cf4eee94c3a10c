//! `loop`, `while`, `for`.

use crate::{
    all,
    steps::{Order, double, find, is_even, note, order, sum},
};
use sfn_runtime::state_machine;

#[state_machine]
async fn while_counts(n: i64) -> i64 {
    let mut i = 0;
    let mut total = 0;
    while i < n {
        total = sum(total, i);
        i += 1;
    }
    total
}

#[state_machine]
async fn while_let(n: i64) -> i64 {
    let mut left = n;
    let mut steps = 0;
    while let Some(found) = find(left).await {
        left = found - 1;
        steps += 1;
    }
    steps
}

#[state_machine]
async fn loop_with_a_value(n: i64) -> i64 {
    let mut x = n;
    let found = loop {
        x = double(x).await;
        if x > 10 {
            break x;
        }
        if x == 0 {
            break -1;
        }
    };
    found + 1
}

#[state_machine]
async fn continue_goes_on(n: i64) -> i64 {
    let mut i = 0;
    let mut even = 0;
    loop {
        i += 1;
        if i > n {
            break;
        }
        if !is_even(i).await {
            continue;
        }
        even += 1;
    }
    even
}

#[state_machine]
async fn labels(n: i64) -> i64 {
    let mut rounds = 0;
    'outer: loop {
        rounds += 1;
        let mut i = 0;
        loop {
            i += 1;
            if i > rounds {
                continue 'outer;
            }
            if sum(i, rounds) > n {
                break 'outer;
            }
        }
    }
    rounds
}

#[state_machine]
async fn for_each(order: Order) -> i64 {
    for item in &order.items {
        let twice = double(*item).await;
        double(twice).await;
    }
    order.amount
}

#[state_machine]
async fn for_that_carries(order: Order) -> i64 {
    let mut total = 0;
    for item in &order.items {
        total += double(*item).await;
    }
    total
}

#[state_machine]
async fn for_that_leaves(order: Order) -> i64 {
    for item in order.items.iter() {
        if is_even(*item).await {
            return *item;
        }
        if *item > 100 {
            break;
        }
    }
    -1
}

#[state_machine]
async fn for_that_skips(order: Order) -> i64 {
    for item in &order.items {
        if *item > 1 {
            continue;
        }
        double(*item).await;
    }
    order.amount
}

#[state_machine]
async fn for_over_a_range(n: i64) -> i64 {
    let mut total = 0;
    for i in 0..n {
        total = sum(total, i);
    }
    for i in 0..n {
        double(i).await;
    }
    total
}

#[state_machine]
async fn for_with_a_number(order: Order) -> i64 {
    let mut weighted = 0;
    for (i, item) in order.items.iter().enumerate() {
        weighted += sum(i as i64, *item);
    }
    weighted
}

#[state_machine]
async fn for_within_for(order: Order) -> i64 {
    for a in &order.items {
        for b in &order.items {
            sum(*a, *b);
        }
    }
    note("done").await;
    1
}

#[state_machine]
async fn labelled_block(n: i64) -> i64 {
    let x = 'found: {
        if n > 5 {
            break 'found double(n).await;
        }
        note("small").await;
        n
    };
    x + 1
}

#[tokio::test]
async fn loops() {
    all!(while_counts: 0, 3);
    all!(while_let: 0, 2);
    all!(loop_with_a_value: 0, 3, 12);
    all!(continue_goes_on: 0, 5);
    all!(labels: 3, 5);
    all!(for_each: order(1));
    all!(for_that_carries: order(1));
    all!(for_that_leaves: order(1), order(4));
    all!(for_that_skips: order(0));
    all!(for_over_a_range: 0, 1, 3);
    all!(for_with_a_number: order(5));
    all!(for_within_for: order(3));
    all!(labelled_block: 1, 9);
}
