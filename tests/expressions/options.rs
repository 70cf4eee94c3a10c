//! `Option`.

use crate::row::{Rows, row};

#[expect(
    clippy::unnecessary_lazy_evaluations,
    clippy::map_unwrap_or,
    clippy::partialeq_to_none,
    clippy::unwrap_used,
    reason = "the rows say what they say"
)]
pub(crate) fn rows(rows: &mut Rows) {
    row!(
        rows,
        |a: Option<u32>| a,
        "absent and `null` are both `None`"
    );
    row!(rows, |a: Option<u32>| a.is_some());
    row!(rows, |a: Option<u32>| a.is_none());
    row!(rows, |a: Option<u32>| a == Some(3));
    row!(rows, |a: Option<u32>| a != Some(3));
    row!(rows, |a: Option<u32>| a == None);
    row!(rows, |a: Option<u32>, b: Option<u32>| a == b);
    row!(rows, |a: Option<u32>, b: Option<u32>| a != b);
    row!(rows, |a: Option<u32>| a.is_some_and(|n| n > 3));
    row!(rows, |a: Option<u32>| a.is_none_or(|n| n > 3));
    row!(rows, |a: Option<u32>| a.unwrap_or(7));
    row!(rows, |a: Option<u32>, b: u32| a.unwrap_or_else(|| b * 2));
    row!(rows, |a: Option<u32>| a.unwrap_or_default() + 1);
    row!(rows, |a: Option<String>| a.unwrap_or_default());
    row!(rows, |a: Option<Vec<u8>>| a.unwrap_or_default());
    row!(
        rows,
        |a: Option<u32>| a.unwrap(),
        "of `None`: the state fails"
    );
    row!(rows, |a: Option<u32>| a.expect("a number") / 2);
    row!(rows, |a: Option<u32>| a.map(|n| n / 2));
    row!(rows, |a: Option<String>| a
        .as_deref()
        .map(|text| text.to_uppercase()));
    row!(rows, |a: Option<Vec<u8>>| a
        .as_ref()
        .map(|list| list.len())
        .unwrap_or(0));
    row!(rows, |a: Option<u32>| a.map_or(0, |n| n + 1));
    row!(rows, |a: Option<u32>| a.and_then(|n| if n > 3 {
        Some(n - 3)
    } else {
        None
    }));
    row!(rows, |a: Option<u32>| a.filter(|n| n % 2 == 0));
    row!(rows, |a: Option<u32>, b: Option<u32>| a.or(b));
    row!(rows, |a: Option<u32>, b: Option<u32>| a.or_else(|| b));
    row!(rows, |a: Option<u32>, b: Option<u32>| a.and(b));
    row!(rows, |a: u32| if a > 5 { Some(a) } else { None });
    row!(rows, |a: Option<u32>| if let Some(n) = a {
        n + 1
    } else {
        0
    });
    row!(rows, |a: Option<u32>, b: Option<u32>| if let Some(x) = a
        && let Some(y) = b
        && x > y
    {
        x - y
    } else {
        0
    });
    row!(rows, |a: Option<u32>| match a {
        Some(0) => "zero",
        Some(1..=9) => "small",
        Some(_) => "large",
        None => "none",
    });
    row!(rows, |a: Option<u32>, b: Option<u32>| match (a, b) {
        (Some(x), Some(y)) => Some(x.min(y)),
        (Some(n), None) | (None, Some(n)) => Some(n),
        (None, None) => None,
    });
    row!(rows, |a: Option<u32>| matches!(a, Some(n) if n > 3));
    row!(rows, |a: Option<Vec<u8>>| a);
    row!(rows, |a: Option<Vec<u8>>| a.map(|list| (list, 1)));
    row!(rows, |a: Option<u32>, b: u32| (a, b));
}
