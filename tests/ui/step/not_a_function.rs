use sfn_runtime::step;

#[step]
struct Dough {
    grams: u32,
}

fn main() {}
