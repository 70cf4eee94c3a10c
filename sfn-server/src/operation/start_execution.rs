//! `StartExecution`: starts an execution.

use serde_json::json;
use sfn_engine::Handle;

use super::{Reply, start};
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let started = engine.start_execution(start(&mut params)?).await?;
    Ok(json!({
        "executionArn": started.execution_arn,
        "startDate": started.start_date.as_secs_f64(),
    }))
}
