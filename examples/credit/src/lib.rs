//! Credit applied >= 5000? A choice by the data, and a retrier that waits out a busy bureau.
//!
//! ```text
//! cargo run -p credit                                     # the story: one application of each kind
//! cargo run -p credit -- run credit --input @examples/credit/over.json
//! cargo run -p credit -- graph credit                     # what Step Functions will see
//! cargo run -p credit -- asl credit
//! ```
//!
//! [`bureau`] asks for the limit, [`desk`] decides, [`machine`] puts the two together.

pub mod bureau;
pub mod desk;
pub mod machine;

/// An application that passes without a person.
pub const UNDER: &str = include_str!("../under.json");

/// An application that needs one.
pub const OVER: &str = include_str!("../over.json");
