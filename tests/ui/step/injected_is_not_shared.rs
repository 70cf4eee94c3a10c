use std::cell::Cell;

use sfn_runtime::step;

#[derive(Clone)]
struct Oven(Cell<u8>);

#[step]
fn bake(#[inject] oven: Oven) -> u8 {
    oven.0.get()
}

fn main() {}
