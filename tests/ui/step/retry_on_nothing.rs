use sfn_runtime::step;

#[step(retry(on()), retry(on(timeout)), retry(on(Burnt)), retry(on(3)), retry(on("")), retry(on("States.Timeot")))]
fn bake() {}

fn main() {}
