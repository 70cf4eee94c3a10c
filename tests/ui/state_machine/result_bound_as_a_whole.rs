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
    match bake(&order).await {
        Ok(pie) => pie.heat,
        other => other.is_ok() as i64,
    }
}

fn main() {}
