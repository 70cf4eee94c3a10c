use sfn_runtime::step;

struct Raw(u8);

#[step]
async fn bake(n: u8) -> Raw {
    Raw(n)
}

fn main() {}
