use sfn_runtime::step;

struct Raw(u8);

#[step]
fn bake(raw: &[Raw]) -> usize {
    raw.len()
}

fn main() {}
