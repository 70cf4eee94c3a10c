//! Durable workflows on AWS Step Functions, written in plain Rust.

// The macros' expansions name this crate from the outside; so do our own tests.
extern crate self as sfn_runtime;

mod app;
#[cfg(feature = "aws")]
pub mod aws;
mod body;
#[cfg_attr(
    not(feature = "local"),
    allow(
        dead_code,
        unused_imports,
        reason = "without an engine nothing runs here, and `run` is what most of it serves"
    )
)]
mod cli;
mod client;
mod context;
pub mod cost;
pub mod deploy;
mod error_name;
mod failure;
pub mod flow;
pub mod graph;
mod intercept;
#[cfg(feature = "lambda")]
mod lambda;
pub mod large;
#[cfg_attr(
    not(feature = "local"),
    allow(dead_code, reason = "the command line serves it, as above")
)]
mod lint;
#[cfg(feature = "local")]
pub mod local;
pub mod lock;
#[cfg(feature = "otel")]
pub mod otel;
#[cfg(feature = "deploy")]
pub mod package;
#[cfg_attr(
    not(feature = "local"),
    allow(dead_code, reason = "only the command line prints them")
)]
mod pages;
mod payload;
pub mod placement;
mod provide;
pub mod registry;
pub mod service;
mod span;
mod step;
#[cfg(feature = "local")]
pub mod testing;
mod trace;
#[cfg_attr(
    not(feature = "local"),
    allow(
        dead_code,
        unused_imports,
        reason = "without an engine nothing runs here, and `run` is what most of it serves"
    )
)]
pub mod view;
mod worker;
mod workflow;

