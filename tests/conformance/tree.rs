//! Histories that fork: events hung under what caused them, so that interleaving does not count.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::compare::{Bindings, Comparer, Differ};

const FORKS: [&str; 2] = ["ParallelStateStarted", "MapStateStarted"];
const JOINS: [&str; 8] = [
    "ParallelStateSucceeded",
    "ParallelStateFailed",
    "ParallelStateAborted",
    "ParallelStateExited",
    "MapStateSucceeded",
    "MapStateFailed",
    "MapStateAborted",
    "MapStateExited",
];
const ITERATION: [&str; 4] = [
    "MapIterationStarted",
    "MapIterationSucceeded",
    "MapIterationFailed",
    "MapIterationAborted",
];
const ENDS: [&str; 4] = [
    "ExecutionSucceeded",
    "ExecutionFailed",
    "ExecutionAborted",
    "ExecutionTimedOut",
];

static EVENT_ID: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"event id #(\d+)").expect("a valid pattern"));

fn kind(event: &Value) -> &str {
    event["type"].as_str().unwrap_or_default()
}

fn number(event: &Value, key: &str) -> u64 {
    event[key].as_u64().unwrap_or(0)
}

/// Whether branches or iterations begin with this event.
pub(crate) fn is_fork(event: &Value) -> bool {
    FORKS.contains(&kind(event))
}

/// A history as a tree.
struct Tree<'a> {
    by_id: BTreeMap<u64, &'a Value>,
    children: BTreeMap<u64, Vec<&'a Value>>,
}

impl<'a> Tree<'a> {
    fn new(events: &'a [Value]) -> Self {
        let by_id = events
            .iter()
            .map(|event| (number(event, "id"), event))
            .collect();
        let mut tree = Tree {
            by_id,
            children: BTreeMap::new(),
        };
        for event in events {
            let parent = tree.parent(event);
            tree.children.entry(parent).or_default().push(event);
        }
        tree
    }

    fn children(&self, id: u64) -> &[&'a Value] {
        self.children.get(&id).map_or(&[], Vec::as_slice)
    }

    fn up(&self, event: &Value) -> Option<&'a Value> {
        self.by_id.get(&number(event, "previousEventId")).copied()
    }

    /// The start of the Parallel or Map that the event closes, inner ones that are closed already left out.
    fn fork_of(&self, event: &Value) -> u64 {
        let (mut depth, mut at) = (0u32, self.up(event));
        while let Some(event) = at {
            match kind(event) {
                "ParallelStateExited" | "MapStateExited" => depth += 1,
                fork if FORKS.contains(&fork) && depth == 0 => return number(event, "id"),
                // One exit closes one entry, however often it was started in between.
                "ParallelStateEntered" | "MapStateEntered" => depth = depth.saturating_sub(1),
                _ => {}
            }
            at = self.up(event);
        }
        0
    }

    fn nearest(&self, event: &Value, wanted: &str) -> u64 {
        let mut at = self.up(event);
        while let Some(event) = at {
            if kind(event) == wanted {
                return number(event, "id");
            }
            at = self.up(event);
        }
        0
    }

    fn parent(&self, event: &Value) -> u64 {
        match kind(event) {
            end if ENDS.contains(&end) => 0,
            join if JOINS.contains(&join)
                || ITERATION.contains(&join)
                || join.ends_with("StateAborted") =>
            {
                self.fork_of(event)
            }
            "ParallelStateStarted" => self.nearest(event, "ParallelStateEntered"),
            "MapStateStarted" => self.nearest(event, "MapStateEntered"),
            _ => number(event, "previousEventId"),
        }
    }

    /// The event without its numbers; numbers in texts are named by what was entered there.
    fn label(&self, event: &Value) -> Value {
        let mut event = event.clone();
        if let Some(members) = event.as_object_mut() {
            members.shift_remove("id");
            members.shift_remove("previousEventId");
        }
        self.name_numbers(&event)
    }

    fn name_numbers(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => EVENT_ID
                .replace_all(text, |found: &regex::Captures<'_>| {
                    let event = found[1]
                        .parse()
                        .ok()
                        .and_then(|id: u64| self.by_id.get(&id));
                    let name =
                        event.and_then(|event| event.pointer("/stateEnteredEventDetails/name"));
                    format!("event id [{}]", name.and_then(Value::as_str).unwrap_or("?"))
                })
                .into_owned()
                .into(),
            Value::Array(items) => items.iter().map(|item| self.name_numbers(item)).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(key, value)| (key.clone(), self.name_numbers(value)))
                .collect(),
            other => other.clone(),
        }
    }
}

