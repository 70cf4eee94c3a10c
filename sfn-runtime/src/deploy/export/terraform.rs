//! A root module of Terraform, in its JSON syntax.

use serde_json::{Map, Value, json};

use super::{
    Code, Export, definition,
    ids::{Ids, snake},
    known,
    marks::{Known, Mark, Part, parts},
};
use crate::{
    Kind,
    deploy::{
        LIVE, Model, Resource, ResourceKind, Spec, Tags, names,
        resource::{Alarm, Bucket, Function, Machine, Role, Rule, Schedule, Topic},
    },
    placement::Architecture,
};

/// The versions of the provider whose arguments are written.
const PROVIDER: &str = ">= 6.0, < 7.0";
/// The oldest Terraform that this provider runs with; OpenTofu counts alike.
const TERRAFORM: &str = ">= 1.5";

pub(super) struct Writer<'a> {
    model: &'a Model,
    region: Option<&'a str>,
    account: Option<&'a str>,
    code: Code,
    known: Known,
    ids: Ids,
    /// By type, then by name.
    made: Map<String, Value>,
    outputs: Map<String, Value>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(export: &Export<'a>, model: &'a Model) -> Self {
        let settings = export.placement.deploy();
        Self {
            model,
            region: settings.region.as_deref(),
            account: settings.account.as_deref(),
            code: export.code(model),
            known: known(model),
            ids: Ids::new(model, snake),
            made: Map::new(),
            outputs: Map::new(),
        }
    }

    pub(super) fn module(mut self) -> Value {
        let model = self.model;
        for resource in &model.resources {
            self.resource(resource);
        }
        let mut module = json!({
            "terraform": {
                "required_version": TERRAFORM,
                "required_providers": {
                    "aws": { "source": "hashicorp/aws", "version": PROVIDER },
                },
            },
        });
        if let Some(provider) = self.provider() {
            module["provider"] = json!({ "aws": provider });
        }
        let variables = self.variables();
        if !variables.is_empty() {
            module["variable"] = variables.into();
        }
        module["data"] = json!({
            "aws_caller_identity": { "current": {} },
            "aws_partition": { "current": {} },
            "aws_region": { "current": {} },
        });
        module["resource"] = self.made.into();
        if !self.outputs.is_empty() {
            module["output"] = self.outputs.into();
        }
        module
    }

    /// What `[deploy]` says about where this may be applied.
    fn provider(&self) -> Option<Value> {
        let mut provider = Map::new();
        if let Some(region) = self.region {
            provider.insert("region".to_owned(), region.into());
        }
        if let Some(account) = self.account {
            provider.insert("allowed_account_ids".to_owned(), json!([account]));
        }
        (!provider.is_empty()).then(|| provider.into())
    }

    fn variables(&self) -> Map<String, Value> {
        let mut variables = Map::new();
        let mut put = |name: String, description: String, default: Option<&str>| {
            let mut variable = json!({ "type": "string", "description": description });
            if let Some(default) = default {
                variable["default"] = default.into();
            }
            variables.insert(name, variable);
        };
        if self.code.architectures.is_empty() {
            return variables;
        }
        put(
            "code_bucket".to_owned(),
            "The bucket that has the zip, in the same Region".to_owned(),
            self.code.bucket.as_deref(),
        );
        for architecture in &self.code.architectures {
            let name = architecture.as_str();
            put(
                variable("code_key", *architecture),
                format!("The key of the zip that was built for {name}"),
                self.code.key.as_deref(),
            );
            put(
                variable("code_sha256", *architecture),
                format!(
                    "The SHA-256 of the zip for {name}, in base64; each new one publishes a version"
                ),
                self.code.sha256.as_deref(),
            );
        }
        variables
    }

    fn resource(&mut self, resource: &Resource) {
        let (name, tags) = (resource.name.as_str(), &resource.tags);
        match &resource.spec {
            Spec::Bucket(spec) => self.bucket(name, spec, tags),
            Spec::LogGroup(spec) => {
                // 0 is for ever to Terraform as well.
                let group = json!({
                    "name": plain(name),
                    "retention_in_days": spec.retention_days,
                    "tags": self.tags(tags),
                });
                self.put(ResourceKind::LogGroup, name, group);
            }
            Spec::Role(spec) => self.role(name, spec, tags),
            Spec::Activity(_) => {
                let activity = json!({ "name": plain(name), "tags": self.tags(tags) });
                self.put(ResourceKind::Activity, name, activity);
            }
            Spec::Function(spec) => self.function(name, spec, tags),
            Spec::Machine(spec) => self.machine(resource, spec),
            Spec::Topic(spec) => self.topic(name, spec, tags),
            Spec::Alarm(spec) => self.alarm(name, spec, tags),
            Spec::Rule(spec) => self.rule(name, spec, tags),
            Spec::ScheduleGroup(_) => {
                let group = json!({ "name": plain(name), "tags": self.tags(tags) });
                self.put(ResourceKind::ScheduleGroup, name, group);
            }
            Spec::Schedule(spec) => self.schedule(name, spec),
        }
    }

    fn bucket(&mut self, name: &str, spec: &Bucket, tags: &Tags) {
        let bucket = json!({ "bucket": self.text(name), "tags": self.tags(tags) });
        let id = self.put(ResourceKind::Bucket, name, bucket);
        let this = attribute(&format!("aws_s3_bucket.{id}.id"));
        let closed = json!({
            "bucket": this,
            "block_public_acls": true,
            "block_public_policy": true,
            "ignore_public_acls": true,
            "restrict_public_buckets": true,
        });
        self.put_as("aws_s3_bucket_public_access_block", &id, closed);
        let rules = json!({
            "bucket": this,
            "rule": [{
                "id": "sfn-large-payloads",
                "status": "Enabled",
                "filter": [{ "prefix": "large/" }],
                "expiration": [{ "days": spec.large_retention_days }],
            }],
        });
        self.put_as("aws_s3_bucket_lifecycle_configuration", &id, rules);
    }

    fn role(&mut self, name: &str, spec: &Role, tags: &Tags) {
        let mut role = json!({
            "name": plain(name),
            "path": plain(&spec.path),
            "assume_role_policy": self.text(&spec.trust.to_string()),
            "tags": self.tags(tags),
        });
        if let Some(boundary) = &spec.boundary {
            role["permissions_boundary"] = plain(boundary).into();
        }
        let id = self.put(ResourceKind::Role, name, role);
        for (policy, document) in &spec.policies {
            let written = json!({
                "name": plain(policy),
                "role": attribute(&format!("aws_iam_role.{id}.id")),
                "policy": self.text(&document.to_string()),
            });
            self.put_as("aws_iam_role_policy", &format!("{id}_{policy}"), written);
        }
    }

    /// The policies of a role that is made here: what acts as the role must not come before them.
    fn policies(&self, role: &str) -> Vec<String> {
        let Some(Mark::Role(name)) = self.known.get(role) else {
            return Vec::new();
        };
        let id = self.ids.of(ResourceKind::Role, name);
        self.model
            .resources
            .iter()
            .filter(|resource| resource.name == *name)
            .filter_map(|resource| match &resource.spec {
                Spec::Role(role) => Some(role),
                _ => None,
            })
            .flat_map(|role| role.policies.keys())
            .map(|policy| format!("aws_iam_role_policy.{id}_{policy}"))
            .collect()
    }

    fn function(&mut self, name: &str, spec: &Function, tags: &Tags) {
        let variables: Map<String, Value> = spec
            .environment
            .iter()
            .map(|(name, value)| (plain(name), self.text(value)))
            .collect();
        let mut before = vec![format!(
            "aws_cloudwatch_log_group.{}",
            self.ids
                .of(ResourceKind::LogGroup, &names::function_logs(name))
        )];
        before.extend(self.policies(&spec.role));
        let var = |beginning| attribute(&format!("var.{}", variable(beginning, spec.architecture)));
        let mut function = json!({
            "function_name": plain(name),
            "runtime": spec.runtime,
            "handler": spec.handler,
            "architectures": [spec.architecture.as_str()],
            "memory_size": spec.memory,
            "timeout": spec.timeout,
            "ephemeral_storage": [{ "size": spec.storage }],
            "role": self.arn(&spec.role),
            "environment": [{ "variables": variables }],
            "tracing_config": [{ "mode": if spec.tracing { "Active" } else { "PassThrough" } }],
            "s3_bucket": attribute("var.code_bucket"),
            "s3_key": var("code_key"),
            "source_code_hash": var("code_sha256"),
            "publish": true,
            "tags": self.tags(tags),
            "depends_on": before,
        });
        if !spec.subnets.is_empty() {
            function["vpc_config"] = json!([{
                "subnet_ids": spec.subnets,
                "security_group_ids": spec.security_groups,
            }]);
        }
        if let Some(calls) = spec.max_concurrency {
            function["reserved_concurrent_executions"] = calls.into();
        }
        self.put(ResourceKind::Function, name, function);
    }

    fn machine(&mut self, resource: &Resource, spec: &Machine) {
        let name = resource.name.as_str();
        let mut logging = json!({
            "level": spec.log_level,
            "include_execution_data": spec.log_group.is_some(),
        });
        if let Some(group) = &spec.log_group {
            logging["log_destination"] = self.arn(group);
        }
        let definition = definition(spec, &self.known, false);
        let mut machine = json!({
            "name": plain(name),
            "type": match spec.kind {
                Kind::Standard => "STANDARD",
                Kind::Express => "EXPRESS",
            },
            "role_arn": self.arn(&spec.role),
            "definition": self.text(&definition),
            "logging_configuration": [logging],
            "tracing_configuration": [{ "enabled": spec.tracing }],
            "publish": true,
            "tags": self.tags(&resource.tags),
        });
        let before = self.policies(&spec.role);
        if !before.is_empty() {
            machine["depends_on"] = before.into();
        }
        let id = self.put(ResourceKind::Machine, name, machine);
        let version = format!("aws_sfn_state_machine.{id}.state_machine_version_arn");
        let alias = json!({
            "name": LIVE,
            "routing_configuration": [
                { "state_machine_version_arn": attribute(&version), "weight": 100 },
            ],
        });
        self.put_as("aws_sfn_alias", &id, alias);
        let output = json!({
            "description": plain(&format!("Where executions of {} are started", resource.purpose)),
            "value": attribute(&format!("aws_sfn_alias.{id}.arn")),
        });
        self.outputs.insert(id, output);
    }

    fn topic(&mut self, name: &str, spec: &Topic, tags: &Tags) {
        let topic = json!({ "name": plain(name), "tags": self.tags(tags) });
        let id = self.put(ResourceKind::Topic, name, topic);
        let this = attribute(&format!("aws_sns_topic.{id}.arn"));
        let policy = json!({ "arn": this, "policy": self.text(&spec.policy.to_string()) });
        self.put_as("aws_sns_topic_policy", &id, policy);
        if let Some(email) = &spec.email {
            let subscription = json!({
                "topic_arn": this,
                "protocol": "email",
                "endpoint": plain(email),
            });
            self.put_as("aws_sns_topic_subscription", &id, subscription);
        }
    }

    fn alarm(&mut self, name: &str, spec: &Alarm, tags: &Tags) {
        let dimensions: Map<String, Value> = spec
            .dimensions
            .iter()
            .map(|(name, value)| (plain(name), self.arn(value)))
            .collect();
        let actions: Vec<Value> = spec.actions.iter().map(|arn| self.arn(arn)).collect();
        let alarm = json!({
            "alarm_name": plain(name),
            "alarm_description": plain(&spec.description),
            "namespace": spec.namespace,
            "metric_name": spec.metric,
            "dimensions": dimensions,
            "statistic": spec.statistic,
            "period": spec.period,
            "evaluation_periods": 1,
            "threshold": spec.threshold,
            "comparison_operator": "GreaterThanOrEqualToThreshold",
            "treat_missing_data": "notBreaching",
            "alarm_actions": actions,
            "tags": self.tags(tags),
        });
        self.put(ResourceKind::Alarm, name, alarm);
    }

    fn rule(&mut self, name: &str, spec: &Rule, tags: &Tags) {
        let rule = json!({
            "name": plain(name),
            "event_pattern": self.text(&spec.pattern.to_string()),
            "tags": self.tags(tags),
        });
        let id = self.put(ResourceKind::Rule, name, rule);
        let mut target = json!({
            "rule": attribute(&format!("aws_cloudwatch_event_rule.{id}.name")),
            "target_id": "sfn",
            "arn": self.arn(&spec.target),
        });
        if let Some(role) = &spec.role {
            target["role_arn"] = self.arn(role);
            target["depends_on"] = self.policies(role).into();
        }
        self.put_as("aws_cloudwatch_event_target", &id, target);
    }

    fn schedule(&mut self, name: &str, spec: &Schedule) {
        let group = self.ids.of(ResourceKind::ScheduleGroup, &spec.group);
        let schedule = json!({
            "name": plain(name),
            "group_name": attribute(&format!("aws_scheduler_schedule_group.{group}.name")),
            "schedule_expression": plain(&spec.expression),
            "schedule_expression_timezone": plain(&spec.timezone),
            "flexible_time_window": [{ "mode": "OFF" }],
            "target": [{
                "arn": self.arn(&spec.target),
                "role_arn": self.arn(&spec.role),
                "input": plain(&spec.input.to_string()),
            }],
            "depends_on": self.policies(&spec.role),
        });
        self.put(ResourceKind::Schedule, name, schedule);
    }

    /// Adds a resource, and gives its name.
    fn put(&mut self, kind: ResourceKind, name: &str, arguments: Value) -> String {
        let id = self.ids.of(kind, name).to_owned();
        self.put_as(kind_name(kind), &id, arguments);
        id
    }

    fn put_as(&mut self, kind: &str, id: &str, arguments: Value) {
        let made = self
            .made
            .entry(kind)
            .or_insert_with(|| Value::Object(Map::new()));
        made[id] = arguments;
    }

    /// An ARN: of what is made here, by reference, so that it is made before.
    fn arn(&self, arn: &str) -> Value {
        match self.known.get(arn) {
            Some(mark) => self.text(&mark.to_string()),
            None => self.text(arn),
        }
    }

    fn tags(&self, tags: &Tags) -> Map<String, Value> {
        tags.iter()
            .map(|(name, value)| (plain(name), self.text(value)))
            .collect()
    }

    /// A text, with references where there are marks.
    fn text(&self, words: &str) -> Value {
        let parts = parts(words);
        let mut text = String::new();
        for (at, part) in parts.iter().enumerate() {
            match part {
                Part::Plain(plain) => escape(plain, at + 1 < parts.len(), &mut text),
                Part::Mark(mark) => text.push_str(&self.reference(mark)),
            }
        }
        text.into()
    }

    fn reference(&self, mark: &Mark) -> String {
        let of = |kind: ResourceKind, name: &str, attribute: &str| {
            format!(
                "{}.{}.{attribute}",
                kind_name(kind),
                self.ids.of(kind, name)
            )
        };
        attribute(&match mark {
            Mark::Partition => "data.aws_partition.current.partition".to_owned(),
            Mark::Region => "data.aws_region.current.region".to_owned(),
            Mark::Account => "data.aws_caller_identity.current.account_id".to_owned(),
            Mark::Role(name) => of(ResourceKind::Role, name, "arn"),
            Mark::Activity(name) => of(ResourceKind::Activity, name, "id"),
            Mark::Version(name) => of(ResourceKind::Function, name, "qualified_arn"),
            Mark::Machine(name) => of(ResourceKind::Machine, name, "arn"),
            Mark::Alias(name) => {
                let id = self.ids.of(ResourceKind::Machine, name);
                format!("aws_sfn_alias.{id}.arn")
            }
            // Unlike CloudFormation's, this one does not end with `:*`.
            Mark::LogGroup(name) => {
                return format!("{}:*", attribute(&of(ResourceKind::LogGroup, name, "arn")));
            }
            Mark::Topic(name) => of(ResourceKind::Topic, name, "arn"),
        })
    }
}

