#[path = "kitchen/steps.rs"]
#[allow(dead_code)]
mod kitchen;

#[allow(unused_imports)]
use kitchen::*;
use sfn_runtime::{Workflow, workflow};

pub static PIZZA: Workflow<Pizza, Served> = workflow!(
    name = "pizza",
    bake,
    |pizza| pizza,
    serve,
);

fn main() {}
