#[path = "kitchen/steps.rs"]
#[allow(dead_code)]
mod kitchen;

#[allow(unused_imports)]
use kitchen::*;
use sfn_runtime::{Workflow, workflow};

pub static PIZZA: Workflow<Pizza, Pizza> = workflow!(
    name = "pizza",
    choose(|pizza| if pizza.celsius > 80 {
        bake
    } else {
        serve
    }),
);

fn main() {}
