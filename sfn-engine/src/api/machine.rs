//! State machines, their versions and aliases.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::EncryptionConfiguration;
use crate::Timestamp;

/// Standard or express.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MachineType {
    /// Durable, up to a year, with a history.
    #[default]
    Standard,
    /// Up to five minutes, without a history to ask for.
    Express,
}

impl MachineType {
    /// The name in the AWS API.
    pub fn as_str(self) -> &'static str {
        match self {
            MachineType::Standard => "STANDARD",
            MachineType::Express => "EXPRESS",
        }
    }
}

/// Whether a state machine can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MachineStatus {
    /// It can.
    Active,
    /// It goes away as soon as its executions have ended.
    Deleting,
}

impl MachineStatus {
    /// The name in the AWS API.
    pub fn as_str(self) -> &'static str {
        match self {
            MachineStatus::Active => "ACTIVE",
            MachineStatus::Deleting => "DELETING",
        }
    }
}

/// Which history events a log would get.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogLevel {
    /// All of them.
    All,
    /// Failures.
    Error,
    /// Failures of executions.
    Fatal,
    /// None.
    #[default]
    Off,
}

impl LogLevel {
    /// The name in the AWS API.
    pub fn as_str(self) -> &'static str {
        match self {
            LogLevel::All => "ALL",
            LogLevel::Error => "ERROR",
            LogLevel::Fatal => "FATAL",
            LogLevel::Off => "OFF",
        }
    }
}

/// Where a state machine logs to. The engine keeps and returns it, and writes no log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggingConfiguration {
    /// Which events.
    pub level: LogLevel,
    /// Whether inputs and outputs belong into the log.
    pub include_execution_data: bool,
    /// ARNs of the CloudWatch log groups: exactly one, unless the level is [`LogLevel::Off`].
    pub log_group_arns: Vec<String>,
}

/// Asks for a state machine; idempotent for the same name, definition, type and configuration.
#[derive(Debug, Clone, Default)]
pub struct CreateStateMachine {
    /// 1 to 80 characters.
    pub name: String,
    /// The definition in the Amazon States Language, JSON text of at most 1 MiB.
    pub definition: String,
    /// The role executions would run as on AWS; kept and shown, nothing more.
    pub role_arn: String,
    /// Standard or express.
    pub machine_type: MachineType,
    /// Where it logs to.
    pub logging: LoggingConfiguration,
    /// Whether it is traced by X-Ray; kept and shown, nothing more.
    pub tracing: bool,
    /// How it would be encrypted on AWS.
    pub encryption: EncryptionConfiguration,
    /// Labels of the resource.
    pub tags: Vec<(String, String)>,
    /// Whether to publish a version at once.
    pub publish: bool,
    /// The published version's description.
    pub version_description: Option<String>,
}

impl CreateStateMachine {
    /// A standard state machine with a made-up role of the right form.
    pub fn new(name: impl Into<String>, definition: impl Into<String>) -> Self {
        CreateStateMachine {
            name: name.into(),
            definition: definition.into(),
            role_arn: "arn:aws:iam::123456789012:role/sfn".to_owned(),
            ..CreateStateMachine::default()
        }
    }

    /// The same as an express one.
    #[must_use]
    pub fn express(mut self) -> Self {
        self.machine_type = MachineType::Express;
        self
    }
}

/// The state machine that was made, or was there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedStateMachine {
    /// `arn:aws:states:<region>:<account>:stateMachine:<name>`.
    pub state_machine_arn: String,
    /// When it was created.
    pub creation_date: Timestamp,
    /// The version published with it.
    pub state_machine_version_arn: Option<String>,
}

/// Changes a state machine. Running executions keep what they started with.
#[derive(Debug, Clone, Default)]
pub struct UpdateStateMachine {
    /// Which one.
    pub state_machine_arn: String,
    /// The new definition.
    pub definition: Option<String>,
    /// The new role.
    pub role_arn: Option<String>,
    /// The new logging configuration.
    pub logging: Option<LoggingConfiguration>,
    /// The new tracing configuration.
    pub tracing: Option<bool>,
    /// How it would be encrypted on AWS from now on.
    pub encryption: Option<EncryptionConfiguration>,
    /// Whether to publish a version at once.
    pub publish: bool,
    /// The published version's description.
    pub version_description: Option<String>,
}

