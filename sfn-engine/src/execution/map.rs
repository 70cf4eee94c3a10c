//! The Map state, its items and the iterations that run within the execution.

use std::sync::Arc;

use serde_json::Value;
use sfn_asl::QueryLanguage;

use super::fault::{Fault, evaluation};
use super::{Children, Execution, Item, Phase};
use crate::Json;
use crate::history::{EventKind, IterationPhase};
use crate::program::{Items, MapDef, Payload, Shape, StateDef, StateId};

/// How many iterations of an inline Map run at once, whatever its definition says.
const MAX_INLINE_CONCURRENCY: usize = 40;

/// What `$$.Map.Item.Source` is when the items are in the state's own data.
const STATE_DATA: &str = "STATE_DATA";

/// The items of an inline Map.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Iterations {
    start: StateId,
    inputs: Vec<(Json, Item)>,
    next: usize,
    concurrency: usize,
}

impl Execution {
    pub(super) fn map(&mut self, frame: u32, def: &StateDef, map: &MapDef) -> Result<(), Fault> {
        if self.resume(frame, def) {
            return Ok(());
        }
        if let Some(distributed) = &map.distributed {
            return self.distribute(frame, def, map, distributed);
        }
        let raw = self.frames[frame as usize].input.clone();
        let input = self.effective_input(frame, def, &raw)?;
        let items = self.items(frame, def, map, &input)?;
        let concurrency = self.concurrency(frame, map, &input)?;
        let length = u32::try_from(items.len()).expect("a state's input is bounded");
        let started = self.note(frame, EventKind::MapStarted(length));
        let inputs = items
            .into_iter()
            .map(|item| {
                Ok((
                    self.select_item(frame, map.selector.as_ref(), &input, &item)?,
                    item,
                ))
            })
            .collect::<Result<Vec<_>, Fault>>()?;
        let concurrency = if concurrency == 0 {
            usize::MAX
        } else {
            concurrency
        }
        .min(MAX_INLINE_CONCURRENCY);
        self.frames[frame as usize].phase = Phase::Children(Box::new(Children {
            results: vec![None; inputs.len()],
            frames: Vec::new(),
            open: inputs.len(),
            items: Some(Iterations {
                start: map.start,
                inputs,
                next: 0,
                concurrency,
            }),
        }));
        self.start_iterations(frame, concurrency, started);
        if length == 0 {
            self.children_done(frame, started);
        }
        Ok(())
    }

    /// Starts up to `count` further iterations, each following the event `previous`.
    pub(super) fn start_iterations(&mut self, frame: u32, count: usize, previous: u32) {
        let state = self.frames[frame as usize].state;
        for _ in 0..count {
            let Phase::Children(children) = &mut self.frames[frame as usize].phase else {
                return;
            };
            let Some(items) = &mut children.items else {
                return;
            };
            if items.next >= items.inputs.len() || children.frames.len() >= items.concurrency {
                return;
            }
            let index = items.next;
            items.next += 1;
            let (input, item) = items.inputs[index].clone();
            let start = items.start;
            let number = item.index;
            let started = self.record(
                previous,
                EventKind::Iteration(IterationPhase::Started, state, number),
            );
            let child = self.spawn(Some((frame, number)), start, input, started);
            self.frames[child as usize].item = Some(Box::new(item));
            if let Phase::Children(children) = &mut self.frames[frame as usize].phase {
                children.frames.push(child);
            }
        }
    }

    /// `MaxConcurrency`; 0 is as many as possible.
    pub(super) fn concurrency(
        &mut self,
        frame: u32,
        map: &MapDef,
        input: &Json,
    ) -> Result<usize, Fault> {
        let concurrency = self
            .integer(frame, &map.max_concurrency, input, "MaxConcurrency")?
            .unwrap_or(0);
        usize::try_from(concurrency).map_err(|_| {
            self.senseless(
                frame,
                "MaxConcurrency",
                format!(
                    "Expected non-negative integer for MaxConcurrency, but got '{concurrency}' instead."
                ),
            )
        })
    }

    /// The items of a Map that are in the state's data.
    pub(super) fn items(
        &mut self,
        frame: u32,
        def: &StateDef,
        map: &MapDef,
        input: &Json,
    ) -> Result<Vec<Item>, Fault> {
        let (found, path) = match &map.items {
            Items::Input => (input.clone(), "$".to_owned()),
            Items::Path(path) => {
                let found = self
                    .path_value(frame, path, input)
                    .map_err(|error| Fault::runtime(sfn_expr::path::invalid_path(path, &error)))?;
                // As recorded: a path into the context object is told with one `$`.
                let shown = path.to_string();
                (
                    found,
                    shown
                        .strip_prefix('$')
                        .filter(|rest| rest.starts_with('$'))
                        .unwrap_or(&shown)
                        .to_owned(),
                )
            }
            Items::Jsonata(jsonata) => {
                let value = self.jsonata(frame, jsonata, input, None, None)?;
                let value = jsonata
                    .expect_shape(value, Shape::Array)
                    .map_err(evaluation)?;
                (Json::new(value), String::new())
            }
        };
        match found.value() {
            Value::Array(values) => Ok(numbered(
                values.iter().cloned().map(Json::new),
                Some(STATE_DATA.into()),
            )),
            other if def.language == QueryLanguage::Jsonata => Err(Fault::evaluation(
                None,
                format!("Map state input must be an array but was: {other}"),
            )),
            _ => Err(Fault::runtime(format!(
                "Reference path \"{path}\" must point to array."
            ))),
        }
    }

    /// What an iteration gets for its item.
    pub(super) fn select_item(
        &mut self,
        frame: u32,
        selector: Option<&Payload>,
        input: &Json,
        item: &Item,
    ) -> Result<Json, Fault> {
        let Some(selector) = selector else {
            return Ok(item.value.clone());
        };
        // The selector sees the item as if it stood in the Map's own place.
        let outer = self.frames[frame as usize]
            .item
            .replace(Box::new(item.clone()));
        let selected = self.payload(frame, selector, input, None);
        self.frames[frame as usize].item = outer;
        selected
    }
}

/// Items with their numbers.
pub(super) fn numbered(values: impl Iterator<Item = Json>, source: Option<Arc<str>>) -> Vec<Item> {
    (0u32..)
        .zip(values)
        .map(|(index, value)| Item {
            index,
            value,
            key: None,
            source: source.clone(),
        })
        .collect()
}
