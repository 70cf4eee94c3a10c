use sfn_runtime::step;

#[step(timeout, heartbeat("5s"), retry)]
fn bake() {}

fn main() {}
