//! Programs as people write them, with many constructs at once.

mod more;

use sfn_runtime::{
    Failed, Failure, StepError, bail, ensure, join, map_concurrent, minutes, seconds, sleep,
    state_machine, try_join,
};

use crate::{
    all,
    steps::{
        Checked, Kind, Order, OrderError, ShipError, double, find, is_even, note, order, ship, sum,
        validate,
    },
};

#[state_machine]
async fn match_in_while_in_for(order: Order) -> Result<i64, OrderError> {
    let mut done = 0;
    for item in &order.items {
        let mut tries = 0;
        while tries < 3 {
            match ship(*item + tries).await {
                Ok(_) => {
                    done += 1;
                    break;
                }
                Err(ShipError::OutOfStock) => tries += 1,
                Err(ShipError::Late { days, .. }) if days < 3 => break,
                Err(ShipError::Late { .. }) => tries += 2,
                Err(e) => return Err(e.into()),
            }
        }
    }
    Ok(done)
}

#[state_machine]
async fn early_return_in_loops(order: Order) -> Result<String, OrderError> {
    for (index, item) in order.items.iter().enumerate() {
        if index == 0 && *item > 50 {
            return Err(OrderError::Rejected);
        }
        let mut n = *item;
        loop {
            n = double(n).await;
            if n > 8 {
                return Ok(format!("{index}: {n}"));
            }
            if n == 0 {
                break;
            }
        }
    }
    Ok("none".to_owned())
}

#[state_machine]
async fn shadowing_in_arms(order: Order) -> i64 {
    let n = order.amount;
    let n = match order.kind {
        Kind::Plain => n,
        Kind::Rush { hours: n } => {
            let n = double(n).await;
            n + 1
        }
        Kind::Gift(n) => n.chars().count() as i64,
    };
    let n = if n > 5 {
        let n = sum(n, 1);
        n
    } else {
        n - 1
    };
    n * 2
}

#[state_machine]
async fn if_let_chains(order: Order) -> i64 {
    if let Some(text) = &order.note
        && text.starts_with('h')
        && let Kind::Rush { hours } = order.kind
        && hours > 6
    {
        double(hours).await
    } else if let Some(text) = &order.note
        && text.is_empty()
    {
        0
    } else {
        -1
    }
}

#[state_machine]
async fn if_let_chain_with_a_step(n: i64) -> i64 {
    if let Some(found) = find(n).await
        && found > 3
    {
        double(found).await
    } else {
        sum(n, 100)
    }
}

#[state_machine]
async fn join_in_a_loop(order: Order) -> Result<i64, OrderError> {
    let mut total = 0;
    for item in &order.items {
        let (a, b) = join!(double(*item), async {
            let one = double(1).await;
            sum(one, total)
        })
        .await;
        if a > 6 {
            let (x, y) = try_join!(ship(a), ship(b + 3)).await?;
            total += x.chars().count() as i64 + y.chars().count() as i64;
            continue;
        }
        total += a + b;
    }
    Ok(total)
}

#[state_machine]
async fn join_with_time_limits(n: i64) -> String {
    let (a, b) = join!(
        ship(n).timeout("1m"),
        ship(n + 1).named("the next").timeout("5m"),
    )
    .await;
    let a = match a {
        Ok(text) => text,
        Err(_) => "failed".to_owned(),
    };
    let b = b.unwrap_or("none".to_owned());
    format!("{a}, {b}")
}

#[state_machine]
async fn a_labelled_block(n: i64) -> i64 {
    let found = 'search: {
        if n > 10 {
            break 'search double(n).await;
        }
        for i in [1, 2, 3] {
            if sum(n, i) == 5 {
                break 'search i;
            }
        }
        -1
    };
    found * 10
}

#[state_machine]
async fn break_with_a_step(n: i64) -> i64 {
    let mut left = n;
    let last = loop {
        left -= 1;
        if left < 2 {
            break double(left).await;
        } else if left == 7 {
            break 7;
        }
        note("again").await;
    };
    last + n
}

