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

#[step]
fn double(n: i64) -> i64 {
    n * 2
}

static DOUBLES: Workflow<i64, i64> = workflow!(name = "doubles", double);

#[state_machine]
pub async fn process(order: Order) -> Result<i64, Failure> {
    DOUBLES.call(order).await
}

fn main() {}
