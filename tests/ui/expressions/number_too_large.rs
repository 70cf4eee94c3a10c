#[path = "kitchen/steps.rs"]
#[allow(dead_code)]
mod steps;

#[allow(unused_imports)]
use steps::*;
use sfn_runtime::state_machine;

#[state_machine]
#[allow(unused_variables)]
pub async fn case(text: String, n: u32, list: Vec<u32>, map: Stock, line: Line) -> String {
    let found = n as u64 > 18_446_744_073_709_551_615 - 1 && 18_446_744_073_709_551_616_u128 > 1;
    text
}

fn main() {}
