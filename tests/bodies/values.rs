//! `let`, patterns, variables, blocks.
#![expect(clippy::assign_op_pattern, reason = "both ways of writing it are read")]

use crate::{
    all,
    steps::{Checked, Kind, Order, double, find, order, sum, validate},
};
use sfn_runtime::state_machine;

#[state_machine]
async fn let_and_call(order: Order) -> i64 {
    let checked = validate(&order).await;
    let twice = double(checked.score).await;
    let id = checked.id as i64;
    twice + id
}

#[state_machine]
async fn several_parameters(a: i64, b: i64, note: Option<String>) -> String {
    let c = sum(a, b);
    format!("{c} {}", note.unwrap_or("none".to_owned()))
}

#[state_machine]
async fn tuples_and_structs(order: Order) -> i64 {
    let Order { amount, items, .. } = order;
    let (a, b) = (double(amount).await, items.len() as i64);
    let [first, ..] = [a, b];
    first + b
}

#[state_machine]
async fn shadowing(n: i64) -> i64 {
    let x = double(n).await;
    let x = double(x).await;
    let x = x + 1;
    let y = {
        let x = double(1).await;
        x + 10
    };
    x + y
}

#[state_machine]
async fn blocks_are_expressions(n: i64) -> i64 {
    let sum = {
        let a = double(n).await;
        let b = double(a).await;
        a + b
    };
    sum * 2
}

#[state_machine]
async fn let_else(n: i64) -> i64 {
    let Some(found) = find(n).await else {
        return -1;
    };
    double(found).await
}

#[state_machine]
async fn let_else_of_a_value(order: Order) -> i64 {
    let Kind::Rush { hours } = order.kind else {
        let n = double(order.amount).await;
        return n;
    };
    double(hours).await
}

#[state_machine]
async fn mutable(n: i64) -> i64 {
    let mut total = n;
    let before = total;
    total += double(n).await;
    total *= 2;
    if total > 20 {
        total = total - before;
    }
    total
}

#[state_machine]
async fn a_list_that_grows(n: i64) -> Vec<i64> {
    let mut list = Vec::new();
    list.push(double(n).await);
    list.push(n);
    list.extend(vec![1, 2]);
    list
}

#[state_machine]
async fn effects_within_expressions(n: i64) -> i64 {
    let a = double(n).await + double(n + 1).await * 2;
    let both = (a, double(a).await);
    sum(double(both.0).await, both.1)
}

#[state_machine]
async fn early_return(n: i64) -> i64 {
    if n > 10 {
        return double(n).await;
    }
    let m = sum(n, 1);
    if m > 5 {
        return m;
    }
    0
}

#[state_machine]
async fn nothing_at_all(n: i64) {
    double(n).await;
}

#[state_machine]
async fn only_a_value(n: i64) -> i64 {
    n + 1
}

#[state_machine]
async fn struct_literals(n: i64) -> Checked {
    let m = double(n).await;
    Checked { id: 3, score: m }
}

#[state_machine]
async fn mutable_parameter(mut n: i64) -> i64 {
    n += 1;
    let m = double(n).await;
    n = n + m;
    n
}

#[tokio::test]
async fn values() {
    all!(let_and_call: order(1), order(9));
    all!(tuples_and_structs: order(4), order(5));
    all!(shadowing: 1, 2);
    all!(blocks_are_expressions: 1);
    all!(let_else: 0, 3);
    all!(let_else_of_a_value: order(3), order(4), order(5));
    all!(mutable: 1, 8);
    all!(a_list_that_grows: 1);
    all!(effects_within_expressions: 1);
    all!(early_return: 1, 5, 11);
    all!(nothing_at_all: 1);
    all!(only_a_value: 1);
    all!(struct_literals: 1);
    all!(mutable_parameter: 4);
}

#[tokio::test]
async fn parameters_by_name() {
    use sfn_runtime::Named;
    for note in [None, Some("n".to_owned())] {
        let input = Named((1, 2, note.clone()));
        crate::same(
            &several_parameters::WORKFLOW,
            input,
            several_parameters(1, 2, note),
            true,
        )
        .await;
    }
}
