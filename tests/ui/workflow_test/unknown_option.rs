use sfn_runtime::{testing::Test, workflow_test};

#[workflow_test(crates = ::sfn_runtime)]
async fn bakes(test: Test) {
    drop(test);
}

fn main() {}
