//! Validate, process, store, notify: a data pipeline over a week of real earthquakes.
//!
//! ```text
//! cargo run -p earthquakes                                # the whole story, live
//! cargo run -p earthquakes -- run earthquakes --input @examples/earthquakes/input.json
//! cargo run -p earthquakes -- graph earthquakes           # what Step Functions will see
//! cargo run -p earthquakes -- asl earthquakes
//! ```
//!
//! The feed has 1,707 events and 1.2 MB. A state may carry 256 KiB, so the events stay in a [`lake`], and states hand
//! on *references*: keys of batch files. What each step does stands in a file of its name:
//! [`validate`], [`enrich`], [`alert`], [`store`], [`notify`]. [`pipeline`] puts them together.

pub mod alert;
pub mod digest;
pub mod enrich;
pub mod event;
pub mod lake;
pub mod notify;
pub mod pipeline;
pub mod store;
pub mod trouble;
pub mod validate;
pub mod warehouse;

/// What the story is told to do.
pub const INPUT: &str = include_str!("../input.json");
