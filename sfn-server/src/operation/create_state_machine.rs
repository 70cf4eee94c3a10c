//! `CreateStateMachine`: makes a state machine, or finds the same one.

use serde_json::json;
use sfn_engine::{Handle, api::CreateStateMachine};

use super::{LARGEST_DEFINITION, Reply, encryption, logging, machine_type, present, tracing};
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let request = CreateStateMachine {
        name: params.text("name")?,
        definition: params.bounded_text("definition", LARGEST_DEFINITION)?,
        machine_type: machine_type(&mut params)?,
        logging: logging(&mut params)?.unwrap_or_default(),
        tracing: tracing(&mut params)?.unwrap_or(false),
        encryption: encryption(&mut params)?.unwrap_or_default(),
        tags: params.tags()?,
        publish: params.flag("publish")?,
        version_description: params.optional_bounded_text("versionDescription", 256)?,
        // The last to be read: what breaks the model's constraints is told before what a service makes of an ARN.
        role_arn: params.role_arn()?,
    };
    let made = engine.create_state_machine(request).await?;
    Ok(present(json!({
        "stateMachineArn": made.state_machine_arn,
        "creationDate": made.creation_date.as_secs_f64(),
        "stateMachineVersionArn": made.state_machine_version_arn,
    })))
}
