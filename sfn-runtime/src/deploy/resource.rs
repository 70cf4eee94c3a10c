//! The resources that are made on AWS, as plain data.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;
use serde_json::Value;

use crate::{Kind, placement::Architecture, service::Location};

/// Tags, by name.
pub type Tags = BTreeMap<String, String>;

/// Everything that a program needs on AWS, in the order in which it is made.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Model {
    /// The app's name.
    pub app: String,
    /// The profile.
    pub env: Option<String>,
    /// What names begin with.
    pub prefix: String,
    /// The partition of AWS: `aws`, `aws-cn`, ….
    pub partition: String,
    /// The Region.
    pub region: String,
    /// The account.
    pub account: String,
    /// The resources; what one names stands before it.
    pub resources: Vec<Resource>,
}

impl Model {
    /// The resource of that kind and name.
    #[must_use]
    pub fn get(&self, id: &Id) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.id() == *id)
    }

    /// The bucket for code and large payloads: ours, or the one that functions are told of.
    #[cfg(feature = "deploy")]
    pub(crate) fn bucket_name<'a>(&'a self, own: &'a str) -> Option<&'a str> {
        self.resources
            .iter()
            .find_map(|resource| match &resource.spec {
                Spec::Bucket(_) => Some(own),
                Spec::Function(function) => {
                    function.environment.get("SFN_BUCKET").map(String::as_str)
                }
                _ => None,
            })
    }

    pub(crate) fn location(&self) -> Location {
        Location {
            partition: self.partition.clone(),
            region: self.region.clone(),
            account: self.account.clone(),
        }
    }
}

/// One resource.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Resource {
    /// Its name, unique among those of its kind.
    pub name: String,
    /// What it is.
    #[serde(flatten)]
    pub spec: Spec,
    /// Its tags; empty where a kind takes none and its parent's count.
    pub tags: Tags,
    /// What it is for, in words.
    pub purpose: String,
}

impl Resource {
    /// Its kind and name.
    #[must_use]
    pub fn id(&self) -> Id {
        Id {
            kind: self.spec.kind(),
            name: self.name.clone(),
        }
    }
}

/// The kind and the name of a resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Id {
    /// The kind.
    pub kind: ResourceKind,
    /// The name.
    pub name: String,
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.kind, self.name)
    }
}

/// The kinds, in the order in which they are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ResourceKind {
    /// An S3 bucket.
    Bucket,
    /// A CloudWatch log group.
    LogGroup,
    /// An IAM role with its inline policies.
    Role,
    /// A Step Functions activity.
    Activity,
    /// A Lambda function with its published versions.
    Function,
    /// A state machine with its published versions and its alias.
    Machine,
    /// An SNS topic.
    Topic,
    /// A CloudWatch alarm.
    Alarm,
    /// An EventBridge rule with its target.
    Rule,
    /// A group of schedules.
    ScheduleGroup,
    /// A schedule.
    Schedule,
}

impl ResourceKind {
    /// What it is called in messages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Bucket => "bucket",
            Self::LogGroup => "log group",
            Self::Role => "role",
            Self::Activity => "activity",
            Self::Function => "function",
            Self::Machine => "state machine",
            Self::Topic => "topic",
            Self::Alarm => "alarm",
            Self::Rule => "rule",
            Self::ScheduleGroup => "schedule group",
            Self::Schedule => "schedule",
        }
    }
}

impl fmt::Display for ResourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// What a resource is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Spec {
    /// An S3 bucket, closed to the public.
    Bucket(Bucket),
    /// A log group.
    LogGroup(LogGroup),
    /// A role.
    Role(Role),
    /// An activity.
    Activity(Activity),
    /// A function.
    Function(Function),
    /// A state machine.
    Machine(Machine),
    /// A topic.
    Topic(Topic),
    /// An alarm.
    Alarm(Alarm),
    /// A rule.
    Rule(Rule),
    /// A group of schedules: it carries the tags that schedules do not take.
    ScheduleGroup(ScheduleGroup),
    /// A schedule.
    Schedule(Schedule),
}