/// Compares by cause: siblings in any order, joins on any branch.
pub(crate) fn compare_trees(
    comparer: &Comparer,
    expected: &[Value],
    actual: &[Value],
) -> Result<(), Differ> {
    let pair = (Tree::new(expected), Tree::new(actual));
    siblings(comparer, &pair, (0, 0), &mut Bindings::new(), "start")
}

fn siblings(
    comparer: &Comparer,
    trees: &(Tree<'_>, Tree<'_>),
    parents: (u64, u64),
    bind: &mut Bindings,
    path: &str,
) -> Result<(), Differ> {
    let mut left: Vec<&Value> = trees.1.children(parents.1).to_vec();
    for e in trees.0.children(parents.0) {
        let here = format!("{path} > {}#{}", kind(e), number(e, "id"));
        let mut why: Option<Differ> = None;
        let mut found = None;
        for (index, a) in left.iter().enumerate().filter(|(_, a)| kind(a) == kind(e)) {
            let mut trial = bind.clone();
            match node(comparer, trees, e, a, &mut trial, &here) {
                Ok(()) => {
                    found = Some((index, trial));
                    break;
                }
                Err(differ)
                    if why
                        .as_ref()
                        .is_none_or(|why| differ.path.len() > why.path.len()) =>
                {
                    why = Some(differ);
                }
                Err(_) => {}
            }
        }
        match found {
            Some((index, trial)) => {
                *bind = trial;
                left.remove(index);
            }
            None => {
                return Err(why.unwrap_or_else(|| {
                    Differ::new(here, Some(e), None, "no such event after its cause")
                }));
            }
        }
    }
    match left.first() {
        None => Ok(()),
        Some(event) => Err(Differ::new(
            path,
            None,
            Some(event),
            "event is not expected here",
        )),
    }
}

fn node(
    comparer: &Comparer,
    trees: &(Tree<'_>, Tree<'_>),
    e: &Value,
    a: &Value,
    bind: &mut Bindings,
    path: &str,
) -> Result<(), Differ> {
    comparer.matches(&trees.0.label(e), &trees.1.label(a), bind, path)?;
    siblings(
        comparer,
        trees,
        (number(e, "id"), number(a, "id")),
        bind,
        path,
    )
}

/// Compares histories whose parallel sections the recorder had sorted and renumbered.
pub(crate) fn compare_bags(
    comparer: &Comparer,
    expected: &[Value],
    actual: &[Value],
) -> Result<(), Differ> {
    let strip = |event: &Value| {
        let mut event = event.clone();
        if let Some(members) = event.as_object_mut() {
            members.shift_remove("id");
            members.shift_remove("previousEventId");
        }
        event
    };
    let mut left: Vec<Value> = as_sorted_recording(actual).iter().map(strip).collect();
    let mut bind = Bindings::new();
    for (index, e) in expected.iter().enumerate() {
        let path = format!("events[{index}]({})", kind(e));
        let stripped = strip(e);
        let (mut why, mut found) = (None, None);
        for (index, a) in left.iter().enumerate().filter(|(_, a)| kind(a) == kind(e)) {
            let mut trial = bind.clone();
            match comparer.matches(&stripped, a, &mut trial, &path) {
                Ok(()) => {
                    found = Some((index, trial));
                    break;
                }
                Err(differ) => why = why.or(Some(differ)),
            }
        }
        match found {
            Some((index, trial)) => {
                bind = trial;
                left.remove(index);
            }
            None => {
                return Err(
                    why.unwrap_or_else(|| Differ::new(path, Some(e), None, "no such event"))
                );
            }
        }
    }
    match left.first() {
        None => Ok(()),
        Some(event) => Err(Differ::new(
            "events",
            None,
            Some(event),
            "event is not expected",
        )),
    }
}

/// What the recorder's sorting left: of two ends of a Parallel section, the first is lost.
fn as_sorted_recording(events: &[Value]) -> Vec<Value> {
    const ENDS: [&str; 4] = [
        "ParallelStateSucceeded",
        "ParallelStateAborted",
        "ParallelStateExited",
        "ParallelStateFailed",
    ];
    let mut out = events.to_vec();
    let (mut start, mut bag, mut inside, mut at) = (None, Vec::new(), false, 0);
    while at < out.len() {
        let event = kind(&out[at]).to_owned();
        match start {
            Some(start) if ENDS.contains(&event.as_str()) => {
                out.splice(start..at.max(start), bag.iter().cloned());
                inside = false;
            }
            _ if event == "ParallelStateStarted" => {
                inside = true;
                bag.clear();
                start = Some(at + 1);
            }
            _ if inside => bag.push(out[at].clone()),
            _ => {}
        }
        at += 1;
    }
    out
}
