//! `ListExecutions`: executions, the newest first, page by page.

use serde_json::json;
use sfn_engine::{Handle, api::ListExecutions};

use super::{Reply, page, present, status_filter};
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let request = ListExecutions {
        state_machine_arn: params.optional_arn("stateMachineArn")?,
        map_run_arn: params.optional_arn("mapRunArn")?,
        status_filter: status_filter(&mut params)?,
        redriven: params
            .optional_word("redriveFilter", &["REDRIVEN", "NOT_REDRIVEN"])?
            .map(|word| word == "REDRIVEN"),
        page: params.page()?,
    };
    let found = engine.list_executions(request).await?;
    Ok(page("executions", found, |item| {
        present(json!({
            "executionArn": item.execution_arn,
            "stateMachineArn": item.state_machine_arn,
            "name": item.name,
            "status": item.status.as_str(),
            "startDate": item.start_date.as_secs_f64(),
            "stopDate": item.stop_date.map(|date| date.as_secs_f64()),
            "mapRunArn": item.map_run_arn,
            "itemCount": item.item_count,
            "stateMachineVersionArn": item.state_machine_version_arn,
            "stateMachineAliasArn": item.state_machine_alias_arn,
            "redriveCount": item.redrive_count,
            "redriveDate": item.redrive_date.map(|date| date.as_secs_f64()),
        }))
    }))
}
