//! What the past says.

use serde::{Deserialize, Serialize};
use sfn_runtime::{Large, Payload, StepError, step};

/// The days of one month, over the years.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Month {
    /// `01` to `12`.
    pub month: String,
    /// Its rows, as they stand in the record.
    pub rows: Vec<String>,
}

/// What a month is like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub struct Judged {
    /// Which.
    pub month: String,
    /// How many of a hundred days had no rain.
    pub dry_percent: f64,
    /// The mean of the days' highest temperatures, in °C.
    pub warmest: f64,
}

/// The month to choose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub struct Driest {
    /// Which.
    pub month: String,
    /// How many of a hundred days had no rain.
    pub dry_percent: f64,
    /// How many months were judged.
    pub judged: usize,
}

/// What is wrong with the record.
#[derive(Debug, PartialEq, thiserror::Error, StepError)]
pub enum RecordError {
    /// There is none of that name.
    #[error("there is no record `{0}`")]
    #[step_error(retryable = false)]
    Missing(String),
    /// A row is none.
    #[error("`{row}` is no day")]
    #[step_error(retryable = false, data)]
    Row {
        /// The row.
        row: String,
    },
    /// No month could be judged.
    #[error("no month could be judged")]
    #[step_error(retryable = false)]
    Empty,
}

/// Reads a record. It may be larger than what a state carries.
#[step(timeout = "5m")]
pub fn read_record(record: &str) -> Result<Large<String>, RecordError> {
    if record != "data/seattle-weather.csv" {
        return Err(RecordError::Missing(record.to_owned()));
    }
    Ok(Large(crate::WEATHER.to_owned()))
}

/// Sorts a record's rows by month.
#[step(timeout = "5m")]
pub fn months_of(record: &Large<String>) -> Result<Vec<Month>, RecordError> {
    let mut months: Vec<Month> = (1..=12)
        .map(|month| Month {
            month: format!("{month:02}"),
            rows: Vec::new(),
        })
        .collect();
    for row in record.lines().skip(1) {
        let wrong = || RecordError::Row {
            row: row.to_owned(),
        };
        let month = row.get(5..7).ok_or_else(wrong)?;
        let month = months
            .iter_mut()
            .find(|known| known.month == month)
            .ok_or_else(wrong)?;
        month.rows.push(row.to_owned());
    }
    Ok(months)
}

/// Judges one month.
#[step(timeout = "5m")]
pub fn judge_month(month: &Month) -> Result<Judged, RecordError> {
    let (mut dry, mut warmth) = (0_u32, 0.0);
    for row in &month.rows {
        let wrong = || RecordError::Row { row: row.clone() };
        let mut cells = row.split(',').skip(1);
        let mut number = || {
            cells
                .next()
                .and_then(|cell| cell.parse::<f64>().ok())
                .ok_or_else(wrong)
        };
        let (rain, warmest) = (number()?, number()?);
        dry += u32::from(rain == 0.0);
        warmth += warmest;
    }
    let days = u32::try_from(month.rows.len()).unwrap_or(u32::MAX).max(1);
    let tenths = |value: f64| (value * 10.0).round() / 10.0;
    Ok(Judged {
        month: month.month.clone(),
        dry_percent: tenths(f64::from(dry) * 100.0 / f64::from(days)),
        warmest: tenths(warmth / f64::from(days)),
    })
}

/// Takes the driest of the months that are warm enough to stand outside.
#[step]
pub fn choose_month(months: &[Judged]) -> Result<Driest, RecordError> {
    let warm = months.iter().filter(|month| month.warmest >= 18.0);
    let driest = warm
        .max_by(|a, b| a.dry_percent.total_cmp(&b.dry_percent))
        .ok_or(RecordError::Empty)?;
    Ok(Driest {
        month: driest.month.clone(),
        dry_percent: driest.dry_percent,
        judged: months.len(),
    })
}
