//! The distributed Map: its items may come from elsewhere, and each of its children is an execution of its own.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::fault::Fault;
use super::{Effect, Execution, Item, MAX_PAYLOAD, Phase, StateId, map::numbered};
use crate::Json;
use crate::history::{EventKind, Failure, Problem};
use crate::program::{BatcherDef, DistributedDef, KindDef, MapDef, Scalar, StateDef};
use crate::token::TaskId;

/// A distributed Map at work.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct MapRun {
    pub(super) id: TaskId,
    arn: Arc<str>,
    /// Number of its `MapRunStarted`.
    started: u32,
    /// The state's effective input.
    input: Json,
    concurrency: usize,
    tolerated_count: Option<u64>,
    tolerated_percentage: Option<f64>,
    /// Whether its children were given out to be run.
    #[serde(default)]
    begun: bool,
    /// How often it was redriven.
    #[serde(default)]
    redrives: u32,
    /// The items that are still to be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reading: Option<ItemSource>,
}

impl MapRun {
    /// Whether there are children that a redrive can go on with.
    pub(super) fn has_children(&self) -> bool {
        self.begun
    }

    /// It is waited for under another number; answers its ARN.
    pub(super) fn redriven(&mut self, id: TaskId) -> Arc<str> {
        self.id = id;
        self.redrives += 1;
        self.arn.clone()
    }

    pub(super) fn redrive_count(&self) -> u32 {
        self.redrives
    }

    /// What comes after it follows this event.
    pub(super) fn follows(&mut self, event: u32) {
        self.started = event;
    }
}

/// Where items are read from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemSource {
    /// The action: `getObject` or `listObjectsV2`.
    pub action: Arc<str>,
    /// `Bucket`, `Key`, `Prefix` and whatever else the action takes.
    pub parameters: Json,
    /// How many items at most; `None` for all.
    pub max_items: Option<u64>,
}

/// The children of a distributed Map, ready to run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MapRunPlan {
    /// The Map Run's ARN.
    pub arn: Arc<str>,
    /// The Map's label, or what stands for it.
    pub label: Arc<str>,
    /// The state each child starts at.
    pub start: StateId,
    /// Whether the children are express executions.
    pub express: bool,
    /// The children.
    pub batches: Vec<Batch>,
    /// How many may run at once; 0 is as many as possible.
    pub concurrency: usize,
    /// How many items may fail.
    pub tolerated_count: Option<u64>,
    /// Which share of the items may fail, in percent.
    pub tolerated_percentage: Option<f64>,
    /// Where the results go instead of the Map's output: `Bucket` and `Prefix`.
    pub writer: Option<Json>,
}

/// What one child works on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// Its input.
    pub input: Json,
    /// How many items that is.
    pub items: u64,
}

/// How a distributed Map's children ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum MapRunOutcome {
    /// Well enough: the Map's result.
    Succeeded(Json),
    /// Not well.
    Failed(Problem),
}

impl Execution {
    pub(super) fn distribute(
        &mut self,
        frame: u32,
        def: &StateDef,
        map: &MapDef,
        distributed: &DistributedDef,
    ) -> Result<(), Fault> {
        let raw = self.frames[frame as usize].input.clone();
        let input = self.effective_input(frame, def, &raw)?;
        let items = match &distributed.reader {
            Some(_) => Vec::new(),
            None => self.items(frame, def, map, &input)?,
        };
        let concurrency = self.concurrency(frame, map, &input)?;
        let length = u32::try_from(items.len()).expect("a state's input is bounded");
        self.note(frame, EventKind::MapStarted(length));
        let tolerated_count = self.integer(
            frame,
            &distributed.tolerated_count,
            &input,
            "ToleratedFailureCount",
        )?;
        let tolerated_count = match tolerated_count.map(u64::try_from) {
            Some(Err(_)) => {
                return Err(self.senseless(
                    frame,
                    "ToleratedFailureCount",
                    "ToleratedFailureCount cannot be negative.".to_owned(),
                ));
            }
            Some(Ok(count)) => Some(count),
            None => None,
        };
        let tolerated_percentage = self.float(
            frame,
            &distributed.tolerated_percentage,
            &input,
            "ToleratedFailurePercentage",
        )?;
        if tolerated_percentage.is_some_and(|percentage| !(0.0..=100.0).contains(&percentage)) {
            return Err(self.senseless(
                frame,
                "ToleratedFailurePercentage",
                "ToleratedFailurePercentage must be between 0 and 100.".to_owned(),
            ));
        }
        let reading = match &distributed.reader {
            None => None,
            Some(reader) => {
                let max_items = self.integer(frame, &reader.max_items, &input, "MaxItems")?;
                let parameters = self.payload(frame, &reader.payload, &input, None)?;
                Some((reader.resource.action.clone(), parameters, max_items))
            }
        };
        let arn = self.map_run_arn(distributed);
        let started = self.note(frame, EventKind::MapRunStarted(arn.clone()));
        let id = TaskId {
            frame,
            nonce: self.next_nonce(),
        };
        let run = MapRun {
            id,
            arn,
            started,
            input,
            concurrency,
            tolerated_count,
            tolerated_percentage,
            begun: false,
            redrives: 0,
            reading: None,
        };
        self.frames[frame as usize].phase = Phase::MapRun(Box::new(run));
        let state = self.frames[frame as usize].state;
        match reading {
            Some((_, _, Some(max_items))) if max_items < 0 => {
                let problem = Problem {
                    error: Some("States.ItemReaderFailed".into()),
                    cause: Some("field MaxItems must be positive".into()),
                };
                self.map_run_failed(frame, Arc::new(problem));
            }
            Some((action, parameters, max_items)) => {
                // As recorded: none at all means all of them.
                let max_items = max_items.map(i64::unsigned_abs).filter(|max| *max > 0);
                let source = ItemSource {
                    action,
                    parameters,
                    max_items,
                };
                if let Phase::MapRun(run) = &mut self.frames[frame as usize].phase {
                    run.reading = Some(source.clone());
                }
                self.effects.push(Effect::ReadItems {
                    task: id,
                    state,
                    source,
                });
            }
            None => self.run_items(frame, items)?,
        }
        Ok(())
    }

