//! `DeleteStateMachineAlias`: deletes an alias; that there is none is no error.

use serde_json::json;
use sfn_engine::Handle;

use super::Reply;
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let arn = params.arn("stateMachineAliasArn")?;
    engine.delete_state_machine_alias(&arn).await?;
    Ok(json!({}))
}
