//! `DescribeStateMachine`: tells about a state machine or one of its versions.

use sfn_engine::Handle;

use super::{Reply, described, includes_data, present};
use crate::params::Params;

pub(super) async fn run(mut params: Params, engine: Handle) -> Reply {
    let with_data = includes_data(&mut params)?;
    let found = engine
        .describe_state_machine(&params.arn("stateMachineArn")?)
        .await?;
    Ok(present(described(&found, with_data)))
}
