// Written by `cargo xtask programs`; see written.rs.

use sfn_runtime::{bail, ensure, join, map_concurrent, seconds, sleep, state_machine};

use super::{discount, failing_execution, own_execution, shipped, twice};
use crate::steps::{Kind, Order, OrderError, ShipError, double, find, is_even, note, order, ship, sum};

#[state_machine]
pub(crate) async fn written_00(n: i64) -> Result<Vec<i64>, OrderError> {
    let a: Vec<i64> = vec![n, n];
    let (total, t1): (i64, String) = (if 9 <= n { n } else { n }, "x".to_owned());
    let rest: i64 = (-3);
    let a: i64 = match shipped((t1.chars().count() as i64) % 4).await {
        Ok(text) => {
            match ship((t1.chars().count() as i64) % 4).await {
                Ok(text) => {
                    note(&"x".to_owned()).await;
                    let mut i2: i64 = 0;
                    let total: i64 = 'l3: loop {
                        if i2 >= 1 { break 7; }
                        i2 += 1;
                        note(&format!("{}/{text}", total)).await;
                        let b: i64 = double(total).await % 1000;
                    };
                    let mut a: i64 = (total + 8) % 1000;
                }
                Err(ShipError::Late { days, .. }) if days > 2 => {
                    note(&t1.clone()).await;
                    let Some(b) = find(a.iter().fold(0, |all, n| (all * 2 + n) % 100)).await else {
                        bail!(OrderError::Rejected);
                    };
                }
                Err(_) => {
                    note(&format!("{:>4}|{}", 4, text.starts_with("shipped"))).await;
                    let mut i4: i64 = 0;
                    let b: i64 = 'l5: loop {
                        if i4 >= 0 { break total; }
                        i4 += 1;
                        note(&text.to_uppercase()).await;
                        let c: Vec<i64> = map_concurrent(1, &a, |item| double(*item)).await;
                        let b: Option<i64> = Some(8);
                    };
                    note(&format!("{:>4}|{}", (-1), true)).await;
                }
            }
            (-3)
        }
        Err(ShipError::OutOfStock) => {
            if total <= total { rest } else { 8 }
        }
        Err(error) => return Err(error.into()),
    };
    Ok(vec![(rest + 10) % 1000, total])
}

#[state_machine]
pub(crate) async fn written_01(n: i64) -> i64 {
    let mut a: i64 = if n <= n { (-3) } else { n };
    let mut c: i64 = n.max((-1));
    let c: bool = c > 8;
    let a: String = "".to_owned();
    if n == 2 {
        note(&"x".to_owned()).await;
        let (c, t1): (i64, String) = (n.clamp(-2, 6), a.clone());
    }
    let mut rest: Vec<i64> = vec![if n > n { n } else { 4 }];
    if n == n { n } else { 9 }
}

#[state_machine]
pub(crate) async fn written_02(n: i64) -> i64 {
    let mut a: i64 = own_execution(0).await % 1000;
    let mut c: Vec<i64> = vec![(-1)];
    let Some(total) = find((n + a) % 1000).await else {
        return (a + n) % 1000;
    };
    let mut rest: Vec<i64> = vec![(total) / 3, total];
    let total: Vec<i64> = map_concurrent(1, &c, |item| async move {
        let item: i64 = *item;
        if item > n {
            note(&"x".to_owned()).await;
            let mut a: i64 = (double(total.abs()).await + sum(n, 1) * 2) % 1000;
        } else if item == item {
            note(&"it's".to_owned()).await;
        } else {
            note(&"a \"b\"".to_owned()).await;
        }
        if (-2) != 1 { item } else { total }
    }).await;
    (n) % 5
}

#[state_machine]
pub(crate) async fn written_03(order: Order) -> Result<Vec<i64>, OrderError> {
    note(&format!("{:>4}|{}", order.amount, order.items.iter().any(|n| *n > 6))).await;
    if order.amount > 7 {
        note(&"x".to_owned()).await;
        let mut left1: i64 = (5) % 4;
        'l2: while let Some(x) = find(left1).await {
            left1 = x - 1;
            note(&format!("{:>4}|{}", (-2), false)).await;
            if true {
                bail!(OrderError::Rejected);
            }
        }
        let mut a: i64 = own_execution(order.items.iter().max().copied().unwrap_or(5)).await % 1000;
    } else {
        note(&"it's".to_owned()).await;
        let mut rest: i64 = order.amount.max(order.amount);
        sleep(seconds(30)).await;
    }
    let total: bool = is_even(order.amount).await && false;
    let mut i3: i64 = 0;
    'l4: while i3 < 1 {
        i3 += 1;
        note(&"x".to_owned()).await;
        let mut total: Vec<i64> = order.items.iter().map(|n| (n * 2 + 1) % 100).collect::<Vec<_>>();
        let found: bool = match shipped(((8 + i3) % 1000) % 4).await {
            Ok(text) => {
                let mut total: Vec<i64> = order.items.clone();
                order.items.contains(&10)
            }
            Err(_) => {
                !(10 <= 5)
            }
        };
    }
    Ok(order.items.iter().take(2).copied().collect::<Vec<_>>())
}

#[state_machine]
pub(crate) async fn written_04(order: Order) -> Vec<i64> {
    let mut left1: i64 = (order.amount.abs()) % 4;
    'l2: while let Some(x) = find(left1).await {
        left1 = x - 1;
        note(&"".to_owned()).await;
        'l3: for item in &order.items {
            let item: i64 = *item;
            note(&"a \"b\"".to_owned()).await;
            let mut i4: i64 = 0;
            let total: i64 = 'l5: loop {
                if i4 >= 0 { break order.items.len() as i64; }
                i4 += 1;
                note(&"it's".to_owned()).await;
                let found: String = "x".to_owned();
            };
        }
    }
    sleep(seconds(30)).await;
    let found: Option<i64> = find((order.amount + left1) % 1000).await;
    let Some(c) = find(6).await else {
        return order.items.iter().map(|n| (n * 2 + 2) % 100).collect::<Vec<_>>();
    };
    let b: bool = is_even(if true { left1 } else { c }).await;
    let b: i64 = ((left1 + c) % 1000 + left1) % 1000;
    let Some(a) = find(if 1 == left1 { order.amount } else { 5 }).await else {
        return order.items.iter().map(|n| (n * 2 + 9) % 100).collect::<Vec<_>>();
    };
    order.items.iter().filter(|n| **n > 8).copied().collect::<Vec<_>>()
}

#[state_machine]
pub(crate) async fn written_05(n: i64) -> i64 {
    let mut rest: i64 = (0) % 4;
    rest = sum((rest) % 6, 7);
    if let Some(c) = find(4).await {
        note(&"x".to_owned()).await;
        rest = n;
    }
    let mut b: i64 = n;
    let (left1, right2) = join!(double(((-2) * 8) % 1000), async {
        match b { 0 => 3, 1..=4 => n, x if x < 0 => x, _ => n }
    }).await;
    (n - right2) % 1000
}

#[state_machine]
pub(crate) async fn written_06(n: i64) -> Result<Vec<i64>, OrderError> {
    if let Some(rest) = find((10 + n) % 1000).await {
        note(&format!("{:>4}|{}", rest, 6 != 0)).await;
        let mut c: Vec<i64> = vec![(rest) / 6, rest];
        let rest: Option<i64> = if c.contains(&0) { Some(rest) } else { None };
    }
    let a: Vec<i64> = vec![6, 1];
    let Some(a) = find((n - n) % 1000).await else {
        bail!(OrderError::TooMuch { amount: n, who: "you".to_owned() });
    };
    let found: i64 = match shipped(((n + a) % 1000) % 4).await {
        Ok(text) => {
            let mut rest: i64 = double(n).await % 1000;
            10
        }
        Err(ShipError::OutOfStock) => {
            if let Some(total) = find(if true { 5 } else { a }).await {
                note(&"it's".to_owned()).await;
            }
            (n + a) % 1000
        }
        Err(ShipError::Late { days, .. }) if days > 2 => {
            (-2)
        }
        Err(ShipError::Lost(at)) => {
            7
        }
        Err(error) => return Err(error.into()),
    };
    Ok((0..2).map(|at| at * at).collect::<Vec<_>>())
}

#[state_machine]
pub(crate) async fn written_07(n: i64) -> String {
    let total: Vec<i64> = if (-1) == 10 {
        let mut total: Vec<i64> = (0..3).map(|at| at * at).collect::<Vec<_>>();
        let c: Vec<i64> = match total.iter().fold((-1), |all, n| (all * 2 + n) % 100) {
            0 => {
                total = (0..3).map(|at| at * at).collect::<Vec<_>>();
                total.iter().filter(|n| **n > 2).copied().collect::<Vec<_>>()
            }
            small @ 1..=3 => {
                'l1: for item in &total {
                    let item: i64 = *item;
                    note(&"".to_owned()).await;
                    let a: String = ship(((2) % 3) % 5).await.unwrap_or("lost".to_owned());
                    let c: String = ship((total.len() as i64) % 5).await.unwrap_or("lost".to_owned());
                }
                let mut left2: i64 = ((small + n) % 1000) % 4;
                'l3: while let Some(x) = find(left2).await {
                    left2 = x - 1;
                    note(&"it's".to_owned()).await;
                }
                vec![total.iter().sum::<i64>() % 1000, n]
            }
            5 | 7 | 9 => {
                total.iter().take(2).copied().collect::<Vec<_>>()
            }
            other => {
                vec![(other + 0) % 1000]
            }
        };
        total.iter().take(2).copied().collect::<Vec<_>>()
    } else {
        vec![(n + 9) % 1000, 10]
    };
    "it's".to_owned()
}

#[state_machine]
pub(crate) async fn written_08(order: Order) -> i64 {
    let mut c: Vec<i64> = order.items.clone();
    let c: bool = match match 0 { 0 => 0, 1..=4 => order.amount, x if x < 0 => x, _ => 5 } {
        0 => {
            let Some(a) = find(order.amount).await else {
                return (order.amount * 2) % 1000;
            };
            !(a != a)
        }
        small @ 1..=3 => {
            let mut i1: i64 = 0;
            'l2: while i1 < 0 {
                i1 += 1;
                note(&"it's".to_owned()).await;
                if small >= small {
                    return order.amount.abs();
                }
                let mut found: Vec<i64> = order.items.iter().filter(|n| **n > 6).copied().collect::<Vec<_>>();
            }
            (false || false)
        }
        5 | 7 | 9 => {
            let mut a: i64 = discount(order.amount.max(order.amount), 10);
            if let Some(b) = find(order.amount.abs()).await {
                note(&"a \"b\"".to_owned()).await;
                let c: Vec<i64> = map_concurrent(1, &c, |item| async move {
                    let item: i64 = *item;
                    let c: String = format!("{:>4}|{}", a, a == (-3));
                    6
                }).await;
            }
            order.amount > a
        }
        other => {
            order.amount == 8
        }
    };
    (5 + order.amount) % 1000
}

#[state_machine]
pub(crate) async fn written_09(n: i64) -> bool {
    let (left1, right2) = join!(ship(((9 + 5) % 1000) % 4), double(n)).await;
    let found: String = match left1 {
        Ok(text) => {
            let mut a: i64 = 10;
            text.to_uppercase()
        }
        Err(ShipError::OutOfStock) => {
            let mut left3: i64 = (7) % 4;
            'l4: while let Some(x) = find(left3).await {
                left3 = x - 1;
                note(&"x".to_owned()).await;
                let mut i5: i64 = 0;
                let b: i64 = 'l6: loop {
                    if i5 >= 0 { break (8 + right2) % 1000; }
                    i5 += 1;
                    note(&"a \"b\"".to_owned()).await;
                    let c: Vec<i64> = vec![if true { (n - 1) % 1000 } else { right2 }, right2];
                    let mut total: Vec<i64> = (0..2).map(|at| at * at).collect::<Vec<_>>();
                };
            }
            let mut i7: i64 = 0;
            'l8: while i7 < 3 {
                i7 += 1;
                note(&"".to_owned()).await;
                let mut rest: i64 = n.clamp(-2, 6);
                let rest: Option<i64> = match shipped((8) % 4).await {
                    Ok(text) => {
                        None
                    }
                    Err(ShipError::Late { days, .. }) if days > 2 => {
                        Some((3 + (-1)) % 1000)
                    }
                    Err(_) => {
                        Some((right2 + right2) % 1000)
                    }
                };
            }
            "a \"b\"".to_owned()
        }
        Err(_) => {
            "a \"b\"".to_owned()
        }
    };
    true
}

#[state_machine]
pub(crate) async fn written_10(order: Order) -> String {
    let b: Option<i64> = find((order.amount + 8) % 1000).await;
    let a: String = ship(((9) / 2) % 5).await.unwrap_or("lost".to_owned());
    let a: i64 = b.unwrap_or((-2));
    'l1: for (at, item) in order.items.iter().enumerate() {
        let (at, item): (i64, i64) = (at as i64, *item);
        note(&format!("{:>4}|{}", a, b.is_some())).await;
        let c: bool = (-1) != a;
    }
    let mut total: i64 = double(order.amount).await % 1000;
    let b: bool = 7 != 5 || is_even((-1)).await;
    format!("{:>4}|{}", (-2), total != total)
}

#[state_machine]
pub(crate) async fn written_11(order: Order) -> Result<i64, OrderError> {
    let found: Vec<i64> = map_concurrent(1, &order.items, |item| async move {
        let item: i64 = *item;
        let found: i64 = double(item.clamp(-2, 6)).await % 1000;
        ((-2) + (-1)) % 1000
    }).await;
    if let Some(b) = find(order.items.iter().sum::<i64>() % 1000).await {
        note(&format!("{:>4}|{}", order.amount, false)).await;
        let rest: String = failing_execution((found.iter().sum::<i64>() % 1000) % 5).await?;
    }
    'l1: for item in &found {
        let item: i64 = *item;
        note(&"it's".to_owned()).await;
        let mut i2: i64 = 0;
        let a: i64 = 'l3: loop {
            if i2 >= 2 { break (item - 4) % 1000; }
            i2 += 1;
            note(&"it's".to_owned()).await;
            let total: bool = match found.iter().sum::<i64>() % 1000 {
                0 => {
                    (6 == order.amount || order.amount != order.amount)
                }
                small @ 1..=3 => {
                    5 <= order.amount
                }
                5 | 7 | 9 => {
                    7 > item
                }
                other => {
                    5 > i2
                }
            };
        };
    }
    Ok((order.amount + order.amount) % 1000)
}

#[state_machine]
pub(crate) async fn written_12(order: Order) -> Result<bool, OrderError> {
    if let Some(a) = find((4 + order.amount) % 1000).await {
        note(&"a \"b\"".to_owned()).await;
        let mut c: i64 = own_execution(order.amount.abs()).await % 1000;
    } else {
        note(&"x".to_owned()).await;
        let mut a: Vec<i64> = order.items.iter().filter(|n| **n > 3).copied().collect::<Vec<_>>();
        'l1: for item in &a {
            let item: i64 = *item;
            note(&"".to_owned()).await;
            sleep(seconds(30)).await;
        }
    }
    if let Some(total) = find(9).await {
        note(&"a \"b\"".to_owned()).await;
        let mut i2: i64 = 0;
        'l3: while i2 < 3 {
            i2 += 1;
            note(&"".to_owned()).await;
            if let Some(total) = find(if 8 == total { i2 } else { i2 }).await {
                note(&"".to_owned()).await;
                ensure!(i2 == i2, OrderError::Rejected);
            } else {
                note(&"a \"b\"".to_owned()).await;
                let mut a: i64 = twice(if 1 == total { total } else { total }).await % 1000;
            }
            if (1 != (-2) || i2 == order.amount) {
                bail!(OrderError::Rejected);
            }
        }
    } else {
        note(&"x".to_owned()).await;
    }
    Ok(false)
}

#[state_machine]
pub(crate) async fn written_13(order: Order) -> bool {
    let mut left1: i64 = ((order.amount) % 4) % 4;
    'l2: while let Some(x) = find(left1).await {
        left1 = x - 1;
        note(&"a \"b\"".to_owned()).await;
        let mut c: i64 = twice((x * 10) % 1000).await % 1000;
    }
    let b: i64 = sum(double(1).await, left1) % 1000;
    let c: String = match shipped(((left1) % 5) % 4).await {
        Ok(text) => {
            let mut c: i64 = 3;
            text.to_uppercase()
        }
        Err(ShipError::OutOfStock) => {
            let mut c: i64 = twice((0 + b) % 1000).await % 1000;
            "x".to_owned()
        }
        Err(_) => {
            if (-3) != b {
                return b > 6;
            }
            format!("{:>4}|{}", (-2), left1 != order.amount)
        }
    };
    let rest: i64 = double((left1) % 5).await % 1000;
    let Some(found) = find((left1 + rest) % 1000).await else {
        return b == order.amount;
    };
    if let Some(b) = find(0).await {
        note(&format!("{}/{c}", 5)).await;
        let mut total: i64 = double(if 8 == b { order.amount } else { order.amount }).await % 1000;
    }
    (rest <= b || c.starts_with("shipped"))
}

