use sfn_runtime::step;

#[step(timout = "5m", colour = "red", retry(max_attempt = 3, on(Timeout)))]
fn bake() {}

fn main() {}
