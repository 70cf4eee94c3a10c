use sfn_runtime::step;

#[step]
fn bool(text: String) -> u8 {
    text.len() as u8
}

fn main() {}
