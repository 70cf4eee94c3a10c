//! The dozen operations that clients and workers need, whoever answers them.
//!
//! [`Service`] is the one seam between this crate and Step Functions: the embedded engine answers
//! it in this process, and the AWS SDK answers it over HTTP. Everything above it (starting,
//! waiting, polling, heartbeats, reports) is written once.

mod error;
mod history;
mod location;
mod messages;
mod timestamp;

use std::{fmt, time::Duration};

use crate::BoxFuture;

pub use error::{Error, ErrorKind};
pub use history::HistoryEvent;
pub use location::Location;
pub use messages::{
    ActivityTask, CreateMachine, ExecutionDescription, ExecutionStatus, ExecutionSummary,
    HistoryRequest, ListRequest, MachineDescription, Page, StartRequest, Started, TaskFailure,
    UpdateMachine,
};
pub use timestamp::{NoTimestamp, Timestamp};

/// How long the first pause between two looks at a running execution is.
///
/// A describe call costs a token of a bucket that refills at 15 a second for the whole account, so
/// the pause grows from here to [`LONGEST_LOOK`].
const FIRST_LOOK: Duration = Duration::from_millis(200);

/// The longest pause between two looks at a running execution.
const LONGEST_LOOK: Duration = Duration::from_secs(5);

/// The operations of Step Functions that clients and workers use.
///
/// Object-safe, so that a [`Client`](crate::Client) holds any of them. Implement it to put another
/// transport, or a double with faults, under the same client and the same workers; everybody else
/// uses [`Client`](crate::Client).
///
/// Every future may be dropped at any time without harm, save the one of
/// [`get_activity_task`](Service::get_activity_task): a task it has taken would be lost with it.
pub trait Service: fmt::Debug + Send + Sync + 'static {
    /// Where it stands: the partition, Region and account that its ARNs name.
    fn location(&self) -> BoxFuture<'_, Result<Location, Error>>;

    /// Creates the activity, or finds it when there is one of that name. Gives its ARN.
    fn create_activity(&self, name: String) -> BoxFuture<'_, Result<String, Error>>;

    /// Creates the state machine. Gives its ARN.
    ///
    /// Fails with [`ErrorKind::AlreadyExists`] when there is one of that name with another
    /// definition; the same again succeeds.
    fn create_machine(&self, request: CreateMachine) -> BoxFuture<'_, Result<String, Error>>;

    /// Replaces a state machine's definition. Executions that run keep the old one.
    fn update_machine(&self, request: UpdateMachine) -> BoxFuture<'_, Result<(), Error>>;

    /// What is known of a state machine.
    fn describe_machine(&self, arn: String) -> BoxFuture<'_, Result<MachineDescription, Error>>;

    /// Starts an execution.
    fn start_execution(&self, request: StartRequest) -> BoxFuture<'_, Result<Started, Error>>;

    /// What is known of an execution.
    fn describe_execution(&self, arn: String)
    -> BoxFuture<'_, Result<ExecutionDescription, Error>>;

    /// One page of an execution's history.
    fn execution_history(
        &self,
        request: HistoryRequest,
    ) -> BoxFuture<'_, Result<Page<HistoryEvent>, Error>>;

    /// Stops an execution; its status becomes [`ExecutionStatus::Aborted`].
    fn stop_execution(&self, arn: String, reason: TaskFailure) -> BoxFuture<'_, Result<(), Error>>;

    /// Runs an execution that ended badly again, from where it failed.
    ///
    /// As provided it is [not supported](ErrorKind::NotSupported).
    fn redrive_execution(&self, arn: String) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            let message = format!("`{arn}` cannot be redriven through this transport");
            Err(Error::new(ErrorKind::NotSupported, message))
        })
    }

    /// Whether there is such an activity.
    ///
    /// As provided there is.
    fn has_activity(&self, arn: String) -> BoxFuture<'_, Result<bool, Error>> {
        Box::pin(async move {
            let _ = arn;
            Ok(true)
        })
    }

    /// One page of a state machine's executions, the newest first.
    fn list_executions(
        &self,
        request: ListRequest,
    ) -> BoxFuture<'_, Result<Page<ExecutionSummary>, Error>>;

    /// Takes a task of the activity, waiting for one up to a minute; `None` when there was none.
    ///
    /// The service hands each task out once. A future of this method that is dropped, or fails,
    /// after the service has answered loses the task until its time-out.
    fn get_activity_task(
        &self,
        activity: String,
        worker: String,
    ) -> BoxFuture<'_, Result<Option<ActivityTask>, Error>>;

    /// Ends a task with its output, which is JSON text.
    fn send_task_success(&self, token: String, output: String) -> BoxFuture<'_, Result<(), Error>>;

    /// Ends a task with a failure.
    fn send_task_failure(
        &self,
        token: String,
        failure: TaskFailure,
    ) -> BoxFuture<'_, Result<(), Error>>;

    /// Says that a task is still worked on.
    fn send_task_heartbeat(&self, token: String) -> BoxFuture<'_, Result<(), Error>>;

    /// How many polls for one step a worker keeps open at most.
    ///
    /// Over a network each costs a connection while it waits. One that brings a task is followed by the next
    /// at once, so sixteen feed even a large pool within a second.
    fn open_polls(&self) -> usize {
        16
    }

    /// Lets go of the polls that wait for a task of the activity, each with `None`.
    ///
    /// Gives whether it could. Where it cannot, as on AWS, a worker that stops waits for its polls
    /// to come back by themselves.
    fn release_polls(&self, activity: &str) -> bool {
        let _ = activity;
        false
    }

    /// Waits until an execution has ended, and describes it.
    ///
    /// As provided it looks again and again, with growing pauses.
    fn wait_closed(&self, arn: String) -> BoxFuture<'_, Result<ExecutionDescription, Error>> {
        Box::pin(async move {
            let mut pause = FIRST_LOOK;
            loop {
                match self.describe_execution(arn.clone()).await {
                    Ok(found) if found.status.is_closed() => return Ok(found),
                    Ok(_) => {}
                    Err(error) if error.retryable() => {}
                    Err(error) => return Err(error),
                }
                tokio::time::sleep(pause).await;
                pause = longer(pause);
            }
        })
    }

    /// Waits until an execution's history has events past the one of id `after`, and gives them,
    /// the oldest first. Empty when the execution has ended and all its events have been given.
    ///
    /// As provided it looks again and again, with growing pauses.
    fn history_after(
        &self,
        arn: String,
        after: u64,
    ) -> BoxFuture<'_, Result<Vec<HistoryEvent>, Error>> {
        Box::pin(async move {
            let mut pause = FIRST_LOOK;
            loop {
                match newer(self, &arn, after).await {
                    Ok(events) if !events.is_empty() => return Ok(events),
                    Ok(_) => match self.describe_execution(arn.clone()).await {
                        // Its last events may have been written after we looked.
                        Ok(found) if found.status.is_closed() => {
                            return newer(self, &arn, after).await;
                        }
                        Ok(_) => {}
                        Err(error) if error.retryable() => {}
                        Err(error) => return Err(error),
                    },
                    Err(error) if error.retryable() => {}
                    Err(error) => return Err(error),
                }
                tokio::time::sleep(pause).await;
                pause = longer(pause);
            }
        })
    }
}

fn longer(pause: Duration) -> Duration {
    (pause * 3 / 2).min(LONGEST_LOOK)
}

/// The events past `after`, read from the end, so that a long history is not read again.
async fn newer<S: Service + ?Sized>(
    service: &S,
    arn: &str,
    after: u64,
) -> Result<Vec<HistoryEvent>, Error> {
    let mut found = Vec::new();
    let mut page = None;
    loop {
        let answer = service
            .execution_history(HistoryRequest {
                execution: arn.to_owned(),
                newest_first: true,
                limit: None,
                page,
            })
            .await?;
        let known = answer.items.iter().any(|event| event.id <= after);
        found.extend(answer.items.into_iter().filter(|event| event.id > after));
        page = answer.next;
        if known || page.is_none() {
            found.reverse();
            return Ok(found);
        }
    }
}
