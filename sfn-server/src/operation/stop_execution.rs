//! `StopExecution`: stops an execution.

use serde_json::json;
use sfn_engine::{Handle, api::StopExecution};

use super::Reply;
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let request = StopExecution {
        execution_arn: params.arn("executionArn")?,
        error: params.optional_bounded_text("error", 256)?,
        cause: params.optional_bounded_text("cause", 32_768)?,
    };
    let stopped = engine.stop_execution(request).await?;
    Ok(json!({ "stopDate": stopped.as_secs_f64() }))
}
