//! `GetExecutionHistory`: the events of an execution, page by page.

use sfn_engine::{Handle, api::GetExecutionHistory};

use super::{Reply, page};
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let request = GetExecutionHistory {
        execution_arn: params.arn("executionArn")?,
        reverse_order: params.flag("reverseOrder")?,
        include_execution_data: params.optional_flag("includeExecutionData")?,
        page: params.page()?,
    };
    let found = engine.get_execution_history(request).await?;
    Ok(page("events", found, |event| event.to_json()))
}
