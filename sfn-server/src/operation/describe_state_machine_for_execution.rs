//! `DescribeStateMachineForExecution`: the state machine as it was when an execution started.

use serde_json::json;
use sfn_engine::Handle;

use super::{Reply, described, includes_data, present};
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let arn = params.arn("executionArn")?;
    let with_data = includes_data(&mut params)?;
    let found = engine.describe_state_machine_for_execution(&arn).await?;
    let mut body = described(&found.machine, with_data);
    let members = body.as_object_mut().expect("it was made as an object");
    for absent in ["status", "type", "creationDate", "description"] {
        members.remove(absent);
    }
    members.insert(
        "updateDate".to_owned(),
        json!(found.update_date.as_secs_f64()),
    );
    members.insert("mapRunArn".to_owned(), json!(found.map_run_arn));
    Ok(present(body))
}