    fn map_run_arn(&mut self, distributed: &DistributedDef) -> Arc<str> {
        let label = if distributed.label.is_empty() {
            self.random.uuid()
        } else {
            distributed.label.clone()
        };
        let mut parts = self.about.arn.splitn(6, ':');
        let partition = parts.nth(1).unwrap_or("aws");
        let region = parts.nth(1).unwrap_or_default();
        let account = parts.next().unwrap_or_default();
        let machine = &self.about.machine_name;
        let uuid = self.random.uuid();
        format!("arn:{partition}:states:{region}:{account}:mapRun:{machine}/{label}:{uuid}").into()
    }

    pub(super) fn items_read(
        &mut self,
        task: TaskId,
        items: Result<Vec<Json>, Problem>,
        source: String,
    ) {
        match &mut self
            .frames
            .get_mut(task.frame as usize)
            .map(|slot| &mut slot.phase)
        {
            Some(Phase::MapRun(run)) if run.id == task => run.reading = None,
            _ => return,
        }
        match items {
            Err(problem) => self.map_run_failed(task.frame, Arc::new(problem)),
            Ok(values) => {
                let items = numbered(values.into_iter(), Some(source.into()));
                if let Err(fault) = self.run_items(task.frame, items) {
                    self.fault(task.frame, fault);
                }
            }
        }
    }

    /// Makes children of the items and has them run.
    fn run_items(&mut self, frame: u32, items: Vec<Item>) -> Result<(), Fault> {
        let program = self.program.clone();
        let state = self.frames[frame as usize].state;
        let KindDef::Map(map) = &program.state(state).kind else {
            unreachable!("only Map states run items");
        };
        let distributed = map
            .distributed
            .as_ref()
            .expect("only distributed Maps have Map Runs");
        let Phase::MapRun(run) = &self.frames[frame as usize].phase else {
            unreachable!("a Map Run is on");
        };
        let (id, arn, input) = (run.id, run.arn.clone(), run.input.clone());
        let (concurrency, tolerated_count) = (run.concurrency, run.tolerated_count);
        let tolerated_percentage = run.tolerated_percentage;
        let inputs = items
            .iter()
            .map(|item| self.select_item(frame, map.selector.as_ref(), &input, item))
            .collect::<Result<Vec<_>, Fault>>()?;
        let batches = match &distributed.batcher {
            None => inputs
                .into_iter()
                .map(|input| Batch { input, items: 1 })
                .collect(),
            Some(batcher) => self.batches(frame, batcher, &input, inputs)?,
        };
        if batches.iter().any(|batch| batch.input.size() > MAX_PAYLOAD) {
            let problem = Problem {
                error: Some("States.DataLimitExceeded".into()),
                cause: Some(
                    format!("The input of a child execution has more than {MAX_PAYLOAD} bytes.")
                        .into(),
                ),
            };
            self.map_run_failed(frame, Arc::new(problem));
            return Ok(());
        }
        let writer = match &distributed.writer {
            None => None,
            Some(writer) => Some(self.payload(frame, writer, &input, None)?),
        };
        let label = arn
            .rsplit_once(':')
            .and_then(|(rest, _)| rest.rsplit_once('/'))
            .map_or("", |(_, label)| label);
        let plan = Box::new(MapRunPlan {
            label: label.into(),
            arn,
            start: map.start,
            express: distributed.express,
            batches,
            concurrency,
            tolerated_count,
            tolerated_percentage,
            writer,
        });
        if let Phase::MapRun(run) = &mut self.frames[frame as usize].phase {
            run.begun = true;
        }
        self.effects.push(Effect::RunMap {
            task: id,
            state,
            plan,
        });
        Ok(())
    }

