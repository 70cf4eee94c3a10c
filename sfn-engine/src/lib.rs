//! Runs state machines durably, as AWS Step Functions does.
//!
//! [`Engine::builder`] makes an engine; its [`Handle`] has the operations of the AWS API under their names, with typed
//! [requests and answers](api) and AWS's [errors](Error). Time comes from a [`Clock`], randomness from [`Ids`].
//!
//! ```
//! use sfn_engine::api::{CreateStateMachine, StartExecution};
//! use sfn_engine::{Engine, TestClock};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let definition = r#"{
//!     "StartAt": "Rest",
//!     "States": {
//!         "Rest": { "Type": "Wait", "Seconds": 86400, "Next": "Greet" },
//!         "Greet": { "Type": "Pass", "QueryLanguage": "JSONata",
//!                    "Output": "{% 'Hello, ' & $states.input.name %}", "End": true }
//!     }
//! }"#;
//! // Time is a parameter: this clock jumps over waits.
//! let engine = Engine::builder().clock(TestClock::auto()).start()?;
//! let machine = engine.create_state_machine(CreateStateMachine::new("greeting", definition)).await?;
//! let start = StartExecution::new(machine.state_machine_arn).input(r#"{"name":"Ada"}"#);
//! let started = engine.start_execution(start).await?;
//! let ended = engine.wait(&started.execution_arn).await?;
//! assert_eq!(ended.output.as_deref(), Some(r#""Hello, Ada""#));
//! # Ok(())
//! # }
//! ```
//!
//! | part | is |
//! |---|---|
//! | [`program`] | a definition, compiled once for all its executions |
//! | [`execution`] | the core: `advance(execution, signal, now) -> effects`, without clock, store or sockets |
//! | [`Engine`], [`Handle`] | the driver around it, and its operations |
//! | [`history`] | what happened, event by event as AWS tells it |
//! | [`store`] | where what must survive is written before anything follows from it |
//! | [`LambdaHandler`], [`Integrations`], [`mock`] | who answers for functions and services |

pub mod api;
mod clock;
mod driver;
mod engine;
mod error;
pub mod execution;
mod formats;
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
pub use error::{Error, Reason};
pub use handle::{Handle, Progress};
pub use ids::{Ids, Random, SystemIds, TestIds};
pub use integrations::{Answer, IntegrationCall, Integrations, Reply, Response};
pub use json::Json;
pub use lambda::{BoxFuture, LambdaError, LambdaHandler, LambdaInvocation};
pub use program::Program;
pub use timestamp::Timestamp;
pub use token::TaskId;