#[state_machine]
async fn nested_loops_with_labels(order: Order) -> Vec<i64> {
    let mut found = Vec::new();
    'items: for item in &order.items {
        for other in &order.items {
            if *other == 2 && *item == 2 {
                continue 'items;
            }
            if found.len() > 4 {
                break 'items;
            }
            let s = sum(*item, *other);
            if s % 2 == 0 {
                found.push(s);
            }
        }
    }
    found
}

#[state_machine(inline)]
async fn checked_twice(order: &Order, limit: i64) -> Result<i64, OrderError> {
    let Checked { score, .. } = validate(order).await;
    ensure!(score < limit, OrderError::Rejected);
    let again = validate(order).await.score;
    if again != score {
        bail!(OrderError::TooMuch {
            amount: again,
            who: order.order_id.to_string()
        });
    }
    Ok(again)
}

#[state_machine(inline)]
async fn until_large(mut n: i64) -> i64 {
    while n < 10 {
        n = double(n).await;
    }
    n
}

#[state_machine]
async fn fragments_in_loops(order: Order) -> Result<i64, OrderError> {
    let mut all = 0;
    for item in &order.items {
        all += until_large(*item).await;
    }
    let score = match checked_twice(&order, 17).await {
        Ok(score) => score,
        Err(OrderError::Rejected) if order.amount > 20 => 0,
        Err(e) => return Err(e),
    };
    Ok(all + score)
}

#[state_machine]
async fn tuples_of_tuples(n: i64) -> (i64, (i64, String)) {
    let (a, (b, c)) = (double(n).await, (sum(n, 1), format!("{n}")));
    let pair = (a, (b, c.clone()));
    let (x, (y, _)) = &pair;
    let (mut low, high) = if x < y { (*x, *y) } else { (*y, *x) };
    low += 1;
    (low, (high, pair.1.1))
}

#[state_machine]
async fn match_on_a_tuple(order: Order) -> String {
    let even = is_even(order.amount).await;
    match (even, &order.kind, order.items.len()) {
        (true, Kind::Plain, _) => "plain and even".to_owned(),
        (true, _, 3) => {
            let n = double(order.amount).await;
            format!("three of {n}")
        }
        (false, Kind::Gift(with), _) => with.to_uppercase(),
        (_, Kind::Rush { hours }, n) if *hours > 3 => format!("rush {n}"),
        _ => String::new(),
    }
}

#[state_machine]
async fn options_with_question_mark(order: Order) -> Result<String, OrderError> {
    let text = order.note.clone().ok_or(OrderError::Rejected)?;
    let first = order
        .items
        .first()
        .copied()
        .filter(|item| *item > 0)
        .ok_or_else(|| OrderError::TooMuch {
            amount: 0,
            who: "nobody".to_owned(),
        })?;
    let shipped = ship(first + 2).await?;
    Ok(format!("{text} {shipped}"))
}

#[state_machine]
async fn results_of_many(order: Order) -> (usize, Vec<String>) {
    let ended = map_concurrent(2, &order.items, |item| ship(*item)).await;
    let good = ended.iter().filter(|one| one.is_ok()).count();
    let mut texts: Vec<String> = Vec::new();
    for one in &ended {
        match one {
            Ok(text) => texts.push(text.clone()),
            Err(ShipError::Late { days, parcel }) => texts.push(format!("{parcel}: {days}")),
            Err(_) => {}
        }
    }
    (good, texts)
}

#[state_machine]
async fn collects_by_its_type(order: Order) -> Vec<i64> {
    let large: Vec<i64> = order.items.iter().filter(|n| **n > 1).copied().collect();
    let mut again: Vec<i64> = vec![double(1).await];
    let text: String = again.iter().map(|n| n.to_string()).collect();
    note(&text).await;
    again = large.iter().map(|n| n * 2).collect();
    let text: String = large.iter().map(|n| n.to_string()).collect();
    note(&text).await;
    again.iter().chain(large.iter()).copied().collect()
}

#[state_machine]
async fn collects_in_a_result(order: Order) -> Result<Vec<i64>, OrderError> {
    let checked = validate(&order).await;
    if checked.score > 15 {
        return Ok(order.items.iter().map(|n| n + checked.score).collect());
    }
    let chosen: Vec<i64> = if order.amount > 3 {
        order.items.iter().rev().copied().collect()
    } else {
        let more = double(order.amount).await;
        order.items.iter().map(|n| n * more).collect()
    };
    Ok(chosen)
}

