//! Store: one row an event, however often it comes.

use serde::{Deserialize, Serialize};
use sfn_runtime::{Payload, step};

use crate::{
    enrich::{Enriched, Quake},
    lake::Lake,
    trouble::Trouble,
    validate::Intake,
    warehouse::{self, Warehouse},
};

/// The database's key in the lake.
pub const DATABASE: &str = "earthquakes.sqlite";

/// What is in the database now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Payload)]
pub struct Stored {
    /// What came in.
    pub intake: Intake,
    /// Rows that were not there before.
    pub new: u32,
    /// Rows that a newer entry replaced.
    pub changed: u32,
    /// How many earthquakes were worth an alert.
    pub alerts: u32,
}

/// Writes the enriched batches into the database, in one transaction.
///
/// A locked database is free again soon: the waits grow from five seconds. The state machine waits, and
/// no worker is held up meanwhile.
#[step(
    retry(
        on(Trouble::Locked, Trouble::Unreachable),
        interval = "5s",
        max_attempts = 4,
        backoff = 2.0
    ),
    timeout = "1m"
)]
pub fn store(
    intake: Intake,
    batches: &[Enriched],
    #[inject] lake: Lake,
    #[inject] warehouse: Warehouse,
) -> Result<Stored, Trouble> {
    let mut quakes: Vec<Quake> = Vec::new();
    for batch in batches {
        quakes.append(&mut lake.get(&batch.key)?);
    }
    let mut connection = warehouse.open(&lake.make_room(DATABASE)?)?;
    let loaded = warehouse::load(&mut connection, &quakes).inspect_err(|trouble| {
        tracing::warn!(%trouble, "nothing is stored");
    })?;
    tracing::info!(new = loaded.new, changed = loaded.changed, "stored");
    Ok(Stored {
        intake,
        new: loaded.new,
        changed: loaded.changed,
        alerts: batches.iter().map(|batch| batch.alerts).sum(),
    })
}