impl Spec {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> ResourceKind {
        match self {
            Self::Bucket(_) => ResourceKind::Bucket,
            Self::LogGroup(_) => ResourceKind::LogGroup,
            Self::Role(_) => ResourceKind::Role,
            Self::Activity(_) => ResourceKind::Activity,
            Self::Function(_) => ResourceKind::Function,
            Self::Machine(_) => ResourceKind::Machine,
            Self::Topic(_) => ResourceKind::Topic,
            Self::Alarm(_) => ResourceKind::Alarm,
            Self::Rule(_) => ResourceKind::Rule,
            Self::ScheduleGroup(_) => ResourceKind::ScheduleGroup,
            Self::Schedule(_) => ResourceKind::Schedule,
        }
    }
}

/// An S3 bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bucket {
    /// After how many days objects under `large/` are deleted.
    pub large_retention_days: u32,
}

/// A log group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogGroup {
    /// For how many days logs are kept; 0 for ever.
    pub retention_days: u32,
}

/// A role.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Role {
    /// Its path.
    pub path: String,
    /// Who may act as it: a policy document.
    pub trust: Value,
    /// What it may do: policy documents by name.
    pub policies: BTreeMap<String, Value>,
    /// Its permissions boundary, an ARN.
    pub boundary: Option<String>,
}

/// An activity: its name is all there is to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Activity {}

/// A function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Function {
    /// `provided.al2023`.
    pub runtime: String,
    /// The program in the zip.
    pub handler: String,
    /// The processors it runs on.
    pub architecture: Architecture,
    /// MB.
    pub memory: u32,
    /// Seconds.
    pub timeout: u32,
    /// `/tmp` in MB.
    pub storage: u32,
    /// An ARN.
    pub role: String,
    /// Variables.
    pub environment: BTreeMap<String, String>,
    /// Ids.
    pub subnets: Vec<String>,
    /// Ids.
    pub security_groups: Vec<String>,
    /// Whether X-Ray traces it.
    pub tracing: bool,
    /// How many calls run at once; no bound of its own without.
    pub max_concurrency: Option<u32>,
    /// The SHA-256 of the zip in base64, as Lambda says it; `None` when it is not known, and then it is not compared.
    pub code: Option<String>,
}

/// A state machine.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Machine {
    /// `STANDARD` or `EXPRESS`.
    #[serde(rename = "type", serialize_with = "kind_name")]
    pub kind: Kind,
    /// Its definition. The version of a function stands in it as `${NAME.Version}` until it is known.
    pub definition: Value,
    /// The ARN of its role.
    pub role: String,
    /// `OFF`, `FATAL`, `ERROR` or `ALL`.
    pub log_level: String,
    /// The ARN of its log group, with `:*` behind it; `None` when it does not log.
    pub log_group: Option<String>,
    /// Whether X-Ray traces it.
    pub tracing: bool,
}

fn kind_name<S: serde::Serializer>(kind: &Kind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match kind {
        Kind::Standard => "STANDARD",
        Kind::Express => "EXPRESS",
    })
}

/// A topic.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Topic {
    /// Who may publish: a policy document.
    pub policy: Value,
    /// Who is written to.
    pub email: Option<String>,
}

/// An alarm on one metric.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alarm {
    /// What it says.
    pub description: String,
    /// `AWS/States`.
    pub namespace: String,
    /// The metric.
    pub metric: String,
    /// What the metric is of.
    pub dimensions: BTreeMap<String, String>,
    /// `Sum`, `Maximum`, ….
    pub statistic: String,
    /// Seconds.
    pub period: u32,
    /// It rings at this much or more.
    pub threshold: u32,
    /// The ARNs of whom it tells.
    pub actions: Vec<String>,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rule {
    /// Which events it takes.
    pub pattern: Value,
    /// The ARN that they are sent to.
    pub target: String,
    /// The ARN of the role that sends them; none for a topic.
    pub role: Option<String>,
}

/// A group of schedules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScheduleGroup {}

/// A schedule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Schedule {
    /// Its group.
    pub group: String,
    /// `rate(5 minutes)`.
    pub expression: String,
    /// `UTC`.
    pub timezone: String,
    /// The ARN that it starts.
    pub target: String,
    /// The ARN of the role that starts it.
    pub role: String,
    /// What it is given.
    pub input: Value,
}