    /// How much a batch may hold, if anything is said about it.
    fn batch_limit(
        &mut self,
        frame: u32,
        limit: &Scalar<u64>,
        input: &Json,
        field: &str,
    ) -> Result<Option<usize>, Fault> {
        match self.integer(frame, limit, input, field)? {
            None => Ok(None),
            Some(limit) if limit > 0 => Ok(Some(usize::try_from(limit).unwrap_or(usize::MAX))),
            Some(limit) => Err(self.senseless(
                frame,
                field,
                format!("{field} must be a positive integer but was: {limit}"),
            )),
        }
    }

    /// `ItemBatcher`: several items a child.
    pub(super) fn batches(
        &mut self,
        frame: u32,
        batcher: &BatcherDef,
        input: &Json,
        inputs: Vec<Json>,
    ) -> Result<Vec<Batch>, Fault> {
        let max_items = self.batch_limit(frame, &batcher.max_items, input, "MaxItemsPerBatch")?;
        let max_bytes =
            self.batch_limit(frame, &batcher.max_bytes, input, "MaxInputBytesPerBatch")?;
        // A batch is the input of an execution, and has no more bytes than that.
        let max_bytes = max_bytes.unwrap_or(MAX_PAYLOAD).min(MAX_PAYLOAD);
        let common = match &batcher.input {
            None => None,
            Some(common) => Some(self.payload(frame, common, input, None)?),
        };
        let overhead =
            common.as_ref().map_or(0, Json::size) + r#"{"BatchInput":,"Items":[]}"#.len();
        let batch = |items: Vec<Value>| {
            let count = items.len() as u64;
            let mut whole = serde_json::Map::new();
            if let Some(common) = &common {
                whole.insert("BatchInput".to_owned(), common.value().clone());
            }
            whole.insert("Items".to_owned(), Value::Array(items));
            Batch {
                input: Json::new(Value::Object(whole)),
                items: count,
            }
        };
        let (mut batches, mut items, mut bytes) = (Vec::new(), Vec::new(), overhead);
        for input in inputs {
            let size = input.size() + 1;
            let full = max_items.is_some_and(|max| items.len() >= max) || bytes + size > max_bytes;
            if full && !items.is_empty() {
                batches.push(batch(std::mem::take(&mut items)));
                bytes = overhead;
            }
            bytes += size;
            items.push(input.into_value());
        }
        if !items.is_empty() {
            batches.push(batch(items));
        }
        Ok(batches)
    }

    pub(super) fn map_run_ended(&mut self, task: TaskId, outcome: MapRunOutcome) {
        if !self.runs_map(task) {
            return;
        }
        let frame = task.frame;
        match outcome {
            MapRunOutcome::Failed(problem) => self.map_run_failed(frame, Arc::new(problem)),
            MapRunOutcome::Succeeded(result) => {
                let succeeded = self.note(frame, EventKind::MapRunSucceeded);
                let slot = &mut self.frames[frame as usize];
                // As recorded since November 2024: the state's exit hangs on the start of the Map Run.
                if let Phase::MapRun(run) = &slot.phase {
                    slot.last = run.started;
                }
                let state = slot.state;
                let succeeded = self.record(succeeded, EventKind::Succeeded(state));
                self.complete_children(frame, result, succeeded);
            }
        }
    }

    /// What is still to be read for Maps, to be brought about again after a crash.
    pub(crate) fn unread_items(&self) -> Vec<Effect> {
        let unread = |slot: &super::Frame| match &slot.phase {
            Phase::MapRun(run) => run.reading.clone().map(|source| Effect::ReadItems {
                task: run.id,
                state: slot.state,
                source,
            }),
            _ => None,
        };
        self.frames.iter().filter_map(unread).collect()
    }

    fn map_run_failed(&mut self, frame: u32, failure: Failure) {
        self.note(frame, EventKind::MapRunFailed(failure.clone()));
        self.set_aside(frame);
        self.failed_telling(frame, failure, true, true);
    }

    fn runs_map(&self, task: TaskId) -> bool {
        self.frames
            .get(task.frame as usize)
            .is_some_and(|slot| matches!(&slot.phase, Phase::MapRun(run) if run.id == task))
    }
}

/// What a Map with a `ResultWriter` gives.
pub(crate) fn written(arn: &str, bucket: &str, prefix: &str) -> Json {
    let uuid = arn.rsplit(':').next().unwrap_or(arn);
    let prefix = prefix.trim_end_matches('/');
    let key = if prefix.is_empty() {
        format!("{uuid}/manifest.json")
    } else {
        format!("{prefix}/{uuid}/manifest.json")
    };
    Json::new(json!({ "MapRunArn": arn, "ResultWriterDetails": { "Bucket": bucket, "Key": key } }))
}
