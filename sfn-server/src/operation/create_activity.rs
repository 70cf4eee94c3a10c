//! `CreateActivity`: makes an activity, or finds the one of that name.

use serde_json::json;
use sfn_engine::{Handle, api::CreateActivity};

use super::{Reply, encryption};
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let request = CreateActivity {
        name: params.text("name")?,
        tags: params.tags()?,
        encryption: encryption(&mut params)?.unwrap_or_default(),
    };
    let made = engine.create_activity(request).await?;
    Ok(json!({
        "activityArn": made.activity_arn,
        "creationDate": made.creation_date.as_secs_f64(),
    }))
}
