#[path = "kitchen/steps.rs"]
#[allow(dead_code)]
mod kitchen;

#[allow(unused_imports)]
use kitchen::*;
use sfn_runtime::{Workflow, workflow};

pub static PIZZA: Workflow<Order, (Sauce, Vec<Dough>)> = workflow!(
    name = "pizza",
    parallel(make_sauce, map(|order| &order.ingredients, make_dough)),
);

fn main() {}