#[state_machine]
pub(crate) async fn written_14(n: i64) -> String {
    let mut i1: i64 = 0;
    let found: i64 = 'l2: loop {
        if i1 >= 0 { break (-3); }
        i1 += 1;
        note(&"it's".to_owned()).await;
        let a: i64 = i1;
        let total: bool = match (n * 3) % 1000 {
            0 => {
                if n > i1 {
                    return "".to_owned();
                }
                let total: Vec<i64> = if a != 7 || is_even(match n { 0 => (-3), 1..=4 => i1, x if x < 0 => x, _ => n }).await {
                    let c: Option<i64> = find((i1 * 8) % 1000).await;
                    let mut a: i64 = double((i1 + n) % 1000).await % 1000;
                    vec![(4 + a) % 1000, a]
                } else if n == i1 && i1 <= a {
                    let mut b: i64 = (n - n) % 1000;
                    vec![5, i1]
                } else {
                    vec![n]
                };
                a >= a
            }
            small @ 1..=3 => {
                !(true)
            }
            5 | 7 | 9 => {
                a >= 1
            }
            other => {
                2 >= n
            }
        };
    };
    format!("{:>4}|{}", 9, 6 <= found)
}

#[state_machine]
pub(crate) async fn written_15(order: Order) -> bool {
    let (c, t1): (i64, String) = (9, "".to_owned());
    let mut rest: i64 = order.items.iter().max().copied().unwrap_or(4);
    match ship((order.amount.max((-2))) % 4).await {
        Ok(text) => {
            note(&"a \"b\"".to_owned()).await;
            let rest: bool = match ship(((-3)) % 4).await {
                Ok(text) => {
                    let Some(a) = find(c.clamp(-2, 6)).await else {
                        return order.amount > rest;
                    };
                    order.amount == 10
                }
                Err(ShipError::Late { days, .. }) if days > 2 => {
                    rest = sum(if order.amount != 2 { 5 } else { c }, 4);
                    t1.starts_with("shipped")
                }
                Err(_) => {
                    let mut left2: i64 = (match (-1) { 0 => 4, 1..=4 => c, x if x < 0 => x, _ => 3 }) % 4;
                    'l3: while let Some(x) = find(left2).await {
                        left2 = x - 1;
                        note(&t1.clone()).await;
                        sleep(seconds(30)).await;
                        let found: Vec<i64> = map_concurrent(1, &order.items, |item| double(*item)).await;
                    }
                    text.starts_with("shipped")
                }
            };
            if 10 == order.amount {
                note(&format!("{}/{text}", order.amount)).await;
            } else {
                note(&format!("{:>4}|{}", order.amount, order.amount > 1)).await;
            }
        }
        Err(ShipError::OutOfStock) => {
            note(&t1.clone()).await;
        }
        Err(ShipError::Lost(at)) => {
            note(&t1.clone()).await;
        }
        Err(_) => {
            note(&t1.clone()).await;
        }
    }
    (rest == 8 || true)
}

#[state_machine]
pub(crate) async fn written_16(n: i64) -> Vec<i64> {
    let (b, t1): (i64, String) = (9, "".to_owned());
    let (found, t2): (i64, String) = ((6 + n) % 1000, t1.clone());
    let b: Vec<i64> = if t2.starts_with("shipped") {
        let Some(rest) = find(t1.chars().count() as i64).await else {
            return vec![0, b];
        };
        vec![2, found]
    } else {
        'l3: for i in 0..0 {
            let i: i64 = i;
            note(&t2.clone()).await;
        }
        vec![if found != found { n } else { b }, found]
    };
    b.iter().filter(|n| **n > 9).copied().collect::<Vec<_>>()
}

#[state_machine]
pub(crate) async fn written_17(n: i64) -> bool {
    'l1: for i in 0..1 {
        let i: i64 = i;
        note(&"a \"b\"".to_owned()).await;
        let rest: bool = is_even((n) / 4).await;
        let (left2, right3) = join!(ship(((n + n) % 1000) % 4), double(n)).await;
        match left2 {
            Ok(text) => {
                note(&text.clone()).await;
                let mut found: i64 = if 3 != i { right3 } else { i };
            }
            Err(ShipError::OutOfStock) => {
                note(&"x".to_owned()).await;
                let mut found: Vec<i64> = vec![10, (-1)];
            }
            Err(_) => {
                note(&"a \"b\"".to_owned()).await;
                let mut b: i64 = (1 + n) % 1000;
            }
        }
    }
    n != n
}

#[state_machine]
pub(crate) async fn written_18(order: Order) -> Vec<i64> {
    let mut i1: i64 = 0;
    'l2: while i1 < 1 {
        i1 += 1;
        note(&"".to_owned()).await;
        let mut found: i64 = order.items.iter().sum::<i64>() % 1000;
    }
    let found: Vec<i64> = if i1 != 9 {
        let mut b: i64 = sum(double(order.amount.max((-2))).await, i1) % 1000;
        order.items.clone()
    } else if order.amount == (-3) {
        let c: Vec<i64> = map_concurrent(1, &order.items, |item| async move {
            let item: i64 = *item;
            if let Some(found) = find((item - 1) % 1000).await {
                note(&format!("{:>4}|{}", found, found <= (-3))).await;
                let rest: bool = (false || 6 == found);
                let rest: Option<i64> = Some(if false { found } else { item });
            } else {
                note(&"x".to_owned()).await;
                let total: Vec<i64> = (0..3).map(|at| at * at).collect::<Vec<_>>();
            }
            let rest: Option<i64> = find(if i1 == i1 { 1 } else { i1 }).await;
            if true { item } else { (-2) }
        }).await;
        c.clone()
    } else {
        sleep(seconds(30)).await;
        order.items.clone()
    };
    let found: i64 = if is_even((2) / 3).await {
        let rest: Option<i64> = if found.contains(&2) {
            None
        } else if order.amount > 9 {
            Some(order.amount)
        } else {
            Some(i1)
        };
        (order.amount * 10) % 1000
    } else {
        3
    };
    order.items.clone()
}

#[state_machine]
pub(crate) async fn written_19(n: i64) -> Vec<i64> {
    match (n + 9) % 1000 {
        0 => {
            note(&"x".to_owned()).await;
            let c: i64 = match shipped(((n * 8) % 1000) % 4).await {
                Ok(text) => {
                    note(&text.clone()).await;
                    n
                }
                Err(ShipError::Late { days, .. }) if days > 2 => {
                    let found: String = ship(((9) % 6) % 5).await.unwrap_or("lost".to_owned());
                    found.chars().count() as i64
                }
                Err(ShipError::Lost(at)) => {
                    let rest: i64 = if is_even((-3)).await {
                        let total: bool = 9 <= at || is_even((at + n) % 1000).await;
                        match at { 0 => 6, 1..=4 => 10, x if x < 0 => x, _ => n }
                    } else {
                        let mut b: Vec<i64> = vec![(at + n) % 1000, n];
                        let mut a: i64 = match at { 0 => 3, 1..=4 => 7, x if x < 0 => x, _ => n };
                        (-3)
                    };
                    if false { n } else { 10 }
                }
                Err(_) => {
                    if let Some(rest) = find((n - n) % 1000).await {
                        note(&"it's".to_owned()).await;
                        let found: i64 = match rest { 0 => 10, 1..=4 => n, x if x < 0 => x, _ => rest };
                        let found: bool = is_even(5).await && found > 8;
                    }
                    match n { 0 => 8, 1..=4 => n, x if x < 0 => x, _ => 6 }
                }
            };
        }
        small @ 1..=3 => {
            note(&format!("{:>4}|{}", 5, 1 != 4)).await;
        }
        5 | 7 | 9 => {
            note(&"a \"b\"".to_owned()).await;
        }
        other => {
            note(&format!("{:>4}|{}", 7, 4 >= other)).await;
        }
    }
    vec![(n) % 2, n]
}

#[state_machine]
pub(crate) async fn written_20(n: i64) -> Result<i64, OrderError> {
    if n == 10 {
        note(&"it's".to_owned()).await;
        ensure!(7 != n, OrderError::Rejected);
    }
    let mut b: i64 = (10) % 2;
    note(&"".to_owned()).await;
    if !(n > b) {
        note(&"a \"b\"".to_owned()).await;
        sleep(seconds(30)).await;
    } else if 3 != 1 {
        note(&"a \"b\"".to_owned()).await;
        let total: i64 = match shipped(((n + b) % 1000) % 4).await {
            Ok(text) => {
                b = own_execution(text.chars().count() as i64).await % 1000;
                let a: bool = is_even(if b == n { n } else { b }).await;
                n.max(b)
            }
            Err(ShipError::OutOfStock) => {
                if is_even(10).await && n <= n {
                    note(&"".to_owned()).await;
                }
                if 0 <= b { (-2) } else { (-1) }
            }
            Err(ShipError::Lost(at)) => {
                4
            }
            Err(_) => {
                (-2)
            }
        };
    } else {
        note(&"x".to_owned()).await;
    }
    Ok(((-3)) / 4)
}

#[state_machine]
pub(crate) async fn written_21(n: i64) -> Vec<i64> {
    note(&"a \"b\"".to_owned()).await;
    let (left1, right2) = join!(double(match (-1) { 0 => (-1), 1..=4 => 4, x if x < 0 => x, _ => n }), async {
        let mut a: i64 = discount(0, 10);
        let mut total: i64 = 5;
        10
    }).await;
    if is_even(match left1 { 0 => (-1), 1..=4 => 6, x if x < 0 => x, _ => left1 }).await {
        note(&"x".to_owned()).await;
        let c: i64 = double(match (-2) { 0 => 7, 1..=4 => 2, x if x < 0 => x, _ => 7 }).await % 1000;
        let mut left3: i64 = (if left1 > c { left1 } else { (-3) }) % 4;
        'l4: while let Some(x) = find(left3).await {
            left3 = x - 1;
            note(&"a \"b\"".to_owned()).await;
            let mut i5: i64 = 0;
            let rest: i64 = 'l6: loop {
                if i5 >= 0 { break match c { 0 => 9, 1..=4 => n, x if x < 0 => x, _ => 6 }; }
                i5 += 1;
                note(&"".to_owned()).await;
                let found: String = ship((x) % 5).await.unwrap_or("lost".to_owned());
            };
            if left1 >= c { continue; }
        }
    } else if true {
        note(&"it's".to_owned()).await;
        if is_even(if false { 8 } else { right2 }).await {
            note(&format!("{:>4}|{}", right2, right2 == left1)).await;
        } else if 10 != 5 {
            note(&format!("{:>4}|{}", 0, left1 == 4)).await;
        } else {
            note(&format!("{:>4}|{}", right2, right2 != left1)).await;
        }
    } else {
        note(&"a \"b\"".to_owned()).await;
    }
    vec![5, (-2)]
}

#[state_machine]
pub(crate) async fn written_22(n: i64) -> Result<String, OrderError> {
    let c: bool = n != 4;
    'l1: for i in 0..0 {
        let i: i64 = i;
        note(&"".to_owned()).await;
        let b: bool = 1 != n || is_even((i * 8) % 1000).await;
        let mut a: Vec<i64> = vec![(-1), 9];
    }
    let rest: i64 = (double((n + n) % 1000).await + sum(n, 1) * 2) % 1000;
    match ship((rest.max(4)) % 4).await {
        Ok(text) => {
            note(&text.clone()).await;
        }
        Err(ShipError::OutOfStock) => {
            note(&"it's".to_owned()).await;
        }
        Err(_) => {
            note(&"".to_owned()).await;
        }
    }
    Ok("a \"b\"".to_owned())
}

#[state_machine]
pub(crate) async fn written_23(n: i64) -> Result<i64, OrderError> {
    let mut c: i64 = double((n + 5) % 1000).await % 1000;
    ensure!(c != c, OrderError::Rejected);
    let mut i1: i64 = 0;
    'l2: while i1 < 1 {
        i1 += 1;
        note(&"".to_owned()).await;
        let found: i64 = if true {
            if (true || i1 > n) {
                bail!(OrderError::TooMuch { amount: n, who: "you".to_owned() });
            }
            (i1 + n) % 1000
        } else {
            if true { i1 } else { i1 }
        };
    }
    Ok(if n <= c { i1 } else { i1 })
}

#[state_machine]
pub(crate) async fn written_24(n: i64) -> Option<i64> {
    let a: i64 = n.abs();
    'l1: for i in 0..1 {
        let i: i64 = i;
        note(&"".to_owned()).await;
        let mut rest: i64 = (double((n) / 4).await + sum(n, 1) * 2) % 1000;
    }
    'l2: for i in 0..2 {
        let i: i64 = i;
        note(&"".to_owned()).await;
        let c: String = match shipped(((3) % 5) % 4).await {
            Ok(text) => {
                match shipped(((n + a) % 1000) % 4).await {
                    Ok(text) => {
                        note(&text.to_uppercase()).await;
                        let total: String = ship(((n + i) % 1000) % 5).await.unwrap_or("lost".to_owned());
                    }
                    Err(ShipError::OutOfStock) => {
                        note(&text.clone()).await;
                    }
                    Err(ShipError::Late { days, .. }) if days > 2 => {
                        note(&format!("{}/{text}", a)).await;
                    }
                    Err(ShipError::Lost(at)) => {
                        note(&"it's".to_owned()).await;
                    }
                    Err(_) => {
                        note(&format!("{:>4}|{}", 3, a == i)).await;
                    }
                }
                format!("{:>4}|{}", i, n > n)
            }
            Err(ShipError::Late { days, .. }) if days > 2 => {
                format!("{:>4}|{}", a, i >= (-3) && true)
            }
            Err(_) => {
                "it's".to_owned()
            }
        };
    }
    if (-1) == 10 { Some(4) } else { None }
}

#[state_machine]
pub(crate) async fn written_25(order: Order) -> Result<bool, OrderError> {
    let (c, t1): (i64, String) = ((order.amount) % 5, "a \"b\"".to_owned());
    let b: Vec<i64> = map_concurrent(1, &order.items, |item| double(*item)).await;
    let mut i2: i64 = 0;
    let found: i64 = 'l3: loop {
        if i2 >= 0 { break (5 + c) % 1000; }
        i2 += 1;
        note(&"a \"b\"".to_owned()).await;
        let (b, t4): (i64, String) = ((4) / 3, t1.clone());
    };
    let mut i5: i64 = 0;
    let b: i64 = 'l6: loop {
        if i5 >= 0 { break 1; }
        i5 += 1;
        note(&"x".to_owned()).await;
        let mut b: i64 = order.items.iter().max().copied().unwrap_or(10);
    };
    if let Some(rest) = find(t1.chars().count() as i64).await {
        note(&format!("{}/{t1}", 6)).await;
    }
    Ok(i2 >= found && c >= i5)
}

#[state_machine]
pub(crate) async fn written_26(order: Order) -> Result<String, OrderError> {
    if let Some(rest) = find((1 - (-2)) % 1000).await {
        note(&"it's".to_owned()).await;
        let mut b: Vec<i64> = order.items.clone();
    }
    ensure!(order.amount != 7, OrderError::Rejected);
    let (total, t1): (i64, String) = (order.amount.signum(), "it's".to_owned());
    if let Some(total) = find((total + (-1)) % 1000).await {
        note(&"x".to_owned()).await;
        let mut i2: i64 = 0;
        'l3: while i2 < 0 {
            i2 += 1;
            note(&format!("{:>4}|{}", i2, i2 >= order.amount)).await;
            let b: Vec<i64> = map_concurrent(1, &order.items, |item| double(*item)).await;
        }
    }
    let mut i4: i64 = 0;
    let found: i64 = 'l5: loop {
        if i4 >= 1 { break (order.amount + order.amount) % 1000; }
        i4 += 1;
        note(&t1.clone()).await;
        let total: Vec<i64> = map_concurrent(1, &order.items, |item| async move {
            let item: i64 = *item;
            item.max(2)
        }).await;
    };
    Ok(t1.to_uppercase())
}

#[state_machine]
pub(crate) async fn written_27(order: Order) -> Result<bool, OrderError> {
    if let Some(b) = find(if order.items.contains(&2) { order.amount } else { order.amount }).await {
        note(&"it's".to_owned()).await;
        match ship((order.items.iter().filter(|n| **n > 3).count() as i64) % 4).await {
            Ok(text) => {
                note(&format!("{}/{text}", 6)).await;
                let Some(rest) = find(b).await else {
                    bail!(OrderError::TooMuch { amount: b, who: "you".to_owned() });
                };
            }
            Err(ShipError::OutOfStock) => {
                note(&format!("{:>4}|{}", order.amount, order.amount == b)).await;
                let total: i64 = match (b) / 3 {
                    0 => {
                        let mut a: i64 = if 0 >= 8 { order.amount } else { b };
                        a
                    }
                    small @ 1..=3 => {
                        let total: String = "it's".to_owned();
                        if total.starts_with("shipped") {
                            bail!(OrderError::TooMuch { amount: b, who: "you".to_owned() });
                        }
                        small.abs()
                    }
                    5 | 7 | 9 => {
                        let found: String = shipped((b.max((-1))) % 5).await?;
                        (order.amount) % 2
                    }
                    other => {
                        (order.amount) % 5
                    }
                };
            }
            Err(ShipError::Lost(at)) => {
                note(&"".to_owned()).await;
            }
            Err(_) => {
                note(&"it's".to_owned()).await;
            }
        }
    } else {
        note(&"it's".to_owned()).await;
    }
    Ok(order.amount != (-3))
}