pub use app::{App, app, main};
pub use body::{
    Callback, Failed, Join, MapConcurrent, Named, NamedParameters, Tolerant, TryJoin, aws,
    map_concurrent, sleep, sleep_until,
};
pub use cli::Exit;
pub use client::{
    Change, Client, EnsureError, Ensured, Handle, Run, RunError, Start, StartError, Watch,
};
pub use context::{ContextControl, StepContext};
pub use error_name::ErrorName;
pub use failure::{ErrorMeta, Failure, MessagePart, Raises, StepError, Wraps};
pub use intercept::{Call, Interceptor};
pub use large::Large;
pub use payload::{
    Field, Integer, Json, NamesDiffer, Origin, Payload, Shape, Tagging, Variant, check_names,
    schema_hash,
};
pub use provide::{MissingProvider, Providers};
/// Gives a type its JSON names: derives the trait [`Payload`](trait@Payload).
///
/// Stands beside serde's derives and follows serde's attributes: `rename`, `rename_all` in every case,
/// `rename_all_fields`, `alias`, `default`, `flatten`, `skip` and its kin, `skip_serializing_if`, `transparent`, `tag`,
/// `content`, `untagged`, and `with` and its kin, whose values only serde knows. `from`, `try_from` and `into` leave the
/// whole type to serde. Two names for one field, one for reading and one for writing, are refused: what one state
/// writes, the next one reads.
///
/// Options of its own:
///
/// | option | means |
/// |---|---|
/// | `#[payload(opaque)]` on a field | a foreign type that is no payload; serde alone knows it, and workflows cannot look into it |
/// | `#[payload(opaque)]` on the type | the same for the whole type |
/// | `#[payload(crate = ::path)]` on the type | where the runtime is, if not at `::sfn_runtime` |
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use sfn_runtime::{Payload, check_names};
///
/// #[derive(Serialize, Deserialize, Payload)]
/// #[serde(tag = "kind", rename_all = "kebab-case")]
/// enum Topping {
///     Plain,
///     WithCheese { grams: u32 },
/// }
///
/// #[derive(Serialize, Deserialize, Payload)]
/// struct Page<T> {
///     items: Vec<T>,
///     next: Option<String>,
/// }
///
/// assert_eq!(check_names::<Page<Topping>>(), Ok(()));
/// ```
pub use sfn_macros::Payload;
/// Gives each error of a step a stable name: derives the trait [`StepError`](trait@StepError), which documents it.
pub use sfn_macros::StepError;
/// Composes steps into a part that several workflows share: the value of a `static`, used with `include(..)`.
///
/// ```standalone_crate
/// use sfn_runtime::{Fragment, Workflow, fragment, minutes, step, workflow};
///
/// #[step]
/// fn shout(text: String) -> String { text.to_uppercase() }
///
/// static LOUD: Fragment<String, String> = fragment!(wait(minutes(1)), shout);
/// static NEWS: Workflow<String, String> = workflow!(name = "news", input = String, include(LOUD));
/// # fn main() {
/// assert_eq!(NEWS.definition().nodes.len(), 1);
/// # }
/// ```
pub use sfn_macros::fragment;
/// Makes a function a state machine: its body becomes states.
///
/// The function stays ordinary Rust, which rustc checks and a plain call runs. Beside it stand a type of the same name with
/// `WORKFLOW`, `NAME`, `start(..)` and `run(..)`, and an entry in the [`registry`]. What a body may hold, and which states come
/// of it, is in the guide, under "State machines".
///
/// ```standalone_crate
/// use serde::{Deserialize, Serialize};
/// use sfn_runtime::{Payload, StepError, ensure, minutes, sleep, state_machine, step};
///
/// #[derive(Serialize, Deserialize, Payload)]
/// struct Order { size: u8 }
///
/// #[derive(Debug, PartialEq, thiserror::Error, StepError)]
/// enum PizzaError {
///     #[error("the oven is busy")]
///     Busy,
///     #[error("no oven is that large")]
///     TooLarge,
/// }
///
/// #[step(retry(on(PizzaError::Busy)))]
/// async fn bake(size: u8) -> Result<String, PizzaError> { Ok(format!("a pizza of {size}")) }
///
/// /// From order to pizza.
/// #[state_machine(name = "make-pizza", timeout = "1h")]
/// async fn make_pizza(order: Order) -> Result<String, PizzaError> {
///     ensure!(order.size < 60, PizzaError::TooLarge);
///     let pizza = bake(order.size).await?;
///     sleep(minutes(2)).await;
///     Ok(pizza)
/// }
///
/// # fn main() {
/// # let rt = tokio::runtime::Builder::new_current_thread().build().unwrap();
/// # rt.block_on(async {
/// assert_eq!(make_pizza(Order { size: 30 }).await.unwrap(), "a pizza of 30");
/// assert_eq!(make_pizza(Order { size: 90 }).await, Err(PizzaError::TooLarge));
/// # });
/// assert_eq!(make_pizza::WORKFLOW.name(), "make-pizza");
/// # }
/// ```
///
/// # Options
///
/// | option | means | unless given |
/// |---|---|---|
/// | `name = "…"` | the name of the state machine; letters, digits, `-` and `_`, up to 80 | the function's name |
/// | `timeout = "7 days"` | how long an execution may take | a year; five minutes for an express one |
/// | `kind = express` | see [`Kind`] | `standard` |
/// | `inline` | it is no state machine of its own: its states stand where it is called | – |
/// | `crate = ::path` | where the runtime is | `::sfn_runtime` |
pub use sfn_macros::state_machine;
/// Makes a function a step of workflows.
///
/// The function stays what it was, and is called and tested as any other. Beside it stand a type of the same name,
/// which `workflow!` finds wherever the function is imported, and an entry in the [`registry`].
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use sfn_runtime::{Payload, StepContext, StepError, step};
///
/// #[derive(Serialize, Deserialize, Payload)]
/// struct Order { size: u8 }
///
/// #[derive(Debug, PartialEq, thiserror::Error, StepError)]
/// enum OvenError {
///     #[error("the oven is busy")]
///     Busy,
/// }
///
/// /// Bakes for one order.
/// #[step(
///     retry(on(OvenError::Busy, Timeout), interval = "60s", max_attempts = 3),
///     timeout = "5m",
///     heartbeat = "30s",
/// )]
/// async fn bake(order: &Order, #[inject] ctx: StepContext) -> Result<u8, OvenError> {
///     match ctx.attempt {
///         1 => Err(OvenError::Busy),
///         _ => Ok(order.size),
///     }
/// }
///
/// # let rt = tokio::runtime::Builder::new_current_thread().build().unwrap();
/// # rt.block_on(async {
/// let first = bake(&Order { size: 3 }, StepContext::new("arn", "order-1", "bake")).await;
/// assert_eq!(first, Err(OvenError::Busy));
/// # });
/// ```
///
/// # The function
///
/// It is a free function, `async` or not, without generics. It returns a [`Payload`](trait@Payload), or a `Result` of
/// one and a [`StepError`](trait@StepError). Up to eight parameters come from the step's JSON input, by name, by value
/// or by shared reference (`&Order`, `&str`, `&[T]`); those marked `#[inject]` come from the program: a [`StepContext`],
/// or a value of that type given to `sfn_runtime::app().provide(..)`. A function that is not `async` may block: the
/// worker gives it a thread.
///
/// A panic, an input that does not fit, and a result that serde cannot write become failures named `Sfn.Panic`,
/// `Sfn.BadInput` and `Sfn.BadOutput`, which no retrier covers unless it names them.
///
/// # Options
///
/// | option | means | unless given |
/// |---|---|---|
/// | `name = "…"` | the stable name of its states, its activity, its Lambda function; up to 80 characters | the function's name |
/// | `alias = "…"` | a name that it had before: workers take the tasks of executions that still know it by that; give several | none |
/// | `timeout = "5m"` | how long one attempt may take, 1 s to 99,999,999 s | no limit of its own |
/// | `heartbeat = "30s"` | how long it may be silent; the worker heartbeats by itself | not watched |
/// | `retry(..)` | a retrier that travels with it; give several, the first that names an error takes it | none |
/// | `undo = release` | the step that takes back what this one did, when the machine fails afterwards; it takes what this one returns, or nothing; with `undo = release(input)` what this one takes, with `(input, output)` both | nothing is taken back |
/// | `crate = ::path` | where the runtime is | `::sfn_runtime` |
///
/// # Taking back
///
/// When an error leaves a `#[state_machine]` body or a pipeline, every step that has run before and has an `undo` is taken back,
/// the last first; then the machine fails with the error that came first. A step may have done its work and still fail, say by a time-out,
/// and is not taken back then; and an undo may run more than once, if it has a retrier. So make both idempotent, and give undos
/// retriers: one that fails in the end stops the chain, and the machine fails with *its* error. An execution that is stopped or
/// exceeds its own timeout is not taken back. Steps in loops, branches and items of lists cannot have an `undo`; compiling such a
/// machine tells so.
///
/// An undo that is given the step's input, `undo = release(input)`, can find what the step did by a key that was known before,
/// such as an order's number. One that is given its output needs what the step returned.
///
/// Spans of time are texts of whole seconds: `"60s"`, `"5m"`, `"1h 30m"`, `"7 days"`. In `retry(..)`:
///
/// | option | means | unless given |
/// |---|---|---|
/// | `on(..)` | errors: `Type::Variant`, a name of [`ErrorName::ALL`], or any name as text | the step's retryable errors, both timeouts, and a worker that stopped |
/// | `interval = "2s"` | the wait before the first retry | 1 s |
/// | `max_attempts = 6` | how many retries at most | 3 |
/// | `backoff = 2.0` | by what each wait is longer than the one before it, at least 1 | 2.0 |
/// | `max_delay = "1m"` | the longest wait, longer than `interval` | none |
/// | `jitter = full` | waits are drawn at random between nothing and the full wait | `none` |
///
/// # A file for each step
///
/// The step's type has the function's name, so a module of that name and a re-export of the step beside it clash
/// (`mod bake; pub use bake::bake;` is E0255). Call it `bake::bake`, or name the file otherwise.
pub use sfn_macros::step;
/// Composes steps into a workflow: the value of a `static`.
///
/// Each stage takes the value that the one before it gave; rustc checks that the types meet. What may be written, and
/// which states come of it, is in the guide, under "Pipelines".
///
/// ```standalone_crate
/// use serde::{Deserialize, Serialize};
/// use sfn_runtime::{Payload, Workflow, minutes, step, workflow};
///
/// #[derive(Serialize, Deserialize, Payload)]
/// struct Order { table: u8, ingredients: Vec<String> }
///
/// #[step]
/// fn make_dough(order: Order) -> u8 { order.table }
///
/// #[step]
/// fn prepare(ingredient: String) -> String { ingredient }
///
/// #[step]
/// fn bake(table: u8, toppings: Vec<String>) -> String { format!("{table}: {}", toppings.join(", ")) }
///
/// static PIZZA: Workflow<Order, String> = workflow!(
///     /// From order to pizza.
///     name = "pizza",
///     parallel(make_dough, map(|order| &order.ingredients, prepare)),
///     bake.retry(on(Timeout), interval = "2s"),
///     wait(minutes(2)),
/// );
/// # fn main() {
/// assert_eq!(PIZZA.definition().nodes.len(), 3);
/// # }
/// ```
pub use sfn_macros::workflow;
/// Makes an async function a test of workflows: the embedded engine on virtual time, with workers in this process.
///
/// The function has one parameter, a [`Test`](crate::testing::Test), or none. It may return `Result<(), E>`, as other
/// tests do, and have the attributes of other tests, such as `#[should_panic]`. All of a test runs on one thread, in the
/// same order each time. The module [`testing`] tells what a test can do.
///
/// | option | means | unless given |
/// |---|---|---|
/// | `crate = ::path` | where the runtime is | `::sfn_runtime` |
#[cfg(feature = "local")]
pub use sfn_macros::workflow_test;
pub use span::{days, hours, minutes, seconds};
pub use step::{
    BoxFuture, InjectMeta, Jitter, Outcome, ParamMeta, RetryMeta, Step, StepMeta, TaskInput, Undo,
    UndoGiven, Undoes, UndoesWith,
};
pub use worker::{
    Health, MAX_CONCURRENCY, Monitor, RunHere, Served, Shutdown, Stopper, WorkError, Workers, here,
    run_here,
};
pub use workflow::{Declaration, Fragment, Kind, Workflow, WorkflowEntry};

/// What the macros' expansions name. Not for use by hand, and not covered by any promise.
#[doc(hidden)]
pub mod __private {
    pub use ::inventory;
    pub use ::serde;
    pub use ::serde_json;
    pub use sfn_macros::both_ways;

    pub use crate::{
        body::{
            Answered, AsFuture, AsValue, Attempted, Branch, Called, Fallible, FirstError, Joined,
            OfMachine, Returned, StateMachine, Tried, TryJoined, Unfailing, ViaFuture, ViaValue,
            answered, attempted, branch, injected, join, machine_definition, machine_input,
            machine_output, no_input, run_machine, start_machine, try_join, wrapped,
        },
        failure::{
            DataField, ErrorPart, Message, NoPayload, OfPayload, Probe, array, counted, data_array,
            data_object, failure_with_data, joined, object, to_json,
        },
        payload::any_shape,
        step::{
            Arguments, Of, boxed, error_name, finish, output_shape, param_shape, raises,
            retryable_names,
        },
    };
}
