use sfn_runtime::step;

#[step(retry(on(All)), retry(on(Timeout)))]
fn bake() {}

#[step(retry(on(Timeout, All)))]
fn cool() {}

fn main() {}
