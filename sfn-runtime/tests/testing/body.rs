//! A function body, tested as a workflow and as the plain function that it is.

use sfn_runtime::{
    state_machine,
    testing::{Test, fault, mock},
    workflow_test,
};

use crate::kitchen::{OvenError, bake, order_elsewhere};

/// Bakes, or orders elsewhere.
#[state_machine(name = "bake-or-order")]
async fn bake_or_order(grams: u32) -> Result<String, OvenError> {
    let toppings = vec!["basil".to_owned()];
    match bake(grams, toppings).await {
        Ok(pizza) => Ok(pizza),
        Err(OvenError::Burnt { .. }) => Ok(order_elsewhere().await),
        Err(error) => Err(error),
    }
}

#[workflow_test]
async fn as_a_workflow(test: Test) {
    let baked = test.run(&bake_or_order::WORKFLOW, 300).await;
    assert_eq!(baked.output(), "300 g with basil");
    test.mock(mock::<bake>().fails(OvenError::Burnt { minutes: 40 }));
    let burnt = test.run(&bake_or_order::WORKFLOW, 300).await;
    assert_eq!(burnt.output(), "from elsewhere");
    assert!(burnt.visited("order_elsewhere"));
}

#[workflow_test]
async fn an_error_ends_it(test: Test) {
    test.fault(fault("bake").fails(OvenError::Busy));
    let busy = test.run(&bake_or_order::WORKFLOW, 300).await;
    assert_eq!(busy.failure().error, "OvenError.Busy");
}

#[workflow_test]
async fn as_a_function() {
    let baked = bake_or_order(300).await.expect("nothing is wrong");
    assert_eq!(baked, "300 g with basil");
}
