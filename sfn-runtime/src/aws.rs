//! AWS Step Functions, or anything that speaks its protocol, as a transport.

pub(crate) mod error;
mod history;

use std::{fmt, time::Duration};

use aws_config::{
    BehaviorVersion, Region, SdkConfig, retry::RetryConfig,
    stalled_stream_protection::StalledStreamProtectionConfig, timeout::TimeoutConfig,
};
use aws_sdk_sfn::{
    Client as Sdk,
    config::Credentials,
    primitives::DateTime,
    types::{ExecutionStatus as SdkStatus, StateMachineType},
};
use tokio::sync::OnceCell;

use crate::{
    BoxFuture, Client, Kind,
    service::{
        ActivityTask, CreateMachine, Error, ErrorKind, ExecutionDescription, ExecutionStatus,
        ExecutionSummary, HistoryEvent, HistoryRequest, ListRequest, Location, MachineDescription,
        Page, Service, StartRequest, Started, TaskFailure, Timestamp, UpdateMachine,
    },
};

use error::convert;

/// The variable that names the role of state machines which are created.
pub const ROLE_VARIABLE: &str = "SFN_ROLE_ARN";

/// How long a connection may take to stand.
const CONNECT: Duration = Duration::from_secs(5);

/// How long an ordinary call may take to be answered.
const ANSWER: Duration = Duration::from_secs(20);

/// How long a poll may take to be answered.
///
/// The service answers after a minute at the latest. Giving up a poll that it is about to answer
/// would lose the task, so there is time to spare.
const POLL: Duration = Duration::from_secs(75);

/// How AWS is reached. What is not said comes from where the AWS SDK finds it: `AWS_REGION`,
/// `AWS_ENDPOINT_URL`, `AWS_PROFILE`, `AWS_ACCESS_KEY_ID`, ….
#[derive(Debug, Clone, Default)]
pub struct AwsOptions {
    endpoint: Option<String>,
    region: Option<String>,
    profile: Option<String>,
    role: Option<String>,
    account: Option<String>,
    credentials: Option<Credentials>,
}

impl AwsOptions {
    /// Everything as the environment has it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Speaks to that address instead of AWS: `http://127.0.0.1:4566`.
    #[must_use]
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoint = Some(url.into());
        self
    }

    /// In that Region.
    #[must_use]
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// With the credentials of that profile.
    #[must_use]
    pub fn profile(mut self, profile: impl Into<String>) -> Self {
        self.profile = Some(profile.into());
        self
    }

    /// State machines are created with that role (an ARN), rather than with the one that the
    /// variable [`ROLE_VARIABLE`] names.
    #[must_use]
    pub fn role(mut self, arn: impl Into<String>) -> Self {
        self.role = Some(arn.into());
        self
    }

    /// With that access key, rather than with credentials from the environment. For addresses that
    /// do not check them; keys of AWS do not belong in a program.
    #[must_use]
    pub fn credentials(mut self, key: impl Into<String>, secret: impl Into<String>) -> Self {
        self.credentials = Some(Credentials::new(key, secret, None, None, "AwsOptions"));
        self
    }

    /// The account, twelve digits. Without it, STS is asked once whose the credentials are.
    #[must_use]
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = Some(account.into());
        self
    }

    /// What all services are reached with.
    pub(crate) async fn load(self) -> Result<SdkConfig, Error> {
        let Self {
            endpoint,
            region,
            profile,
            credentials,
            ..
        } = self;
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .retry_config(RetryConfig::standard())
            .timeout_config(timeouts(ANSWER));
        if let Some(url) = endpoint {
            loader = loader.endpoint_url(url);
        }
        if let Some(region) = region {
            loader = loader.region(Region::new(region));
        }
        if let Some(profile) = profile {
            loader = loader.profile_name(profile);
        }
        if let Some(credentials) = credentials {
            loader = loader.credentials_provider(credentials);
        }
        let config = loader.load().await;
        if config.region().is_none() {
            return Err(Error::new(
                ErrorKind::InvalidRequest,
                "no Region is given\nhelp: set the variable `AWS_REGION`, or one in the AWS profile; commands take `--region` as well",
            ));
        }
        Ok(config)
    }
}

impl Client {
    /// A client of AWS Step Functions.
    ///
    /// Makes no call: credentials that are missing or wrong show at the first one.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](ErrorKind::InvalidRequest) when nothing names a Region.
    pub async fn aws(options: AwsOptions) -> Result<Self, Error> {
        let (role, account) = (options.role.clone(), options.account.clone());
        let config = options.load().await?;
        let region = config.region().map(ToString::to_string).unwrap_or_default();
        let polls = aws_sdk_sfn::config::Builder::from(&config)
            // A retry after an answer that was lost would not bring its task back.
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts(POLL))
            // A poll is silent for a minute by design.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .build();
        Ok(Self::over(Aws {
            calls: Sdk::new(&config),
            polls: Sdk::from_conf(polls),
            role: role.or_else(|| std::env::var(ROLE_VARIABLE).ok()),
            account,
            region,
            config,
            location: OnceCell::new(),
        }))
    }
}

