use std::rc::Rc;

use sfn_runtime::step;

async fn rest() {}

#[step]
async fn bake(n: u8) -> u8 {
    let shared = Rc::new(n);
    rest().await;
    *shared
}

fn main() {}
