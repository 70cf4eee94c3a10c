//! From order to receipt.
//!
//! ```text
//! cargo run -p order                                        # the whole story, live
//! cargo run -p order -- graph process-order                 # what Step Functions will see
//! cargo run -p order -- cost process-order                  # what an order costs there
//! ```
//!
//! [`process`] is the workflow: one function. [`shop`] holds its steps, [`desk`] the human who approves large orders.

pub mod desk;
pub mod process;
pub mod shop;

/// The order that the story makes, when no other is given.
pub const ORDER: &str = include_str!("../order.json");