fn timeouts(answer: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .read_timeout(answer)
        .operation_attempt_timeout(answer + CONNECT)
        .build()
}

struct Aws {
    calls: Sdk,
    /// For `GetActivityTask` alone.
    polls: Sdk,
    role: Option<String>,
    account: Option<String>,
    region: String,
    config: SdkConfig,
    location: OnceCell<Location>,
}

impl Aws {
    /// Whose the credentials are.
    async fn locate(&self) -> Result<Location, Error> {
        let region = self.region.clone();
        let partition = match &*region {
            china if china.starts_with("cn-") => "aws-cn",
            government if government.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        };
        if let Some(account) = &self.account {
            return Ok(Location {
                partition: partition.to_owned(),
                region,
                account: account.clone(),
            });
        }
        let sts = aws_sdk_sts::Client::new(&self.config);
        let identity = sts.get_caller_identity().send().await.map_err(convert)?;
        let named = identity.arn().and_then(|arn| arn.split(':').nth(1));
        let unknown = || {
            Error::new(
                ErrorKind::Internal,
                "STS did not say whose the credentials are",
            )
        };
        Ok(Location {
            partition: named.unwrap_or(partition).to_owned(),
            region,
            account: identity.account().ok_or_else(unknown)?.to_owned(),
        })
    }
}

