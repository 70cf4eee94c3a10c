//! `DescribeStateMachineAlias`: tells about an alias.

use serde_json::{Value, json};
use sfn_engine::Handle;

use super::{Reply, present};
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let arn = params.arn("stateMachineAliasArn")?;
    let found = engine.describe_state_machine_alias(&arn).await?;
    let routing: Vec<Value> = found
        .routing
        .iter()
        .map(|item| {
            json!({ "stateMachineVersionArn": item.state_machine_version_arn, "weight": item.weight })
        })
        .collect();
    Ok(present(json!({
        "stateMachineAliasArn": found.state_machine_alias_arn,
        "name": found.name,
        "description": found.description,
        "routingConfiguration": routing,
        "creationDate": found.creation_date.as_secs_f64(),
        "updateDate": found.update_date.as_secs_f64(),
    })))
}
