//! `UpdateStateMachineAlias`: changes where an alias leads, or its description.

use serde_json::json;
use sfn_engine::{Handle, api::UpdateStateMachineAlias};

use super::{Reply, routing};
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let request = UpdateStateMachineAlias {
        state_machine_alias_arn: params.arn("stateMachineAliasArn")?,
        description: params.optional_bounded_text("description", 256)?,
        routing: routing(&mut params)?,
    };
    let changed = engine.update_state_machine_alias(request).await?;
    Ok(json!({ "updateDate": changed.as_secs_f64() }))
}
