use serde::{Deserialize, Serialize};
use sfn_runtime::Payload;

#[derive(Serialize, Deserialize, Payload)]
struct Pair(u8, #[serde(skip)] u8);

fn main() {}
