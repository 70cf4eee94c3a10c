use sfn_runtime::workflow_test;

#[workflow_test]
struct Bakes;

fn main() {}
