#[path = "kitchen/steps.rs"]
#[allow(dead_code)]
mod steps;

#[allow(unused_imports)]
use steps::*;
use sfn_runtime::state_machine;

#[state_machine]
#[allow(unused_variables)]
pub async fn case(text: String, n: u32, list: Vec<u32>, map: Stock, line: Line) -> String {
    let found = list.iter().map(|n| { let mut all = *n; all += 1; all }).collect::<Vec<_>>();
    text
}

fn main() {}
