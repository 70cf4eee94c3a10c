//! The pipeline on an engine whose time is moved by hand; what it finds is compared with a count of its own.

use std::{collections::BTreeMap, path::PathBuf};

use earthquakes::{
    alert::alert,
    digest::Digest,
    enrich::{Enriched, enrich},
    lake::Lake,
    notify::notify,
    pipeline::EARTHQUAKES,
    store::{Stored, store},
    trouble::Trouble,
    validate::Request,
    validate::validate,
    warehouse::Warehouse,
};
use serde_json::{Value, json};
use sfn_runtime::{Providers, RunError, StepContext, StepError as _, Workers, here};

use crate::{
    feed_count::{self, count, depth, magnitude, place},
    world::{Run, World},
};

/// A world whose lake is a folder of this test's own, and whose feed is the example's.
fn world(test: &str, warehouse: Warehouse) -> World {
    let landing = crate::root().join("examples/earthquakes/data");
    let _ = std::fs::remove_dir_all(lake(test));
    over(Lake::new(landing, lake(test)), warehouse)
}

/// A world whose lake is a folder of this test's own, with a feed of these entries that announces `count`.
fn world_with(test: &str, entries: &[Value], count: usize) -> World {
    let _ = std::fs::remove_dir_all(lake(test));
    let landing = lake(test).join("landing");
    std::fs::create_dir_all(&landing).expect("the folder can be made");
    let feed = json!({ "metadata": { "count": count }, "features": entries });
    std::fs::write(landing.join("feed.json"), feed.to_string()).expect("it can be written");
    over(Lake::new(landing, lake(test)), Warehouse::quiet())
}

fn over(lake: Lake, warehouse: Warehouse) -> World {
    let mut providers = Providers::default();
    providers.insert(lake);
    providers.insert(warehouse);
    World::new(providers)
}

fn lake(test: &str) -> PathBuf {
    crate::root().join("target/tests/examples").join(test)
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
    let world = world(test, Warehouse::quiet());
    let _workers = open(&world).await;
    let mut run = world.start(&EARTHQUAKES, request("earthquakes.json")).await;
    run.until_the_end().await;
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

    let strong = |entry: &Value| magnitude(entry) >= 5.0;
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
    let world = world(test, Warehouse::with_an_analyst());
    let _workers = open(&world).await;
    let mut run = world.start(&EARTHQUAKES, request("earthquakes.json")).await;
    let failed = run.until("ActivityFailed", 1).await;
    assert_eq!(
        failed.error.as_deref(),
        Some(Trouble::Locked.failure().error.as_str())
    );
    world.pass(5);
    run.until_the_end().await;
    assert_eq!(run.pauses("ActivityFailed"), [5]);
    assert_eq!(run.handle.wait().await.expect("it succeeds").new, 1679);
}

