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

#[state_machine]
pub async fn process(order: Order) -> i64 {
    count(&order).distributed().await
}

fn main() {}
