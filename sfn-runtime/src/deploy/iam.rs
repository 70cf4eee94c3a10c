//! What roles may do: no more than the flow needs, each statement with its exact resources.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use sfn_asl::{Kind as StateKind, Map, StateMachine, Task};

use crate::service::Location;

/// The actions whose resource is `*`, each with AWS's reason. Everything else names its resources.
pub const WILDCARDS: &[(&str, &str)] = &[
    (
        "logs:*LogDeliver*",
        "log deliveries have no ARN: the service authorization reference lists no resource for them",
    ),
    (
        "logs:*ResourcePolic*",
        "resource policies of CloudWatch Logs belong to the account and have no ARN",
    ),
    (
        "logs:DescribeLogGroups",
        "Step Functions looks through all log groups when it sets up a delivery",
    ),
    (
        "xray:*",
        "X-Ray takes segments for no resource in particular",
    ),
    (
        "ec2:*NetworkInterface*",
        "Lambda makes its network interfaces under names of its own, and describing them takes no resource",
    ),
];

/// A statement in the making.
#[derive(Debug, Clone, Default)]
struct Grant {
    actions: BTreeSet<String>,
    resources: BTreeSet<String>,
}

/// What a state machine's role must be allowed, by the statement's id.
#[derive(Debug, Clone, Default)]
pub(super) struct Grants(BTreeMap<&'static str, Grant>);

/// A state whose needs cannot be told from its definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unclear {
    pub(super) state: String,
    pub(super) why: String,
}

impl Grants {
    /// What the states of a machine need.
    ///
    /// Activities need nothing: workers ask for tasks with their own credentials.
    pub(super) fn of(machine: &StateMachine, name: &str, at: &Location) -> (Self, Vec<Unclear>) {
        let mut grants = Self::default();
        let mut unclear = Vec::new();
        for visit in machine.walk() {
            let found = match &visit.state.kind {
                StateKind::Task(task) => grants.task(task, at),
                StateKind::Map(map) if map.is_distributed() => grants.map(map, name, at),
                _ => Ok(()),
            };
            if let Err(why) = found {
                unclear.push(Unclear {
                    state: visit.name.to_owned(),
                    why,
                });
            }
        }
        (grants, unclear)
    }

    fn allow<A: Into<String>, R: Into<String>>(
        &mut self,
        sid: &'static str,
        actions: impl IntoIterator<Item = A>,
        resources: impl IntoIterator<Item = R>,
    ) {
        let grant = self.0.entry(sid).or_default();
        grant.actions.extend(actions.into_iter().map(Into::into));
        grant
            .resources
            .extend(resources.into_iter().map(Into::into));
    }

    fn task(&mut self, task: &Task, at: &Location) -> Result<(), String> {
        let mut parts = task.resource.splitn(6, ':').skip(2);
        let (service, rest) = (parts.next().unwrap_or_default(), parts.nth(2));
        let rest = rest.unwrap_or_default();
        let arguments = task.arguments.as_ref().or(task.parameters.as_ref());
        match service {
            "lambda" => {
                self.invoke(&task.resource);
                Ok(())
            }
            // An activity.
            "states" if rest.starts_with("activity:") => Ok(()),
            "states" => self.integration(rest, arguments, at),
            other => Err(format!("`{other}` is no service that this runtime knows")),
        }?;
        match &task.credentials {
            None => Ok(()),
            Some(credentials) => {
                let role = literal(Some(credentials), "RoleArn")?;
                self.allow("AssumeRoles", ["sts:AssumeRole"], [role]);
                Ok(())
            }
        }
    }

    /// An execution in flight calls the version that it began with, so all versions of the function are allowed; the
    /// function without a version is not, where a definition of ours names one.
    fn invoke(&mut self, function: &str) {
        let parts: Vec<&str> = function.split(':').collect();
        let resources = match parts.as_slice() {
            [.., _, _] if parts.len() > 7 => vec![format!("{}:*", parts[..7].join(":"))],
            _ => vec![function.to_owned(), format!("{function}:*")],
        };
        self.allow("InvokeFunctions", ["lambda:InvokeFunction"], resources);
    }

