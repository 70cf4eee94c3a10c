use sfn_runtime::step;

#[step(timout = "5m", heartbeat = "often", retry(backoff = 0))]
fn bake<T>((a, b): (u8, u8), name: &mut String) -> T {
    panic!("{a}{b}{name}")
}

fn main() {
    // The function survives its mistakes, so this call is no further one.
    let _: u8 = bake((1, 2), &mut String::new());
}
