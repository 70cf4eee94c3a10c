use sfn_runtime::step;

#[step]
fn bake() -> ! {
    panic!()
}

fn main() {}
