//! `UpdateMapRun`: changes how many children of a distributed Map run at once, or how many may fail.

use serde_json::json;
use sfn_engine::{Handle, api::UpdateMapRun};

use super::Reply;
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let most = u64::from(u32::MAX);
    let request = UpdateMapRun {
        map_run_arn: params.arn("mapRunArn")?,
        // INVARIANT: at most `u32::MAX`, as just checked.
        max_concurrency: params
            .optional_integer("maxConcurrency", 0, most)?
            .map(|number| u32::try_from(number).expect("bounded by `u32::MAX`")),
        tolerated_failure_percentage: params.optional_number("toleratedFailurePercentage")?,
        tolerated_failure_count: params.optional_integer("toleratedFailureCount", 0, u64::MAX)?,
    };
    engine.update_map_run(request).await?;
    Ok(json!({}))
}