#[state_machine]
pub(crate) async fn written_28(n: i64) -> Result<i64, OrderError> {
    let (left1, right2) = join!(ship((((-1)) / 2) % 4), double(n)).await;
    let total: bool = match left1 {
        Ok(text) => {
            'l3: for i in 0..1 {
                let i: i64 = i;
                note(&format!("{}/{text}", i)).await;
                if let Some(c) = find(if true { 2 } else { (-2) }).await {
                    note(&text.clone()).await;
                    let b: String = failing_execution((n) % 5).await?;
                    ensure!(false, OrderError::Rejected);
                }
            }
            let mut left4: i64 = (if n <= n { n } else { n }) % 4;
            'l5: while let Some(x) = find(left4).await {
                left4 = x - 1;
                note(&format!("{}/{text}", (-1))).await;
                if let Some(b) = find((-1)).await {
                    note(&text.clone()).await;
                    let mut c: i64 = (x + n) % 1000;
                } else {
                    note(&format!("{:>4}|{}", 10, text.starts_with("shipped"))).await;
                    note(&text.to_uppercase()).await;
                    let rest: String = shipped(((1 + n) % 1000) % 5).await?;
                }
            }
            !(n >= right2)
        }
        Err(ShipError::OutOfStock) => {
            let b: i64 = match ship((right2.max(10)) % 4).await {
                Ok(text) => {
                    'l6: for i in 0..3 {
                        let i: i64 = i;
                        note(&"".to_owned()).await;
                        ensure!(false, OrderError::Rejected);
                    }
                    (0) % 3
                }
                Err(ShipError::Late { days, .. }) if days > 2 => {
                    (5 + days) % 1000
                }
                Err(error) => return Err(error.into()),
            };
            b != 10
        }
        Err(_) => {
            n != 6
        }
    };
    Ok((0 + 3) % 1000)
}

#[state_machine]
pub(crate) async fn written_29(n: i64) -> Result<Vec<i64>, OrderError> {
    let Some(a) = find((n) / 2).await else {
        return Ok(vec![n.signum()]);
    };
    if let Some(found) = find(if 2 == 3 { 5 } else { 7 }).await {
        note(&format!("{:>4}|{}", 10, found <= 9)).await;
        ensure!(2 != n, OrderError::Rejected);
    } else {
        note(&"a \"b\"".to_owned()).await;
        let total: bool = if n == 5 {
            'l1: for i in 0..1 {
                let i: i64 = i;
                note(&"a \"b\"".to_owned()).await;
                let mut total: i64 = (6 * 6) % 1000;
                if total != 4 { continue; }
            }
            4 != (-3)
        } else {
            if is_even(6).await && false {
                note(&"a \"b\"".to_owned()).await;
                let b: Vec<i64> = (0..0).map(|at| at * at).collect::<Vec<_>>();
            } else {
                note(&"a \"b\"".to_owned()).await;
            }
            n != a
        };
    }
    Ok(vec![if n >= 0 { n } else { (-1) }])
}

#[state_machine]
pub(crate) async fn written_30(n: i64) -> bool {
    let mut b: i64 = double(n.clamp(-2, 6)).await % 1000;
    let rest: String = ship((8) % 5).await.unwrap_or("lost".to_owned());
    'l1: for i in 0..0 {
        let i: i64 = i;
        note(&format!("{:>4}|{}", b, n > (-2))).await;
        if b == i { continue; }
        let a: bool = match ship((0) % 4).await {
            Ok(text) => {
                let a: i64 = own_execution(b).await % 1000;
                true
            }
            Err(_) => {
                b = b;
                n != i
            }
        };
    }
    let total: Vec<i64> = vec![n, b];
    let mut left2: i64 = (match n { 0 => 4, 1..=4 => n, x if x < 0 => x, _ => 2 }) % 4;
    'l3: while let Some(x) = find(left2).await {
        left2 = x - 1;
        note(&"a \"b\"".to_owned()).await;
        if let Some(b) = find(if n != x { (-2) } else { 2 }).await {
            note(&rest.to_uppercase()).await;
            let a: String = if is_even(total.iter().filter(|n| **n > (-1)).count() as i64).await {
                rest.clone()
            } else {
                rest.clone()
            };
        } else {
            note(&"a \"b\"".to_owned()).await;
        }
    }
    total.contains(&5)
}

#[state_machine]
pub(crate) async fn written_31(n: i64) -> Result<i64, OrderError> {
    let mut i1: i64 = 0;
    'l2: while i1 < 1 {
        i1 += 1;
        note(&format!("{:>4}|{}", 5, false)).await;
        let mut left3: i64 = (match n { 0 => 3, 1..=4 => 10, x if x < 0 => x, _ => 2 }) % 4;
        'l4: while let Some(x) = find(left3).await {
            left3 = x - 1;
            note(&"it's".to_owned()).await;
            let Some(b) = find(3).await else {
                bail!(OrderError::TooMuch { amount: i1, who: "you".to_owned() });
            };
            let total: Option<i64> = if is_even((6) % 5).await && i1 > b {
                let found: String = ship((n.signum()) % 5).await?;
                let c: i64 = own_execution((x - n) % 1000).await % 1000;
                Some((c + b) % 1000)
            } else {
                let Some(a) = find((n + n) % 1000).await else {
                    return Err(OrderError::Ship(ShipError::OutOfStock));
                };
                let c: i64 = sum(double(if 1 > a { 2 } else { 5 }).await, 9) % 1000;
                Some(((-2) + i1) % 1000)
            };
        }
    }
    let total: Option<i64> = find((n * 2) % 1000).await;
    Ok(match 8 { 0 => 3, 1..=4 => 3, x if x < 0 => x, _ => n })
}

#[state_machine]
pub(crate) async fn written_32(n: i64) -> Result<String, OrderError> {
    let (c, t1): (i64, String) = ((-1), "it's".to_owned());
    let mut a: i64 = (n) / 2;
    ensure!(a == 1, OrderError::Rejected);
    let mut i2: i64 = 0;
    let found: i64 = 'l3: loop {
        if i2 >= 1 { break c.signum(); }
        i2 += 1;
        note(&"".to_owned()).await;
        a = match c { 0 => 8, 1..=4 => c, x if x < 0 => x, _ => i2 };
    };
    if let Some(b) = find(found).await {
        note(&format!("{}/{t1}", c)).await;
        let mut a: i64 = (7 + c) % 1000;
    }
    a = own_execution((found) % 6).await % 1000;
    let mut left4: i64 = (10) % 4;
    'l5: while let Some(x) = find(left4).await {
        left4 = x - 1;
        note(&t1.clone()).await;
        if found <= x { continue 'l5; }
    }
    a = sum(double(5).await, c) % 1000;
    Ok(t1.to_uppercase())
}

#[state_machine]
pub(crate) async fn written_33(n: i64) -> Result<i64, OrderError> {
    match (n, n != 1) {
        (0, true) => {
            note(&"x".to_owned()).await;
            if n != 9 {
                note(&format!("{:>4}|{}", n, n == 8)).await;
                note(&"a \"b\"".to_owned()).await;
            } else {
                note(&"it's".to_owned()).await;
                if n == 0 {
                    return Ok(match n { 0 => 8, 1..=4 => (-3), x if x < 0 => x, _ => n });
                }
            }
            if is_even(match 1 { 0 => 10, 1..=4 => n, x if x < 0 => x, _ => n }).await {
                note(&"a \"b\"".to_owned()).await;
                let mut b: i64 = (n) % 4;
            } else if true {
                note(&"it's".to_owned()).await;
                let found: i64 = match shipped((n) % 4).await {
                    Ok(text) => {
                        let c: i64 = sum(double(n).await, 6) % 1000;
                        (n) % 2
                    }
                    Err(ShipError::Lost(at)) => {
                        let total: bool = true;
                        match (-2) { 0 => (-1), 1..=4 => at, x if x < 0 => x, _ => 9 }
                    }
                    Err(error) => return Err(error.into()),
                };
            } else {
                note(&"it's".to_owned()).await;
            }
        }
        (x, true) if x > 3 => {
            note(&"x".to_owned()).await;
        }
        (y, false) => {
            note(&format!("{:>4}|{}", 2, n == 2)).await;
        }
        _ => {
            note(&"x".to_owned()).await;
        }
    }
    Ok((n) / 2)
}

#[state_machine]
pub(crate) async fn written_34(order: Order) -> Result<Vec<i64>, OrderError> {
    let Some(found) = find((order.amount + 1) % 1000).await else {
        bail!(OrderError::TooMuch { amount: order.amount, who: "you".to_owned() });
    };
    if is_even((3 + order.amount) % 1000).await && found != (-3) {
        note(&"x".to_owned()).await;
        let total: String = shipped(((found * 8) % 1000) % 5).await?;
    } else {
        note(&"x".to_owned()).await;
        let mut left1: i64 = (found) % 4;
        'l2: while let Some(x) = find(left1).await {
            left1 = x - 1;
            note(&"x".to_owned()).await;
            let mut b: i64 = order.amount.max(found);
            b = double(order.items.iter().filter(|n| **n > 9).count() as i64).await % 1000;
        }
    }
    Ok(order.items.iter().map(|n| (n * 2 + 10) % 100).collect::<Vec<_>>())
}

#[state_machine]
pub(crate) async fn written_35(n: i64) -> Vec<i64> {
    let total: i64 = (n * 9) % 1000;
    let mut rest: i64 = total;
    match ship((9) % 4).await {
        Ok(text) => {
            note(&"a \"b\"".to_owned()).await;
            match text.as_str() {
                "" | "x" => {
                    note(&text.to_uppercase()).await;
                    rest = (total) % 3;
                }
                "it's" => {
                    note(&text.clone()).await;
                    let mut a: i64 = text.chars().count() as i64;
                }
                _ => {
                    note(&"a \"b\"".to_owned()).await;
                    let total: i64 = 9;
                    let mut i1: i64 = 0;
                    let b: i64 = 'l2: loop {
                        if i1 >= 1 { break (n + 5) % 1000; }
                        i1 += 1;
                        note(&format!("{}/{text}", total)).await;
                        let found: String = ship(((total + n) % 1000) % 5).await.unwrap_or("lost".to_owned());
                    };
                }
            }
        }
        Err(ShipError::OutOfStock) => {
            note(&"x".to_owned()).await;
        }
        Err(ShipError::Lost(at)) => {
            note(&"".to_owned()).await;
        }
        Err(_) => {
            note(&format!("{:>4}|{}", total, 0 != 1)).await;
        }
    }
    vec![(rest) % 5, 6]
}

#[state_machine]
pub(crate) async fn written_36(order: Order) -> Result<Option<i64>, OrderError> {
    let c: i64 = sum(double((5 + order.amount) % 1000).await, order.amount) % 1000;
    let b: String = failing_execution((order.items.iter().filter(|n| **n > (-1)).count() as i64) % 5).await?;
    ensure!(c >= order.amount, OrderError::Rejected);
    ensure!(!((-1) != 6), OrderError::Rejected);
    let (a, t1): (i64, String) = ((order.amount) / 3, "it's".to_owned());
    let Some(rest) = find((a) % 5).await else {
        return Ok(None);
    };
    let total: Vec<i64> = map_concurrent(2, &order.items, |item| async move {
        let item: i64 = *item;
        let mut a: Vec<i64> = vec![(3 + a) % 1000, 2];
        let b: i64 = double((rest + c) % 1000).await % 1000;
        (item * 2) % 1000
    }).await;
    Ok(Some((6 + order.amount) % 1000))
}

#[state_machine]
pub(crate) async fn written_37(order: Order) -> Vec<i64> {
    let rest: i64 = match shipped((if order.amount > order.amount { order.amount } else { 6 }) % 4).await {
        Ok(text) => {
            match ship((order.items.iter().fold(8, |all, n| (all * 2 + n) % 100)) % 4).await {
                Ok(text) => {
                    note(&format!("{}/{text}", order.amount)).await;
                    sleep(seconds(30)).await;
                    let mut total: i64 = double((order.amount) / 3).await % 1000;
                }
                Err(ShipError::OutOfStock) => {
                    note(&text.clone()).await;
                    let mut left1: i64 = ((order.amount + order.amount) % 1000) % 4;
                    'l2: while let Some(x) = find(left1).await {
                        left1 = x - 1;
                        note(&text.to_uppercase()).await;
                        let mut c: i64 = if (-1) > x { x } else { x };
                    }
                }
                Err(ShipError::Late { days, .. }) if days > 2 => {
                    note(&text.to_uppercase()).await;
                    'l3: for (at, item) in order.items.iter().enumerate() {
                        let (at, item): (i64, i64) = (at as i64, *item);
                        note(&text.clone()).await;
                    }
                }
                Err(_) => {
                    note(&text.clone()).await;
                }
            }
            order.amount.max(order.amount)
        }
        Err(ShipError::OutOfStock) => {
            if order.amount == order.amount { 7 } else { 9 }
        }
        Err(ShipError::Late { days, .. }) if days > 2 => {
            (days + days) % 1000
        }
        Err(ShipError::Lost(at)) => {
            if true { order.amount } else { at }
        }
        Err(_) => {
            (-2)
        }
    };
    vec![(9 - rest) % 1000, 6]
}

#[state_machine]
pub(crate) async fn written_38(n: i64) -> String {
    match shipped((0) % 4).await {
        Ok(text) => {
            note(&format!("{:>4}|{}", 7, 1 > n)).await;
            'l1: for i in 0..0 {
                let i: i64 = i;
                note(&format!("{:>4}|{}", n, i == 1)).await;
                let mut i2: i64 = 0;
                'l3: while i2 < 2 {
                    i2 += 1;
                    note(&format!("{}/{text}", 0)).await;
                    let rest: String = ship((n.abs()) % 5).await.unwrap_or("lost".to_owned());
                }
                let mut b: i64 = n.signum();
            }
            let c: String = ship((n) % 5).await.unwrap_or("lost".to_owned());
        }
        Err(ShipError::Late { days, .. }) if days > 2 => {
            note(&"it's".to_owned()).await;
            if is_even((days + 10) % 1000).await {
                note(&"".to_owned()).await;
                if let Some(rest) = find(n.clamp(-2, 6)).await {
                    note(&format!("{:>4}|{}", rest, 5 == rest)).await;
                } else {
                    note(&"a \"b\"".to_owned()).await;
                }
            }
        }
        Err(_) => {
            note(&format!("{:>4}|{}", n, n == n)).await;
        }
    }
    "x".to_owned()
}

#[state_machine]
pub(crate) async fn written_39(n: i64) -> Option<i64> {
    let mut a: i64 = match n { 0 => (-2), 1..=4 => n, x if x < 0 => x, _ => 2 };
    let mut a: i64 = 4;
    note(&format!("{:>4}|{}", n, a != n)).await;
    let (b, t1): (i64, String) = (a.max(0), "x".to_owned());
    let total: Vec<i64> = vec![n.max(a), 3];
    let mut i2: i64 = 0;
    let found: i64 = 'l3: loop {
        if i2 >= 2 { break if b != b { 9 } else { a }; }
        i2 += 1;
        note(&t1.clone()).await;
        let b: Option<i64> = match (a * (-1)) % 1000 {
            0 => {
                let total: i64 = i2.max(n);
                if a <= n { Some(8) } else { None }
            }
            small @ 1..=3 => {
                match ship((7) % 4).await {
                    Ok(text) => {
                        note(&format!("{:>4}|{}", 5, false)).await;
                    }
                    Err(ShipError::Lost(at)) => {
                        note(&format!("{:>4}|{}", at, a != small)).await;
                    }
                    Err(_) => {
                        note(&t1.clone()).await;
                    }
                }
                Some(small.max(1))
            }
            5 | 7 | 9 => {
                Some((i2 + 0) % 1000)
            }
            other => {
                if false { Some(other) } else { None }
            }
        };
    };
    if ((-1) <= a || 7 <= found) { Some(n) } else { None }
}

#[state_machine]
pub(crate) async fn written_40(n: i64) -> Result<Vec<i64>, OrderError> {
    let mut rest: i64 = (n * 5) % 1000;
    let rest: String = ship((6) % 5).await?;
    let Some(b) = find(match n { 0 => 8, 1..=4 => 2, x if x < 0 => x, _ => n }).await else {
        bail!(OrderError::Rejected);
    };
    if is_even(if 10 >= b { 5 } else { n }).await {
        note(&rest.to_uppercase()).await;
        if b == 1 && b <= b {
            bail!(OrderError::TooMuch { amount: n, who: "you".to_owned() });
        }
    }
    let mut i1: i64 = 0;
    let total: i64 = 'l2: loop {
        if i1 >= 0 { break if true { 3 } else { n }; }
        i1 += 1;
        note(&"a \"b\"".to_owned()).await;
        'l3: for i in 0..1 {
            let i: i64 = i;
            note(&rest.to_uppercase()).await;
            match ship((5) % 4).await {
                Ok(text) => {
                    note(&rest.clone()).await;
                    let (a, t4): (i64, String) = (10, format!("{:>4}|{}", n, !(i1 >= i1)));
                }
                Err(_) => {
                    note(&rest.to_uppercase()).await;
                    let found: i64 = sum(double((i1 + 9) % 1000).await, (-1)) % 1000;
                    let mut found: i64 = (double(8).await + sum(i, 1) * 2) % 1000;
                }
            }
        }
    };
    Ok(vec![match i1 { 0 => 0, 1..=4 => total, x if x < 0 => x, _ => 6 }])
}

