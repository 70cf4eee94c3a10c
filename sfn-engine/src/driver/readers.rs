//! What item readers read and result writers write.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use sfn_asl::{CsvDelimiter, CsvHeaderLocation, InputType, ReaderConfig};

use super::map_runs::MapRun;
use super::{Core, Shared};
use crate::execution::{ItemSource, Signal};
use crate::history::Problem;
use crate::program::{KindDef, StateId};
use crate::token::TaskId;
use crate::{ExecutionStatus, Json, Timestamp};

impl Core {
    /// Reads the items of a distributed Map.
    pub(super) fn read_items(
        &mut self,
        shared: &Arc<Shared>,
        number: usize,
        task: TaskId,
        state: StateId,
        source: &ItemSource,
        now: Timestamp,
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
        let parameters = source.parameters.value();
        let text = |name: &str| {
            parameters
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let bucket = text("Bucket");
        let (read, place) = if &*source.action == "listObjectsV2" {
            let prefix = text("Prefix");
            let listed = shared
                .integrations
                .iter()
                .find_map(|s3| s3.list_objects(&bucket, &prefix));
            (
                listed.map(|listed| listed.map(limited(source.max_items))),
                format!("S3://{bucket}"),
            )
        } else {
            let key = text("Key");
            let body = shared
                .integrations
                .iter()
                .find_map(|s3| s3.get_object(&bucket, &key));
            let config = config.unwrap_or_default();
            let read =
                body.map(|body| body.and_then(|body| items(&body, &config, source.max_items)));
            (read, format!("S3://{bucket}/{key}"))
        };
        let read = read.unwrap_or_else(|| {
            Err(format!("no integration of this engine has `{place}`\nhelp: give the engine one that answers for S3"))
        });
        let items = read
            .map(|values| values.into_iter().map(Json::new).collect())
            .map_err(|cause| Problem {
                error: Some("States.ItemReaderFailed".into()),
                cause: Some(cause.into()),
            });
        self.signal(
            number,
            Signal::ItemsRead {
                task,
                items,
                source: place,
            },
            now,
        );
    }
}

fn limited(max: Option<u64>) -> impl Fn(Vec<Value>) -> Vec<Value> {
    move |mut items| {
        if let Some(max) = max {
            items.truncate(usize::try_from(max).unwrap_or(usize::MAX));
        }
        items
    }
}

/// The items in an object, as its configuration says.
fn items(body: &[u8], config: &ReaderConfig, max: Option<u64>) -> Result<Vec<Value>, String> {
    let body = std::str::from_utf8(body).map_err(|_| "the object is no UTF-8 text".to_owned())?;
    let body = body.strip_prefix('\u{feff}').unwrap_or(body);
    let items = match config.input_type.unwrap_or(InputType::Json) {
        InputType::Csv => csv_items(body, config)?,
        InputType::Json => json_items(body, config)?,
        InputType::Jsonl => body
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| {
                serde_json::from_str(line).map_err(|_| "Unable to parse JSONL item.".to_owned())
            })
            .collect::<Result<_, _>>()?,
        InputType::Parquet => {
            return Err("Parquet objects cannot be read by this engine".to_owned());
        }
        InputType::Manifest => return Err("manifests cannot be read by this engine".to_owned()),
    };
    Ok(limited(max)(items))
}

fn json_items(body: &str, config: &ReaderConfig) -> Result<Vec<Value>, String> {
    let mut value: Value =
        serde_json::from_str(body).map_err(|_| "Unable to parse JSON.".to_owned())?;
    if let Some(pointer) = &config.items_pointer {
        value = value
            .pointer(pointer)
            .cloned()
            .ok_or_else(|| format!("Unable to find the items at {pointer}."))?;
    }
    match value {
        Value::Array(items) => Ok(items),
        Value::Object(members) => Ok(members
            .into_iter()
            .map(|(key, value)| json!({ "Key": key, "Value": value }))
            .collect()),
        _ => Err("Attempting to map over non-iterable node.".to_owned()),
    }
}

