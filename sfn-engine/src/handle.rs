//! The operations.

use std::sync::Arc;

use crate::api::*;
use crate::{Error, Timestamp};

/// The engine's operations, named and behaving as AWS's.
///
/// Cheap to clone: all clones speak to one engine. The engine lives as long as one of them.
#[derive(Clone, Debug)]
pub struct Handle {
    shared: Arc<()>,
}

/// How far an execution has come: changes with each new event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How many events its history has.
    pub events: u64,
    /// How it stands.
    pub status: ExecutionStatus,
}

fn soon<T>() -> Result<T, Error> {
    Err(Error::Validation("the engine does not run yet".to_owned()))
}

impl Handle {
    /// Makes an activity, or finds the one of that name.
    ///
    /// # Errors
    /// [`Error::InvalidName`].
    pub async fn create_activity(
        &self,
        _request: CreateActivity,
    ) -> Result<CreatedActivity, Error> {
        soon()
    }

    /// Deletes an activity. That it is not there is no error.
    ///
    /// # Errors
    /// [`Error::InvalidArn`].
    pub async fn delete_activity(&self, _activity_arn: &str) -> Result<(), Error> {
        soon()
    }

    /// Tells about an activity.
    ///
    /// # Errors
    /// [`Error::ActivityDoesNotExist`], [`Error::InvalidArn`].
    pub async fn describe_activity(&self, _activity_arn: &str) -> Result<DescribedActivity, Error> {
        soon()
    }

    /// Lists the activities.
    ///
    /// # Errors
    /// [`Error::InvalidToken`].
    pub async fn list_activities(&self, _page: Page) -> Result<Paged<ActivityListItem>, Error> {
        soon()
    }

    /// Makes a state machine, or finds the one with that name and all the same settings.
    ///
    /// # Errors
    /// [`Error::InvalidName`], [`Error::InvalidDefinition`], [`Error::StateMachineAlreadyExists`],
    /// [`Error::StateMachineDeleting`].
    pub async fn create_state_machine(
        &self,
        _request: CreateStateMachine,
    ) -> Result<CreatedStateMachine, Error> {
        soon()
    }

    /// Changes a state machine.
    ///
    /// # Errors
    /// [`Error::StateMachineDoesNotExist`], [`Error::InvalidDefinition`], [`Error::MissingRequiredParameter`].
    pub async fn update_state_machine(
        &self,
        _request: UpdateStateMachine,
    ) -> Result<UpdatedStateMachine, Error> {
        soon()
    }

    /// Tells about a state machine, or about one of its versions.
    ///
    /// # Errors
    /// [`Error::StateMachineDoesNotExist`], [`Error::InvalidArn`].
    pub async fn describe_state_machine(
        &self,
        _state_machine_arn: &str,
    ) -> Result<DescribedStateMachine, Error> {
        soon()
    }

    /// Deletes a state machine with its versions and aliases; its running executions are stopped.
    ///
    /// # Errors
    /// [`Error::InvalidArn`].
    pub async fn delete_state_machine(&self, _state_machine_arn: &str) -> Result<(), Error> {
        soon()
    }

    /// Lists the state machines.
    ///
    /// # Errors
    /// [`Error::InvalidToken`].
    pub async fn list_state_machines(&self, _page: Page) -> Result<Paged<MachineListItem>, Error> {
        soon()
    }

    /// Starts an execution. The same name with the same input, while it runs, is the same execution.
    ///
    /// # Errors
    /// [`Error::StateMachineDoesNotExist`], [`Error::ExecutionAlreadyExists`], [`Error::InvalidExecutionInput`],
    /// [`Error::InvalidName`], [`Error::InvalidArn`].
    pub async fn start_execution(
        &self,
        _request: StartExecution,
    ) -> Result<StartedExecution, Error> {
        soon()
    }

    /// Starts an execution of an express state machine and waits for its end.
    ///
    /// # Errors
    /// As [`start_execution`](Handle::start_execution), and [`Error::StateMachineTypeNotSupported`].
    pub async fn start_sync_execution(
        &self,
        _request: StartExecution,
    ) -> Result<SyncExecutionResult, Error> {
        soon()
    }

