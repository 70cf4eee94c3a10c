use sfn_runtime::step;

#[step]
fn rest()
where
    String: Clone,
{
}

fn main() {}
