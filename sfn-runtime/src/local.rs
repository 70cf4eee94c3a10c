//! The embedded engine as a transport: Step Functions in this process.

mod functions;

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use sfn_engine::{Engine, EngineBuilder, Handle, Integrations, MachineType, api};
use tokio::sync::Notify;

use crate::{
    BoxFuture, Client, Kind,
    service::{
        ActivityTask, CreateMachine, Error, ErrorKind, ExecutionDescription, ExecutionStatus,
        ExecutionSummary, HistoryEvent, HistoryRequest, ListRequest, Location, MachineDescription,
        Page, Service, StartRequest, Started, TaskFailure, Timestamp, UpdateMachine,
    },
};

pub use sfn_engine::{Clock, SystemClock, TestClock};

/// How the embedded engine is set up.
///
/// ```
/// use sfn_runtime::local::{LocalOptions, TestClock};
///
/// # #[tokio::main] async fn main() {
/// // For tests: whenever nothing is left to do but wait, the clock jumps to the end of the wait.
/// let options = LocalOptions::new().clock(TestClock::auto());
/// let client = sfn_runtime::Client::local(options).expect("a runtime");
/// # }
/// ```
#[derive(Clone)]
pub struct LocalOptions {
    builder: EngineBuilder,
    location: Location,
}

impl LocalOptions {
    /// The system's clock, everything in memory, account 123456789012 in `us-east-1`.
    pub fn new() -> Self {
        Self {
            builder: Engine::builder(),
            location: Location {
                partition: "aws".to_owned(),
                region: "us-east-1".to_owned(),
                account: "123456789012".to_owned(),
            },
        }
    }

    /// Takes the time from that clock.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.builder = self.builder.clock(clock);
        self
    }

    /// Writes everything down in a folder, so that executions survive a crash and the end of the process. Workers belong to
    /// the process: tasks they had begun are done again after a restart.
    ///
    /// The folder is made if it is not there, and used by one process at a time.
    #[must_use]
    pub fn data_dir(mut self, folder: impl Into<std::path::PathBuf>) -> Self {
        self.builder = self.builder.data_dir(folder).own_workers();
        self
    }

    /// Asks these for what a task gives, before any worker.
    pub(crate) fn answering(mut self, answers: impl Integrations) -> Self {
        self.builder = self.builder.integrations(answers);
        self
    }

    /// Runs steps that are placed on Lambda, in this process, with these values for their `#[inject]` parameters.
    ///
    /// For definitions that call functions, such as a test of what `deploy` would make: a function is known by the
    /// step's name, whatever stands before it, and takes and gives what it would on Lambda.
    #[must_use]
    pub fn functions(mut self, providers: crate::Providers) -> Self {
        self.builder = self.builder.lambda(functions::Functions { providers });
        self
    }

    /// What its ARNs name.
    #[must_use]
    pub fn location(mut self, location: Location) -> Self {
        self.location = location;
        self
    }
}

impl Default for LocalOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for LocalOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalOptions")
            .field("location", &self.location)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A client of an engine of its own, in this process. The engine lives as long as the client,
    /// its clones, and what they have given out.
    ///
    /// # Errors
    ///
    /// Outside of a tokio runtime, or when the folder for data cannot be used.
    pub fn local(options: LocalOptions) -> Result<Self, Error> {
        let Location {
            partition,
            region,
            account,
        } = options.location.clone();
        let engine = options
            .builder
            .partition(partition)
            .region(region)
            .account(account)
            .start()
            .map_err(|error| {
                Error::new(ErrorKind::NotSupported, "the embedded engine did not start")
                    .caused_by(error)
            })?;
        Ok(Self::over(Local {
            engine,
            location: options.location,
            releases: Mutex::default(),
        }))
    }
}

struct Local {
    engine: Handle,
    location: Location,
    /// By activity: wakes the polls that are to come back with nothing.
    releases: Mutex<HashMap<String, Arc<Notify>>>,
}

impl Local {
    fn release(&self, activity: &str) -> Arc<Notify> {
        let mut releases = self.releases.lock().unwrap_or_else(PoisonError::into_inner);
        match releases.get(activity) {
            Some(release) => Arc::clone(release),
            None => Arc::clone(releases.entry(activity.to_owned()).or_default()),
        }
    }
}

