//! `UntagResource`: takes labels off a state machine or an activity.

use serde_json::json;
use sfn_engine::Handle;

use super::Reply;
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let arn = params.arn("resourceArn")?;
    engine
        .untag_resource(&arn, &params.texts("tagKeys")?)
        .await?;
    Ok(json!({}))
}
