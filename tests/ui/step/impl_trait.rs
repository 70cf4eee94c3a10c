use sfn_runtime::step;

#[step]
fn shout(text: impl AsRef<str>) -> impl Into<String> {
    text.as_ref().to_uppercase()
}

fn main() {}
