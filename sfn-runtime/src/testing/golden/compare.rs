//! Two histories side by side.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;
use sfn_asl::{Place, StateMachine};

use super::Divergence;
use crate::{service::HistoryEvent, view::Progress};

/// Something that happened, as far as it is compared.
struct Mark<'a> {
    event: &'a HistoryEvent,
    /// The kind in a word, with what differs between an activity and a Lambda function left out.
    word: &'static str,
    value: Option<Value>,
    /// The state it belongs to; empty for the execution itself.
    state: String,
}

impl Mark<'_> {
    fn state(&self) -> Option<String> {
        (!self.state.is_empty()).then(|| self.state.clone())
    }
}

/// A sequence: of the execution itself, a branch or an iteration.
type Lane = (String, String);

/// The first event of the history that the other one does not have in its place.
pub(super) fn first_divergence(
    machine: &StateMachine,
    history: &[HistoryEvent],
    now: &[HistoryEvent],
    path_only: bool,
) -> Option<Divergence> {
    let expected = lanes(machine, history);
    let mut found = lanes(machine, now);
    let mut first: Option<Divergence> = None;
    for (lane, expected) in &expected {
        let found = found.remove(lane).unwrap_or_default();
        let same = |a: &Mark<'_>, b: &Mark<'_>| {
            a.word == b.word
                && a.state == b.state
                && a.event.index == b.event.index
                && (path_only || a.value == b.value)
        };
        let pairs = expected.iter().zip(&found);
        let alike = pairs.take_while(|(a, b)| same(a, b)).count();
        let parted = match (expected.get(alike), found.get(alike)) {
            (None, None) => continue,
            // More comes now than was.
            (None, Some(more)) => Divergence {
                event: expected.last().map_or(0, |last| last.event.id),
                state: more.state(),
                expected: "nothing more".to_owned(),
                found: words(more),
            },
            (Some(was), is) => Divergence {
                event: was.event.id,
                state: was.state(),
                expected: words(was),
                found: is.map_or_else(|| "nothing".to_owned(), words),
            },
        };
        if first
            .as_ref()
            .is_none_or(|first| parted.event < first.event)
        {
            first = Some(parted);
        }
    }
    first
}

/// What happened, sequence by sequence.
fn lanes<'a>(machine: &StateMachine, events: &'a [HistoryEvent]) -> BTreeMap<Lane, Vec<Mark<'a>>> {
    let progress = Progress::replay(events);
    let flows: HashMap<&str, String> = machine
        .walk()
        .into_iter()
        .map(|visit| (visit.name, flow_of(&visit.place)))
        .collect();
    let mut lane_of: HashMap<u64, Lane> = HashMap::new();
    let mut lanes: BTreeMap<Lane, Vec<Mark<'a>>> = BTreeMap::new();
    for event in events {
        let path = progress.path(event, " > ").unwrap_or_default();
        let (around, last) = path.rsplit_once(" > ").unwrap_or(("", &path));
        let state = last.split_once('[').map_or(last, |(state, _)| state);
        let lane = match flows.get(state) {
            Some(flow) => (around.to_owned(), flow.clone()),
            // A state that today's definition does not know stands where what led to it stands.
            None => lane_of
                .get(&event.previous)
                .cloned()
                .unwrap_or_else(|| (around.to_owned(), String::new())),
        };
        lane_of.insert(event.id, lane.clone());
        if let Some((word, value)) = mark(event) {
            let value = value.and_then(|text| serde_json::from_str(text).ok());
            lanes.entry(lane).or_default().push(Mark {
                event,
                word,
                value,
                state: state.to_owned(),
            });
        }
    }
    lanes
}

/// The flow that a state stands in.
fn flow_of(state: &Place) -> String {
    state.parent().parent().to_string()
}

fn mark(event: &HistoryEvent) -> Option<(&'static str, Option<&str>)> {
    let kind = event.kind.as_str();
    let (input, output) = (event.input.as_deref(), event.output.as_deref());
    Some(match kind {
        "ExecutionStarted" => ("started", input),
        "ExecutionSucceeded" => ("succeeded", output),
        "ExecutionFailed" => ("failed", None),
        "ExecutionTimedOut" => ("timed out", None),
        "ExecutionAborted" => ("aborted", None),
        "MapIterationStarted" => ("iteration started", None),
        "EvaluationFailed" => ("evaluation failed", None),
        _ if event.enters_state() => ("entered", input),
        _ if event.exits_state() => ("left", output),
        _ if kind.ends_with("TimedOut") => ("timed out", None),
        "MapIterationFailed" | "MapStateFailed" | "ParallelStateFailed" => return None,
        _ if kind.ends_with("Failed") => ("failed", None),
        _ => return None,
    })
}

fn words(mark: &Mark<'_>) -> String {
    let mut text = String::new();
    if let Some(state) = mark.state() {
        text.push_str(&format!("`{state}` "));
    }
    text.push_str(mark.word);
    if let Some(index) = mark.event.index {
        text.push_str(&format!(" of item {index}"));
    }
    if let Some(value) = &mark.value {
        text.push_str(&format!(" {value}"));
    }
    for part in [&mark.event.error, &mark.event.cause].into_iter().flatten() {
        text.push_str(&format!(": {part}"));
    }
    text
}