impl Service for Aws {
    fn location(&self) -> BoxFuture<'_, Result<Location, Error>> {
        Box::pin(async {
            let location = self.location.get_or_try_init(|| self.locate()).await?;
            Ok(location.clone())
        })
    }

    fn create_activity(&self, name: String) -> BoxFuture<'_, Result<String, Error>> {
        Box::pin(async move {
            let call = self.calls.create_activity().name(name);
            Ok(call.send().await.map_err(convert)?.activity_arn)
        })
    }

    fn create_machine(&self, request: CreateMachine) -> BoxFuture<'_, Result<String, Error>> {
        Box::pin(async move {
            let role = request.role.or_else(|| self.role.clone()).ok_or_else(|| {
                Error::new(
                    ErrorKind::InvalidRequest,
                    format!(
                        "no IAM role is given for state machine `{}`\n\
                         help: name one that `states.amazonaws.com` may assume in the variable `{ROLE_VARIABLE}`",
                        request.name
                    ),
                )
            })?;
            let call = self
                .calls
                .create_state_machine()
                .name(request.name)
                .definition(request.definition)
                .role_arn(role)
                .r#type(match request.kind {
                    Kind::Standard => StateMachineType::Standard,
                    Kind::Express => StateMachineType::Express,
                });
            Ok(call.send().await.map_err(convert)?.state_machine_arn)
        })
    }

    fn update_machine(&self, request: UpdateMachine) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            let call = self
                .calls
                .update_state_machine()
                .state_machine_arn(request.arn)
                .definition(request.definition)
                .set_role_arn(request.role);
            call.send().await.map_err(convert)?;
            Ok(())
        })
    }

    fn describe_machine(&self, arn: String) -> BoxFuture<'_, Result<MachineDescription, Error>> {
        Box::pin(async move {
            let call = self.calls.describe_state_machine().state_machine_arn(arn);
            let found = call.send().await.map_err(convert)?;
            Ok(MachineDescription {
                arn: found.state_machine_arn,
                name: found.name,
                definition: found.definition,
                kind: match found.r#type {
                    StateMachineType::Express => Kind::Express,
                    _ => Kind::Standard,
                },
                role: Some(found.role_arn),
                created: timestamp(&found.creation_date),
            })
        })
    }

    fn start_execution(&self, request: StartRequest) -> BoxFuture<'_, Result<Started, Error>> {
        Box::pin(async move {
            let call = self
                .calls
                .start_execution()
                .state_machine_arn(request.machine)
                .name(request.name)
                .input(request.input);
            let started = call.send().await.map_err(convert)?;
            Ok(Started {
                at: timestamp(&started.start_date),
                arn: started.execution_arn,
            })
        })
    }

    fn describe_execution(
        &self,
        arn: String,
    ) -> BoxFuture<'_, Result<ExecutionDescription, Error>> {
        Box::pin(async move {
            let call = self.calls.describe_execution().execution_arn(arn);
            let found = call.send().await.map_err(convert)?;
            let name = match found.name {
                Some(name) => name,
                None => found
                    .execution_arn
                    .rsplit(':')
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
            };
            let mut described = ExecutionDescription::new(
                found.execution_arn,
                name,
                found.state_machine_arn,
                status(&found.status)?,
                timestamp(&found.start_date),
            );
            described.stopped = found.stop_date.as_ref().map(timestamp);
            described.input = found.input;
            described.output = found.output;
            described.error = found.error;
            described.cause = found.cause;
            Ok(described)
        })
    }

    fn execution_history(
        &self,
        request: HistoryRequest,
    ) -> BoxFuture<'_, Result<Page<HistoryEvent>, Error>> {
        Box::pin(async move {
            let call = self
                .calls
                .get_execution_history()
                .execution_arn(request.execution)
                .reverse_order(request.newest_first)
                .set_max_results(limit(request.limit))
                .set_next_token(request.page);
            let found = call.send().await.map_err(convert)?;
            Ok(Page {
                items: found.events.iter().map(HistoryEvent::from).collect(),
                next: found.next_token,
            })
        })
    }

    fn stop_execution(&self, arn: String, reason: TaskFailure) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            let call = self
                .calls
                .stop_execution()
                .execution_arn(arn)
                .set_error(reason.error)
                .set_cause(reason.cause);
            call.send().await.map_err(convert)?;
            Ok(())
        })
    }

    fn redrive_execution(&self, arn: String) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            let call = self.calls.redrive_execution().execution_arn(arn);
            call.send().await.map_err(convert)?;
            Ok(())
        })
    }

    fn has_activity(&self, arn: String) -> BoxFuture<'_, Result<bool, Error>> {
        Box::pin(async move {
            let call = self.calls.describe_activity().activity_arn(arn);
            match call.send().await.map_err(convert) {
                Ok(_) => Ok(true),
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
                Err(error) => Err(error),
            }
        })
    }

    fn list_executions(
        &self,
        request: ListRequest,
    ) -> BoxFuture<'_, Result<Page<ExecutionSummary>, Error>> {
        Box::pin(async move {
            let filter = request
                .status
                .map(|status| SdkStatus::from(status.as_str()));
            let call = self
                .calls
                .list_executions()
                .state_machine_arn(request.machine)
                .set_status_filter(filter)
                .set_max_results(limit(request.limit))
                .set_next_token(request.page);
            let found = call.send().await.map_err(convert)?;
            let items = found.executions.into_iter().map(|item| {
                Ok(ExecutionSummary {
                    status: status(&item.status)?,
                    started: timestamp(&item.start_date),
                    stopped: item.stop_date.as_ref().map(timestamp),
                    arn: item.execution_arn,
                    name: item.name,
                    machine: item.state_machine_arn,
                })
            });
            Ok(Page {
                items: items.collect::<Result<_, Error>>()?,
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
            let call = self
                .polls
                .get_activity_task()
                .activity_arn(activity)
                .worker_name(worker);
            let found = call.send().await.map_err(convert)?;
            // "Nothing" is an absent token here, an empty one there.
            let token = found.task_token.filter(|token| !token.is_empty());
            Ok(token.map(|token| ActivityTask {
                token,
                input: found.input.unwrap_or_default(),
            }))
        })
    }

    fn send_task_success(&self, token: String, output: String) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            let call = self
                .calls
                .send_task_success()
                .task_token(token)
                .output(output);
            call.send().await.map_err(convert)?;
            Ok(())
        })
    }

    fn send_task_failure(
        &self,
        token: String,
        failure: TaskFailure,
    ) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            let call = self
                .calls
                .send_task_failure()
                .task_token(token)
                .set_error(failure.error)
                .set_cause(failure.cause);
            call.send().await.map_err(convert)?;
            Ok(())
        })
    }

    fn send_task_heartbeat(&self, token: String) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            let call = self.calls.send_task_heartbeat().task_token(token);
            call.send().await.map_err(convert)?;
            Ok(())
        })
    }
}

impl fmt::Debug for Aws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Aws")
            .field("region", &self.region)
            .field("location", &self.location.get())
            .finish_non_exhaustive()
    }
}

fn timestamp(at: &DateTime) -> Timestamp {
    Timestamp::from_millis(at.to_millis().unwrap_or_default())
}

fn limit(limit: Option<u32>) -> Option<i32> {
    limit.map(|limit| i32::try_from(limit).unwrap_or(i32::MAX))
}

fn status(status: &SdkStatus) -> Result<ExecutionStatus, Error> {
    let known = ExecutionStatus::ALL.into_iter();
    let mut found = known.filter(|known| known.as_str() == status.as_str());
    found.next().ok_or_else(|| {
        let message = format!("an execution's status is `{status}`, which is not known here");
        Error::new(ErrorKind::NotSupported, message)
    })
}
