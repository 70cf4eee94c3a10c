//! `ListTagsForResource`: the labels of a state machine or an activity.

use serde_json::{Value, json};
use sfn_engine::Handle;

use super::Reply;
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let arn = params.arn("resourceArn")?;
    let found = engine.list_tags_for_resource(&arn).await?;
    let tags: Vec<Value> = found
        .into_iter()
        .map(|(key, value)| json!({ "key": key, "value": value }))
        .collect();
    Ok(json!({ "tags": tags }))
}
