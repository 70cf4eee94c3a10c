//! `DescribeExecution`: tells about an execution.

use serde_json::{Map, Value, json};
use sfn_engine::{Handle, Timestamp};

use super::{Reply, includes_data};
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let with_data = includes_data(&mut params)?;
    let found = engine
        .describe_execution(&params.arn("executionArn")?)
        .await?;
    // Clients ask this again and again until an execution is over, so no member is made that is not told.
    let mut body = Map::new();
    let mut tell = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(name.to_owned(), value);
        }
    };
    let date = |date: Timestamp| Value::from(date.as_secs_f64());
    let details = || json!({ "included": with_data });
    let text = |text: &str| Value::from(text);
    tell("executionArn", Some(found.execution_arn.into()));
    tell("stateMachineArn", Some(found.state_machine_arn.into()));
    tell("name", Some(found.name.into()));
    tell("status", Some(text(found.status.as_str())));
    tell("startDate", Some(date(found.start_date)));
    tell("stopDate", found.stop_date.map(date));
    tell("input", with_data.then(|| text(&found.input)));
    tell("inputDetails", Some(details()));
    let output = found.output.as_deref();
    tell("output", output.filter(|_| with_data).map(text));
    tell("outputDetails", output.map(|_| details()));
    tell("traceHeader", found.trace_header.map(Value::from));
    tell("mapRunArn", found.map_run_arn.map(Value::from));
    let (error, cause) = (found.error.as_deref(), found.cause.as_deref());
    tell("error", error.filter(|_| with_data).map(text));
    tell("cause", cause.filter(|_| with_data).map(text));
    let version = found.state_machine_version_arn;
    tell("stateMachineVersionArn", version.map(Value::from));
    let alias = found.state_machine_alias_arn;
    tell("stateMachineAliasArn", alias.map(Value::from));
    tell("redriveCount", Some(found.redrive_count.into()));
    tell("redriveDate", found.redrive_date.map(date));
    tell("redriveStatus", Some(text(found.redrive_status.as_str())));
    let reason = found.redrive_status_reason;
    tell("redriveStatusReason", reason.map(Value::from));
    Ok(Value::Object(body))
}
