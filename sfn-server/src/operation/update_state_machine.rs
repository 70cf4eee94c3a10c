//! `UpdateStateMachine`: changes a state machine; executions that run keep the old one.

use serde_json::json;
use sfn_engine::{Handle, api::UpdateStateMachine};

use super::{LARGEST_DEFINITION, Reply, encryption, logging, present, tracing};
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let request = UpdateStateMachine {
        state_machine_arn: params.arn("stateMachineArn")?,
        definition: params.optional_bounded_text("definition", LARGEST_DEFINITION)?,
        logging: logging(&mut params)?,
        tracing: tracing(&mut params)?,
        encryption: encryption(&mut params)?,
        publish: params.flag("publish")?,
        version_description: params.optional_bounded_text("versionDescription", 256)?,
        // The last to be read: what breaks the model's constraints is told before what a service makes of an ARN.
        role_arn: params.optional_role_arn()?,
    };
    let changed = engine.update_state_machine(request).await?;
    Ok(present(json!({
        "updateDate": changed.update_date.as_secs_f64(),
        "revisionId": changed.revision_id,
        "stateMachineVersionArn": changed.state_machine_version_arn,
    })))
}
