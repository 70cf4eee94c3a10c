//! What the registry says when a name is not there, or there twice.

use super::{Error, sorted};

#[test]
fn an_unknown_name_is_answered_with_the_known_ones() {
    let error = Error::NoSuchWorkflow {
        name: "make-piza".into(),
        known: vec!["earthquakes", "make-pizza"],
    };
    assert_eq!(
        error.to_string(),
        "no workflow is named `make-piza`\n\
         help: did you mean `make-pizza`?\n\
         note: its workflows are `earthquakes`, `make-pizza`\n\
         help: a crate that no code mentions is not linked: write `use my_steps as _;` in `main.rs`",
    );
    let error = Error::NoSuchStep {
        name: "bake".into(),
        known: vec![],
    };
    assert_eq!(
        error.to_string(),
        "no step is named `bake`\n\
         note: this program has no steps\n\
         help: a crate that no code mentions is not linked: write `use my_steps as _;` in `main.rs`",
    );
}

#[test]
fn two_of_one_name_are_refused_with_both_places() {
    let entries = vec![("b", "b.rs", 1), ("a", "z.rs", 9), ("a", "c.rs", 3)];
    let duplicate = |name, first, second| Error::DuplicateStep {
        name,
        first,
        second,
    };
    let error = sorted(entries, |entry| *entry, duplicate).expect_err("`a` is there twice");
    assert_eq!(
        error.to_string(),
        "two steps are named `a`: at c.rs:3 and at z.rs:9\n\
         help: give one of them a name of its own: `#[step(name = \"…\")]`",
    );
}

#[test]
fn names_are_sorted() {
    let entries = vec![("b", "b.rs", 1), ("a", "z.rs", 9)];
    let never = |name, first, second| Error::DuplicateStep {
        name,
        first,
        second,
    };
    let sorted = sorted(entries, |entry| *entry, never);
    assert_eq!(sorted, Ok(vec![("a", "z.rs", 9), ("b", "b.rs", 1)]));
}
