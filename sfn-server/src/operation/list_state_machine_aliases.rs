//! `ListStateMachineAliases`: the aliases of a state machine, or those that lead to a version, page by page.

use serde_json::json;
use sfn_engine::{Handle, api::ListAliases};

use super::{Reply, page};
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let request = ListAliases {
        state_machine_arn: params.arn("stateMachineArn")?,
        page: params.page()?,
    };
    let found = engine.list_state_machine_aliases(request).await?;
    Ok(page("stateMachineAliases", found, |item| {
        json!({
            "stateMachineAliasArn": item.state_machine_alias_arn,
            "creationDate": item.creation_date.as_secs_f64(),
        })
    }))
}
