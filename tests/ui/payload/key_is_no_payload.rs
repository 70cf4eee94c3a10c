use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use sfn_runtime::Payload;

#[derive(Serialize, Deserialize, PartialEq, Eq, Hash)]
struct Key(String);

#[derive(Serialize, Deserialize, Payload)]
struct Order {
    lines: HashMap<Key, u8>,
}

fn main() {}
