//! The account: what there is, and how it is changed. One file a service.

mod alarms;
mod buckets;
mod error;
mod events;
mod functions;
mod logs;
mod machines;
mod roles;
mod tags;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use aws_config::SdkConfig;
use tokio::task::JoinSet;

use super::{
    iam, names,
    plan::Actual,
    resource::{Id, Model, Resource, ResourceKind, Spec, Tags},
};
use crate::{placement::Architecture, service::Location};

pub(crate) use error::{Error, Reason};
pub(crate) use functions::LARGEST_DIRECT;

use error::answer;

/// How many questions are asked at once: the buckets of most services refill at ten a second or so.
const AT_ONCE: usize = 8;

/// How long a change is tried again while AWS is late: a role that a service does not know yet, a function that is
/// still being changed. IAM takes half a minute at times.
const LATE: Duration = Duration::from_secs(120);

/// How often a call that nobody answers is made again; the SDK has made it three times by then.
const UNANSWERED: u32 = 3;

/// How long something that was just made may not be found: reads are late by seconds, and what is really gone is to be told.
const MISSING: Duration = Duration::from_secs(20);

/// The first pause between two tries; each is half as long again.
const PAUSE: Duration = Duration::from_millis(500);

/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// The zip of the program.
#[derive(Debug, Clone)]
pub(crate) struct Zip {
    pub(crate) bytes: Vec<u8>,
    /// In base64, as Lambda says it.
    pub(crate) sha256: String,
}

/// The zips, by processor.
pub(crate) type Zips = BTreeMap<Architecture, Zip>;

/// The account and Region.
#[derive(Debug, Clone)]
pub(crate) struct Cloud {
    alarms: aws_sdk_cloudwatch::Client,
    buckets: aws_sdk_s3::Client,
    events: aws_sdk_eventbridge::Client,
    functions: aws_sdk_lambda::Client,
    logs: aws_sdk_cloudwatchlogs::Client,
    pub(super) machines: aws_sdk_sfn::Client,
    roles: aws_sdk_iam::Client,
    schedules: aws_sdk_scheduler::Client,
    topics: aws_sdk_sns::Client,
    location: Location,
}

impl Cloud {
    /// Connects, and asks whose the credentials are.
    pub(crate) async fn connect(config: &SdkConfig) -> Result<Self, Error> {
        let region = config.region().map(ToString::to_string).unwrap_or_default();
        let sts = aws_sdk_sts::Client::new(config);
        let asked = sts.get_caller_identity().send().await;
        let found = answer("sts:GetCallerIdentity", "the account", asked)?;
        let arn = found.arn.unwrap_or_default();
        let location = Location {
            partition: arn.split(':').nth(1).unwrap_or("aws").to_owned(),
            region,
            account: found.account.unwrap_or_default(),
        };
        // Addresses of buckets as parts of host names do not resolve where there is no DNS for them.
        let buckets = aws_sdk_s3::config::Builder::from(config)
            .force_path_style(config.endpoint_url().is_some())
            .build();
        Ok(Self {
            alarms: aws_sdk_cloudwatch::Client::new(config),
            buckets: aws_sdk_s3::Client::from_conf(buckets),
            events: aws_sdk_eventbridge::Client::new(config),
            functions: aws_sdk_lambda::Client::new(config),
            logs: aws_sdk_cloudwatchlogs::Client::new(config),
            machines: aws_sdk_sfn::Client::new(config),
            roles: aws_sdk_iam::Client::new(config),
            schedules: aws_sdk_scheduler::Client::new(config),
            topics: aws_sdk_sns::Client::new(config),
            location,
        })
    }

    pub(crate) fn location(&self) -> &Location {
        &self.location
    }

    /// What there is of that kind and name. `group` is the one that schedules stand in.
    pub(crate) async fn read(&self, id: &Id, group: &str) -> Result<Option<Actual>, Error> {
        let name = id.name.as_str();
        let found = match id.kind {
            ResourceKind::Bucket => self.read_bucket(name).await,
            ResourceKind::LogGroup => self.read_log_group(name).await,
            ResourceKind::Role => self.read_role(name).await,
            ResourceKind::Activity => self.read_activity(name).await,
            ResourceKind::Function => self.read_function(name).await,
            ResourceKind::Machine => self.read_machine(name).await,
            ResourceKind::Topic => self.read_topic(name).await,
            ResourceKind::Alarm => self.read_alarm(name).await,
            ResourceKind::Rule => self.read_rule(name).await,
            ResourceKind::ScheduleGroup => self.read_schedule_group(name).await,
            ResourceKind::Schedule => self.read_schedule(name, group).await,
        };
        match found {
            Err(error) if error.reason() == Reason::NotFound => Ok(None),
            other => other.map_err(|error| error.about(id)),
        }
    }

