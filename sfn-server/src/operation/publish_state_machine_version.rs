//! `PublishStateMachineVersion`: freezes what a state machine is now as a numbered version.

use serde_json::json;
use sfn_engine::{Handle, api::PublishStateMachineVersion};

use super::Reply;
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let request = PublishStateMachineVersion {
        state_machine_arn: params.arn("stateMachineArn")?,
        revision_id: params.optional_text("revisionId")?,
        description: params.optional_bounded_text("description", 256)?,
    };
    let published = engine.publish_state_machine_version(request).await?;
    Ok(json!({
        "creationDate": published.creation_date.as_secs_f64(),
        "stateMachineVersionArn": published.state_machine_version_arn,
    }))
}
