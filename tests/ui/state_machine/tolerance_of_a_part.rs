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
pub async fn process(order: Order) -> Result<Vec<i64>, BakeError> {
    let items = vec![order.size];
    let all = map_concurrent(2, &items, |item| async move { Ok(*item) })
        .distributed()
        .tolerate(0.05)
        .await?;
    Ok(all)
}

fn main() {}