#[state_machine]
pub(crate) async fn written_41(order: Order) -> Result<Vec<i64>, OrderError> {
    let mut c: i64 = 2;
    c = (order.amount * 9) % 1000;
    c += (-2);
    if !(c > 2) {
        note(&format!("{:>4}|{}", 10, 6 != c)).await;
        let mut left1: i64 = ((c + order.amount) % 1000) % 4;
        'l2: while let Some(x) = find(left1).await {
            left1 = x - 1;
            note(&"it's".to_owned()).await;
            if (false || c == c) {
                bail!(OrderError::Rejected);
            }
        }
        let rest: Vec<i64> = if is_even(((-2) + 3) % 1000).await && false {
            'l3: for item in &order.items {
                let item: i64 = *item;
                note(&"it's".to_owned()).await;
                let c: bool = is_even(order.items.iter().filter(|n| **n > 7).count() as i64).await && c <= c;
            }
            'l4: for item in &order.items {
                let item: i64 = *item;
                note(&"a \"b\"".to_owned()).await;
                let rest: Vec<i64> = map_concurrent(1, &order.items, |item| double(*item)).await;
            }
            (0..0).map(|at| at * at).collect::<Vec<_>>()
        } else {
            vec![(left1 + order.amount) % 1000, order.amount]
        };
    } else if 10 == 2 {
        note(&format!("{:>4}|{}", (-1), 10 <= 5)).await;
    } else {
        note(&"".to_owned()).await;
    }
    Ok(order.items.clone())
}

#[state_machine]
pub(crate) async fn written_42(order: Order) -> i64 {
    let mut i1: i64 = 0;
    let c: i64 = 'l2: loop {
        if i1 >= 2 { break order.items.iter().sum::<i64>() % 1000; }
        i1 += 1;
        note(&format!("{:>4}|{}", i1, 7 != 2)).await;
        let total: Vec<i64> = match ship((order.amount.signum()) % 4).await {
            Ok(text) => {
                let b: Vec<i64> = (0..3).map(|at| at * at).collect::<Vec<_>>();
                let c: Vec<i64> = map_concurrent(1, &b, |item| double(*item)).await;
                vec![(order.amount + i1) % 1000, i1]
            }
            Err(ShipError::OutOfStock) => {
                let found: Option<i64> = if true {
                    let found: Vec<i64> = map_concurrent(1, &order.items, |item| double(*item)).await;
                    if (order.amount != order.amount || i1 != (-2)) { Some(5) } else { None }
                } else if i1 != 8 {
                    let Some(b) = find((order.amount + order.amount) % 1000).await else {
                        return (order.amount * 5) % 1000;
                    };
                    let a: String = ship((10) % 5).await.unwrap_or("lost".to_owned());
                    if !(order.amount == 3) { Some(5) } else { None }
                } else {
                    let rest: String = ship(((order.amount + order.amount) % 1000) % 5).await.unwrap_or("lost".to_owned());
                    Some(match 8 { 0 => 6, 1..=4 => order.amount, x if x < 0 => x, _ => 4 })
                };
                let mut a: i64 = double(order.amount.signum()).await % 1000;
                order.items.iter().filter(|n| **n > 7).copied().collect::<Vec<_>>()
            }
            Err(ShipError::Late { days, .. }) if days > 2 => {
                order.items.iter().rev().copied().collect::<Vec<_>>()
            }
            Err(_) => {
                (0..3).map(|at| at * at).collect::<Vec<_>>()
            }
        };
    };
    (c) % 2
}

#[state_machine]
pub(crate) async fn written_43(n: i64) -> Result<i64, OrderError> {
    let total: Vec<i64> = if n <= n {
        let Some(total) = find((n + n) % 1000).await else {
            bail!(OrderError::Rejected);
        };
        if 0 > 1 {
            return Ok(n);
        }
        (0..0).map(|at| at * at).collect::<Vec<_>>()
    } else {
        let a: i64 = match shipped(((n * (-2)) % 1000) % 4).await {
            Ok(text) => {
                sleep(seconds(30)).await;
                (n + n) % 1000
            }
            Err(ShipError::Late { days, .. }) if days > 2 => {
                ensure!((n != days || 7 >= days), OrderError::Rejected);
                (-2)
            }
            Err(ShipError::Lost(at)) => {
                'l1: for i in 0..3 {
                    let i: i64 = i;
                    note(&format!("{:>4}|{}", i, at >= 6)).await;
                }
                if n <= at { at } else { n }
            }
            Err(error) => return Err(error.into()),
        };
        vec![(a + n) % 1000, n]
    };
    Ok(if n == n { n } else { n })
}

#[state_machine]
pub(crate) async fn written_44(order: Order) -> Result<String, OrderError> {
    ensure!(!(order.items.iter().any(|n| *n > 7)), OrderError::Rejected);
    let total: i64 = match ship(((order.amount) / 5) % 4).await {
        Ok(text) => {
            sleep(seconds(30)).await;
            let mut rest: Vec<i64> = order.items.iter().filter(|n| **n > 1).copied().collect::<Vec<_>>();
            (-3)
        }
        Err(ShipError::OutOfStock) => {
            let Some(total) = find((-3)).await else {
                bail!(OrderError::TooMuch { amount: 9, who: "you".to_owned() });
            };
            'l1: for (at, item) in order.items.iter().enumerate() {
                let (at, item): (i64, i64) = (at as i64, *item);
                note(&"x".to_owned()).await;
                let rest: Option<i64> = Some((4 * (-2)) % 1000);
                let total: Vec<i64> = order.items.iter().rev().copied().collect::<Vec<_>>();
            }
            (6 * 8) % 1000
        }
        Err(ShipError::Late { days, .. }) if days > 2 => {
            let mut i2: i64 = 0;
            'l3: while i2 < 0 {
                i2 += 1;
                note(&"it's".to_owned()).await;
                let mut c: i64 = twice(order.amount).await % 1000;
            }
            if false { days } else { 4 }
        }
        Err(error) => return Err(error.into()),
    };
    Ok(format!("{:>4}|{}", order.amount, 4 == 7))
}

#[state_machine]
pub(crate) async fn written_45(n: i64) -> String {
    match ship((match 10 { 0 => 8, 1..=4 => n, x if x < 0 => x, _ => 5 }) % 4).await {
        Ok(text) => {
            note(&text.to_uppercase()).await;
            let mut a: i64 = double((n - n) % 1000).await % 1000;
        }
        Err(ShipError::OutOfStock) => {
            note(&format!("{:>4}|{}", n, n != 7)).await;
            let c: Option<i64> = find((n + n) % 1000).await;
            let c: Option<i64> = find((8 * 4) % 1000).await;
        }
        Err(ShipError::Late { days, .. }) if days > 2 => {
            note(&"".to_owned()).await;
            let mut i1: i64 = 0;
            'l2: while i1 < 0 {
                i1 += 1;
                note(&"x".to_owned()).await;
                let mut b: Vec<i64> = vec![(days + 8) % 1000, 2];
                let total: i64 = sum(9, 2);
            }
            let mut found: i64 = if days == i1 { days } else { days };
        }
        Err(_) => {
            note(&"a \"b\"".to_owned()).await;
            let total: Option<i64> = find((10 + n) % 1000).await;
            let found: bool = n >= 0 || is_even((n * (-1)) % 1000).await;
        }
    }
    let mut left3: i64 = (3) % 4;
    'l4: while let Some(x) = find(left3).await {
        left3 = x - 1;
        note(&"it's".to_owned()).await;
        'l5: for i in 0..1 {
            let i: i64 = i;
            note(&"a \"b\"".to_owned()).await;
        }
    }
    "a \"b\"".to_owned()
}

#[state_machine]
pub(crate) async fn written_46(n: i64) -> Result<i64, OrderError> {
    let mut c: i64 = own_execution((n + n) % 1000).await % 1000;
    match ship((match c { 0 => 7, 1..=4 => n, x if x < 0 => x, _ => n }) % 4).await {
        Ok(text) => {
            note(&format!("{}/{text}", n)).await;
            let mut left1: i64 = (c) % 4;
            'l2: while let Some(x) = find(left1).await {
                left1 = x - 1;
                note(&text.clone()).await;
                if let Some(total) = find(8).await {
                    note(&text.clone()).await;
                    let found: Vec<i64> = vec![c.max(c), 0];
                }
            }
            let mut a: Vec<i64> = vec![(n - left1) % 1000, n];
        }
        Err(ShipError::Lost(at)) => {
            note(&"x".to_owned()).await;
            let rest: Vec<i64> = vec![10];
        }
        Err(_) => {
            note(&"it's".to_owned()).await;
            c = (double(match 1 { 0 => 10, 1..=4 => n, x if x < 0 => x, _ => 7 }).await + sum(n, 1) * 2) % 1000;
        }
    }
    let c: i64 = (double(c).await + sum(c, 1) * 2) % 1000;
    let total: i64 = match ship((c) % 4).await {
        Ok(text) => {
            if true {
                return Err(OrderError::Ship(ShipError::OutOfStock));
            }
            text.chars().count() as i64
        }
        Err(ShipError::OutOfStock) => {
            let mut c: i64 = if n != 5 { (-1) } else { 5 };
            (3 + c) % 1000
        }
        Err(ShipError::Late { days, .. }) if days > 2 => {
            let mut left3: i64 = (9) % 4;
            'l4: while let Some(x) = find(left3).await {
                left3 = x - 1;
                note(&"it's".to_owned()).await;
            }
            8
        }
        Err(error) => return Err(error.into()),
    };
    Ok((c + c) % 1000)
}

#[state_machine]
pub(crate) async fn written_47(order: Order) -> Vec<i64> {
    let mut i1: i64 = 0;
    'l2: while i1 < 2 {
        i1 += 1;
        note(&"x".to_owned()).await;
        let a: Vec<i64> = match ship(((-3)) % 4).await {
            Ok(text) => {
                if order.amount != 0 { break; }
                order.items.iter().map(|n| (n * 2 + 10) % 100).collect::<Vec<_>>()
            }
            Err(ShipError::OutOfStock) => {
                sleep(seconds(30)).await;
                let mut a: i64 = 10;
                order.items.iter().take(2).copied().collect::<Vec<_>>()
            }
            Err(ShipError::Late { days, .. }) if days > 2 => {
                let total: bool = is_even(0).await && 4 != 3;
                (0..2).map(|at| at * at).collect::<Vec<_>>()
            }
            Err(_) => {
                let mut a: i64 = if order.amount >= 4 { order.amount } else { i1 };
                (0..2).map(|at| at * at).collect::<Vec<_>>()
            }
        };
        let rest: String = ship((i1) % 5).await.unwrap_or("lost".to_owned());
    }
    order.items.iter().take(2).copied().collect::<Vec<_>>()
}

#[state_machine]
pub(crate) async fn written_48(order: Order) -> Result<Option<i64>, OrderError> {
    ensure!(order.amount >= 2 && true, OrderError::Rejected);
    let a: bool = match shipped(((1 * 3) % 1000) % 4).await {
        Ok(text) => {
            let a: bool = match order.kind.clone() {
                Kind::Plain => {
                    if is_even(text.chars().count() as i64).await && order.amount == 1 {
                        note(&text.clone()).await;
                        let b: Vec<i64> = map_concurrent(1, &order.items, |item| double(*item)).await;
                        let mut total: i64 = own_execution(if order.items.contains(&1) { order.amount } else { order.amount }).await % 1000;
                    } else if (order.amount > order.amount || order.amount <= order.amount) {
                        note(&"".to_owned()).await;
                        let found: Vec<i64> = map_concurrent(1, &order.items, |item| double(*item)).await;
                    }
                    (order.amount == order.amount || order.amount == 7)
                }
                Kind::Rush { hours } if hours > 3 => {
                    let mut rest: i64 = (order.amount) / 4;
                    (rest > hours || 9 != 10)
                }
                Kind::Rush { hours } => {
                    'l1: for item in &order.items {
                        let item: i64 = *item;
                        note(&text.clone()).await;
                        let mut b: Vec<i64> = vec![(hours + item) % 1000];
                        let rest: Vec<i64> = map_concurrent(1, &order.items, |item| double(*item)).await;
                    }
                    !(true)
                }
                Kind::Gift(ribbon) => {
                    9 == order.amount
                }
            };
            false
        }
        Err(ShipError::Late { days, .. }) if days > 2 => {
            false
        }
        Err(ShipError::Lost(at)) => {
            order.amount <= at
        }
        Err(_) => {
            order.amount != (-3)
        }
    };
    Ok(Some((order.amount) % 4))
}

#[state_machine]
pub(crate) async fn written_49(n: i64) -> Result<Option<i64>, OrderError> {
    let mut found: i64 = (n * 1) % 1000;
    found += 7;
    let rest: String = failing_execution(((n + n) % 1000) % 5).await?;
    let b: Vec<i64> = vec![rest.chars().count() as i64, found];
    found += 2;
    let c: String = shipped(((2) % 3) % 5).await?;
    let rest: i64 = double((2) % 2).await % 1000;
    let Some(a) = find(9).await else {
        bail!(OrderError::Rejected);
    };
    'l1: for item in &b {
        let item: i64 = *item;
        note(&format!("{:>4}|{}", found, 4 >= rest)).await;
        found = sum((rest) % 2, n);
        let total: Vec<i64> = (0..0).map(|at| at * at).collect::<Vec<_>>();
    }
    'l2: for i in 0..3 {
        let i: i64 = i;
        note(&c.clone()).await;
    }
    Ok(b.first().copied())
}

#[state_machine]
pub(crate) async fn written_50(n: i64) -> bool {
    let total: String = ship(((n * (-2)) % 1000) % 5).await.unwrap_or("lost".to_owned());
    'l1: for i in 0..0 {
        let i: i64 = i;
        note(&"a \"b\"".to_owned()).await;
        'l2: for i in 0..3 {
            let i: i64 = i;
            note(&"".to_owned()).await;
            if 4 > n && i == i { break; }
            let found: i64 = twice((n) / 4).await % 1000;
        }
        let (c, t3): (i64, String) = (6, "a \"b\"".to_owned());
    }
    match shipped((1) % 4).await {
        Ok(text) => {
            note(&total.clone()).await;
            if !(n > n) {
                return true;
            }
        }
        Err(ShipError::OutOfStock) => {
            note(&format!("{:>4}|{}", n, n >= n)).await;
        }
        Err(ShipError::Late { days, .. }) if days > 2 => {
            note(&format!("{}/{total}", 1)).await;
        }
        Err(_) => {
            note(&format!("{:>4}|{}", n, 8 <= n)).await;
        }
    }
    (-1) == n
}

#[state_machine]
pub(crate) async fn written_51(order: Order) -> Vec<i64> {
    let b: String = format!("{:>4}|{}", 10, false);
    let mut rest: Vec<i64> = order.items.iter().filter(|n| **n > 9).copied().collect::<Vec<_>>();
    match (order.amount + order.amount) % 1000 {
        0 => {
            note(&format!("{}/{b}", 9)).await;
            let mut i1: i64 = 0;
            let total: i64 = 'l2: loop {
                if i1 >= 0 { break ((-3) + order.amount) % 1000; }
                i1 += 1;
                note(&format!("{:>4}|{}", 7, i1 <= i1)).await;
                let mut left3: i64 = (order.amount.max(order.amount)) % 4;
                'l4: while let Some(x) = find(left3).await {
                    left3 = x - 1;
                    note(&b.clone()).await;
                    rest.push(if x > i1 { i1 } else { i1 });
                }
            };
        }
        small @ 1..=3 => {
            note(&b.clone()).await;
        }
        5 | 7 | 9 => {
            note(&format!("{:>4}|{}", 6, b.starts_with("shipped"))).await;
        }
        other => {
            note(&b.to_uppercase()).await;
        }
    }
    order.items.iter().rev().copied().collect::<Vec<_>>()
}

#[state_machine]
pub(crate) async fn written_52(order: Order) -> Vec<i64> {
    let c: Option<i64> = order.items.first().copied();
    let a: Vec<i64> = map_concurrent(1, &order.items, |item| double(*item)).await;
    'l1: for (at, item) in order.items.iter().enumerate() {
        let (at, item): (i64, i64) = (at as i64, *item);
        note(&"a \"b\"".to_owned()).await;
        let c: String = match ship((a.iter().fold(6, |all, n| (all * 2 + n) % 100)) % 4).await {
            Ok(text) => {
                let a: Option<i64> = None;
                let mut b: i64 = double((order.amount + order.amount) % 1000).await % 1000;
                format!("{}/{text}", if 7 >= 7 { b } else { order.amount })
            }
            Err(_) => {
                "a \"b\"".to_owned()
            }
        };
    }
    order.items.clone()
}

