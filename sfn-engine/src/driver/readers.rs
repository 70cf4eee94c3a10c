//! Reads the items of distributed Maps from S3.
//!
//! Nothing is read under the engine's lock, nor before it is written down that it is to be read: a task of its own asks
//! the integrations and comes back with a signal. After a crash in between the items are read again.

use std::sync::Arc;

use serde_json::Value;
use sfn_asl::{ReaderConfig, ReaderTransformation};

use super::{Core, Shared};
use crate::execution::{ItemSource, Signal};
use crate::formats::{items, limited};
use crate::history::Problem;
use crate::integrations::Integrations;
use crate::program::{KindDef, StateId};
use crate::token::TaskId;
use crate::{Json, Timestamp};

impl Core {
    /// Has the items of a distributed Map read.
    pub(super) fn read_items(
        &mut self,
        shared: &Arc<Shared>,
        number: usize,
        task: TaskId,
        state: StateId,
        source: ItemSource,
    ) {
        let program = self.executions[number].execution.program.clone();
        let config = match &program.state(state).kind {
            KindDef::Map(map) => map
                .distributed
                .as_ref()
                .and_then(|distributed| distributed.map.item_reader.as_ref())
                .and_then(|reader| reader.reader_config.clone()),
            _ => None,
        };
        let integrations = shared.integrations.clone();
        let read = async move { read(&integrations, &source, &config.unwrap_or_default()).await };
        self.ask_s3(
            shared,
            number,
            task,
            read,
            move |core, (items, source), now| {
                let items = items.map_err(|cause| Problem {
                    error: Some("States.ItemReaderFailed".into()),
                    cause: Some(cause.into()),
                });
                let signal = Signal::ItemsRead {
                    task,
                    items,
                    source,
                };
                core.signal(number, signal, now);
            },
        );
    }

    /// Does something for a Map Run outside of the lock, when all that led to it is written; then tells the engine.
    ///
    /// A test clock does not jump meanwhile. [`Core::leave_s3`] gives it up.
    pub(super) fn ask_s3<T: Send + 'static>(
        &mut self,
        shared: &Arc<Shared>,
        number: usize,
        task: TaskId,
        asking: impl Future<Output = T> + Send + 'static,
        tell: impl FnOnce(&mut Core, T, Timestamp) + Send + 'static,
    ) {
        let (engine, written) = (Arc::downgrade(shared), self.written(shared));
        let spawned = shared.runtime.spawn(async move {
            if let Some(written) = written
                && written.await.is_err()
            {
                return;
            }
            let answer = asking.await;
            if let Some(shared) = engine.upgrade() {
                shared.act(|core, now| {
                    if core.leave_s3(number, task) {
                        tell(core, answer, now);
                    }
                });
            }
        });
        self.busy += 1;
        let calls = &mut self.executions[number].calls;
        calls.insert(task, spawned.abort_handle());
    }

    /// Nobody waits for S3 any more; answers whether anybody did.
    pub(super) fn leave_s3(&mut self, number: usize, task: TaskId) -> bool {
        let entry = self.executions.get_mut(number);
        let Some(call) = entry.and_then(|entry| entry.calls.remove(&task)) else {
            return false;
        };
        call.abort();
        self.busy = self.busy.saturating_sub(1);
        true
    }
}

/// The items, or the cause of `States.ItemReaderFailed`, and where they come from.
async fn read(
    integrations: &[Arc<dyn Integrations>],
    source: &ItemSource,
    config: &ReaderConfig,
) -> (Result<Vec<Json>, String>, String) {
    let parameters = source.parameters.value();
    let text = |name: &str| {
        let value = parameters.get(name).and_then(Value::as_str);
        value.unwrap_or_default()
    };
    let bucket = text("Bucket");
    let (read, place) = if &*source.action == "listObjectsV2" {
        let place = format!("S3://{bucket}");
        let listed = list(integrations, bucket, text("Prefix"), &place).await;
        let flattens = config.transformation == Some(ReaderTransformation::LoadAndFlatten);
        let read = match listed {
            Ok(listed) if flattens => load(integrations, bucket, &listed, config, source).await,
            listed => listed.map(limited(source.max_items)),
        };
        (read, place)
    } else {
        let place = format!("S3://{bucket}/{}", text("Key"));
        let body = get(integrations, bucket, text("Key"), &place).await;
        let read = body.and_then(|body| items(&body, config, source.max_items));
        (read, place)
    };
    let read = read.map(|values| values.into_iter().map(Json::new).collect());
    (read, place)
}

/// `LOAD_AND_FLATTEN`: the items within the listed objects, one object after the other.
async fn load(
    integrations: &[Arc<dyn Integrations>],
    bucket: &str,
    listed: &[Value],
    config: &ReaderConfig,
    source: &ItemSource,
) -> Result<Vec<Value>, String> {
    let mut all = Vec::new();
    for object in listed {
        let key = object.get("Key").and_then(Value::as_str);
        // A folder, as consoles make them, has nothing in it.
        let Some(key) = key.filter(|key| !key.ends_with('/')) else {
            continue;
        };
        let missing = source
            .max_items
            .map(|max| max.saturating_sub(all.len() as u64));
        if missing == Some(0) {
            break;
        }
        let body = get(integrations, bucket, key, &format!("S3://{bucket}/{key}")).await?;
        all.extend(items(&body, config, missing)?);
    }
    Ok(all)
}

async fn get(
    integrations: &[Arc<dyn Integrations>],
    bucket: &str,
    key: &str,
    place: &str,
) -> Result<Vec<u8>, String> {
    let asked = integrations
        .iter()
        .find_map(|s3| s3.get_object(bucket, key));
    asked.ok_or_else(|| nobody(place))?.await
}

async fn list(
    integrations: &[Arc<dyn Integrations>],
    bucket: &str,
    prefix: &str,
    place: &str,
) -> Result<Vec<Value>, String> {
    let asked = integrations
        .iter()
        .find_map(|s3| s3.list_objects(bucket, prefix));
    asked.ok_or_else(|| nobody(place))?.await
}

fn nobody(place: &str) -> String {
    format!(
        "no integration of this engine has `{place}`\nhelp: give the engine one that answers for S3 (`--service-endpoint` of the server)"
    )
}
