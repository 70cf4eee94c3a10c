#[path = "kitchen/steps.rs"]
#[allow(dead_code)]
mod kitchen;

#[allow(unused_imports)]
use kitchen::*;
use sfn_runtime::{Workflow, workflow};

pub static PIZZA: Workflow<Order, Vec<Prepared>> = workflow!(
    name = "pizza",
    make_dough,
    map(prepare),
);

fn main() {}