    /// Everything that the model names, and everything else that may be of the same app: by its name's beginning.
    pub(crate) async fn survey(&self, model: &Model) -> Result<BTreeMap<Id, Actual>, Error> {
        let mut ids: Vec<Id> = model.resources.iter().map(Resource::id).collect();
        ids.extend(self.named_like(model).await?);
        ids.sort();
        ids.dedup();
        let group = names::cut(&model.prefix, 64);
        let ids = Arc::new(ids);
        let mut found = BTreeMap::new();
        let mut under_way = JoinSet::new();
        let mut next = 0;
        loop {
            while next < ids.len() && under_way.len() < AT_ONCE {
                let (cloud, ids, group) = (self.clone(), Arc::clone(&ids), group.clone());
                let at = next;
                under_way.spawn(async move { (at, cloud.read_again(&ids[at], &group).await) });
                next += 1;
            }
            match under_way.join_next().await {
                None => return Ok(found),
                Some(Ok((at, answer))) => {
                    found.extend(answer?.map(|actual| (ids[at].clone(), actual)));
                }
                Some(Err(error)) => return Err(Error::broken(&error)),
            }
        }
    }

    /// [`read`](Self::read), again while the service is busy.
    async fn read_again(&self, id: &Id, group: &str) -> Result<Option<Actual>, Error> {
        persist(|| self.read(id, group)).await
    }

    async fn named_like(&self, model: &Model) -> Result<Vec<Id>, Error> {
        let prefix = format!("{}-", model.prefix);
        let mut found = Vec::new();
        let mut add = |kind: ResourceKind, names: Vec<String>| {
            found.extend(names.into_iter().map(|name| Id { kind, name }));
        };
        let logs = [
            names::function_logs(&prefix),
            format!("/aws/vendedlogs/states/{prefix}"),
        ];
        for beginning in logs {
            let names = persist(|| self.list_log_groups(&beginning)).await?;
            add(ResourceKind::LogGroup, names);
        }
        let path = names::role_path(&model.prefix);
        let roles = persist(|| self.list_roles(&path)).await?;
        // State machines have no prefix, and asking each of an account for its tags takes minutes: the roles that were
        // made for them tell their names.
        let machines = roles.iter().filter_map(|role| {
            let workflow = role.strip_prefix(&prefix)?.strip_suffix("-sfn")?;
            Some(match &model.env {
                None => workflow.to_owned(),
                Some(env) => format!("{workflow}-{env}"),
            })
        });
        add(ResourceKind::Machine, machines.collect());
        add(ResourceKind::Role, roles);
        add(
            ResourceKind::Activity,
            persist(|| self.list_activities(&prefix)).await?,
        );
        add(
            ResourceKind::Function,
            persist(|| self.list_functions(&prefix)).await?,
        );
        add(
            ResourceKind::Topic,
            persist(|| self.list_topics(&prefix)).await?,
        );
        add(
            ResourceKind::Alarm,
            persist(|| self.list_alarms(&prefix)).await?,
        );
        add(
            ResourceKind::Rule,
            persist(|| self.list_rules(&prefix)).await?,
        );
        let group = names::cut(&model.prefix, 64);
        let schedules = persist(|| self.list_schedules(&group)).await?;
        if let Some(schedules) = schedules {
            add(ResourceKind::Schedule, schedules);
            add(ResourceKind::ScheduleGroup, vec![group]);
        }
        let bucket = names::bucket(&model.prefix, &self.location);
        add(ResourceKind::Bucket, vec![bucket]);
        Ok(found)
    }

