#[path = "kitchen/steps.rs"]
#[allow(dead_code)]
mod kitchen;

#[allow(unused_imports)]
use kitchen::*;
use sfn_runtime::{Workflow, workflow};

pub static PIZZA: Workflow<Pizza, Pizza> = workflow!(
    name = "pizza",
    timeout = "1 fortnight",
    input = Pizza,
    wait("2 parsecs"),
    bake.timeout("soon"),
);

fn main() {}
