//! The database in which the earthquakes end up.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::{Connection, TransactionBehavior, named_params};

use crate::{enrich::Quake, trouble::Trouble};

/// The tables. `STRICT`, since SQLite would otherwise store a text in a number's column.
const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS earthquake (
        id          TEXT PRIMARY KEY,
        magnitude   REAL NOT NULL,
        place       TEXT NOT NULL,
        region      TEXT NOT NULL,
        time        INTEGER NOT NULL,
        updated     INTEGER NOT NULL,
        local_time  TEXT NOT NULL,
        longitude   REAL NOT NULL,
        latitude    REAL NOT NULL,
        depth       REAL NOT NULL,
        depth_class TEXT NOT NULL,
        energy      REAL NOT NULL,
        tsunami     INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS earthquake_by_time ON earthquake (time);
";

/// One row an event. The feed of tomorrow repeats most of today's events, some of them corrected: a newer
/// entry replaces the row, the same one changes nothing, and an older one is too late.
const UPSERT: &str = "
    INSERT INTO earthquake VALUES (
        :id, :magnitude, :place, :region, :time, :updated, :local_time,
        :longitude, :latitude, :depth, :depth_class, :energy, :tsunami
    )
    ON CONFLICT (id) DO UPDATE SET
        magnitude = excluded.magnitude, place = excluded.place, region = excluded.region,
        time = excluded.time, updated = excluded.updated, local_time = excluded.local_time,
        longitude = excluded.longitude, latitude = excluded.latitude, depth = excluded.depth,
        depth_class = excluded.depth_class, energy = excluded.energy, tsunami = excluded.tsunami
    WHERE excluded.updated > earthquake.updated
";

/// The way to the database, for the steps that need it.
#[derive(Debug, Clone, Default)]
pub struct Warehouse {
    analyst: Arc<Mutex<Analyst>>,
}

/// Somebody with a transaction of her own.
#[derive(Debug, Default)]
enum Analyst {
    /// Nobody is there.
    #[default]
    Away,
    /// She will lock the database before anybody else comes.
    Expected,
    /// She holds the lock, until somebody asks her to let go.
    Writing(#[expect(dead_code, reason = "it is the lock: dropping it lets go")] Connection),
}

impl Warehouse {
    /// A database that nobody else writes to.
    pub fn quiet() -> Self {
        Self::default()
    }

    /// A database that an analyst holds locked when the pipeline comes first, so that the retrier of
    /// [`store`](crate::store::store) has something to do. The lock is SQLite's own.
    pub fn with_an_analyst() -> Self {
        Self {
            analyst: Arc::new(Mutex::new(Analyst::Expected)),
        }
    }

    /// Opens the database in the file at `path`, which is made if there is none.
    pub fn open(&self, path: &Path) -> Result<Connection, Trouble> {
        let connection = Connection::open(path)?;
        // Waiting is the state machine's business: it holds no thread while it waits.
        connection.busy_timeout(std::time::Duration::ZERO)?;
        let mut analyst = self.analyst.lock().unwrap_or_else(PoisonError::into_inner);
        *analyst = match std::mem::take(&mut *analyst) {
            Analyst::Expected => {
                let hers = Connection::open(path)?;
                hers.execute_batch("BEGIN IMMEDIATE")?;
                Analyst::Writing(hers)
            }
            Analyst::Writing(_) | Analyst::Away => Analyst::Away,
        };
        Ok(connection)
    }
}

/// How many rows a load touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Loaded {
    /// Rows that were not there.
    pub new: u32,
    /// Rows that a newer entry replaced.
    pub changed: u32,
}

/// Writes all of `quakes`, or none: a reader never sees half a feed.
pub fn load(connection: &mut Connection, quakes: &[Quake]) -> Result<Loaded, Trouble> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(SCHEMA)?;
    let before = rows(&transaction)?;
    let mut touched = 0;
    {
        let mut upsert = transaction.prepare(UPSERT)?;
        for quake in quakes {
            let event = &quake.event;
            touched += upsert.execute(named_params! {
                ":id": event.id,
                ":magnitude": event.magnitude,
                ":place": event.place,
                ":region": quake.region,
                ":time": event.time,
                ":updated": event.updated,
                ":local_time": quake.local_time,
                ":longitude": event.longitude,
                ":latitude": event.latitude,
                ":depth": event.depth,
                ":depth_class": format!("{:?}", quake.depth_class).to_lowercase(),
                ":energy": quake.energy,
                ":tsunami": event.tsunami,
            })?;
        }
    }
    let new = rows(&transaction)? - before;
    transaction.commit()?;
    Ok(Loaded {
        new,
        changed: crate::validate::count(touched) - new,
    })
}

/// How many rows there are.
pub fn rows(connection: &Connection) -> Result<u32, Trouble> {
    Ok(connection.query_row("SELECT count(*) FROM earthquake", [], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        enrich::quake,
        event::{Event, tests::feature},
    };

    fn memory() -> Connection {
        Connection::open_in_memory().expect("SQLite opens a database in memory")
    }

    #[test]
    fn loading_twice_leaves_the_same_rows() {
        let quakes = [quake(Event::read(&feature()).expect("it is sound"))];
        let mut connection = memory();
        let first = load(&mut connection, &quakes);
        assert_eq!(first, Ok(Loaded { new: 1, changed: 0 }));
        assert_eq!(load(&mut connection, &quakes), Ok(Loaded::default()));
        assert_eq!(rows(&connection), Ok(1));
    }

    #[test]
    fn a_newer_entry_replaces_the_row_and_an_older_one_does_not() {
        let old = quake(Event::read(&feature()).expect("it is sound"));
        let mut new = old.clone();
        new.event.magnitude = 6.3;
        new.event.updated += 1;
        let mut connection = memory();
        for (quakes, expected) in [
            ([old.clone()], Loaded { new: 1, changed: 0 }),
            ([new], Loaded { new: 0, changed: 1 }),
            ([old], Loaded { new: 0, changed: 0 }),
        ] {
            assert_eq!(load(&mut connection, &quakes), Ok(expected));
        }
        let magnitude: f64 = connection
            .query_row("SELECT magnitude FROM earthquake", [], |row| row.get(0))
            .expect("there is one row");
        assert_eq!(magnitude, 6.3);
    }
}
