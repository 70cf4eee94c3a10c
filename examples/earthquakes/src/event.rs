//! One event of the feed, read with suspicion.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An earthquake as the feed tells it, with all that the pipeline needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The network's code and number.
    pub id: String,
    /// How strong it was; below 0 for the faintest.
    pub magnitude: f64,
    /// Where, in words: `22km NNE of Hualian, Taiwan`.
    pub place: String,
    /// When, in milliseconds since 1970.
    pub time: i64,
    /// When the entry was last changed, likewise.
    pub updated: i64,
    /// The offset of the local time there, in minutes.
    pub tz: i32,
    /// Degrees east.
    pub longitude: f64,
    /// Degrees north.
    pub latitude: f64,
    /// Kilometres below the surface; negative above the sea.
    pub depth: f64,
    /// Whether it came with a tsunami message.
    pub tsunami: bool,
}

/// Why an entry of the feed is set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It is no earthquake: people made it.
    NoEarthquake(String),
    /// Something is missing, or is not what it should be.
    Malformed(String),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoEarthquake(kind) => write!(f, "no earthquake: {kind}"),
            Self::Malformed(why) => write!(f, "malformed: {why}"),
        }
    }
}

/// The largest magnitude that anything could have: the largest one measured is 9.5.
const MAGNITUDES: std::ops::RangeInclusive<f64> = -3.0..=10.0;

/// Kilometres: the highest mountain is not ten high, and nothing quakes below 750.
const DEPTHS: std::ops::RangeInclusive<f64> = -10.0..=800.0;

/// Minutes: from the international date line to the other side of it.
const OFFSETS: std::ops::RangeInclusive<i32> = -720..=840;

impl Event {
    /// Reads one entry of the feed.
    ///
    /// # Errors
    ///
    /// The first reason to set it aside.
    pub fn read(feature: &Value) -> Result<Self, Fault> {
        let properties = &feature["properties"];
        let kind = text(properties, "type")?;
        if kind != "earthquake" {
            return Err(Fault::NoEarthquake(kind));
        }
        let coordinate = |index: usize, name: &str, range: std::ops::RangeInclusive<f64>| {
            feature["geometry"]["coordinates"][index]
                .as_f64()
                .ok_or_else(|| Fault::Malformed(format!("no {name}")))
                .and_then(|degrees| within(degrees, range, name))
        };
        let tz = whole(properties, "tz")?;
        let tz = i32::try_from(tz).ok().filter(|tz| OFFSETS.contains(tz));
        Ok(Self {
            id: text(feature, "id")?,
            magnitude: properties["mag"]
                .as_f64()
                .ok_or_else(|| Fault::Malformed("no `mag`".to_owned()))
                .and_then(|magnitude| within(magnitude, MAGNITUDES, "magnitude"))?,
            place: text(properties, "place")?,
            time: whole(properties, "time")?,
            updated: whole(properties, "updated")?,
            tz: tz.ok_or_else(|| Fault::Malformed("impossible `tz`".to_owned()))?,
            longitude: coordinate(0, "longitude", -180.0..=180.0)?,
            latitude: coordinate(1, "latitude", -90.0..=90.0)?,
            depth: coordinate(2, "depth", DEPTHS)?,
            tsunami: properties["tsunami"] == 1,
        })
    }
}

fn text(object: &Value, field: &str) -> Result<String, Fault> {
    match object[field].as_str() {
        Some(text) if !text.is_empty() => Ok(text.to_owned()),
        _ => Err(Fault::Malformed(format!("no `{field}`"))),
    }
}

fn whole(object: &Value, field: &str) -> Result<i64, Fault> {
    object[field]
        .as_i64()
        .ok_or_else(|| Fault::Malformed(format!("no `{field}`")))
}

fn within(number: f64, range: std::ops::RangeInclusive<f64>, name: &str) -> Result<f64, Fault> {
    if range.contains(&number) {
        Ok(number)
    } else {
        Err(Fault::Malformed(format!("impossible {name}")))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;

    use super::*;

    /// An entry as the feed has it, shortened to what is read.
    pub(crate) fn feature() -> Value {
        json!({
            "id": "us1000chhc",
            "properties": {
                "type": "earthquake", "mag": 6.4, "place": "22km NNE of Hualian, Taiwan",
                "time": 1_517_932_243_700_i64, "updated": 1_517_960_000_000_i64, "tz": 480, "tsunami": 0
            },
            "geometry": { "type": "Point", "coordinates": [121.6503, 24.1587, 17.0] }
        })
    }

    #[track_caller]
    fn check(pointer: &str, value: Value, fault: &str) {
        let mut feature = feature();
        *feature.pointer_mut(pointer).expect("the field exists") = value;
        assert_eq!(
            Event::read(&feature).map_err(|fault| fault.to_string()),
            Err(fault.to_owned())
        );
    }

    #[test]
    fn a_sound_entry_is_read() {
        let event = Event::read(&feature()).expect("it is sound");
        assert_eq!((event.magnitude, event.tz, event.depth), (6.4, 480, 17.0));
        assert!(!event.tsunami);
    }

    #[test]
    fn every_fault_has_its_reason() {
        check(
            "/properties/type",
            json!("quarry blast"),
            "no earthquake: quarry blast",
        );
        check("/properties/type", Value::Null, "malformed: no `type`");
        check("/properties/mag", Value::Null, "malformed: no `mag`");
        check("/properties/mag", json!("6.4"), "malformed: no `mag`");
        check(
            "/properties/mag",
            json!(64),
            "malformed: impossible magnitude",
        );
        check("/properties/place", json!(""), "malformed: no `place`");
        check(
            "/properties/time",
            json!("yesterday"),
            "malformed: no `time`",
        );
        check("/properties/tz", json!(4800), "malformed: impossible `tz`");
        check("/id", Value::Null, "malformed: no `id`");
        check("/geometry", Value::Null, "malformed: no longitude");
        check(
            "/geometry/coordinates",
            json!([121.6, 24.2]),
            "malformed: no depth",
        );
        check(
            "/geometry/coordinates/1",
            json!(95.0),
            "malformed: impossible latitude",
        );
    }
}
