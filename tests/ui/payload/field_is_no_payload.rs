use serde::{Deserialize, Serialize};
use sfn_runtime::Payload;

#[derive(Serialize, Deserialize)]
struct Money(u64);

#[derive(Serialize, Deserialize, Payload)]
struct Order {
    price: Money,
}

fn main() {}
