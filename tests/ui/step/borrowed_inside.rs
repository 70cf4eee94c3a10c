use std::borrow::Cow;

use sfn_runtime::step;

#[step]
fn join(parts: Vec<&str>, with: Cow<'_, str>) -> String {
    parts.join(&with)
}

#[step]
fn first(parts: &str) -> &str {
    parts
}

fn main() {}
