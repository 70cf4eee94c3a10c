//! More of them: what is said in passing.

use sfn_runtime::{
    Failure, StepError, bail, map_concurrent, minutes, seconds, sleep, state_machine, step,
};

use crate::{
    all,
    steps::{Kind, Order, OrderError, ShipError, double, find, is_even, note, order, ship, sum},
};

const LIMIT: i64 = 5;

#[state_machine]
async fn texts_in_patterns(order: Order) -> String {
    match order.note.as_deref() {
        Some("hurry") if order.amount > 8 => "fast".to_owned(),
        Some(other) => {
            note(other).await;
            other.to_owned()
        }
        None => String::from("none"),
    }
}

#[state_machine]
async fn continues_out_of_a_match(order: Order) -> i64 {
    let mut total = 0;
    for item in &order.items {
        let text = match ship(*item).await {
            Ok(text) => text,
            Err(ShipError::Lost(_)) => break,
            Err(_) => continue,
        };
        total += text.chars().count() as i64;
    }
    total
}

#[state_machine]
async fn breaks_out_of_a_match(mut n: i64) -> Result<String, OrderError> {
    let text = loop {
        match ship(n).await {
            Ok(text) => break text,
            Err(_) if n > 1 => return Ok("too late".to_owned()),
            Err(_) => n += 2,
        }
    };
    Ok(text)
}

#[state_machine]
async fn while_it_goes_well(n: i64) -> i64 {
    let mut left = n;
    while let Ok(text) = ship(left).await {
        left -= 1;
        note(&text).await;
    }
    left
}

#[state_machine]
async fn zips(order: Order) -> i64 {
    let doubled: Vec<i64> = order.items.iter().map(|n| n * 2).collect();
    let mut total = 0;
    for (index, (a, b)) in order.items.iter().zip(&doubled).enumerate() {
        total += sum(*a, *b) * index as i64;
    }
    total
}

#[state_machine]
async fn results_in_passing(n: i64) -> Result<i64, OrderError> {
    if n > LIMIT {
        return if n == 7 {
            Err(OrderError::Rejected)
        } else {
            Ok(n)
        };
    }
    let length = ship(n).await?.chars().count();
    let pair = (ship(n + 1).await?, length);
    Ok(if pair.1 > 3 {
        pair.0.chars().count() as i64
    } else {
        0
    })
}

#[state_machine]
async fn options_end_it(n: i64) -> Option<i64> {
    let found = find(n).await?;
    let next = find(found - 2).await?;
    Some(next + 1)
}

#[state_machine]
async fn an_error_with_a_question_mark(n: i64) -> Result<i64, OrderError> {
    if n > 3 {
        Err(OrderError::TooMuch {
            amount: n,
            who: "you".to_owned(),
        })?;
    }
    if n < 0 {
        Err(ShipError::OutOfStock)?
    }
    Ok(double(n).await)
}

#[state_machine]
async fn pairs_of_options(n: i64) -> i64 {
    let (a, b) = (find(n).await, find(n - 3).await);
    match (a, b) {
        (Some(x), Some(y)) => sum(x, y),
        (Some(x), None) | (None, Some(x)) => x * 10,
        (None, None) => -1,
    }
}

#[state_machine]
async fn texts_that_grow(order: Order) -> String {
    let mut text = String::new();
    for item in &order.items {
        if is_even(*item).await {
            text += &format!("{item};");
        } else {
            text.push_str("odd;");
        }
    }
    text.push('!');
    text
}

#[state_machine]
async fn lists_that_grow(order: Order) -> Vec<i64> {
    let mut seen: Vec<i64> = vec![];
    for item in order.items.iter().rev() {
        let twice = double(*item).await;
        if !seen.contains(&twice) && seen.last() != Some(&2) {
            seen.push(twice);
        }
    }
    seen
}

#[state_machine]
async fn only_for_its_effects(order: Order) -> Result<(), OrderError> {
    for item in order.items.iter().filter(|item| **item > 2) {
        ship(*item).await?;
    }
    if order.items.is_empty() {
        return Ok(());
    }
    _ = ship(0).await;
    note("done").await;
    Ok(())
}

#[state_machine]
async fn polls(n: i64) -> Result<i64, OrderError> {
    let mut left = n;
    loop {
        let found = find(left).await;
        match found {
            Some(3) => bail!(OrderError::Rejected),
            Some(more) if more > 5 => left -= 5,
            Some(_) => left -= 1,
            None => break,
        }
        sleep(seconds(10)).await;
    }
    Ok(left)
}

