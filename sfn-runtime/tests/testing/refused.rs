//! How a test fails, and what it says then.

use sfn_runtime::{
    testing::{Test, fault, mock},
    workflow_test,
};

use crate::kitchen::{NAMED, Order, OvenError, PIZZA, bake};

#[workflow_test]
#[should_panic(
    expected = "`pizza`: it should have succeeded, but failed: OvenError.Busy: the oven is busy"
)]
async fn an_output_that_is_not_there(test: Test) {
    test.mock(mock::<bake>().fails(OvenError::Busy));
    test.run(&PIZZA, Order::of(30)).await.output();
}

#[workflow_test]
#[should_panic(expected = "as number 2 comes `make_dough`, not `bake`")]
async fn another_path(test: Test) {
    test.run(&PIZZA, Order::of(30))
        .await
        .assert_path(["parallel", "bake"]);
}

#[workflow_test]
#[should_panic(expected = "`make_dough` was not entered after bake (only before that)")]
async fn another_order(test: Test) {
    test.run(&PIZZA, Order::of(30))
        .await
        .assert_visited(["bake", "make_dough"]);
}

#[workflow_test]
#[should_panic(expected = "the fault of state `bakke` never hit")]
async fn a_fault_that_never_hits(test: Test) {
    test.fault(fault("bakke").times_out());
    test.run(&PIZZA, Order::of(30)).await;
}

#[workflow_test]
#[should_panic(expected = "the mock of `bake` says no answer")]
async fn a_mock_without_answers(test: Test) {
    test.mock(mock::<bake>());
}

#[workflow_test]
#[should_panic(
    expected = "in a test: `test.provide(..)`, or replace the step: `test.mock(mock::<needs_a_name>()…)`"
)]
async fn something_nobody_provides(test: Test) {
    test.run(&NAMED, "one".to_owned()).await;
}

#[workflow_test]
#[should_panic(
    expected = "the test wants state `make_dough` to outlast its timeout, and it has none"
)]
async fn a_timeout_that_cannot_be(test: Test) {
    test.fault(fault("make_dough").times_out());
    test.run(&PIZZA, Order::of(30)).await.output();
}
