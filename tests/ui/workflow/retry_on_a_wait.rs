#[path = "kitchen/steps.rs"]
#[allow(dead_code)]
mod kitchen;

#[allow(unused_imports)]
use kitchen::*;
use sfn_runtime::{Workflow, workflow};

pub static PIZZA: Workflow<Pizza, Pizza> = workflow!(
    name = "pizza",
    bake,
    wait("2m").retry(on(Timeout)),
);

fn main() {}
