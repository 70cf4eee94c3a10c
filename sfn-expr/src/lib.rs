//! JSONPath, intrinsic functions and JSONata as AWS Step Functions evaluates them.
//!
//! | module | for |
//! |---|---|
//! | [`path`] | JSONPath in Jayway's dialect, as in `InputPath`; reference paths, as in `ResultPath` |
//! | [`intrinsic`] | the 18 intrinsic functions of JSONPath states: `States.Format(…)` |
//! | [`template`] | payload templates: objects whose keys end in `.$` |
//! | [`jsonata`] | JSONata 2.0.6 without `$eval`, with the functions Step Functions adds |
//!
//! Everything is parsed once and evaluated many times. Parsed values are `Send + Sync`.
//! Nothing here reads a clock or a random source: an [`Environment`] brings both.

pub mod intrinsic;
pub mod jsonata;
pub mod path;
pub mod template;

mod equality;
mod hash;
mod java;
mod number;
mod random;
mod scope;

pub use scope::{Context, Environment, NoVariables, Scope, Variables};
