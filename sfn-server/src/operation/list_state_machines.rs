//! `ListStateMachines`: the state machines, page by page.

use serde_json::json;
use sfn_engine::Handle;

use super::{Reply, page};
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let found = engine.list_state_machines(params.page()?).await?;
    Ok(page("stateMachines", found, |item| {
        json!({
            "stateMachineArn": item.state_machine_arn,
            "name": item.name,
            "type": item.machine_type.as_str(),
            "creationDate": item.creation_date.as_secs_f64(),
        })
    }))
}