    /// Makes or changes a resource, and gives the version to call, for a function.
    ///
    /// What is right already may be written again: each call is safe to repeat.
    pub(crate) async fn put(
        &self,
        resource: &Resource,
        exists: bool,
        zips: &Zips,
        bucket: Option<&str>,
    ) -> Result<Option<String>, Error> {
        let (name, tags) = (resource.name.as_str(), &resource.tags);
        let done = match &resource.spec {
            Spec::Bucket(spec) => self.put_bucket(name, spec, tags, exists).await,
            Spec::LogGroup(spec) => self.put_log_group(name, spec, tags, exists).await,
            Spec::Role(spec) => self.put_role(name, spec, tags, exists).await,
            Spec::Activity(_) => self.put_activity(name, tags, exists).await,
            Spec::Function(spec) => {
                let zip = zips.get(&spec.architecture);
                let put = self.put_function(name, spec, tags, exists, zip, bucket);
                return put
                    .await
                    .map(Some)
                    .map_err(|error| error.about(&resource.id()));
            }
            Spec::Machine(spec) => self.put_machine(name, spec, tags, exists).await,
            Spec::Topic(spec) => self.put_topic(name, spec, tags, exists).await,
            Spec::Alarm(spec) => self.put_alarm(name, spec, tags).await,
            Spec::Rule(spec) => self.put_rule(name, spec, tags, exists).await,
            Spec::ScheduleGroup(_) => self.put_schedule_group(name, tags, exists).await,
            Spec::Schedule(spec) => self.put_schedule(name, spec, exists).await,
        };
        done.map(|()| None)
            .map_err(|error| error.about(&resource.id()))
    }

    /// Removes a resource. One that is not there is no error.
    pub(crate) async fn remove(&self, id: &Id, spec: &Spec) -> Result<(), Error> {
        let name = id.name.as_str();
        let done = match (id.kind, spec) {
            (ResourceKind::Bucket, _) => self.remove_bucket(name).await,
            (ResourceKind::LogGroup, _) => self.remove_log_group(name).await,
            (ResourceKind::Role, _) => self.remove_role(name).await,
            (ResourceKind::Activity, _) => self.remove_activity(name).await,
            (ResourceKind::Function, _) => self.remove_function(name).await,
            (ResourceKind::Machine, _) => self.remove_machine(name).await,
            (ResourceKind::Topic, _) => self.remove_topic(name).await,
            (ResourceKind::Alarm, _) => self.remove_alarm(name).await,
            (ResourceKind::Rule, _) => self.remove_rule(name).await,
            (ResourceKind::ScheduleGroup, _) => self.remove_schedule_group(name).await,
            (ResourceKind::Schedule, Spec::Schedule(schedule)) => {
                self.remove_schedule(name, &schedule.group).await
            }
            (ResourceKind::Schedule, _) => Ok(()),
        };
        match done {
            Err(error) if error.reason() == Reason::NotFound => Ok(()),
            other => other.map_err(|error| error.about(id)),
        }
    }

    fn log_group_arn(&self, name: &str) -> String {
        iam::log_group_arn(name, &self.location)
    }

    fn arn(&self, service: &str, rest: &str) -> String {
        let Location {
            partition,
            region,
            account,
        } = &self.location;
        format!("arn:{partition}:{service}:{region}:{account}:{rest}")
    }
}

/// Tries again while AWS is late, busy or out of reach, within bounds.
pub(crate) async fn persist<T, F>(call: impl Fn() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    again_while(|error| error.passes(), call).await
}

/// [`persist`] for a change: what was made a moment ago may not be found yet.
pub(crate) async fn persist_change<T, F>(call: impl Fn() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    again_while(
        |error| error.passes() || error.reason() == Reason::NotFound,
        call,
    )
    .await
}

async fn again_while<T, F>(
    passes: impl Fn(&Error) -> bool,
    call: impl Fn() -> F,
) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    let mut pause = PAUSE;
    let (mut waited, mut unanswered, mut missing) = (Duration::ZERO, 0, Duration::ZERO);
    loop {
        let error = match call().await {
            Err(error) if passes(&error) => error,
            other => return other,
        };
        match error.reason() {
            Reason::Unreachable => unanswered += 1,
            Reason::NotFound => missing += pause,
            _ => {}
        }
        if waited >= LATE || unanswered > UNANSWERED || missing > MISSING {
            return Err(error);
        }
        tracing::debug!(target: "deploy", %error, "again in {pause:?}");
        tokio::time::sleep(pause).await;
        waited += pause;
        pause = (pause * 3 / 2).min(LONGEST_PAUSE);
    }
}

/// Tags as pairs of some service's own type.
fn pairs<T>(tags: &Tags, pair: impl Fn(&str, &str) -> T) -> Vec<T> {
    tags.iter().map(|(name, value)| pair(name, value)).collect()
}
