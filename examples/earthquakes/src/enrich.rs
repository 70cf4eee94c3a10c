//! Process: what can be said about an event that the feed does not say.

use serde::{Deserialize, Serialize};
use sfn_runtime::{Payload, step};
use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

use crate::{
    event::Event,
    lake::Lake,
    trouble::Trouble,
    validate::{Batch, count},
};

/// An event, and what follows from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quake {
    /// The event.
    #[serde(flatten)]
    pub event: Event,
    /// The country, state or sea that `place` ends with.
    pub region: String,
    /// When it was by the clocks of the place, as RFC 3339.
    pub local_time: String,
    /// How deep it was.
    pub depth_class: DepthClass,
    /// The energy that left as waves, in joules.
    pub energy: f64,
}

/// How deep an earthquake begins, as seismologists divide it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DepthClass {
    /// Less than 70 km.
    Shallow,
    /// From 70 to less than 300 km.
    Intermediate,
    /// 300 km and more.
    Deep,
}

/// A reference to an enriched batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Enriched {
    /// Its key in the lake.
    pub key: String,
    /// How many events it holds.
    pub events: u32,
    /// The magnitude of the strongest: what the choice behind this step looks at.
    pub strongest: f64,
    /// How many alerts were sent for it.
    pub alerts: u32,
}

/// Adds region, local time, depth class and energy to each event of a batch.
#[step(
    retry(on(Trouble::Unreachable), interval = "2s", max_attempts = 3),
    timeout = "1m"
)]
pub fn enrich(batch: &Batch, #[inject] lake: Lake) -> Result<Enriched, Trouble> {
    let events: Vec<Event> = lake.get(&batch.key)?;
    let quakes: Vec<Quake> = events.into_iter().map(quake).collect();
    let key = batch.key.replacen("/clean/", "/enriched/", 1);
    lake.put(&key, &quakes)?;
    Ok(Enriched {
        key,
        events: count(quakes.len()),
        strongest: quakes
            .iter()
            .map(|quake| quake.event.magnitude)
            .fold(f64::MIN, f64::max),
        alerts: 0,
    })
}

/// What follows from an event.
pub fn quake(event: Event) -> Quake {
    Quake {
        region: region(&event.place).to_owned(),
        local_time: local_time(event.time, event.tz),
        depth_class: depth_class(event.depth),
        energy: energy(event.magnitude),
        event,
    }
}

/// `22km NNE of Hualian, Taiwan` was in Taiwan; the networks write California in two ways.
fn region(place: &str) -> &str {
    let last = place.rsplit(", ").next().unwrap_or(place);
    match last.strip_suffix(" region").unwrap_or(last) {
        "CA" => "California",
        "MX" => "Mexico",
        region => region,
    }
}

fn depth_class(kilometres: f64) -> DepthClass {
    if kilometres < 70.0 {
        DepthClass::Shallow
    } else if kilometres < 300.0 {
        DepthClass::Intermediate
    } else {
        DepthClass::Deep
    }
}

/// Gutenberg and Richter: one magnitude more is some thirty-two times the energy.
fn energy(magnitude: f64) -> f64 {
    10_f64.powf(4.8 + 1.5 * magnitude)
}

/// The moment by the clocks of the place, to the second; empty for a moment beyond the calendar.
fn local_time(millis: i64, tz: i32) -> String {
    let moment = OffsetDateTime::from_unix_timestamp(millis.div_euclid(1000)).ok();
    let offset = UtcOffset::from_whole_seconds(tz * 60).ok();
    moment
        .zip(offset)
        .and_then(|(moment, offset)| moment.checked_to_offset(offset))
        .and_then(|moment| moment.format(&Rfc3339).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_region_is_what_the_place_ends_with() {
        for (place, expected) in [
            ("22km NNE of Hualian, Taiwan", "Taiwan"),
            ("4km W of Castaic, CA", "California"),
            ("24km W of Alamo, California", "California"),
            ("Line Islands, Kiribati region", "Kiribati"),
            ("Banda Sea", "Banda Sea"),
        ] {
            assert_eq!(region(place), expected, "{place}");
        }
    }

    #[test]
    fn the_local_time_is_that_of_the_place() {
        for (tz, expected) in [
            (0, "2018-02-06T15:50:43Z"),
            (480, "2018-02-06T23:50:43+08:00"),
            (-210, "2018-02-06T12:20:43-03:30"),
        ] {
            assert_eq!(local_time(1_517_932_243_700, tz), expected);
        }
        assert_eq!(local_time(i64::MAX, 0), "");
    }

    #[test]
    fn depths_are_divided_at_70_and_300_kilometres() {
        let classes = [-2.0, 69.99, 70.0, 299.99, 300.0].map(depth_class);
        assert_eq!(
            classes,
            [
                DepthClass::Shallow,
                DepthClass::Shallow,
                DepthClass::Intermediate,
                DepthClass::Intermediate,
                DepthClass::Deep
            ]
        );
    }

    #[test]
    fn two_magnitudes_are_a_thousand_times_the_energy() {
        assert!((energy(6.0) / energy(4.0) - 1000.0).abs() < 1e-6);
    }
}
