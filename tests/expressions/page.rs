//! The guide's page shows the rows, and the JSONata that comes out of them.
//!
//! A table stands between `<!-- table: SECTION -->` and `<!-- end -->`. With `UPDATE_EXPECT=1` they are written anew.

use std::{fs, path::Path};

use crate::{SECTIONS, row::Rows};

#[test]
fn the_page_shows_the_rows() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guide/expressions.md");
    let page = fs::read_to_string(&path).expect("the page can be read");
    let mut wanted = page.clone();
    for (section, _) in SECTIONS {
        let begin = format!("<!-- table: {section} -->\n");
        let start = wanted
            .find(&begin)
            .unwrap_or_else(|| panic!("the page has no table `{section}`"))
            + begin.len();
        let end = start
            + wanted[start..]
                .find("<!-- end -->")
                .expect("the table ends");
        wanted.replace_range(start..end, &table(section));
    }
    if page == wanted {
        return;
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, wanted).expect("the page can be written");
        return;
    }
    let differs = page
        .lines()
        .zip(wanted.lines())
        .find(|(one, other)| one != other);
    panic!("the page differs; write it anew with UPDATE_EXPECT=1\n{differs:#?}");
}

fn table(section: &'static str) -> String {
    let mut table = "\n| Rust | of | JSONata | |\n|---|---|---|---|\n".to_owned();
    for row in Rows::of(section).rows {
        let cells = [
            code(&row.rust),
            code(&row.of),
            code(&row.jsonata()),
            row.note.to_owned(),
        ];
        let line = cells.join(" | ");
        table.push_str(&format!("| {} |\n", line.trim_end()));
    }
    table.push('\n');
    table
}

/// As code within a table's cell.
fn code(text: &str) -> String {
    // A bar would end the cell, in code as well.
    let text = text.replace('|', "\\|");
    if text.contains('`') {
        format!("`` {text} ``")
    } else {
        format!("`{text}`")
    }
}