/// What an update gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdatedStateMachine {
    /// When.
    pub update_date: Timestamp,
    /// The revision it has now; `None` while it is the first, since nothing was changed.
    pub revision_id: Option<String>,
    /// The version published with it.
    pub state_machine_version_arn: Option<String>,
}

/// What is known about a state machine, or about one of its versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribedStateMachine {
    /// The ARN asked for.
    pub state_machine_arn: String,
    /// Its name.
    pub name: String,
    /// Whether it can be used.
    pub status: MachineStatus,
    /// The definition as it came in.
    pub definition: Arc<str>,
    /// Its role.
    pub role_arn: String,
    /// Standard or express.
    pub machine_type: MachineType,
    /// When it (or the version) was created.
    pub creation_date: Timestamp,
    /// Where it logs to.
    pub logging: LoggingConfiguration,
    /// Whether it is traced.
    pub tracing: bool,
    /// How it would be encrypted on AWS.
    pub encryption: EncryptionConfiguration,
    /// The revision; `None` until the first update.
    pub revision_id: Option<String>,
    /// A version's description.
    pub description: Option<String>,
    /// The Map's label, for the inner machine of a distributed Map.
    pub label: Option<String>,
    /// Which variables each state uses, by state name.
    pub variable_references: Vec<(String, Vec<String>)>,
}

/// The state machine an execution runs, as it was when it started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribedStateMachineForExecution {
    /// The state machine.
    pub machine: DescribedStateMachine,
    /// When that revision was made.
    pub update_date: Timestamp,
    /// The Map Run a child execution belongs to.
    pub map_run_arn: Option<String>,
}

/// A state machine in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineListItem {
    /// Its ARN.
    pub state_machine_arn: String,
    /// Its name.
    pub name: String,
    /// Standard or express.
    pub machine_type: MachineType,
    /// When it was created.
    pub creation_date: Timestamp,
}

/// Publishes the current revision as a version; idempotent.
#[derive(Debug, Clone, Default)]
pub struct PublishStateMachineVersion {
    /// Which state machine.
    pub state_machine_arn: String,
    /// Only if this is the current revision.
    pub revision_id: Option<String>,
    /// The version's description.
    pub description: Option<String>,
}

/// The version that was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedVersion {
    /// When.
    pub creation_date: Timestamp,
    /// `<state machine ARN>:<number>`.
    pub state_machine_version_arn: String,
}

/// A version in a list.
pub type VersionListItem = PublishedVersion;

/// Where an alias leads, and with which weight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutingItem {
    /// The version.
    pub state_machine_version_arn: String,
    /// Which part of the executions starts there, in percent.
    pub weight: u8,
}

/// Makes an alias.
#[derive(Debug, Clone, Default)]
pub struct CreateStateMachineAlias {
    /// 1 to 80 characters, not only digits.
    pub name: String,
    /// For people.
    pub description: Option<String>,
    /// One or two versions of the same state machine.
    pub routing: Vec<RoutingItem>,
}

/// The alias that was made, or was there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedAlias {
    /// `<state machine ARN>:<alias>`.
    pub state_machine_alias_arn: String,
    /// When.
    pub creation_date: Timestamp,
}

/// Changes an alias.
#[derive(Debug, Clone, Default)]
pub struct UpdateStateMachineAlias {
    /// Which one.
    pub state_machine_alias_arn: String,
    /// The new description.
    pub description: Option<String>,
    /// The new routing.
    pub routing: Option<Vec<RoutingItem>>,
}

/// What is known about an alias.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribedAlias {
    /// Its ARN.
    pub state_machine_alias_arn: String,
    /// Its name.
    pub name: String,
    /// For people.
    pub description: Option<String>,
    /// Where it leads.
    pub routing: Vec<RoutingItem>,
    /// When it was made.
    pub creation_date: Timestamp,
    /// When it was last changed.
    pub update_date: Timestamp,
}

/// Asks for the aliases of a state machine, or of one of its versions.
#[derive(Debug, Clone, Default)]
pub struct ListAliases {
    /// The state machine or version.
    pub state_machine_arn: String,
    /// Which page.
    pub page: super::Page,
}
