//! Numbers and truth values.

use crate::row::{Rows, row};

/// A constant of the source.
const MOST: u32 = 20;

#[expect(
    clippy::absurd_extreme_comparisons,
    clippy::implicit_saturating_sub,
    clippy::manual_div_ceil,
    reason = "the rows say what they say"
)]
pub(crate) fn rows(rows: &mut Rows) {
    row!(
        rows,
        |a: u32, b: u32| a + b,
        "exact up to 2^53; an overflow is not noticed"
    );
    row!(rows, |a: i32, b: i32| a - b);
    row!(rows, |a: i32, b: i32| a * b);
    row!(rows, |a: u32, b: u32| a / b, "by zero: the state fails");
    row!(rows, |a: i32, b: i32| a / b, "towards zero");
    row!(rows, |a: i64| a / 7);
    row!(rows, |a: u64| a / 10);
    row!(rows, |a: i32, b: i32| a % b);
    row!(rows, |a: u32| a % 3);
    row!(rows, |a: i32| -a);
    row!(rows, |a: i32, b: i32| -(a + b) * 2);
    row!(rows, |a: i32, b: i32| a - (b - 1));
    row!(rows, |a: i32, b: i32, c: i32| a - b - c);
    row!(rows, |a: i32, b: i32| 2 * (a + b) / 3);
    row!(rows, |a: f64, b: f64| a + b * 2.0);
    row!(rows, |a: f64| a / 4.0);
    row!(rows, |a: f64| a % 1.5);
    row!(rows, |a: f64| -a);
    row!(rows, |a: u32| (a + 9) / 10 * 10);
    row!(rows, |a: i32, b: i32| a == b);
    row!(rows, |a: i32, b: i32| a != b);
    row!(rows, |a: u32| a > MOST, "a constant of the source");
    row!(rows, |a: u32, b: u32| a < b && b <= 100);
    row!(rows, |a: f64, b: f64| a >= b || a < 0.0);
    row!(rows, |a: bool, b: bool| !a && b || a && !b);
    row!(rows, |a: bool, b: bool| a == b);
    row!(rows, |a: bool, b: bool, c: bool| a && (b || c));
    row!(rows, |a: u32| a >= u32::MAX);
    row!(rows, |a: u32| (1..=5).contains(&a));
    row!(rows, |a: i32| (-5..5).contains(&a));
    row!(rows, |a: i32| a.abs());
    row!(rows, |a: f64| a.abs());
    row!(rows, |a: u32, b: u32| a.abs_diff(b));
    row!(rows, |a: i32| a.signum());
    row!(rows, |a: i32| a.is_negative());
    row!(rows, |a: i32| a.is_positive());
    row!(rows, |a: u32, b: u32| a.min(b));
    row!(rows, |a: i32, b: i32| a.max(b) + 1);
    row!(rows, |a: u32, b: u32| std::cmp::max(a, b));
    row!(rows, |a: i32| a.clamp(-3, 3));
    row!(rows, |a: u8, b: u8| a.saturating_sub(b));
    row!(rows, |a: u64, b: u64| a.saturating_sub(b));
    row!(rows, |a: u8, b: u8| a.saturating_add(b));
    row!(rows, |a: i32, b: i32| a.saturating_add(b));
    row!(rows, |a: u64| a.pow(2));
    row!(rows, |a: f64| a.floor());
    row!(rows, |a: f64| a.ceil());
    row!(rows, |a: f64| a.trunc());
    row!(rows, |a: f64| a.round(), "halves go away from zero");
    row!(rows, |a: f64| a.abs().sqrt());
    row!(rows, |a: u8| u32::from(a) * 1000);
    row!(rows, |a: i32| i64::from(a) * 3);
    row!(rows, |a: u8| a as u32);
    row!(rows, |a: i32| a as u8, "the lowest bits, as in Rust");
    row!(rows, |a: u32| a as i8);
    row!(rows, |a: i64| a as u32);
    row!(rows, |a: i32| f64::from(a) / 2.0);
    row!(rows, |a: u64| a as f64 / 2.0);
    row!(
        rows,
        |a: f64| a as u8,
        "towards zero, to the nearest that fits"
    );
    row!(rows, |a: f64| a as i32);
    row!(rows, |a: bool| a as u32);
    row!(rows, |a: u32| if a > 5 { a - 5 } else { 0 });
    row!(rows, |a: u32| if a > 20 {
        "large"
    } else if a > 5 {
        "medium"
    } else {
        "small"
    });
    row!(rows, |a: u32| match a {
        0 => "none",
        1 | 2 => "few",
        3..=9 => "some",
        _ => "many",
    });
    row!(rows, |a: i32, b: i32| match (a, b) {
        (0, _) => 0,
        (x, 0) => x,
        (x, y) if x > y => x - y,
        _ => 1,
    });
    row!(rows, |a: u32| {
        let double = a * 2;
        let square = double * double;
        square + double
    });
    row!(rows, |a: u32| if let n @ 3..=8 = a { n } else { 100 });
    row!(rows, |a: u32| matches!(a, 1..=4 | 9));
    row!(rows, |a: u32| { if a == 77 { panic!("never") } else { a } });
}
