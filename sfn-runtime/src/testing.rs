//! Tests of whole workflows: on virtual time, with steps replaced and faults put in.
//!
//! [`#[workflow_test]`](crate::workflow_test) makes an async function a test and gives it a [`Test`]: the embedded
//! engine on a clock that jumps over waits, with workers in this process. Nothing else is needed, and a wait of thirty
//! days takes milliseconds.
//!
//! ```standalone_crate
//! use sfn_runtime::{
//!     StepError, Workflow, days, step,
//!     testing::{Test, mock},
//!     workflow, workflow_test,
//! };
//!
//! #[derive(Debug, thiserror::Error, StepError)]
//! enum OvenError {
//!     #[error("the oven is busy")]
//!     Busy,
//! }
//!
//! #[step(retry(on(OvenError::Busy), interval = "1h"))]
//! async fn bake(size: u32) -> Result<u32, OvenError> { Ok(size * 10) }
//!
//! static SLOW_PIZZA: Workflow<u32, u32> = workflow!(name = "slow-pizza", wait(days(30)), bake);
//!
//! #[workflow_test]
//! async fn bakes_again_when_the_oven_is_busy(test: Test) {
//!     test.mock(mock::<bake>().fails(OvenError::Busy).returns(300));
//!     let execution = test.run(&SLOW_PIZZA, 30).await;
//!     assert_eq!(execution.output(), 300);
//!     assert_eq!(execution.attempts("bake"), 2);
//!     assert_eq!(execution.took(), days(30) + sfn_runtime::hours(1));
//! }
//! # fn main() {}
//! ```
//!
//! | what | how |
//! |---|---|
//! | replace a step | [`Test::mock`] with [`mock`] |
//! | let a state fail at some attempt | [`Test::fault`] with [`fault`] |
//! | see where it went | [`Execution::assert_path`], [`Execution::assert_visited`], [`Execution::story`] |
//! | fail each step in each declared way | [`Test::exhaust`] |
//! | compare with an execution that has been | [`Test::replay`] |
//! | see what no test reaches | the lines after the tests; see [`coverage`] |
//!
//! # On AWS, or something like it
//!
//! With `SFN_TEST_ENDPOINT` (and the feature `aws`) the same tests run against the Step Functions that answers at that
//! URL: state machines and activities get names of their own for each test, time is the real one, and what belongs to
//! virtual time alone ([`Test::clock`]) is not to be had. Workers, mocks and assertions are the same.

mod answer;
mod cast;
mod clock;
pub mod coverage;
mod execution;
mod exhaust;
mod fault;
mod golden;
mod mock;
mod run;
mod story;
mod test;

pub use clock::Time;
pub use execution::Execution;
pub use exhaust::{End, Ending, Exhaust, Exhausted};
pub use fault::{Fault, fault};
pub use golden::{Divergence, Golden, GoldenError};
pub use mock::{Mock, Mocked, mock};
pub use run::{FromTest, TestEntry, run};
pub use test::{ENDPOINT_VARIABLE, Running, Test};
