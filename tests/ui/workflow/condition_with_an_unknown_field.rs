#[path = "kitchen/steps.rs"]
#[allow(dead_code)]
mod kitchen;

#[allow(unused_imports)]
use kitchen::*;
use sfn_runtime::{Workflow, workflow};

pub static PIZZA: Workflow<Order, Dough> = workflow!(
    name = "pizza",
    choose(|order: &Order| if order.customer.credti > 3 {
        fail("Rich")
    }),
    make_dough,
);

fn main() {}
