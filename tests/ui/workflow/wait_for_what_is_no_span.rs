#[path = "kitchen/steps.rs"]
#[allow(dead_code)]
mod kitchen;

#[allow(unused_imports)]
use kitchen::*;
use sfn_runtime::{Workflow, workflow};

const LONG: u64 = 120;

pub static PIZZA: Workflow<Pizza, Pizza> = workflow!(
    name = "pizza",
    bake,
    wait(LONG),
);

fn main() {}
