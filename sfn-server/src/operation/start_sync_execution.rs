//! `StartSyncExecution`: runs an express execution to its end.

use serde_json::json;
use sfn_engine::Handle;

use super::{Reply, includes_data, present, start};
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let with_data = includes_data(&mut params)?;
    let ended = engine.start_sync_execution(start(&mut params)?).await?;
    let execution = ended.execution;
    Ok(present(json!({
        "executionArn": execution.execution_arn,
        "stateMachineArn": execution.state_machine_arn,
        "name": execution.name,
        "startDate": execution.start_date.as_secs_f64(),
        "stopDate": execution.stop_date.map(|date| date.as_secs_f64()),
        "status": execution.status.as_str(),
        "error": execution.error.filter(|_| with_data),
        "cause": execution.cause.filter(|_| with_data),
        "input": with_data.then_some(execution.input),
        "inputDetails": { "included": with_data },
        "output": execution.output.filter(|_| with_data),
        // As recorded: also where there is no output.
        "outputDetails": { "included": with_data },
        "traceHeader": execution.trace_header,
        "billingDetails": {
            "billedMemoryUsedInMB": ended.billing.billed_memory_used_in_mb,
            "billedDurationInMilliseconds": ended.billing.billed_duration_in_milliseconds,
        },
    })))
}
