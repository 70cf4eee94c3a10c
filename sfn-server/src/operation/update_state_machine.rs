//! `UpdateStateMachine`: changes a state machine; executions that run keep the old one.

use serde_json::json;
use sfn_engine::{Handle, api::UpdateStateMachine};

use super::{LARGEST_DEFINITION, Reply, encryption, logging, present, tracing};
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let request = UpdateStateMachine {
        state_machine_arn: params.text("stateMachineArn")?,
        definition: params.optional_bounded_text("definition", LARGEST_DEFINITION)?,
        role_arn: params.optional_bounded_text("roleArn", 256)?,
        logging: logging(&mut params)?,
        tracing: tracing(&mut params)?,
        encryption: encryption(&mut params)?,
        publish: params.flag("publish")?,
        version_description: params.optional_bounded_text("versionDescription", 256)?,
    };
    let changed = engine.update_state_machine(request).await?;
    Ok(present(json!({
        "updateDate": changed.update_date.as_secs_f64(),
        "revisionId": changed.revision_id,
        "stateMachineVersionArn": changed.state_machine_version_arn,
    })))
}
