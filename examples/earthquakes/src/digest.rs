//! What was found, as data and as a page.

use std::fmt::Write as _;

use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};
use sfn_runtime::Payload;

use crate::{
    store::Stored,
    trouble::Trouble,
    validate::{Intake, SetAside},
};

/// What was found in a feed: the result of an execution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub struct Digest {
    /// The name of the feed.
    pub feed: String,
    /// How many entries it had.
    pub entries: u32,
    /// How many of them are earthquakes.
    pub earthquakes: u32,
    /// What was set aside, by reason.
    pub set_aside: Vec<SetAside>,
    /// How many earthquakes were worth an alert.
    pub alerts: u32,
    /// Rows that were not in the database before.
    pub new: u32,
    /// Rows that a newer entry replaced.
    pub changed: u32,
    /// How many came with a tsunami message.
    pub tsunami: u32,
    /// The energy of all of them, in joules.
    pub energy: f64,
    /// By depth, from the surface down.
    pub depths: Vec<Group>,
    /// By region, the most shaken first; the first ten.
    pub regions: Vec<Group>,
    /// The five strongest.
    pub strongest: Vec<Headline>,
    /// The key of the page that was sent.
    pub page: String,
}

/// Earthquakes that have something in common.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Group {
    /// What they have in common.
    pub name: String,
    /// How many there are.
    pub earthquakes: u32,
    /// The magnitude of the strongest.
    pub strongest: f64,
}

/// One earthquake, in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub struct Headline {
    /// How strong it was.
    pub magnitude: f64,
    /// Where, in words.
    pub place: String,
    /// When, by the clocks of the place.
    pub local_time: String,
    /// Kilometres below the surface.
    pub depth: f64,
}

const BY_DEPTH: &str = "
    SELECT depth_class, count(*), max(magnitude) FROM earthquake WHERE time BETWEEN ?1 AND ?2
    GROUP BY depth_class ORDER BY min(depth)
";

const BY_REGION: &str = "
    SELECT region, count(*), max(magnitude) FROM earthquake WHERE time BETWEEN ?1 AND ?2
    GROUP BY region ORDER BY count(*) DESC, region LIMIT 10
";

const STRONGEST: &str = "
    SELECT magnitude, place, local_time, depth FROM earthquake WHERE time BETWEEN ?1 AND ?2
    ORDER BY magnitude DESC, time LIMIT 5
";

const TOTALS: &str = "
    SELECT count(*), coalesce(sum(energy), 0.0), coalesce(sum(tsunami), 0)
    FROM earthquake WHERE time BETWEEN ?1 AND ?2
";

impl Digest {
    /// Asks the database about the days of the feed that was stored last.
    pub fn of(connection: &Connection, stored: Stored, page: String) -> Result<Self, Trouble> {
        let Intake {
            feed,
            entries,
            set_aside,
            first,
            last,
            ..
        } = stored.intake;
        let group = |row: &Row<'_>| {
            Ok(Group {
                name: row.get(0)?,
                earthquakes: row.get(1)?,
                strongest: row.get(2)?,
            })
        };
        let headline = |row: &Row<'_>| {
            Ok(Headline {
                magnitude: row.get(0)?,
                place: row.get(1)?,
                local_time: row.get(2)?,
                depth: row.get(3)?,
            })
        };
        let days = params![first, last];
        let (earthquakes, energy, tsunami) = connection.query_row(TOTALS, days, |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
        Ok(Self {
            feed,
            entries,
            earthquakes,
            set_aside,
            alerts: stored.alerts,
            new: stored.new,
            changed: stored.changed,
            tsunami,
            energy,
            depths: rows(connection, BY_DEPTH, (first, last), group)?,
            regions: rows(connection, BY_REGION, (first, last), group)?,
            strongest: rows(connection, STRONGEST, (first, last), headline)?,
            page,
        })
    }

    /// The digest as Markdown, with tables that read well in a terminal too.
    pub fn page(&self) -> String {
        let mut page = format!("# Earthquakes of `{}`\n\n", self.feed);
        let mut line = |text: String| {
            // Writing to a text cannot fail.
            let _ = writeln!(page, "{text}");
        };
        line(format!(
            "{} entries: {} earthquakes, {} set aside. {} alerts, {} with a tsunami message.",
            self.entries,
            self.earthquakes,
            self.set_aside
                .iter()
                .map(|reason| reason.entries)
                .sum::<u32>(),
            self.alerts,
            self.tsunami,
        ));
        line(format!(
            "{} rows are new, {} changed. Energy: {:.1e} J.",
            self.new, self.changed, self.energy
        ));
        let groups = |groups: &[Group]| {
            groups
                .iter()
                .map(|group| {
                    vec![
                        group.name.clone(),
                        group.earthquakes.to_string(),
                        format!("{:.1}", group.strongest),
                    ]
                })
                .collect::<Vec<_>>()
        };
        line(String::new());
        line(table(
            &["strongest", "where", "local time", "depth"],
            self.strongest.iter().map(|quake| {
                vec![
                    format!("{:.1}", quake.magnitude),
                    quake.place.clone(),
                    quake.local_time.clone(),
                    format!("{:.0} km", quake.depth),
                ]
            }),
        ));
        line(table(
            &["depth", "earthquakes", "strongest"],
            groups(&self.depths),
        ));
        line(table(
            &["region", "earthquakes", "strongest"],
            groups(&self.regions),
        ));
        line(table(
            &["set aside", "entries"],
            self.set_aside
                .iter()
                .map(|reason| vec![reason.reason.clone(), reason.entries.to_string()]),
        ));
        page.truncate(page.trim_end().len());
        page.push('\n');
        page
    }
}

fn rows<T>(
    connection: &Connection,
    query: &str,
    days: (i64, i64),
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, Trouble> {
    let mut statement = connection.prepare(query)?;
    let found: rusqlite::Result<Vec<T>> = statement.query_map(days, read)?.collect();
    Ok(found?)
}

/// A Markdown table whose columns line up.
fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let head = head.iter().map(|cell| (*cell).to_owned()).collect();
    let mut rows: Vec<Vec<String>> = rows.into_iter().collect();
    rows.insert(0, head);
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
    let mut text = String::new();
    for (number, row) in rows.iter().enumerate() {
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(text, "| {cell:<width$} ");
        }
        text.push_str("|\n");
        if number == 0 {
            for width in &widths {
                let _ = write!(text, "|-{:-<width$}-", "");
            }
            text.push_str("|\n");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_of_a_table_line_up() {
        let rows = [["Taiwan", "20"], ["Kiribati", "1"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(
            table(&["region", "n"], rows),
            "| region   | n  |\n\
             |----------|----|\n\
             | Taiwan   | 20 |\n\
             | Kiribati | 1  |\n"
        );
    }
}
