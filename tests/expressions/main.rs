//! Rust's expressions and the JSONata they become give the same values.
//!
//! Every row of the guide's list is a closure that is compiled twice: by rustc, and by the macros into JSONata. Both are given
//! generated values. `tests/expressions/run` gives the same to the reference implementation of JSONata as well.
//!
//! Where Rust panics for good (a division by zero, `unwrap` of `None`, an index out of range), the JSONata must fail or
//! give nothing, which fails the state. Where Rust panics because a number has become too large, nothing is compared.
//! `PROPTEST_CASES` says how many values a row is given.

mod data;
mod kinds;
mod lists;
mod numbers;
mod options;
mod page;
mod row;
mod texts;
mod traps;

use row::Rows;

/// Adds the rows of a section.
type Fill = fn(&mut Rows);

/// The sections of the guide's page, in its order.
const SECTIONS: &[(&str, Fill)] = &[
    ("Numbers", numbers::rows),
    ("Texts", texts::rows),
    ("Options", options::rows),
    ("Lists", lists::rows),
    ("Structs, enums, tuples, maps", data::rows),
];

#[test]
fn numbers() {
    row::check("Numbers");
}

#[test]
fn texts() {
    row::check("Texts");
}

#[test]
fn options() {
    row::check("Options");
}

#[test]
fn lists() {
    row::check("Lists");
}

#[test]
fn data() {
    row::check("Structs, enums, tuples, maps");
}
