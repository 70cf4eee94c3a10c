use sfn_runtime::step;

#[step]
fn length(text: &'static str) -> usize {
    text.len()
}

fn main() {}
