//! The pipeline on an engine whose time is moved by hand; what it finds is compared with a count of its own.

use std::{collections::BTreeMap, path::PathBuf};

use earthquakes::{
    alert::alert, digest::Digest, enrich::enrich, lake::Lake, notify::notify,
    pipeline::EARTHQUAKES, store::store, trouble::Trouble, validate::Request, validate::validate,
    warehouse::Warehouse,
};
use sfn_runtime::{Providers, RunError, StepError as _, Workers, here};

use crate::{
    feed_count::{self, count, depth, magnitude, place},
    world::{Run, World},
};

/// A world whose lake is a folder of this test's own.
fn world(test: &str, warehouse: Warehouse) -> World {
    let mut providers = Providers::default();
    providers.insert(Lake::new(
        crate::root().join("examples/earthquakes/data"),
        lake(test),
    ));
    providers.insert(warehouse);
    World::new(providers)
}

fn lake(test: &str) -> PathBuf {
    crate::root().join("target/tests/examples").join(test)
}

fn empty_lake(test: &str) {
    // There is none before the first run.
    let _ = std::fs::remove_dir_all(lake(test));
}

async fn open(world: &World) -> Workers {
    world
        .serve([
            here::<validate>(),
            here::<enrich>().concurrency(4),
            here::<alert>(),
            here::<store>(),
            here::<notify>(),
        ])
        .await
}

fn request(feed: &str) -> Request {
    Request {
        feed: feed.to_owned(),
        batch_size: 100,
    }
}

