//! Standard output: data, and nothing else.

use std::io::{self, Write};

use serde::Serialize;

use super::problem::Problem;

/// Writes text as it is.
pub(super) fn text(text: &str) -> Result<(), Problem> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Writes text and ends the line.
pub(super) fn line(line: &str) -> Result<(), Problem> {
    let mut out = io::stdout().lock();
    out.write_all(line.as_bytes())?;
    out.write_all(b"\n")?;
    Ok(out.flush()?)
}

/// Writes a value as JSON, over several lines.
pub(super) fn json(value: &impl Serialize) -> Result<(), Problem> {
    line(&pretty(value))
}

/// A value as JSON, over several lines.
pub(super) fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("our own values have text keys and finite numbers")
}

/// A value as JSON, on one line.
pub(super) fn compact(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("our own values have text keys and finite numbers")
}

/// Columns of equal width, two spaces apart; the last one as wide as it likes.
pub(super) fn table(rows: &[Vec<String>], indent: usize) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| console::measure_text_width(cell))
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for row in rows {
        let mut line = " ".repeat(indent);
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width - console::measure_text_width(cell) + 2));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
