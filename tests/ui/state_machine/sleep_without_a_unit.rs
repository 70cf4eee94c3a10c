#[path = "kitchen/steps.rs"]
#[allow(dead_code)]
mod kitchen;

#[allow(unused_imports)]
use kitchen::*;
#[allow(unused_imports)]
use sfn_runtime::{
    Failed, Failure, bail, ensure, join, map_concurrent, minutes, sleep, state_machine, try_join,
};

#[state_machine]
pub async fn process(order: Order) -> i64 {
    sleep(order.size).await;
    order.size
}

fn main() {}