#[tokio::test(start_paused = true)]
async fn a_feed_that_is_not_there_is_not_waited_for() {
    let test = "missing";
    let world = world(test, Warehouse::quiet());
    let _workers = open(&world).await;
    let mut run = world.start(&EARTHQUAKES, request("tomorrow.json")).await;
    run.until_the_end().await;
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

/// The first entry of the real feed, changed.
fn entry(change: impl FnOnce(&mut Value)) -> Value {
    let mut entry = feed_count::earthquakes().swap_remove(0);
    change(&mut entry);
    entry
}

#[tokio::test(start_paused = true)]
async fn what_is_malformed_is_set_aside_with_its_reason() {
    let entries = [
        entry(|_| {}),
        entry(|_| {}),
        entry(|entry| entry["properties"]["mag"] = Value::Null),
        entry(|entry| entry["geometry"]["coordinates"][1] = json!(123.4)),
        entry(|entry| entry["properties"]["type"] = json!("quarry blast")),
        json!("no entry at all"),
    ];
    let test = "malformed";
    let world = world_with(test, &entries, entries.len());
    let _workers = open(&world).await;
    let run = world.start(&EARTHQUAKES, request("feed.json")).await;
    let digest = run.handle.wait().await.expect("bad entries are no failure");
    assert_eq!((digest.entries, digest.earthquakes), (6, 1));
    let mut reasons: Vec<&str> = digest
        .set_aside
        .iter()
        .map(|reason| reason.reason.as_str())
        .collect();
    reasons.sort_unstable();
    assert_eq!(
        reasons,
        [
            "malformed: impossible latitude",
            "malformed: no `mag`",
            "malformed: no `type`",
            "malformed: twice in the feed",
            "no earthquake: quarry blast",
        ]
    );
    // Each is kept as it came, for whoever wants to know.
    let run = std::fs::read_dir(lake(test).join("runs"))
        .expect("there was a run")
        .next();
    let kept = run
        .expect("there was one")
        .expect("it can be read")
        .path()
        .join("set-aside.json");
    let kept = std::fs::read_to_string(kept).expect("it was written");
    let kept: Vec<Value> = serde_json::from_str(&kept).expect("it is JSON");
    assert_eq!(kept[4]["position"], 5);
    assert_eq!(kept[4]["entry"], "no entry at all");
}

#[tokio::test(start_paused = true)]
async fn a_week_without_earthquakes_has_a_digest_too() {
    let blast = entry(|entry| entry["properties"]["type"] = json!("explosion"));
    let world = world_with("quiet-week", &[blast], 1);
    let _workers = open(&world).await;
    let mut run = world.start(&EARTHQUAKES, request("feed.json")).await;
    run.until_the_end().await;
    let digest = run.handle.wait().await.expect("no batch is no failure");
    assert_eq!(
        (digest.entries, digest.earthquakes, digest.alerts),
        (1, 0, 0)
    );
    assert_eq!(run.count("MapIterationStarted"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_torn_feed_is_read_again_three_times() {
    let world = world_with("torn", &[entry(|_| {})], 2);
    let _workers = open(&world).await;
    let mut run = world.start(&EARTHQUAKES, request("feed.json")).await;
    for (failures, seconds) in (1..).zip([2, 4, 8]) {
        run.until("ActivityFailed", failures).await;
        world.pass(seconds);
    }
    run.until_the_end().await;
    assert_eq!(run.pauses("ActivityFailed"), [2, 4, 8]);
    match run.handle.wait().await {
        Err(RunError::Failed { error, cause, .. }) => {
            assert_eq!(error, "Trouble.Torn");
            assert!(cause.contains("announces 2 events and holds 1"), "{cause}");
        }
        other => panic!("it should fail, and gives {other:?}"),
    }
}

/// The steps are functions, so a worker that dies between doing and reporting is a second call.
#[tokio::test(start_paused = true)]
async fn what_is_sent_is_sent_once_however_often_the_step_runs() {
    let test = "sent-once";
    let world = world(test, Warehouse::quiet());
    let _workers = open(&world).await;
    let mut run = world.start(&EARTHQUAKES, request("earthquakes.json")).await;
    run.until_the_end().await;
    let count = |folder: &str| {
        let entries = std::fs::read_dir(lake(test).join(folder)).expect("something was sent");
        entries.count()
    };
    assert_eq!((count("alerts"), count("outbox")), (39, 1));

    let lake = Lake::new(crate::root().join("examples/earthquakes/data"), lake(test));
    let stored: Stored = serde_json::from_value(run.output("store")).expect("it is what it gave");
    let context = StepContext::new("arn:of:it", "another-execution", "notify");
    for attempt in 1..=2 {
        let digest = notify(
            stored.clone(),
            lake.clone(),
            Warehouse::quiet(),
            context.clone(),
        );
        assert_eq!(
            digest.map(|digest| digest.earthquakes),
            Ok(1679),
            "{attempt}"
        );
        assert_eq!(count("outbox"), 2, "one an execution, in attempt {attempt}");
    }
    let batch: Enriched = serde_json::from_value(run.output("alert")).expect("it is what it gave");
    assert_eq!(alert(batch.clone(), lake), Ok(batch));
    assert_eq!(count("alerts"), 39);
}
