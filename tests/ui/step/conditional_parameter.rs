use sfn_runtime::step;

#[step]
fn bake(#[cfg(unix)] minutes: u32) -> u32 {
    minutes
}

fn main() {}
