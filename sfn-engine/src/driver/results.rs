//! Writes the results of distributed Maps to S3.
//!
//! As with reading, nothing leaves under the engine's lock, nor before the journal has the ends of all children. After a
//! crash in between the same objects are written again: what is in them follows from the children.

use std::sync::{Arc, Weak};

use serde_json::{Map, Value, json};
use sfn_asl::{OutputType, WriterConfig, WriterTransformation};

use super::map_runs::MapRun;
use super::{Core, Shared};
use crate::api::DescribedExecution;
use crate::execution::{MapRunOutcome, written};
use crate::history::Problem;
use crate::program::KindDef;
use crate::{Error, ExecutionStatus, Json, Timestamp};

/// How many children are looked at under one hold of the lock.
const FEW: usize = 64;

impl Core {
    /// What the state gives when all went well and nothing is written to S3.
    pub(super) fn map_result(&self, run: &MapRun, now: Timestamp) -> Json {
        let transformation = self.writer_config(run).transformation;
        // Without a configuration there is no room for what failed.
        if transformation.is_none() {
            return Json::new(Value::Array(run.outputs().collect()));
        }
        let mut results = Vec::new();
        for child in run.children() {
            let Ok(found) = self.by_number(*child) else {
                continue;
            };
            add(&mut results, &found.describe(now), transformation);
        }
        Json::new(Value::Array(results))
    }

    /// How the results of a Map Run are to look.
    fn writer_config(&self, run: &MapRun) -> WriterConfig {
        let (number, _) = run.place();
        let parent = self.executions.get(number);
        let state = parent.zip(run.state()).map(|(parent, state)| {
            let program = &parent.execution.program;
            &program.state(state).kind
        });
        match state {
            Some(KindDef::Map(map)) => map
                .distributed
                .as_ref()
                .and_then(|distributed| distributed.map.result_writer.as_ref())
                .and_then(|writer| writer.writer_config)
                .unwrap_or_default(),
            _ => WriterConfig::default(),
        }
    }

    /// What is to be written of a Map Run.
    fn results(
        &self,
        shared: &Arc<Shared>,
        run: &MapRun,
        arn: &Arc<str>,
        writer: &Json,
    ) -> Results {
        let text = |name: &str| {
            let value = writer.value().get(name).and_then(Value::as_str);
            value.unwrap_or_default().to_owned()
        };
        Results {
            engine: Arc::downgrade(shared),
            arn: arn.clone(),
            bucket: text("Bucket"),
            prefix: text("Prefix"),
            config: self.writer_config(run),
        }
    }

    /// Has written what a Map Run has come to that was stopped. Nobody waits for that, so nobody hears whether it went well.
    pub(super) fn write_leftovers(&mut self, shared: &Arc<Shared>, arn: &Arc<str>, writer: &Json) {
        let Some(run) = self.map_runs.get(arn) else {
            return;
        };
        let results = self.results(shared, run, arn, writer);
        let (engine, written) = (Arc::downgrade(shared), self.written(shared));
        self.busy += 1;
        shared.runtime.spawn(async move {
            let safe = match written {
                Some(written) => written.await.is_ok(),
                None => true,
            };
            if safe {
                let arn = results.arn.clone();
                if let Err(cause) = results.write().await {
                    tracing::warn!("the results of `{arn}` are not written: {cause}");
                }
            }
            if let Some(shared) = engine.upgrade() {
                shared.act(|core, _| core.busy = core.busy.saturating_sub(1));
            }
        });
    }

    /// Has the results of a Map Run written that is over but for that.
    pub(super) fn write_results(
        &mut self,
        shared: &Arc<Shared>,
        arn: &Arc<str>,
        writer: &Json,
        outcome: MapRunOutcome,
    ) {
        let Some(run) = self.map_runs.get(arn) else {
            return;
        };
        let (number, task) = run.place();
        let results = self.results(shared, run, arn, writer);
        let result = written(arn, &results.bucket, &results.prefix);
        let arn = arn.clone();
        self.ask_s3(
            shared,
            number,
            task,
            results.write(),
            move |core, put, now| {
                let outcome = match (put, outcome) {
                    (Err(cause), MapRunOutcome::Succeeded(_)) => MapRunOutcome::Failed(Problem {
                        error: Some("States.ResultWriterFailed".into()),
                        cause: Some(cause.into()),
                    }),
                    (Ok(()), MapRunOutcome::Succeeded(_)) => MapRunOutcome::Succeeded(result),
                    // Why the Map Run failed matters more than that it could not be written.
                    (_, failed) => failed,
                };
                core.end_map_run(&arn, outcome, now);
            },
        );
    }
}

/// Results on their way to S3.
struct Results {
    engine: Weak<Shared>,
    arn: Arc<str>,
    bucket: String,
    prefix: String,
    config: WriterConfig,
}

/// What goes to which file.
#[derive(Default)]
struct Lists {
    succeeded: Vec<Value>,
    failed: Vec<Value>,
    pending: Vec<Value>,
}

