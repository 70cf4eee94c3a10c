#[path = "kitchen/steps.rs"]
#[allow(dead_code)]
mod kitchen;

#[allow(unused_imports)]
use kitchen::*;
use sfn_runtime::{Workflow, workflow};

pub static PIZZA: Workflow<Order, Dough> = workflow!(
    name = "pizza",
    choose(|order: &Order| match order.kind {
        Kind::Small => make_dough,
        Kind::Large | Kind::Family => make_sauce,
    }),
);

fn main() {}