    fn integration(
        &mut self,
        rest: &str,
        arguments: Option<&Value>,
        at: &Location,
    ) -> Result<(), String> {
        let (call, pattern) = match rest.split_once('.') {
            Some((call, pattern)) => (call, pattern),
            None => (rest, ""),
        };
        let Location {
            partition,
            region,
            account,
        } = at;
        match call {
            "lambda:invoke" => {
                let function = literal(arguments, "FunctionName")?;
                let function = match function.starts_with("arn:") {
                    true => function.to_owned(),
                    false => {
                        format!("arn:{partition}:lambda:{region}:{account}:function:{function}")
                    }
                };
                self.invoke(&function);
                Ok(())
            }
            "states:startExecution" => {
                let child = literal(arguments, "StateMachineArn")?;
                self.allow("StartWorkflows", ["states:StartExecution"], [child]);
                if pattern.starts_with("sync") {
                    let name = child.split(':').nth(6).unwrap_or_default();
                    self.allow(
                        "FollowWorkflows",
                        ["states:DescribeExecution", "states:StopExecution"],
                        [at.execution(name, "*")],
                    );
                    let rule = "StepFunctionsGetEventsForStepFunctionsExecutionRule";
                    self.allow(
                        "LearnOfTheirEnd",
                        ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
                        [format!(
                            "arn:{partition}:events:{region}:{account}:rule/{rule}"
                        )],
                    );
                }
                Ok(())
            }
            "sns:publish" => {
                let topic = literal(arguments, "TopicArn")?;
                self.allow("Publish", ["sns:Publish"], [topic]);
                Ok(())
            }
            "sqs:sendMessage" => {
                let url = literal(arguments, "QueueUrl")?;
                let mut parts = url.rsplit('/');
                let (name, owner) = (parts.next(), parts.next());
                match (name, owner) {
                    (Some(name), Some(owner)) if owner.len() == 12 => {
                        let queue = format!("arn:{partition}:sqs:{region}:{owner}:{name}");
                        self.allow("SendMessages", ["sqs:SendMessage"], [queue]);
                        Ok(())
                    }
                    _ => Err(format!("`{url}` is not the URL of a queue")),
                }
            }
            "events:putEvents" => {
                let entries = arguments
                    .and_then(|arguments| arguments.get("Entries"))
                    .and_then(Value::as_array)
                    .ok_or("its `Entries` are computed")?;
                for entry in entries {
                    let bus = match entry.get("EventBusName") {
                        None => "default",
                        Some(_) => literal(Some(entry), "EventBusName")?,
                    };
                    let bus = match bus.starts_with("arn:") {
                        true => bus.to_owned(),
                        false => {
                            format!("arn:{partition}:events:{region}:{account}:event-bus/{bus}")
                        }
                    };
                    self.allow("PutEvents", ["events:PutEvents"], [bus]);
                }
                Ok(())
            }
            _ => match call.split_once(':') {
                Some(("dynamodb", action)) => {
                    let table = literal(arguments, "TableName")?;
                    let table = match table.starts_with("arn:") {
                        true => table.to_owned(),
                        false => {
                            format!("arn:{partition}:dynamodb:{region}:{account}:table/{table}")
                        }
                    };
                    let action = format!("dynamodb:{}", upper_first(action));
                    self.allow("UseTables", [action], [table]);
                    Ok(())
                }
                _ => Err(format!("what `{call}` needs cannot be told from its call")),
            },
        }
    }

    /// A distributed Map starts executions of its own machine, and reads and writes objects.
    fn map(&mut self, map: &Map, machine: &str, at: &Location) -> Result<(), String> {
        self.allow(
            "StartItems",
            ["states:StartExecution"],
            [at.machine(machine)],
        );
        self.allow(
            "FollowItems",
            ["states:DescribeExecution", "states:StopExecution"],
            [format!(
                "{}/*",
                at.execution(machine, "").trim_end_matches(':')
            )],
        );
        self.allow(
            "RedriveItems",
            ["states:RedriveExecution"],
            [format!(
                "{}/*",
                at.execution(machine, "").trim_end_matches(':')
            )],
        );
        if let Some(reader) = &map.item_reader {
            let arguments = reader.arguments.as_ref().or(reader.parameters.as_ref());
            let bucket = literal(arguments, "Bucket")?;
            if reader.resource.contains("listObjectsV2") {
                self.allow(
                    "ListItems",
                    ["s3:ListBucket"],
                    [format!("arn:{}:s3:::{bucket}", at.partition)],
                );
            } else {
                let key = literal(arguments, "Key").unwrap_or("*");
                self.allow(
                    "ReadItems",
                    ["s3:GetObject"],
                    [format!("arn:{}:s3:::{bucket}/{key}", at.partition)],
                );
            }
        }
        if let Some(writer) = &map.result_writer {
            let arguments = writer.arguments.as_ref().or(writer.parameters.as_ref());
            if arguments.is_some() {
                let bucket = literal(arguments, "Bucket")?;
                let prefix = literal(arguments, "Prefix").unwrap_or("");
                self.allow(
                    "WriteResults",
                    [
                        "s3:PutObject",
                        "s3:GetObject",
                        "s3:ListMultipartUploadParts",
                        "s3:AbortMultipartUpload",
                    ],
                    [format!("arn:{}:s3:::{bucket}/{prefix}*", at.partition)],
                );
            }
        }
        Ok(())
    }

