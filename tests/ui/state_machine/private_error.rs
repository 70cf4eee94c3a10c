#[path = "kitchen/steps.rs"]
#[allow(dead_code)]
mod kitchen;

#[allow(unused_imports)]
use kitchen::*;
#[allow(unused_imports)]
use sfn_runtime::{
    Failed, Failure, Workflow, aws, bail, ensure, join, map_concurrent, minutes, sleep,
    state_machine, step, try_join, workflow,
};

pub mod inner {
    use serde::{Deserialize, Serialize};
    use sfn_runtime::{Payload, StepError, state_machine};

    #[derive(Serialize, Deserialize, Payload)]
    struct Hidden {
        size: i64,
    }

    #[derive(Debug, thiserror::Error, StepError)]
    #[error("no")]
    struct No;

    // Only rustc's warnings.
    #[state_machine]
    pub async fn hides(hidden: Hidden) -> Result<Hidden, super::Rain> {
        if hidden.size > 3 {
            return Err(super::Rain);
        }
        Ok(hidden)
    }

    // Others match on an error, so it is as public as the function is.
    #[state_machine]
    pub async fn fails(size: i64) -> Result<i64, No> {
        if size > 3 {
            return Err(No);
        }
        Ok(size)
    }
}

fn main() {}
