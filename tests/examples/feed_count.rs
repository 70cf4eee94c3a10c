//! An independent count over the raw feed, written apart from the example: what it says is what the example must find.

use serde_json::Value;

/// The feed as it came, parsed and nothing more.
pub(crate) fn feed() -> Vec<Value> {
    let path = crate::root().join("examples/earthquakes/data/earthquakes.json");
    let text = std::fs::read(path).expect("the feed is in the repository");
    let mut feed: Value = serde_json::from_slice(&text).expect("the feed is JSON");
    match feed["features"].take() {
        Value::Array(features) => features,
        other => panic!("the feed has no list of features, but {other}"),
    }
}

/// The entries that are earthquakes.
pub(crate) fn earthquakes() -> Vec<Value> {
    let mut entries = feed();
    entries.retain(|entry| entry["properties"]["type"] == "earthquake");
    entries
}

pub(crate) fn magnitude(entry: &Value) -> f64 {
    entry["properties"]["mag"]
        .as_f64()
        .expect("each has a magnitude")
}

pub(crate) fn depth(entry: &Value) -> f64 {
    entry["geometry"]["coordinates"][2]
        .as_f64()
        .expect("each has a depth")
}

pub(crate) fn place(entry: &Value) -> &str {
    entry["properties"]["place"]
        .as_str()
        .expect("each has a place")
}

/// How many of `entries` are as `is` says.
pub(crate) fn count(entries: &[Value], is: impl Fn(&Value) -> bool) -> u64 {
    entries.iter().filter(|entry| is(entry)).count() as u64
}

#[test]
fn the_feed_is_the_one_that_was_counted_by_hand() {
    let feed = feed();
    let kind = |name: &str| count(&feed, |entry| entry["properties"]["type"] == name);
    assert_eq!(feed.len(), 1707);
    assert_eq!(
        (kind("earthquake"), kind("explosion"), kind("quarry blast")),
        (1679, 15, 13)
    );
}
