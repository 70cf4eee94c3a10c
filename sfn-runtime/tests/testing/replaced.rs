//! Steps replaced by closures and scripted answers.

use std::sync::{Arc, Mutex};

use sfn_runtime::{
    testing::{Test, mock},
    workflow_test,
};

use crate::kitchen::{Order, OvenError, PIZZA, bake, make_dough, prepare};

#[workflow_test]
async fn answers_come_in_their_order(test: Test) {
    let oven = test.mock(
        mock::<bake>()
            .fails(OvenError::Busy)
            .times(2)
            .returns("a pizza".to_owned()),
    );
    let execution = test.run(&PIZZA, Order::of(30)).await;
    assert_eq!(execution.output(), "a pizza, at attempt 1");
    assert_eq!(oven.calls(), 3);
    let (dough, toppings) = oven.inputs().remove(2);
    assert_eq!((dough, toppings.len()), (300, 2));
    // The last answer goes on.
    test.run(&PIZZA, Order::of(30)).await.output();
    assert_eq!(oven.calls(), 4);
}

#[workflow_test]
async fn the_real_step_may_run_between(test: Test) {
    test.mock(mock::<make_dough>().runs().returns(7));
    let first = test.run(&PIZZA, Order::of(30)).await;
    assert!(first.output().starts_with("300 g"));
    let second = test.run(&PIZZA, Order::of(30)).await;
    assert!(second.output().starts_with("7 g"));
}

#[workflow_test]
async fn mocks_may_be_for_some_inputs_only(test: Test) {
    test.mock(mock::<prepare>().answers(|topping| format!("<{topping}>")));
    test.mock(
        mock::<prepare>()
            .when(|topping| topping == "basil")
            .returns("thyme".to_owned()),
    );
    let execution = test.run(&PIZZA, Order::of(30)).await;
    assert!(
        execution.output().contains("thyme, <tomato>"),
        "{}",
        execution.output()
    );
}

#[workflow_test]
async fn mocks_may_be_for_one_state(test: Test) {
    test.mock(mock::<bake>().in_state("another").fails_with("Wrong", ""));
    test.run(&PIZZA, Order::of(30)).await.output();
}

#[workflow_test]
async fn closures_keep_what_they_saw(test: Test) {
    let seen: Arc<Mutex<Vec<u32>>> = Arc::default();
    let notes = Arc::clone(&seen);
    test.mock(mock::<bake>().answers(move |(dough, _)| {
        notes.lock().unwrap().push(dough);
        Ok(String::new())
    }));
    test.run(&PIZZA, Order::of(5)).await;
    assert_eq!(*seen.lock().unwrap(), [50]);
}
