use sfn_runtime::step;

struct Raw(u8);

#[step]
fn bake(raw: Raw) -> u8 {
    raw.0
}

fn main() {}