#[state_machine]
pub(crate) async fn written_53(order: Order) -> Result<Option<i64>, OrderError> {
    let mut left1: i64 = (match order.amount { 0 => 8, 1..=4 => order.amount, x if x < 0 => x, _ => order.amount }) % 4;
    'l2: while let Some(x) = find(left1).await {
        left1 = x - 1;
        note(&"it's".to_owned()).await;
        let mut a: i64 = (order.amount * (-1)) % 1000;
    }
    let a: Vec<i64> = map_concurrent(2, &order.items, |item| async move {
        let item: i64 = *item;
        let mut i3: i64 = 0;
        let b: i64 = 'l4: loop {
            if i3 >= 1 { break left1; }
            i3 += 1;
            note(&"a \"b\"".to_owned()).await;
            let mut i5: i64 = 0;
            let c: i64 = 'l6: loop {
                if i5 >= 0 { break i3.max(2); }
                i5 += 1;
                note(&"".to_owned()).await;
                let b: i64 = sum((item + left1) % 1000, left1);
            };
            let a: String = ship((left1.signum()) % 5).await.unwrap_or("lost".to_owned());
        };
        0
    }).await;
    sleep(seconds(30)).await;
    let mut i7: i64 = 0;
    'l8: while i7 < 3 {
        i7 += 1;
        note(&"".to_owned()).await;
        'l9: for item in &order.items {
            let item: i64 = *item;
            note(&"x".to_owned()).await;
            let (left10, right11) = join!(double(item.abs()), async {
                (-2)
            }).await;
        }
    }
    Ok(Some(if 6 == 9 { 4 } else { left1 }))
}

#[state_machine]
pub(crate) async fn written_54(n: i64) -> i64 {
    let mut total: i64 = n;
    let found: String = match shipped(((n + 2) % 1000) % 4).await {
        Ok(text) => {
            'l1: for i in 0..0 {
                let i: i64 = i;
                note(&text.clone()).await;
                let rest: Vec<i64> = match text.as_str() {
                    "" | "x" => {
                        let found: Vec<i64> = vec![((i + total) % 1000) % 5, i];
                        found.iter().rev().copied().collect::<Vec<_>>()
                    }
                    "it's" => {
                        total = twice(if text.starts_with("shipped") { 3 } else { 5 }).await % 1000;
                        vec![(n * (-1)) % 1000, 1]
                    }
                    _ => {
                        let found: bool = text.starts_with("shipped");
                        vec![total.max(7), n]
                    }
                };
            }
            "it's".to_owned()
        }
        Err(ShipError::Lost(at)) => {
            "a \"b\"".to_owned()
        }
        Err(_) => {
            format!("{:>4}|{}", total, total >= n)
        }
    };
    (total + 8) % 1000
}

#[state_machine]
pub(crate) async fn written_55(n: i64) -> Result<bool, OrderError> {
    'l1: for i in 0..0 {
        let i: i64 = i;
        note(&"".to_owned()).await;
        let (a, t2): (i64, String) = (8, "x".to_owned());
    }
    let b: bool = n <= 0 || is_even((n + n) % 1000).await;
    let rest: Option<i64> = Some(7);
    let mut i3: i64 = 0;
    'l4: while i3 < 1 {
        i3 += 1;
        note(&"it's".to_owned()).await;
        let (found, t5): (i64, String) = (n.clamp(-2, 6), "".to_owned());
    }
    match (4) % 3 {
        0 => {
            note(&format!("{:>4}|{}", 0, 8 != n)).await;
            if !(n != (-1)) {
                note(&"x".to_owned()).await;
                if let Some(b) = rest {
                    note(&"x".to_owned()).await;
                    let Some(c) = find(((-1) + (-1)) % 1000).await else {
                        bail!(OrderError::Rejected);
                    };
                }
            } else if n >= i3 {
                note(&format!("{:>4}|{}", 6, n != 3)).await;
                'l6: for i in 0..1 {
                    let i: i64 = i;
                    note(&"".to_owned()).await;
                    if n > 7 {
                        bail!(OrderError::TooMuch { amount: i3, who: "you".to_owned() });
                    }
                }
            } else {
                note(&format!("{:>4}|{}", n, n > n)).await;
            }
        }
        small @ 1..=3 => {
            note(&format!("{:>4}|{}", 9, n <= i3)).await;
        }
        5 | 7 | 9 => {
            note(&"a \"b\"".to_owned()).await;
        }
        other => {
            note(&format!("{:>4}|{}", i3, n == 6)).await;
        }
    }
    Ok((8 != i3 || b))
}

#[state_machine]
pub(crate) async fn written_56(order: Order) -> Result<Option<i64>, OrderError> {
    let mut rest: i64 = match order.amount { 0 => (-2), 1..=4 => order.amount, x if x < 0 => x, _ => order.amount };
    note(&"x".to_owned()).await;
    if let Some(c) = find((order.amount + order.amount) % 1000).await {
        note(&"a \"b\"".to_owned()).await;
        rest = order.items.len() as i64;
        let mut rest: i64 = order.items.iter().max().copied().unwrap_or(10);
    } else {
        note(&"a \"b\"".to_owned()).await;
    }
    Ok(Some(10))
}

#[state_machine]
pub(crate) async fn written_57(n: i64) -> Result<String, OrderError> {
    let mut left1: i64 = ((n + n) % 1000) % 4;
    'l2: while let Some(x) = find(left1).await {
        left1 = x - 1;
        note(&format!("{:>4}|{}", x, n > n)).await;
        note(&"".to_owned()).await;
        let mut c: i64 = (x + (-1)) % 1000;
    }
    if let Some(rest) = find(7).await {
        note(&"it's".to_owned()).await;
        let rest: bool = is_even((left1 * 3) % 1000).await && true;
    } else {
        note(&format!("{:>4}|{}", n, n == n)).await;
        let rest: String = "x".to_owned();
        let mut left3: i64 = (match left1 { 0 => 0, 1..=4 => 8, x if x < 0 => x, _ => n }) % 4;
        'l4: while let Some(x) = find(left3).await {
            left3 = x - 1;
            note(&format!("{:>4}|{}", x, 6 <= 5)).await;
            ensure!(3 == left1, OrderError::Rejected);
        }
    }
    match if (-3) != 7 { n } else { left1 } {
        0 => {
            note(&"it's".to_owned()).await;
            let mut left5: i64 = (8) % 4;
            'l6: while let Some(x) = find(left5).await {
                left5 = x - 1;
                note(&"".to_owned()).await;
                let Some(found) = find((8) % 3).await else {
                    bail!(OrderError::TooMuch { amount: x, who: "you".to_owned() });
                };
            }
            let mut i7: i64 = 0;
            let rest: i64 = 'l8: loop {
                if i7 >= 1 { break if n >= n { n } else { 9 }; }
                i7 += 1;
                note(&format!("{:>4}|{}", n, 4 >= i7)).await;
            };
        }
        small @ 1..=3 => {
            note(&"it's".to_owned()).await;
        }
        5 | 7 | 9 => {
            note(&"a \"b\"".to_owned()).await;
        }
        other => {
            note(&format!("{:>4}|{}", 4, other != 6)).await;
        }
    }
    Ok("a \"b\"".to_owned())
}

#[state_machine]
pub(crate) async fn written_58(n: i64) -> Result<String, OrderError> {
    'l1: for i in 0..2 {
        let i: i64 = i;
        note(&"a \"b\"".to_owned()).await;
        if !(true) {
            note(&format!("{:>4}|{}", i, n == 3)).await;
            sleep(seconds(30)).await;
            let mut c: i64 = 3;
        }
    }
    'l2: for i in 0..0 {
        let i: i64 = i;
        note(&"it's".to_owned()).await;
        let mut i3: i64 = 0;
        let a: i64 = 'l4: loop {
            if i3 >= 1 { break (8 - i) % 1000; }
            i3 += 1;
            note(&"".to_owned()).await;
            let mut b: i64 = i3.abs();
            b = (8) / 2;
        };
        let rest: i64 = double((n - n) % 1000).await % 1000;
    }
    let a: Vec<i64> = match ship(((7 + n) % 1000) % 4).await {
        Ok(text) => {
            'l5: for i in 0..0 {
                let i: i64 = i;
                note(&text.clone()).await;
                let mut left6: i64 = ((n + n) % 1000) % 4;
                'l7: while let Some(x) = find(left6).await {
                    left6 = x - 1;
                    note(&format!("{}/{text}", 7)).await;
                }
            }
            vec![(n + 1) % 1000, 9]
        }
        Err(ShipError::OutOfStock) => {
            vec![n.abs(), 9]
        }
        Err(_) => {
            vec![if n != 5 { (-2) } else { 7 }, 8]
        }
    };
    Ok("x".to_owned())
}

#[state_machine]
pub(crate) async fn written_59(n: i64) -> Result<String, OrderError> {
    let found: String = "x".to_owned();
    let mut rest: i64 = (10 * (-3)) % 1000;
    let mut c: Vec<i64> = vec![8];
    rest = (rest - (-2)) % 1000;
    let (b, t1): (i64, String) = ((n + n) % 1000, "it's".to_owned());
    Ok(found.clone())
}

#[state_machine]
pub(crate) async fn written_60(n: i64) -> String {
    'l1: for i in 0..2 {
        let i: i64 = i;
        note(&"".to_owned()).await;
        let mut i2: i64 = 0;
        'l3: while i2 < 3 {
            i2 += 1;
            note(&"a \"b\"".to_owned()).await;
            sleep(seconds(30)).await;
        }
    }
    let a: bool = match (7 + 0) % 1000 {
        0 => {
            if let Some(c) = find((n + n) % 1000).await {
                note(&"x".to_owned()).await;
                let mut i4: i64 = 0;
                'l5: while i4 < 0 {
                    i4 += 1;
                    note(&"it's".to_owned()).await;
                    let total: i64 = own_execution((n) % 3).await % 1000;
                }
            } else {
                note(&"a \"b\"".to_owned()).await;
                if (-2) >= n || is_even((n + n) % 1000).await {
                    note(&format!("{:>4}|{}", n, n != 8)).await;
                    let c: Vec<i64> = (0..3).map(|at| at * at).collect::<Vec<_>>();
                } else {
                    note(&"".to_owned()).await;
                }
            }
            7 == n
        }
        small @ 1..=3 => {
            true
        }
        5 | 7 | 9 => {
            true
        }
        other => {
            (other != 5 || n >= (-3))
        }
    };
    format!("{:>4}|{}", 2, n == (-2))
}

#[state_machine]
pub(crate) async fn written_61(n: i64) -> Option<i64> {
    let (left1, right2) = join!(double(n.max(4)), async {
        let (left3, right4) = join!(ship(((n) % 5) % 4), double(n)).await;
        match left3 {
            Ok(text) => {
                note(&format!("{:>4}|{}", 10, n <= right4)).await;
                let mut total: i64 = twice(n.max(right4)).await % 1000;
            }
            Err(ShipError::OutOfStock) => {
                note(&"it's".to_owned()).await;
                if let Some(rest) = find(n.clamp(-2, 6)).await {
                    note(&"".to_owned()).await;
                    let total: String = ship((if 8 == 9 { n } else { n }) % 5).await.unwrap_or("lost".to_owned());
                } else {
                    note(&"x".to_owned()).await;
                    let c: String = ship((if right4 <= n { right4 } else { 8 }) % 5).await.unwrap_or("lost".to_owned());
                }
                let total: Vec<i64> = vec![6, right4];
            }
            Err(_) => {
                note(&"".to_owned()).await;
                let mut rest: i64 = discount((n + right4) % 1000, 10);
            }
        }
        right4.max(right4)
    }).await;
    Some((right2 + n) % 1000)
}

#[state_machine]
pub(crate) async fn written_62(order: Order) -> bool {
    let b: Vec<i64> = map_concurrent(1, &order.items, |item| async move {
        let item: i64 = *item;
        let mut i1: i64 = 0;
        'l2: while i1 < 1 {
            i1 += 1;
            note(&"x".to_owned()).await;
            let mut left3: i64 = ((item + i1) % 1000) % 4;
            'l4: while let Some(x) = find(left3).await {
                left3 = x - 1;
                note(&"it's".to_owned()).await;
                let found: Option<i64> = find(x.signum()).await;
                let b: Option<i64> = find(item.max(item)).await;
            }
            let c: String = match 1 {
                0 => {
                    let rest: String = ship(((3 * 4) % 1000) % 5).await.unwrap_or("lost".to_owned());
                    format!("{}/{rest}", (left3 + item) % 1000)
                }
                small @ 1..=3 => {
                    let b: Option<i64> = Some((left3 * 7) % 1000);
                    let mut found: i64 = (small + left3) % 1000;
                    "a \"b\"".to_owned()
                }
                5 | 7 | 9 => {
                    let a: Vec<i64> = vec![(0) / 4, i1];
                    let total: i64 = twice((left3 + i1) % 1000).await % 1000;
                    "".to_owned()
                }
                other => {
                    let b: i64 = twice(4).await % 1000;
                    let a: String = ship((3) % 5).await.unwrap_or("lost".to_owned());
                    format!("{}/{a}", (1 - item) % 1000)
                }
            };
        }
        8
    }).await;
    order.amount >= order.amount
}

#[state_machine]
pub(crate) async fn written_63(n: i64) -> Option<i64> {
    let mut c: i64 = (3 + n) % 1000;
    c = c;
    'l1: for i in 0..1 {
        let i: i64 = i;
        note(&"it's".to_owned()).await;
        let mut i2: i64 = 0;
        let b: i64 = 'l3: loop {
            if i2 >= 1 { break ((-2)) / 4; }
            i2 += 1;
            note(&"x".to_owned()).await;
            let a: i64 = match ship((3) % 4).await {
                Ok(text) => {
                    c = own_execution(i.abs()).await % 1000;
                    (i2 - c) % 1000
                }
                Err(ShipError::Late { days, .. }) if days > 2 => {
                    let total: String = ship(((n) / 3) % 5).await.unwrap_or("lost".to_owned());
                    7
                }
                Err(ShipError::Lost(at)) => {
                    if 7 != (-2) { i } else { at }
                }
                Err(_) => {
                    7
                }
            };
        };
    }
    Some((c) % 3)
}

#[state_machine]
pub(crate) async fn written_64(n: i64) -> Result<bool, OrderError> {
    let total: Vec<i64> = vec![((-2)) / 2, n];
    match ship(((0 - 2) % 1000) % 4).await {
        Ok(text) => {
            note(&text.clone()).await;
            if let Some(c) = find(8).await {
                note(&text.clone()).await;
                if n != 4 {
                    note(&"a \"b\"".to_owned()).await;
                    if (-3) == c {
                        return Err(OrderError::Ship(ShipError::OutOfStock));
                    }
                } else {
                    note(&format!("{}/{text}", (-3))).await;
                    let b: Option<i64> = Some(match (-3) { 0 => 9, 1..=4 => c, x if x < 0 => x, _ => c });
                }
            } else {
                note(&format!("{:>4}|{}", n, n != n)).await;
                let mut left1: i64 = (((-2) - 0) % 1000) % 4;
                'l2: while let Some(x) = find(left1).await {
                    left1 = x - 1;
                    note(&text.clone()).await;
                    let mut a: Vec<i64> = total.iter().filter(|n| **n > 7).copied().collect::<Vec<_>>();
                }
            }
        }
        Err(ShipError::Lost(at)) => {
            note(&"x".to_owned()).await;
        }
        Err(_) => {
            note(&"it's".to_owned()).await;
        }
    }
    Ok(n >= n)
}

#[state_machine]
pub(crate) async fn written_65(n: i64) -> Vec<i64> {
    match 7 {
        0 => {
            note(&format!("{:>4}|{}", 2, false)).await;
            let mut found: i64 = (4 * 1) % 1000;
        }
        small @ 1..=3 => {
            note(&"x".to_owned()).await;
            let mut b: i64 = sum(double(4).await, 4) % 1000;
            let (left1, right2) = join!(ship((if n > 4 { b } else { (-1) }) % 4), double(b)).await;
            let a: i64 = match left1 {
                Ok(text) => {
                    b = sum(((-3) + (-1)) % 1000, 1);
                    let (b, t3): (i64, String) = (n, "a \"b\"".to_owned());
                    n.max(small)
                }
                Err(ShipError::OutOfStock) => {
                    let rest: i64 = match shipped((if n > right2 { n } else { right2 }) % 4).await {
                        Ok(text) => {
                            let a: Vec<i64> = vec![(small.abs() + b) % 1000];
                            text.chars().count() as i64
                        }
                        Err(ShipError::OutOfStock) => {
                            let rest: Option<i64> = Some(right2.signum());
                            b
                        }
                        Err(ShipError::Lost(at)) => {
                            if at > right2 {
                                return vec![(1) % 5, n];
                            }
                            let total: Vec<i64> = vec![if small >= 1 && b == right2 { if 9 > 6 { (-1) } else { at } } else { 9 }, b];
                            if n == right2 { 9 } else { (-1) }
                        }
                        Err(_) => {
                            b = sum(double((-2)).await, n) % 1000;
                            ((-1) * (-2)) % 1000
                        }
                    };
                    (-1)
                }
                Err(_) => {
                    if let Some(b) = find((1 + b) % 1000).await {
                        note(&"x".to_owned()).await;
                    }
                    (right2 + n) % 1000
                }
            };
        }
        5 | 7 | 9 => {
            note(&"x".to_owned()).await;
        }
        other => {
            note(&"it's".to_owned()).await;
        }
    }
    vec![(n - n) % 1000, n]
}

