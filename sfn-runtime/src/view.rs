//! How far an execution has come, and how that looks in a terminal.
//!
//! [`Progress`] is a function of the history alone: feed it the events of an execution as they
//! come, from the embedded engine or from AWS, and ask it about any state. The terminal view and
//! the coloured graphs are drawn from it.

#[cfg(test)]
mod history;
mod lines;
mod look;
mod progress;
mod screen;
mod tree;

pub use progress::{Items, Progress, StateProgress, Status};

pub(crate) use lines::line;
pub(crate) use look::{Look, elapsed, one_line};
pub(crate) use screen::{Logs, Screen};
pub(crate) use tree::{Frame, tree};

#[cfg(test)]
pub(crate) use history::{Story, history_of_a_bad_evening};
