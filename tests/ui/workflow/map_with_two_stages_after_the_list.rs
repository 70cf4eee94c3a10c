#[path = "kitchen/steps.rs"]
#[allow(dead_code)]
mod kitchen;

#[allow(unused_imports)]
use kitchen::*;
use sfn_runtime::{Workflow, workflow};

pub static PIZZA: Workflow<Order, Vec<Prepared>> = workflow!(
    name = "pizza",
    map(|order: &Order| &order.ingredients, prepare, prepare),
);

fn main() {}
