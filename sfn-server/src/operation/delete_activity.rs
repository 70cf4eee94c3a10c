//! `DeleteActivity`: deletes an activity; that there is none is no error.

use serde_json::json;
use sfn_engine::Handle;

use super::Reply;
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    engine.delete_activity(&params.arn("activityArn")?).await?;
    Ok(json!({}))
}
