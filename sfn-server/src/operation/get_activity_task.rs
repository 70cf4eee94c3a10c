//! `GetActivityTask`: waits up to a minute for a task.

use serde_json::json;
use sfn_engine::{Handle, api::GetActivityTask};

use super::Reply;
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let request = GetActivityTask {
        activity_arn: params.arn("activityArn")?,
        worker_name: params.optional_bounded_text("workerName", 80)?,
    };
    Ok(match engine.get_activity_task(request).await? {
        Some(task) => json!({ "taskToken": task.task_token, "input": task.input }),
        None => json!({ "taskToken": null }),
    })
}
