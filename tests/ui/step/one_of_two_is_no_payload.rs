use sfn_runtime::step;

struct Raw(u8);

#[step]
fn bake(minutes: u32, raw: Raw) -> u32 {
    minutes + u32::from(raw.0)
}

fn main() {}
