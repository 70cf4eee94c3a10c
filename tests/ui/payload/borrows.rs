use serde::{Deserialize, Serialize};
use sfn_runtime::Payload;

#[derive(Serialize, Deserialize, Payload)]
struct Order<'a> {
    name: &'a str,
}

fn main() {}
