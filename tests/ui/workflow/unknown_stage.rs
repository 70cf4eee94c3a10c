#[path = "kitchen/steps.rs"]
#[allow(dead_code)]
mod kitchen;

#[allow(unused_imports)]
use kitchen::*;
use sfn_runtime::{Workflow, workflow};

pub static PIZZA: Workflow<Order, Pizza> = workflow!(
    name = "pizza",
    paralel(make_dough, make_sauce),
    put_together,
);

fn main() {}