    /// Tells about an execution.
    ///
    /// # Errors
    /// [`Error::ExecutionDoesNotExist`], [`Error::InvalidArn`].
    pub async fn describe_execution(
        &self,
        _execution_arn: &str,
    ) -> Result<DescribedExecution, Error> {
        soon()
    }

    /// A page of an execution's history.
    ///
    /// # Errors
    /// [`Error::ExecutionDoesNotExist`], [`Error::InvalidArn`], [`Error::InvalidToken`].
    pub async fn get_execution_history(
        &self,
        _request: GetExecutionHistory,
    ) -> Result<HistoryPage, Error> {
        soon()
    }

    /// Lists executions, newest first.
    ///
    /// # Errors
    /// [`Error::StateMachineDoesNotExist`], [`Error::StateMachineTypeNotSupported`], [`Error::InvalidToken`].
    pub async fn list_executions(
        &self,
        _request: ListExecutions,
    ) -> Result<Paged<ExecutionListItem>, Error> {
        soon()
    }

    /// Stops an execution; answers when. An execution that is over stays as it is.
    ///
    /// # Errors
    /// [`Error::ExecutionDoesNotExist`], [`Error::InvalidArn`].
    pub async fn stop_execution(&self, _request: StopExecution) -> Result<Timestamp, Error> {
        soon()
    }

    /// Waits up to sixty seconds (of the engine's clock) for a task of an activity; `None` when there was none.
    ///
    /// Dropping the future loses no task: one that was meant for it goes to the front of the queue.
    ///
    /// # Errors
    /// [`Error::ActivityDoesNotExist`], [`Error::ActivityWorkerLimitExceeded`], [`Error::InvalidArn`].
    pub async fn get_activity_task(
        &self,
        _request: GetActivityTask,
    ) -> Result<Option<ActivityTask>, Error> {
        soon()
    }

    /// Reports that a task was done.
    ///
    /// # Errors
    /// [`Error::TaskTimedOut`], [`Error::TaskDoesNotExist`], [`Error::InvalidToken`]: give the task up.
    /// [`Error::InvalidOutput`]: the output is not JSON.
    pub async fn send_task_success(&self, _request: SendTaskSuccess) -> Result<(), Error> {
        soon()
    }

    /// Reports that a task failed.
    ///
    /// # Errors
    /// [`Error::TaskTimedOut`], [`Error::TaskDoesNotExist`], [`Error::InvalidToken`]: give the task up.
    pub async fn send_task_failure(&self, _request: SendTaskFailure) -> Result<(), Error> {
        soon()
    }

    /// Reports that a task is still worked on.
    ///
    /// # Errors
    /// [`Error::TaskTimedOut`], [`Error::TaskDoesNotExist`], [`Error::InvalidToken`]: give the task up.
    pub async fn send_task_heartbeat(&self, _task_token: &str) -> Result<(), Error> {
        soon()
    }

    /// Waits until an execution (standard or express) is over and tells how it ended.
    ///
    /// # Errors
    /// [`Error::ExecutionDoesNotExist`], [`Error::InvalidArn`].
    pub async fn wait(&self, _execution_arn: &str) -> Result<DescribedExecution, Error> {
        soon()
    }

    /// Watches an execution: the receiver changes whenever events were added, and is dropped at the end.
    ///
    /// Read the new events with [`events_since`](Handle::events_since).
    ///
    /// # Errors
    /// [`Error::ExecutionDoesNotExist`], [`Error::InvalidArn`].
    pub async fn subscribe(
        &self,
        _execution_arn: &str,
    ) -> Result<tokio::sync::watch::Receiver<Progress>, Error> {
        soon()
    }

    /// All events after number `id` (0 for all), oldest first. Unlike
    /// [`get_execution_history`](Handle::get_execution_history), it also tells of express executions.
    ///
    /// # Errors
    /// [`Error::ExecutionDoesNotExist`], [`Error::InvalidArn`].
    pub async fn events_since(
        &self,
        _execution_arn: &str,
        _id: u64,
    ) -> Result<Vec<crate::history::HistoryEvent>, Error> {
        soon()
    }
}
