//! The workflows. Each is a value; its type says what goes in and what comes out.

use sfn_runtime::{Workflow, minutes, workflow};

use crate::kitchen::{
    Baked, Order, Served, bake, is_acceptable, make_dough, make_sauce, prepare_ingredient,
    put_ingredients_on_dough, put_sauce_on_dough, serve,
};

/// From order to served pizza.
pub static MAKE_PIZZA: Workflow<Order, Served> = workflow!(
    name = "make-pizza",
    timeout = "1h",
    parallel(
        make_dough,
        make_sauce,
        map(|order| &order.ingredients, prepare_ingredient)
    ),
    put_ingredients_on_dough,
    bake,
    wait(minutes(2)),
    choose(|pizza| if !is_acceptable(pizza) {
        fail("NotAcceptable", "sent back by the kitchen")
    }),
    serve,
);

/// The tutorial's pizza: dough and sauce at once, one on the other, into the oven.
pub static TUTORIAL_PIZZA: Workflow<Order, Baked> = workflow!(
    name = "tutorial-pizza",
    timeout = "1h",
    parallel(
        make_dough.retry(on(TaskFailed), interval = "30s", max_attempts = 2),
        make_sauce
    ),
    put_sauce_on_dough,
    bake,
);
