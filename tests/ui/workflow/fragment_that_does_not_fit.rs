#[path = "kitchen/steps.rs"]
#[allow(dead_code)]
mod kitchen;

#[allow(unused_imports)]
use kitchen::*;
use sfn_runtime::{Fragment, Workflow, fragment, workflow};

static ENDING: Fragment<Pizza, Served> = fragment!(serve);

pub static PIZZA: Workflow<Order, Served> = workflow!(name = "pizza", make_dough, include(ENDING));

fn main() {}