#[state_machine]
async fn conditions_with_steps(n: i64) -> i64 {
    if n > 0 && is_even(n).await && !is_even(n / 2).await || n == -4 {
        1
    } else if find(n - 3).await.is_some() {
        2
    } else if let Some(x) = find(n).await {
        x + 100
    } else {
        3
    }
}

#[state_machine]
async fn arguments_with_steps(n: i64) -> i64 {
    sum(
        double(if n > 3 { n } else { double(n).await }).await,
        match find(n).await {
            Some(found) => found,
            None => sum(n, -1),
        },
    )
}

#[state_machine]
async fn struct_update(order: Order) -> Order {
    let amount = double(order.amount).await;
    let next = Order {
        amount,
        items: vec![amount, double(amount).await],
        ..order.clone()
    };
    let Order {
        items,
        kind: old @ (Kind::Plain | Kind::Rush { .. } | Kind::Gift(_)),
        ..
    } = order;
    if items.is_empty() {
        return Order { kind: old, ..next };
    }
    next
}

#[state_machine]
async fn sleeps_in_a_loop(n: i64) -> i64 {
    let mut wait = 1;
    let mut rounds = 0;
    while rounds < n {
        sleep(minutes(wait)).await;
        wait = (wait * 2).min(8);
        rounds += 1;
        if !is_even(rounds).await {
            sleep(seconds(30)).named("a moment").await;
        }
    }
    wait as i64
}

#[state_machine]
async fn retries_by_hand(n: i64) -> Result<String, OrderError> {
    let mut attempt = 0;
    loop {
        match ship(n + attempt).await {
            Ok(text) => return Ok(text),
            Err(error) if attempt >= 2 => return Err(error.into()),
            Err(ShipError::Lost(number)) => {
                double(number).await;
                attempt += 1;
            }
            Err(_) => attempt += 1,
        }
        sleep(seconds(5)).await;
    }
}

#[state_machine]
async fn maps_within_maps(order: Order) -> Vec<Vec<i64>> {
    let amount = order.amount;
    let items = &order.items;
    map_concurrent(2, items, |item| async move {
        let twice = double(*item).await;
        map_concurrent(0, items, |other| async move {
            if *other == twice {
                return amount;
            }
            sum(*other, twice)
        })
        .await
    })
    .await
}

#[state_machine]
async fn a_join_of_three_kinds(order: Order) -> Result<(String, Vec<i64>, i64), OrderError> {
    let (text, numbers, ()) = join!(
        async {
            let text = ship(order.amount).await?;
            ensure!(text.chars().count() < 10, OrderError::Rejected);
            Ok(text)
        },
        map_concurrent(1, &order.items, |item| double(*item)),
        async {
            sleep(minutes(2)).await;
        },
    )
    .await?;
    let sum = numbers.iter().sum();
    Ok((text, numbers, sum))
}

#[state_machine]
async fn while_let_with_pop(order: Order) -> i64 {
    let mut left = order.items.clone();
    let mut total = 0;
    while let Some(first) = left.first().copied() {
        total = sum(total, first);
        left = left.iter().skip(1).copied().collect::<Vec<_>>();
    }
    total
}

#[state_machine]
async fn slices(order: Order) -> i64 {
    match order.items.as_slice() {
        [] => 0,
        [one] => *one,
        [first, .., last] if first == last => double(*first).await,
        [first, rest @ ..] => first + rest.len() as i64,
    }
}

#[state_machine]
async fn let_else_in_a_loop(order: Order) -> Result<i64, OrderError> {
    let mut sum_of = 0;
    for item in &order.items {
        let Some(found) = find(*item - 1).await else {
            continue;
        };
        let Ok(text) = ship(found).await else {
            note("lost one").await;
            continue;
        };
        sum_of += text.chars().count() as i64;
    }
    let Some(note) = order.note else {
        bail!(OrderError::Rejected);
    };
    Ok(sum_of + note.chars().count() as i64)
}

