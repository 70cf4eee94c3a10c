//! Durable workflows on AWS Step Functions, written in plain Rust.

mod client;
mod context;
mod error_name;
mod failure;
pub mod flow;
pub mod graph;
mod payload;
pub mod registry;
pub mod service;
mod step;
pub mod view;
mod worker;
mod workflow;

pub use client::{Client, Handle, Run, RunError, Start, StartError, Watch};
pub use context::StepContext;
pub use error_name::ErrorName;
pub use failure::{ErrorMeta, Failure, Raises, StepError};
pub use payload::{Field, Payload, Shape, Tagging, Variant};
pub use step::{
    BoxFuture, InjectMeta, Jitter, Outcome, ParamMeta, RetryMeta, Step, StepMeta, TaskInput,
};
pub use workflow::{Kind, Workflow};

/// What the macros' expansions name. Not for use by hand, and not covered by any promise.
#[doc(hidden)]
pub mod __private {
    pub use ::inventory;
    pub use ::serde;
    pub use ::serde_json;
}
