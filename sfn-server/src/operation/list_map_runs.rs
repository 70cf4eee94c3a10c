//! `ListMapRuns`: the Map Runs of an execution, page by page.

use serde_json::json;
use sfn_engine::Handle;

use super::{Reply, page, present};
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let arn = params.arn("executionArn")?;
    let found = engine.list_map_runs(&arn, params.page()?).await?;
    Ok(page("mapRuns", found, |item| {
        present(json!({
            "executionArn": item.execution_arn,
            "mapRunArn": item.map_run_arn,
            "stateMachineArn": item.state_machine_arn,
            "startDate": item.start_date.as_secs_f64(),
            "stopDate": item.stop_date.map(|date| date.as_secs_f64()),
        }))
    }))
}