    /// A machine that logs sets up a delivery.
    pub(super) fn deliver_logs(&mut self) {
        self.allow(
            "DeliverLogs",
            [
                "logs:CreateLogDelivery",
                "logs:GetLogDelivery",
                "logs:UpdateLogDelivery",
                "logs:DeleteLogDelivery",
                "logs:ListLogDeliveries",
                "logs:PutResourcePolicy",
                "logs:DescribeResourcePolicies",
                "logs:DescribeLogGroups",
            ],
            ["*"],
        );
    }

    /// What is traced sends segments.
    pub(super) fn trace(&mut self) {
        self.allow(
            "Trace",
            [
                "xray:PutTraceSegments",
                "xray:PutTelemetryRecords",
                "xray:GetSamplingRules",
                "xray:GetSamplingTargets",
            ],
            ["*"],
        );
    }

    /// What a function writes into its own log group.
    pub(super) fn write_logs(&mut self, group: &str, at: &Location) {
        let group = log_group_arn(group, at);
        self.allow(
            "WriteLogs",
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            [format!("{group}:*")],
        );
    }

    /// A function in a network of the user's.
    pub(super) fn join_network(&mut self) {
        self.allow(
            "JoinNetwork",
            [
                "ec2:CreateNetworkInterface",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DeleteNetworkInterface",
            ],
            ["*"],
        );
    }

    /// Large payloads, and nothing else in the bucket.
    pub(super) fn large_payloads(&mut self, bucket: &str, at: &Location) {
        self.allow(
            "LargePayloads",
            ["s3:GetObject", "s3:PutObject"],
            [format!("arn:{}:s3:::{bucket}/large/*", at.partition)],
        );
    }

    /// What starts executions of a machine.
    pub(super) fn start(&mut self, machine: &str) {
        self.allow("Start", ["states:StartExecution"], [machine]);
    }

    /// The policy document; `None` when nothing is needed.
    pub(super) fn document(&self) -> Option<Value> {
        let statements: Vec<Value> = self
            .0
            .iter()
            .map(|(sid, grant)| {
                json!({
                    "Sid": sid,
                    "Effect": "Allow",
                    "Action": grant.actions,
                    "Resource": grant.resources,
                })
            })
            .collect();
        (!statements.is_empty())
            .then(|| json!({ "Version": "2012-10-17", "Statement": statements }))
    }
}

/// The text of a field that is written out, and not computed.
fn literal<'a>(arguments: Option<&'a Value>, field: &str) -> Result<&'a str, String> {
    match arguments.and_then(|arguments| arguments.get(field)) {
        Some(Value::String(text)) if !text.starts_with("{%") => Ok(text),
        Some(_) => Err(format!("its `{field}` is computed")),
        None => Err(format!("its `{field}` is not written out")),
    }
}

fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

pub(super) fn log_group_arn(group: &str, at: &Location) -> String {
    format!(
        "arn:{}:logs:{}:{}:log-group:{group}",
        at.partition, at.region, at.account
    )
}

/// Step Functions may act as the role, for machines of this account and Region alone.
pub(super) fn trust_states(at: &Location) -> Value {
    trust("states.amazonaws.com", at, Some(at.machine("*")))
}

/// Lambda may act as the role.
pub(super) fn trust_lambda() -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": "lambda.amazonaws.com" },
            "Action": "sts:AssumeRole",
        }],
    })
}

