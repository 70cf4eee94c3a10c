//! An execution that has been, run again by the definition of today.

mod compare;
mod read;

use std::{fmt, sync::Mutex, time::Duration};

use serde_json::Value;
use sfn_engine::{Answer, IntegrationCall, Integrations, Reply, Response};

use super::{cast::lock, test::Test};
use crate::{Payload, Workflow, service::HistoryEvent};

pub use read::GoldenError;

/// How long a run may take in real time: nothing is at work in it but the engine.
const PATIENCE: Duration = Duration::from_secs(10);

/// The history of an execution that has ended: what was downloaded from AWS, or written by this program.
///
/// ```no_run
/// # use sfn_runtime::{Workflow, testing::{Golden, Test}};
/// # async fn doc(test: Test, PIZZA: Workflow<String, String>) -> Result<(), Box<dyn std::error::Error>> {
/// // aws stepfunctions get-execution-history --execution-arn … > tests/golden/order-17.json
/// let golden = Golden::read(&std::fs::read_to_string("tests/golden/order-17.json")?)?;
/// test.replay(&PIZZA, &golden).await?;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Golden {
    events: Vec<HistoryEvent>,
    tasks: Vec<Task>,
    path_only: bool,
}

/// A task that was done.
#[derive(Debug, Clone)]
struct Task {
    state: String,
    /// What the step was given, where that can be told from what stands around it.
    input: Option<Value>,
    reply: Reply,
}

impl Golden {
    /// Reads a history: the answer of `GetExecutionHistory` as the AWS CLI prints it, a file of `run --save-history`, or
    /// what `history --json` prints.
    ///
    /// # Errors
    ///
    /// See [`GoldenError`].
    pub fn read(text: &str) -> Result<Self, GoldenError> {
        let events = read::events(text)?;
        let tasks = read::tasks(&events);
        Ok(Self {
            events,
            tasks,
            path_only: false,
        })
    }

    /// Compares where the execution went, and not the values on its way: for workflows that look at the clock, or draw
    /// lots.
    #[must_use]
    pub fn path_only(mut self) -> Self {
        self.path_only = true;
        self
    }

    /// The execution's input, as JSON.
    #[must_use]
    pub fn input(&self) -> Value {
        let started = self.events.first().and_then(|event| event.input.as_deref());
        started
            .and_then(|input| serde_json::from_str(input).ok())
            .unwrap_or(Value::Null)
    }
}

/// Where today's definition goes another way than the history.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Divergence {
    /// The number of the event in the history.
    pub event: u64,
    /// The state it belongs to.
    pub state: Option<String>,
    /// What the history has.
    pub expected: String,
    /// What the definition of today does instead.
    pub found: String,
}

impl std::error::Error for Divergence {}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "event {}", self.event)?;
        if let Some(state) = &self.state {
            write!(f, ", state `{state}`")?;
        }
        write!(
            f,
            ": the way parts here\n  history {}\n  now     {}",
            self.expected, self.found
        )
    }
}

impl Test {
    /// Runs a workflow as an execution ran that has been: with its input, and with what its tasks gave then. No step
    /// runs. Always on an embedded engine of its own.
    ///
    /// What happened at once in the history may happen in another order now; each branch and each iteration of a map is
    /// compared by itself.
    ///
    /// # Errors
    ///
    /// The first divergence.
    ///
    /// # Panics
    ///
    /// When the workflow cannot be compiled.
    pub async fn replay<I: Payload, O: Payload>(
        &self,
        workflow: &Workflow<I, O>,
        golden: &Golden,
    ) -> Result<(), Divergence> {
        let recorded = Recorded {
            tasks: Mutex::new(golden.tasks.clone()),
        };
        let mut test = Self::local_with(Some(recorded));
        test.patience(PATIENCE);
        let running = test
            .begin::<O>(workflow.definition(), &golden.input())
            .await;
        let machine = running.machine();
        let events = running.ended_or_not().await;
        compare::first_divergence(&machine, &golden.events, &events, golden.path_only)
            .map_or(Ok(()), Err)
    }
}

/// Answers tasks with what they gave once.
pub(super) struct Recorded {
    /// Those that nobody has asked for yet, in the order they were begun.
    tasks: Mutex<Vec<Task>>,
}

impl Integrations for Recorded {
    fn call(&self, call: &IntegrationCall) -> Option<Response> {
        let input = serde_json::from_str(&call.input).ok();
        let given = input.as_ref().and_then(read::given);
        let mut tasks = lock(&self.tasks);
        let of_state = |task: &Task| *task.state == *call.state_name;
        // Of the items of a map, each gets the answer to its own input.
        let same = tasks
            .iter()
            .position(|task| of_state(task) && task.input.as_ref() == given);
        let reply = match same.or_else(|| tasks.iter().position(of_state)) {
            Some(found) => tasks.remove(found).reply,
            None => Answer::Failure {
                error: Some("Test.NotInHistory".to_owned()),
                cause: Some(format!(
                    "the history has no further task of state `{}`",
                    call.state_name
                )),
            }
            .into(),
        };
        Some(Response::Now(reply))
    }
}
