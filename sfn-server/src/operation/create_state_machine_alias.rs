//! `CreateStateMachineAlias`: makes a name that leads to one or two versions, or finds the same one.

use serde_json::json;
use sfn_engine::{Handle, api::CreateStateMachineAlias};

use super::{Reply, routing};
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let request = CreateStateMachineAlias {
        name: params.bounded_text("name", 80)?,
        description: params.optional_bounded_text("description", 256)?,
        routing: routing(&mut params)?.unwrap_or_default(),
    };
    let made = engine.create_state_machine_alias(request).await?;
    Ok(json!({
        "stateMachineAliasArn": made.state_machine_alias_arn,
        "creationDate": made.creation_date.as_secs_f64(),
    }))
}
