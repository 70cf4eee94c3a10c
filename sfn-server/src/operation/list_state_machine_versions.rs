//! `ListStateMachineVersions`: the versions of a state machine, the newest first, page by page.

use serde_json::json;
use sfn_engine::Handle;

use super::{Reply, page};
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let arn = params.arn("stateMachineArn")?;
    let found = engine
        .list_state_machine_versions(&arn, params.page()?)
        .await?;
    Ok(page("stateMachineVersions", found, |item| {
        json!({
            "stateMachineVersionArn": item.state_machine_version_arn,
            "creationDate": item.creation_date.as_secs_f64(),
        })
    }))
}
