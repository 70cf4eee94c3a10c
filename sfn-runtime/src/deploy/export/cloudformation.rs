//! A template of CloudFormation.

use serde_json::{Map, Value, json};

use super::{
    Code, Export, ExportError, definition,
    ids::{Ids, camel},
    known,
    marks::{Known, Mark, Part, parts},
};
use crate::{
    Kind,
    deploy::{
        LIVE, Model, Resource, ResourceKind, Spec, Tags,
        resource::{Alarm, Bucket, Function, Machine, Role, Rule, Schedule, Topic},
    },
    placement::Architecture,
};

pub(super) struct Writer<'a> {
    model: &'a Model,
    region: Option<&'a str>,
    account: Option<&'a str>,
    code: Code,
    readable: bool,
    known: Known,
    ids: Ids,
    made: Map<String, Value>,
    outputs: Map<String, Value>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(export: &Export<'a>, model: &'a Model, readable: bool) -> Self {
        let settings = export.placement.deploy();
        Self {
            model,
            region: settings.region.as_deref(),
            account: settings.account.as_deref(),
            code: export.code(model),
            readable,
            known: known(model),
            ids: Ids::new(model, camel),
            made: Map::new(),
            outputs: Map::new(),
        }
    }

    pub(super) fn template(mut self) -> Result<Value, ExportError> {
        let model = self.model;
        for resource in &model.resources {
            let before = self.made.len();
            self.resource(resource);
            for value in self.made.values().skip(before) {
                without_null(resource, value, "template")?;
            }
        }
        let mut template = Map::new();
        template.insert("AWSTemplateFormatVersion".to_owned(), "2010-09-09".into());
        let description = format!(
            "{}: what its workflows need, as its program exports it",
            model.prefix
        );
        template.insert("Description".to_owned(), description.into());
        let mut put = |name: &str, part: Map<String, Value>| {
            if !part.is_empty() {
                template.insert(name.to_owned(), part.into());
            }
        };
        put("Parameters", self.parameters());
        put("Rules", self.rules());
        put("Resources", self.made);
        put("Outputs", self.outputs);
        Ok(template.into())
    }

    fn parameters(&self) -> Map<String, Value> {
        let mut parameters = Map::new();
        let mut put = |name: String, description: String, default: Option<&str>| {
            let mut parameter = json!({ "Type": "String", "Description": description });
            if let Some(default) = default {
                parameter["Default"] = default.into();
            }
            parameters.insert(name, parameter);
        };
        if self.code.architectures.is_empty() {
            return parameters;
        }
        put(
            "CodeBucket".to_owned(),
            "The bucket that has the zip, in the Region of this stack".to_owned(),
            self.code.bucket.as_deref(),
        );
        for architecture in &self.code.architectures {
            let name = architecture.as_str();
            put(
                parameter("CodeKey", *architecture),
                format!("The key of the zip that was built for {name}"),
                self.code.key.as_deref(),
            );
            put(
                parameter("CodeSha256", *architecture),
                format!(
                    "The SHA-256 of the zip for {name}, in base64; each new one publishes a version"
                ),
                self.code.sha256.as_deref(),
            );
        }
        parameters
    }

    /// What `[deploy]` says about where this may be applied.
    fn rules(&self) -> Map<String, Value> {
        let wanted = [
            ("Account", "AWS::AccountId", self.account),
            ("Region", "AWS::Region", self.region),
        ];
        let rules = wanted.into_iter().filter_map(|(name, parameter, wanted)| {
            let wanted = wanted?;
            let rule = json!({ "Assertions": [{
                "Assert": { "Fn::Equals": [{ "Ref": parameter }, wanted] },
                "AssertDescription": format!("the configuration of this program says {wanted}"),
            }] });
            Some((name.to_owned(), rule))
        });
        rules.collect()
    }

    fn resource(&mut self, resource: &Resource) {
        let (name, tags) = (resource.name.as_str(), &resource.tags);
        match &resource.spec {
            Spec::Bucket(spec) => self.bucket(name, spec, tags),
            Spec::LogGroup(spec) => {
                let mut group = json!({ "LogGroupName": name });
                if spec.retention_days > 0 {
                    group["RetentionInDays"] = spec.retention_days.into();
                }
                self.tagged(name, ResourceKind::LogGroup, group, tags);
            }
            Spec::Role(spec) => self.role(name, spec, tags),
            Spec::Activity(_) => {
                self.tagged(name, ResourceKind::Activity, json!({ "Name": name }), tags);
            }
            Spec::Function(spec) => self.function(name, spec, tags),
            Spec::Machine(spec) => self.machine(resource, spec),
            Spec::Topic(spec) => self.topic(name, spec, tags),
            Spec::Alarm(spec) => self.alarm(name, spec, tags),
            Spec::Rule(spec) => self.rule(name, spec, tags),
            Spec::ScheduleGroup(_) => {
                let group = json!({ "Name": name });
                self.tagged(name, ResourceKind::ScheduleGroup, group, tags);
            }
            Spec::Schedule(spec) => self.schedule(name, spec),
        }
    }

    fn bucket(&mut self, name: &str, spec: &Bucket, tags: &Tags) {
        let bucket = json!({
            "BucketName": text(name),
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": true,
                "BlockPublicPolicy": true,
                "IgnorePublicAcls": true,
                "RestrictPublicBuckets": true,
            },
            "LifecycleConfiguration": { "Rules": [{
                "Id": "sfn-large-payloads",
                "Status": "Enabled",
                "Prefix": "large/",
                "ExpirationInDays": spec.large_retention_days,
            }] },
        });
        self.tagged(name, ResourceKind::Bucket, bucket, tags);
    }

    fn role(&mut self, name: &str, spec: &Role, tags: &Tags) {
        let mut role = json!({
            "RoleName": name,
            "Path": spec.path,
            "AssumeRolePolicyDocument": texts(&spec.trust),
        });
        let policies: Vec<Value> = spec
            .policies
            .iter()
            .map(|(policy, document)| json!({ "PolicyName": policy, "PolicyDocument": texts(document) }))
            .collect();
        if !policies.is_empty() {
            role["Policies"] = policies.into();
        }
        if let Some(boundary) = &spec.boundary {
            role["PermissionsBoundary"] = text(boundary);
        }
        self.tagged(name, ResourceKind::Role, role, tags);
    }

    fn function(&mut self, name: &str, spec: &Function, tags: &Tags) {
        let variables: Map<String, Value> = spec
            .environment
            .iter()
            .map(|(name, value)| (name.clone(), text(value)))
            .collect();
        let mut function = json!({
            "FunctionName": name,
            "Runtime": spec.runtime,
            "Handler": spec.handler,
            "Architectures": [spec.architecture.as_str()],
            "MemorySize": spec.memory,
            "Timeout": spec.timeout,
            "EphemeralStorage": { "Size": spec.storage },
            "Role": self.arn(&spec.role),
            "Environment": { "Variables": variables },
            "TracingConfig": { "Mode": if spec.tracing { "Active" } else { "PassThrough" } },
            "Code": {
                "S3Bucket": { "Ref": "CodeBucket" },
                "S3Key": { "Ref": parameter("CodeKey", spec.architecture) },
            },
        });
        if !spec.subnets.is_empty() {
            function["VpcConfig"] = json!({
                "SubnetIds": spec.subnets,
                "SecurityGroupIds": spec.security_groups,
            });
        }
        if let Some(calls) = spec.max_concurrency {
            function["ReservedConcurrentExecutions"] = calls.into();
        }
        let id = self.tagged(name, ResourceKind::Function, function, tags);
        // Otherwise Lambda makes the group by itself, at the first line.
        let logs = self.id(
            ResourceKind::LogGroup,
            &crate::deploy::names::function_logs(name),
        );
        self.made[&id]["DependsOn"] = logs.into();
        // A version is made once: what publishes another one is another name, or another checksum.
        let version = self.id_of_version(name);
        self.made.insert(
            version,
            json!({
                "Type": "AWS::Lambda::Version",
                // Executions in flight call it.
                "DeletionPolicy": "Retain",
                "UpdateReplacePolicy": "Retain",
                "Properties": {
                    "FunctionName": { "Ref": id },
                    "CodeSha256": { "Ref": parameter("CodeSha256", spec.architecture) },
                },
            }),
        );
    }

    /// Another name for every other configuration.
    fn id_of_version(&self, function: &str) -> String {
        let of = |resource: &&Resource| resource.name == function;
        let spec = self.model.resources.iter().filter(of);
        let mut spec = spec.filter_map(|resource| match &resource.spec {
            Spec::Function(spec) => Some(spec),
            _ => None,
        });
        let mut spec = spec
            .next()
            .cloned()
            .expect("versions are those of functions in the model");
        // This one belongs to the function, and not to its versions.
        spec.max_concurrency = None;
        let configuration = serde_json::to_string(&spec).expect("it has text keys");
        format!(
            "{}Version{:08x}",
            self.ids.of(ResourceKind::Function, function),
            crate::deploy::names::hash(&configuration)
        )
    }

    fn machine(&mut self, resource: &Resource, spec: &Machine) {
        let name = resource.name.as_str();
        let mut logging = json!({
            "Level": spec.log_level,
            "IncludeExecutionData": spec.log_group.is_some(),
        });
        if let Some(group) = &spec.log_group {
            logging["Destinations"] = json!([{
                "CloudWatchLogsLogGroup": { "LogGroupArn": self.arn(group) },
            }]);
        }
        let definition = definition(spec, &self.known, self.readable);
        let machine = json!({
            "StateMachineName": name,
            "StateMachineType": match spec.kind {
                Kind::Standard => "STANDARD",
                Kind::Express => "EXPRESS",
            },
            "RoleArn": self.arn(&spec.role),
            "DefinitionString": self.refer(&definition),
            "LoggingConfiguration": logging,
            "TracingConfiguration": { "Enabled": spec.tracing },
        });
        let id = self.tagged(name, ResourceKind::Machine, machine, &resource.tags);
        let words = self.ids.of(ResourceKind::Machine, name).to_owned();
        let version = format!("{words}Version");
        self.made.insert(
            version.clone(),
            json!({
                "Type": "AWS::StepFunctions::StateMachineVersion",
                // Executions in flight run it.
                "DeletionPolicy": "Retain",
                "UpdateReplacePolicy": "Retain",
                "Properties": {
                    "StateMachineArn": { "Ref": id },
                    "StateMachineRevisionId": { "Fn::GetAtt": [id, "StateMachineRevisionId"] },
                },
            }),
        );
        let alias = format!("{words}Alias");
        self.made.insert(
            alias.clone(),
            json!({
                "Type": "AWS::StepFunctions::StateMachineAlias",
                "Properties": {
                    "Name": LIVE,
                    "RoutingConfiguration": [
                        { "StateMachineVersionArn": { "Ref": version }, "Weight": 100 },
                    ],
                },
            }),
        );
        let output = json!({
            "Description": format!("Where executions of {} are started", resource.purpose),
            "Value": { "Ref": alias },
        });
        self.outputs.insert(words, output);
    }

    fn topic(&mut self, name: &str, spec: &Topic, tags: &Tags) {
        let topic = json!({ "TopicName": name });
        let id = self.tagged(name, ResourceKind::Topic, topic, tags);
        let words = self.ids.of(ResourceKind::Topic, name).to_owned();
        self.made.insert(
            format!("{words}TopicPolicy"),
            json!({
                "Type": "AWS::SNS::TopicPolicy",
                "Properties": {
                    "Topics": [{ "Ref": id }],
                    "PolicyDocument": self.arns(&spec.policy),
                },
            }),
        );
        if let Some(email) = &spec.email {
            self.made.insert(
                format!("{words}Subscription"),
                json!({
                    "Type": "AWS::SNS::Subscription",
                    "Properties": {
                        "TopicArn": { "Ref": id },
                        "Protocol": "email",
                        "Endpoint": email,
                    },
                }),
            );
        }
    }

    fn alarm(&mut self, name: &str, spec: &Alarm, tags: &Tags) {
        let dimensions: Vec<Value> = spec
            .dimensions
            .iter()
            .map(|(name, value)| json!({ "Name": name, "Value": self.arn(value) }))
            .collect();
        let mut alarm = json!({
            "AlarmName": name,
            "AlarmDescription": spec.description,
            "Namespace": spec.namespace,
            "MetricName": spec.metric,
            "Dimensions": dimensions,
            "Statistic": spec.statistic,
            "Period": spec.period,
            "EvaluationPeriods": 1,
            "Threshold": spec.threshold,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "notBreaching",
        });
        if !spec.actions.is_empty() {
            let actions: Vec<Value> = spec.actions.iter().map(|arn| self.arn(arn)).collect();
            alarm["AlarmActions"] = actions.into();
        }
        self.tagged(name, ResourceKind::Alarm, alarm, tags);
    }

    fn rule(&mut self, name: &str, spec: &Rule, tags: &Tags) {
        let mut target = json!({ "Id": "sfn", "Arn": self.arn(&spec.target) });
        if let Some(role) = &spec.role {
            target["RoleArn"] = self.arn(role);
        }
        let rule = json!({
            "Name": name,
            "EventPattern": self.arns(&spec.pattern),
            "Targets": [target],
        });
        self.tagged(name, ResourceKind::Rule, rule, tags);
    }

    fn schedule(&mut self, name: &str, spec: &Schedule) {
        let schedule = json!({
            "Name": name,
            "GroupName": { "Ref": self.id(ResourceKind::ScheduleGroup, &spec.group) },
            "ScheduleExpression": spec.expression,
            "ScheduleExpressionTimezone": spec.timezone,
            "FlexibleTimeWindow": { "Mode": "OFF" },
            "Target": {
                "Arn": self.arn(&spec.target),
                "RoleArn": self.arn(&spec.role),
                "Input": spec.input.to_string(),
            },
        });
        // A schedule takes no tags; its group has them.
        self.tagged(name, ResourceKind::Schedule, schedule, &Tags::new());
    }

    /// Adds a resource, and gives its identifier.
    fn tagged(
        &mut self,
        name: &str,
        kind: ResourceKind,
        mut properties: Value,
        tags: &Tags,
    ) -> String {
        if !tags.is_empty() {
            let tags: Vec<Value> = tags
                .iter()
                .map(|(name, value)| json!({ "Key": name, "Value": text(value) }))
                .collect();
            properties["Tags"] = tags.into();
        }
        let id = self.id(kind, name);
        let resource = json!({ "Type": kind_name(kind), "Properties": properties });
        self.made.insert(id.clone(), resource);
        id
    }

    fn id(&self, kind: ResourceKind, name: &str) -> String {
        let last = kind_name(kind).rsplit("::").next().unwrap_or_default();
        format!("{}{last}", self.ids.of(kind, name))
    }

    /// An ARN: of what is made here, by reference, so that it is made before.
    fn arn(&self, arn: &str) -> Value {
        match self.known.get(arn) {
            Some(mark) => self.reference(mark),
            None => text(arn),
        }
    }

    /// The same for all texts in a value.
    fn arns(&self, value: &Value) -> Value {
        each(value, &|text| self.arn(text))
    }

    fn reference(&self, mark: &Mark) -> Value {
        match self.target(mark).split_once('.') {
            Some((id, attribute)) => json!({ "Fn::GetAtt": [id, attribute] }),
            None => json!({ "Ref": self.target(mark) }),
        }
    }

    /// What is written between `${` and `}`.
    fn target(&self, mark: &Mark) -> String {
        let words = |kind, name: &str| self.ids.of(kind, name).to_owned();
        match mark {
            Mark::Partition => "AWS::Partition".to_owned(),
            Mark::Region => "AWS::Region".to_owned(),
            Mark::Account => "AWS::AccountId".to_owned(),
            Mark::Role(name) => format!("{}.Arn", self.id(ResourceKind::Role, name)),
            Mark::Activity(name) => self.id(ResourceKind::Activity, name),
            Mark::Version(name) => self.id_of_version(name),
            Mark::Machine(name) => self.id(ResourceKind::Machine, name),
            Mark::Alias(name) => format!("{}Alias", words(ResourceKind::Machine, name)),
            // It ends with `:*` by itself.
            Mark::LogGroup(name) => format!("{}.Arn", self.id(ResourceKind::LogGroup, name)),
            Mark::Topic(name) => self.id(ResourceKind::Topic, name),
        }
    }

    /// A text with references in it.
    fn refer(&self, words: &str) -> Value {
        substituted(words, |mark| self.target(mark))
    }
}

