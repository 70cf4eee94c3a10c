//! `DescribeMapRun`: tells how far a distributed Map has come.

use serde_json::{Value, json};
use sfn_engine::{Handle, api::MapRunCounts};

use super::{Reply, present};
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let found = engine.describe_map_run(&params.arn("mapRunArn")?).await?;
    Ok(present(json!({
        "mapRunArn": found.map_run_arn,
        "executionArn": found.execution_arn,
        "status": found.status.as_str(),
        "startDate": found.start_date.as_secs_f64(),
        "stopDate": found.stop_date.map(|date| date.as_secs_f64()),
        "maxConcurrency": found.max_concurrency,
        "toleratedFailurePercentage": found.tolerated_failure_percentage,
        "toleratedFailureCount": found.tolerated_failure_count,
        "itemCounts": counts(&found.item_counts),
        "executionCounts": counts(&found.execution_counts),
        "redriveCount": found.redrive_count,
        "redriveDate": found.redrive_date.map(|date| date.as_secs_f64()),
    })))
}

fn counts(counts: &MapRunCounts) -> Value {
    json!({
        "pending": counts.pending,
        "running": counts.running,
        "succeeded": counts.succeeded,
        "failed": counts.failed,
        "timedOut": counts.timed_out,
        "aborted": counts.aborted,
        "total": counts.total,
        "resultsWritten": counts.results_written,
        "failuresNotRedrivable": counts.failures_not_redrivable,
        "pendingRedrive": counts.pending_redrive,
    })
}
