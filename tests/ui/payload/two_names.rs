use serde::{Deserialize, Serialize};
use sfn_runtime::Payload;

#[derive(Serialize, Deserialize, Payload)]
struct Order {
    #[serde(rename(serialize = "a", deserialize = "b"))]
    id: u64,
}

#[derive(Serialize, Deserialize, Payload)]
#[serde(rename_all(serialize = "camelCase"))]
struct Other {
    order_id: u64,
}

fn main() {}
