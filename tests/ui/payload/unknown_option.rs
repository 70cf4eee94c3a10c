use serde::{Deserialize, Serialize};
use sfn_runtime::Payload;

#[derive(Serialize, Deserialize, Payload)]
struct Order {
    #[payload(opague)]
    id: u64,
    #[payload]
    other: u64,
}

fn main() {}
