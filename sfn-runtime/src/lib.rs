//! Durable workflows on AWS Step Functions, written in plain Rust.

// The macros' expansions name this crate from the outside; so do our own tests.
extern crate self as sfn_runtime;

mod app;
#[cfg(feature = "aws")]
pub mod aws;
mod cli;
mod client;
mod context;
mod error_name;
mod failure;
pub mod flow;
pub mod graph;
#[cfg(feature = "local")]
pub mod local;
mod payload;
pub mod placement;
mod provide;
pub mod registry;
pub mod service;
mod span;
mod step;
pub mod view;
mod worker;
mod workflow;

pub use app::{App, app, main};
pub use cli::Exit;
pub use client::{
    Change, Client, EnsureError, Ensured, Handle, Run, RunError, Start, StartError, Watch,
};
pub use context::{ContextControl, StepContext};
pub use error_name::ErrorName;
pub use failure::{ErrorMeta, Failure, Raises, StepError};
pub use payload::{
    Field, Json, NamesDiffer, Origin, Payload, Shape, Tagging, Variant, check_names, schema_hash,
};
pub use provide::{MissingProvider, Providers};
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
pub use sfn_macros::{Payload, StepError, step};
pub use span::{days, hours, minutes, seconds};
pub use step::{
    BoxFuture, InjectMeta, Jitter, Outcome, ParamMeta, RetryMeta, Step, StepMeta, TaskInput,
};
pub use worker::{
    MAX_CONCURRENCY, RunHere, Served, Shutdown, Stopper, WorkError, Workers, here, run_here,
};
pub use workflow::{Declaration, Fragment, Kind, Workflow, WorkflowEntry};

/// What the macros' expansions name. Not for use by hand, and not covered by any promise.
#[doc(hidden)]
pub mod __private {
    pub use ::inventory;
    pub use ::serde;
    pub use ::serde_json;

    pub use crate::{
        failure::{Message, array, failure_with_data, object, to_json},
        payload::any_shape,
        step::{
            Arguments, Of, boxed, error_name, finish, output_shape, param_shape, raises,
            retryable_names,
        },
    };
}
