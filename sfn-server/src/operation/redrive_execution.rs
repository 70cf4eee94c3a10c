//! `RedriveExecution`: runs the unsuccessful part of an execution again.

use serde_json::json;
use sfn_engine::{Handle, api::RedriveExecution};

use super::Reply;
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let request = RedriveExecution {
        execution_arn: params.arn("executionArn")?,
        client_token: params.optional_bounded_text("clientToken", 64)?,
    };
    let redriven = engine.redrive_execution(request).await?;
    Ok(json!({ "redriveDate": redriven.as_secs_f64() }))
}
