use sfn_runtime::workflow_test;

#[workflow_test]
#[test]
async fn bakes(test: sfn_runtime::testing::Test) {
    drop(test);
}

fn main() {}
