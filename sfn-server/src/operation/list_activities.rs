//! `ListActivities`: the activities, page by page.

use serde_json::json;
use sfn_engine::Handle;

use super::{Reply, page};
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let found = engine.list_activities(params.page()?).await?;
    Ok(page("activities", found, |item| {
        json!({
            "activityArn": item.activity_arn,
            "name": item.name,
            "creationDate": item.creation_date.as_secs_f64(),
        })
    }))
}
