//! From order to served pizza.
//!
//! ```text
//! cargo run -p pizza                                        # the whole story, live
//! cargo run -p pizza -- run make-pizza --input @examples/pizza/order.json
//! cargo run -p pizza -- graph make-pizza                    # what Step Functions will see
//! cargo run -p pizza -- asl make-pizza
//! ```
//!
//! [`kitchen`] holds the steps: ordinary functions. [`menu`] composes them into two workflows.

pub mod kitchen;
pub mod menu;

/// The order that the story makes, when no other is given.
pub const ORDER: &str = include_str!("../order.json");
