//! `if`, `match`, guards.

use crate::{
    all,
    steps::{Kind, Order, double, find, is_even, note, order},
};
use sfn_runtime::state_machine;

#[state_machine]
async fn if_else(n: i64) -> i64 {
    if n > 10 {
        double(n).await
    } else if n > 5 {
        n
    } else {
        double(n + 1).await
    }
}

#[state_machine]
async fn if_without_else(n: i64) -> i64 {
    if n > 3 && n < 8 {
        note("in the middle").await;
    }
    if n > 8 {
        note("large").await;
    }
    n
}

#[state_machine]
async fn a_step_decides(n: i64) -> i64 {
    if is_even(n).await && n > 2 {
        double(n).await
    } else {
        0
    }
}

#[state_machine]
async fn only_sometimes(n: i64) -> bool {
    n > 3 && is_even(n).await || is_even(n + 1).await
}

#[state_machine]
async fn if_let(order: Order) -> String {
    if let Some(text) = &order.note {
        note(text).await;
        text.clone()
    } else {
        "none".to_owned()
    }
}

#[state_machine]
async fn if_let_of_a_call(n: i64) -> i64 {
    if let Some(found) = find(n).await {
        double(found).await
    } else {
        7
    }
}

#[state_machine]
async fn match_an_enum(order: Order) -> i64 {
    match order.kind {
        Kind::Plain => double(order.amount).await,
        Kind::Rush { hours } if hours > 5 => hours,
        Kind::Rush { hours } => double(hours).await,
        Kind::Gift(_) => 0,
    }
}

#[state_machine]
async fn match_numbers(n: i64) -> i64 {
    match n {
        0 => double(1).await,
        1..=5 => double(n).await,
        x if x < 0 => -1,
        6 | 7 => 67,
        other => other + 1,
    }
}

#[state_machine]
async fn match_texts(order: Order) -> i64 {
    let text = order.note.unwrap_or("no".to_owned());
    match text.as_str() {
        "hurry" => double(1).await,
        _ => 2,
    }
}

#[state_machine]
async fn match_an_option(n: i64) -> i64 {
    let found = find(n).await;
    match found {
        Some(x) if x > 5 => double(x).await,
        Some(x) => x,
        None => {
            note("nothing found").await;
            -1
        }
    }
}

#[state_machine]
async fn pure_choices_cost_nothing(n: i64) -> i64 {
    let size = if n > 5 { 10 } else { 1 };
    let more = match n {
        0 => 100,
        _ => size,
    };
    double(more).await
}

#[state_machine]
async fn arms_assign(n: i64) -> i64 {
    let mut total = 0;
    match n {
        1 => total = double(n).await,
        2 => total += 5,
        _ => {}
    }
    total
}

#[tokio::test]
async fn branches() {
    all!(if_else: 1, 7, 11);
    all!(if_without_else: 1, 5, 9);
    all!(a_step_decides: 1, 2, 4);
    all!(only_sometimes: 1, 4, 5);
    all!(if_let: order(1), order(9));
    all!(if_let_of_a_call: 0, 4);
    all!(match_an_enum: order(3), order(4), order(7), order(5));
    all!(match_numbers: 0, 3, -4, 6, 9);
    all!(match_texts: order(1), order(9));
    all!(match_an_option: 0, 4, 6);
    all!(pure_choices_cost_nothing: 0, 3, 6);
    all!(arms_assign: 1, 2, 3);
}
