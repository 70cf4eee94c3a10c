use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sfn_runtime::{Payload, step};

pub type Stock = BTreeMap<String, u32>;

#[derive(Clone, Serialize, Deserialize, Payload)]
pub struct Line {
    pub sku: String,
    pub cents: u32,
}

impl Line {
    pub fn sample() -> Self {
        Line {
            sku: "a".to_owned(),
            cents: 1,
        }
    }
}

#[derive(Serialize, Deserialize, Payload)]
pub struct Lines {
    pub all: Vec<u32>,
}

#[step]
pub fn double(n: u32) -> u32 {
    n * 2
}
