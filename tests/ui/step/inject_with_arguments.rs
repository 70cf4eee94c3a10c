use sfn_runtime::step;

#[step]
fn bake(#[inject(oven)] minutes: u32) -> u32 {
    minutes
}

fn main() {}
