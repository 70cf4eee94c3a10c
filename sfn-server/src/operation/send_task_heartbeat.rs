//! `SendTaskHeartbeat`: says that a task is still worked on.

use serde_json::json;
use sfn_engine::Handle;

use super::Reply;
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    engine
        .send_task_heartbeat(&params.bounded_text("taskToken", 2_048)?)
        .await?;
    Ok(json!({}))
}