#[state_machine]
async fn guards_that_bind(n: i64) -> i64 {
    match n {
        n if n < 0 => double(-n).await,
        0 => 0,
        n @ (1 | 2) => n + 10,
        n if n % 2 == 0 => sum(n, 1),
        _ => LIMIT,
    }
}

#[state_machine]
async fn mapped_results(n: i64) -> Result<usize, OrderError> {
    let length = ship(n).await.map(|text| text.chars().count())?;
    let text = ship(n + 1).await.map_err(OrderError::Ship)?;
    if ship(n - 1).await.is_err() {
        note("one less fails").await;
    }
    Ok(length + text.chars().count())
}

#[state_machine]
async fn a_range_at_once(n: i64) -> Vec<i64> {
    map_concurrent(3, 0..n, |i| async move {
        if i % 2 == 0 { double(i).await } else { i }
    })
    .await
}

#[state_machine]
async fn the_good_ones(order: Order) -> Vec<String> {
    let ended = map_concurrent(0, &order.items, |item| ship(*item)).await;
    let good: Vec<String> = ended.iter().filter_map(|one| one.clone().ok()).collect();
    let flat: Vec<String> = ended.into_iter().flatten().collect();
    note(&flat.join(",")).await;
    good
}

#[state_machine]
async fn parts_of_an_enum(order: Order) -> i64 {
    let Order {
        kind: Kind::Rush { hours },
        note: text,
        ..
    } = order
    else {
        return double(1).await;
    };
    let more = text.map(|text| text.chars().count() as i64).unwrap_or(-1);
    sum(hours, more)
}

#[state_machine]
async fn waits_as_long_as_needed(order: Order) -> bool {
    let wait = if order.amount > 3 { 2 } else { 1 };
    sleep(minutes(wait)).await;
    let rush = matches!(order.kind, Kind::Rush { hours } if hours > 3);
    rush || is_even(order.amount).await
}

#[tokio::test]
async fn in_passing() {
    all!(texts_in_patterns: order(1), order(7), order(9));
    all!(continues_out_of_a_match: order(0), order(4), order(9));
    all!(breaks_out_of_a_match: 0, 1, 4);
    all!(while_it_goes_well: 5);
    all!(zips: order(3));
    all!(results_in_passing: 3, 4, 6, 7, 1, 0);
    all!(options_end_it: 0, 1, 4);
    all!(an_error_with_a_question_mark: -1, 1, 4);
    all!(pairs_of_options: 0, 2, 5);
    all!(texts_that_grow: order(4));
    all!(lists_that_grow: order(2), order(1));
    all!(only_for_its_effects: order(2), order(3));
    all!(polls: 2, 5, 12);
    all!(guards_that_bind: -2, 0, 1, 3, 4);
    all!(mapped_results: 0, 1, 3, 5);
    all!(unordered a_range_at_once: 5);
    all!(unordered the_good_ones: order(4));
    all!(parts_of_an_enum: order(4), order(7), order(3));
    all!(waits_as_long_as_needed: order(1), order(4), order(3));
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, StepError)]
#[error("{days} days late")]
#[step_error(data)]
struct Late {
    days: i64,
}

#[step]
async fn deliver(n: i64) -> Result<i64, Late> {
    if n > 3 { Err(Late { days: n }) } else { Ok(n) }
}

#[step]
async fn fails_as(n: i64) -> Result<i64, Failure> {
    match n {
        0 => Ok(n),
        1 => Err(Failure::new("Busy", "try again")),
        _ => Err(Failure::new("Gone", format!("{n} is gone"))),
    }
}

#[state_machine]
async fn fields_of_errors(n: i64) -> Result<String, Failure> {
    let late = match deliver(n).await {
        Ok(_) => 0,
        Err(late) if late.days > 8 => return Err(Failure::new("TooLate", "")),
        Err(late) => late.days,
    };
    match fails_as(n).await {
        Ok(n) => Ok(format!("{n}")),
        Err(failure) if failure.error == "Busy" => Ok(failure.cause),
        Err(failure) if late == 0 => Err(failure),
        Err(failure) => Ok(format!("{}: {late}", failure.error)),
    }
}

#[tokio::test]
async fn errors_are_looked_at() {
    all!(fields_of_errors: 0, 1, 2, 5, 9);
}
