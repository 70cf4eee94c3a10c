//! Starting executions, and asking after them.

mod ensure;
mod errors;
mod handle;
mod start;
mod watch;

use std::{fmt, sync::Arc};

use serde_json::Value;

use crate::{
    large::Offload,
    placement::Placement,
    service::{
        self, ExecutionDescription, ExecutionStatus, ExecutionSummary, HistoryEvent,
        HistoryRequest, ListRequest, Service, TaskFailure,
    },
};

pub use ensure::{Change, EnsureError, Ensured};
pub use errors::{RunError, StartError};
pub use handle::Handle;
pub use start::{Run, Start};
pub use watch::Watch;

/// How many lines of a list are asked for at once: the most the API gives.
const PAGE: u32 = 1_000;

/// The way to Step Functions: the embedded engine, or AWS.
///
/// Cheap to clone; all clones share one connection.
///
/// ```no_run
/// # async fn doc(client: sfn_runtime::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let order = serde_json::json!({ "size": 30 });
/// let execution = client.start("make-pizza", &order).named("order-17").await?;
/// println!("{} runs", execution.arn());
/// let served: serde_json::Value = execution.wait().await?;
/// # Ok(()) }
/// ```
///
/// A [`Workflow`](crate::Workflow) has the same two operations with its own types:
/// [`Workflow::start`](crate::Workflow::start) and [`Workflow::run`](crate::Workflow::run).
#[derive(Clone)]
pub struct Client {
    service: Arc<dyn Service>,
    placement: Arc<Placement>,
    large: Option<Offload>,
}

impl Client {
    /// A client over a transport of one's own; see [`Service`].
    pub fn over(service: impl Service) -> Self {
        Self {
            service: Arc::new(service),
            placement: Arc::default(),
            large: None,
        }
    }

    /// The same client for an app whose steps run as `placement` says.
    ///
    /// It decides what the activities of steps are called, for [`ensure`](Self::ensure) and for
    /// [`run_here`](crate::run_here) alike.
    #[must_use]
    pub fn placed(mut self, placement: Placement) -> Self {
        self.placement = Arc::new(placement);
        self
    }

    /// The same client, which keeps [`Large`](crate::Large) values of inputs and outputs in that store.
    #[must_use]
    pub fn storing_large(mut self, store: impl crate::large::Store) -> Self {
        self.large = Some(Offload::to(store));
        self
    }

    /// Where large values are kept; `None` where they stay.
    fn offload(&self) -> Option<Offload> {
        self.large.clone().or_else(Offload::of_environment)
    }

    /// Where each step runs.
    pub fn placement(&self) -> &Placement {
        &self.placement
    }

    /// What the names of activities begin with.
    pub(crate) fn prefix(&self) -> String {
        self.placement.prefix()
    }

    /// The operations underneath.
    pub fn service(&self) -> &dyn Service {
        &*self.service
    }

    pub(crate) fn shared_service(&self) -> Arc<dyn Service> {
        Arc::clone(&self.service)
    }

    /// Starts an execution of the state machine of that name, or ARN.
    ///
    /// Await it for a [`Handle`]; give the execution a name of your own with [`Start::named`].
    ///
    /// # Errors
    ///
    /// See [`StartError`].
    pub fn start<I: serde::Serialize + ?Sized>(&self, machine: &str, input: &I) -> Start<Value> {
        Start::new(
            self.clone(),
            machine.to_owned(),
            serde_json::to_string(input),
        )
    }

    /// Starts an execution and waits for its end: [`start`](Self::start), then [`Handle::wait`].
    ///
    /// # Errors
    ///
    /// See [`RunError`].
    pub fn run<I: serde::Serialize + ?Sized>(&self, machine: &str, input: &I) -> Run<Value> {
        Run::new(self.start(machine, input))
    }

    /// A handle on an execution that was started elsewhere. Asks nothing of the service.
    pub fn execution(&self, arn: impl Into<String>) -> Handle<Value> {
        Handle::new(self.clone(), arn.into())
    }

    /// What is known of an execution.
    ///
    /// # Errors
    ///
    /// [`NotFound`](service::ErrorKind::NotFound) when there is none of that ARN; otherwise what
    /// the transport says.
    pub async fn describe(&self, execution: &str) -> Result<ExecutionDescription, service::Error> {
        self.service.describe_execution(execution.to_owned()).await
    }