fn csv_items(body: &str, config: &ReaderConfig) -> Result<Vec<Value>, String> {
    let delimiter = match config.csv_delimiter.unwrap_or_default() {
        CsvDelimiter::Comma => ',',
        CsvDelimiter::Pipe => '|',
        CsvDelimiter::Semicolon => ';',
        CsvDelimiter::Space => ' ',
        CsvDelimiter::Tab => '\t',
    };
    let mut rows = csv_rows(body, delimiter).into_iter();
    let headers = match config.csv_header_location {
        Some(CsvHeaderLocation::Given) => {
            let given = config.csv_headers.as_ref().and_then(Value::as_array);
            given
                .into_iter()
                .flatten()
                .map(|header| header.as_str().unwrap_or_default().to_owned())
                .collect()
        }
        _ => rows.next().unwrap_or_default(),
    };
    let mut seen = HashSet::new();
    if !headers.iter().all(|header| seen.insert(header)) {
        return Err("CSV headers cannot contain duplicates.".to_owned());
    }
    Ok(rows
        .map(|row| {
            let mut fields = row.into_iter();
            // Fields beyond the headers are dropped, missing ones are empty.
            let object: Map<String, Value> = headers
                .iter()
                .map(|header| (header.clone(), json!(fields.next().unwrap_or_default())))
                .collect();
            Value::Object(object)
        })
        .collect())
}

/// The rows of a CSV text (RFC 4180); empty lines are none.
fn csv_rows(text: &str, delimiter: char) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut some) = (false, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => (quoted, some) = (true, true),
            '\n' | '\r' if !quoted => {
                if c == '\r' && chars.peek() == Some(&'\n') {
                    chars.next();
                }
                if some || !field.is_empty() {
                    row.push(std::mem::take(&mut field));
                    rows.push(std::mem::take(&mut row));
                }
                some = false;
            }
            c if c == delimiter && !quoted => {
                row.push(std::mem::take(&mut field));
                some = true;
            }
            c => field.push(c),
        }
    }
    if some || !field.is_empty() {
        row.push(field);
        rows.push(row);
    }
    rows
}

/// Writes what a `ResultWriter` asks for: the manifest and a file each for what succeeded and what did not.
pub(super) fn write_results(
    shared: &Shared,
    core: &Core,
    run: &MapRun,
    arn: &str,
    bucket: &str,
    prefix: &str,
) -> Result<(), String> {
    let uuid = arn.rsplit(':').next().unwrap_or(arn);
    let folder = match prefix.trim_end_matches('/') {
        "" => uuid.to_owned(),
        prefix => format!("{prefix}/{uuid}"),
    };
    let (mut succeeded, mut failed) = (Vec::new(), Vec::new());
    for child in run.children() {
        let now = shared.clock.now();
        let found = core.by_number(*child).map_err(|error| error.to_string())?;
        let described = found.describe(now);
        let told = json!({
            "ExecutionArn": described.execution_arn,
            "Input": &*described.input,
            "InputDetails": { "Included": true },
            "Name": described.name,
            "Output": described.output.as_deref(),
            "OutputDetails": { "Included": true },
            "Error": described.error.as_deref(),
            "Cause": described.cause.as_deref(),
            "StartDate": described.start_date.to_string(),
            "StateMachineArn": described.state_machine_arn,
            "Status": described.status.as_str(),
            "StopDate": described.stop_date.map(|at| at.to_string()),
        });
        let list = if described.status == ExecutionStatus::Succeeded {
            &mut succeeded
        } else {
            &mut failed
        };
        list.push(told);
    }
    let mut files = Map::new();
    for (name, list) in [
        ("FAILED", failed),
        ("PENDING", Vec::new()),
        ("SUCCEEDED", succeeded),
    ] {
        let mut written = Vec::new();
        if !list.is_empty() {
            let key = format!("{folder}/{name}_0.json");
            let body = Value::Array(list).to_string();
            written.push(json!({ "Key": key, "Size": body.len() }));
            put(shared, bucket, &key, body.as_bytes())?;
        }
        files.insert(name.to_owned(), Value::Array(written));
    }
    let manifest = json!({ "DestinationBucket": bucket, "MapRunArn": arn, "ResultFiles": files });
    put(
        shared,
        bucket,
        &format!("{folder}/manifest.json"),
        manifest.to_string().as_bytes(),
    )
}

fn put(shared: &Shared, bucket: &str, key: &str, body: &[u8]) -> Result<(), String> {
    shared.integrations.iter().find_map(|s3| s3.put_object(bucket, key, body)).unwrap_or_else(|| {
        Err(format!("no integration of this engine takes `S3://{bucket}/{key}`\nhelp: give the engine one that answers for S3"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_rows(text: &str, expected: &[&[&str]]) {
        assert_eq!(csv_rows(text, ','), expected);
    }

    #[test]
    fn csv_is_read_with_quotes_and_without_empty_lines() {
        check_rows("a,b\n1,2\n", &[&["a", "b"], &["1", "2"]]);
        check_rows(
            "a,b\r\n\r\n1,\"2\"\"3\n4\"",
            &[&["a", "b"], &["1", "2\"3\n4"]],
        );
        check_rows(",,,\n   \n", &[&["", "", "", ""], &["   "]]);
        check_rows("\"\"\n", &[&[""]]);
    }
}
