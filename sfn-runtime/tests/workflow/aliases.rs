//! A renamed step answers to the executions that know it by its old name.

use sfn_runtime::{
    Client, Workflow, here,
    local::{LocalOptions, TestClock},
    run_here, step, workflow,
};

/// The step as an execution in flight knows it.
#[step(name = "bake_before")]
fn bake_before(grams: u32) -> u32 {
    grams
}

#[step(alias = "bake_before")]
fn bake_now(grams: u32) -> u32 {
    grams + 1
}

static STARTED_BEFORE: Workflow<u32, u32> = workflow!(name = "started-before", bake_before);
static STARTED_NOW: Workflow<u32, u32> = workflow!(name = "started-now", bake_now);

#[tokio::test]
async fn both_names_are_served() {
    let options = LocalOptions::new().clock(TestClock::auto());
    let client = Client::local(options).expect("there is a runtime");
    client.ensure(&STARTED_BEFORE).await.expect("it is right");
    client.ensure(&STARTED_NOW).await.expect("it is right");
    let workers = run_here(&client, [here::<bake_now>()])
        .await
        .expect("they start");
    assert_eq!(
        STARTED_BEFORE.run(&client, 1).await.expect("it is served"),
        2
    );
    assert_eq!(STARTED_NOW.run(&client, 1).await.expect("it is served"), 2);
    workers.stop().await;
    assert_eq!(bake_before(1), 1);
}
