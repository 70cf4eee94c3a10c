use sfn_runtime::step;

#[step(name = "bake it", alias = "bake", alias = "bake it", alias = "bake")]
fn bake(size: u32) -> u32 {
    size
}

fn main() {}