/// A text that names no more than account, Region and partition.
///
/// What is made here is not referred to: a role's policy may name what the role itself is needed for.
fn text(words: &str) -> Value {
    substituted(words, |mark| match mark {
        Mark::Partition => "AWS::Partition".to_owned(),
        Mark::Region => "AWS::Region".to_owned(),
        Mark::Account => "AWS::AccountId".to_owned(),
        _ => unreachable!("a model has no other marks"),
    })
}

/// The same for all texts in a value.
fn texts(value: &Value) -> Value {
    each(value, &text)
}

fn each(value: &Value, write: &impl Fn(&str) -> Value) -> Value {
    match value {
        Value::String(words) => write(words),
        Value::Array(items) => items.iter().map(|item| each(item, write)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), each(value, write)))
            .collect::<Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

fn substituted(words: &str, target: impl Fn(&Mark) -> String) -> Value {
    let parts = parts(words);
    if let [] | [Part::Plain(_)] = parts.as_slice() {
        return words.into();
    }
    let mut text = String::new();
    for part in parts {
        match part {
            // `${!` is how `${` is written.
            Part::Plain(plain) => text.push_str(&plain.replace("${", "${!")),
            Part::Mark(mark) => {
                text.push_str("${");
                text.push_str(&target(&mark));
                text.push('}');
            }
        }
    }
    json!({ "Fn::Sub": text })
}

