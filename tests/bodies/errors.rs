//! `?`, `match` on a step's result, `Err(..)`, `ensure!`, `bail!`.

use crate::{
    all,
    steps::{Order, OrderError, ShipError, double, find, note, order, ship},
};
use sfn_runtime::{Failed, Failure, bail, ensure, state_machine};

#[state_machine]
async fn question_mark(n: i64) -> Result<String, ShipError> {
    let shipped = ship(n).await?;
    Ok(format!("{shipped}!"))
}

#[state_machine]
async fn question_mark_converts(n: i64) -> Result<String, OrderError> {
    let shipped = ship(n).await?;
    Ok(shipped)
}

#[state_machine]
async fn a_call_is_the_end(n: i64) -> Result<String, ShipError> {
    note("before").await;
    ship(n).await
}

#[state_machine]
async fn match_a_result(n: i64) -> Result<String, OrderError> {
    match ship(n).await {
        Ok(shipped) => Ok(shipped),
        Err(ShipError::OutOfStock) => {
            note("refund").await;
            Ok("refunded".to_owned())
        }
        Err(ShipError::Late { days, parcel }) => Ok(format!("{parcel} in {days}")),
        Err(e) => Err(e.into()),
    }
}

#[state_machine]
async fn match_with_guards(n: i64) -> Result<String, OrderError> {
    match ship(n).await {
        Ok(shipped) => Ok(shipped),
        Err(ShipError::Lost(number)) if number > 5 => Err(OrderError::Rejected),
        Err(ShipError::Late { days, .. }) if days > 5 => Ok("late".to_owned()),
        Err(other) => Err(other.into()),
    }
}

#[state_machine]
async fn alternatives_of_errors(n: i64) -> String {
    match ship(n).await {
        Ok(shipped) => shipped,
        Err(ShipError::OutOfStock | ShipError::Lost(_)) => "gone".to_owned(),
        Err(_) => "late".to_owned(),
    }
}

#[state_machine]
async fn if_let_ok(n: i64) -> String {
    if let Ok(shipped) = ship(n).await {
        shipped
    } else {
        note("failed").await;
        "failed".to_owned()
    }
}

#[state_machine]
async fn if_let_err(n: i64) -> i64 {
    if let Err(ShipError::Late { days, .. }) = ship(n).await {
        double(days).await;
    }
    n
}

#[state_machine]
async fn let_else_of_a_result(n: i64) -> String {
    let Ok(shipped) = ship(n).await else {
        note("sorry").await;
        return "sorry".to_owned();
    };
    shipped
}

#[state_machine]
async fn asked_of_a_result(n: i64) -> String {
    let good = ship(n).await.is_ok();
    let other = ship(n).await.unwrap_or("none".to_owned());
    let maybe = ship(n + 1).await.ok();
    format!("{good} {other} {}", maybe.unwrap_or("nothing".to_owned()))
}

#[state_machine]
async fn a_kept_result(n: i64) -> String {
    let first = ship(n).await;
    note("between").await;
    match first {
        Ok(shipped) => shipped,
        Err(ShipError::Late { days, .. }) => format!("{days} days"),
        Err(_) => "other".to_owned(),
    }
}

#[state_machine]
async fn ignored(n: i64) -> i64 {
    let _ = ship(n).await;
    n
}

#[state_machine]
async fn ensures(n: i64) -> Result<i64, OrderError> {
    ensure!(n > 0, OrderError::Rejected);
    let m = double(n).await;
    if m > 10 {
        bail!(OrderError::TooMuch {
            amount: m,
            who: "you".to_owned()
        });
    }
    if m == 6 {
        return Err(OrderError::Ship(ShipError::OutOfStock));
    }
    Ok(m)
}

#[state_machine]
async fn an_option_as_an_error(n: i64) -> Result<i64, OrderError> {
    let found = find(n).await.ok_or(OrderError::Rejected)?;
    Ok(found + 1)
}

#[state_machine]
async fn errors_are_mapped(n: i64) -> Result<String, OrderError> {
    let shipped = ship(n).await.map_err(|e| match e {
        ShipError::OutOfStock => OrderError::Rejected,
        other => other.into(),
    })?;
    Ok(shipped)
}

#[state_machine]
async fn failures_of_one_name(n: i64) -> Result<i64, Failure> {
    if n > 3 {
        return Err(Failure::new("Mine", format!("{n} is more than 3")));
    }
    ship(n).await?;
    Ok(n)
}

#[state_machine]
async fn any_failure(n: i64) -> String {
    match ship(n).failure().await {
        Ok(shipped) => shipped,
        Err(Failed::Timeout) => "too slow".to_owned(),
        Err(Failed::Error(ShipError::OutOfStock)) => "out of stock".to_owned(),
        Err(Failed::Error(_)) => "an error".to_owned(),
        Err(_) => "broken".to_owned(),
    }
}

#[state_machine]
async fn a_match_within_a_match(order: Order) -> Result<String, OrderError> {
    match order.amount {
        0..=5 => match ship(order.amount).await {
            Ok(text) => Ok(text),
            Err(e) => {
                note("inner").await;
                Err(e.into())
            }
        },
        _ => Ok("large".to_owned()),
    }
}

#[tokio::test]
async fn errors() {
    all!(question_mark: 0, 1, 5);
    all!(question_mark_converts: 0, 1, 2, 5);
    all!(a_call_is_the_end: 0, 1, 5);
    all!(match_a_result: 0, 1, 2, 5);
    all!(match_with_guards: 0, 1, 2, 5);
    all!(alternatives_of_errors: 0, 1, 2, 5);
    all!(if_let_ok: 0, 5);
    all!(if_let_err: 0, 1, 5);
    all!(let_else_of_a_result: 0, 5);
    all!(asked_of_a_result: 0, 1, 2, 5);
    all!(a_kept_result: 0, 1, 2, 5);
    all!(ignored: 0, 5);
    all!(ensures: 0, 1, 3, 9);
    all!(an_option_as_an_error: 0, 1);
    all!(errors_are_mapped: 0, 1, 5);
    all!(failures_of_one_name: 0, 3, 4);
    all!(any_failure: 0, 1, 5);
    all!(a_match_within_a_match: order(0), order(4), order(9));
}
