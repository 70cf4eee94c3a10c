use sfn_runtime::{testing::Test, workflow_test};

#[workflow_test]
fn bakes(test: Test) {
    drop(test);
}

fn main() {}
