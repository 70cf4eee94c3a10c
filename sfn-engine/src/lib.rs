//! Runs state machines durably, as AWS Step Functions does.
//!
//! [`Engine::builder`] makes an engine; its [`Handle`] has the operations of the AWS API under their names, with typed
//! [requests and answers](api) and AWS's [errors](Error). Time comes from a [`Clock`], randomness from [`Ids`].

pub mod api;
mod clock;
mod driver;
mod engine;
mod error;
pub mod execution;
mod handle;
pub mod history;
mod ids;
mod integrations;
mod jackson;
mod json;
mod lambda;
pub mod mock;
mod names;
pub mod program;
mod shapes;
pub mod store;
mod timestamp;
mod token;

pub use api::{ExecutionStatus, MachineType};
pub use clock::{Clock, Sleep, SystemClock, TestClock};
pub use engine::{Engine, EngineBuilder, StartError};
pub use error::Error;
pub use handle::{Handle, Progress};
pub use ids::{Ids, Random, SystemIds, TestIds};
pub use integrations::{Answer, IntegrationCall, Integrations, Reply, Response};
pub use json::Json;
pub use lambda::{BoxFuture, LambdaError, LambdaHandler, LambdaInvocation};
pub use program::Program;
pub use timestamp::Timestamp;
pub use token::TaskId;
