use sfn_runtime::step;

#[step]
fn show(text: &dyn std::fmt::Display) -> String {
    text.to_string()
}

fn main() {}