fn attribute(path: &str) -> String {
    format!("${{{path}}}")
}

/// A text that is meant as it stands.
fn plain(words: &str) -> String {
    let mut text = String::new();
    escape(words, false, &mut text);
    text
}

/// Writes a text such that a template of Terraform gives it back. `before_reference` says what follows it.
///
/// `${` and `%{` begin what is computed; doubled, they stand for themselves. What already is doubled would then be read
/// otherwise, so each sign of a longer run is computed instead.
fn escape(words: &str, before_reference: bool, text: &mut String) {
    let mut rest = words;
    while let Some(at) = rest.find(['$', '%']) {
        let (before, run) = rest.split_at(at);
        text.push_str(before);
        let sign = if run.starts_with('$') { '$' } else { '%' };
        let after = run.trim_start_matches(sign);
        let count = run.len() - after.len();
        let opens = after.starts_with('{');
        let ends = after.is_empty() && before_reference;
        if opens && count == 1 {
            text.push(sign);
            text.push(sign);
        } else if opens || ends {
            for _ in 0..count {
                text.push_str("${\"");
                text.push(sign);
                text.push_str("\"}");
            }
        } else {
            text.push_str(&run[..count]);
        }
        rest = after;
    }
    text.push_str(rest);
}

fn variable(beginning: &str, architecture: Architecture) -> String {
    format!("{beginning}_{}", architecture.as_str())
}

