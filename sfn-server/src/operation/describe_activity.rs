//! `DescribeActivity`: tells about an activity.

use serde_json::json;
use sfn_engine::Handle;

use super::{Reply, told_encryption};
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let found = engine
        .describe_activity(&params.arn("activityArn")?)
        .await?;
    Ok(json!({
        "activityArn": found.activity_arn,
        "name": found.name,
        "creationDate": found.creation_date.as_secs_f64(),
        "encryptionConfiguration": told_encryption(&found.encryption),
    }))
}