#[state_machine]
pub(crate) async fn written_66(n: i64) -> Option<i64> {
    if let Some(found) = find(n.clamp(-2, 6)).await {
        note(&format!("{:>4}|{}", 4, 8 >= n)).await;
        let Some(b) = find(6).await else {
            return Some((-1));
        };
    }
    let a: Option<i64> = find((0 + 4) % 1000).await;
    match (n, true) {
        (0, true) => {
            note(&"a \"b\"".to_owned()).await;
            if let Some(b) = find((n + n) % 1000).await {
                note(&format!("{:>4}|{}", n, 6 >= b)).await;
                if (-3) == 1 {
                    note(&"a \"b\"".to_owned()).await;
                    let a: String = format!("{:>4}|{}", b, (b == b || n == 4));
                    let a: String = "a \"b\"".to_owned();
                }
            }
        }
        (x, true) if x > 3 => {
            note(&format!("{:>4}|{}", x, x != 1)).await;
            let Some(total) = find((-3)).await else {
                return Some(match n { 0 => (-3), 1..=4 => 3, x if x < 0 => x, _ => n });
            };
        }
        (y, false) => {
            note(&"a \"b\"".to_owned()).await;
            let mut a: i64 = (n) % 2;
        }
        _ => {
            note(&"".to_owned()).await;
            let found: i64 = if is_even((3) / 3).await && n > n {
                (n * 0) % 1000
            } else if n != 1 {
                6
            } else {
                (1) / 5
            };
        }
    }
    a
}

#[state_machine]
pub(crate) async fn written_67(n: i64) -> i64 {
    match (n) / 4 {
        0 => {
            note(&format!("{:>4}|{}", n, false)).await;
            'l1: for i in 0..2 {
                let i: i64 = i;
                note(&"".to_owned()).await;
                let a: String = match i.abs() {
                    0 => {
                        let found: Vec<i64> = vec![((n + n) % 1000) % 6];
                        "".to_owned()
                    }
                    small @ 1..=3 => {
                        let mut b: i64 = double((-3)).await % 1000;
                        "it's".to_owned()
                    }
                    5 | 7 | 9 => {
                        let a: bool = n <= i;
                        let total: bool = i >= i;
                        "x".to_owned()
                    }
                    other => {
                        let a: Option<i64> = find((5 + other) % 1000).await;
                        "".to_owned()
                    }
                };
            }
        }
        small @ 1..=3 => {
            note(&"x".to_owned()).await;
        }
        5 | 7 | 9 => {
            note(&"x".to_owned()).await;
        }
        other => {
            note(&"a \"b\"".to_owned()).await;
        }
    }
    if false { n } else { n }
}

#[state_machine]
pub(crate) async fn written_68(order: Order) -> Result<Option<i64>, OrderError> {
    let mut b: i64 = (double(order.amount).await + sum(order.amount, 1) * 2) % 1000;
    b += 4;
    let (total, t1): (i64, String) = ((order.amount) % 4, "it's".to_owned());
    let mut left2: i64 = (order.items.len() as i64) % 4;
    'l3: while let Some(x) = find(left2).await {
        left2 = x - 1;
        note(&"it's".to_owned()).await;
        if let Some(c) = find((total + 3) % 1000).await {
            note(&t1.clone()).await;
            b = double(c.clamp(-2, 6)).await % 1000;
            let mut b: i64 = (8) / 4;
        } else {
            note(&format!("{:>4}|{}", 2, order.amount >= 3)).await;
            let mut i4: i64 = 0;
            'l5: while i4 < 2 {
                i4 += 1;
                note(&"x".to_owned()).await;
                let c: Option<i64> = if false { Some(8) } else { None };
                let total: i64 = double(order.items.iter().max().copied().unwrap_or(6)).await % 1000;
            }
        }
    }
    let Some(rest) = find(left2.max(order.amount)).await else {
        bail!(OrderError::TooMuch { amount: b, who: "you".to_owned() });
    };
    b = (rest + (-1)) % 1000;
    Ok(Some((left2 * 6) % 1000))
}

#[state_machine]
pub(crate) async fn written_69(n: i64) -> Option<i64> {
    let mut a: i64 = (double((n + 3) % 1000).await + sum(n, 1) * 2) % 1000;
    let (found, t1): (i64, String) = (((-2)) % 3, format!("{:>4}|{}", n, 5 == 8));
    a = (a - 5) % 1000;
    if let Some(total) = find((n) / 6).await {
        note(&t1.clone()).await;
        a = 3;
    } else {
        note(&format!("{}/{t1}", n)).await;
        let mut c: Vec<i64> = vec![(0 * 7) % 1000, found];
    }
    sleep(seconds(30)).await;
    let rest: String = match shipped((t1.chars().count() as i64) % 4).await {
        Ok(text) => {
            format!("{:>4}|{}", found, 3 <= n)
        }
        Err(_) => {
            t1.clone()
        }
    };
    if 10 != a && a <= found { Some(n) } else { None }
}

#[state_machine]
pub(crate) async fn written_70(n: i64) -> Vec<i64> {
    sleep(seconds(30)).await;
    let a: String = match shipped((n.signum()) % 4).await {
        Ok(text) => {
            let mut total: i64 = if n == n { n } else { n };
            let Some(a) = find((n - total) % 1000).await else {
                return vec![n.signum(), 7];
            };
            format!("{:>4}|{}", n, false)
        }
        Err(ShipError::Late { days, .. }) if days > 2 => {
            let mut c: i64 = (n + days) % 1000;
            "a \"b\"".to_owned()
        }
        Err(_) => {
            let a: Option<i64> = find((n) / 5).await;
            'l1: for i in 0..3 {
                let i: i64 = i;
                note(&"".to_owned()).await;
                note(&format!("{:>4}|{}", n, 5 != i)).await;
            }
            "".to_owned()
        }
    };
    (0..1).map(|at| at * at).collect::<Vec<_>>()
}

#[state_machine]
pub(crate) async fn written_71(n: i64) -> i64 {
    if let Some(total) = find(n).await {
        note(&"".to_owned()).await;
        let (total, t1): (i64, String) = (4, "x".to_owned());
    }
    let b: i64 = discount((n - n) % 1000, 10);
    let (a, t2): (i64, String) = (b, "it's".to_owned());
    let mut left3: i64 = ((2 + 10) % 1000) % 4;
    'l4: while let Some(x) = find(left3).await {
        left3 = x - 1;
        note(&t2.clone()).await;
        let a: Option<i64> = if n != a {
            let mut b: Vec<i64> = (0..1).map(|at| at * at).collect::<Vec<_>>();
            Some(1)
        } else {
            Some(x)
        };
    }
    (3) / 4
}

#[state_machine]
pub(crate) async fn written_72(n: i64) -> bool {
    let rest: String = ship((6) % 5).await.unwrap_or("lost".to_owned());
    let c: String = ship(((n - 8) % 1000) % 5).await.unwrap_or("lost".to_owned());
    let rest: Option<i64> = match shipped((c.chars().count() as i64) % 4).await {
        Ok(text) => {
            let a: Vec<i64> = vec![n];
            a.first().copied()
        }
        Err(ShipError::OutOfStock) => {
            let mut left1: i64 = ((n * 10) % 1000) % 4;
            'l2: while let Some(x) = find(left1).await {
                left1 = x - 1;
                note(&format!("{:>4}|{}", 4, false)).await;
                let mut i3: i64 = 0;
                let found: i64 = 'l4: loop {
                    if i3 >= 2 { break (7) / 5; }
                    i3 += 1;
                    note(&c.to_uppercase()).await;
                };
            }
            Some(left1.abs())
        }
        Err(ShipError::Late { days, .. }) if days > 2 => {
            Some((days) % 6)
        }
        Err(_) => {
            if n >= (-1) { Some(5) } else { None }
        }
    };
    n <= 3 && rest.is_some()
}

#[state_machine]
pub(crate) async fn written_73(n: i64) -> Vec<i64> {
    let mut a: i64 = discount(n.signum(), 10);
    let mut b: Vec<i64> = vec![3, 3];
    let total: Option<i64> = find((9 + a) % 1000).await;
    a = twice(total.map_or((-3), |n| n + 1)).await % 1000;
    let total: Vec<i64> = map_concurrent(1, &b, |item| async move {
        let item: i64 = *item;
        match ship(((item + item) % 1000) % 4).await {
            Ok(text) => {
                note(&format!("{:>4}|{}", n, 6 != item)).await;
                match ship((n.max(item)) % 4).await {
                    Ok(text) => {
                        note(&text.clone()).await;
                        let found: Option<i64> = find((3 + 8) % 1000).await;
                        let a: bool = is_even(((-3) + n) % 1000).await && item != (-3);
                    }
                    Err(ShipError::OutOfStock) => {
                        note(&text.clone()).await;
                        let total: i64 = sum((item - n) % 1000, 4);
                    }
                    Err(ShipError::Lost(at)) => {
                        note(&format!("{}/{text}", 3)).await;
                    }
                    Err(_) => {
                        note(&format!("{:>4}|{}", 2, a >= 9)).await;
                    }
                }
            }
            Err(ShipError::OutOfStock) => {
                note(&"".to_owned()).await;
            }
            Err(ShipError::Late { days, .. }) if days > 2 => {
                note(&format!("{:>4}|{}", 2, total.is_some())).await;
            }
            Err(ShipError::Lost(at)) => {
                note(&format!("{:>4}|{}", n, a != 4)).await;
            }
            Err(_) => {
                note(&"it's".to_owned()).await;
            }
        }
        match item { 0 => 0, 1..=4 => a, x if x < 0 => x, _ => a }
    }).await;
    total.iter().map(|n| (n * 2 + 4) % 100).collect::<Vec<_>>()
}

#[state_machine]
pub(crate) async fn written_74(n: i64) -> String {
    let found: Vec<i64> = vec![if true && 6 > 5 { ((-1) + n) % 1000 } else { 4 }, n];
    let (rest, t1): (i64, String) = ((9 + n) % 1000, "".to_owned());
    let a: Vec<i64> = found.iter().filter(|n| **n > 3).copied().collect::<Vec<_>>();
    let mut left2: i64 = (t1.chars().count() as i64) % 4;
    'l3: while let Some(x) = find(left2).await {
        left2 = x - 1;
        note(&format!("{:>4}|{}", rest, a.contains(&6))).await;
        let mut left4: i64 = (((-3)) % 3) % 4;
        'l5: while let Some(x) = find(left4).await {
            left4 = x - 1;
            note(&t1.to_uppercase()).await;
            let mut rest: i64 = (8 + 10) % 1000;
            rest = (x) / 5;
        }
        let mut rest: i64 = (-3);
    }
    let a: i64 = sum(double(if rest >= left2 { 2 } else { rest }).await, (-3)) % 1000;
    let a: String = match a {
        0 => {
            t1.to_uppercase()
        }
        small @ 1..=3 => {
            "x".to_owned()
        }
        5 | 7 | 9 => {
            t1.to_uppercase()
        }
        other => {
            format!("{:>4}|{}", n, (found.contains(&4) || 4 == rest))
        }
    };
    format!("{}/{t1}", n.max((-2)))
}

#[state_machine]
pub(crate) async fn written_75(order: Order) -> i64 {
    note(&"x".to_owned()).await;
    let mut left1: i64 = (if order.amount == order.amount { order.amount } else { order.amount }) % 4;
    'l2: while let Some(x) = find(left1).await {
        left1 = x - 1;
        note(&format!("{:>4}|{}", 0, true)).await;
        if 9 <= (-3) {
            return (5) / 2;
        }
    }
    let found: i64 = sum(if left1 >= 0 { order.amount } else { order.amount }, left1);
    let mut total: i64 = discount(order.amount, 10);
    let found: Vec<i64> = map_concurrent(1, &order.items, |item| double(*item)).await;
    let rest: Option<i64> = Some(left1.clamp(-2, 6));
    let rest: Vec<i64> = vec![(match left1 { 0 => 7, 1..=4 => left1, x if x < 0 => x, _ => 1 }) / 3];
    (5) % 4
}

#[state_machine]
pub(crate) async fn written_76(order: Order) -> Result<Option<i64>, OrderError> {
    'l1: for item in &order.items {
        let item: i64 = *item;
        note(&"it's".to_owned()).await;
        let mut rest: i64 = 7;
    }
    match ship(((10 + order.amount) % 1000) % 4).await {
        Ok(text) => {
            note(&format!("{:>4}|{}", 3, 4 <= order.amount)).await;
            let total: bool = is_even(order.amount).await;
        }
        Err(ShipError::Late { days, .. }) if days > 2 => {
            note(&"x".to_owned()).await;
            'l2: for item in &order.items {
                let item: i64 = *item;
                note(&"it's".to_owned()).await;
                let mut b: i64 = 1;
            }
        }
        Err(ShipError::Lost(at)) => {
            note(&"it's".to_owned()).await;
            let (left3, right4) = join!(ship((if order.amount != 3 { 9 } else { at }) % 4), double(at)).await;
            match left3 {
                Ok(text) => {
                    note(&text.clone()).await;
                    let total: i64 = match if right4 > order.amount { order.amount } else { 1 } {
                        0 => {
                            let b: String = failing_execution((if at <= at { 10 } else { right4 }) % 5).await?;
                            order.items.len() as i64
                        }
                        small @ 1..=3 => {
                            let c: bool = (-3) >= at || is_even(at.max(7)).await;
                            (at + 8) % 1000
                        }
                        5 | 7 | 9 => {
                            5
                        }
                        other => {
                            (right4 * 2) % 1000
                        }
                    };
                }
                Err(ShipError::OutOfStock) => {
                    note(&"x".to_owned()).await;
                }
                Err(_) => {
                    note(&"".to_owned()).await;
                }
            }
        }
        Err(_) => {
            note(&"x".to_owned()).await;
        }
    }
    Ok(Some((order.amount) % 3))
}

#[state_machine]
pub(crate) async fn written_77(n: i64) -> Result<String, OrderError> {
    if n != n {
        note(&"".to_owned()).await;
        'l1: for i in 0..2 {
            let i: i64 = i;
            note(&"".to_owned()).await;
            match shipped(((-3)) % 4).await {
                Ok(text) => {
                    note(&text.to_uppercase()).await;
                    let mut rest: i64 = n;
                    let rest: bool = is_even(if true { rest } else { 0 }).await;
                }
                Err(_) => {
                    note(&"a \"b\"".to_owned()).await;
                    let mut found: i64 = 8;
                }
            }
            note(&"it's".to_owned()).await;
        }
        let total: bool = is_even((n + n) % 1000).await && true;
    }
    let b: Vec<i64> = (0..3).map(|at| at * at).collect::<Vec<_>>();
    let b: Vec<i64> = b.iter().take(2).copied().collect::<Vec<_>>();
    let mut i2: i64 = 0;
    let rest: i64 = 'l3: loop {
        if i2 >= 0 { break n.signum(); }
        i2 += 1;
        note(&"x".to_owned()).await;
    };
    Ok("a \"b\"".to_owned())
}

#[state_machine]
pub(crate) async fn written_78(n: i64) -> Result<i64, OrderError> {
    let b: bool = false;
    let b: Vec<i64> = vec![(n * 3) % 1000, 4];
    let mut a: i64 = n;
    let (a, t1): (i64, String) = (n.clamp(-2, 6), "x".to_owned());
    let Some(b) = find(b.iter().fold(0, |all, n| (all * 2 + n) % 100)).await else {
        return Err(OrderError::Ship(ShipError::OutOfStock));
    };
    let total: i64 = sum(double(if 0 > 6 { 6 } else { b }).await, a) % 1000;
    let a: bool = (-3) <= 7 || is_even(n.abs()).await;
    Ok(b.max(n))
}

#[state_machine]
pub(crate) async fn written_79(n: i64) -> Result<Vec<i64>, OrderError> {
    let total: String = ship(((1) % 2) % 5).await?;
    let b: String = match ship((if n >= n { n } else { (-2) }) % 4).await {
        Ok(text) => {
            let mut i1: i64 = 0;
            'l2: while i1 < 1 {
                i1 += 1;
                note(&format!("{:>4}|{}", n, n > n)).await;
                let mut left3: i64 = (match 1 { 0 => 1, 1..=4 => n, x if x < 0 => x, _ => n }) % 4;
                'l4: while let Some(x) = find(left3).await {
                    left3 = x - 1;
                    note(&text.clone()).await;
                    let found: bool = is_even(match x { 0 => 0, 1..=4 => x, x if x < 0 => x, _ => x }).await && n <= i1;
                    let mut a: i64 = (x + 6) % 1000;
                }
            }
            text.clone()
        }
        Err(ShipError::Late { days, .. }) if days > 2 => {
            let (a, t5): (i64, String) = ((days + n) % 1000, "x".to_owned());
            t5.clone()
        }
        Err(ShipError::Lost(at)) => {
            let mut a: i64 = total.chars().count() as i64;
            "a \"b\"".to_owned()
        }
        Err(_) => {
            "it's".to_owned()
        }
    };
    Ok(vec![(8) % 4, 4])
}