fn kind_name(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Bucket => "aws_s3_bucket",
        ResourceKind::LogGroup => "aws_cloudwatch_log_group",
        ResourceKind::Role => "aws_iam_role",
        ResourceKind::Activity => "aws_sfn_activity",
        ResourceKind::Function => "aws_lambda_function",
        ResourceKind::Machine => "aws_sfn_state_machine",
        ResourceKind::Topic => "aws_sns_topic",
        ResourceKind::Alarm => "aws_cloudwatch_metric_alarm",
        ResourceKind::Rule => "aws_cloudwatch_event_rule",
        ResourceKind::ScheduleGroup => "aws_scheduler_schedule_group",
        ResourceKind::Schedule => "aws_scheduler_schedule",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(words: &str, before_reference: bool, expected: &str) {
        let mut text = String::new();
        escape(words, before_reference, &mut text);
        assert_eq!(text, expected);
    }

    #[test]
    fn what_terraform_would_compute_is_written_such_that_it_is_not() {
        check("{% $x %}", false, "{% $x %}");
        check("a${b}%{c}", false, "a$${b}%%{c}");
        check("$${b}", false, r#"${"$"}${"$"}{b}"#);
        check("cost: $", false, "cost: $");
        check("cost: $", true, r#"cost: ${"$"}"#);
        check("$$ %", true, r#"$$ ${"%"}"#);
    }
}