fn without_null(resource: &Resource, value: &Value, at: &str) -> Result<(), ExportError> {
    match value {
        Value::Null => Err(ExportError::Null {
            id: resource.id().to_string(),
            what: at.to_owned(),
        }),
        Value::Array(items) => items
            .iter()
            .try_for_each(|item| without_null(resource, item, at)),
        Value::Object(fields) => fields
            .iter()
            .try_for_each(|(name, value)| without_null(resource, value, name)),
        _ => Ok(()),
    }
}

fn parameter(beginning: &str, architecture: Architecture) -> String {
    let end = match architecture {
        Architecture::Arm64 => "Arm64",
        Architecture::X86_64 => "X86",
    };
    format!("{beginning}{end}")
}

fn kind_name(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Bucket => "AWS::S3::Bucket",
        ResourceKind::LogGroup => "AWS::Logs::LogGroup",
        ResourceKind::Role => "AWS::IAM::Role",
        ResourceKind::Activity => "AWS::StepFunctions::Activity",
        ResourceKind::Function => "AWS::Lambda::Function",
        ResourceKind::Machine => "AWS::StepFunctions::StateMachine",
        ResourceKind::Topic => "AWS::SNS::Topic",
        ResourceKind::Alarm => "AWS::CloudWatch::Alarm",
        ResourceKind::Rule => "AWS::Events::Rule",
        ResourceKind::ScheduleGroup => "AWS::Scheduler::ScheduleGroup",
        ResourceKind::Schedule => "AWS::Scheduler::Schedule",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_substituted_where_something_is_open() {
        let account = Mark::Account;
        for (given, expected) in [
            ("a ${b}".to_owned(), json!("a ${b}")),
            (
                format!("${{b}} {account}"),
                json!({ "Fn::Sub": "${!b} ${AWS::AccountId}" }),
            ),
            (
                account.to_string(),
                json!({ "Fn::Sub": "${AWS::AccountId}" }),
            ),
            (String::new(), json!("")),
        ] {
            assert_eq!(text(&given), expected);
        }
    }
}