impl Service for Local {
    fn location(&self) -> BoxFuture<'_, Result<Location, Error>> {
        Box::pin(async { Ok(self.location.clone()) })
    }

    fn create_activity(&self, name: String) -> BoxFuture<'_, Result<String, Error>> {
        Box::pin(async move {
            let request = api::CreateActivity::new(name);
            let created = self.engine.create_activity(request).await?;
            Ok(created.activity_arn)
        })
    }

    fn create_machine(&self, request: CreateMachine) -> BoxFuture<'_, Result<String, Error>> {
        Box::pin(async move {
            let mut create = api::CreateStateMachine::new(request.name, request.definition);
            if request.kind == Kind::Express {
                create = create.express();
            }
            if let Some(role) = request.role {
                create.role_arn = role;
            }
            let created = self.engine.create_state_machine(create).await?;
            Ok(created.state_machine_arn)
        })
    }

    fn update_machine(&self, request: UpdateMachine) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            let update = api::UpdateStateMachine {
                state_machine_arn: request.arn,
                definition: Some(request.definition),
                role_arn: request.role,
                ..api::UpdateStateMachine::default()
            };
            self.engine.update_state_machine(update).await?;
            Ok(())
        })
    }

    fn describe_machine(&self, arn: String) -> BoxFuture<'_, Result<MachineDescription, Error>> {
        Box::pin(async move {
            let found = self.engine.describe_state_machine(&arn).await?;
            Ok(MachineDescription {
                arn: found.state_machine_arn,
                name: found.name,
                definition: found.definition.to_string(),
                kind: match found.machine_type {
                    MachineType::Standard => Kind::Standard,
                    MachineType::Express => Kind::Express,
                },
                role: Some(found.role_arn),
                created: found.creation_date.into(),
            })
        })
    }

    fn start_execution(&self, request: StartRequest) -> BoxFuture<'_, Result<Started, Error>> {
        Box::pin(async move {
            let start = api::StartExecution::new(request.machine)
                .name(request.name)
                .input(request.input);
            let started = self.engine.start_execution(start).await?;
            Ok(Started {
                arn: started.execution_arn,
                at: started.start_date.into(),
            })
        })
    }

    fn describe_execution(
        &self,
        arn: String,
    ) -> BoxFuture<'_, Result<ExecutionDescription, Error>> {
        Box::pin(async move { Ok(self.engine.describe_execution(&arn).await?.into()) })
    }

    fn execution_history(
        &self,
        request: HistoryRequest,
    ) -> BoxFuture<'_, Result<Page<HistoryEvent>, Error>> {
        Box::pin(async move {
            let mut wanted = api::GetExecutionHistory::new(request.execution);
            wanted.reverse_order = request.newest_first;
            wanted.page = page(request.limit, request.page);
            let found = self.engine.get_execution_history(wanted).await?;
            Ok(Page {
                items: found.items.iter().map(HistoryEvent::from).collect(),
                next: found.next_token,
            })
        })
    }

    fn stop_execution(&self, arn: String, reason: TaskFailure) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            let mut stop = api::StopExecution::new(arn);
            stop.error = reason.error;
            stop.cause = reason.cause;
            self.engine.stop_execution(stop).await?;
            Ok(())
        })
    }

    fn redrive_execution(&self, arn: String) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            let redrive = api::RedriveExecution {
                execution_arn: arn,
                client_token: None,
            };
            self.engine.redrive_execution(redrive).await?;
            Ok(())
        })
    }

    fn list_executions(
        &self,
        request: ListRequest,
    ) -> BoxFuture<'_, Result<Page<ExecutionSummary>, Error>> {
        Box::pin(async move {
            let wanted = api::ListExecutions {
                state_machine_arn: Some(request.machine),
                status_filter: request.status.map(Into::into),
                page: page(request.limit, request.page),
                ..api::ListExecutions::default()
            };
            let found = self.engine.list_executions(wanted).await?;
            Ok(Page {
                items: found.items.into_iter().map(Into::into).collect(),
                next: found.next_token,
            })
        })
    }

    fn get_activity_task(
        &self,
        activity: String,
        worker: String,
    ) -> BoxFuture<'_, Result<Option<ActivityTask>, Error>> {
        Box::pin(async move {
            let release = self.release(&activity);
            let released = release.notified();
            tokio::pin!(released);
            // Listens from here on, not only from the first time it is asked.
            released.as_mut().enable();
            let request = api::GetActivityTask::new(activity).worker_name(worker);
            let found = tokio::select! {
                biased;
                found = self.engine.get_activity_task(request) => found?,
                // The engine keeps a task whose poll is dropped for the next one.
                () = released => None,
            };
            Ok(found.map(|task| ActivityTask {
                token: task.task_token,
                input: task.input.to_string(),
            }))
        })
    }

    fn send_task_success(&self, token: String, output: String) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            let report = api::SendTaskSuccess::new(token, output);
            Ok(self.engine.send_task_success(report).await?)
        })
    }

    fn send_task_failure(
        &self,
        token: String,
        failure: TaskFailure,
    ) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            let report = api::SendTaskFailure {
                task_token: token,
                error: failure.error,
                cause: failure.cause,
            };
            Ok(self.engine.send_task_failure(report).await?)
        })
    }

    fn send_task_heartbeat(&self, token: String) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move { Ok(self.engine.send_task_heartbeat(&token).await?) })
    }

    /// They cost nothing here; and with data on disk each brings one task a flush, so that few of them would hold up many
    /// executions.
    fn open_polls(&self) -> usize {
        256
    }

    fn release_polls(&self, activity: &str) -> bool {
        self.release(activity).notify_waiters();
        true
    }

    fn wait_closed(&self, arn: String) -> BoxFuture<'_, Result<ExecutionDescription, Error>> {
        Box::pin(async move { Ok(self.engine.wait(&arn).await?.into()) })
    }

    fn history_after(
        &self,
        arn: String,
        after: u64,
    ) -> BoxFuture<'_, Result<Vec<HistoryEvent>, Error>> {
        Box::pin(async move {
            let mut progress = self.engine.subscribe(&arn).await?;
            loop {
                // Asked before the events are read, so that the last ones cannot be missed.
                let over = progress.borrow_and_update().status.is_over();
                let events = self.engine.events_since(&arn, after).await?;
                if over || !events.is_empty() {
                    return Ok(convert(&events));
                }
                if progress.changed().await.is_err() {
                    return Ok(convert(&self.engine.events_since(&arn, after).await?));
                }
            }
        })
    }
}