#[state_machine]
pub(crate) async fn written_80(n: i64) -> Result<Vec<i64>, OrderError> {
    if true {
        note(&"it's".to_owned()).await;
        let mut total: i64 = 0;
    } else {
        note(&"".to_owned()).await;
        if n > n {
            bail!(OrderError::TooMuch { amount: 4, who: "you".to_owned() });
        }
        if false {
            note(&"a \"b\"".to_owned()).await;
            let (c, t1): (i64, String) = (((-1) + n) % 1000, "it's".to_owned());
        }
    }
    match ship((n.max(n)) % 4).await {
        Ok(text) => {
            note(&format!("{}/{text}", (-2))).await;
            let rest: bool = if true {
                let mut c: i64 = 3;
                n <= 2
            } else if n > 4 {
                9 >= n
            } else {
                n == 10
            };
        }
        Err(ShipError::Lost(at)) => {
            note(&format!("{:>4}|{}", n, n <= (-2))).await;
        }
        Err(_) => {
            note(&"it's".to_owned()).await;
        }
    }
    Ok(vec![(n + n) % 1000, n])
}

#[state_machine]
pub(crate) async fn written_81(n: i64) -> Result<i64, OrderError> {
    let mut left1: i64 = (4) % 4;
    'l2: while let Some(x) = find(left1).await {
        left1 = x - 1;
        note(&"x".to_owned()).await;
        'l3: for i in 0..0 {
            let i: i64 = i;
            note(&"it's".to_owned()).await;
            if i == i { continue 'l2; }
            let mut b: i64 = double((-3)).await % 1000;
        }
    }
    let b: i64 = ((6) % 5) % 4;
    Ok(((-1)) % 2)
}

#[state_machine]
pub(crate) async fn written_82(order: Order) -> bool {
    let mut c: i64 = if order.amount > order.amount { 4 } else { order.amount };
    sleep(seconds(30)).await;
    match ship((match c { 0 => 5, 1..=4 => c, x if x < 0 => x, _ => order.amount }) % 4).await {
        Ok(text) => {
            note(&text.to_uppercase()).await;
            if order.amount <= c {
                return (c >= 2 || c >= order.amount);
            }
            note(&format!("{:>4}|{}", 3, c <= 8)).await;
        }
        Err(ShipError::OutOfStock) => {
            note(&format!("{:>4}|{}", order.amount, c != c)).await;
            let mut i1: i64 = 0;
            let found: i64 = 'l2: loop {
                if i1 >= 2 { break order.items.iter().max().copied().unwrap_or((-3)); }
                i1 += 1;
                note(&"".to_owned()).await;
                let c: Vec<i64> = map_concurrent(1, &order.items, |item| async move {
                    let item: i64 = *item;
                    let mut a: i64 = 8;
                    10
                }).await;
                let b: Vec<i64> = map_concurrent(1, &c, |item| async move {
                    let item: i64 = *item;
                    let b: bool = i1 == 9;
                    (1 + item) % 1000
                }).await;
            };
            let mut i3: i64 = 0;
            let rest: i64 = 'l4: loop {
                if i3 >= 1 { break if 9 >= c { i1 } else { found }; }
                i3 += 1;
                note(&"".to_owned()).await;
                let c: Vec<i64> = map_concurrent(1, &order.items, |item| async move {
                    let item: i64 = *item;
                    (found + 1) % 1000
                }).await;
            };
        }
        Err(ShipError::Lost(at)) => {
            note(&"".to_owned()).await;
        }
        Err(_) => {
            note(&"it's".to_owned()).await;
        }
    }
    !(c != 3)
}

#[state_machine]
pub(crate) async fn written_83(order: Order) -> Option<i64> {
    let b: bool = match order.items.iter().max().copied().unwrap_or((-2)) {
        0 => {
            let mut left1: i64 = (order.amount.max(order.amount)) % 4;
            'l2: while let Some(x) = find(left1).await {
                left1 = x - 1;
                note(&"x".to_owned()).await;
                if x != (-3) {
                    return Some((order.amount) % 6);
                }
            }
            order.amount >= order.amount
        }
        small @ 1..=3 => {
            note(&"a \"b\"".to_owned()).await;
            let mut i3: i64 = 0;
            let rest: i64 = 'l4: loop {
                if i3 >= 1 { break (small + order.amount) % 1000; }
                i3 += 1;
                note(&"a \"b\"".to_owned()).await;
                let b: i64 = if (-2) == small {
                    let a: bool = order.amount >= 5 || is_even((i3) % 6).await;
                    (small) / 6
                } else {
                    let found: Option<i64> = find((small) % 3).await;
                    let b: String = ship(((order.amount - small) % 1000) % 5).await.unwrap_or("lost".to_owned());
                    found.map_or(4, |n| n + 1)
                };
            };
            0 > rest && 7 > order.amount
        }
        5 | 7 | 9 => {
            false
        }
        other => {
            0 >= other
        }
    };
    None
}

#[state_machine]
pub(crate) async fn written_84(order: Order) -> Result<Vec<i64>, OrderError> {
    'l1: for item in &order.items {
        let item: i64 = *item;
        note(&"it's".to_owned()).await;
        let b: i64 = if ((-1) != (-3) || 10 == order.amount) {
            let found: i64 = match shipped((match 1 { 0 => 4, 1..=4 => order.amount, x if x < 0 => x, _ => (-2) }) % 4).await {
                Ok(text) => {
                    if order.amount > 6 { continue; }
                    if item > 8 && item >= order.amount { break; }
                    if true { 7 } else { order.amount }
                }
                Err(error) => return Err(error.into()),
            };
            let rest: Vec<i64> = match (item * 0) % 1000 {
                0 => {
                    let mut total: i64 = (2) / 2;
                    order.items.clone()
                }
                small @ 1..=3 => {
                    order.items.iter().map(|n| (n * 2 + 3) % 100).collect::<Vec<_>>()
                }
                5 | 7 | 9 => {
                    order.items.iter().map(|n| (n * 2 + 0) % 100).collect::<Vec<_>>()
                }
                other => {
                    vec![order.amount]
                }
            };
            ((-1) * 2) % 1000
        } else if order.amount != order.amount && item > item {
            ((-2)) % 6
        } else {
            (order.amount) / 2
        };
    }
    Ok((0..2).map(|at| at * at).collect::<Vec<_>>())
}

#[state_machine]
pub(crate) async fn written_85(n: i64) -> Option<i64> {
    let (a, t1): (i64, String) = ((5 + n) % 1000, format!("{:>4}|{}", 4, true && n <= 2));
    let mut left2: i64 = ((n * 10) % 1000) % 4;
    'l3: while let Some(x) = find(left2).await {
        left2 = x - 1;
        note(&t1.clone()).await;
        let c: i64 = match shipped(((a * 9) % 1000) % 4).await {
            Ok(text) => {
                let Some(found) = find((8 + x) % 1000).await else {
                    return Some((x + n) % 1000);
                };
                (a + 6) % 1000
            }
            Err(ShipError::Late { days, .. }) if days > 2 => {
                let mut rest: i64 = match a { 0 => 7, 1..=4 => (-1), x if x < 0 => x, _ => 4 };
                let (left4, right5) = join!(ship((if 2 == days { n } else { 9 }) % 4), double(days)).await;
                match left4 {
                    Ok(text) => {
                        note(&format!("{:>4}|{}", 7, 3 != x)).await;
                        rest = (double((rest * 0) % 1000).await + sum(right5, 1) * 2) % 1000;
                        let b: String = format!("{:>4}|{}", rest, days > rest);
                    }
                    Err(ShipError::OutOfStock) => {
                        note(&format!("{}/{t1}", 7)).await;
                        let b: i64 = twice(6).await % 1000;
                    }
                    Err(_) => {
                        note(&t1.clone()).await;
                        if true {
                            return Some(7);
                        }
                    }
                }
                if a == n { 9 } else { rest }
            }
            Err(ShipError::Lost(at)) => {
                let mut rest: i64 = double((n * 10) % 1000).await % 1000;
                let c: i64 = match ship((if t1.starts_with("shipped") { a } else { n }) % 4).await {
                    Ok(text) => {
                        let found: Vec<i64> = vec![4, 10];
                        x
                    }
                    Err(ShipError::OutOfStock) => {
                        (at - x) % 1000
                    }
                    Err(_) => {
                        if x == (-1) { rest } else { rest }
                    }
                };
                if a == at { (-3) } else { a }
            }
            Err(_) => {
                (a + 5) % 1000
            }
        };
    }
    Some(left2.abs())
}

#[state_machine]
pub(crate) async fn written_86(order: Order) -> Option<i64> {
    let mut total: Vec<i64> = (0..1).map(|at| at * at).collect::<Vec<_>>();
    if let Some(a) = find((-3)).await {
        note(&"a \"b\"".to_owned()).await;
        let mut i1: i64 = 0;
        'l2: while i1 < 0 {
            i1 += 1;
            note(&"it's".to_owned()).await;
            let mut c: i64 = order.amount;
        }
        let (c, t3): (i64, String) = (match order.amount { 0 => 4, 1..=4 => a, x if x < 0 => x, _ => i1 }, "a \"b\"".to_owned());
    } else {
        note(&"it's".to_owned()).await;
        let rest: Vec<i64> = map_concurrent(1, &total, |item| double(*item)).await;
    }
    let mut rest: i64 = double((6 + order.amount) % 1000).await % 1000;
    rest += 4;
    match ship(((rest) % 3) % 4).await {
        Ok(text) => {
            note(&format!("{}/{text}", 1)).await;
            rest = (double(order.amount.max(0)).await + sum(rest, 1) * 2) % 1000;
        }
        Err(ShipError::OutOfStock) => {
            note(&"".to_owned()).await;
            let b: i64 = double(order.amount).await % 1000;
        }
        Err(ShipError::Late { days, .. }) if days > 2 => {
            note(&"a \"b\"".to_owned()).await;
            match ship(((order.amount + order.amount) % 1000) % 4).await {
                Ok(text) => {
                    note(&text.to_uppercase()).await;
                }
                Err(ShipError::Late { days, .. }) if days > 2 => {
                    note(&"x".to_owned()).await;
                }
                Err(ShipError::Lost(at)) => {
                    note(&"it's".to_owned()).await;
                }
                Err(_) => {
                    note(&"x".to_owned()).await;
                }
            }
        }
        Err(ShipError::Lost(at)) => {
            note(&"".to_owned()).await;
        }
        Err(_) => {
            note(&format!("{:>4}|{}", rest, order.amount > order.amount)).await;
        }
    }
    Some(10)
}

#[state_machine]
pub(crate) async fn written_87(order: Order) -> bool {
    let a: String = ship(((order.amount + order.amount) % 1000) % 5).await.unwrap_or("lost".to_owned());
    let found: String = ship((((-3) + (-1)) % 1000) % 5).await.unwrap_or("lost".to_owned());
    'l1: for item in &order.items {
        let item: i64 = *item;
        note(&format!("{}/{found}", order.amount)).await;
        if 7 > 9 { break; }
    }
    let found: bool = if 6 != order.amount {
        match ship((order.items.iter().filter(|n| **n > 0).count() as i64) % 4).await {
            Ok(text) => {
                note(&text.to_uppercase()).await;
                let (found, t2): (i64, String) = ((order.amount - order.amount) % 1000, format!("{:>4}|{}", order.amount, !(order.amount <= 6)));
                if 0 > 5 {
                    note(&format!("{:>4}|{}", found, order.amount == order.amount)).await;
                } else if order.items.iter().any(|n| *n > 4) {
                    note(&a.to_uppercase()).await;
                }
            }
            Err(ShipError::OutOfStock) => {
                note(&format!("{}/{a}", order.amount)).await;
            }
            Err(ShipError::Late { days, .. }) if days > 2 => {
                note(&found.to_uppercase()).await;
            }
            Err(_) => {
                note(&format!("{:>4}|{}", order.amount, order.items.iter().any(|n| *n > 5))).await;
            }
        }
        found.starts_with("shipped")
    } else {
        false
    };
    order.amount != 8
}

#[state_machine]
pub(crate) async fn written_88(order: Order) -> Vec<i64> {
    let (a, t1): (i64, String) = (if order.amount != order.amount { order.amount } else { 6 }, "x".to_owned());
    let a: Vec<i64> = map_concurrent(1, &order.items, |item| double(*item)).await;
    'l2: for item in &a {
        let item: i64 = *item;
        note(&t1.to_uppercase()).await;
        'l3: for (at, item) in order.items.iter().enumerate() {
            let (at, item): (i64, i64) = (at as i64, *item);
            note(&format!("{}/{t1}", item)).await;
            sleep(seconds(30)).await;
            match shipped((if false { at } else { at }) % 4).await {
                Ok(text) => {
                    note(&format!("{:>4}|{}", 8, order.amount <= 8)).await;
                    let (found, t4): (i64, String) = (order.amount.signum(), t1.to_uppercase());
                }
                Err(ShipError::OutOfStock) => {
                    note(&format!("{}/{t1}", order.amount)).await;
                    if (-1) <= (-1) { break 'l3; }
                    let (b, t5): (i64, String) = (if (-3) <= at { (-2) } else { at }, "x".to_owned());
                }
                Err(ShipError::Late { days, .. }) if days > 2 => {
                    note(&"a \"b\"".to_owned()).await;
                    let total: String = ship((t1.chars().count() as i64) % 5).await.unwrap_or("lost".to_owned());
                }
                Err(_) => {
                    note(&format!("{:>4}|{}", 1, t1.starts_with("shipped"))).await;
                }
            }
        }
    }
    vec![match 4 { 0 => 5, 1..=4 => order.amount, x if x < 0 => x, _ => (-2) }]
}

#[state_machine]
pub(crate) async fn written_89(n: i64) -> Result<Vec<i64>, OrderError> {
    'l1: for i in 0..1 {
        let i: i64 = i;
        note(&"a \"b\"".to_owned()).await;
        let mut i2: i64 = 0;
        let a: i64 = 'l3: loop {
            if i2 >= 2 { break i.abs(); }
            i2 += 1;
            note(&"x".to_owned()).await;
            note(&"it's".to_owned()).await;
        };
    }
    sleep(seconds(30)).await;
    match (n - n) % 1000 {
        0 => {
            note(&"it's".to_owned()).await;
            let rest: i64 = match ship(((n * 0) % 1000) % 4).await {
                Ok(text) => {
                    let mut c: Vec<i64> = vec![n, n];
                    let rest: i64 = match ship(((n * 8) % 1000) % 4).await {
                        Ok(text) => {
                            let c: String = ship(((n + n) % 1000) % 5).await.unwrap_or("lost".to_owned());
                            10
                        }
                        Err(ShipError::Lost(at)) => {
                            let found: bool = n != at || is_even((4 - 7) % 1000).await;
                            let found: Vec<i64> = c.iter().filter(|n| **n > 7).copied().collect::<Vec<_>>();
                            (at + at) % 1000
                        }
                        Err(_) => {
                            let c: i64 = (c.iter().filter(|n| **n > 6).count() as i64 - n) % 1000;
                            c.max(c)
                        }
                    };
                    n.signum()
                }
                Err(ShipError::OutOfStock) => {
                    let mut rest: i64 = twice(n).await % 1000;
                    (n) % 2
                }
                Err(ShipError::Late { days, .. }) if days > 2 => {
                    ((-3)) / 3
                }
                Err(_) => {
                    n
                }
            };
        }
        small @ 1..=3 => {
            note(&"it's".to_owned()).await;
        }
        5 | 7 | 9 => {
            note(&format!("{:>4}|{}", n, n == n)).await;
        }
        other => {
            note(&format!("{:>4}|{}", n, n <= other)).await;
        }
    }
    Ok(vec![(n * 8) % 1000, 9])
}

#[state_machine]
pub(crate) async fn written_90(n: i64) -> Result<bool, OrderError> {
    let mut b: i64 = (n) % 6;
    let mut left1: i64 = ((n + b) % 1000) % 4;
    'l2: while let Some(x) = find(left1).await {
        left1 = x - 1;
        note(&format!("{:>4}|{}", (-3), b != x)).await;
        let mut i3: i64 = 0;
        'l4: while i3 < 3 {
            i3 += 1;
            note(&"a \"b\"".to_owned()).await;
            'l5: for i in 0..0 {
                let i: i64 = i;
                note(&"it's".to_owned()).await;
                let total: String = "it's".to_owned();
            }
        }
    }
    Ok((-1) >= b)
}

#[state_machine]
pub(crate) async fn written_91(order: Order) -> Result<bool, OrderError> {
    let (b, t1): (i64, String) = ((-2), "a \"b\"".to_owned());
    let c: Option<i64> = match b {
        0 => {
            let Some(rest) = find(10).await else {
                bail!(OrderError::TooMuch { amount: 1, who: "you".to_owned() });
            };
            let rest: Vec<i64> = map_concurrent(1, &order.items, |item| async move {
                let item: i64 = *item;
                let found: String = if (-2) <= item {
                    let c: String = ship(((-1)) % 5).await.unwrap_or("lost".to_owned());
                    c.to_uppercase()
                } else if 0 != 2 {
                    sleep(seconds(30)).await;
                    let mut found: i64 = sum(double(if true { b } else { (-1) }).await, item) % 1000;
                    "a \"b\"".to_owned()
                } else {
                    let rest: String = ship(((item * 4) % 1000) % 5).await.unwrap_or("lost".to_owned());
                    let b: Option<i64> = find((-1)).await;
                    "x".to_owned()
                };
                7
            }).await;
            Some((10 + (-1)) % 1000)
        }
        small @ 1..=3 => {
            Some((small) % 3)
        }
        5 | 7 | 9 => {
            order.items.first().copied()
        }
        other => {
            Some(t1.chars().count() as i64)
        }
    };
    Ok((order.amount != b || order.amount > 9))
}

