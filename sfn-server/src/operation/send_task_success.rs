//! `SendTaskSuccess`: ends a task with its output.

use serde_json::json;
use sfn_engine::{Handle, api::SendTaskSuccess};

use super::{LARGEST_PAYLOAD, Reply};
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let request = SendTaskSuccess {
        task_token: params.bounded_text("taskToken", 2_048)?,
        output: params.bounded_text("output", LARGEST_PAYLOAD)?,
    };
    engine.send_task_success(request).await?;
    Ok(json!({}))
}
