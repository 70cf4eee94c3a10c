//! Validate: what of the feed may go on, and what is set aside.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sfn_runtime::{Payload, StepContext, step};

use crate::{
    event::{Event, Fault},
    lake::{Lake, key_part},
    trouble::Trouble,
};

/// What an execution is asked to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Request {
    /// The name of the feed in the landing zone.
    pub feed: String,
    /// How many events go into one batch.
    pub batch_size: u32,
}

/// A feed, taken apart: the reference to each batch, and the account of all entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Payload)]
pub struct Validated {
    /// What came in.
    pub intake: Intake,
    /// What goes on.
    pub batches: Vec<Batch>,
}

/// The account of a feed: every entry is in `clean` or in `set_aside`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub struct Intake {
    /// The name of the feed.
    pub feed: String,
    /// How many entries it has.
    pub entries: u32,
    /// How many of them go on.
    pub clean: u32,
    /// How many do not, by reason, the most frequent first.
    pub set_aside: Vec<SetAside>,
    /// The key of the list of those that do not.
    pub set_aside_key: String,
    /// When the first clean event was, in milliseconds since 1970.
    pub first: i64,
    /// When the last one was.
    pub last: i64,
}

/// How many entries were set aside for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Payload)]
pub struct SetAside {
    /// The reason.
    pub reason: String,
    /// How many.
    pub entries: u32,
}

/// A reference to a batch of events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Payload)]
pub struct Batch {
    /// Its key in the lake.
    pub key: String,
    /// How many events it holds.
    pub events: u32,
}

/// An entry that was set aside, as it is kept for whoever wants to know.
#[derive(Debug, Serialize)]
struct Aside<'a> {
    position: usize,
    reason: String,
    entry: &'a Value,
}

/// The feed, as far as it must be one to be read at all.
#[derive(Deserialize)]
struct Feed {
    metadata: Metadata,
    features: Vec<Value>,
}

#[derive(Deserialize)]
struct Metadata {
    count: u64,
}

/// Sets aside what is malformed or no earthquake, and cuts the rest into batches.
///
/// A feed that was replaced while it was read heals by itself, so that is worth another attempt; one that
/// is no feed fails at once.
#[step(
    retry(
        on(Trouble::Torn, Trouble::Unreachable),
        interval = "2s",
        max_attempts = 3
    ),
    timeout = "1m"
)]
pub fn validate(
    request: &Request,
    #[inject] lake: Lake,
    #[inject] ctx: StepContext,
) -> Result<Validated, Trouble> {
    let feed = read(&request.feed, &lake.feed(&request.feed)?)?;
    let mut clean = Vec::new();
    let mut aside = Vec::new();
    let mut known = BTreeSet::new();
    for (position, entry) in feed.features.iter().enumerate() {
        let event = Event::read(entry).and_then(|event| {
            if known.insert(event.id.clone()) {
                Ok(event)
            } else {
                Err(Fault::Malformed("twice in the feed".to_owned()))
            }
        });
        match event {
            Ok(event) => clean.push(event),
            Err(fault) => aside.push(Aside {
                position,
                reason: fault.to_string(),
                entry,
            }),
        }
    }

    // Keys come from the execution's name: whoever runs this step again for this execution overwrites the
    // same objects, and no other execution touches them.
    let folder = format!("runs/{}", key_part(&ctx.execution_name));
    let set_aside_key = format!("{folder}/set-aside.json");
    lake.put(&set_aside_key, &aside)?;
    let size = usize::try_from(request.batch_size.max(1)).unwrap_or(usize::MAX);
    let mut batches = Vec::new();
    for (number, events) in clean.chunks(size).enumerate() {
        let key = format!("{folder}/clean/{number:03}.json");
        lake.put(&key, &events)?;
        batches.push(Batch {
            key,
            events: count(events.len()),
        });
    }

    // The runtime's span around a step puts execution, state and attempt into each of its lines.
    tracing::info!(
        clean = clean.len(),
        set_aside = aside.len(),
        batches = batches.len(),
        "the feed is taken apart"
    );
    Ok(Validated {
        intake: Intake {
            feed: request.feed.clone(),
            entries: count(feed.features.len()),
            clean: count(clean.len()),
            set_aside: by_reason(&aside),
            set_aside_key,
            first: clean
                .iter()
                .map(|event| event.time)
                .min()
                .unwrap_or_default(),
            last: clean
                .iter()
                .map(|event| event.time)
                .max()
                .unwrap_or_default(),
        },
        batches,
    })
}

fn read(name: &str, text: &[u8]) -> Result<Feed, Trouble> {
    let feed: Feed = serde_json::from_slice(text).map_err(|error| Trouble::Malformed {
        key: name.to_owned(),
        why: error.to_string(),
    })?;
    let found = feed.features.len() as u64;
    if feed.metadata.count == found {
        Ok(feed)
    } else {
        Err(Trouble::Torn {
            announced: feed.metadata.count,
            found,
        })
    }
}

fn by_reason(aside: &[Aside<'_>]) -> Vec<SetAside> {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for entry in aside {
        *counts.entry(&entry.reason).or_default() += 1;
    }
    let mut reasons: Vec<SetAside> = counts
        .into_iter()
        .map(|(reason, entries)| SetAside {
            reason: reason.to_owned(),
            entries,
        })
        .collect();
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.entries));
    reasons
}

/// A number of events, as it is handed on. A feed of more than four billion does not fit in memory.
pub(crate) fn count(length: usize) -> u32 {
    u32::try_from(length).expect("a feed has fewer than four billion entries")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_that_was_replaced_meanwhile_is_torn() {
        let torn = br#"{"metadata": {"count": 2}, "features": [{}]}"#;
        assert_eq!(
            read("feed.json", torn).err(),
            Some(Trouble::Torn {
                announced: 2,
                found: 1
            })
        );
    }

    #[test]
    fn what_is_no_feed_is_malformed() {
        for text in ["", "[]", r#"{"features": []}"#] {
            assert!(
                matches!(
                    read("feed.json", text.as_bytes()),
                    Err(Trouble::Malformed { .. })
                ),
                "{text}"
            );
        }
    }
}
