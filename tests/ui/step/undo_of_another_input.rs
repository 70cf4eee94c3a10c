use sfn_runtime::step;

#[step]
fn release(key: String) {
    drop(key);
}

#[step(undo = release(input))]
fn reserve(amount: i64) -> String {
    amount.to_string()
}

fn main() {}
