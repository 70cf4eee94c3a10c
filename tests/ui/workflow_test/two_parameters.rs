use sfn_runtime::{testing::Test, workflow_test};

#[workflow_test]
async fn bakes(test: Test, size: u32) {
    drop((test, size));
}

fn main() {}
