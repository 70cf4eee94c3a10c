//! Texts.

use crate::row::{Rows, row};

const GREETING: &str = "Hello, ";

pub(crate) fn rows(rows: &mut Rows) {
    row!(rows, |a: String, b: String| a == b);
    row!(rows, |a: String| a == "a,b");
    row!(rows, |a: String| a.as_str() != "it's \"here\" \\ {% x %}");
    row!(rows, |a: String| a.is_empty());
    row!(
        rows,
        |a: String| a.chars().count(),
        "`.len()` counts bytes, and is refused"
    );
    row!(rows, |a: String, b: String| a + &b);
    row!(rows, |a: String| GREETING.to_string() + &a + "!");
    row!(rows, |a: String, b: String| format!("{a}-{b}"));
    row!(rows, |a: i64, b: bool| format!("{a} {b} {{}}"));
    row!(
        rows,
        |a: u64| a.to_string(),
        "numbers with a fraction need a precision"
    );
    row!(rows, |a: bool| a.to_string());
    row!(rows, |a: String| format!("[{a:<4}|{a:>4}|{a:*>4}]"));
    row!(rows, |a: u32| format!("{a:5}|{a:<5}|{a:05}"));
    row!(rows, |a: u32| format!("{a:x} {a:X} {a:b} {a:o}"));
    row!(rows, |a: String| format!("{a:.2}"));
    row!(
        rows,
        |a: f64| format!("{a:.2}"),
        "below 10^21; the sign of a negative zero is lost"
    );
    row!(rows, |a: f64| format!("{a:.0}|{a:.1}|{a:9.3}"));
    row!(rows, |a: u32| format!("{:.2} €", f64::from(a) / 100.0));
    row!(rows, |a: String, b: u32| format!(
        "{1}{0}{1}{c}",
        a,
        b,
        c = b + 1
    ));
    row!(rows, |a: String, b: String| a.contains(&b));
    row!(rows, |a: String| a.contains("a"));
    row!(rows, |a: String| a.contains(','));
    row!(rows, |a: String, b: String| a.starts_with(&b));
    row!(rows, |a: String, b: String| a.ends_with(&b));
    row!(rows, |a: String| a.starts_with("ab"));
    row!(rows, |a: String| a.ends_with('-'));
    row!(rows, |a: String| a.to_uppercase());
    row!(rows, |a: String| a.to_lowercase());
    row!(rows, |a: String| a.trim().to_string());
    row!(rows, |a: String| a.trim_start().to_owned());
    row!(rows, |a: String| a.trim_end().to_owned());
    row!(
        rows,
        |a: String| a
            .split(',')
            .map(|part| part.to_string())
            .collect::<Vec<_>>(),
        "the separator is a constant"
    );
    row!(rows, |a: String| a.split("-").count());
    row!(rows, |a: String| a
        .split_once(',')
        .map(|(left, right)| (right.to_string(), left.to_string())));
    row!(rows, |a: String| a.replace("a", "$0b"));
    row!(rows, |a: String, b: String| a.replace(",", &b));
    row!(rows, |a: String| a
        .strip_prefix("a")
        .map(|rest| rest.to_string()));
    row!(rows, |a: String, b: String| a
        .strip_suffix(b.as_str())
        .unwrap_or("none")
        .to_string());
    row!(rows, |a: String| String::from("x") + a.as_str());
    row!(rows, |a: char| a == ',');
    row!(rows, |a: char| a.to_string() + "!");
    row!(rows, |a: String| match a.as_str() {
        "" => 0,
        "a" | "ab" => 1,
        _ => 2,
    });
}