impl fmt::Debug for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Local")
            .field("location", &self.location)
            .finish_non_exhaustive()
    }
}

fn page(limit: Option<u32>, token: Option<String>) -> api::Page {
    api::Page {
        max_results: limit.unwrap_or_default(),
        next_token: token,
    }
}

fn convert(events: &[sfn_engine::history::HistoryEvent]) -> Vec<HistoryEvent> {
    events.iter().map(HistoryEvent::from).collect()
}

impl From<sfn_engine::Error> for Error {
    fn from(error: sfn_engine::Error) -> Self {
        let kind = ErrorKind::of_code(error.code());
        let message = error.to_string();
        match std::error::Error::source(&error) {
            Some(_) => Self::new(kind, message).caused_by(error),
            None => Self::new(kind, message),
        }
    }
}

impl From<sfn_engine::Timestamp> for Timestamp {
    fn from(at: sfn_engine::Timestamp) -> Self {
        Self::from_millis(at.as_millis())
    }
}

impl From<&sfn_engine::history::HistoryEvent> for HistoryEvent {
    fn from(event: &sfn_engine::history::HistoryEvent) -> Self {
        Self::from_api(event.timestamp.into(), &event.to_json())
    }
}

impl From<sfn_engine::ExecutionStatus> for ExecutionStatus {
    fn from(status: sfn_engine::ExecutionStatus) -> Self {
        match status {
            sfn_engine::ExecutionStatus::Running => Self::Running,
            sfn_engine::ExecutionStatus::Succeeded => Self::Succeeded,
            sfn_engine::ExecutionStatus::Failed => Self::Failed,
            sfn_engine::ExecutionStatus::TimedOut => Self::TimedOut,
            sfn_engine::ExecutionStatus::Aborted => Self::Aborted,
            sfn_engine::ExecutionStatus::PendingRedrive => Self::PendingRedrive,
        }
    }
}

impl From<ExecutionStatus> for sfn_engine::ExecutionStatus {
    fn from(status: ExecutionStatus) -> Self {
        match status {
            ExecutionStatus::Running => Self::Running,
            ExecutionStatus::Succeeded => Self::Succeeded,
            ExecutionStatus::Failed => Self::Failed,
            ExecutionStatus::TimedOut => Self::TimedOut,
            ExecutionStatus::Aborted => Self::Aborted,
            ExecutionStatus::PendingRedrive => Self::PendingRedrive,
        }
    }
}

impl From<api::DescribedExecution> for ExecutionDescription {
    fn from(found: api::DescribedExecution) -> Self {
        let mut described = Self::new(
            found.execution_arn,
            found.name,
            found.state_machine_arn,
            found.status.into(),
            found.start_date.into(),
        );
        described.stopped = found.stop_date.map(Into::into);
        described.input = Some(found.input.to_string());
        described.output = found.output.map(|text| text.to_string());
        described.error = found.error.map(|text| text.to_string());
        described.cause = found.cause.map(|text| text.to_string());
        described
    }
}

impl From<api::ExecutionListItem> for ExecutionSummary {
    fn from(found: api::ExecutionListItem) -> Self {
        Self {
            arn: found.execution_arn,
            name: found.name,
            machine: found.state_machine_arn,
            status: found.status.into(),
            started: found.start_date.into(),
            stopped: found.stop_date.map(Into::into),
        }
    }
}