    /// The whole history of an execution, the oldest event first.
    ///
    /// Up to 25,000 events; [`watch`](Self::watch) gives them one by one.
    ///
    /// # Errors
    ///
    /// As [`describe`](Self::describe).
    pub async fn history(&self, execution: &str) -> Result<Vec<HistoryEvent>, service::Error> {
        let mut events = Vec::new();
        let mut page = None;
        loop {
            let answer = self
                .service
                .execution_history(HistoryRequest {
                    execution: execution.to_owned(),
                    newest_first: false,
                    limit: Some(PAGE),
                    page,
                })
                .await?;
            events.extend(answer.items);
            page = answer.next;
            if page.is_none() {
                return Ok(events);
            }
        }
    }

    /// An execution's events from its first, as they happen, until its end.
    pub fn watch(&self, execution: impl Into<String>) -> Watch {
        Watch::new(self.shared_service(), execution.into())
    }

    /// Stops an execution. Its workers learn of it by their next heartbeat.
    ///
    /// # Errors
    ///
    /// As [`describe`](Self::describe). One that has ended already is no error.
    pub async fn stop(&self, execution: &str, reason: TaskFailure) -> Result<(), service::Error> {
        self.service
            .stop_execution(execution.to_owned(), reason)
            .await
    }

    /// Answers a task in its step's place: it has succeeded with this value. See [`StepContext::task_token`](crate::StepContext::task_token).
    ///
    /// # Errors
    ///
    /// [`TaskTimedOut`](service::ErrorKind::TaskTimedOut) and its kin when nobody waits for it any more, or the token is none;
    /// [`InvalidOutput`](service::ErrorKind::InvalidOutput) when the value has no JSON form or is too large.
    pub async fn send_success<V: serde::Serialize + ?Sized>(
        &self,
        token: &str,
        value: &V,
    ) -> Result<(), service::Error> {
        let output = serde_json::to_string(value).map_err(|error| {
            service::Error::new(
                service::ErrorKind::InvalidOutput,
                format!("the answer cannot be written as JSON: {error}"),
            )
        })?;
        self.service
            .send_task_success(token.to_owned(), output)
            .await
    }

    /// Answers a task in its step's place: it has failed. The name is what the workflow's `match`, retriers and catchers see;
    /// [`StepError::failure`](crate::StepError::failure) gives that of a typed error.
    ///
    /// # Errors
    ///
    /// As [`send_success`](Self::send_success).
    pub async fn send_failure(
        &self,
        token: &str,
        failure: &crate::Failure,
    ) -> Result<(), service::Error> {
        let failure = TaskFailure {
            error: Some(failure.error.clone()),
            cause: Some(failure.cause.clone()),
        };
        self.service
            .send_task_failure(token.to_owned(), failure)
            .await
    }

    /// Runs an execution that ended badly again, from where it failed; what succeeded is kept.
    ///
    /// # Errors
    ///
    /// As [`describe`](Self::describe); [`NotSupported`](service::ErrorKind::NotSupported) where the
    /// transport cannot; and what the service says of one that runs, has succeeded, or ended more
    /// than 14 days ago.
    pub async fn redrive(&self, execution: &str) -> Result<(), service::Error> {
        self.service.redrive_execution(execution.to_owned()).await
    }

    /// The executions of a state machine (name or ARN), the newest first, `limit` at most.
    ///
    /// # Errors
    ///
    /// [`NotFound`](service::ErrorKind::NotFound) when there is no such state machine; otherwise
    /// what the transport says.
    pub async fn list(
        &self,
        machine: &str,
        status: Option<ExecutionStatus>,
        limit: usize,
    ) -> Result<Vec<ExecutionSummary>, service::Error> {
        let machine = self.machine_arn(machine).await?;
        let mut found = Vec::new();
        let mut page = None;
        while found.len() < limit {
            let wanted = u32::try_from(limit - found.len()).map_or(PAGE, |left| left.min(PAGE));
            let answer = self
                .service
                .list_executions(ListRequest {
                    machine: machine.clone(),
                    status,
                    limit: Some(wanted),
                    page,
                })
                .await?;
            found.extend(answer.items);
            page = answer.next;
            if page.is_none() {
                break;
            }
        }
        found.truncate(limit);
        Ok(found)
    }

    /// The ARN of a state machine, from its name or its ARN.
    pub(crate) async fn machine_arn(&self, machine: &str) -> Result<String, service::Error> {
        if machine.starts_with("arn:") {
            return Ok(machine.to_owned());
        }
        let name = self.placement.machine_name(machine);
        Ok(self.service.location().await?.machine(&name))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client").field(&self.service).finish()
    }
}
