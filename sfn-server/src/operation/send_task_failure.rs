//! `SendTaskFailure`: ends a task with an error.

use serde_json::json;
use sfn_engine::{Handle, api::SendTaskFailure};

use super::Reply;
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let request = SendTaskFailure {
        task_token: params.bounded_text("taskToken", 2_048)?,
        error: params.optional_bounded_text("error", 256)?,
        cause: params.optional_bounded_text("cause", 32_768)?,
    };
    engine.send_task_failure(request).await?;
    Ok(json!({}))
}