/// The scheduler, or EventBridge, may act as the role.
pub(super) fn trust_service(service: &str, at: &Location) -> Value {
    trust(service, at, None)
}

/// The account is named, so that nobody else's resource makes the service act as the role for them.
fn trust(service: &str, at: &Location, source: Option<String>) -> Value {
    let mut condition = json!({ "StringEquals": { "aws:SourceAccount": at.account } });
    if let Some(source) = source {
        condition["ArnLike"] = json!({ "aws:SourceArn": source });
    }
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": service },
            "Action": "sts:AssumeRole",
            "Condition": condition,
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here() -> Location {
        Location {
            partition: "aws".into(),
            region: "us-east-1".into(),
            account: "123456789012".into(),
        }
    }

    /// The statements of a machine with one task, as `Sid: actions on resources`.
    #[track_caller]
    fn check(resource: &str, arguments: Value, expected: &[&str]) {
        let text = json!({
            "QueryLanguage": "JSONata",
            "StartAt": "Call",
            "States": { "Call": {
                "Type": "Task", "Resource": resource, "Arguments": arguments, "End": true,
            } },
        })
        .to_string();
        let (machine, _) = sfn_asl::read(&text);
        let (grants, unclear) = Grants::of(&machine.expect("a machine"), "parent", &here());
        let mut found: Vec<String> = grants
            .0
            .iter()
            .map(|(sid, grant)| {
                let words =
                    |all: &BTreeSet<String>| all.iter().cloned().collect::<Vec<_>>().join(" ");
                format!(
                    "{sid}: {} on {}",
                    words(&grant.actions),
                    words(&grant.resources)
                )
            })
            .collect();
        found.extend(
            unclear
                .into_iter()
                .map(|unclear| format!("? {}", unclear.why)),
        );
        assert_eq!(found, expected);
    }

    #[test]
    fn each_call_has_its_permission() {
        check(
            "arn:aws:states:us-east-1:123456789012:activity:bake",
            json!({}),
            &[],
        );
        check(
            "arn:aws:states:::lambda:invoke",
            json!({ "FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:bake:7" }),
            &[
                "InvokeFunctions: lambda:InvokeFunction on arn:aws:lambda:us-east-1:123456789012:function:bake:*",
            ],
        );
        check(
            "arn:aws:states:::lambda:invoke",
            json!({ "FunctionName": "bake" }),
            &[
                "InvokeFunctions: lambda:InvokeFunction on arn:aws:lambda:us-east-1:123456789012:function:bake arn:aws:lambda:us-east-1:123456789012:function:bake:*",
            ],
        );
        check(
            "arn:aws:states:::states:startExecution.sync:2",
            json!({ "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:child" }),
            &[
                "FollowWorkflows: states:DescribeExecution states:StopExecution on arn:aws:states:us-east-1:123456789012:execution:child:*",
                "LearnOfTheirEnd: events:DescribeRule events:PutRule events:PutTargets on arn:aws:events:us-east-1:123456789012:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule",
                "StartWorkflows: states:StartExecution on arn:aws:states:us-east-1:123456789012:stateMachine:child",
            ],
        );
        check(
            "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            json!({ "QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/orders" }),
            &["SendMessages: sqs:SendMessage on arn:aws:sqs:us-east-1:123456789012:orders"],
        );
        check(
            "arn:aws:states:::dynamodb:putItem",
            json!({ "TableName": "menu" }),
            &["UseTables: dynamodb:PutItem on arn:aws:dynamodb:us-east-1:123456789012:table/menu"],
        );
        check(
            "arn:aws:states:::events:putEvents",
            json!({ "Entries": [{ "Source": "kitchen" }] }),
            &[
                "PutEvents: events:PutEvents on arn:aws:events:us-east-1:123456789012:event-bus/default",
            ],
        );
    }

    #[test]
    fn what_cannot_be_told_is_said() {
        check(
            "arn:aws:states:::sns:publish",
            json!({ "TopicArn": "{% $states.input.topic %}" }),
            &["? its `TopicArn` is computed"],
        );
        check(
            "arn:aws:states:::aws-sdk:s3:copyObject",
            json!({ "Bucket": "menu" }),
            &["? what `aws-sdk:s3:copyObject` needs cannot be told from its call"],
        );
    }
}
