//! `DeleteStateMachine`: deletes a state machine; its executions stop.

use serde_json::json;
use sfn_engine::Handle;

use super::Reply;
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    engine
        .delete_state_machine(&params.arn("stateMachineArn")?)
        .await?;
    Ok(json!({}))
}
