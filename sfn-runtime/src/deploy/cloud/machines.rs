//! Activities and state machines, with their versions and their alias.

use aws_sdk_sfn::types::{
    CloudWatchLogsLogGroup, LogDestination, LogLevel, LoggingConfiguration,
    RoutingConfigurationListItem, StateMachineType, Tag, TracingConfiguration,
};
use serde_json::Value;

use super::{Cloud, Error, Reason, answer, pairs};
use crate::{
    Kind,
    deploy::{
        LIVE,
        plan::Actual,
        resource::{Activity, Machine, Spec, Tags},
    },
};

fn tag(name: &str, value: &str) -> Tag {
    Tag::builder().key(name).value(value).build()
}

impl Cloud {
    async fn tags_of(&self, arn: &str) -> Result<Tags, Error> {
        let asked = self
            .machines
            .list_tags_for_resource()
            .resource_arn(arn)
            .send()
            .await;
        let tags = answer("states:ListTagsForResource", arn, asked)?.tags;
        let pair = |tag: Tag| Some((tag.key?, tag.value.unwrap_or_default()));
        Ok(tags
            .unwrap_or_default()
            .into_iter()
            .filter_map(pair)
            .collect())
    }

    async fn tag(&self, arn: &str, tags: &Tags) -> Result<(), Error> {
        let asked = self
            .machines
            .tag_resource()
            .resource_arn(arn)
            .set_tags(Some(pairs(tags, tag)))
            .send()
            .await;
        answer("states:TagResource", arn, asked).map(drop)
    }

    pub(super) async fn read_activity(&self, name: &str) -> Result<Option<Actual>, Error> {
        let arn = self.location.activity(name);
        let asked = self
            .machines
            .describe_activity()
            .activity_arn(&arn)
            .send()
            .await;
        answer("states:DescribeActivity", name, asked)?;
        let tags = self.tags_of(&arn).await?;
        Ok(Some(Actual::new(Spec::Activity(Activity {}), tags)))
    }

