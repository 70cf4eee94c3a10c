#[path = "kitchen/steps.rs"]
#[allow(dead_code)]
mod steps;

#[allow(unused_imports)]
use steps::*;
use sfn_runtime::state_machine;

#[state_machine]
#[allow(unused_variables)]
pub async fn case(text: String, n: u32, list: Vec<u32>, map: Stock, line: Line) -> String {
    let found = (3..).take(2).collect::<Vec<u32>>();
    text
}

fn main() {}
