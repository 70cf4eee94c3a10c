//! The pizza on an engine whose time is moved by hand.

use pizza::{
    kitchen::{
        Order, Oven, Served, bake, is_acceptable, make_dough, make_sauce, prepare_ingredient,
        put_ingredients_on_dough, put_sauce_on_dough, serve,
    },
    menu::{MAKE_PIZZA, TUTORIAL_PIZZA},
};
use sfn_runtime::{Providers, here};

use crate::world::World;

fn order() -> Order {
    serde_json::from_str(pizza::ORDER).expect("the order in the example is one")
}

fn kitchen() -> World {
    let mut providers = Providers::default();
    providers.insert(Oven::moody());
    World::new(providers)
}

#[tokio::test(start_paused = true)]
async fn the_oven_is_asked_three_times_and_the_rest_takes_no_time() {
    let world = kitchen();
    let _workers = world
        .serve([
            here::<make_dough>(),
            here::<make_sauce>(),
            here::<prepare_ingredient>().concurrency(3),
            here::<put_ingredients_on_dough>(),
            here::<bake>(),
            here::<is_acceptable>(),
            here::<serve>(),
        ])
        .await;
    let mut run = world.start(&MAKE_PIZZA, order()).await;

    run.until("ActivityFailed", 1).await;
    assert_eq!(world.passed(), 0, "all up to here happens at once");
    world.pass(20);
    run.until("ActivityFailed", 2).await;
    world.pass(30);
    run.until("WaitStateEntered", 1).await;
    assert_eq!(world.passed(), 50);
    world.pass(119);
    assert!(
        !run.handle
            .describe()
            .await
            .expect("it is known")
            .status
            .is_closed()
    );
    world.pass(1);
    run.until_the_end().await;

    // The branches run at once, in any order; what follows them does not.
    let entered = run.entered();
    let mut branches = entered[1..7].to_vec();
    branches.sort_unstable();
    assert_eq!(entered[0], "parallel");
    assert_eq!(
        branches,
        [
            "make_dough",
            "make_sauce",
            "map ingredients",
            "prepare_ingredient",
            "prepare_ingredient",
            "prepare_ingredient"
        ]
    );
    assert_eq!(
        entered[7..],
        [
            "put_ingredients_on_dough",
            "bake",
            "wait 2 minutes",
            "is_acceptable",
            "is_acceptable?",
            "serve"
        ]
    );
    assert_eq!(run.pauses("ActivityFailed"), [20, 30]);
    assert_eq!(run.count("MapIterationSucceeded"), 3);
    assert_eq!(
        run.handle.wait().await.expect("it is served"),
        Served {
            table: 12,
            pizza: "32 cm with tomato, mozzarella, basil".to_owned()
        }
    );
}

#[tokio::test(start_paused = true)]
async fn dough_that_is_never_made_is_asked_for_again_after_a_minute() {
    let world = kitchen();
    let _workers = world
        .serve([
            here::<make_sauce>(),
            here::<prepare_ingredient>(),
            here::<put_ingredients_on_dough>(),
            here::<bake>(),
        ])
        .await;
    let mut run = world.start(&MAKE_PIZZA, order()).await;
    // A baker takes the order and goes home: five minutes later that attempt is over, and another minute later
    // comes the next.
    run.until("MapStateSucceeded", 1).await;
    run.until("ActivitySucceeded", 4).await;
    let activity = run.activity("make_dough");
    let service = world.client.service();
    let taken = service
        .get_activity_task(activity, "a baker".to_owned())
        .await;
    assert!(taken.expect("the engine answers").is_some());
    world.pass(300);
    run.until("ActivityTimedOut", 1).await;
    let _baker = world.serve([here::<make_dough>()]).await;
    world.pass(60);
    run.until_entered("put_ingredients_on_dough").await;
    assert_eq!(run.pauses("ActivityTimedOut"), [60]);
    assert_eq!(world.passed(), 360);
    assert_eq!(run.output("make_dough")["diameterCm"], 32);
}

#[tokio::test(start_paused = true)]
async fn the_tutorials_pizza_has_sauce_and_nothing_else() {
    let world = kitchen();
    let _workers = world
        .serve([
            here::<make_dough>().concurrency(2),
            here::<make_sauce>().concurrency(2),
            here::<put_sauce_on_dough>(),
            here::<bake>().concurrency(4),
        ])
        .await;
    let mut run = world.start(&TUTORIAL_PIZZA, order()).await;
    for (failures, seconds) in [(1, 20), (2, 30)] {
        run.until("ActivityFailed", failures).await;
        world.pass(seconds);
    }
    let baked = run.handle.wait().await.expect("it is baked");
    assert_eq!(baked.pizza.toppings, []);
    assert_eq!(baked.oven_celsius, 280);
}