    pub(super) async fn list_activities(&self, prefix: &str) -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        let mut page = None;
        loop {
            let asked = self
                .machines
                .list_activities()
                .max_results(1_000)
                .set_next_token(page)
                .send()
                .await;
            let answered = answer("states:ListActivities", prefix, asked)?;
            let names = answered
                .activities
                .into_iter()
                .map(|activity| activity.name);
            found.extend(names.filter(|name| name.starts_with(prefix)));
            page = answered.next_token;
            if page.is_none() {
                return Ok(found);
            }
        }
    }

    pub(super) async fn put_activity(
        &self,
        name: &str,
        tags: &Tags,
        exists: bool,
    ) -> Result<(), Error> {
        if exists {
            return self.tag(&self.location.activity(name), tags).await;
        }
        let asked = self
            .machines
            .create_activity()
            .name(name)
            .set_tags(Some(pairs(tags, tag)))
            .send()
            .await;
        answer("states:CreateActivity", name, asked).map(drop)
    }

    pub(super) async fn remove_activity(&self, name: &str) -> Result<(), Error> {
        let arn = self.location.activity(name);
        let asked = self
            .machines
            .delete_activity()
            .activity_arn(arn)
            .send()
            .await;
        answer("states:DeleteActivity", name, asked).map(drop)
    }

    pub(super) async fn read_machine(&self, name: &str) -> Result<Option<Actual>, Error> {
        let arn = self.location.machine(name);
        let spec = self.machine(&arn).await?;
        let tags = self.tags_of(&arn).await?;
        let live = match self.live_version(&arn).await? {
            None => false,
            Some(version) => match self.machine(&version).await {
                Ok(live) => live == spec,
                Err(error) if error.reason() == Reason::NotFound => false,
                Err(error) => return Err(error),
            },
        };
        Ok(Some(Actual::new(Spec::Machine(spec), tags).live(live)))
    }

    /// A state machine, or a version of one, by its ARN.
    pub(crate) async fn machine(&self, arn: &str) -> Result<Machine, Error> {
        let asked = self
            .machines
            .describe_state_machine()
            .state_machine_arn(arn);
        let found = answer("states:DescribeStateMachine", arn, asked.send().await)?;
        let logging = found.logging_configuration;
        let level = logging.as_ref().and_then(|logging| logging.level.clone());
        let group = logging
            .and_then(|logging| logging.destinations)
            .and_then(|all| all.into_iter().next())
            .and_then(|destination| destination.cloud_watch_logs_log_group)
            .and_then(|group| group.log_group_arn);
        Ok(Machine {
            kind: match found.r#type {
                StateMachineType::Express => Kind::Express,
                _ => Kind::Standard,
            },
            definition: serde_json::from_str(&found.definition).unwrap_or(Value::Null),
            role: found.role_arn,
            log_level: level.map_or_else(|| "OFF".to_owned(), |level| level.as_str().to_owned()),
            log_group: group,
            tracing: found
                .tracing_configuration
                .is_some_and(|tracing| tracing.enabled),
        })
    }

    /// The version that the alias stands at.
    pub(crate) async fn live_version(&self, machine: &str) -> Result<Option<String>, Error> {
        let alias = format!("{machine}:{LIVE}");
        let asked = self
            .machines
            .describe_state_machine_alias()
            .state_machine_alias_arn(alias);
        let found = answer(
            "states:DescribeStateMachineAlias",
            machine,
            asked.send().await,
        );
        match found {
            Ok(found) => Ok(found
                .routing_configuration
                .unwrap_or_default()
                .into_iter()
                .max_by_key(|route| route.weight)
                .map(|route| route.state_machine_version_arn)),
            Err(error) if error.reason() == Reason::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn put_machine(
        &self,
        name: &str,
        spec: &Machine,
        tags: &Tags,
        exists: bool,
    ) -> Result<(), Error> {
        let arn = self.location.machine(name);
        let text = serde_json::to_string_pretty(&spec.definition)
            .expect("a definition has text keys and finite numbers");
        let tracing = TracingConfiguration::builder()
            .enabled(spec.tracing)
            .build();
        let created = if exists {
            None
        } else {
            let asked = self
                .machines
                .create_state_machine()
                .name(name)
                .definition(&text)
                .role_arn(&spec.role)
                .r#type(match spec.kind {
                    Kind::Standard => StateMachineType::Standard,
                    Kind::Express => StateMachineType::Express,
                })
                .logging_configuration(logging(spec))
                .tracing_configuration(tracing.clone())
                .set_tags(Some(pairs(tags, tag)))
                .publish(true)
                .send()
                .await;
            match answer("states:CreateStateMachine", name, asked) {
                Ok(created) => Some(created.state_machine_version_arn),
                Err(error) if error.reason() == Reason::Exists => None,
                Err(error) => return Err(error),
            }
        };
        let version = match created {
            Some(version) => version,
            None => {
                let asked = self
                    .machines
                    .update_state_machine()
                    .state_machine_arn(&arn)
                    .definition(&text)
                    .role_arn(&spec.role)
                    .logging_configuration(logging(spec))
                    .tracing_configuration(tracing)
                    .publish(true)
                    .send()
                    .await;
                let updated = answer("states:UpdateStateMachine", name, asked)?;
                self.tag(&arn, tags).await?;
                updated.state_machine_version_arn
            }
        };
        let version = match version {
            Some(version) => version,
            // Nothing new was published, since nothing differs: the newest version is the one.
            None => self.publish_machine(&arn).await?,
        };
        self.point(&arn, &version).await
    }

    async fn publish_machine(&self, arn: &str) -> Result<String, Error> {
        let asked = self
            .machines
            .publish_state_machine_version()
            .state_machine_arn(arn);
        let published = answer("states:PublishStateMachineVersion", arn, asked.send().await)?;
        Ok(published.state_machine_version_arn)
    }

    /// Moves the alias to a version. What is started from now on runs it.
    async fn point(&self, machine: &str, version: &str) -> Result<(), Error> {
        let route = RoutingConfigurationListItem::builder()
            .state_machine_version_arn(version)
            .weight(100)
            .build()
            .expect("it has a version and a weight");
        let asked = self
            .machines
            .update_state_machine_alias()
            .state_machine_alias_arn(format!("{machine}:{LIVE}"))
            .routing_configuration(route.clone())
            .send()
            .await;
        match answer("states:UpdateStateMachineAlias", machine, asked) {
            Ok(_) => return Ok(()),
            Err(error) if error.reason() == Reason::NotFound => {}
            Err(error) => return Err(error),
        }
        let asked = self
            .machines
            .create_state_machine_alias()
            .name(LIVE)
            .routing_configuration(route)
            .send()
            .await;
        answer("states:CreateStateMachineAlias", machine, asked).map(drop)
    }

    /// All published versions, by their ARNs.
    pub(crate) async fn machine_versions(&self, machine: &str) -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        let mut page = None;
        loop {
            let asked = self
                .machines
                .list_state_machine_versions()
                .state_machine_arn(machine)
                .max_results(1_000)
                .set_next_token(page)
                .send()
                .await;
            let answered = answer("states:ListStateMachineVersions", machine, asked)?;
            let versions = answered.state_machine_versions.into_iter();
            found.extend(versions.map(|version| version.state_machine_version_arn));
            page = answered.next_token;
            if page.is_none() {
                return Ok(found);
            }
        }
    }

    /// Removes a published version.
    pub(crate) async fn remove_machine_version(&self, arn: &str) -> Result<(), Error> {
        let asked = self
            .machines
            .delete_state_machine_version()
            .state_machine_version_arn(arn)
            .send()
            .await;
        answer("states:DeleteStateMachineVersion", arn, asked).map(drop)
    }

    pub(super) async fn remove_machine(&self, name: &str) -> Result<(), Error> {
        let arn = self.location.machine(name);
        let alias = self
            .machines
            .delete_state_machine_alias()
            .state_machine_alias_arn(format!("{arn}:{LIVE}"))
            .send()
            .await;
        match answer("states:DeleteStateMachineAlias", name, alias) {
            Err(error) if error.reason() != Reason::NotFound => return Err(error),
            _ => {}
        }
        let asked = self.machines.delete_state_machine().state_machine_arn(arn);
        answer("states:DeleteStateMachine", name, asked.send().await).map(drop)
    }

    /// The ARNs of the executions of a machine that run, and of the versions that they were started with.
    pub(crate) async fn running(
        &self,
        machine: &str,
    ) -> Result<Vec<(String, Option<String>)>, Error> {
        let mut found = Vec::new();
        let mut page = None;
        loop {
            let asked = self
                .machines
                .list_executions()
                .state_machine_arn(machine)
                .status_filter(aws_sdk_sfn::types::ExecutionStatus::Running)
                .max_results(1_000)
                .set_next_token(page)
                .send()
                .await;
            let answered = answer("states:ListExecutions", machine, asked)?;
            found.extend(
                answered
                    .executions
                    .into_iter()
                    .map(|one| (one.execution_arn, one.state_machine_version_arn)),
            );
            page = answered.next_token;
            if page.is_none() {
                return Ok(found);
            }
        }
    }

    /// The definition that an execution runs, as text.
    pub(crate) async fn definition_of(&self, execution: &str) -> Result<String, Error> {
        let asked = self
            .machines
            .describe_state_machine_for_execution()
            .execution_arn(execution)
            .send()
            .await;
        let found = answer("states:DescribeStateMachineForExecution", execution, asked)?;
        Ok(found.definition)
    }
}

fn logging(spec: &Machine) -> LoggingConfiguration {
    let destination = spec.log_group.as_ref().map(|arn| {
        let group = CloudWatchLogsLogGroup::builder().log_group_arn(arn).build();
        LogDestination::builder()
            .cloud_watch_logs_log_group(group)
            .build()
    });
    LoggingConfiguration::builder()
        .level(LogLevel::from(spec.log_level.as_str()))
        // What flowed through the states is what one looks for in logs.
        .include_execution_data(spec.log_group.is_some())
        .set_destinations(destination.map(|one| vec![one]))
        .build()
}