#[state_machine]
pub(crate) async fn written_92(n: i64) -> Vec<i64> {
    let Some(b) = find(if n == 2 { 5 } else { n }).await else {
        return vec![6, 5];
    };
    sleep(seconds(30)).await;
    let b: Vec<i64> = vec![if (-2) != b && (-3) >= b { 8 } else { b }, n];
    let found: i64 = (double(n.signum()).await + sum(8, 1) * 2) % 1000;
    match ship(((found + n) % 1000) % 4).await {
        Ok(text) => {
            note(&text.to_uppercase()).await;
        }
        Err(ShipError::Late { days, .. }) if days > 2 => {
            note(&format!("{:>4}|{}", 5, 8 == 3)).await;
        }
        Err(_) => {
            note(&"".to_owned()).await;
        }
    }
    vec![(found) / 2]
}

#[state_machine]
pub(crate) async fn written_93(n: i64) -> String {
    match shipped((match 3 { 0 => 9, 1..=4 => (-1), x if x < 0 => x, _ => n }) % 4).await {
        Ok(text) => {
            note(&text.clone()).await;
            let c: i64 = (double(((-1) * (-1)) % 1000).await + sum(4, 1) * 2) % 1000;
        }
        Err(ShipError::Late { days, .. }) if days > 2 => {
            note(&"it's".to_owned()).await;
            let mut b: i64 = double(5).await % 1000;
        }
        Err(_) => {
            note(&"a \"b\"".to_owned()).await;
            if 6 <= 0 {
                return format!("{:>4}|{}", n, true && n > n);
            }
        }
    }
    let a: Vec<i64> = vec![n.max((-1)), n];
    let found: bool = (false || a.iter().any(|n| *n > 1));
    let Some(c) = find(5).await else {
        return "x".to_owned();
    };
    "it's".to_owned()
}

#[state_machine]
pub(crate) async fn written_94(n: i64) -> Vec<i64> {
    let Some(a) = find(n.max(n)).await else {
        return vec![n.abs(), n];
    };
    if is_even((n + n) % 1000).await {
        note(&"it's".to_owned()).await;
        let mut rest: i64 = 0;
        let b: Option<i64> = find((4) % 3).await;
    } else {
        note(&"".to_owned()).await;
        match shipped((4) % 4).await {
            Ok(text) => {
                note(&"x".to_owned()).await;
                let mut b: i64 = double(4).await % 1000;
                let c: bool = true || is_even(n.max(0)).await;
            }
            Err(ShipError::OutOfStock) => {
                note(&format!("{:>4}|{}", a, (-3) >= n)).await;
                match ship((5) % 4).await {
                    Ok(text) => {
                        note(&text.clone()).await;
                        let mut rest: i64 = (a - n) % 1000;
                    }
                    Err(ShipError::Late { days, .. }) if days > 2 => {
                        note(&"".to_owned()).await;
                    }
                    Err(_) => {
                        note(&format!("{:>4}|{}", n, a == n)).await;
                    }
                }
            }
            Err(ShipError::Lost(at)) => {
                note(&"".to_owned()).await;
            }
            Err(_) => {
                note(&"x".to_owned()).await;
            }
        }
    }
    vec![(-3), a]
}

#[state_machine]
pub(crate) async fn written_95(n: i64) -> Option<i64> {
    match ship((n) % 4).await {
        Ok(text) => {
            note(&text.clone()).await;
            match shipped((text.chars().count() as i64) % 4).await {
                Ok(text) => {
                    note(&format!("{:>4}|{}", n, n > n)).await;
                    let c: String = "x".to_owned();
                    let mut a: i64 = sum(double(6).await, 7) % 1000;
                }
                Err(ShipError::OutOfStock) => {
                    note(&text.clone()).await;
                    let mut rest: i64 = discount((n - n) % 1000, 10);
                    let found: bool = n <= rest || is_even(text.chars().count() as i64).await;
                }
                Err(_) => {
                    note(&text.clone()).await;
                    let found: i64 = sum((1 + n) % 1000, n);
                    let mut b: i64 = own_execution((found + found) % 1000).await % 1000;
                }
            }
        }
        Err(ShipError::Lost(at)) => {
            note(&format!("{:>4}|{}", 10, at >= at)).await;
            let mut left1: i64 = (7) % 4;
            'l2: while let Some(x) = find(left1).await {
                left1 = x - 1;
                note(&"x".to_owned()).await;
                if let Some(c) = find((at * 6) % 1000).await {
                    note(&"".to_owned()).await;
                    let rest: String = ship(((at * 8) % 1000) % 5).await.unwrap_or("lost".to_owned());
                }
            }
        }
        Err(_) => {
            note(&"x".to_owned()).await;
        }
    }
    Some(8)
}

#[state_machine]
pub(crate) async fn written_96(order: Order) -> Vec<i64> {
    let found: bool = order.amount >= order.amount || is_even(5).await;
    let mut left1: i64 = ((5 + order.amount) % 1000) % 4;
    'l2: while let Some(x) = find(left1).await {
        left1 = x - 1;
        note(&"a \"b\"".to_owned()).await;
        let mut a: i64 = order.amount.abs();
        let total: bool = match shipped(((a + order.amount) % 1000) % 4).await {
            Ok(text) => {
                let a: Vec<i64> = map_concurrent(1, &order.items, |item| async move {
                    let item: i64 = *item;
                    let total: String = ship((item.max(5)) % 5).await.unwrap_or("lost".to_owned());
                    2
                }).await;
                a.contains(&(-2))
            }
            Err(ShipError::Lost(at)) => {
                (false || x >= at)
            }
            Err(_) => {
                order.amount != 0
            }
        };
    }
    order.items.clone()
}

#[state_machine]
pub(crate) async fn written_97(n: i64) -> Vec<i64> {
    let mut total: i64 = if n != n { n } else { n };
    match (total, n != 2) {
        (0, true) => {
            note(&format!("{:>4}|{}", n, total > 2)).await;
            let rest: Option<i64> = find(if n == 8 { 1 } else { total }).await;
            let total: i64 = match shipped((((-3)) % 5) % 4).await {
                Ok(text) => {
                    if let Some(found) = rest {
                        note(&text.clone()).await;
                        let Some(c) = find((total) % 2).await else {
                            return vec![(found * 3) % 1000, 3];
                        };
                        let rest: Vec<i64> = vec![(3 + c) % 1000];
                    }
                    rest.unwrap_or(9)
                }
                Err(ShipError::OutOfStock) => {
                    (8 * 0) % 1000
                }
                Err(_) => {
                    if true { 8 } else { 6 }
                }
            };
        }
        (x, true) if x > 3 => {
            note(&"".to_owned()).await;
        }
        (y, false) => {
            note(&"".to_owned()).await;
        }
        _ => {
            note(&"a \"b\"".to_owned()).await;
        }
    }
    vec![n, 5]
}

#[state_machine]
pub(crate) async fn written_98(n: i64) -> Vec<i64> {
    let mut i1: i64 = 0;
    'l2: while i1 < 3 {
        i1 += 1;
        note(&"it's".to_owned()).await;
        if let Some(total) = find((i1 - i1) % 1000).await {
            note(&"it's".to_owned()).await;
            let (rest, t3): (i64, String) = (match total { 0 => 6, 1..=4 => i1, x if x < 0 => x, _ => 8 }, "x".to_owned());
            let mut i4: i64 = 0;
            'l5: while i4 < 0 {
                i4 += 1;
                note(&t3.clone()).await;
                if (-1) == n { continue 'l2; }
                let c: Option<i64> = find(if i1 > i4 { rest } else { 7 }).await;
            }
        }
        let mut rest: i64 = double((n - n) % 1000).await % 1000;
    }
    let found: Vec<i64> = if n >= n {
        if i1 > n || is_even((n - n) % 1000).await {
            note(&"a \"b\"".to_owned()).await;
            let mut a: i64 = (n + i1) % 1000;
            let mut rest: Vec<i64> = vec![match a { 0 => 8, 1..=4 => n, x if x < 0 => x, _ => a }, 10];
        } else if 1 <= 2 {
            note(&"a \"b\"".to_owned()).await;
            let mut i6: i64 = 0;
            'l7: while i6 < 3 {
                i6 += 1;
                note(&"".to_owned()).await;
                let a: bool = 5 != 10 || is_even(match i6 { 0 => 3, 1..=4 => 6, x if x < 0 => x, _ => i1 }).await;
            }
        } else {
            note(&"".to_owned()).await;
        }
        vec![match n { 0 => (-3), 1..=4 => i1, x if x < 0 => x, _ => n }, (-1)]
    } else {
        vec![if 9 <= n { i1 } else { i1 }, i1]
    };
    found.iter().filter(|n| **n > (-1)).copied().collect::<Vec<_>>()
}

#[state_machine]
pub(crate) async fn written_99(order: Order) -> Result<Option<i64>, OrderError> {
    if (order.amount <= order.amount || order.items.iter().any(|n| *n > 5)) {
        note(&"x".to_owned()).await;
        let mut c: i64 = double(if false { (-2) } else { order.amount }).await % 1000;
        if is_even((order.amount) % 3).await {
            note(&"".to_owned()).await;
            let a: i64 = match shipped((0) % 4).await {
                Ok(text) => {
                    if c >= order.amount && order.amount != 8 {
                        return Ok(Some(c.signum()));
                    }
                    (8 + order.amount) % 1000
                }
                Err(ShipError::OutOfStock) => {
                    let found: Option<i64> = Some(order.amount);
                    found.map_or(7, |n| n + 1)
                }
                Err(ShipError::Late { days, .. }) if days > 2 => {
                    let a: String = ship(((2 - days) % 1000) % 5).await?;
                    (5 * 6) % 1000
                }
                Err(ShipError::Lost(at)) => {
                    let c: Vec<i64> = order.items.iter().map(|n| (n * 2 + (-2)) % 100).collect::<Vec<_>>();
                    c.iter().filter(|n| **n > 7).count() as i64
                }
                Err(error) => return Err(error.into()),
            };
            let mut left1: i64 = (c) % 4;
            'l2: while let Some(x) = find(left1).await {
                left1 = x - 1;
                note(&"a \"b\"".to_owned()).await;
                let b: String = ship(((9 * (-2)) % 1000) % 5).await?;
                let mut c: Vec<i64> = order.items.iter().filter(|n| **n > 10).copied().collect::<Vec<_>>();
            }
        } else {
            note(&"x".to_owned()).await;
        }
    } else {
        note(&format!("{:>4}|{}", order.amount, order.amount <= order.amount)).await;
    }
    Ok(Some((order.amount) % 6))
}

#[tokio::test]
async fn written_00_ends_alike() {
    crate::all!(written_00: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_01_ends_alike() {
    crate::all!(written_01: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_02_ends_alike() {
    crate::all!(written_02: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_03_ends_alike() {
    crate::all!(written_03: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_04_ends_alike() {
    crate::all!(written_04: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_05_ends_alike() {
    crate::all!(unordered written_05: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_06_ends_alike() {
    crate::all!(written_06: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_07_ends_alike() {
    crate::all!(written_07: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_08_ends_alike() {
    crate::all!(written_08: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_09_ends_alike() {
    crate::all!(unordered written_09: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_10_ends_alike() {
    crate::all!(written_10: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_11_ends_alike() {
    crate::all!(written_11: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_12_ends_alike() {
    crate::all!(written_12: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_13_ends_alike() {
    crate::all!(unordered written_13: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_14_ends_alike() {
    crate::all!(written_14: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_15_ends_alike() {
    crate::all!(written_15: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_16_ends_alike() {
    crate::all!(written_16: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_17_ends_alike() {
    crate::all!(unordered written_17: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_18_ends_alike() {
    crate::all!(written_18: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_19_ends_alike() {
    crate::all!(written_19: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_20_ends_alike() {
    crate::all!(unordered written_20: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_21_ends_alike() {
    crate::all!(unordered written_21: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_22_ends_alike() {
    crate::all!(written_22: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_23_ends_alike() {
    crate::all!(written_23: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_24_ends_alike() {
    crate::all!(unordered written_24: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_25_ends_alike() {
    crate::all!(written_25: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_26_ends_alike() {
    crate::all!(written_26: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_27_ends_alike() {
    crate::all!(written_27: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_28_ends_alike() {
    crate::all!(unordered written_28: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_29_ends_alike() {
    crate::all!(written_29: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_30_ends_alike() {
    crate::all!(written_30: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_31_ends_alike() {
    crate::all!(written_31: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_32_ends_alike() {
    crate::all!(written_32: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_33_ends_alike() {
    crate::all!(written_33: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_34_ends_alike() {
    crate::all!(written_34: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_35_ends_alike() {
    crate::all!(written_35: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_36_ends_alike() {
    crate::all!(unordered written_36: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_37_ends_alike() {
    crate::all!(written_37: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_38_ends_alike() {
    crate::all!(written_38: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_39_ends_alike() {
    crate::all!(written_39: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_40_ends_alike() {
    crate::all!(written_40: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_41_ends_alike() {
    crate::all!(written_41: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_42_ends_alike() {
    crate::all!(written_42: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_43_ends_alike() {
    crate::all!(written_43: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_44_ends_alike() {
    crate::all!(unordered written_44: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_45_ends_alike() {
    crate::all!(written_45: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_46_ends_alike() {
    crate::all!(written_46: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_47_ends_alike() {
    crate::all!(written_47: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_48_ends_alike() {
    crate::all!(written_48: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_49_ends_alike() {
    crate::all!(written_49: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_50_ends_alike() {
    crate::all!(written_50: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_51_ends_alike() {
    crate::all!(written_51: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_52_ends_alike() {
    crate::all!(written_52: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_53_ends_alike() {
    crate::all!(unordered written_53: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_54_ends_alike() {
    crate::all!(unordered written_54: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_55_ends_alike() {
    crate::all!(written_55: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_56_ends_alike() {
    crate::all!(written_56: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_57_ends_alike() {
    crate::all!(written_57: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_58_ends_alike() {
    crate::all!(written_58: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_59_ends_alike() {
    crate::all!(unordered written_59: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_60_ends_alike() {
    crate::all!(written_60: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_61_ends_alike() {
    crate::all!(unordered written_61: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_62_ends_alike() {
    crate::all!(written_62: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_63_ends_alike() {
    crate::all!(written_63: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_64_ends_alike() {
    crate::all!(written_64: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_65_ends_alike() {
    crate::all!(unordered written_65: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_66_ends_alike() {
    crate::all!(written_66: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_67_ends_alike() {
    crate::all!(written_67: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_68_ends_alike() {
    crate::all!(unordered written_68: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_69_ends_alike() {
    crate::all!(written_69: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_70_ends_alike() {
    crate::all!(written_70: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_71_ends_alike() {
    crate::all!(written_71: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_72_ends_alike() {
    crate::all!(unordered written_72: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_73_ends_alike() {
    crate::all!(written_73: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_74_ends_alike() {
    crate::all!(written_74: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_75_ends_alike() {
    crate::all!(written_75: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_76_ends_alike() {
    crate::all!(unordered written_76: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_77_ends_alike() {
    crate::all!(written_77: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_78_ends_alike() {
    crate::all!(written_78: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_79_ends_alike() {
    crate::all!(written_79: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_80_ends_alike() {
    crate::all!(written_80: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_81_ends_alike() {
    crate::all!(unordered written_81: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_82_ends_alike() {
    crate::all!(written_82: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_83_ends_alike() {
    crate::all!(unordered written_83: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_84_ends_alike() {
    crate::all!(unordered written_84: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_85_ends_alike() {
    crate::all!(unordered written_85: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_86_ends_alike() {
    crate::all!(written_86: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_87_ends_alike() {
    crate::all!(written_87: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_88_ends_alike() {
    crate::all!(written_88: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_89_ends_alike() {
    crate::all!(written_89: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_90_ends_alike() {
    crate::all!(written_90: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_91_ends_alike() {
    crate::all!(written_91: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_92_ends_alike() {
    crate::all!(unordered written_92: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_93_ends_alike() {
    crate::all!(written_93: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_94_ends_alike() {
    crate::all!(written_94: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_95_ends_alike() {
    crate::all!(unordered written_95: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_96_ends_alike() {
    crate::all!(written_96: order(0), order(1), order(4), order(8));
}

#[tokio::test]
async fn written_97_ends_alike() {
    crate::all!(written_97: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_98_ends_alike() {
    crate::all!(unordered written_98: 0, 1, 2, 6);
}

#[tokio::test]
async fn written_99_ends_alike() {
    crate::all!(unordered written_99: order(0), order(1), order(4), order(8));
}
