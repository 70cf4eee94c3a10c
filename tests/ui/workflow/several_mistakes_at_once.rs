#[path = "kitchen/steps.rs"]
#[allow(dead_code)]
mod kitchen;

#[allow(unused_imports)]
use kitchen::*;
use sfn_runtime::{Workflow, workflow};

pub static PIZZA: Workflow<Order, Served> = workflow!(
    nmae = "pizza",
    timeout = "5",
    parallel(),
    map(),
    wait(5),
    choose(|pizza| serve),
    pass("on"),
    serve.named(3),
);

fn main() {}
