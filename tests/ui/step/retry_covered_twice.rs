use sfn_runtime::step;

#[step(retry(on(Timeout, Timeout)), retry(on("States.Timeout")))]
fn bake() {}

fn main() {}
