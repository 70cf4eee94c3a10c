//! The operations.

mod encryption;
mod execution;
mod machine;
mod map_run;
mod tag;
mod task;
mod test_state;
mod version;

use std::fmt;
use std::sync::Arc;

use crate::api::*;
use crate::driver::Shared;
use crate::{Error, Timestamp};

/// The engine's operations, named and behaving as AWS's.
///
/// Cheap to clone: all clones speak to one engine. The engine lives as long as one of them.
#[derive(Clone)]
pub struct Handle {
    shared: Arc<Shared>,
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle")
            .field("place", &self.shared.place)
            .finish_non_exhaustive()
    }
}

/// How far an execution has come: changes with each new event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How many events its history has.
    pub events: u64,
    /// How it stands.
    pub status: ExecutionStatus,
}

impl Handle {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Handle { shared }
    }

    /// The partition and the account that this engine's ARNs name.
    pub fn account(&self) -> (&str, &str) {
        let place = &self.shared.place;
        (&place.partition, &place.account)
    }

    /// An answer, once all that it follows from is written.
    async fn reply<T>(&self, answer: Result<T, Error>) -> Result<T, Error> {
        self.shared.written().await?;
        answer
    }

    /// Makes the journal in the store as short as it gets, puts executions that are over into the archive, and forgets those
    /// that are too old. The engine does so by itself when the journal has become long; without a store there is nothing
    /// to do.
    ///
    /// # Errors
    /// [`Error::Store`] when the store fails.
    pub async fn compact(&self) -> Result<(), Error> {
        let shared = self.shared.clone();
        let done = self
            .shared
            .runtime
            .spawn_blocking(move || shared.shorten())
            .await;
        match done {
            Ok(done) => Ok(done?),
            Err(_) => Err(Error::Store(crate::store::Error::Stopped(
                "the engine goes down".to_owned(),
            ))),
        }
    }

    /// Makes an activity, or finds the one of that name.
    ///
    /// # Errors
    /// [`Error::InvalidName`].
    pub async fn create_activity(&self, request: CreateActivity) -> Result<CreatedActivity, Error> {
        self.reply(task::create_activity(&self.shared, request))
            .await
    }

    /// Deletes an activity. That it is not there is no error.
    ///
    /// # Errors
    /// [`Error::InvalidArn`].
    pub async fn delete_activity(&self, activity_arn: &str) -> Result<(), Error> {
        self.reply(task::delete_activity(&self.shared, activity_arn))
            .await
    }

    /// Tells about an activity.
    ///
    /// # Errors
    /// [`Error::ActivityDoesNotExist`], [`Error::InvalidArn`].
    pub async fn describe_activity(&self, activity_arn: &str) -> Result<DescribedActivity, Error> {
        self.reply(task::describe_activity(&self.shared, activity_arn))
            .await
    }

    /// Lists the activities.
    ///
    /// # Errors
    /// [`Error::InvalidToken`].
    pub async fn list_activities(&self, page: Page) -> Result<Paged<ActivityListItem>, Error> {
        self.reply(task::list_activities(&self.shared, &page)).await
    }

    /// Makes a state machine, or finds the one with that name and all the same settings.
    ///
    /// # Errors
    /// [`Error::InvalidName`], [`Error::InvalidDefinition`], [`Error::StateMachineAlreadyExists`],
    /// [`Error::StateMachineDeleting`].
    pub async fn create_state_machine(
        &self,
        request: CreateStateMachine,
    ) -> Result<CreatedStateMachine, Error> {
        self.reply(machine::create(&self.shared, request)).await
    }

    /// Changes a state machine.
    ///
    /// # Errors
    /// [`Error::StateMachineDoesNotExist`], [`Error::InvalidDefinition`], [`Error::MissingRequiredParameter`].
    pub async fn update_state_machine(
        &self,
        request: UpdateStateMachine,
    ) -> Result<UpdatedStateMachine, Error> {
        self.reply(machine::update(&self.shared, request)).await
    }

    /// Tells about a state machine, or about one of its versions.
    ///
    /// # Errors
    /// [`Error::StateMachineDoesNotExist`], [`Error::InvalidArn`].
    pub async fn describe_state_machine(
        &self,
        state_machine_arn: &str,
    ) -> Result<DescribedStateMachine, Error> {
        self.reply(machine::describe(&self.shared, state_machine_arn))
            .await
    }

    /// Deletes a state machine with its versions and aliases; its running executions are stopped.
    ///
    /// # Errors
    /// [`Error::InvalidArn`].
    pub async fn delete_state_machine(&self, state_machine_arn: &str) -> Result<(), Error> {
        self.reply(machine::delete(&self.shared, state_machine_arn))
            .await
    }

    /// Lists the state machines.
    ///
    /// # Errors
    /// [`Error::InvalidToken`].
    pub async fn list_state_machines(&self, page: Page) -> Result<Paged<MachineListItem>, Error> {
        self.reply(machine::list(&self.shared, &page)).await
    }

    /// Starts an execution. The same name with the same input, while it runs, is the same execution.
    ///
    /// # Errors
    /// [`Error::StateMachineDoesNotExist`], [`Error::ExecutionAlreadyExists`], [`Error::InvalidExecutionInput`],
    /// [`Error::InvalidName`], [`Error::InvalidArn`].
    pub async fn start_execution(
        &self,
        request: StartExecution,
    ) -> Result<StartedExecution, Error> {
        self.reply(execution::start(&self.shared, request)).await
    }

    /// Starts an execution of an express state machine and waits for its end.
    ///
    /// # Errors
    /// As [`start_execution`](Handle::start_execution), and [`Error::StateMachineTypeNotSupported`].
    pub async fn start_sync_execution(
        &self,
        request: StartExecution,
    ) -> Result<SyncExecutionResult, Error> {
        self.reply(execution::start_sync(&self.shared, request).await)
            .await
    }

    /// Tells about an execution.
    ///
    /// # Errors
    /// [`Error::ExecutionDoesNotExist`], [`Error::InvalidArn`].
    pub async fn describe_execution(
        &self,
        execution_arn: &str,
    ) -> Result<DescribedExecution, Error> {
        self.reply(execution::describe(&self.shared, execution_arn))
            .await
    }

    /// A page of an execution's history.
    ///
    /// # Errors
    /// [`Error::ExecutionDoesNotExist`], [`Error::InvalidArn`], [`Error::InvalidToken`].
    pub async fn get_execution_history(
        &self,
        request: GetExecutionHistory,
    ) -> Result<HistoryPage, Error> {
        self.reply(execution::history(&self.shared, &request)).await
    }

    /// Lists executions, newest first.
    ///
    /// # Errors
    /// [`Error::StateMachineDoesNotExist`], [`Error::StateMachineTypeNotSupported`], [`Error::InvalidToken`].
    pub async fn list_executions(
        &self,
        request: ListExecutions,
    ) -> Result<Paged<ExecutionListItem>, Error> {
        self.reply(execution::list(&self.shared, &request)).await
    }

    /// Stops an execution; answers when. An execution that is over stays as it is.
    ///
    /// # Errors
    /// [`Error::ExecutionDoesNotExist`], [`Error::InvalidArn`].
    pub async fn stop_execution(&self, request: StopExecution) -> Result<Timestamp, Error> {
        self.reply(execution::stop(&self.shared, request)).await
    }

    /// Waits up to sixty seconds (of the engine's clock) for a task of an activity; `None` when there was none.
    ///
    /// Dropping the future loses no task: one that was meant for it goes to the front of the queue.
    ///
    /// # Errors
    /// [`Error::ActivityDoesNotExist`], [`Error::ActivityWorkerLimitExceeded`], [`Error::InvalidArn`].
    pub async fn get_activity_task(
        &self,
        request: GetActivityTask,
    ) -> Result<Option<ActivityTask>, Error> {
        task::get(&self.shared, request).await
    }

    /// Reports that a task was done.
    ///
    /// # Errors
    /// [`Error::TaskTimedOut`], [`Error::TaskDoesNotExist`], [`Error::InvalidToken`]: give the task up.
    /// [`Error::InvalidOutput`]: the output is not JSON.
    pub async fn send_task_success(&self, request: SendTaskSuccess) -> Result<(), Error> {
        self.reply(task::success(&self.shared, request)).await
    }

    /// Reports that a task failed.
    ///
    /// # Errors
    /// [`Error::TaskTimedOut`], [`Error::TaskDoesNotExist`], [`Error::InvalidToken`]: give the task up.
    pub async fn send_task_failure(&self, request: SendTaskFailure) -> Result<(), Error> {
        self.reply(task::failure(&self.shared, request)).await
    }

    /// Reports that a task is still worked on.
    ///
    /// # Errors
    /// [`Error::TaskTimedOut`], [`Error::TaskDoesNotExist`], [`Error::InvalidToken`]: give the task up.
    pub async fn send_task_heartbeat(&self, task_token: &str) -> Result<(), Error> {
        self.reply(task::heartbeat(&self.shared, task_token)).await
    }

    /// Waits until an execution (standard or express) is over and tells how it ended.
    ///
    /// # Errors
    /// [`Error::ExecutionDoesNotExist`], [`Error::InvalidArn`].
    pub async fn wait(&self, execution_arn: &str) -> Result<DescribedExecution, Error> {
        self.reply(execution::wait(&self.shared, execution_arn).await)
            .await
    }

    /// Watches an execution: the receiver changes whenever events were added, and is dropped at the end.
    ///
    /// Read the new events with [`events_since`](Handle::events_since).
    ///
    /// # Errors
    /// [`Error::ExecutionDoesNotExist`], [`Error::InvalidArn`].
    pub async fn subscribe(
        &self,
        execution_arn: &str,
    ) -> Result<tokio::sync::watch::Receiver<Progress>, Error> {
        self.reply(execution::subscribe(&self.shared, execution_arn))
            .await
    }

    /// All events after number `id` (0 for all), oldest first. Unlike
    /// [`get_execution_history`](Handle::get_execution_history), it also tells of express executions.
    ///
    /// # Errors
    /// [`Error::ExecutionDoesNotExist`], [`Error::InvalidArn`].
    pub async fn events_since(
        &self,
        execution_arn: &str,
        id: u64,
    ) -> Result<Vec<crate::history::HistoryEvent>, Error> {
        self.reply(execution::events_since(&self.shared, execution_arn, id))
            .await
    }

    /// The state machine an execution runs, as it was when the execution started.
    ///
    /// # Errors
    /// [`Error::ExecutionDoesNotExist`], [`Error::InvalidArn`].
    pub async fn describe_state_machine_for_execution(
        &self,
        execution_arn: &str,
    ) -> Result<DescribedStateMachineForExecution, Error> {
        self.reply(execution::describe_machine(&self.shared, execution_arn))
            .await
    }

    /// Runs an execution again from the state it did not get through; answers when.
    ///
    /// # Errors
    /// [`Error::ExecutionNotRedrivable`], [`Error::ExecutionDoesNotExist`], [`Error::InvalidArn`].
    pub async fn redrive_execution(&self, request: RedriveExecution) -> Result<Timestamp, Error> {
        self.reply(execution::redrive(&self.shared, &request)).await
    }

    /// Publishes the current revision of a state machine as a version, unless the latest version is it.
    ///
    /// # Errors
    /// [`Error::StateMachineDoesNotExist`]; [`Error::Conflict`] when another revision was expected.
    pub async fn publish_state_machine_version(
        &self,
        request: PublishStateMachineVersion,
    ) -> Result<PublishedVersion, Error> {
        self.reply(version::publish(&self.shared, request)).await
    }

    /// Lists the versions of a state machine, newest first.
    ///
    /// # Errors
    /// [`Error::StateMachineDoesNotExist`], [`Error::InvalidToken`], [`Error::Validation`].
    pub async fn list_state_machine_versions(
        &self,
        state_machine_arn: &str,
        page: Page,
    ) -> Result<Paged<VersionListItem>, Error> {
        self.reply(version::list_versions(
            &self.shared,
            state_machine_arn,
            &page,
        ))
        .await
    }

    /// Deletes a version. That it is not there is no error.
    ///
    /// # Errors
    /// [`Error::Conflict`] when an alias leads to it; [`Error::InvalidArn`].
    pub async fn delete_state_machine_version(&self, version_arn: &str) -> Result<(), Error> {
        self.reply(version::delete_version(&self.shared, version_arn))
            .await
    }

    /// Makes an alias for one or two versions, or finds the same one.
    ///
    /// # Errors
    /// [`Error::Validation`], [`Error::Conflict`] when it exists with another routing, [`Error::ResourceNotFound`].
    pub async fn create_state_machine_alias(
        &self,
        request: CreateStateMachineAlias,
    ) -> Result<CreatedAlias, Error> {
        self.reply(version::create_alias(&self.shared, request))
            .await
    }

    /// Tells about an alias.
    ///
    /// # Errors
    /// [`Error::ResourceNotFound`], [`Error::InvalidArn`].
    pub async fn describe_state_machine_alias(
        &self,
        alias_arn: &str,
    ) -> Result<DescribedAlias, Error> {
        self.reply(version::describe_alias(&self.shared, alias_arn))
            .await
    }

    /// Changes an alias; answers when.
    ///
    /// # Errors
    /// [`Error::Validation`], [`Error::ResourceNotFound`], [`Error::InvalidArn`].
    pub async fn update_state_machine_alias(
        &self,
        request: UpdateStateMachineAlias,
    ) -> Result<Timestamp, Error> {
        self.reply(version::update_alias(&self.shared, request))
            .await
    }

    /// Deletes an alias. That it is not there is no error.
    ///
    /// # Errors
    /// [`Error::InvalidArn`].
    pub async fn delete_state_machine_alias(&self, alias_arn: &str) -> Result<(), Error> {
        self.reply(version::delete_alias(&self.shared, alias_arn))
            .await
    }

    /// Lists the aliases of a state machine, or those that lead to one of its versions.
    ///
    /// # Errors
    /// [`Error::StateMachineDoesNotExist`], [`Error::InvalidToken`], [`Error::Validation`].
    pub async fn list_state_machine_aliases(
        &self,
        request: ListAliases,
    ) -> Result<Paged<CreatedAlias>, Error> {
        self.reply(version::list_aliases(&self.shared, &request))
            .await
    }

    /// Tells about a Map Run.
    ///
    /// # Errors
    /// [`Error::ResourceNotFound`], [`Error::InvalidArn`].
    pub async fn describe_map_run(&self, map_run_arn: &str) -> Result<DescribedMapRun, Error> {
        self.reply(map_run::describe(&self.shared, map_run_arn))
            .await
    }

    /// Lists the Map Runs of an execution, oldest first.
    ///
    /// # Errors
    /// [`Error::ExecutionDoesNotExist`], [`Error::InvalidArn`], [`Error::InvalidToken`].
    pub async fn list_map_runs(
        &self,
        execution_arn: &str,
        page: Page,
    ) -> Result<Paged<MapRunListItem>, Error> {
        self.reply(map_run::list(&self.shared, execution_arn, &page))
            .await
    }

    /// Changes a running Map Run.
    ///
    /// # Errors
    /// [`Error::ResourceNotFound`], [`Error::InvalidArn`], [`Error::Validation`].
    pub async fn update_map_run(&self, request: UpdateMapRun) -> Result<(), Error> {
        self.reply(map_run::update(&self.shared, &request)).await
    }

    /// Labels a state machine or an activity.
    ///
    /// # Errors
    /// [`Error::ResourceNotFound`], [`Error::TooManyTags`], [`Error::InvalidArn`].
    pub async fn tag_resource(&self, arn: &str, tags: Vec<(String, String)>) -> Result<(), Error> {
        self.reply(tag::add(&self.shared, arn, tags)).await
    }

    /// Takes labels off a state machine or an activity.
    ///
    /// # Errors
    /// [`Error::ResourceNotFound`], [`Error::InvalidArn`].
    pub async fn untag_resource(&self, arn: &str, keys: &[String]) -> Result<(), Error> {
        self.reply(tag::remove(&self.shared, arn, keys)).await
    }

    /// Runs one state on an input and tells what became of it.
    ///
    /// # Errors
    /// [`Error::InvalidDefinition`], [`Error::InvalidExecutionInput`], [`Error::Validation`].
    pub async fn test_state(&self, request: TestState) -> Result<TestedState, Error> {
        test_state::run(&self.shared, request).await
    }

    /// The labels of a state machine or an activity.
    ///
    /// # Errors
    /// [`Error::ResourceNotFound`], [`Error::InvalidArn`].
    pub async fn list_tags_for_resource(&self, arn: &str) -> Result<Vec<(String, String)>, Error> {
        self.reply(tag::list(&self.shared, arn)).await
    }
}

/// Refuses an error name or cause that is too long.
fn check_problem(error: Option<&str>, cause: Option<&str>) -> Result<(), Error> {
    for (field, text, most) in [("error", error, 256), ("cause", cause, 32_768)] {
        if text.is_some_and(|text| text.chars().count() > most) {
            let must = format!("have length less than or equal to {most}");
            return Err(Error::constraint("…", field, &must));
        }
    }
    Ok(())
}
