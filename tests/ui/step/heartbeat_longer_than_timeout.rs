use sfn_runtime::step;

#[step(timeout = "1m", heartbeat = "60s")]
fn bake() {}

fn main() {}