/// Every row of the database, as text.
fn rows(test: &str) -> Vec<String> {
    let path = lake(test).join(earthquakes::store::DATABASE);
    let connection = rusqlite::Connection::open(path).expect("the database opens");
    let mut all = connection
        .prepare("SELECT * FROM earthquake ORDER BY id")
        .expect("the table is there");
    let columns = all.column_count();
    let rows = all.query_map([], |row| {
        (0..columns)
            .map(|column| row.get_ref(column).map(|value| format!("{value:?}")))
            .collect::<Result<Vec<_>, _>>()
    });
    rows.expect("they can be read")
        .map(|row| row.expect("it can be read").join("|"))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn the_digest_is_what_an_independent_count_gives() {
    let test = "digest";
    empty_lake(test);
    let world = world(test, Warehouse::quiet());
    let _workers = open(&world).await;
    let mut run = world.start(&EARTHQUAKES, request("earthquakes.json")).await;
    run.to_the_end().await;
    let digest = run.handle.wait().await.expect("it succeeds");

    let all = feed_count::earthquakes();
    assert_eq!(u64::from(digest.entries), feed_count::feed().len() as u64);
    assert_eq!(u64::from(digest.earthquakes), all.len() as u64);
    assert_eq!((digest.new, digest.changed), (1679, 0));
    let aside: Vec<(&str, u32)> = digest
        .set_aside
        .iter()
        .map(|reason| (reason.reason.as_str(), reason.entries))
        .collect();
    assert_eq!(
        aside,
        [
            ("no earthquake: explosion", 15),
            ("no earthquake: quarry blast", 13)
        ]
    );

    let strong = |entry: &serde_json::Value| magnitude(entry) >= 5.0;
    assert_eq!(u64::from(digest.alerts), count(&all, strong));
    let sent = std::fs::read_dir(lake(test).join("alerts"))
        .expect("alerts were sent")
        .count();
    assert_eq!(sent as u64, count(&all, strong), "one a strong earthquake");
    assert_eq!(
        u64::from(digest.tsunami),
        count(&all, |entry| entry["properties"]["tsunami"] == 1)
    );

    let depths: Vec<(&str, u64)> = digest
        .depths
        .iter()
        .map(|group| (group.name.as_str(), u64::from(group.earthquakes)))
        .collect();
    assert_eq!(
        depths,
        [
            ("shallow", count(&all, |entry| depth(entry) < 70.0)),
            (
                "intermediate",
                count(&all, |entry| (70.0..300.0).contains(&depth(entry)))
            ),
            ("deep", count(&all, |entry| depth(entry) >= 300.0)),
        ]
    );

    // By region: California is written in two ways, Mexico too.
    let mut regions: BTreeMap<String, u64> = BTreeMap::new();
    for entry in &all {
        let region = match place(entry).split(", ").last() {
            Some("CA") => "California",
            Some("MX") => "Mexico",
            Some("Kiribati region") => "Kiribati",
            other => other.expect("a split has a last part"),
        };
        *regions.entry(region.to_owned()).or_default() += 1;
    }
    let mut ranked: Vec<(u64, String)> = regions
        .into_iter()
        .map(|(region, count)| (count, region))
        .collect();
    ranked.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let found: Vec<(u64, String)> = digest
        .regions
        .iter()
        .map(|group| (u64::from(group.earthquakes), group.name.clone()))
        .collect();
    assert_eq!(found, ranked[..10]);

    let mut magnitudes: Vec<f64> = all.iter().map(magnitude).collect();
    magnitudes.sort_by(|a, b| b.total_cmp(a));
    let strongest: Vec<f64> = digest
        .strongest
        .iter()
        .map(|quake| quake.magnitude)
        .collect();
    assert_eq!(strongest, magnitudes[..5]);
    let energy: f64 = magnitudes.iter().map(|m| 10_f64.powf(1.5 * m + 4.8)).sum();
    assert!(
        (digest.energy / energy - 1.0).abs() < 1e-9,
        "{}",
        digest.energy
    );

    let page = std::fs::read_to_string(lake(test).join(&digest.page)).expect("it was sent");
    assert_eq!(page, digest.page());
    the_history_is_that_of_the_pipeline(&run);
}

#[track_caller]
fn the_history_is_that_of_the_pipeline(run: &Run<Digest>) {
    let entered = run.entered();
    assert_eq!(entered[..2], ["validate", "parallel"]);
    assert_eq!(entered[entered.len() - 2..], ["store", "notify"]);
    let times = |state: &str| entered.iter().filter(|entered| **entered == state).count();
    // 1,679 events in batches of 100, and those batches that hold something strong.
    let mut strong_batches: Vec<usize> = feed_count::earthquakes()
        .iter()
        .enumerate()
        .filter(|(_, entry)| magnitude(entry) >= 5.0)
        .map(|(position, _)| position / 100)
        .collect();
    strong_batches.dedup();
    assert_eq!(times("enrich"), 17);
    assert_eq!(times("alert"), strong_batches.len());
    assert_eq!(run.count("MapIterationSucceeded"), 17);
    // References, not data: nothing that a state hands on comes near the limit.
    let largest = run
        .seen
        .iter()
        .filter_map(|event| event.output.as_ref())
        .map(String::len)
        .max();
    assert!(largest.is_some_and(|bytes| bytes < 8 * 1024), "{largest:?}");
}

#[tokio::test(start_paused = true)]
async fn running_it_twice_leaves_the_same_rows() {
    let test = "twice";
    empty_lake(test);
    let world = world(test, Warehouse::quiet());
    let _workers = open(&world).await;
    let first = world
        .start(&EARTHQUAKES, request("earthquakes.json"))
        .await
        .handle;
    let first = first.wait().await.expect("it succeeds");
    let rows_then = rows(test);
    let second = world
        .start(&EARTHQUAKES, request("earthquakes.json"))
        .await
        .handle;
    let second = second.wait().await.expect("it succeeds again");
    assert_eq!((first.new, second.new, second.changed), (1679, 0, 0));
    assert_eq!(rows_then.len(), 1679);
    assert_eq!(rows(test), rows_then);
    assert_eq!(first.regions, second.regions);
}

#[tokio::test(start_paused = true)]
async fn a_locked_database_is_tried_again_after_five_seconds() {
    let test = "locked";
    empty_lake(test);
    let world = world(test, Warehouse::with_an_analyst());
    let _workers = open(&world).await;
    let mut run = world.start(&EARTHQUAKES, request("earthquakes.json")).await;
    let failed = run.until("ActivityFailed", 1).await;
    assert_eq!(
        failed.error.as_deref(),
        Some(Trouble::Locked.failure().error.as_str())
    );
    world.pass(5);
    run.to_the_end().await;
    assert_eq!(run.pauses("ActivityFailed"), [5]);
    assert_eq!(run.handle.wait().await.expect("it succeeds").new, 1679);
}

#[tokio::test(start_paused = true)]
async fn a_feed_that_is_not_there_is_not_waited_for() {
    let test = "missing";
    empty_lake(test);
    let world = world(test, Warehouse::quiet());
    let _workers = open(&world).await;
    let mut run = world.start(&EARTHQUAKES, request("tomorrow.json")).await;
    run.to_the_end().await;
    assert_eq!(run.count("ActivityScheduled"), 1);
    match run.handle.wait().await {
        Err(RunError::Failed {
            state,
            error,
            cause,
            ..
        }) => {
            assert_eq!(
                (state.as_deref(), error.as_str()),
                (Some("validate"), "Trouble.Missing")
            );
            assert!(cause.contains("tomorrow.json"), "{cause}");
        }
        other => panic!("it should fail, and gives {other:?}"),
    }
}
