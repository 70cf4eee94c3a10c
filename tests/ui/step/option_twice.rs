use sfn_runtime::step;

#[step(timeout = "5m", timeout = "6m")]
fn bake() {}

fn main() {}
