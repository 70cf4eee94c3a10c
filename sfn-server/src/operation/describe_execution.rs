//! `DescribeExecution`: tells about an execution.

use serde_json::json;
use sfn_engine::Handle;

use super::{Reply, includes_data, present};
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let with_data = includes_data(&mut params)?;
    let mut found = engine
        .describe_execution(&params.arn("executionArn")?)
        .await?;
    if !with_data {
        (found.error, found.cause) = (None, None);
    }
    let output = found.output.as_ref().filter(|_| with_data);
    let output_details = found.output.as_ref();
    Ok(present(json!({
        "executionArn": found.execution_arn,
        "stateMachineArn": found.state_machine_arn,
        "name": found.name,
        "status": found.status.as_str(),
        "startDate": found.start_date.as_secs_f64(),
        "stopDate": found.stop_date.map(|date| date.as_secs_f64()),
        "input": with_data.then_some(&found.input),
        "inputDetails": { "included": with_data },
        "output": output,
        "outputDetails": output_details.map(|_| json!({ "included": with_data })),
        "traceHeader": found.trace_header,
        "mapRunArn": found.map_run_arn,
        "error": found.error,
        "cause": found.cause,
        "stateMachineVersionArn": found.state_machine_version_arn,
        "stateMachineAliasArn": found.state_machine_alias_arn,
        "redriveCount": found.redrive_count,
        "redriveDate": found.redrive_date.map(|date| date.as_secs_f64()),
        "redriveStatus": found.redrive_status.as_str(),
        "redriveStatusReason": found.redrive_status_reason,
    })))
}