#[state_machine]
async fn errors_of_several_steps(n: i64) -> Result<String, Failure> {
    let text = match ship(n).failure().await {
        Ok(text) => text,
        Err(Failed::Error(ShipError::Late { days, .. })) => format!("{days} late"),
        Err(Failed::Timeout | Failed::HeartbeatTimeout) => return Err(Failure::new("Slow", "")),
        Err(failed) => return Err(failed.into()),
    };
    let more = ship(n + 1).await?;
    Ok(text + &more)
}

#[state_machine]
async fn ranges(n: i64) -> i64 {
    let mut total = 0;
    for i in 0..n {
        for j in (0..=i).rev() {
            if j % 2 == 1 {
                continue;
            }
            total += sum(i, j);
        }
    }
    total
}

#[state_machine]
async fn references_and_clones(order: &Order) -> String {
    let by_reference = order;
    let checked = validate(by_reference).await;
    let items = &by_reference.items;
    let first = &items[0];
    let copied = *first;
    let s = sum(copied, checked.score);
    note(&format!("{}-{s}", by_reference.order_id)).await;
    by_reference
        .note
        .as_deref()
        .unwrap_or("nothing")
        .to_string()
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, StepError)]
enum Outer {
    #[error(transparent)]
    #[step_error(transparent)]
    Order(#[from] OrderError),
    #[error("{why}")]
    #[step_error(data)]
    Own { why: String },
}

#[state_machine]
async fn inner_machine(n: i64) -> Result<String, OrderError> {
    ensure!(n != 9, OrderError::Rejected);
    Ok(ship(n).await?)
}

#[state_machine]
async fn errors_through_machines(n: i64) -> Result<String, Outer> {
    match inner_machine(n).await {
        Ok(text) => Ok(text),
        Err(OrderError::Ship(ShipError::Late { days, .. })) => Err(Outer::Own {
            why: format!("{days} days"),
        }),
        Err(OrderError::Ship(ShipError::OutOfStock)) => Ok(inner_machine(n + 5).await?),
        Err(other) => Err(other.into()),
    }
}

#[tokio::test]
async fn loops_and_choices() {
    all!(match_in_while_in_for: order(5), order(0), order(2));
    all!(early_return_in_loops: order(1), order(3));
    all!(shadowing_in_arms: order(3), order(4), order(5));
    all!(if_let_chains: order(1), order(7), order(8), order(10));
    all!(if_let_chain_with_a_step: 0, 2, 5);
    all!(a_labelled_block: 1, 2, 4, 11);
    all!(break_with_a_step: 1, 5, 9);
    all!(nested_loops_with_labels: order(4), order(5));
    all!(fragments_in_loops: order(2), order(9), order(21));
    all!(while_let_with_pop: order(3));
    all!(let_else_in_a_loop: order(3), order(8));
    all!(ranges: 0, 4);
    all!(sleeps_in_a_loop: 5);
    all!(retries_by_hand: 0, 1, 3, 5);
}

#[tokio::test]
async fn values_and_patterns() {
    all!(tuples_of_tuples: 1, -3);
    all!(match_on_a_tuple: order(1), order(2), order(4), order(5), order(6), order(7));
    all!(options_with_question_mark: order(3), order(8));
    all!(collects_by_its_type: order(3));
    all!(collects_in_a_result: order(3), order(5), order(9));
    all!(conditions_with_steps: -4, 0, 2, 3, 4, 5);
    all!(arguments_with_steps: 0, 2, 5);
    all!(struct_update: order(3));
    all!(slices: order(1), order(4));
    for amount in [3, 8] {
        let given = order(amount);
        crate::same(
            &references_and_clones::WORKFLOW,
            given.clone(),
            references_and_clones(&given),
            true,
        )
        .await;
    }
    all!(errors_of_several_steps: 0, 1, 4);
    all!(errors_through_machines: 0, 1, 2, 6, 9);
}

#[tokio::test]
async fn at_once() {
    all!(unordered join_in_a_loop: order(1), order(4));
    all!(unordered join_with_time_limits: 0, 1, 4);
    all!(unordered results_of_many: order(4));
    all!(unordered maps_within_maps: order(4));
    all!(unordered a_join_of_three_kinds: order(4));
}
