//! Lists and iterators.

use crate::{
    kinds::Line,
    row::{Rows, row},
};

#[expect(
    clippy::flat_map_identity,
    clippy::map_clone,
    clippy::suspicious_map,
    reason = "the rows say what they say"
)]
pub(crate) fn rows(rows: &mut Rows) {
    row!(rows, |list: Vec<u32>| list.len());
    row!(rows, |list: Vec<Vec<u32>>| list.len());
    row!(rows, |list: Vec<u32>| list.is_empty());
    row!(rows, |list: Vec<u32>| list.contains(&3));
    row!(rows, |list: Vec<String>, a: String| list.contains(&a));
    row!(rows, |list: Vec<Line>, line: Line| list.contains(&line));
    row!(rows, |list: Vec<Vec<u8>>, one: Vec<u8>| list.contains(&one));
    row!(rows, |a: u32| [1, 5, 9].contains(&a));
    row!(
        rows,
        |list: Vec<u32>| list[0],
        "out of range: nothing, and so the state fails"
    );
    row!(rows, |list: Vec<u32>, at: usize| list[at]);
    row!(rows, |list: Vec<Vec<u32>>, at: usize| list[at].clone());
    row!(rows, |list: Vec<Vec<Vec<u32>>>| list[0][0].clone());
    row!(rows, |list: Vec<Line>| list[0].sku.clone());
    row!(rows, |list: Vec<u32>| list.first().copied());
    row!(rows, |list: Vec<u32>| list.last().copied());
    row!(rows, |list: Vec<u32>, at: usize| list
        .get(at)
        .copied()
        .unwrap_or(99));
    row!(rows, |list: Vec<Vec<u32>>| list.first().cloned());
    row!(rows, |list: Vec<Vec<u32>>| list.last().cloned());
    row!(rows, |list: Vec<Line>| list
        .first()
        .map(|line| line.quantity));
    row!(rows, |list: Vec<u32>| list
        .iter()
        .map(|n| n % 7)
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<u32>| list
        .iter()
        .map(|n| Some(n % 7).filter(|n| *n > 2))
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<u32>| list
        .iter()
        .map(|n| vec![n % 7])
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<Vec<u32>>| list
        .iter()
        .map(|inner| inner.len())
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<Vec<u32>>| list
        .iter()
        .map(|inner| inner.clone())
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<Vec<u32>>| list
        .iter()
        .map(|inner| inner.iter().map(|n| n / 2).collect::<Vec<_>>())
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<Line>| list
        .iter()
        .map(|line| line.sku.clone())
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<Line>| list
        .iter()
        .map(|line| (line.sku.clone(), line.cents))
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<(u8, String)>| list
        .iter()
        .map(|(n, text)| format!("{n}{text}"))
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<u32>| list
        .iter()
        .filter(|n| **n > 3)
        .copied()
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<u32>| list
        .into_iter()
        .filter(|&n| n > 3 && n < 20)
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<Vec<u32>>| list
        .iter()
        .filter(|inner| inner.len() != 1)
        .cloned()
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<Line>| list
        .into_iter()
        .filter(|line| line.quantity > 5)
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<u32>| list.iter().any(|n| *n > 20));
    row!(rows, |list: Vec<Vec<u32>>| list
        .iter()
        .any(|inner| inner.is_empty()));
    row!(rows, |list: Vec<u32>| list.iter().all(|n| *n < 20));
    row!(rows, |list: Vec<Line>| list
        .iter()
        .all(|line| line.quantity > 0 && !line.sku.is_empty()));
    row!(rows, |list: Vec<u64>| list.iter().sum::<u64>());
    row!(rows, |list: Vec<Line>| list
        .iter()
        .map(|line| u64::from(line.quantity) * u64::from(line.cents))
        .sum::<u64>());
    row!(rows, |list: Vec<i32>| list
        .iter()
        .map(|n| i64::from(*n))
        .product::<i64>()
        .signum());
    row!(rows, |list: Vec<i32>| list.iter().min().copied());
    row!(rows, |list: Vec<i32>| list
        .iter()
        .max()
        .copied()
        .unwrap_or(0));
    row!(rows, |list: Vec<u32>| list
        .iter()
        .filter(|n| *n % 2 == 0)
        .count());
    row!(rows, |list: Vec<Vec<u32>>| list
        .iter()
        .filter(|inner| inner.len() < 2)
        .count());
    row!(rows, |list: Vec<u32>| list
        .iter()
        .find(|n| **n > 3)
        .copied());
    row!(rows, |list: Vec<Line>| list
        .into_iter()
        .find(|line| line.quantity > 3));
    row!(rows, |list: Vec<Vec<u32>>| list
        .iter()
        .find(|inner| inner.len() < 2)
        .cloned());
    row!(rows, |list: Vec<u32>| list.iter().position(|n| *n > 3));
    row!(rows, |list: Vec<Option<u32>>| list
        .iter()
        .position(|n| n.is_none()));
    row!(rows, |list: Vec<u32>| list
        .iter()
        .rev()
        .copied()
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<Vec<u32>>| list
        .into_iter()
        .rev()
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<u32>, n: usize| list
        .into_iter()
        .take(n)
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<u32>, n: usize| list
        .into_iter()
        .skip(n)
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<Vec<u32>>| list
        .into_iter()
        .skip(1)
        .take(2)
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<String>| list
        .into_iter()
        .enumerate()
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<Vec<u8>>| list
        .into_iter()
        .enumerate()
        .map(|(at, inner)| at + inner.len())
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<u32>, other: Vec<String>| list
        .into_iter()
        .zip(other)
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<Vec<u8>>, other: Vec<Vec<u8>>| list
        .into_iter()
        .zip(other)
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<u32>, other: Vec<u32>| list
        .into_iter()
        .chain(other)
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<Vec<u32>>, other: Vec<Vec<u32>>| [
        list, other
    ]
    .concat());
    row!(rows, |list: Vec<Vec<u32>>| list.concat());
    row!(rows, |list: Vec<Vec<Vec<u32>>>| list
        .into_iter()
        .flatten()
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<Option<u32>>| list
        .into_iter()
        .flatten()
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<u32>| list
        .into_iter()
        .flat_map(|n| vec![n, n / 2])
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<Vec<Vec<u32>>>| list
        .into_iter()
        .flat_map(|inner| inner)
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<u32>| list
        .into_iter()
        .filter_map(|n| if n > 3 { Some(n - 3) } else { None })
        .collect::<Vec<_>>());
    row!(rows, |list: Vec<Line>| list.into_iter().find_map(|line| {
        line.sku.strip_prefix("a").map(|rest| rest.to_string())
    }));
    row!(rows, |list: Vec<u32>| list
        .iter()
        .fold(1, |sum, n| sum * 2 % 1000 + n % 5));
    row!(rows, |list: Vec<u32>| list
        .into_iter()
        .fold(vec![], |all, n| [vec![n], all].concat()));
    row!(rows, |list: Vec<String>| list.join(", "));
    row!(rows, |list: Vec<String>| list.concat());
    row!(rows, |list: Vec<u32>| list
        .iter()
        .map(|n| n.to_string())
        .collect::<String>());
    row!(rows, |n: u32| (0..n.min(5))
        .map(|at| at * at)
        .collect::<Vec<_>>());
    row!(rows, |n: u32| (1..=n.min(5)).sum::<u32>());
    row!(rows, |a: u32, b: u32| vec![a, b, 3]);
    row!(rows, |list: Vec<u32>| vec![list, vec![], vec![1]]);
    row!(
        rows,
        |list: Vec<u32>, n: u32| list
            .iter()
            .map(|map| map % 3 + n % 3)
            .filter(|sum| *sum > 1)
            .map(|count| [count].iter().count())
            .count(),
        "names of JSONata's functions are left to them"
    );
    row!(rows, |list: Vec<u32>| match list.as_slice() {
        [] => 0,
        [one] => *one,
        [first, .., last] => first % 100 + last % 100,
    });
    row!(rows, |list: Vec<u32>| match list.as_slice() {
        [] => vec![],
        [_, rest @ ..] => rest.to_vec(),
    });
    row!(rows, |list: Vec<Vec<u32>>| match list.as_slice() {
        [first, inner @ .., last] => vec![first.clone(), inner.concat(), last.clone()],
        other => other.to_vec(),
    });
    row!(rows, |list: Vec<u32>| list == vec![1, 2]);
    row!(rows, |list: Vec<Vec<u32>>, other: Vec<Vec<u32>>| list
        == other);
}