impl Results {
    /// Writes a file each for what succeeded, failed and was not begun, and then the manifest.
    ///
    /// The error is the cause of `States.ResultWriterFailed`.
    async fn write(self) -> Result<(), String> {
        let gone = || "the engine has ended".to_owned();
        let lists = {
            let shared = self.engine.upgrade().ok_or_else(gone)?;
            self.lists(&shared).map_err(|error| error.to_string())?
        };
        let uuid = self.arn.rsplit(':').next().unwrap_or(&self.arn);
        let folder = match self.prefix.trim_end_matches('/') {
            "" => uuid.to_owned(),
            prefix => format!("{prefix}/{uuid}"),
        };
        let lines = self.config.output_type == Some(OutputType::Jsonl);
        let mut files = Map::new();
        for (name, list) in [
            ("FAILED", lists.failed),
            ("PENDING", lists.pending),
            ("SUCCEEDED", lists.succeeded),
        ] {
            let mut put = Vec::new();
            if !list.is_empty() {
                let end = if lines { "jsonl" } else { "json" };
                let key = format!("{folder}/{name}_0.{end}");
                let body = if lines {
                    list.iter().map(|value| format!("{value}\n")).collect()
                } else {
                    Value::Array(list).to_string()
                };
                put.push(json!({ "Key": key, "Size": body.len() }));
                self.put(&key, body).await?;
            }
            files.insert(name.to_owned(), Value::Array(put));
        }
        let manifest = json!({
            "DestinationBucket": self.bucket,
            "MapRunArn": &*self.arn,
            "ResultFiles": files,
        });
        let key = format!("{folder}/manifest.json");
        self.put(&key, manifest.to_string()).await
    }

    /// All children, a few at a time so that nobody waits for long.
    fn lists(&self, shared: &Shared) -> Result<Lists, Error> {
        let now = shared.clock.now();
        let mut lists = Lists::default();
        let children: Vec<usize> = shared.look(|core| {
            let run = core.map_runs.get(&self.arn);
            run.map_or_else(Vec::new, |run| run.children().to_vec())
        });
        for few in children.chunks(FEW) {
            let found: Vec<_> = shared.look(|core| {
                let find = |child: &usize| match core.executions.get(*child) {
                    Some(entry) => Ok(Ok(entry.describe(now))),
                    None => core.archived(*child).map(Err),
                };
                few.iter().map(find).collect::<Result<_, _>>()
            })?;
            for found in found {
                let described = match found {
                    Ok(described) => described,
                    Err(archived) => archived.read()?.describe(now),
                };
                if described.status == ExecutionStatus::Succeeded {
                    add(&mut lists.succeeded, &described, self.config.transformation);
                } else {
                    lists.failed.push(told(&described));
                }
            }
        }
        lists.pending = shared.look(|core| {
            let run = core.map_runs.get(&self.arn);
            let inputs = run.map_or(&[][..], MapRun::not_begun);
            let told = inputs.iter().map(|batch| {
                json!({
                    "Input": &**batch.input.text(),
                    "InputDetails": { "Included": true },
                    "Status": "PENDING",
                })
            });
            told.collect()
        });
        Ok(lists)
    }

    async fn put(&self, key: &str, body: String) -> Result<(), String> {
        let integrations = match self.engine.upgrade() {
            Some(shared) => shared.integrations.clone(),
            None => return Err("the engine has ended".to_owned()),
        };
        let asked = integrations
            .iter()
            .find_map(|s3| s3.put_object(&self.bucket, key, body.as_bytes()));
        let Some(put) = asked else {
            return Err(format!(
                "no integration of this engine takes `S3://{}/{key}`\nhelp: give the engine one that answers for S3 (`--service-endpoint` of the server)",
                self.bucket
            ));
        };
        put.await
    }
}

/// Adds what is told of a child.
fn add(
    results: &mut Vec<Value>,
    child: &DescribedExecution,
    transformation: Option<WriterTransformation>,
) {
    let output = child.output.as_deref();
    let output = output.and_then(|output| serde_json::from_str::<Value>(output).ok());
    match (transformation, output) {
        (Some(WriterTransformation::Compact), Some(output)) => results.push(output),
        (Some(WriterTransformation::Flatten), Some(Value::Array(items))) => results.extend(items),
        (Some(WriterTransformation::Flatten), Some(output)) => results.push(output),
        // What failed is always told with all there is to it.
        _ => results.push(told(child)),
    }
}

/// An execution with all there is to it.
fn told(child: &DescribedExecution) -> Value {
    let mut told = Map::new();
    let mut tell = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            told.insert(name.to_owned(), value);
        }
    };
    let included = || Some(json!({ "Included": true }));
    tell("Cause", child.cause.as_deref().map(Value::from));
    tell("Error", child.error.as_deref().map(Value::from));
    tell("ExecutionArn", Some(json!(child.execution_arn)));
    tell("Input", Some(json!(&*child.input)));
    tell("InputDetails", included());
    tell("Name", Some(json!(child.name)));
    tell("Output", child.output.as_deref().map(Value::from));
    tell(
        "OutputDetails",
        child.output.as_ref().and_then(|_| included()),
    );
    tell("RedriveCount", Some(json!(child.redrive_count)));
    tell("RedriveStatus", Some(json!(child.redrive_status.as_str())));
    let reason = child.redrive_status_reason.as_deref();
    tell("RedriveStatusReason", reason.map(Value::from));
    tell("StartDate", Some(json!(child.start_date.to_string())));
    tell("StateMachineArn", Some(json!(child.state_machine_arn)));
    tell("Status", Some(json!(child.status.as_str())));
    let stopped = child.stop_date.map(|at| at.to_string());
    tell("StopDate", stopped.map(Value::from));
    Value::Object(told)
}
